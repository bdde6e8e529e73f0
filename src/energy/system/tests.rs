//! Laws of a system: what each part does to its power and its hours.

use super::super::testing::work;
use super::super::{Work, device, estimate};
use super::*;
use proptest::prelude::*;

fn loihi() -> EnergyEstimate {
    estimate(device("loihi1-sanafe").expect("built in"), &Work { spiking: Some(&work()), dense: None }).remove(0)
}

fn watts(value: f64) -> Option<Range<Watts>> {
    Some(Range::point(Watts(value)))
}

/// A control cycle of 20 ms on a drone, worked out by hand.
fn drone() -> SystemSettings {
    SystemSettings {
        board: watts(0.94),
        sensor: watts(0.01),
        regulator_efficiency: Range::point(0.8),
        battery: Some(Battery { energy: Range::point(watt_hours(10.0)), depth_of_discharge: 0.8, other: watts(30.0) }),
        ..SystemSettings::at(Hertz(50.0))
    }
}

#[test]
fn a_system_by_hand() {
    let chip = loihi();
    let found = system(&chip, &drone()).expect("it is priced");
    let running: f64 = chip.terms.iter().filter(|term| !term.standing).map(|term| term.nominal_j.0).sum();
    // 96.3 mW all the time, whatever the share of it in the time of a sample.
    let sum = (running * 50.0 + 0.0963 + 0.94 + 0.01) / 0.8;
    assert!((found.power.nominal.0 / sum - 1.0).abs() < 1e-12, "{} {sum}", found.power);
    assert!((found.energy_per_answer.nominal.0 / (sum / 50.0) - 1.0).abs() < 1e-12);
    assert_eq!((found.duty_cycle, found.keeps_up, found.tier), (Some(0.5), true, 4));
    let hours = found.endurance_hours.expect("it has a battery").nominal;
    assert!((hours / (8.0 / (sum + 30.0)) - 1.0).abs() < 1e-12, "{hours}");
    assert!((found.share_of_battery.expect("motors") - sum / (sum + 30.0)).abs() < 1e-12);
    assert_eq!(found.dominant_term, "board");
    let of_terms: f64 = found.terms.iter().map(|term| term.power_w.nominal.0).sum();
    assert!((of_terms / sum - 1.0).abs() < 1e-12, "losses are a term");
    assert!(found.power.is_ordered() && found.power.high.0 > found.power.nominal.0);
    assert!(found.unpriced.contains(&"host".to_owned()) && !found.unpriced.contains(&"sensor".to_owned()));
}

#[test]
fn a_chip_that_sleeps_pays_its_standing_power_while_it_works() {
    let mut settings = drone();
    let always = system(&loihi(), &settings).expect("priced");
    settings.sleep = watts(0.0);
    let gated = system(&loihi(), &settings).expect("priced");
    // Half of 96.3 mW, over the regulators.
    let saved = always.power.nominal.0 - gated.power.nominal.0;
    assert!((saved - 0.0963 * 0.5 / 0.8).abs() < 1e-12, "{saved}");
    assert!(gated.caveats.iter().any(|text| text.contains("waking")));
    settings.sleep = watts(0.002);
    let asleep = system(&loihi(), &settings).expect("priced");
    assert!((asleep.power.nominal.0 - gated.power.nominal.0 - 0.001 / 0.8).abs() < 1e-12, "half of 2 mW, over the regulators");
}

#[test]
fn a_chip_that_is_asked_too_often_does_not_keep_up() {
    let found = system(&loihi(), &SystemSettings::at(Hertz(200.0))).expect("priced");
    assert!(!found.keeps_up && found.caveats.iter().any(|text| text.contains("does not keep up")), "{:?}", found.caveats);
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let mut chip = loihi();
    chip.tier = 1;
    let wrong = SystemSettings {
        regulator_efficiency: Range::point(1.2),
        sensor: watts(-1.0),
        battery: Some(Battery { energy: Range::point(Joules(0.0)), depth_of_discharge: 2.0, other: None }),
        ..SystemSettings::at(Hertz(0.0))
    };
    let complaints = system(&chip, &wrong).expect_err("nothing is right").to_string();
    for place in ["estimate", "request_rate", "sensor", "regulator_efficiency", "battery.energy", "depth_of_discharge"] {
        assert!(complaints.contains(place), "{place}: {complaints}");
    }
}

/// A system of any powers, watts.
fn any(board: f64, host: f64, sensor: f64, rate: f64, sleep: Option<f64>) -> SystemSettings {
    SystemSettings {
        board: watts(board),
        host: watts(host),
        sensor: watts(sensor),
        sleep: sleep.and_then(watts),
        ..SystemSettings::at(Hertz(rate))
    }
}

fn term<'s>(found: &'s SystemEstimate, name: &str) -> &'s PowerTerm {
    found.terms.iter().find(|term| term.name == name).expect("it is a term")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn doubling_the_board_moves_its_own_term_and_its_losses_alone(board in 0.001f64..10.0, host in 0.0f64..5.0, rate in 0.1f64..90.0) {
        let of = |board| system(&loihi(), &any(board, host, 0.01, rate, None)).expect("priced");
        let (once, twice) = (of(board), of(2.0 * board));
        for (a, b) in once.terms.iter().zip(&twice.terms).filter(|(a, _)| a.name != "board" && a.name != "regulators") {
            prop_assert_eq!(a, b);
        }
        let moved = twice.power.nominal.0 - once.power.nominal.0;
        prop_assert!((moved / (board / 0.9) - 1.0).abs() < 1e-9, "{}", moved);
        let ratio = term(&twice, "board").power_w.nominal / term(&once, "board").power_w.nominal;
        prop_assert!((ratio - 2.0).abs() < 1e-12);
    }

    #[test]
    fn more_requests_never_take_less_power(rate in 0.1f64..200.0, more in 1.0f64..5.0, sleep in proptest::option::of(0.0f64..0.03)) {
        let of = |rate| system(&loihi(), &any(0.5, 0.1, 0.01, rate, sleep)).expect("priced");
        let (seldom, often) = (of(rate), of(rate * more));
        prop_assert!(often.power.nominal.0 >= seldom.power.nominal.0 * (1.0 - 1e-12));
        prop_assert!(often.power.low.0 >= seldom.power.low.0 * (1.0 - 1e-12) && often.power.high.0 >= seldom.power.high.0 * (1.0 - 1e-12));
    }

    #[test]
    fn hours_times_power_is_what_the_battery_gives(energy in 1.0f64..1e6, share in 0.05f64..1.0, rate in 0.1f64..90.0) {
        let battery = Some(Battery { energy: Range::point(Joules(energy)), depth_of_discharge: share, other: None });
        let found = system(&loihi(), &SystemSettings { battery, ..any(0.5, 0.1, 0.01, rate, None) }).expect("priced");
        let hours = found.endurance_hours.expect("it has a battery");
        let given = energy * share / 3600.0;
        for (hours, power) in [(hours.nominal, found.power.nominal), (hours.low, found.power.high), (hours.high, found.power.low)] {
            // Percentiles lie between trials.
            prop_assert!((hours * power.0 / given - 1.0).abs() < 1e-3, "{} {} {}", hours, power, given);
        }
    }
}

#[test]
fn a_device_without_a_clock_draws_its_idle_power_all_the_time() {
    let gpu = device("gpu-a100").expect("built in");
    let dense = super::super::testing::dense_work();
    let of = estimate(gpu, &Work { spiking: None, dense: Some(&dense) }).remove(0);
    assert!(of.latency.is_none() && !of.terms.iter().any(|term| term.standing));
    let bare = system(&of, &SystemSettings::at(Hertz(50.0))).expect("priced");
    assert!(!bare.between_answers && bare.unpriced.iter().any(|text| text.contains("between answers")), "{:?}", bare.unpriced);
    let idle = idle_power(gpu).expect("it is published");
    let with = system(&of, &SystemSettings { idle: Some(idle), ..SystemSettings::at(Hertz(50.0)) }).expect("priced");
    assert!(with.between_answers && !with.unpriced.iter().any(|text| text.contains("between answers")));
    let more = with.power.nominal.0 - bare.power.nominal.0;
    assert!((more / (idle.nominal.0 / 0.9) - 1.0).abs() < 1e-9, "{more}");
    // A chip with standing power of its own has it once.
    let chip = loihi();
    let given = SystemSettings { idle: idle_power(device("loihi1-sanafe").expect("built in")), ..drone() };
    assert_eq!(system(&chip, &given).expect("priced").power.nominal, system(&chip, &drone()).expect("priced").power.nominal);
}

#[test]
fn an_answer_s_energy_is_an_estimate_of_the_system() {
    let (chip, settings) = (loihi(), drone());
    let found = system(&chip, &settings).expect("priced");
    let estimate = found.as_estimate(&chip, settings.request_rate);
    assert_eq!((estimate.tier, estimate.boundary, estimate.power), (4, Boundary::System, Some(found.power)));
    let sum: Joules = estimate.terms.iter().map(|term| term.nominal_j).sum();
    assert!((sum / found.energy_per_answer.nominal - 1.0).abs() < 1e-12);
    assert!(estimate.caveats[0].starts_with("at 50.0 Hz, at work 50.000 %"), "{:?}", estimate.caveats);
}
