//! How long a sample takes on a device, and how many neuron updates its clock makes.

use super::device::{Boundary, Device, Limit};
use super::figure::{Figure, FigureName};
use super::placed;
use super::quantity::Seconds;
use crate::counts::SpikingWork;

/// Tick length of runs without a grid, seconds: in exact mode a tick is one nanosecond and no chip's clock.
const EXACT_TICK_S: f64 = 1e-9;

/// The time of one sample on a device.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock<'d> {
    /// Ticks of the device.
    pub(super) ticks: f64,
    /// Their time, where the device says how long a tick is or how fast it runs.
    pub(super) time: Option<Seconds>,
    /// The figure the time rests on.
    pub(super) figure: Option<(&'static str, &'d str)>,
    /// Neuron updates at every tick; absent where neither the run nor the device has a grid.
    pub(super) updates: Option<f64>,
    /// Neuron updates touched by an event.
    pub(super) driven: f64,
    /// Set where the cores' work takes longer than the ticks: the time is theirs.
    pub(super) core_limited: bool,
}

/// The clock of a device for this work.
///
/// One tick of the run is one tick of the device, whatever `dt` was: a chip with a 1 ms tick runs a network of 0.1 ms ten times
/// slower than real time. The length of the tick is the first of these that the file has:
/// 1. `tick`, fixed by the chip;
/// 2. `tick_typical`, as the chip is commonly run;
/// 3. `speedup`: the chip has no tick, and a sample takes its simulated time over the speed-up.
///
/// Where the times of an event and of an update are published, the sample takes no less than the work of its cores, barriers included: the time is the
/// greater of ticks × tick and (events · t_event + updates · t_update) / cores + ticks · barrier, with work spread evenly over the
/// cores that the neurons fill; of a network that was placed, the work of its slowest core.
///
/// A run in exact mode has no grid: the simulated time is cut into the device's ticks, and every neuron is updated in each.
pub(super) fn clock<'d>(device: &'d Device, work: &SpikingWork) -> Clock<'d> {
    let samples = work.samples as f64;
    let driven = work.neuron_updates_driven as f64 / samples;
    let simulated = work.ticks_per_sample as f64 * work.dt_s;
    let gridless = work.dt_s <= 1.5 * EXACT_TICK_S;
    let source = |figure: &'d Figure<Seconds>| figure.source.as_str();
    let tick = [FigureName::Tick, FigureName::TickTypical]
        .into_iter()
        .find_map(|name| device.time(name).map(|figure| (figure.nominal, (name.word(), source(figure)))));
    let speedup = device.number(FigureName::Speedup);

    let ticks = match tick {
        Some((tick, _)) if gridless => (simulated / tick.0).ceil(),
        _ => work.ticks_per_sample as f64,
    };
    let (time, figure) = match (tick, speedup) {
        (Some((tick, figure)), _) => (Some(tick * ticks), Some(figure)),
        (None, Some(speedup)) => {
            let time = Seconds(simulated / speedup.nominal);
            (Some(time), Some((FigureName::Speedup.word(), speedup.source.as_str())))
        }
        (None, None) => (None, None),
    };
    let updates = match (gridless, tick) {
        (false, _) => Some(work.neuron_updates_clocked as f64 / samples * placed::places(work)),
        // A neuron can be touched more than once in one tick of the device.
        (true, Some(_)) => Some((work.neurons as f64 * placed::places(work) * ticks).max(driven)),
        (true, None) => None,
    };
    let busy = busy(device, work, ticks, updates.unwrap_or(driven));
    let core_limited = busy.zip(time).is_some_and(|(busy, time)| busy.0 > time.0);
    let time = if core_limited { busy } else { time };
    Clock { ticks, time: time.filter(|time| time.0 > 0.0), figure, updates, driven, core_limited }
}

/// The time of one sample on a device, as its estimates of the highest tier have it; `None` where the device has no time, or nothing was run.
#[must_use]
pub fn sample_time(device: &Device, work: &SpikingWork) -> Option<Seconds> {
    let timed = work.samples > 0 && !matches!(device.boundary, Boundary::Operations | Boundary::Core);
    if timed { clock(device, work).time } else { None }
}

/// The time that the cores of a device need for a sample.
fn busy(device: &Device, work: &SpikingWork, ticks: f64, updates: f64) -> Option<Seconds> {
    let barrier = device.time(FigureName::Barrier).map_or(Seconds(0.0), |figure| figure.nominal);
    if let Some(tick) = work.placed.as_ref().and_then(|placed| placed.core_time_s) {
        return Some((Seconds(tick) + barrier) * ticks);
    }
    let event = device.time(FigureName::SynapticEventTime)?.nominal;
    let update = device.time(FigureName::NeuronUpdateTime)?.nominal;
    let filled = work.neurons.div_ceil(device.limit(Limit::NeuronsPerCore)?.max(1)).max(1);
    let cores = device.limit(Limit::UsableCores).or(device.limit(Limit::Cores)).map_or(filled, |cores| cores.min(filled));
    let events = work.counts.synaptic_events as f64 / work.samples as f64;
    Some((event * events + update * updates) / cores.max(1) as f64 + barrier * ticks)
}
