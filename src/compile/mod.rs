//! Description → arrays: units become ticks, connection rules become rows, seeds become streams.
//!
//! A [`CompiledNetwork`] is immutable and shared by threads and samples. Every draw is addressed by (seed, purpose, index), so what is
//! built does not depend on how.

mod connect;
pub(crate) mod memory;
mod order;
mod rows;
mod stimulus;

pub use rows::{Delays, Rows, Weights};
pub use stimulus::{CompiledDrive, CompiledNoise, CompiledStimulus, PoissonNumber};

use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use crate::network::{Network, Population};
use crate::neuron::{Block, Column, ModelRef, Output, Semantics, Values};
use crate::rng::{Purpose, Stream};
use std::ops::Range;

/// The longest delay, in ticks, that a network may have.
pub const MAX_DELAY_TICKS: u32 = 1 << 16;

/// A network ready to run.
#[derive(Debug)]
pub struct CompiledNetwork {
    /// Its name.
    pub name: String,
    /// Length of a tick, ms.
    pub dt_ms: f64,
    /// The seed that everything was drawn from.
    pub seed: u64,
    /// How trained networks' neurons step.
    pub semantics: Semantics,
    /// Neurons.
    pub populations: Vec<CompiledPopulation>,
    /// Connections.
    pub projections: Vec<CompiledProjection>,
    /// Drives.
    pub stimuli: Vec<CompiledStimulus>,
    /// Populations in the order of update within a tick: sources of same-tick projections first.
    pub order: Vec<usize>,
    /// The shortest delay in ticks, over all projections; 0 where some deliver within the same tick or carry numbers.
    pub min_delay: u32,
    /// The longest delay, ticks.
    pub max_delay: u32,
    /// The population that takes samples.
    pub input: Option<usize>,
    /// The population whose activity is the answer.
    pub readout: Option<usize>,
}

/// A population ready to run.
#[derive(Debug)]
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
#[derive(Debug)]
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
    pub bias: Option<Vec<f32>>,
    /// Non-zero weights of each source's row, where some weights are zero; all of the row where absent.
    pub nonzero: Option<Vec<u32>>,
}

impl CompiledNetwork {
    /// Compiles a network.
    ///
    /// `dt_ms` overrides the network's own tick; `seed` its own seed.
    ///
    /// # Errors
    /// Everything that [`Network::validate`] says; no tick length; more memory than there is; a delay out of range; parameters that contradict one another;
    /// connection rules that cannot be met (more distinct partners than there are neurons).
    pub fn new(network: &Network, dt_ms: Option<f64>, seed: Option<u64>) -> Result<Self> {
        network.validate()?;
        let mut wrong = Diagnostics::new();
        let Some(dt_ms) = dt_ms.or(network.dt_ms) else {
            return Err(Diagnostic::at("dt", "the network has no tick length, and the clock engine needs one")
                .help("set dt = \"0.1 ms\" in the file or give --dt 0.1ms")
                .into());
        };
        memory::check(network, dt_ms)?;
        let seed = seed.unwrap_or(network.seed);
        let populations: Vec<_> =
            network.populations.iter().enumerate().map(|(index, p)| compile_population(index, p, seed)).collect();
        let position = |name: &str| network.population(name).expect("validate found every population");
        let mut projections = Vec::with_capacity(network.projections.len());
        for (index, p) in network.projections.iter().enumerate() {
            let (from, to) = (position(&p.from), position(&p.to));
            let sizes = (populations[from].size, populations[to].size);
            if let Some(rows) = wrong.take(connect::rows(p, index as u32, sizes, from == to, dt_ms, seed)) {
                let nonzero = rows.nonzero(sizes.0);
                projections.push(CompiledProjection { name: p.name.clone(), from, to, rows, bias: p.bias.clone(), nonzero });
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
        let min_delay = projections.iter().map(|p| if carries_numbers(p) { 0 } else { p.rows.delays().min() }).min().unwrap_or(1);
        let max_delay = projections.iter().map(|p| p.rows.delays().max()).max().unwrap_or(0);
        let order = order::same_tick_order(populations.len(), &projections);
        let compiled = Self {
            name: network.name.clone(),
            dt_ms,
            seed,
            semantics: network.semantics,
            populations,
            projections,
            stimuli,
            order,
            min_delay,
            max_delay,
            input: network.input.as_deref().map(position),
            readout: network.readout.as_deref().map(position),
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
            }
            most = most.max(fan_in.into_iter().max().unwrap_or(0));
        }
        most
    }

    /// Weights (biases included) that the network stores.
    #[must_use]
    pub fn weights(&self) -> u64 {
        self.synapses() + self.projections.iter().filter_map(|p| p.bias.as_ref()).map(|b| b.len() as u64).sum::<u64>()
    }

    /// Bytes of all neuron state, at 4 bytes a variable.
    #[must_use]
    pub fn state_bytes(&self) -> u64 {
        self.populations.iter().map(|p| p.size as u64 * u64::from(p.model.spec().state_bytes)).sum()
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
