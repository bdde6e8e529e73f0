//! What an explanation looks back on: spikes of the ticks that have passed, and what was put in.

use super::{MemoryRecorder, SpikeTrain};
use std::ops::RangeInclusive;

/// What happened in a run so far, as far as it is kept.
pub trait SpikeHistory {
    /// The first tick of which all is kept; 1 where nothing was dropped.
    fn first_tick(&self) -> u64 {
        1
    }

    /// Tells the spikes of a population in some ticks, (tick, neuron), by ascending ticks; a neuron that spikes k times in a tick is told k
    /// times.
    fn each_spike(&self, population: usize, ticks: RangeInclusive<u64>, take: &mut dyn FnMut(u64, u32));

    /// The number that a neuron of an analog or input population gave in a tick; `None` where that is not kept, or where it gave none.
    fn given(&self, _population: usize, _neuron: u32, _tick: u64) -> Option<f64> {
        None
    }

    /// Tells the kicks of a neuron, (tick after which it was kicked, lift of its membrane), in some ticks.
    fn each_kick(&self, _population: usize, _neuron: u32, _ticks: RangeInclusive<u64>, _take: &mut dyn FnMut(u64, f64)) {}

    /// The tick after which parameters, weights or stimuli became what they are now; 0 where they always were.
    fn changed_after(&self) -> u64 {
        0
    }
}

impl SpikeHistory for MemoryRecorder {
    fn each_spike(&self, population: usize, ticks: RangeInclusive<u64>, take: &mut dyn FnMut(u64, u32)) {
        self.trains.iter().filter(|train| train.population == population).for_each(|train| train.each(&ticks, take));
    }
}

impl SpikeTrain {
    fn each(&self, ticks: &RangeInclusive<u64>, take: &mut dyn FnMut(u64, u32)) {
        let first = self.ticks.partition_point(|tick| tick < ticks.start());
        let end = self.ticks.partition_point(|tick| tick <= ticks.end());
        for at in first..end {
            take(self.ticks[at], self.ids[at]);
        }
    }
}
