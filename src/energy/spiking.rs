//! Prices a spiking run: by terms, all-in, or as power times time, as the device's figures allow.

use super::clock::{Clock, clock};
use super::device::{Boundary, Device, Limit, Runs, Scope, Updates};
use super::estimate::EnergyEstimate;
use super::evidence::FigureKind;
use super::figure::{Figure, FigureName};
use super::ledger::Ledger;
use super::quantity::{Joules, Seconds, Watts};
use super::uncertainty::Slot;
use super::{arithmetic, fits, memory, placed};
use crate::counts::SpikingWork;

/// The energy of a sample of a spiking run on a device.
pub(super) fn estimate(device: &Device, work: &SpikingWork, tier: u8) -> EnergyEstimate {
    let mut ledger = Ledger::new(device, Runs::Spiking, tier);
    ledger.why_not = fits::why_not(device, work);
    if work.samples == 0 {
        ledger.caveat("no sample was run, so there is no energy per sample");
        return ledger.close();
    }
    if device.boundary == Boundary::Operations {
        arithmetic::spiking(&mut ledger, device, work);
        return ledger.close();
    }
    if memory_model(device) {
        memory::spiking(&mut ledger, device, work);
        return ledger.close();
    }
    caveats_of_size(&mut ledger, device, work);
    let clock = clock(device, work);
    ledger.latency = clock.time;
    if let Some((name, source)) = clock.figure {
        ledger.caveat(format!("the time of a sample comes from the device's {name} ({source})"));
    }
    if clock.core_limited {
        let time = clock.time.unwrap_or_default();
        ledger.caveat(format!("the cores need longer than their ticks: {time} a sample, as their work is spread over them"));
    }
    if device.scope == Some(Scope::AllIn) {
        all_in(&mut ledger, device, work, &clock);
        return ledger.close();
    }
    by_terms(&mut ledger, device, work, &clock, tier);
    if tier == 1 {
        ledger.latency = None;
        ledger.caveat("operations alone: standing power, messages, hops and host are left out");
    } else {
        standing_power(&mut ledger, device, work, clock.time);
    }
    ledger.close()
}

/// True of a model of a core that has arithmetic and memory figures rather than one of a synaptic event.
fn memory_model(device: &Device) -> bool {
    device.boundary == Boundary::Core && !device.energies.contains_key(&FigureName::SynapticEvent)
}

/// What to know where the network is not as the device would hold it.
fn caveats_of_size(ledger: &mut Ledger<'_>, device: &Device, work: &SpikingWork) {
    if ledger.why_not.is_some() {
        ledger.caveat("priced as if it fitted");
    } else if work.placed.is_none() && fits::untested(device) {
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
fn by_terms<'d>(ledger: &mut Ledger<'d>, device: &'d Device, work: &SpikingWork, clock: &Clock<'d>, tier: u8) {
    let (synaptic, analog) = events(work);
    let spikes = work.neuron_spikes as f64 / work.samples as f64;
    if let Some(step) = device.energy(FigureName::TimeStep) {
        ledger.charge("time steps", clock.ticks, (FigureName::TimeStep, step), FigureKind::Energy);
        ledger.caveat("a time step is priced whole: how many events it has makes no difference to the figure");
    } else {
        match device.energy(FigureName::SynapticEvent) {
            Some(event) => {
                ledger.charge("synaptic events", synaptic, (FigureName::SynapticEvent, event), FigureKind::Energy);
                if analog > 0.0 {
                    analog_inputs(ledger, device, analog);
                }
            }
            None => ledger.unpriced("synaptic events"),
        }
        updates(ledger, device, clock);
        match device.energy(FigureName::Spike) {
            Some(spike) => ledger.charge("spikes", spikes, (FigureName::Spike, spike), FigureKind::Energy),
            None => ledger.unpriced("spikes"),
        }
        // Messages and hops are the chip's, not the network's: no operation of it.
        if tier > 1 {
            between_cores(ledger, device, work, spikes);
        }
    }
    if work.counts.stimulus_events > 0 {
        ledger.unpriced("bringing input events to the device");
    }
}

/// Messages, broadcasts and hops: as the network was placed, or one message a spike and no hops where it was not.
fn between_cores<'d>(ledger: &mut Ledger<'d>, device: &'d Device, work: &SpikingWork, spikes: f64) {
    let placed = work.placed.as_ref();
    let messages = placed.map_or(spikes, |placed| placed.messages / work.samples as f64);
    for (figure, name) in [(FigureName::Message, "messages"), (FigureName::Broadcast, "broadcasts")] {
        let Some(energy) = device.energy(figure) else { continue };
        ledger.charge(name, messages, (figure, energy), FigureKind::Energy);
        match placed {
            None => ledger.caveat(format!("{name}: one a spike; a spike whose targets lie on several cores takes more")),
            Some(placed) if !placed.exact => {
                ledger.caveat(format!("{name}: each neuron is taken to spike as often as its population does"))
            }
            Some(_) => {}
        }
    }
    if let Some(hop) = device.energy(FigureName::Hop) {
        match placed.map(|placed| placed.hops) {
            Some(Some(hops)) => ledger.charge("hops", hops / work.samples as f64, (FigureName::Hop, hop), FigureKind::Energy),
            Some(None) => ledger.unpriced("hops (how the chip's cores lie is not known)"),
            None => ledger.unpriced("hops (they depend on a placement on cores)"),
        }
    }
}

/// Analog inputs, priced as multiplications where the device has a figure.
fn analog_inputs<'d>(ledger: &mut Ledger<'d>, device: &'d Device, macs: f64) {
    if let Some(mac) = device.macs.first() {
        let nominal = mac.energy.nominal * macs;
        let factors = mac.spread_at(1).relative().factors(Slot::MAC);
        ledger.add("analog inputs", nominal, factors.map(|factor| nominal.0 * factor));
        ledger.rests_on("analog inputs", &mac.energy);
    } else if let Some(event) = device.energy(FigureName::SynapticEvent) {
        ledger.charge("analog inputs", macs, (FigureName::SynapticEvent, event), FigureKind::Energy);
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
            // One draw for both, and a driven update costs at least what an idle one does: it does all that and more.
            let slot = Slot::figure(FigureName::NeuronUpdate);
            let trials = |figure: &Figure<Joules>| -> Vec<f64> {
                figure.spread(FigureKind::Energy).relative().factors(slot).map(|factor| figure.nominal.0 * factor).collect()
            };
            let (of_driven, of_idle) = (trials(update), trials(idle));
            let left = (clocked - clock.driven).max(0.0);
            let at_least = of_driven.iter().zip(&of_idle).map(|(driven, idle)| driven.max(*idle) * clock.driven);
            ledger.add("neuron updates, driven", update.nominal * clock.driven, at_least);
            ledger.rests_on("neuron updates, driven", update);
            ledger.add("neuron updates, idle", idle.nominal * left, of_idle.iter().map(|idle| idle * left));
            ledger.rests_on("neuron updates, idle", idle);
            ledger.mark_dynamic();
        }
        (Some(Updates::EveryTick), Some(clocked), None) => {
            ledger.charge("neuron updates", clocked.max(clock.driven), (FigureName::NeuronUpdate, update), FigureKind::Energy);
            ledger.caveat("every neuron pays the one published update figure at every tick, touched or not");
        }
        (Some(Updates::EveryTick), None, _) => {
            ledger.charge("neuron updates, driven", clock.driven, (FigureName::NeuronUpdate, update), FigureKind::Energy);
            ledger.unpriced("idle neuron updates (neither the run nor the device has a tick)");
        }
        (Some(Updates::OnEvent) | None, ..) => {
            ledger.charge("neuron updates, driven", clock.driven, (FigureName::NeuronUpdate, update), FigureKind::Energy);
        }
    }
}

/// Static and host power of every chip for the time of a sample.
fn standing_power<'d>(ledger: &mut Ledger<'d>, device: &'d Device, work: &SpikingWork, time: Option<Seconds>) {
    let chips = placed::chips(work);
    if chips > 1.0 {
        ledger.caveat(format!("{chips} chips, each with its standing power"));
    }
    let time = time.map(|time| time * chips);
    let powers = [(FigureName::StaticPower, "static power"), (FigureName::HostPower, "host processors")];
    for (figure, name) in powers {
        match (device.power(figure), time) {
            (Some(power), Some(time)) => ledger.charge_power(name, time, (figure, power), false),
            (Some(_), None) => ledger.unpriced(format!("{name} (the device has no tick, so a sample has no time)")),
            (None, _) if figure == FigureName::StaticPower => ledger.unpriced(name),
            (None, _) => {}
        }
    }
}

/// All-in figures: one of them, and nothing added.
fn all_in<'d>(ledger: &mut Ledger<'d>, device: &'d Device, work: &SpikingWork, clock: &Clock<'d>) {
    let total = device.power(FigureName::TotalPower);
    let event = device.energy(FigureName::SynapticEvent);
    if let (Some(event), Some(total), Some(time)) = (event.filter(|event| event.low.is_some()), total, clock.time) {
        in_two_parts(ledger, device, work, event, total, time);
        return;
    }
    if let Some(event) = event {
        let (synaptic, analog) = events(work);
        ledger.charge("synaptic events, all-in", synaptic, (FigureName::SynapticEvent, event), FigureKind::Energy);
        if analog > 0.0 {
            ledger.charge("analog inputs, all-in", analog, (FigureName::SynapticEvent, event), FigureKind::Energy);
            ledger.caveat(ANALOG);
        }
        distance_from_operating_point(ledger, device, work, clock);
    } else if let Some(inference) = device.energy(FigureName::Inference) {
        ledger.charge("inference of the maker's task", 1.0, (FigureName::Inference, inference), FigureKind::Inference);
        let point = device.operating_point.as_deref().unwrap_or("not stated");
        ledger.caveat(format!("the figure is that of another network ({point}) and does not grow with this one"));
    } else if let (Some(total), Some(time)) = (total, clock.time) {
        ledger.charge_power(
            "total power over the time of a sample",
            time * placed::chips(work),
            (FigureName::TotalPower, total),
            true,
        );
        ledger.caveat("power times time: how many events there are makes no difference to the figure");
    } else {
        ledger.unpriced("synaptic events");
        match total {
            Some(_) => ledger.unpriced("total power (the device has no tick, so a sample has no time)"),
            None => ledger.unpriced("everything else"),
        }
    }
}

/// An all-in figure of which the least was published as well, on a chip with known total power and time: parted into what is drawn whatever
/// happens and what events add, so that both together are the figure at its operating point.
///
/// Total power over events is never less than what one more event costs, so that the least published figure e_low bounds that cost, and
/// 1 − e_low / e of the power at the operating point is standing: E = P_total · t · (1 − e_low / e) + events · e_low. Nothing is added to the figure.
fn in_two_parts<'d>(
    ledger: &mut Ledger<'d>,
    device: &'d Device,
    work: &SpikingWork,
    event: &'d Figure<Joules>,
    total: &'d Figure<Watts>,
    time: Seconds,
) {
    let least = event.low.unwrap_or(event.nominal);
    let (synaptic, analog) = events(work);
    // One figure of a meter used for another network: its factor, and bounded above by the figure with everything in it.
    let marginal =
        Figure { low: None, nominal: least, high: None, source: String::new(), grade: event.grade, peak: false, note: None };
    let most = event.nominal.0.max(least.0);
    let trials: Vec<f64> = marginal
        .spread(FigureKind::Energy)
        .relative()
        .factors(Slot::figure(FigureName::SynapticEvent))
        .map(|factor| (least.0 * factor).min(most))
        .collect();
    ledger.add("synaptic events", least * synaptic, trials.iter().map(|each| each * synaptic));
    ledger.rests_on("synaptic events", event);
    if analog > 0.0 {
        ledger.add("analog inputs", least * analog, trials.iter().map(|each| each * analog));
        ledger.caveat(ANALOG);
    }
    let share = (1.0 - least / event.nominal).clamp(0.0, 1.0);
    ledger.charge_power(
        "standing part of the all-in figure",
        time * (share * placed::chips(work)),
        (FigureName::TotalPower, total),
        false,
    );
    ledger.mark_dynamic();
    let point = device.operating_point.as_deref().unwrap_or("not stated");
    ledger.caveat(format!(
        "all-in at one operating point ({point}), parted: events at the least figure published, {least}, which bounds what one more costs; {:.0} % of {} \
         drawn whatever happens",
        share * 100.0,
        total.nominal
    ));
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
    let far = |(here, there): &(f64, &Figure<f64>)| *here > there.nominal * FAR || *here < there.nominal / FAR;
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
        let whole = total.nominal * time * placed::chips(work);
        ledger.high_at_least = Some(whole);
        text += &format!("; the chip's {} for {time} are {whole}, which the high end takes in", total.nominal);
    }
    ledger.caveat(text);
}
