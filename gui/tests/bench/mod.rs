//! A panel with a network that runs beside it, for the tests of panels.

#![allow(dead_code, reason = "each test uses what it needs")]

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use spikewatt::energy::Catalogue;
use spikewatt_gui::panels::{PANELS, Panel};
use spikewatt_gui::project::Courier;
use spikewatt_gui::session::{Command, Session, Source, Stage};
use spikewatt_gui::view::{Action, Cx, View};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A panel with a network that runs beside it.
pub(crate) struct Bench {
    pub(crate) session: Session,
    pub(crate) view: View,
    pub(crate) panel: Box<dyn Panel>,
    pub(crate) catalogue: Catalogue,
    pub(crate) told: Vec<String>,
    courier: Courier,
}

impl Bench {
    fn show(&mut self, ui: &mut eframe::egui::Ui) {
        let now = self.session.now();
        let Some(scene) = now.scene.clone() else { return };
        self.view.keep_up(&scene, &now);
        let history = self.session.history();
        let mut cx = Cx {
            scene: &scene,
            now: &now,
            history: &history,
            view: &mut self.view,
            catalogue: &self.catalogue,
            actions: Vec::new(),
        };
        self.panel.ui(ui, &mut cx);
        let actions = std::mem::take(&mut cx.actions);
        drop(history);
        if let Some(command) = self.courier.bring(self.view.edits.now(), &now) {
            self.session.send(command);
        }
        for action in actions {
            match action {
                Action::Session(command) => self.session.send(command),
                Action::Tell(text) => self.told.push(text),
                _ => {}
            }
        }
    }

    pub(crate) fn spikes(&self, population: usize) -> usize {
        self.session.history().spikes.between(population, 0, u64::MAX).0.len()
    }
}

/// The panel, drawn.
pub(crate) type Shown = Harness<'static, Bench>;

/// A panel beside a network of this text.
pub(crate) fn show(panel: &str, text: &str) -> Shown {
    show_source(panel, Source::of_text("test.toml", text))
}

/// A panel beside what is opened.
pub(crate) fn show_source(panel: &str, source: Source) -> Shown {
    let spec = PANELS.iter().find(|spec| spec.id == panel).expect("a panel of the list");
    let session = Session::open(source, Arc::new(|| {}));
    let bench = Bench {
        session,
        view: View::default(),
        panel: (spec.make)(),
        catalogue: Catalogue::built_in(),
        told: Vec::new(),
        courier: Courier::default(),
    };
    let mut shown = Harness::builder().with_size([900.0, 700.0]).build_ui_state(|ui, bench: &mut Bench| bench.show(ui), bench);
    until(&mut shown, |bench| match bench.session.now().stage {
        Stage::Failed(wrong) => panic!("{wrong}"),
        stage => stage == Stage::Ready,
    });
    shown.run_steps(3);
    shown
}

/// Draws frames until something holds.
pub(crate) fn until(shown: &mut Shown, holds: impl Fn(&Bench) -> bool) {
    let began = Instant::now();
    while !holds(shown.state()) {
        assert!(began.elapsed() < Duration::from_secs(20), "it did not come to it");
        shown.step();
        std::thread::sleep(Duration::from_millis(3));
    }
    shown.run_steps(2);
}

/// Draws frames until a text that contains this is there.
pub(crate) fn until_said(shown: &mut Shown, text: &str) {
    let began = Instant::now();
    while shown.query_all_by_label_contains(text).next().is_none() {
        assert!(began.elapsed() < Duration::from_secs(20), "{text:?} is not said");
        shown.step();
        std::thread::sleep(Duration::from_millis(3));
    }
}

/// Lets ticks pass, and gives the spikes of a population in them.
pub(crate) fn pass(shown: &mut Shown, ticks: u64, population: usize) -> usize {
    let (tick, before) = (shown.state().session.now().tick, shown.state().spikes(population));
    shown.state().session.send(Command::Step(ticks));
    until(shown, |bench| bench.session.now().tick == tick + ticks);
    shown.state().spikes(population) - before
}
