//! KerasSpiking's `ModelEnergy`.
//!
//! Per layer, with ρ the mean absolute input read as a rate in hertz, dt the device's step (1 ms) and T the steps of an inference:
//!
//! E = e_syn · connections · ρ · dt · T + e_neu · neurons · T
//!
//! on spiking devices; on the others ρ = 1/dt and T = 1, a dense network in one pass. A spike of KerasSpiking has the height 1/dt, so that for spikes
//! ρ · dt · T is the number of spikes per input and the first term counts synaptic events, whatever dt is.

use super::{Account, Layer, Pairing, term};

/// A device of `ModelEnergy` with its constants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KerasDevice {
    /// Its name there.
    pub name: &'static str,
    /// False where it runs the network as a dense one.
    pub spiking: bool,
    /// Energy of a synaptic operation, picojoules.
    pub synop_pj: f64,
    /// Energy of a neuron update, picojoules.
    pub neuron_pj: f64,
    /// The device of ours that stands for the same machine.
    pub ours: &'static str,
}

/// The built-in devices of `ModelEnergy`.
pub const DEVICES: &[KerasDevice] = &[
    KerasDevice { name: "cpu", spiking: false, synop_pj: 8600.0, neuron_pj: 8600.0, ours: "cpu-xeon-e5-2630" },
    KerasDevice { name: "gpu", spiking: false, synop_pj: 300.0, neuron_pj: 300.0, ours: "gpu-quadro-k4000" },
    KerasDevice { name: "arm", spiking: false, synop_pj: 900.0, neuron_pj: 900.0, ours: "mcu-m4-l4r5" },
    KerasDevice { name: "loihi", spiking: true, synop_pj: 27.1, neuron_pj: 81.0, ours: "loihi1-sanafe" },
    KerasDevice { name: "spinnaker", spiking: true, synop_pj: 13_300.0, neuron_pj: 26_000.0, ours: "spinnaker1" },
    KerasDevice { name: "spinnaker2", spiking: true, synop_pj: 450.0, neuron_pj: 2190.0, ours: "spinnaker2-santos28" },
];

/// The step of KerasSpiking, seconds.
const DT_S: f64 = 1e-3;

const SPIKING: &[Pairing] = &[
    Pairing {
        theirs: "synaptic operations",
        ours: &["synaptic events", "analog inputs"],
        why: "the same events at another constant: 27.1 pJ on Loihi is a simulated minimum of 23.6 pJ and 3.5 pJ that nobody explains",
    },
    Pairing {
        theirs: "neuron updates",
        ours: &["neuron updates", "neuron updates, driven", "neuron updates, idle"],
        why: "every update at the price of an active one; we charge idle neurons what idle neurons take",
    },
];

const DENSE: &[Pairing] = &[
    Pairing {
        theirs: "synaptic operations",
        ours: &["multiply-accumulates"],
        why: "one pass at a constant for large networks; ours is measured at batch 1 on a small one",
    },
    Pairing { theirs: "neuron updates", ours: &[], why: "the activation function, at the price of a multiply-accumulate" },
];

/// What `ModelEnergy.total_energy` gives for layers that run so many steps. `steps` is `timesteps_per_inference`, which is 1 unless it is given.
#[must_use]
pub fn keras_spiking(layers: &[Layer], steps: u64, device: &KerasDevice) -> Account {
    let (mut synops, mut updates) = (0.0, 0.0);
    for layer in layers {
        let (connections, neurons) = (layer.connections as f64, layer.neurons as f64);
        if device.spiking {
            // Spikes a step and input at the height of 1/dt, or values as they are: both read as hertz.
            let ticks = steps as f64;
            let from_spikes = if layer.inputs == 0 { 0.0 } else { layer.spikes_in / layer.inputs as f64 };
            synops += connections * (from_spikes + layer.mean_input * DT_S * ticks);
            updates += neurons * ticks;
        } else {
            synops += connections;
            updates += neurons;
        }
    }
    let terms = vec![term("synaptic operations", synops, device.synop_pj), term("neuron updates", updates, device.neuron_pj)];
    let source = "nengo/keras-spiking, keras_spiking/model_energy.py (S)";
    let pairing = if device.spiking { SPIKING } else { DENSE };
    let mut account = Account::new(format!("KerasSpiking ModelEnergy ({})", device.name), source, terms, pairing);
    account.notes.push("its own words: very rough estimates, no overhead of any kind");
    if device.spiking {
        account.notes.push("timesteps_per_inference is 1 unless it is given: the figure is then that of one step");
        if layers.iter().any(|layer| layer.macs > 0.0 && layer.mean_input == 0.0) {
            account.notes.push("inputs that are no spikes are left out: a run does not keep their values");
        }
        if layers.iter().any(|layer| layer.mean_input > 0.0) {
            account.notes.push(
                "inputs that are no spikes are read as rates in hertz: at 1 ms a value of 1 is a thousandth of an event a step",
            );
        }
    } else {
        account.notes.push("runs the network as a dense one in a single pass: neither steps nor spikes count");
    }
    account
}
