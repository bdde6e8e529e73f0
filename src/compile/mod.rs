//! Description → arrays: units become ticks, connection rules become rows, seeds become streams.
//!
//! A [`CompiledNetwork`] is immutable and shared by threads and samples. Every draw is addressed by (seed, purpose, index), so what is
//! built does not depend on how.

mod build;
mod bundle;
mod connect;
mod convolved;
mod delays;
mod exact;
mod live;
mod matrix;
pub(crate) mod memory;
mod order;
mod poisson;
mod reverse;
mod rows;
mod rule;
mod shards;
mod stimulus;

pub use bundle::{Bundle, BundleShard, MAX_DRAWN_FAN_IN, Member, Places, ShardWeights, Sign, WeightKind};
pub use convolved::{Axis, Convolved, Place};
pub use delays::Delays;
pub use exact::{ExactDrive, ExactStimulus};
pub use live::{LiveScale, ParamChange, ResetTo};
pub use matrix::{MatrixRows, MatrixWeights};
pub use poisson::PoissonNumber;
pub use reverse::Incoming;
pub use rows::Rows;
pub use shards::Shards;
pub use stimulus::{CompiledDrive, CompiledNoise, CompiledStimulus};

use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use crate::network::{Network, NodeIds, Population};
use crate::neuron::{Block, Column, ModelRef, Output, Semantics, Values};
use crate::rng::{Purpose, Stream};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// The longest delay, in ticks, that a network may have.
pub const MAX_DELAY_TICKS: u32 = 1 << 16;

/// A network ready to run. A copy shares its connections.
#[derive(Debug, Clone)]
pub struct CompiledNetwork {
    /// Its name.
    pub name: String,
    /// Length of a tick, ms.
    pub dt_ms: f64,
    /// True where time is exact: a tick is a nanosecond, and spikes fall between them. Such a network has no bundles, and its drives are in
    /// `exact_stimuli`.
    pub exact: bool,
    /// Drives in exact time.
    pub exact_stimuli: Vec<ExactStimulus>,
    /// The seed that everything was drawn from.
    pub seed: u64,
    /// How trained networks' neurons step.
    pub semantics: Semantics,
    /// Neurons.
    pub populations: Vec<CompiledPopulation>,
    /// Connections.
    pub projections: Vec<Arc<CompiledProjection>>,
    /// Sparse connections, by source population.
    pub bundles: Vec<Bundle>,
    /// Who owns which neurons.
    pub shards: Shards,
    /// What drawn weights onto each population are whole multiples of.
    pub units: Vec<f64>,
    /// Drives.
    pub stimuli: Vec<CompiledStimulus>,
    /// Populations in the order of update within a tick: sources of same-tick projections first.
    pub order: Vec<usize>,
    /// The shortest delay in ticks, over all projections; 0 where some deliver within the same tick or carry numbers. Within a window
    /// of so many ticks no neuron hears of another.
    pub min_delay: u32,
    /// The longest delay, ticks.
    pub max_delay: u32,
    /// The population that takes samples.
    pub input: Option<usize>,
    /// What each value of a sample is multiplied by before it is encoded: 1 but for networks of [`CompiledNetwork::with_live`].
    pub input_factor: f64,
    /// The population whose activity is the answer.
    pub readout: Option<usize>,
    /// What neurons are called in the file that they are from, by population, where they are called otherwise.
    pub node_ids: BTreeMap<String, NodeIds>,
}

/// A population ready to run.
#[derive(Debug, Clone)]
pub struct CompiledPopulation {
    /// Its name.
    pub name: String,
    /// Number of neurons.
    pub size: usize,
    /// Their model.
    pub model: ModelRef,
    params: Vec<Column>,
    init: Vec<(String, Column)>,
}

impl CompiledPopulation {
    /// Calls `use_block` with the neurons `range` as a block, ready to make a kernel of.
    pub fn with_block<T>(&self, net: &CompiledNetwork, range: Range<usize>, use_block: impl FnOnce(&Block<'_>) -> T) -> T {
        let params: Vec<_> = self.params.iter().map(|c| c.slice(range.clone())).collect();
        let init: Vec<_> = self.init.iter().map(|(name, c)| (name.clone(), c.slice(range.clone()))).collect();
        use_block(&Block {
            len: range.len(),
            dt_ms: net.dt_ms,
            semantics: &net.semantics,
            params: &params,
            init: &init,
            spec: self.model.spec(),
        })
    }

    /// True for an input population: it has no state and gives what is put in.
    #[must_use]
    pub fn is_input(&self) -> bool {
        self.model.spec().output == Output::External
    }
}

/// A projection ready to run.
#[derive(Debug, Clone)]
pub struct CompiledProjection {
    /// Its name.
    pub name: String,
    /// Source population.
    pub from: usize,
    /// Target population.
    pub to: usize,
    /// Connections by source.
    pub rows: Rows,
    /// A constant for each target in every tick.
    pub bias: Option<Vec<f64>>,
    /// Non-zero weights of each source's row, where some weights are zero; all of the row where absent.
    pub nonzero: Option<Vec<u32>>,
}

/// One connection of a source.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Connected {
    /// The target neuron.
    pub target: u32,
    /// Its weight.
    pub weight: f64,
    /// Its delay, ticks.
    pub delay: u32,
}

impl CompiledNetwork {
    /// Compiles a network to be run by one thread.
    ///
    /// `dt_ms` overrides the network's own tick; `seed` its own seed. Without any tick, time is exact.
    ///
    /// # Errors
    /// Everything that [`Network::validate`] says; without a tick length, what has no form in exact time; more memory than there is; a delay out of range; parameters that contradict one another;
    /// connection rules that cannot be met (more distinct partners than there are neurons).
    pub fn new(network: &Network, dt_ms: Option<f64>, seed: Option<u64>) -> Result<Self> {
        Self::for_threads(network, dt_ms, seed, 1)
    }

    /// Compiles a network to be run by as many threads as its neurons keep busy, at most `threads`. What it does depends on their number
    /// in no bit.
    ///
    /// # Errors
    /// Those of [`CompiledNetwork::new`].
    pub fn for_threads(network: &Network, dt_ms: Option<f64>, seed: Option<u64>, threads: usize) -> Result<Self> {
        Self::watched(network, dt_ms, seed, threads, &mut |_| true)
    }

    /// Compiles a network as [`CompiledNetwork::for_threads`] does, and tells `go_on` before each bundle of connections how many lie behind,
    /// about; where it answers with false, the network is not built to its end.
    ///
    /// # Errors
    /// Those of [`CompiledNetwork::new`], and where it was not built to its end.
    pub fn watched(
        network: &Network,
        dt_ms: Option<f64>,
        seed: Option<u64>,
        threads: usize,
        go_on: &mut dyn FnMut(u64) -> bool,
    ) -> Result<Self> {
        // Fewer neurons than this are stepped faster than threads are made to meet.
        const WORTH_A_THREAD: u64 = 512;
        // Two shards a thread where that makes their places narrow: half the bytes, and input that stays in the second cache. Rows are cut for
        // it, which pays where they are long.
        const NARROW: u64 = 1 << 16;
        const LONG_ROW: f64 = 1024.0;
        let neurons: u64 = network.populations.iter().map(|p| p.size as u64).sum();
        let threads = (threads as u64).clamp(1, (neurons / WORTH_A_THREAD).max(1));
        let synapses = Self::expected_synapses(network) as f64;
        let own = neurons.div_ceil(threads);
        let split = if own > NARROW && own <= 2 * NARROW && synapses >= LONG_ROW * neurons as f64 { 2 } else { 1 };
        Self::build(network, dt_ms, seed, (threads * split) as usize, go_on)
    }

    /// How many connections a network is expected to have, before any of them is drawn.
    #[must_use]
    pub fn expected_synapses(network: &Network) -> u64 {
        network.projections.iter().map(|p| Self::expected_of(network, p)).sum::<f64>() as u64
    }

    fn expected_of(network: &Network, p: &crate::network::Projection) -> f64 {
        let size = |name: &str| network.population(name).map_or(0, |at| network.populations[at].size) as f64;
        memory::connections(p, size(&p.from), size(&p.to))
    }

    /// Compiles a network in exactly so many shards.
    ///
    /// # Errors
    /// Those of [`CompiledNetwork::new`].
    pub fn in_shards(network: &Network, dt_ms: Option<f64>, seed: Option<u64>, shards: usize) -> Result<Self> {
        Self::build(network, dt_ms, seed, shards, &mut |_| true)
    }

    fn build(
        network: &Network,
        dt_ms: Option<f64>,
        seed: Option<u64>,
        shards: usize,
        go_on: &mut dyn FnMut(u64) -> bool,
    ) -> Result<Self> {
        network.validate()?;
        let mut wrong = Diagnostics::new();
        let seed = seed.unwrap_or(network.seed);
        let Some(dt_ms) = dt_ms.or(network.dt_ms) else {
            return Self::exact(network, seed);
        };
        memory::check(network)?;
        let populations: Vec<_> =
            network.populations.iter().enumerate().map(|(index, p)| compile_population(index, p, seed)).collect();
        let position = |name: &str| network.population(name).expect("validate found every population");
        // Layered networks deliver within the tick, from one shard.
        let from_numbers = |p: &crate::network::Projection| populations[position(&p.from)].model.spec().output != Output::Spikes;
        let same_tick = |p: &crate::network::Projection| bundle::within_tick(p) || from_numbers(p);
        let shards = if network.projections.iter().any(same_tick) { 1 } else { shards };
        let places = populations.iter().map(|p| if p.is_input() { 0 } else { p.size }).collect();
        let shards = Shards::new(shards, places);
        let sizes: Vec<usize> = populations.iter().map(|p| p.size).collect();
        let mut kinds: Vec<_> = network.projections.iter().map(|p| bundle::kind_of(p, &populations[position(&p.from)])).collect();
        bundle::limit_drawn_fan_in(network, &mut kinds, &sizes, &position);
        let mut largest = vec![0.0f64; populations.len()];
        for (p, _) in network.projections.iter().zip(&kinds).filter(|(_, kind)| **kind == Some(WeightKind::Units)) {
            if let Values::Drawn(distribution) = &p.weight.0 {
                let (low, high) = distribution.bounds();
                let most = &mut largest[position(&p.to)];
                *most = most.max(low.abs()).max(high.abs());
            }
        }
        let units: Vec<f64> = largest.into_iter().map(bundle::unit).collect();
        let mut bundles = Vec::new();
        let mut behind = 0.0;
        let mut member_of = vec![None; network.projections.len()];
        for from in 0..populations.len() {
            for kind in [WeightKind::One, WeightKind::Units, WeightKind::Given] {
                // A population that is reached twice from here is reached by two bundles, so that a place tells its projection.
                let mut left: Vec<_> = (0..)
                    .zip(&network.projections)
                    .filter(|(index, p)| kinds[*index] == Some(kind) && position(&p.from) == from)
                    .map(|(index, p)| (index, p, position(&p.to)))
                    .collect();
                while !left.is_empty() {
                    let mut reached = vec![false; populations.len()];
                    let (mut members, rest): (Vec<_>, Vec<_>) =
                        left.into_iter().partition(|(_, _, to)| !std::mem::replace(&mut reached[*to], true));
                    left = rest;
                    members.sort_by_key(|(_, _, to)| *to);
                    for (member, (index, _, _)) in members.iter().enumerate() {
                        member_of[*index] = Some((bundles.len(), member));
                    }
                    if !go_on(behind as u64) {
                        return Err(Diagnostic::new("was not built to its end").into());
                    }
                    behind += members.iter().map(|(_, p, _)| Self::expected_of(network, p)).sum::<f64>();
                    bundles.extend(wrong.take(build::bundle(from, kind, &members, &sizes, &shards, &units, dt_ms, seed)));
                }
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let mut projections: Vec<Arc<CompiledProjection>> = Vec::with_capacity(network.projections.len());
        for (index, p) in network.projections.iter().enumerate() {
            let (from, to) = (position(&p.from), position(&p.to));
            let rows = match member_of[index] {
                Some((bundle, member)) => Some(bundle::rows(&bundles[bundle], bundle, member)),
                None => {
                    wrong.take(connect::rows(p, index as u32, (sizes[from], sizes[to]), from == to, dt_ms, seed, MAX_DELAY_TICKS))
                }
            };
            if let Some(rows) = rows {
                let nonzero = rows.nonzero(sizes[from]);
                projections.push(Arc::new(CompiledProjection {
                    name: p.name.clone(),
                    from,
                    to,
                    rows,
                    bias: p.bias.clone(),
                    nonzero,
                }));
            }
        }
        let mut stimuli = Vec::new();
        for (index, s) in network.stimuli.iter().enumerate() {
            let to = position(&s.to.population);
            if let Some(compiled) = wrong.take(stimulus::compile(s, index as u32, to, dt_ms, seed)) {
                stimuli.extend(compiled);
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let carries_numbers = |p: &CompiledProjection| populations[p.from].model.spec().output != Output::Spikes;
        // Where nothing is connected, nobody waits for anybody; some meetings there must be, for what is recorded.
        const ALONE: u32 = 64;
        let min_delay =
            projections.iter().map(|p| if carries_numbers(p) { 0 } else { p.rows.delays().min() }).min().unwrap_or(ALONE);
        let max_delay = projections.iter().map(|p| p.rows.delays().max()).max().unwrap_or(0);
        let order = order::same_tick_order(populations.len(), &projections);
        let compiled = Self {
            name: network.name.clone(),
            dt_ms,
            exact: false,
            exact_stimuli: Vec::new(),
            seed,
            semantics: network.semantics,
            populations,
            projections,
            bundles,
            shards,
            units,
            stimuli,
            order,
            min_delay,
            max_delay,
            input: network.input.as_deref().map(position),
            input_factor: 1.0,
            readout: network.readout.as_deref().map(position),
            node_ids: network.node_ids.clone(),
        };
        for p in &compiled.populations {
            for complaint in p.with_block(&compiled, 0..p.size, |block| p.model.complaints(block)) {
                wrong.push(Diagnostic::at(format!("population.{}.params", p.name), complaint));
            }
        }
        wrong.or(compiled)
    }

    /// Neurons that hold state or can spike; input populations left out.
    #[must_use]
    pub fn neurons(&self) -> u64 {
        self.populations.iter().filter(|p| !p.is_input()).map(|p| p.size as u64).sum()
    }

    /// Connections with a place of their own.
    #[must_use]
    pub fn synapses(&self) -> u64 {
        self.projections.iter().map(|p| p.rows.synapses(self.populations[p.from].size)).sum()
    }

    /// The largest number of connections onto one neuron.
    #[must_use]
    pub fn max_fan_in(&self) -> u64 {
        let mut most = 0;
        for (index, population) in self.populations.iter().enumerate() {
            let mut fan_in = vec![0u64; population.size];
            for p in self.projections.iter().filter(|p| p.to == index) {
                p.rows.add_fan_in(self.populations[p.from].size, &mut fan_in);
                if let Rows::Bundled { .. } = p.rows {
                    (0..self.populations[p.from].size)
                        .for_each(|s| self.each_connection(p, s, &mut |c| fan_in[c.target as usize] += 1));
                }
            }
            most = most.max(fan_in.into_iter().max().unwrap_or(0));
        }
        most
    }

    /// Names the connections of one source of a projection: those of a bundle shard by shard, by delay and then by target.
    pub fn each_connection(&self, p: &CompiledProjection, source: usize, take: &mut dyn FnMut(Connected)) {
        let mut plain = |target: usize, weight: f64, delay: u32| take(Connected { target: target as u32, weight, delay });
        match &p.rows {
            Rows::Dense { matrix, delay } => matrix.row(source).enumerate().for_each(|(t, w)| plain(t, w, *delay)),
            Rows::Full { targets, weight, delay, skip_self } => {
                (0..*targets).filter(|t| !(*skip_self && *t == source)).for_each(|t| plain(t, *weight, *delay));
            }
            Rows::Diagonal { weights, delay } => plain(source, weights.at(source), *delay),
            Rows::Convolution(c) => c.each(source, &mut |target, weight| plain(target, weight, c.delay)),
            Rows::Sparse { offsets, targets, weights, delays } => {
                for i in offsets[source] as usize..offsets[source + 1] as usize {
                    plain(targets[i] as usize, weights.at(i), delays.at(i));
                }
            }
            Rows::Bundled { bundle, member, .. } => {
                let bundle = &self.bundles[*bundle];
                for (at, shard) in bundle.shards.iter().enumerate() {
                    let base = self.shards.base(at, p.to);
                    let neurons = self.shards.neurons(at, p.to);
                    for class in 0..shard.classes as usize {
                        for i in shard.class(source, class) {
                            let place = shard.targets.at(i) as usize;
                            if (base..base + neurons.len()).contains(&place) {
                                let weight = shard.weight(i, self.units[p.to], bundle.members[*member].weight);
                                plain(place - base + neurons.start, weight, shard.delay(class, i));
                            }
                        }
                    }
                }
            }
        }
    }

    /// Weights (biases included) that the network stores: those that connections share count once.
    #[must_use]
    pub fn weights(&self) -> u64 {
        let of = |p: &CompiledProjection| {
            let biases = p.bias.as_ref().map_or(0, Vec::len) as u64;
            match &p.rows {
                // A convolution has one bias for each channel, and it is spread over the cells.
                Rows::Convolution(c) => c.stored() + biases.min(c.channels[1] as u64),
                rows => rows.synapses(self.populations[p.from].size) + biases,
            }
        };
        self.projections.iter().map(|p| of(p)).sum()
    }

    /// Bytes of all neuron state, at 4 bytes a variable.
    #[must_use]
    pub fn state_bytes(&self) -> u64 {
        self.populations.iter().map(|p| p.size as u64 * u64::from(p.model.spec().state_bytes)).sum()
    }

    /// The population of a place in a shard.
    #[must_use]
    pub fn population_at(&self, shard: usize, place: usize) -> usize {
        let mut end = 0;
        let within = |population: &usize| {
            end += self.shards.neurons(shard, *population).len();
            place < end
        };
        (0..self.populations.len()).find(within).expect("a place belongs to a population")
    }

    /// Whole ticks of a time in ms, rounded to the nearest.
    #[must_use]
    pub fn ticks(&self, ms: f64) -> u64 {
        (ms / self.dt_ms).round() as u64
    }
}

fn compile_population(index: usize, population: &Population, seed: u64) -> CompiledPopulation {
    let spec = population.model.spec();
    // 64 streams of each kind for a population: more than any model has variables.
    let stream = |purpose, variable: usize| Stream::new(seed, purpose, (index * 64 + variable) as u32);
    let params = spec
        .params
        .iter()
        .enumerate()
        .map(|(at, param)| match population.params.get(param.name) {
            Some(values) => column(values, population.size, &stream(Purpose::Parameter, at)),
            None => Column::One(param.default.expect("validate found every required parameter")),
        })
        .collect();
    let init = spec
        .variables
        .iter()
        .enumerate()
        .filter_map(|(at, variable)| {
            let values = population.init.get(variable.name)?;
            Some((variable.name.to_owned(), column(values, population.size, &stream(Purpose::Init, at))))
        })
        .collect();
    CompiledPopulation { name: population.name.clone(), size: population.size, model: population.model.clone(), params, init }
}

fn column(values: &Values, size: usize, stream: &Stream) -> Column {
    match values {
        Values::One(value) => Column::One(*value),
        Values::Each(values) => Column::from_each(values.clone()),
        Values::Drawn(distribution) => Column::from_each((0..size as u64).map(|at| distribution.draw(stream, at)).collect()),
    }
}
