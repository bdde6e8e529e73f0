//! How long does a frame take with 10⁵ and 10⁶ spikes in view, while the simulation runs as fast as it can?
//!
//! ```sh
//! cargo bench -p spikewatt-gui --bench frames              # without a window: panels, layout and triangles, all that the processor does
//! cargo bench -p spikewatt-gui --bench frames -- window    # in a window: from frame to frame, drawing included
//! ```

use eframe::egui::{self, Context, RawInput, Rect, Ui, ViewportCommand, pos2, vec2};
use spikewatt_gui::app::Viewer;
use spikewatt_gui::session::{Command, Source, Speed};
use spikewatt_gui::view::Window;
use std::time::{Duration, Instant};

/// Ten thousand neurons at 100 Hz: a million spikes a second.
const NETWORK: &str = r#"
name = "busy"
dt = "0.1 ms"
seed = 1
[[population]]
name = "e"
size = 8000
model = "lif_delta"
params = { tau_m = "20 ms", v_rest = "-70 mV", v_th = "-50 mV", v_reset = "-70 mV", t_ref = "0.5 ms" }
[[population]]
name = "i"
size = 2000
model = "lif_delta"
params = { tau_m = "20 ms", v_rest = "-70 mV", v_th = "-50 mV", v_reset = "-70 mV", t_ref = "0.5 ms" }
[[stimulus]]
name = "to e"
kind = "poisson"
rate = "105 Hz"
to = "e"
weight = "50 mV"
delay = "0.1 ms"
[[stimulus]]
name = "to i"
kind = "poisson"
rate = "105 Hz"
to = "i"
weight = "50 mV"
delay = "0.1 ms"
[[projection]]
name = "ie"
from = "i"
to = "e"
connect = { rule = "fixed_indegree", indegree = 5 }
weight = "-0.1 mV"
delay = "1 ms"
"#;

const SIZE: [f32; 2] = [1440.0, 900.0];
/// Ticks in view of each case: about 10⁵ and 10⁶ spikes.
const CASES: [u64; 2] = [1_000, 10_000];
const FRAMES: usize = 150;
/// Frames before those that are measured.
const WARM: usize = 15;

/// What is done to the window from frame to frame.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Moves {
    /// It follows the present.
    Follows,
    /// It is zoomed, so that all in it is counted anew.
    Zooms,
}

/// Runs through the cases, a frame at a time.
struct Script {
    viewer: Viewer,
    case: usize,
    frame: usize,
    ready: bool,
    last: Option<Instant>,
    times: Vec<f64>,
    opened: Instant,
}

const STEPS: [(u64, Moves); 4] =
    [(CASES[0], Moves::Follows), (CASES[0], Moves::Zooms), (CASES[1], Moves::Follows), (CASES[1], Moves::Zooms)];

impl Script {
    fn new(ctx: &Context, opened: Instant) -> Self {
        let viewer = Viewer::new(ctx, Some(Source::of_text("busy.toml", NETWORK)));
        Self { viewer, case: 0, frame: 0, ready: false, last: None, times: Vec::new(), opened }
    }

    /// Draws a frame; false when all is measured.
    fn frame(&mut self, ui: &mut Ui) -> bool {
        let Some((ticks, moves)) = STEPS.get(self.case).copied() else { return false };
        let now = self.viewer.now().unwrap_or_default();
        if now.scene.is_some() && !self.ready {
            self.ready = true;
            if let Some(session) = self.viewer.session() {
                session.send(Command::Speed(Speed::Fastest));
                session.send(Command::Play);
            }
        }
        let length = match moves {
            Moves::Follows => ticks as f64,
            Moves::Zooms => ticks as f64 * (1.0 + 0.002 * (self.frame % 7) as f64),
        };
        let to = (now.tick as f64).max(length);
        if let Some(view) = self.viewer.view_mut() {
            view.window = Window { from: to - length, to, follows: true };
        }
        self.viewer.show(ui);
        if now.tick >= ticks {
            self.frame += 1;
        }
        true
    }

    /// Takes down how long the last frame took.
    fn took(&mut self, seconds: f64) {
        if self.frame > WARM {
            self.times.push(seconds * 1e3);
        }
        if self.times.len() == FRAMES {
            self.tell();
            (self.case, self.frame) = (self.case + 1, 0);
            self.times.clear();
        }
    }

    fn tell(&mut self) {
        let (_, moves) = STEPS[self.case];
        let window = self.viewer.view().window;
        let in_view: usize = self.viewer.session().map_or(0, |session| {
            let history = session.history();
            (0..2).map(|p| history.spikes.count(p, window.from as u64, window.to as u64)).sum()
        });
        self.times.sort_by(f64::total_cmp);
        let at = |share: f64| self.times[((self.times.len() - 1) as f64 * share) as usize];
        let pace = self.viewer.now().map_or(0.0, |now| now.pace);
        eprintln!(
            "{in_view:>9} spikes in view, window {:<8} median {:6.1} ms, 95 % {:6.1} ms, longest {:6.1} ms; simulation at {pace:.2} × real time",
            format!("{moves:?}").to_lowercase() + ":",
            at(0.5),
            at(0.95),
            at(1.0)
        );
    }
}

/// Without a window: what the processor does until triangles are ready.
fn plain() {
    let ctx = Context::default();
    let mut script = Script::new(&ctx, Instant::now());
    let mut go_on = true;
    while go_on && script.opened.elapsed() < Duration::from_secs(240) {
        let began = Instant::now();
        let screen = Rect::from_min_size(pos2(0.0, 0.0), vec2(SIZE[0], SIZE[1]));
        let input =
            RawInput { screen_rect: Some(screen), time: Some(script.opened.elapsed().as_secs_f64()), ..RawInput::default() };
        let output = ctx.run_ui(input, |ui| go_on = script.frame(ui));
        let triangles = ctx.tessellate(output.shapes, output.pixels_per_point);
        std::hint::black_box((&triangles, &output.textures_delta));
        script.took(began.elapsed().as_secs_f64());
        // A screen shows no more than sixty a second.
        std::thread::sleep(Duration::from_millis(16).saturating_sub(began.elapsed()));
    }
}

struct InWindow(Script);

impl eframe::App for InWindow {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        if let Some(last) = self.0.last.replace(Instant::now()) {
            self.0.took(last.elapsed().as_secs_f64());
        } else {
            eprintln!("first frame {:.2} s after the start", self.0.opened.elapsed().as_secs_f64());
        }
        if !self.0.frame(ui) {
            ui.ctx().send_viewport_cmd(ViewportCommand::Close);
        }
        ui.ctx().request_repaint();
    }
}

fn main() {
    let opened = Instant::now();
    if std::env::args().any(|arg| arg == "window") {
        let viewport = egui::ViewportBuilder::default().with_inner_size(SIZE);
        let mut options = eframe::NativeOptions { viewport, ..Default::default() };
        options.glow_options.vsync = false;
        let run = eframe::run_native("frames", options, Box::new(|cc| Ok(Box::new(InWindow(Script::new(&cc.egui_ctx, opened))))));
        if let Err(error) = run {
            eprintln!("no window can be opened: {error}");
        }
    } else {
        plain();
    }
}
