//! Curves against prices of their own points, and the laws of a curve.

use super::super::testing::{dense_work, work};
use super::super::{break_even, device, estimate, verdict};
use super::*;
use proptest::prelude::*;

fn of(spiking: &str, dense: &str, work: &SpikingWork) -> Curve {
    curve((device(spiking).expect("built in"), work), (device(dense).expect("built in"), &dense_work())).expect("both are priced")
}

const PAIRS: &[(&str, &str)] = &[
    ("asic-45nm-memory", "asic-45nm-memory"),
    ("asic-7nm-arith", "asic-7nm-arith"),
    ("loihi1-sanafe", "mcu-m4-l4r5"),
    ("loihi1-sanafe", "max78000"),
    ("truenorth", "mcu-m33-u575"),
    ("odin", "mcu-m4-l4r5"),
    ("xylo-audio2", "max78000"),
    ("dynap-se", "eyeriss"),
    ("tianjic", "tianjic"),
];

#[test]
fn one_spike_a_synapse_by_hand() {
    // int8 of 45 nm, per sample: 5000 · x events · 0.03 pJ, 1000 updates · 0.26 pJ, 150 spikes at x = 2 · 0.03 pJ, against 5000 · 0.23 pJ.
    let found = of("asic-45nm-arith", "asic-45nm-arith", &work());
    let nominal = |x: f64| (5000.0 * x * 0.03 + 1000.0 * 0.26 + 75.0 * x * 0.03) / (5000.0 * 0.23);
    for point in found.points.iter().chain([&found.here]) {
        let by_hand = nominal(point.spikes_per_synapse);
        assert!((point.ratio.nominal / by_hand - 1.0).abs() < 1e-9, "{point:?}, by hand {by_hand}");
    }
    assert!((found.here.spikes_per_synapse - 2.0).abs() < 1e-12);
    // nominal(x) = 1 at (1150 − 260) / (150 + 2.25).
    let crossing = found.crossing.nominal.expect("it crosses");
    assert!((crossing - 890.0 / 152.25).abs() < 1e-6, "{crossing}");
    // One figure is drawn for all operations of a table, so its band is that of the numeric types alone.
    assert!(found.here.ratio.low < found.here.ratio.nominal && found.here.ratio.nominal <= found.here.ratio.high);
}

#[test]
fn every_point_is_what_the_estimator_says() {
    let mut work = work();
    work.counts.effective_macs = 300;
    for &(on, against) in PAIRS {
        let (on, against) = (device(on).expect("built in"), device(against).expect("built in"));
        let (twin, tier) = (dense_work(), super::super::tier::highest(on));
        let found = curve((on, &work), (against, &twin)).expect("both are priced");
        let dense = estimate(against, &Work { spiking: None, dense: Some(&twin) }).remove(0);
        let sweep = Sweep::new(on, &work, tier).expect("priced");
        let of = Against::new(on, &dense).expect("priced");
        for (point, &factor) in found.points.iter().zip(&sweep.factors) {
            let price = sweep.price(factor).expect("priced").estimate;
            let real = of.ratio(&price, &price, 0.0, &mut Vec::new()).expect("finite");
            for (mixed, real) in [(point.ratio.low, real.low), (point.ratio.nominal, real.nominal), (point.ratio.high, real.high)]
            {
                assert!((mixed / real - 1.0).abs() < 1e-6, "{} at {factor}: {mixed} and {real}", on.id);
            }
        }
    }
}

#[test]
fn the_network_s_own_point_is_the_verdict_s_ratio() {
    let (work, twin) = (work(), dense_work());
    let on = device("asic-45nm-memory").expect("built in");
    let spiking = estimate(on, &Work { spiking: Some(&work), dense: None });
    let dense = estimate(on, &Work { spiking: None, dense: Some(&twin) });
    let words = verdict(&spiking, &dense, &break_even(&work), None, None).reason;
    let here = of("asic-45nm-memory", "asic-45nm-memory", &work).here;
    let said = format!("takes {:.2} to {:.2} times", here.ratio.low, here.ratio.high);
    assert!(words.contains(&said), "{said} is not in: {words}");
    // As it ran, to the last digits that a whole number of events allows.
    let own = spiking[0].energy_per_sample.expect("priced").nominal / dense[0].energy_per_sample.expect("priced").nominal;
    assert!((here.ratio.nominal / own - 1.0).abs() < 1e-9);
}

#[test]
fn a_kink_in_the_time_is_found() {
    // A core that needs 0.8 ms a tick needs more than the chip's millisecond once there are a quarter more events.
    let mut work = work();
    work.placed = Some(crate::counts::PlacedWork {
        cores: 1,
        chips: 1,
        places: 100,
        messages: 300.0,
        hops: Some(100.0),
        core_time_s: Some(0.8e-3),
        exact: true,
        why_not: Vec::new(),
    });
    let on = device("loihi1-sanafe").expect("built in");
    let sweep = Sweep::new(on, &work, 3).expect("priced");
    assert!(sweep.chords.contains(&true) && sweep.chords.contains(&false), "{:?}", sweep.chords);
    let found = of("loihi1-sanafe", "mcu-m4-l4r5", &work);
    let (first, last) = (found.points[0].ratio.nominal, found.points[found.points.len() - 1].ratio.nominal);
    assert!(last > 3.0 * first, "static power goes with the time: {first} to {last}");
}

#[test]
fn a_network_without_spikes_has_no_curve() {
    let mut work = work();
    work.counts.synaptic_events = 0;
    assert!(Sweep::new(device("asic-45nm-arith").expect("built in"), &work, 1).is_none());
}

#[test]
fn only_one_boundary_is_like_for_like() {
    let (work, twin) = (work(), dense_work());
    let on = |id: &str| estimate(device(id).expect("built in"), &Work { spiking: Some(&work), dense: Some(&twin) });
    let pair = |spiking: &str, dense: &str| like_for_like(&on(spiking)[0], on(dense).last().expect("priced"));
    assert!(pair("asic-45nm-memory", "asic-45nm-memory") && pair("loihi1-sanafe", "mcu-m4-l4r5"));
    assert!(!pair("generic-digital-45nm-event", "asic-45nm-memory"), "a core's figure with memory inside is no partner");
    assert!(!pair("loihi1-sanafe", "gpu-a100"), "a chip and a board");
    assert!(!pair("asic-45nm-memory", "asic-7nm-memory"), "another node");
}

proptest! {
    #[test]
    fn ratios_rise_with_spikes_and_hold_the_crossing(events in 1_u64..10_000_000, ticks in 1_u64..200, driven in 0.0..1.0_f64) {
        let mut work = work();
        work.counts.synaptic_events = events;
        (work.counts.spikes, work.neuron_spikes) = (events / 50, events / 60);
        work.ticks_per_sample = ticks;
        work.neuron_updates_clocked = 200 * ticks;
        work.neuron_updates_driven = ((200 * ticks) as f64 * driven) as u64;
        for &(on, against) in PAIRS {
            let found = of(on, against, &work);
            for ends in found.points.windows(2) {
                let (a, b) = (ends[0].ratio, ends[1].ratio);
                prop_assert!(ends[0].spikes_per_synapse < ends[1].spikes_per_synapse);
                for (a, b) in [(a.low, b.low), (a.nominal, b.nominal)] {
                    prop_assert!(b >= a * (1.0 - 1e-9), "{on}: {ends:?}");
                }
            }
            prop_assert!(found.points.iter().all(|point| point.ratio.is_ordered() && point.ratio.low > 0.0));
            let Crossing { low, nominal, high } = found.crossing;
            let place = |end: Option<f64>| end.unwrap_or(f64::INFINITY);
            prop_assert!(place(low) <= place(nominal) * (1.0 + 1e-6) && place(nominal) <= place(high) * (1.0 + 1e-6), "{on}: {:?}", found.crossing);
            let here = found.here.spikes_per_synapse;
            let near = |end: Option<f64>| end.is_some_and(|end| (end / here - 1.0).abs() < 1e-4);
            let by_crossing = if here < place(low) { Winner::Spiking } else if here > place(high) { Winner::Dense } else { Winner::Undecided };
            prop_assert!(near(low) || near(high) || found.here.winner() == by_crossing, "{on}: {here} {:?} {:?}", found.here, found.crossing);
        }
    }
}
