//! What the viewer says of energy: figures, devices, break-even, samples.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use eframe::egui::{self, Context, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use spikewatt::dataset::Dataset;
use spikewatt::energy::{Catalogue, Device, Range, Runs};
use spikewatt::format::{OpenOptions, open_dense, open_network};
use spikewatt::study::{Plan, Quiet, Settings, compare, dense_result, run};
use spikewatt_gui::bill::{DenseRuns, Moment, Ran};
use spikewatt_gui::panels::{PANELS, Panel};
use spikewatt_gui::session::{Command, Session, Source, Stage};
use spikewatt_gui::view::{Action, Cx, View};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

fn digits() -> Source {
    Source {
        network: file("networks/digits.nir"),
        text: None,
        input: Some(file("datasets/digits.h5")),
        dense: Some(file("networks/digits-mlp.onnx")),
    }
}

/// A session with what panels share.
struct Bench {
    session: Session,
    view: View,
    catalogue: Catalogue,
}

impl Bench {
    fn open(source: Source) -> Self {
        let session = Session::open(source, Arc::new(|| {}));
        let bench = Self { session, view: View::default(), catalogue: Catalogue::built_in() };
        bench.wait("opening", |bench| bench.session.now().stage == Stage::Ready);
        bench
    }

    fn wait(&self, what: &str, until: impl Fn(&Self) -> bool) {
        let began = Instant::now();
        while !until(self) {
            assert!(began.elapsed() < Duration::from_secs(60), "{what}: {:?}", self.session.now().stage);
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Lets so many ticks pass.
    fn step(&mut self, ticks: u64) {
        let until = self.session.now().tick + ticks;
        self.session.send(Command::Step(ticks));
        self.wait("stepping", |bench| bench.session.now().tick == until);
        let now = self.session.now();
        self.view.keep_up(&now.scene.clone().unwrap(), &now);
    }

    fn with<T>(&mut self, f: impl FnOnce(&mut Cx<'_>) -> T) -> (T, Vec<Action>) {
        let now = self.session.now();
        let scene = now.scene.clone().unwrap();
        let history = self.session.history();
        let (view, catalogue) = (&mut self.view, &self.catalogue);
        let mut cx = Cx { scene: &scene, now: &now, history: &history, view, catalogue, actions: Vec::new() };
        let answer = f(&mut cx);
        (answer, cx.actions)
    }

    /// What both sides took at the moment that is looked at.
    fn moment(&mut self) -> Moment {
        let ctx = Context::default();
        let began = Instant::now();
        loop {
            let (spiking, dense) = (self.view.spiking_device.clone(), self.view.dense_device.clone());
            let (moment, _) = self.with(|cx| {
                let ran = Ran::until(cx.scene, cx.history, spikewatt_gui::bill::counts_at(cx), cx.tick());
                cx.view.bill.clone().moment(&ctx, cx).filter(|m| m.ran == ran)
            });
            if let Some(moment) = moment.filter(|m| m.spiking.device == spiking && m.dense.device == dense) {
                return (*moment).clone();
            }
            assert!(began.elapsed() < Duration::from_secs(60), "no price");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

fn close_ranges(a: Range<f64>, b: Range<f64>) -> bool {
    close(a.low, b.low) && close(a.nominal, b.nominal) && close(a.high, b.high)
}

#[test]
fn the_bill_of_whole_samples_is_that_of_a_comparison() {
    const SAMPLES: u64 = 3;
    let network = open_network(&file("networks/digits.nir"), &OpenOptions::default()).unwrap();
    let dataset = Dataset::open(file("datasets/digits.h5")).unwrap();
    let settings = Settings { samples: Some(SAMPLES as usize), ..Settings::default() };
    let plan = Plan::new(&network, Some(&dataset), &settings).unwrap();
    let outcome = run(&network, Some(&dataset), &plan, &Quiet).unwrap();
    let dense = dense_result(open_dense(&file("networks/digits-mlp.onnx")).unwrap(), &dataset, &plan).unwrap();
    let catalogue = Catalogue::built_in();
    let devices: Vec<&Device> = catalogue.devices().iter().collect();
    let theirs = compare(&devices, &dataset, &outcome, &dense);

    let mut bench = Bench::open(digits());
    bench.step(SAMPLES * plan.ticks);
    let mut seen = 0;
    for estimate in &theirs.estimates {
        match estimate.runs {
            Runs::Spiking => bench.view.spiking_device = estimate.device.clone(),
            Runs::Dense => bench.view.dense_device = estimate.device.clone(),
        }
        let moment = bench.moment();
        let side = if estimate.runs == Runs::Spiking { &moment.spiking } else { &moment.dense };
        let (ours, theirs) = (side.per_inference(), estimate.energy_per_sample.map(|energy| energy.map(|joules| joules.0)));
        assert_eq!(side.inferences, SAMPLES);
        assert_eq!(ours.is_some(), theirs.is_some(), "{}", estimate.device);
        assert_eq!(side.why_not, estimate.why_not, "{}", estimate.device);
        assert_eq!(side.unpriced, estimate.unpriced, "{}", estimate.device);
        if let Some((ours, theirs)) = ours.zip(theirs) {
            assert!(close_ranges(ours, theirs), "{}: {ours:?} and {theirs:?}", estimate.device);
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen} figures");
}

#[test]
fn twice_the_samples_take_twice_the_energy() {
    let mut bench = Bench::open(digits());
    let ticks = bench.session.now().scene.unwrap().ticks.unwrap();
    bench.step(4 * ticks);
    let four = bench.moment();
    bench.step(4 * ticks);
    let eight = bench.moment();
    let times = |of: fn(&Moment) -> Range<f64>| of(&eight).nominal / of(&four).nominal;
    // The dense network does the same for every sample, the spiking one about the same.
    assert!(close(times(|m| m.dense.joules.unwrap()), 2.0));
    let spiking = times(|m| m.spiking.joules.unwrap());
    assert!((1.6..2.4).contains(&spiking), "{spiking}");
    // Looked at again, the earlier moment is what it was.
    bench.view.cursor = Some(4 * ticks);
    let again = bench.moment();
    assert_eq!(again.spiking.joules, four.spiking.joules);
    assert_eq!(again.dense.joules, four.dense.joules);
    // A sample counts for the dense network as soon as it has begun.
    bench.view.cursor = Some(4 * ticks + 1);
    let five = bench.moment();
    assert_eq!(five.dense.inferences, 5);
    assert!(close(five.dense.joules.unwrap().nominal / four.dense.joules.unwrap().nominal, 1.25));
}

#[test]
fn a_network_without_samples_is_evaluated_densely_at_every_tick() {
    let text = std::fs::read_to_string(file("networks/09-sparse-activity.toml")).unwrap();
    let mut bench = Bench::open(Source::of_text("sparse.toml", &text));
    bench.view.dense_device = "mcu-m33-u575".into();
    bench.step(20);
    let one = bench.moment();
    if bench.session.now().scene.unwrap().net.exact {
        assert_eq!(one.ran.dense, DenseRuns::Never);
        assert!(one.dense.joules.is_none());
        return;
    }
    assert_eq!((one.ran.dense, one.ran.inferences), (DenseRuns::EveryTick, 20));
    bench.step(20);
    let two = bench.moment();
    assert!(close(two.dense.joules.unwrap().nominal / one.dense.joules.unwrap().nominal, 2.0));
}

type Shown = (Bench, Box<dyn Panel>, Vec<Action>);

/// A panel alone, in a harness.
fn shown(bench: Bench, id: &'static str, theme: Theme) -> Harness<'static, Shown> {
    let panel = (PANELS.iter().find(|spec| spec.id == id).expect("a panel of that id").make)();
    Harness::builder().with_size(egui::vec2(900.0, 1400.0)).with_theme(theme).build_ui_state(
        |ui, (bench, panel, asked): &mut Shown| {
            let ((), actions) = bench.with(|cx| panel.ui(ui, cx));
            for action in &actions {
                if let Action::Session(command) = action {
                    bench.session.send(command.clone());
                }
            }
            asked.extend(actions);
        },
        (bench, panel, Vec::new()),
    )
}

/// Draws frames until something is there.
fn until(harness: &mut Harness<'_, Shown>, what: &str, there: impl Fn(&Harness<'_, Shown>) -> bool) {
    let began = Instant::now();
    loop {
        harness.step();
        if there(harness) {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "never came: {what}\n{:?}", harness.root());
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn has(harness: &Harness<'_, Shown>, text: &str) -> bool {
    harness.query_all_by_label_contains(text).next().is_some()
}

fn after_samples(samples: u64) -> Bench {
    let mut bench = Bench::open(digits());
    let ticks = bench.session.now().scene.unwrap().ticks.unwrap();
    bench.step(samples * ticks);
    bench
}

#[test]
fn meters_name_their_devices_and_follow_the_choice() {
    for theme in [Theme::Dark, Theme::Light] {
        let bench = after_samples(2);
        let name = |id: &str| bench.catalogue.find(id).unwrap().name.clone();
        let (before, after) = (name("xylo-audio2"), name("loihi1-sanafe"));
        let mut harness = shown(bench, "energy", theme);
        until(&mut harness, "the first meter", |h| has(h, &format!("Meter of the spiking network on {before}")));
        assert!(has(&harness, "Meter of the dense network on"));
        assert!(has(&harness, "not priced:") && has(&harness, "Energy so far over time"));
        let label = |h: &Harness<'_, Shown>| {
            let node = h.query_all_by_label_contains("Meter of the spiking network").next().unwrap();
            node.accesskit_node().label().unwrap()
        };
        let first = label(&harness);
        harness.query_all_by_label_contains(&format!("Spiking on {before}")).next().unwrap().click();
        until(&mut harness, "the list", |h| has(h, &after));
        harness.query_all_by_label_contains(&after).last().unwrap().click();
        until(&mut harness, "the other meter", |h| has(h, &format!("Meter of the spiking network on {after}")));
        assert_eq!(harness.state().0.view.spiking_device, "loihi1-sanafe");
        let figure = |said: &str| said.rsplit(": ").next().unwrap().to_owned();
        assert_ne!(figure(&first), figure(&label(&harness)), "another device, another figure");
    }
}

#[test]
fn a_device_that_is_too_small_is_told() {
    let mut bench = after_samples(1);
    let (net, counts) = (bench.session.now().scene.unwrap().built.clone(), bench.session.now().counts);
    let too_small = |device: &&Device| {
        let pricer = spikewatt::study::Pricer::new(&net, device, &mut Vec::new());
        pricer.and_then(|pricer| pricer.so_far(&counts, 1)).is_some_and(|so_far| so_far.estimate.why_not.is_some())
    };
    bench.view.spiking_device = bench.catalogue.devices().iter().find(too_small).expect("some device is too small").id.clone();
    let mut harness = shown(bench, "energy", Theme::Dark);
    until(&mut harness, "why it does not fit", |h| has(h, "Does not fit: "));
    assert!(has(&harness, "It is priced as if it did."));
}

#[test]
fn break_even_has_its_curve_and_the_live_point() {
    let mut bench = after_samples(3);
    bench.view.spiking_device = "asic-45nm-memory".into();
    bench.view.dense_device = "asic-45nm-memory".into();
    let mut harness = shown(bench, "break-even", Theme::Light);
    until(&mut harness, "the chart", |h| has(h, "Break-even chart: so far"));
    assert!(has(&harness, "Davidson & Furber 2021") && has(&harness, "Spiking takes less: surely"));
    let (bench, panel, _) = harness.state_mut();
    let (table, _) = bench.with(|cx| panel.table(cx));
    let table = table.expect("its data");
    assert!(table.rows.len() > 15 && table.rows.iter().any(|row| row[0] == "last sample"), "{}", table.rows.len());
    let moment = bench.moment();
    let here = table.rows.iter().find(|row| row[0] == "so far").unwrap();
    assert!(close(here[1].parse().unwrap(), moment.spikes_per_synapse.unwrap()));
    assert!((here[3].parse::<f64>().unwrap() / moment.ratio.unwrap().nominal - 1.0).abs() < 1e-6);
}

#[test]
fn counters_tell_totals_and_the_window() {
    let mut bench = after_samples(2);
    let spikes: u64 = bench.session.now().counts.populations.iter().map(|p| p.spikes).sum();
    let ticks = bench.session.now().scene.unwrap().ticks.unwrap();
    bench.view.window = spikewatt_gui::view::Window { from: ticks as f64, to: 2.0 * ticks as f64, follows: false };
    let mut harness = shown(bench, "counters", Theme::Dark);
    until(&mut harness, "the total", |h| has(h, &spikewatt_gui::number::grouped(spikes)));
    assert!(has(&harness, "activation sparsity"));
    let (bench, panel, _) = harness.state_mut();
    let (table, _) = bench.with(|cx| panel.table(cx));
    let cells = |row: &Vec<String>| (row[3].parse::<u64>().unwrap(), row[4].parse::<u64>().unwrap());
    let rows = table.unwrap().rows;
    assert!(rows.iter().map(cells).all(|(all, window)| window <= all));
    let clocked = rows.iter().filter(|row| row[2] == "updates clocked").map(cells).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    assert!(clocked.0 > 0);
    assert_eq!(clocked.0, 2 * clocked.1, "one of two samples is in the window");
}

#[test]
fn the_device_table_is_filtered_and_chooses() {
    let bench = after_samples(1);
    let mut harness = shown(bench, "devices", Theme::Light);
    until(&mut harness, "prices", |h| h.state().0.view.bill.last_shelf().is_some());
    assert!(has(&harness, "Jetson"));
    harness.get_by_role(egui::Role::TextInput).focus();
    harness.step();
    harness.get_by_role(egui::Role::TextInput).type_text("truenorth");
    until(&mut harness, "few rows", |h| !has(h, "Jetson"));
    let name = harness.state().0.catalogue.find("truenorth").unwrap().name.clone();
    harness.query_all_by_label(&name).next().unwrap().click();
    until(&mut harness, "its figures", |h| has(h, "scope of a synaptic event"));
    assert_eq!(harness.state().0.view.spiking_device, "truenorth");
    assert!(has(&harness, "[S]") || has(&harness, "[S2]") || has(&harness, "[K]"), "its sources");
}

#[test]
fn a_sample_shows_its_label_and_the_decision() {
    let bench = after_samples(1);
    let now = bench.session.now();
    let mark = bench.session.history().samples[0].clone();
    assert!(mark.ended);
    let mut harness = shown(bench, "sample", Theme::Dark);
    until(&mut harness, "the label", |h| has(h, &format!("Label: {}", mark.label.unwrap())));
    let right = |answer: Option<usize>| if answer == mark.label.map(|l| l as usize) { "right" } else { "wrong" };
    assert!(has(&harness, &format!("Spiking: {}, {}", mark.answer.unwrap(), right(mark.answer))));
    assert!(has(&harness, &format!("Dense: {}, {}", mark.dense_answer.unwrap(), right(mark.dense_answer))));
    assert!(has(&harness, "8 × 8 pixels") && has(&harness, "of 1 right"));
    // In the middle of the sample it has not ended.
    let ticks = now.scene.unwrap().ticks.unwrap();
    harness.state_mut().0.view.cursor = Some(ticks / 2);
    until(&mut harness, "the decision under way", |h| has(h, "so far"));
    assert!(!has(&harness, "of 1 right"));
    harness.state_mut().0.view.cursor = None;
    harness.step();
    harness.get_by_label("Next sample").click();
    until(&mut harness, "a command", |h| !h.state().2.is_empty());
    assert_eq!(harness.state().2, [Action::Session(Command::Sample(1))]);
}

/// All panels of this file with nothing run, without a data set, and small.
#[test]
fn panels_stand_without_samples_and_before_anything_ran() {
    let text = std::fs::read_to_string(file("networks/01-one-neuron.toml")).unwrap();
    for id in ["energy", "break-even", "counters", "devices", "sample"] {
        for theme in [Theme::Dark, Theme::Light] {
            let mut harness = shown(Bench::open(Source::of_text("one.toml", &text)), id, theme);
            harness.set_size(egui::vec2(200.0, 150.0));
            for _ in 0..5 {
                harness.step();
                std::thread::sleep(Duration::from_millis(5));
            }
            let (bench, panel, _) = harness.state_mut();
            let _ = bench.with(|cx| panel.table(cx));
        }
    }
}
