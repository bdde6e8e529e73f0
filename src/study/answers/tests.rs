use super::*;
use crate::counts::EventCounts;
use crate::energy::system::Battery;
use crate::energy::{Hertz, Joules, Watts, device};
use crate::study::{Plan, Quiet, Settings, dense_result, priced, run};
use std::path::Path;
use std::sync::LazyLock;

const CHIPS: &[&str] =
    &["loihi1-sanafe", "spinnaker1", "xylo-audio2", "reckon", "asic-45nm-memory", "generic-digital-45nm-event"];

/// The digits, 40 samples of them, told apart in windows of 4 steps and by steps.
struct Digits {
    outcome: Outcome,
    dataset: Dataset,
    dense: crate::study::DenseResult,
}

static DIGITS: LazyLock<Digits> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let network =
        crate::format::open_network(&root.join("networks/digits.nir"), &crate::format::OpenOptions::default()).expect("good");
    let dataset = Dataset::open(root.join("datasets/digits.h5")).expect("good");
    let dt_ms = network.dt_ms.expect("it has a step");
    let settings = Settings {
        samples: Some(40),
        threads: Some(2),
        each_sample: true,
        window_ms: Some(4.0 * dt_ms),
        by_steps: true,
        neuron_spikes: true,
        ..Settings::default()
    };
    let plan = Plan::new(&network, Some(&dataset), &settings).expect("good");
    let outcome = run(&network, Some(&dataset), &plan, &Quiet).expect("it runs");
    let twin = crate::dense::twin_of(&network).expect("it has a twin");
    let dense = dense_result(twin, &dataset, &plan).expect("it runs");
    Digits { outcome, dataset, dense }
});

fn asked(product: &Product, ids: &[&str]) -> Answers {
    let devices: Vec<&Device> = ids.iter().map(|id| device(id).expect("built in")).collect();
    let digits = &*DIGITS;
    let comparison = crate::study::compare(&devices, &digits.dataset, &digits.outcome, &digits.dense);
    answers(product, &devices, &comparison.estimates, &comparison.placements, &digits.outcome, Some(&digits.dataset))
        .expect("good")
}

fn watts(power: f64) -> PowerOf {
    PowerOf { all: Some(crate::energy::Range::point(Watts(power))), ..PowerOf::default() }
}

#[test]
fn pieces_change_no_result_and_windows_add_up() {
    let digits = &*DIGITS;
    let whole = Plan { pieces: None, ..digits.outcome.done.clone() };
    let network = crate::format::open_network(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("networks/digits.nir"),
        &crate::format::OpenOptions::default(),
    );
    let once = run(&network.expect("good"), Some(&digits.dataset), &whole, &Quiet).expect("it runs");
    assert_eq!(once.counts, digits.outcome.counts);
    let (cut, uncut) = (digits.outcome.task.as_ref().expect("answers"), once.task.as_ref().expect("answers"));
    assert_eq!((&cut.predictions, &cut.readout_counts), (&uncut.predictions, &uncut.readout_counts));
    for (sample, (by_step, last)) in cut.by_step.iter().zip(&cut.predictions).enumerate() {
        assert_eq!((by_step.len() as u64, by_step.last()), (digits.outcome.done.ticks, Some(last)), "sample {sample}");
    }
    let mut sum = EventCounts::zero(once.net.populations.len(), once.net.projections.len());
    for sample in &digits.outcome.pieces {
        assert_eq!(sample.len() as u64, digits.outcome.done.ticks, "a piece a step");
        for window in crate::study::windows(sample, 4) {
            sum += &EventCounts { samples: 0, ..window };
        }
        sum.samples += 1;
    }
    assert_eq!(sum, once.counts);
}

#[test]
fn energy_over_steps_does_not_fall_and_ends_with_that_of_the_run() {
    let part = asked(&Product::default(), CHIPS).part;
    let by_step = part.by_step.expect("it was asked for");
    assert_eq!(by_step.steps, (1..=17).collect::<Vec<_>>());
    assert_eq!(by_step.settled.last(), Some(&1.0));
    let devices: Vec<&str> = by_step.devices.iter().map(|entry| entry.device.as_str()).collect();
    assert_eq!(
        devices,
        ["asic-45nm-memory", "generic-digital-45nm-event", "xylo-audio2"],
        "the models and the best chip that holds it"
    );
    let chips: Vec<&Device> = CHIPS.iter().map(|id| device(id).expect("built in")).collect();
    let (estimates, _) = priced(&chips, &DIGITS.outcome);
    for entry in &by_step.devices {
        assert!(
            entry.energy_j.windows(2).all(|pair| pair[1].nominal >= pair[0].nominal && pair[1].high >= pair[0].high),
            "{entry:?}"
        );
        let whole = estimates.iter().find(|e| e.device == entry.device).and_then(|e| e.energy_per_sample).expect("priced");
        assert_eq!(entry.energy_j.last().expect("points").nominal, whole.nominal.0);
    }
    let accuracy = by_step.accuracy.expect("labels");
    assert!(accuracy[16] > 0.9 && accuracy[0] < 0.6, "{accuracy:?}");
}

/// What the front finds is the worst of all, priced one by one.
#[test]
fn the_worst_window_is_the_worst_of_all() {
    let part = asked(&Product::default(), CHIPS).part.windows.expect("there are windows");
    assert_eq!((part.windows, part.are_samples, part.devices.len()), (40 * 5, false, CHIPS.len()));
    let (chips, outcome) = (CHIPS.iter().map(|id| device(id).expect("built in")).collect::<Vec<_>>(), &DIGITS.outcome);
    let (_, placements) = priced(&chips, outcome);
    for worst in &part.devices {
        let device = device(&worst.device).expect("built in");
        let parts = Parts::new(device, outcome, placements.get(&device.id));
        let mut most = (0.0, 0.0);
        for sample in &outcome.pieces {
            for window in crate::study::windows(sample, 4) {
                let energy = parts.estimate(&window).and_then(|e| e.energy_per_sample).expect("priced").nominal.0;
                let time = parts.time(&window).map_or(window.ticks as f64 * outcome.net.dt_ms * 1e-3, |time| time.0);
                most = (f64::max(most.0, energy / time), f64::max(most.1, energy));
            }
        }
        let power = worst.power_w.expect("in its own or in simulated time");
        assert_eq!(power.nominal, most.0, "{}", worst.device);
        assert!(worst.mean_power_w.expect("with a power") <= power.nominal * (1.0 + 1e-12), "{worst:?}");
        assert!(worst.energy_j.nominal <= most.1 && power.low <= power.nominal && power.nominal <= power.high);
    }
}

#[test]
fn a_system_is_told_of_both_networks_with_what_was_said_of_it() {
    let battery = Battery { energy: crate::energy::Range::point(Joules(36_000.0)), depth_of_discharge: 0.5, other: None };
    let mut product = Product {
        request_rate: Some(Hertz(20.0)),
        board: watts(0.5),
        battery: Some(battery),
        deadline_s: Some(0.016),
        ..Product::default()
    };
    product.board.of.insert("mcu-m4-l4r5".into(), crate::energy::Range::point(Watts(0.25)));
    product.sleep.of.insert("mcu-m4-l4r5".into(), crate::energy::Range::point(Watts(1e-5)));
    let ids = ["loihi1-sanafe", "xylo-audio2", "mcu-m4-l4r5", "mcu-m33-u575", "gpu-a100", "human-brain", "asic-45nm-memory"];
    let found = asked(&product, &ids);
    let tiers: Vec<_> = found.systems.iter().map(|e| (e.device.as_str(), e.tier)).collect();
    assert_eq!(tiers, [("loihi1-sanafe", 4), ("xylo-audio2", 4), ("mcu-m4-l4r5", 4), ("mcu-m33-u575", 4), ("gpu-a100", 4)]);
    let system = |id: &str| found.part.devices.iter().find(|d| d.device == id).and_then(|d| d.system.clone()).expect("priced");
    let term = |id: &str, name: &str| system(id).terms.iter().find(|term| term.name == name).map(|term| term.power_w.nominal);
    assert_eq!([term("loihi1-sanafe", "board"), term("mcu-m4-l4r5", "board")], [Some(0.5), Some(0.25)]);
    assert_eq!([term("gpu-a100", "board"), term("mcu-m4-l4r5", "sleep between answers")], [None, Some(1e-5)]);
    for device in &found.part.devices {
        let (hours, power) = (device.system.as_ref().and_then(|s| s.hours), device.system.as_ref().map(|s| s.power_w));
        let (hours, power) = (hours.expect("a battery"), power.expect("priced"));
        assert!((hours.nominal * power.nominal / 5.0 - 1.0).abs() < 1e-9, "hours times power is half of 10 Wh: {device:?}");
    }
    let latency = |id: &str| found.part.devices.iter().find(|d| d.device == id).and_then(|d| d.latency);
    let chip = latency("loihi1-sanafe").expect("it has a tick");
    assert_eq!((chip.p50_s, chip.varies, chip.late, chip.meets_deadline), (0.017, false, Some(1.0), Some(false)));
    assert_eq!((system("loihi1-sanafe").duty_cycle, system("loihi1-sanafe").keeps_up), (Some(0.34), Some(true)));
    assert_eq!(latency("mcu-m4-l4r5"), None);
    // The other microcontroller says nothing of the time between answers, so it cannot take least.
    let least = found.part.least.expect("both networks have systems");
    assert_eq!((least.spiking.as_str(), least.dense.as_str()), ("xylo-audio2", "mcu-m4-l4r5"));
    assert!(system("mcu-m33-u575").unpriced.iter().any(|text| text.contains("between answers")));
}

#[test]
fn a_chip_that_is_too_slow_says_so() {
    let found = asked(&Product { request_rate: Some(Hertz(100.0)), ..Product::default() }, &["loihi1-sanafe"]);
    let system = found.part.devices[0].system.as_ref().expect("priced");
    assert_eq!((system.keeps_up, found.part.least.is_none()), (Some(false), true));
    assert!((system.duty_cycle.expect("it has a tick") - 1.7).abs() < 1e-12);
}

#[test]
fn latency_follows_the_samples_where_cores_are_slower_than_their_tick() {
    let part = asked(&Product { deadline_s: Some(0.017), ..Product::default() }, &["spinnaker1", "loihi1-sanafe"]).part;
    let spinnaker = part.devices[0].latency.expect("it has a tick");
    assert!(spinnaker.p50_s <= spinnaker.p95_s && spinnaker.p95_s <= spinnaker.p99_s && spinnaker.p99_s <= spinnaker.max_s);
    // Loads beyond the tick, by a device whose events take long.
    let mut slow = device("loihi1-sanafe").expect("built in").clone();
    let time = crate::energy::FigureName::SynapticEventTime;
    let figure = slow.times.get_mut(&time).expect("it is published");
    figure.nominal = crate::energy::Seconds(figure.nominal.0 * 1e3);
    let devices = [&slow];
    let (estimates, placements) = priced(&devices, &DIGITS.outcome);
    let product = Product { deadline_s: Some(estimates[0].latency.expect("timed").0), ..Product::default() };
    let found = answers(&product, &devices, &estimates, &placements, &DIGITS.outcome, Some(&DIGITS.dataset)).expect("good");
    let latency = found.part.devices[0].latency.expect("timed");
    assert!(latency.varies && latency.p50_s < latency.max_s, "{latency:?}");
    assert!(latency.late.is_some_and(|late| late > 0.0 && late < 1.0), "some samples take longer than the mean: {latency:?}");
}

/// The answer after each step, worked out from the spikes of the readout.
#[test]
fn answers_by_step_are_those_of_the_spikes_until_then() {
    use crate::dataset::decode::{Decoding, decide};
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let network =
        crate::format::open_network(&root.join("networks/digits.nir"), &crate::format::OpenOptions::default()).expect("good");
    let readout = network.readout.clone().expect("it has a readout");
    for decoding in [Decoding::Count, Decoding::FirstSpike] {
        let record = crate::network::Record { spikes: vec![readout.clone()], traces: Vec::new() };
        let settings =
            Settings { samples: Some(30), by_steps: true, decoding: Some(decoding), record: Some(record), ..Settings::default() };
        let plan = Plan::new(&network, Some(&DIGITS.dataset), &settings).expect("good");
        let outcome = run(&network, Some(&DIGITS.dataset), &plan, &Quiet).expect("it runs");
        let size = outcome.net.populations[outcome.net.readout.expect("it has one")].size;
        let task = outcome.task.as_ref().expect("answers");
        let mut changes = 0;
        for (recorded, by_step) in outcome.recorded.iter().zip(&task.by_step) {
            let train = &recorded.trains[0];
            for step in 1..=outcome.done.ticks {
                let (mut counts, mut first) = (vec![0; size], vec![None; size]);
                for (tick, id) in train.ticks.iter().zip(&train.ids).filter(|(tick, _)| **tick <= step) {
                    counts[*id as usize] += 1;
                    first[*id as usize].get_or_insert(*tick);
                }
                let expected = decide(decoding, &counts, &first, &[]).map(|class| class as u32);
                assert_eq!(by_step[step as usize - 1], expected, "step {step} by {}", decoding.name());
            }
            changes += by_step.windows(2).filter(|pair| pair[0] != pair[1]).count();
        }
        assert!(changes > 10, "answers change as steps pass: {changes}");
    }
}
