//! Run, pause, step, speed, scrub: the bar above the panels.

use crate::session::{Command, Scene, Speed};
use crate::view::{Cx, Window};
use eframe::egui::{self, Slider, Ui};

/// The slowest and the fastest that can be chosen, simulated seconds a second.
const SPEEDS: std::ops::RangeInclusive<f64> = 1e-5..=10.0;

/// How time passes, as chosen in the bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Simulated seconds a second.
    pub times: f64,
    /// As fast as possible instead.
    pub fastest: bool,
}

impl Default for Pace {
    fn default() -> Self {
        Self { times: 1.0, fastest: false }
    }
}

impl Pace {
    /// At first, what is seen at first passes in some seconds: slowly enough for the eye, and no faster than real time.
    #[must_use]
    pub fn first(scene: &Scene) -> Self {
        /// Seconds in which what is in view passes.
        const PASSES: f64 = 4.0;
        // A recording is played as it was.
        if scene.recorded.is_some() {
            return Self::default();
        }
        let times = Window::first(scene).length() * scene.dt_s() / PASSES;
        let power = 10f64.powi(times.log10().floor() as i32);
        let times = ((times / power).round() * power).clamp(*SPEEDS.start(), 1.0);
        Self { times, fastest: false }
    }

    /// The same at another speed.
    #[must_use]
    pub(crate) fn at(self, speed: Speed) -> Self {
        match speed {
            Speed::Fastest => Self { fastest: true, ..self },
            Speed::Times(times) => Self { times, fastest: false },
        }
    }

    /// As the simulation hears it.
    #[must_use]
    pub fn speed(self) -> Speed {
        if self.fastest { Speed::Fastest } else { Speed::Times(self.times) }
    }
}

/// Draws the bar.
pub fn transport(ui: &mut Ui, cx: &mut Cx<'_>, pace: &mut Pace) {
    /// In a narrower bar the slider of the moment has a line of its own.
    const WIDE: f32 = 980.0;
    let whole = ui.available_width();
    let wide = whole >= WIDE;
    ui.horizontal_wrapped(|ui| {
        let (playing, recorded) = (cx.now.playing, cx.scene.recorded.is_some());
        let run = if recorded { "Play" } else { "Run" };
        // As wide for either word, so that what stands beside it stands still.
        let button = egui::Button::new(if playing { "Pause" } else { run }).min_size(egui::vec2(50.0, 0.0));
        if ui.add(button).on_hover_text("Space").clicked() {
            cx.pass_time(if playing { Command::Pause } else { Command::Play });
        }
        let steps = [
            ("Tick", "Let one tick pass (.)", Command::Step(cx.scene.small_step())),
            ("1 ms", "Let one millisecond pass (M)", Command::StepMillisecond),
            ("Next spike", "Go on until a neuron spikes (N)", Command::ToNextSpike),
        ];
        for (name, about, command) in steps {
            if ui.button(name).on_hover_text(about).clicked() {
                cx.pass_time(command);
            }
        }
        if ui.button("Reset").on_hover_text("Back to the beginning (R)").clicked() {
            cx.view.spike = None;
            cx.pass_time(Command::Reset);
        }
        ui.separator();
        let before = *pace;
        ui.add_enabled_ui(!pace.fastest, |ui| {
            let slider = Slider::new(&mut pace.times, SPEEDS).logarithmic(true).text("× real time").max_decimals(5);
            ui.add(slider).on_hover_text("Simulated seconds a second");
        });
        if ui.button("1×").on_hover_text("Real time").clicked() {
            *pace = Pace::default();
        }
        ui.toggle_value(&mut pace.fastest, "Fastest").on_hover_text("As fast as this machine can");
        if *pace != before {
            cx.send(Command::Speed(pace.speed()));
        }
        if wide {
            ui.separator();
            let room = ui.available_width() - 150.0;
            scrub(ui, cx, room);
        }
    });
    if !wide {
        // Beside it stand its name, its value and a button.
        ui.horizontal(|ui| scrub(ui, cx, whole - 220.0));
    }
}

/// The moment that is looked at: the present, or one that is recorded.
fn scrub(ui: &mut Ui, cx: &mut Cx<'_>, width: f32) {
    let (scene, now) = (cx.scene, cx.now.tick);
    let mut ms = scene.ms(cx.tick());
    ui.label("Moment");
    ui.spacing_mut().slider_width = width.clamp(80.0, 400.0);
    let response = ui.add(Slider::new(&mut ms, 0.0..=scene.ms(now).max(scene.net.dt_ms)).suffix(" ms").max_decimals(6));
    response.widget_info(|| egui::WidgetInfo::slider(true, ms, "Moment"));
    // The slider rounds what it is given: a moment is another one only where its tick is.
    let tick = scene.tick(ms);
    if tick != cx.tick() {
        cx.look_at(tick);
    }
    if ui.add_enabled(cx.view.cursor.is_some(), egui::Button::new("Now")).on_hover_text("Back to the present (End)").clicked() {
        cx.view.cursor = None;
    }
}
