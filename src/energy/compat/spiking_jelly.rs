//! SpikingJelly's `op_counter`.
//!
//! **Operations** ([`compute`]; `ComputeEnergyProfiler`): E = MAC · e_MAC + AC · e_AC with Horowitz's 45 nm figures, single precision unless another
//! preset is asked for. A layer that reads nothing but 0 and 1 in a step costs accumulates, one per spike and synapse; one that reads anything else
//! costs a multiply-accumulate for every synapse, zeros included. Counted here are the layers of weights, as with neuron modules left out
//! (`extra_ignore_modules`).
//!
//! **Operations, memory and addresses** ([`lemaire`]; `LemaireEnergyProfiler`, after Lemaire et al., ICONIP 2022), for fully connected layers of
//! integrate-and-fire neurons with s spikes in, o spikes out, N neurons, T steps, 32-bit integers:
//!
//! - memory: s · e(inputs) + (s·N + bias·N) · e(weights) + 2·(s·N + bias·N·T) · e(potentials) + o · e(outputs);
//! - operations: (s·N + bias·N·T + o) · 0.1 pJ;
//! - addresses: s·N · 0.1 pJ;
//!
//! with e(buffer) the energy of an access to a memory just as large as the buffer: linear through (0, 0), (8 KB, 10 pJ), (32 KB, 20 pJ),
//! (1 MB, 100 pJ).

use super::{Account, AccountTerm, Layer, Pairing, term};
use crate::energy::quantity::Joules;

/// A preset of `ComputeEnergyCostConfig`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Preset {
    /// Its name.
    pub name: &'static str,
    /// Energy of a multiply-accumulate, picojoules.
    pub mac_pj: f64,
    /// Energy of an accumulate, picojoules.
    pub ac_pj: f64,
}

/// The presets, the default first.
pub const PRESETS: &[Preset] = &[
    Preset { name: "fp32", mac_pj: 4.6, ac_pj: 0.9 },
    Preset { name: "fp16", mac_pj: 1.5, ac_pj: 0.4 },
    Preset { name: "int8", mac_pj: 0.23, ac_pj: 0.03 },
];

const OPERATIONS: &[Pairing] = &[
    Pairing {
        theirs: "accumulates",
        ours: &["accumulates", "accumulates and addresses"],
        why: "the same events; theirs at the preset's numeric type, ours in int8",
    },
    Pairing {
        theirs: "multiply-accumulates",
        ours: &["multiply-accumulates", "analog inputs"],
        why: "theirs for every synapse of an analog layer, zeros included, at the preset's numeric type; ours in int8",
    },
];

const MEMORY: &[Pairing] = &[
    Pairing {
        theirs: "operations and addresses",
        ours: &["accumulates", "accumulates and addresses"],
        why: "int32 there, int8 with an address of 32 bits here",
    },
    Pairing {
        theirs: "weight reads",
        ours: &["weight reads"],
        why: "a whole access for each 32-bit weight at the energy of 64 bits there; bytes of an access here, and no memory below 8 KB for less",
    },
    Pairing {
        theirs: "potentials read and written",
        ours: &["state traffic of events", "neuron updates"],
        why: "events alone there; here every neuron's update at every tick as well",
    },
    Pairing {
        theirs: "spikes read and written",
        ours: &["spikes and their queue", "resets"],
        why: "buffers as small as a layer there; a queue of 8 KB here",
    },
];

/// What `estimate_compute_energy` gives.
#[must_use]
pub fn compute(layers: &[Layer], preset: &Preset) -> Account {
    let acs: f64 = layers.iter().map(|layer| layer.synaptic_events).sum();
    let macs: f64 = layers.iter().map(|layer| layer.macs).sum();
    let mut terms = Vec::new();
    if acs > 0.0 {
        terms.push(term("accumulates", acs, preset.ac_pj));
    }
    if macs > 0.0 {
        terms.push(term("multiply-accumulates", macs, preset.mac_pj));
    }
    let source = "fangwei123456/spikingjelly, activation_based/op_counter/compute_energy.py, ac.py, mac.py (S)";
    let mut account = Account::new(format!("SpikingJelly operations ({})", preset.name), source, terms, OPERATIONS);
    account.notes.push("no memory, addresses, control or leakage");
    account.notes.push("the ratio of 4.6 to 0.9 is a choice of type: 5.1 in fp32, 3.8 in fp16, 7.7 in int8");
    account.notes.push("decay and threshold of neurons are left out");
    account
}

/// What the model of Lemaire et al. gives for fully connected layers of spikes over so many steps.
#[must_use]
pub fn lemaire(layers: &[Layer], steps: u64) -> Account {
    let mut sums = [
        ("operations and addresses", 0.0, 0.0),
        ("weight reads", 0.0, 0.0),
        ("potentials read and written", 0.0, 0.0),
        ("spikes read and written", 0.0, 0.0),
    ];
    let mut add = |which: usize, count: f64, pj: f64| {
        sums[which].1 += count;
        sums[which].2 += count * pj;
    };
    for layer in layers {
        let (s, n, o) = (layer.spikes_in, layer.neurons as f64, layer.spikes_out);
        let bias = if layer.bias { n } else { 0.0 };
        let words = |count: f64| access_pj(4.0 * count);
        let events = s * n;
        add(0, 2.0 * events + bias * steps as f64 + o, 0.1);
        add(1, events + bias, words(layer.connections as f64 + bias));
        add(2, 2.0 * (events + bias * steps as f64), words(n));
        add(3, s, words(layer.inputs as f64));
        add(3, o, words(n));
    }
    let terms = sums.into_iter().map(|(name, count, pj)| {
        let each = if count > 0.0 { pj / count } else { 0.0 };
        AccountTerm { name, count, each_j: Joules(each * 1e-12), energy_j: Joules(pj * 1e-12) }
    });
    let source =
        "Lemaire et al., ICONIP 2022, arXiv:2210.13107 (K); constants of spikingjelly op_counter/analytical_energy/core.py (S)";
    let mut account = Account::new("SpikingJelly memory (Lemaire)".to_owned(), source, terms.collect(), MEMORY);
    account.notes.push("a potential is charged where an event reaches it, never for the clock; memories shrink with their layer, down to nothing");
    account.notes.push("the library itself scales to bytes and takes as a buffer's size what one pass moves, so its own print differs from the published formula");
    account
}

/// Picojoules of an access to a memory of so many bytes.
fn access_pj(bytes: f64) -> f64 {
    const POINTS: [(f64, f64); 4] = [(0.0, 0.0), (8192.0, 10.0), (32_768.0, 20.0), (1_048_576.0, 100.0)];
    let bytes = bytes.clamp(0.0, POINTS[3].0);
    let above = POINTS.iter().position(|point| bytes <= point.0).unwrap_or(3).max(1);
    let ((x0, y0), (x1, y1)) = (POINTS[above - 1], POINTS[above]);
    y0 + (y1 - y0) * (bytes - x0) / (x1 - x0)
}
