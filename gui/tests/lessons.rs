//! Every lesson can be done: each of its steps is not done before, and is when it was shown.

use spikewatt::energy::Catalogue;
use spikewatt_gui::lessons::{LESSONS, Lesson, Runner};
use spikewatt_gui::panels::PANELS;
use spikewatt_gui::project::Courier;
use spikewatt_gui::session::{Command, Session, Speed, Stage};
use spikewatt_gui::view::{Action, Cx, View};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A lesson's network as it runs, without a window.
struct Learner {
    session: Session,
    view: View,
    catalogue: Catalogue,
    courier: Courier,
}

impl Learner {
    fn new(lesson: &Lesson) -> Self {
        let source = (lesson.source)().unwrap_or_else(|wrong| panic!("{}: {wrong}", lesson.id));
        let session = Session::open(source, Arc::new(|| {}));
        let began = Instant::now();
        while session.now().scene.is_none() {
            if let Stage::Failed(wrong) = session.now().stage {
                panic!("{}: {wrong}", lesson.id);
            }
            assert!(began.elapsed() < Duration::from_secs(60), "{} does not open", lesson.id);
            std::thread::sleep(Duration::from_millis(2));
        }
        Self { session, view: View::default(), catalogue: Catalogue::built_in(), courier: Courier::default() }
    }

    /// Does something with what a panel gets in a frame, and what it asks for.
    fn frame<T>(&mut self, see: impl FnOnce(&mut Cx<'_>) -> T) -> T {
        let now = self.session.now();
        let scene = now.scene.clone().expect("it was opened");
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
        let seen = see(&mut cx);
        let actions = std::mem::take(&mut cx.actions);
        drop(history);
        if let Some(command) = self.courier.bring(self.view.edits.now(), &now) {
            self.session.send(command);
        }
        for action in actions {
            match action {
                // The test is not there to be watched.
                Action::Session(Command::Speed(_)) => self.session.send(Command::Speed(Speed::Times(2.0 * scene_speed(&scene)))),
                Action::Session(command) => self.session.send(command),
                _ => {}
            }
        }
        seen
    }
}

/// Faster than a person can follow, and slow enough that a step is not over before it is looked at.
fn scene_speed(scene: &spikewatt_gui::session::Scene) -> f64 {
    if scene.dataset.is_some() { 0.01 } else { 1.0 }
}

fn can_be_done(lesson: &'static Lesson) {
    let mut learner = Learner::new(lesson);
    let mut runner = Runner::new(lesson);
    learner.frame(|cx| runner.look(cx));
    for (number, step) in lesson.steps.iter().enumerate() {
        let place = format!("{}, step {}: {}", lesson.id, number + 1, step.text);
        for _ in 0..5 {
            assert!(!learner.frame(|cx| runner.look(cx)), "done before it was done: {place}");
            std::thread::sleep(Duration::from_millis(3));
        }
        learner.frame(|cx| (step.show)(cx));
        let began = Instant::now();
        while !learner.frame(|cx| runner.look(cx)) {
            let complaints = learner.session.now().complaints;
            assert!(complaints.is_empty(), "{place}: {complaints:?}");
            assert!(began.elapsed() < Duration::from_secs(90), "shown and not done: {place}");
            std::thread::sleep(Duration::from_millis(3));
        }
        // The next step begins with time held, as a learner who reads.
        learner.session.send(Command::Pause);
        let held = Instant::now();
        while learner.session.now().playing && held.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(2));
        }
        learner.frame(|cx| runner.mark(cx));
        let plays = lesson.steps.get(number + 1).is_some();
        if plays {
            learner.session.send(Command::Play);
        }
    }
    assert!(runner.step().is_none(), "{}: steps are left", lesson.id);
}

macro_rules! lessons {
    ($($name:ident: $id:literal,)+) => {
        $(#[test]
        fn $name() {
            can_be_done(LESSONS.iter().find(|l| l.id == $id).expect("it is in the list"));
        })+

        #[test]
        fn every_lesson_is_tested() {
            let tested = [$($id),+];
            for lesson in LESSONS {
                assert!(tested.contains(&lesson.id), "{} is not tested", lesson.id);
            }
            assert!(LESSONS.len() >= 8);
        }
    };
}

lessons! {
    a_neuron_leaks: "leak",
    threshold_and_rate: "threshold",
    refractoriness: "refractory",
    coincidence_detection: "coincidence",
    a_spike_travels: "travel",
    inhibition_and_balance: "balance",
    silence_is_free: "silence",
    when_the_spiking_network_loses: "digits-loses",
    a_decision_and_its_bill: "digits",
}

#[test]
fn lessons_name_panels_that_are_there() {
    for lesson in LESSONS {
        for id in lesson.panels {
            assert!(PANELS.iter().any(|spec| spec.id == *id), "{} asks for the panel {id}", lesson.id);
        }
        for text in lesson.steps.iter().flat_map(|step| [step.text, step.hint]).chain([lesson.about, lesson.learnt]) {
            assert!(!text.is_empty() && text.len() < 400, "{}: a text that nobody reads: {text}", lesson.id);
        }
    }
}
