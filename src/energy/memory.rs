//! Tier 2: operations and memory traffic of both kinds of network, in one numeric type and one technology.
//!
//! Per sample, with e_M(C) the energy of a byte from a memory of capacity C, b the bits of weights and activations, b_v those of a
//! potential (b, at least 16), W the bytes of all weights, V those of all potentials:
//!
//! - spiking: events · [e_AC + (b/8)·e_M(W)·φ + 2(b_v/8)·e_M(V)·κ + e_address] + updates · [e_MAC + e_AC + 2(b_v/8)·e_M(V)]
//!   + spikes · [e_AC + 2·4 B·e_M(8 KB)] + analog inputs · [e_MAC + (b/8)·e_M(W)/R];
//! - dense: MACs · [e_MAC + (b/8)·e_M(W)/R + (b/8)·e_M(A)/R_x] + activations written once.
//!
//! What is not known of a machine is drawn, each with its bounds:
//!
//! - **φ, fetch sharing**: 1 (each event fetches its weight), down to 1/8 (a 64-bit row of 8-bit weights is used whole by eight neurons of a core
//!   where a byte alone would cost the row).
//! - **κ, state traffic**: 1 (each event reads and writes its target's potential), down to 1/10 (sums stay in registers through a tick).
//! - **R, weight reuse** of a dense machine: 8, from 1 to 64, as in arrays of processing elements; but a weight cannot serve more
//!   multiply-accumulates than there are for it: of a fully connected layer at batch 1, one. R_x, the reuse of an input, has no such bound.
//!
//! e_M is log-linear between the published points of 8 KB, 32 KB and 1 MB, flat below, and reaches that of DRAM at 64 MB: the square-root law of
//! wires that the points follow. The node factor is in the points: each table is of one node. Static power, control and clock are
//! left out on both sides.
//!
//! Lemaire et al. (ICONIP 2022) and Dampfhoffer et al. (IEEE TETCI 2023) build their models of the same parts.

use super::arithmetic::{Pair, pairs};
use super::clock::clock;
use super::device::Device;
use super::estimate::{PrecisionEstimate, ReuseEstimate};
use super::evidence::FigureKind;
use super::figure::{FigureName, Precision};
use super::form::Charged;
use super::ledger::Ledger;
use super::quantity::Joules;
use super::uncertainty::{Slot, Spread, TRIALS, percentiles};
use crate::counts::{DenseWork, SpikingWork};
use crate::numerics::{exp, ln};

/// Capacities of the published points, bytes; the last is where DRAM begins.
const CAPACITIES: [f64; 4] = [8192.0, 32_768.0, 1_048_576.0, 67_108_864.0];

/// The energy of a byte by the capacity of its memory.
#[derive(Debug, Clone, Copy)]
struct Memory {
    /// Joules per byte at each of [`CAPACITIES`].
    per_byte: [f64; 4],
}

impl Memory {
    fn of(device: &Device) -> Option<Self> {
        let names = [FigureName::Sram8Kb, FigureName::Sram32Kb, FigureName::Sram1Mb, FigureName::Dram];
        let mut per_byte = [0.0; 4];
        for (to, name) in per_byte.iter_mut().zip(names) {
            // Figures are of 64 bits.
            *to = device.energy(name)?.nominal.0 / 8.0;
        }
        Some(Self { per_byte })
    }

    /// Joules per byte of a memory of so many bytes.
    fn per_byte(&self, capacity: f64) -> f64 {
        let above = CAPACITIES.iter().position(|&point| capacity <= point);
        match above {
            Some(0) => self.per_byte[0],
            None => self.per_byte[3],
            Some(i) => {
                let part = ln(capacity / CAPACITIES[i - 1]) / ln(CAPACITIES[i] / CAPACITIES[i - 1]);
                self.per_byte[i - 1] * exp(part * ln(self.per_byte[i] / self.per_byte[i - 1]))
            }
        }
    }
}

/// What a part's memory energy is multiplied by.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Share {
    Whole,
    Fetches,
    StateTraffic,
    /// One over the reuse, which is at most so many.
    Reuse(f64),
}

/// The bounds of φ, κ and R with their nominal values.
const FETCHES: (f64, f64, f64) = (0.125, 1.0, 1.0);
const STATE_TRAFFIC: (f64, f64, f64) = (0.1, 1.0, 1.0);
const REUSE: (f64, f64, f64) = (1.0, 8.0, 64.0);

/// The reuse of a scenario in place of the nominal one.
type Fixed = Option<f64>;

impl Share {
    fn nominal(self, reuse: Fixed) -> f64 {
        match self {
            Self::Whole => 1.0,
            Self::Fetches => FETCHES.1,
            Self::StateTraffic => STATE_TRAFFIC.1,
            Self::Reuse(most) => 1.0 / reuse.unwrap_or(REUSE.1.min(most)),
        }
    }

    fn trials(self, reuse: Fixed) -> Vec<f64> {
        let drawn = |(low, nominal, high), slot| Spread::between(low, nominal, high).factors(slot);
        match self {
            Self::Whole => vec![1.0; TRIALS],
            Self::Fetches => drawn(FETCHES, Slot::FETCHES).collect(),
            Self::StateTraffic => drawn(STATE_TRAFFIC, Slot::STATE_TRAFFIC).collect(),
            Self::Reuse(most) => match reuse {
                Some(reuse) => vec![1.0 / reuse; TRIALS],
                None => drawn(REUSE, Slot::REUSE).map(|reuse| 1.0 / reuse.min(most)).collect(),
            },
        }
    }
}

/// One term: arithmetic, and memory energy times a share, joules per sample.
struct Part {
    name: &'static str,
    arithmetic: f64,
    memory: f64,
    share: Share,
}

fn arithmetic(name: &'static str, joules: f64) -> Part {
    Part { name, arithmetic: joules, memory: 0.0, share: Share::Whole }
}

fn traffic(name: &'static str, joules: f64, share: Share) -> Part {
    Part { name, arithmetic: 0.0, memory: joules, share }
}

/// Bits of a value of a type.
fn bits(precision: Precision) -> f64 {
    match precision {
        Precision::Int8 => 8.0,
        Precision::Int16 | Precision::Fp16 | Precision::Bf16 => 16.0,
        Precision::Int32 | Precision::Fp32 => 32.0,
    }
}

/// Bytes of an entry of the queue of spikes.
const QUEUE_ENTRY: f64 = 4.0;

/// The terms of a spiking run in one type.
fn spiking_parts(device: &Device, memory: &Memory, pair: &Pair<'_>, work: &SpikingWork) -> Vec<Part> {
    let samples = work.samples as f64;
    let (mac, ac) = (pair.mac.energy.nominal.0, pair.ac.energy.nominal.0);
    let width = bits(pair.precision) / 8.0;
    let state = bits(pair.precision).max(16.0) / 8.0;
    let weights = memory.per_byte(width * work.weight_bytes as f64 * 8.0 / f64::from(work.weight_bits.max(1)));
    // State is counted at 4 bytes a variable.
    let potential = 2.0 * state * memory.per_byte(work.state_bytes as f64 * state / 4.0);
    // An address is an integer whatever the type of the weights, so the increment is an integer addition of the table.
    let address = device.acs.iter().find(|one| one.precision == Some(Precision::Int32)).map_or(ac, |one| one.energy.nominal.0);
    let events = work.counts.synaptic_events as f64 / samples;
    let analog = work.counts.effective_macs as f64 / samples;
    let spikes = work.neuron_spikes as f64 / samples;
    let clock = clock(device, work);
    let updates = clock.updates.unwrap_or(clock.driven).max(clock.driven);
    let mut parts = vec![
        arithmetic("accumulates and addresses", events * (ac + address)),
        traffic("weight reads", events * width * weights, Share::Fetches),
        traffic("state traffic of events", events * potential, Share::StateTraffic),
        Part { name: "neuron updates", arithmetic: updates * (mac + ac), memory: updates * potential, share: Share::Whole },
        Part {
            name: "spikes and their queue",
            arithmetic: spikes * ac,
            memory: spikes * 2.0 * QUEUE_ENTRY * memory.per_byte[0],
            share: Share::Whole,
        },
    ];
    if analog > 0.0 {
        // Analog inputs are presented anew at every tick, so that a weight serves as often as there are ticks.
        let reuse = Share::Reuse((work.ticks_per_sample as f64).max(1.0));
        parts.push(Part { name: "analog inputs", arithmetic: analog * mac, memory: analog * width * weights, share: reuse });
    }
    parts
}

/// The terms of a dense run in one type. `capped` where weights cannot be reused more often than at batch 1.
fn dense_parts(memory: &Memory, pair: &Pair<'_>, work: &DenseWork) -> Vec<Part> {
    let macs = work.macs as f64 / work.samples as f64;
    let width = bits(pair.precision) / 8.0;
    let stored = f64::from(work.weight_bits.max(1)) / 8.0;
    let weights = work.weight_bytes as f64 / stored;
    let activations = work.activation_bytes as f64 / stored;
    let read = memory.per_byte(activations * width);
    let uses = (macs / weights.max(1.0)).max(1.0);
    vec![
        arithmetic("multiply-accumulates", macs * pair.mac.energy.nominal.0),
        traffic("weight reads", macs * width * memory.per_byte(weights * width), Share::Reuse(uses)),
        traffic("activation reads", macs * width * read, Share::Reuse(f64::INFINITY)),
        traffic("activations written", activations * width * read, Share::Whole),
    ]
}

/// The terms of a dense run in some form, in batches: as [`dense_parts`], with what is known of its zeros, and a weight as wide as it is kept, its place
/// and its share of the biases with it. Weights serve a whole batch, activations of a whole batch are held at once.
fn form_parts(memory: &Memory, pair: &Pair<'_>, form: &Charged, alike: bool) -> Vec<Part> {
    let of_type = bits(pair.precision);
    let (weight_bits, activation_bits) = if alike { (of_type, of_type) } else { (form.weight_bits, form.activation_bits) };
    let a_weight = weight_bits / 8.0 + form.place_bytes;
    let a_value = activation_bits / 8.0;
    let read = memory.per_byte(form.values * form.batch * a_value);
    let uses = (form.weight_uses / form.weights.max(1.0)).max(1.0) * form.batch;
    vec![
        arithmetic("multiply-accumulates", form.operations * pair.mac.energy.nominal.0),
        traffic("weight reads", form.weight_uses * a_weight * memory.per_byte(form.weights * a_weight), Share::Reuse(uses)),
        traffic("activation reads", form.weight_uses * a_value * read, Share::Reuse(f64::INFINITY)),
        traffic("activations written", form.values * a_value * read, Share::Whole),
    ]
}

/// The dense side in some form, in one type: that of the pair. `alike` where all types are asked for, the widths of everything being those of the type.
pub(super) fn dense_form<'d>(ledger: &mut Ledger<'d>, device: &'d Device, pairs: &[Pair<'d>], form: &Charged, alike: bool) {
    price(ledger, device, pairs, |memory, pair| form_parts(memory, pair, form, alike));
}

/// The sum of parts at nominal figures.
fn nominal(parts: &[Part], reuse: Fixed) -> f64 {
    parts.iter().map(|part| part.arithmetic + part.memory * part.share.nominal(reuse)).sum()
}

/// The draws of the two technologies that all terms share: arithmetic and memory.
struct Draws {
    arithmetic: Vec<f64>,
    memory: Vec<f64>,
}

/// A part in every trial.
fn in_trials(part: &Part, draws: &Draws, reuse: Fixed) -> Vec<f64> {
    let shares = part.share.trials(reuse);
    let both = draws.arithmetic.iter().zip(&draws.memory).zip(&shares);
    both.map(|((a, m), share)| part.arithmetic * a + part.memory * m * share).collect()
}

/// Writes one side into the ledger; gives the parts of the first type with their draws.
fn price<'d>(
    ledger: &mut Ledger<'d>,
    device: &'d Device,
    pairs: &[Pair<'d>],
    parts: impl Fn(&Memory, &Pair<'d>) -> Vec<Part>,
) -> Option<(Vec<Part>, Draws)> {
    let (Some(first), Some(memory), Some(sram)) = (pairs.first(), Memory::of(device), device.energy(FigureName::Sram8Kb)) else {
        ledger.unpriced("operations and memory (the device lacks figures of one of them)");
        return None;
    };
    let draws = Draws {
        arithmetic: first.mac.energy.spread(FigureKind::Circuit).relative().factors(Slot::ARITHMETIC).collect(),
        memory: sram.spread(FigureKind::Circuit).relative().factors(Slot::MEMORY).collect(),
    };
    let of_first = parts(&memory, first);
    for part in &of_first {
        let joules = Joules(nominal(std::slice::from_ref(part), None));
        ledger.add(part.name, joules, in_trials(part, &draws, None).into_iter());
    }
    ledger.rests_on("arithmetic", &first.mac.energy);
    ledger.rests_on("memory", sram);
    ledger.mark_dynamic();
    ledger.by_precision = pairs
        .iter()
        .map(|pair| PrecisionEstimate {
            precision: pair.precision,
            energy_per_sample_j: Joules(nominal(&parts(&memory, pair), None)),
        })
        .collect();
    Some((of_first, draws))
}

/// The spiking side. The run has samples.
pub(super) fn spiking<'d>(ledger: &mut Ledger<'d>, device: &'d Device, work: &SpikingWork) {
    if price(ledger, device, &pairs(device), |memory, pair| spiking_parts(device, memory, pair, work)).is_some() {
        let bytes = work.weight_bytes / u64::from(work.weight_bits.max(8) / 8);
        ledger.caveat(format!(
            "int8 throughout; weights in {} and potentials in {} of local memory",
            kib(bytes),
            kib(work.state_bytes / 2)
        ));
    }
}

/// The dense side. The run has samples.
pub(super) fn dense<'d>(ledger: &mut Ledger<'d>, device: &'d Device, work: &DenseWork) {
    let Some((parts, draws)) = price(ledger, device, &pairs(device), |memory, pair| dense_parts(memory, pair, work)) else {
        return;
    };
    ledger.by_reuse = [1, 8, 64]
        .into_iter()
        .map(|reuse| {
            let fixed = Some(f64::from(reuse));
            let mut sum = vec![0.0; TRIALS];
            for part in &parts {
                sum.iter_mut().zip(in_trials(part, &draws, fixed)).for_each(|(sum, trial)| *sum += trial);
            }
            let energy_per_sample_j = percentiles(&mut sum, nominal(&parts, fixed)).map(Joules);
            ReuseEstimate { reuse, energy_per_sample_j }
        })
        .collect();
    let shown: Vec<_> = ledger.by_reuse.iter().map(|one| one.energy_per_sample_j.nominal.to_string()).collect();
    ledger.caveat(format!(
        "int8 throughout, no zero skipped; with each read of a weight or input serving 1, 8 or 64: {}",
        shown.join(", ")
    ));
    let uses = parts.iter().find_map(|part| match part.share {
        Share::Reuse(most) if part.name == "weight reads" => Some(most),
        _ => None,
    });
    if let Some(uses) = uses.filter(|&uses| uses < REUSE.2) {
        ledger.caveat(format!("at batch 1 a weight has {uses:.1} uses, which bounds its reuse; a batch would lift that"));
    }
}

fn kib(bytes: u64) -> String {
    format!("{:.1} KiB", bytes as f64 / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::device;
    use super::super::testing::{dense_work, work};
    use super::*;

    fn memory() -> Memory {
        Memory::of(device("asic-45nm-memory").expect("built in")).expect("it has memories")
    }

    #[test]
    fn energy_of_a_byte_goes_through_the_published_points() {
        let memory = memory();
        for (kib, pj) in [(1.0, 1.25), (8.0, 1.25), (32.0, 2.5), (1024.0, 12.5), (65_536.0, 243.75), (1e6, 243.75)] {
            let found = memory.per_byte(kib * 1024.0) * 1e12;
            assert!((found / pj - 1.0).abs() < 1e-9, "{kib} KiB: {found}");
        }
        // Half-way in the logarithm of both.
        assert!((memory.per_byte(16_384.0) * 1e12 - 1.25 * 2f64.sqrt()).abs() < 1e-9);
    }

    /// Energies of one event and one dense multiply-accumulate, and the break-even between them, as worked out by hand for
    /// (weights, state) of (8, 8), (32, 32), (1024, 32) and (1024, 1024) KB.
    #[test]
    fn break_evens_are_those_of_the_hand_worked_table() {
        let device = device("asic-45nm-memory").expect("built in");
        let pairs = pairs(device);
        let cases = [
            (8, 8, 6.3, [1.48, 0.39, 0.25], [0.24, 0.06, 0.04]),
            (32, 32, 12.6, [2.73, 0.54, 0.27], [0.22, 0.04, 0.02]),
            (1024, 32, 22.6, [12.7, 1.79, 0.43], [0.57, 0.08, 0.02]),
            (1024, 1024, 62.6, [12.7, 1.79, 0.43], [0.20, 0.03, 0.01]),
        ];
        for (weights, state, event, dense, break_even) in cases {
            let mut spiking = work();
            (spiking.weight_bits, spiking.weight_bytes) = (8, weights * 1024);
            // Potentials of 16 bits, counted at 4 bytes.
            spiking.state_bytes = 2 * state * 1024;
            let parts = spiking_parts(device, &memory(), &pairs[0], &spiking);
            let names = ["accumulates and addresses", "weight reads", "state traffic of events"];
            let events = spiking.counts.synaptic_events as f64 / spiking.samples as f64;
            let per_event: Vec<_> = parts.into_iter().filter(|part| names.contains(&part.name)).collect();
            let found = nominal(&per_event, None) / events * 1e12;
            // The table adds in int16 (0.05 pJ) and has no address; here int8 (0.03) and an increment of 32 bits (0.1).
            assert!((found - event).abs() < 0.12, "{weights}/{state}: {found} pJ an event");
            let mut twin = dense_work();
            twin.weight_bytes = weights * 1024;
            for ((reuse, pj), even) in [1.0, 8.0, 64.0].into_iter().zip(dense).zip(break_even) {
                let parts = dense_parts(&memory(), &pairs[0], &twin);
                let per_mac: Vec<_> = parts.into_iter().take(2).collect();
                let macs = twin.macs as f64 / twin.samples as f64;
                let per_mac = nominal(&per_mac, Some(reuse)) / macs * 1e12;
                assert!((per_mac / pj - 1.0).abs() < 0.015, "{weights} at {reuse}: {per_mac} pJ a MAC");
                assert!((per_mac / found - even).abs() < 0.009, "{weights}/{state} at {reuse}: {}", per_mac / found);
            }
        }
    }

    #[test]
    fn a_weight_serves_no_more_than_it_is_used() {
        // 5000 weights and 5000 multiply-accumulates a sample: each weight once.
        let one = dense_parts(&memory(), &pairs(device("asic-45nm-memory").expect("built in"))[0], &dense_work());
        assert_eq!(one[1].share, Share::Reuse(1.0));
        assert_eq!(one[1].share.nominal(None), 1.0);
        assert!(one[1].share.trials(None).iter().all(|&share| share == 1.0));
        assert_eq!(one[2].share.nominal(None), 0.125);
    }
}
