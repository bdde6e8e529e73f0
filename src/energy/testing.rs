//! Work to price in tests.

use crate::counts::{DenseWork, SpikingWork, TotalCounts};

/// A small spiking run: 2 samples of 10 ticks of 1 ms, 100 neurons, 5000 synapses.
pub(super) fn work() -> SpikingWork {
    SpikingWork {
        counts: TotalCounts {
            spikes: 400,
            synaptic_events: 20_000,
            synaptic_events_dropped: 0,
            neuron_updates_driven: 1400,
            neuron_updates_clocked: 3000,
            stimulus_events: 0,
            effective_macs: 0,
            effective_acs: 20_000,
            dense_macs: 100_000,
        },
        samples: 2,
        ticks_per_sample: 10,
        dt_s: 1e-3,
        neurons: 100,
        synapses: 5000,
        max_fan_in: 50,
        neuron_updates_clocked: 2000,
        neuron_updates_driven: 1200,
        neuron_spikes: 300,
        weight_bits: 8,
        weight_bytes: 5000,
        state_bytes: 400,
        placed: None,
    }
}

/// A dense run of the same shape.
pub(super) fn dense_work() -> DenseWork {
    DenseWork { samples: 2, macs: 10_000, effective_macs: 6000, weight_bytes: 5000, weight_bits: 8, activation_bytes: 200 }
}
