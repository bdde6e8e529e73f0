//! Networks in exact time: delays are whole nanoseconds, stimuli happen when they happen.

use super::{CompiledNetwork, CompiledProjection, Shards, compile_population, connect, memory};
use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use crate::network::{Drive, Network, Stimulus};
use crate::neuron::Output;
use crate::rng::{Purpose, Stream};
use crate::spike::{EXACT_TICK_MS, Time};
use std::sync::Arc;

/// What to do where a network cannot run in exact time.
const SET_DT: &str = "set dt = \"0.1 ms\" in the file or give --dt 0.1ms, and spikes fall on that grid";

/// The longest delay in exact time: two seconds and a little, as nanoseconds in 31 bits.
pub(super) const MAX_EXACT_DELAY: u32 = 1 << 31;

/// The highest rate of a stimulus: an event a tick.
const MAX_RATE_HZ: f64 = 1e9;

/// A stimulus in exact time.
#[derive(Debug, Clone)]
pub struct ExactStimulus {
    /// The population it reaches.
    pub to: usize,
    /// The neurons it reaches, ascending; all where empty.
    pub ids: Vec<u32>,
    /// What it brings.
    pub drive: ExactDrive,
}

/// What a stimulus brings, with the times at which it arrives.
#[derive(Debug, Clone)]
pub enum ExactDrive {
    /// Independent Poisson events for each neuron. The `k`th interval of a neuron is draw `neuron << 32 | k` of its stream.
    Poisson {
        /// Mean interval, ms.
        interval_ms: f64,
        /// Strength of one event.
        weight: f64,
        /// No event before this, and none after that.
        window: (Time, Option<Time>),
    },
    /// Events at known times.
    Events {
        /// (time, neuron), ascending; `u32::MAX` for all neurons.
        events: Vec<(Time, u32)>,
        /// Strength of one event.
        weight: f64,
    },
    /// Events at even intervals, the same for every neuron: the `k`th at `start` + k · `interval_ms`.
    Regular {
        /// The first.
        start: Time,
        /// Between two events, ms.
        interval_ms: f64,
        /// Strength of one event.
        weight: f64,
    },
    /// A current for each neuron from each of these times on: (time, pA), ascending.
    Current(Vec<(Time, f64)>),
    /// A current that is drawn anew at even intervals, for each neuron on its own: draw `interval << 32 | neuron` of its stream, a normal
    /// number.
    Noise {
        /// Mean, pA.
        mean: f64,
        /// Standard deviation, pA.
        sd: f64,
        /// How long a value is held, ms.
        interval_ms: f64,
        /// When the first interval begins, and when the noise ends.
        window: (Time, Option<Time>),
    },
}

impl ExactStimulus {
    /// What the `index`th stimulus of a network draws from; other numbers for another epoch.
    #[must_use]
    pub fn stream(&self, seed: u64, index: u32, epoch: u64) -> Stream {
        let purpose = if matches!(self.drive, ExactDrive::Noise { .. }) { Purpose::Noise } else { Purpose::Poisson };
        // A seed of its own for each epoch: the odd factor keeps those of small seeds and epochs apart.
        Stream::new(seed.wrapping_add(epoch.wrapping_mul(0x9e37_79b9_7f4a_7c15)), purpose, index)
    }
}

impl CompiledNetwork {
    /// Compiles a network without a grid.
    pub(super) fn exact(network: &Network, seed: u64) -> Result<Self> {
        memory::check(network)?;
        let mut wrong = Diagnostics::new();
        let populations: Vec<_> =
            network.populations.iter().enumerate().map(|(index, p)| compile_population(index, p, seed)).collect();
        let position = |name: &str| network.population(name).expect("validate found every population");
        let mut projections = Vec::with_capacity(network.projections.len());
        for (index, p) in network.projections.iter().enumerate() {
            let (from, to) = (position(&p.from), position(&p.to));
            let sizes = (populations[from].size, populations[to].size);
            let rows = connect::rows(p, index as u32, sizes, from == to, EXACT_TICK_MS, seed, MAX_EXACT_DELAY);
            let Some(rows) = wrong.take(rows) else { continue };
            if rows.delays().min() == 0 && rows.synapses(sizes.0) > 0 {
                let message = "in exact time a spike takes time to arrive, and this projection delivers within the tick";
                wrong.push(
                    Diagnostic::at(format!("projection.{}.delay", p.name), message)
                        .help(format!("give it a delay above zero, or {SET_DT}")),
                );
            }
            if p.bias.is_some() {
                let message = "a bias is added in every tick, and exact time has none";
                wrong.push(Diagnostic::at(format!("projection.{}.bias", p.name), message).help(SET_DT));
            }
            let nonzero = rows.nonzero(sizes.0);
            projections.push(Arc::new(CompiledProjection { name: p.name.clone(), from, to, rows, bias: None, nonzero }));
        }
        let mut exact_stimuli = Vec::new();
        for s in &network.stimuli {
            let to = position(&s.to.population);
            if populations[to].is_input() && matches!(s.drive, Drive::Current(_) | Drive::Noise { .. } | Drive::Dataset) {
                let message = "numbers put into an input population are passed on in every tick, and exact time has none";
                wrong.push(Diagnostic::at(format!("stimulus.{}", s.name), message).help(SET_DT));
                continue;
            }
            if let Drive::Poisson { rate_hz, .. } | Drive::Regular { rate_hz, .. } = &s.drive
                && *rate_hz > MAX_RATE_HZ
            {
                let message = format!("{rate_hz} Hz is more than an event a nanosecond");
                wrong.push(Diagnostic::at(format!("stimulus.{}.rate", s.name), message).help("is there a nought too many?"));
                continue;
            }
            exact_stimuli.extend(stimulus(s, to));
        }
        let min_delay = projections.iter().map(|p| p.rows.delays().min()).min().unwrap_or(0);
        let max_delay = projections.iter().map(|p| p.rows.delays().max()).max().unwrap_or(0);
        let compiled = Self {
            name: network.name.clone(),
            dt_ms: EXACT_TICK_MS,
            exact: true,
            exact_stimuli,
            seed,
            semantics: network.semantics,
            shards: Shards::new(1, populations.iter().map(|p| if p.is_input() { 0 } else { p.size }).collect()),
            units: vec![0.0; populations.len()],
            order: (0..populations.len()).collect(),
            bundles: Vec::new(),
            stimuli: Vec::new(),
            populations,
            projections,
            min_delay,
            max_delay,
            input: network.input.as_deref().map(position),
            input_factor: 1.0,
            readout: network.readout.as_deref().map(position),
            node_ids: network.node_ids.clone(),
        };
        for p in compiled.populations.iter().filter(|p| !p.is_input()) {
            let spec = p.model.spec();
            let has_form = p.with_block(&compiled, 0..p.size.min(1), |block| p.model.exact(block).is_some());
            if spec.output != Output::Spikes || !has_form {
                let message = format!("`{}` has no form in exact time: it is stepped on a grid", spec.name);
                wrong.push(Diagnostic::at(format!("population.{}.model", p.name), message).help(SET_DT));
            }
            for complaint in p.with_block(&compiled, 0..p.size, |block| p.model.complaints(block)) {
                wrong.push(Diagnostic::at(format!("population.{}.params", p.name), complaint));
            }
        }
        wrong.or(compiled)
    }
}

/// Puts a stimulus into exact time; none where it never brings anything.
fn stimulus(s: &Stimulus, to: usize) -> Option<ExactStimulus> {
    let mut ids = s.to.ids.clone();
    let window = |window_ms: (Option<f64>, Option<f64>), delay_ms: f64| {
        let at = |ms: f64| Time::of_ms(ms.max(0.0)).plus(Time::of_ms(delay_ms));
        (at(window_ms.0.unwrap_or(0.0)), window_ms.1.map(at))
    };
    let drive = match &s.drive {
        Drive::Dataset => return None,
        Drive::Poisson { rate_hz, weight, delay_ms, window_ms } => {
            if *rate_hz <= 0.0 {
                return None;
            }
            ExactDrive::Poisson { interval_ms: 1e3 / rate_hz, weight: *weight, window: window(*window_ms, *delay_ms) }
        }
        Drive::Spikes { events, weight, delay_ms } => {
            let mut listed = Vec::with_capacity(events.len());
            for &(id, ms) in events {
                let at = Time::of_ms(ms).plus(Time::of_ms(*delay_ms));
                match id {
                    Some(id) => listed.push((at, ids.get(id as usize).copied().unwrap_or(id))),
                    None if ids.is_empty() => listed.push((at, u32::MAX)),
                    None => listed.extend(ids.iter().map(|&id| (at, id))),
                }
            }
            listed.sort_unstable();
            ids.clear();
            ExactDrive::Events { events: listed, weight: *weight }
        }
        Drive::Regular { rate_hz, start_ms, weight, delay_ms } => {
            if *rate_hz <= 0.0 {
                return None;
            }
            ExactDrive::Regular {
                start: Time::of_ms(*start_ms).plus(Time::of_ms(*delay_ms)),
                interval_ms: 1e3 / rate_hz,
                weight: *weight,
            }
        }
        Drive::Current(steps) => {
            let mut steps: Vec<_> = steps.iter().map(|step| (Time::of_ms(step.at_ms), step.value)).collect();
            steps.sort_by_key(|(at, _)| *at);
            ExactDrive::Current(steps)
        }
        Drive::Noise { mean, sd, interval_ms, window_ms } => {
            ExactDrive::Noise { mean: *mean, sd: *sd, interval_ms: *interval_ms, window: window(*window_ms, 0.0) }
        }
    };
    ids.sort_unstable();
    Some(ExactStimulus { to, ids, drive })
}
