//! Prices a spiking run: by terms, all-in, or as power times time, as the device's figures allow.

use super::clock::{Clock, clock};
use super::device::{Boundary, Device, Limit, Runs, Scope, Updates};
use super::estimate::{EnergyEstimate, Ledger};
use super::evidence::FigureKind;
use super::figure::FigureName;
use super::quantity::Seconds;
use super::{arithmetic, fits};
use crate::counts::SpikingWork;

/// The energy of a sample of a spiking run on a device.
pub(super) fn estimate(device: &Device, work: &SpikingWork) -> EnergyEstimate {
    let mut ledger = Ledger::new(device, Runs::Spiking);
    ledger.why_not = fits::why_not(device, work);
    if work.samples == 0 {
        ledger.caveat("no sample was run, so there is no energy per sample");
        return ledger.close();
    }
    if device.boundary == Boundary::Operations {
        arithmetic::spiking(&mut ledger, device, work);
        return ledger.close();
    }
    caveats_of_size(&mut ledger, device, work);
    let clock = clock(device, work);
    ledger.latency = clock.time;
    if let Some((name, source)) = clock.figure {
        ledger.caveat(format!("the time of a sample comes from the device's {name} ({source})"));
    }
    if device.scope == Some(Scope::AllIn) {
        all_in(&mut ledger, device, work, &clock);
    } else {
        by_terms(&mut ledger, device, work, &clock);
    }
    ledger.close()
}

/// What to know where the network is not as the device would hold it.
fn caveats_of_size(ledger: &mut Ledger<'_>, device: &Device, work: &SpikingWork) {
    if ledger.why_not.is_some() {
        ledger.caveat("priced as if it fitted one device");
    } else if fits::untested(device) {
        ledger.caveat("the device states no limit of neurons, synapses or fan-in to test");
    }
    if let Some(bits) = device.limit(Limit::WeightBits)
        && u64::from(work.weight_bits) > bits
    {
        let stored = work.weight_bits;
        ledger.caveat(format!("weights of {stored} bits would have to be quantised to {bits}; accuracy may fall"));
    }
}

/// Events per sample: spikes at synapses, and non-zero analog inputs at synapses.
fn events(work: &SpikingWork) -> (f64, f64) {
    let samples = work.samples as f64;
    (work.counts.synaptic_events as f64 / samples, work.counts.effective_macs as f64 / samples)
}

/// The analog inputs of a device without a figure for them.
const ANALOG: &str =
    "analog inputs are priced as synaptic events: the device has no figure for a multiplication, which costs more";

/// Per-term and incremental figures: events, updates, spikes, static power.
fn by_terms<'d>(ledger: &mut Ledger<'d>, device: &'d Device, work: &SpikingWork, clock: &Clock<'d>) {
    let (synaptic, analog) = events(work);
    let spikes = work.neuron_spikes as f64 / work.samples as f64;
    if let Some(step) = device.energy(FigureName::TimeStep) {
        ledger.charge("time steps", clock.ticks, step, FigureKind::Energy);
        ledger.caveat("a time step is priced whole: how many events it has makes no difference to the figure");
    } else {
        match device.energy(FigureName::SynapticEvent) {
            Some(event) => {
                ledger.charge("synaptic events", synaptic, event, FigureKind::Energy);
                if analog > 0.0 {
                    analog_inputs(ledger, device, analog);
                }
            }
            None => ledger.unpriced("synaptic events"),
        }
        updates(ledger, device, clock);
        match device.energy(FigureName::Spike) {
            Some(spike) => ledger.charge("spikes", spikes, spike, FigureKind::Energy),
            None => ledger.unpriced("spikes"),
        }
        if let Some(broadcast) = device.energy(FigureName::Broadcast) {
            ledger.charge("broadcasts", spikes, broadcast, FigureKind::Energy);
            ledger.caveat("one broadcast a spike: a spike whose targets lie on several cores takes more");
        }
        if device.energy(FigureName::Hop).is_some() {
            ledger.unpriced("hops (they depend on a placement on cores)");
        }
    }
    if work.counts.stimulus_events > 0 {
        ledger.unpriced("bringing input events to the device");
    }
    standing_power(ledger, device, clock.time);
}

/// Analog inputs, priced as multiplications where the device has a figure.
fn analog_inputs<'d>(ledger: &mut Ledger<'d>, device: &'d Device, macs: f64) {
    if let Some(mac) = device.macs.first() {
        ledger.add("analog inputs", mac.range_at_batch_1() * macs, &mac.energy);
    } else if let Some(event) = device.energy(FigureName::SynapticEvent) {
        ledger.charge("analog inputs", macs, event, FigureKind::Energy);
        ledger.caveat(ANALOG);
    }
}

/// Neuron updates: touched and idle ones apart where the device tells them apart.
fn updates<'d>(ledger: &mut Ledger<'d>, device: &'d Device, clock: &Clock<'d>) {
    let Some(update) = device.energy(FigureName::NeuronUpdate) else {
        ledger.unpriced("neuron updates");
        return;
    };
    let idle = device.energy(FigureName::NeuronUpdateIdle);
    match (device.updates, clock.updates, idle) {
        (Some(Updates::EveryTick), Some(clocked), Some(idle)) => {
            ledger.charge("neuron updates, driven", clock.driven, update, FigureKind::Energy);
            ledger.charge("neuron updates, idle", (clocked - clock.driven).max(0.0), idle, FigureKind::Energy);
        }
        (Some(Updates::EveryTick), Some(clocked), None) => {
            ledger.charge("neuron updates", clocked.max(clock.driven), update, FigureKind::Energy);
            ledger.caveat("every neuron pays the one published update figure at every tick, touched or not");
        }
        (Some(Updates::EveryTick), None, _) => {
            ledger.charge("neuron updates, driven", clock.driven, update, FigureKind::Energy);
            ledger.unpriced("idle neuron updates (neither the run nor the device has a tick)");
        }
        (Some(Updates::OnEvent) | None, ..) => {
            ledger.charge("neuron updates, driven", clock.driven, update, FigureKind::Energy);
        }
    }
}

/// Static and host power for the time of a sample.
fn standing_power<'d>(ledger: &mut Ledger<'d>, device: &'d Device, time: Option<Seconds>) {
    let powers = [(FigureName::StaticPower, "static power"), (FigureName::HostPower, "host processors")];
    for (figure, name) in powers {
        match (device.power(figure), time) {
            (Some(power), Some(time)) => ledger.charge_power(name, time, power, false),
            (Some(_), None) => ledger.unpriced(format!("{name} (the device has no tick, so a sample has no time)")),
            (None, _) if figure == FigureName::StaticPower => ledger.unpriced(name),
            (None, _) => {}
        }
    }
}

/// All-in figures: one of them, and nothing added.
fn all_in<'d>(ledger: &mut Ledger<'d>, device: &'d Device, work: &SpikingWork, clock: &Clock<'d>) {
    let total = device.power(FigureName::TotalPower);
    if let Some(event) = device.energy(FigureName::SynapticEvent) {
        let (synaptic, analog) = events(work);
        ledger.charge("synaptic events, all-in", synaptic, event, FigureKind::Energy);
        if analog > 0.0 {
            ledger.charge("analog inputs, all-in", analog, event, FigureKind::Energy);
            ledger.caveat(ANALOG);
        }
        distance_from_operating_point(ledger, device, work, clock);
    } else if let Some(inference) = device.energy(FigureName::Inference) {
        ledger.charge("inference of the maker's task", 1.0, inference, FigureKind::Inference);
        let point = device.operating_point.as_deref().unwrap_or("not stated");
        ledger.caveat(format!("the figure is that of another network ({point}) and does not grow with this one"));
    } else if let (Some(total), Some(time)) = (total, clock.time) {
        ledger.charge_power("total power over the time of a sample", time, total, true);
        ledger.caveat("power times time: how many events there are makes no difference to the figure");
    } else {
        ledger.unpriced("synaptic events");
        match total {
            Some(_) => ledger.unpriced("total power (the device has no tick, so a sample has no time)"),
            None => ledger.unpriced("everything else"),
        }
    }
}

/// An all-in figure holds at its operating point: more than this factor away in rate or fan-out it is warned of.
const FAR: f64 = 2.0;

/// Says how far the run is from the operating point. Where it is far and the device's total power and time are known, the
/// chip may draw that power however little it does, so the high end takes it in.
fn distance_from_operating_point<'d>(ledger: &mut Ledger<'d>, device: &'d Device, work: &SpikingWork, clock: &Clock<'d>) {
    let point = device.operating_point.as_deref().unwrap_or("not stated");
    let rate = clock
        .time
        .filter(|_| work.neurons > 0)
        .map(|time| work.neuron_spikes as f64 / (work.samples as f64 * work.neurons as f64 * time.0))
        .zip(device.number(FigureName::OperatingRate));
    let fan_out = (work.counts.spikes > 0)
        .then(|| work.counts.synaptic_events as f64 / work.counts.spikes as f64)
        .zip(device.number(FigureName::OperatingFanOut));
    let far = |(here, there): &(f64, &super::figure::Figure<f64>)| *here > there.nominal * FAR || *here < there.nominal / FAR;
    if rate.is_none() && fan_out.is_none() {
        ledger.caveat(format!("all-in at one operating point ({point}); how far this run is from it cannot be told"));
        return;
    }
    let mut distances = Vec::new();
    if let Some((here, there)) = rate.filter(far) {
        distances.push(format!("{here:.3} Hz mean rate against {} Hz", there.nominal));
    }
    if let Some((here, there)) = fan_out.filter(far) {
        distances.push(format!("{here:.1} synapses a spike against {}", there.nominal));
    }
    if distances.is_empty() {
        return;
    }
    let mut text = format!("all-in at one operating point ({point}), and this run is far from it: {}", distances.join(", "));
    if let (Some(total), Some(time)) = (device.power(FigureName::TotalPower), clock.time) {
        let whole = total.nominal * time;
        ledger.high_at_least = Some(whole);
        text += &format!("; the chip's {} for {time} are {whole}, which the high end takes in", total.nominal);
    }
    ledger.caveat(text);
}
