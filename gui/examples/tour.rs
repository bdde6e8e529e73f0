//! A tour through a real window: opens the digits, plays, scrubs, clicks a spike, reads why it came, chooses another chip, exports; and keeps a
//! picture of each step in both themes.
//!
//! `cargo run --release -p spikewatt-gui --example tour -- FOLDER`. Without a screen: under `xvfb-run`, with `LIBGL_ALWAYS_SOFTWARE=1`.

#![allow(clippy::print_stderr, reason = "it tells what went wrong")]

use eframe::egui::{self, Context, Event, Key, Modifiers, PointerButton, Pos2, RawInput, ThemePreference, Ui, ViewportBuilder};
use spikewatt_gui::app::Viewer;
use spikewatt_gui::export::{Form, write_png};
use spikewatt_gui::panels::PANELS;
use spikewatt_gui::session::Source;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A step gives up after so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// A step: what is done at its beginning, when it is over, and what its picture is called.
struct Step {
    name: &'static str,
    begin: fn(&mut Tour, &Context),
    over: fn(&mut Tour) -> bool,
}

const STEPS: &[Step] = &[
    Step { name: "opened", begin: |_, _| {}, over: |tour| tour.viewer.sources().next().is_some() },
    Step {
        name: "played",
        begin: |tour, _| tour.press(Key::Space),
        over: |tour| tour.viewer.now().is_some_and(|now| now.tick > 40 && now.counts.total().spikes > 500),
    },
    Step {
        name: "scrubbed",
        begin: |tour, _| {
            tour.press(Key::Space);
            (0..5).for_each(|_| tour.press(Key::ArrowLeft));
        },
        over: |tour| tour.viewer.view().cursor.is_some(),
    },
    Step { name: "spike", begin: |tour, _| tour.tries = 0, over: Tour::hunt },
    Step {
        name: "why",
        begin: |tour, _| tour.viewer.show_panel_alone(Some("why")),
        over: |tour| tour.viewer.panel_table("why").is_some_and(|causes| !causes.rows.is_empty()),
    },
    Step {
        name: "device",
        begin: |tour, _| {
            tour.viewer.show_panel_alone(None);
            tour.show("energy");
            if let Some(view) = tour.viewer.view_mut() {
                view.cursor = None;
                view.spiking_device = "loihi1-sanafe".into();
            }
        },
        // Prices are made beside the window.
        over: |tour| tour.since.elapsed() > Duration::from_secs(3),
    },
    Step {
        name: "exported",
        begin: |tour, ctx| {
            for (id, form, file) in [
                ("raster", Form::Svg, "raster.svg"),
                ("counters", Form::Csv, "counters.csv"),
                ("why", Form::Csv, "why.csv"),
                ("raster", Form::Png, "raster.png"),
            ] {
                let path = tour.folder.join(format!("{}-{file}", tour.theme_name()));
                tour.viewer.export_panel(ctx, id, form, &path);
            }
        },
        over: |tour| tour.folder.join(format!("{}-raster.png", tour.theme_name())).exists(),
    },
    Step { name: "shortcuts", begin: |tour, _| tour.press(Key::F1), over: |_| true },
    Step {
        name: "compared",
        begin: |tour, _| {
            tour.press(Key::F1);
            let other = Path::new(env!("CARGO_MANIFEST_DIR")).join("../networks/04-winner-take-all.toml");
            tour.viewer.open_files_as(&[other], true);
        },
        over: |tour| {
            let open = tour.viewer.sources().count() == 2;
            if open && tour.tries < 1_000 {
                tour.tries = 1_000;
                tour.press(Key::M);
            }
            open
        },
    },
];

struct Tour {
    viewer: Viewer,
    folder: PathBuf,
    theme: usize,
    step: usize,
    begun: bool,
    since: Instant,
    /// Frames since the step was over: what is computed beside the window needs some.
    settled: u32,
    events: VecDeque<Event>,
    tries: u32,
    picture: Arc<AtomicBool>,
    failed: Arc<Mutex<Option<String>>>,
}

const THEMES: [(&str, ThemePreference); 2] = [("dark", ThemePreference::Dark), ("light", ThemePreference::Light)];

impl Tour {
    fn new(ctx: &Context, folder: PathBuf, failed: Arc<Mutex<Option<String>>>) -> Self {
        let mut tour = Self {
            viewer: Viewer::new(ctx, None),
            folder,
            theme: 0,
            step: 0,
            begun: false,
            since: Instant::now(),
            settled: 0,
            events: VecDeque::new(),
            tries: 0,
            picture: Arc::default(),
            failed,
        };
        tour.begin(ctx);
        tour
    }

    fn begin(&mut self, ctx: &Context) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        self.viewer = Viewer::new(ctx, None);
        ctx.set_theme(THEMES[self.theme].1);
        // A chart that was clicked takes the arrow keys for itself.
        ctx.memory_mut(|memory| memory.focused().into_iter().for_each(|id| memory.surrender_focus(id)));
        self.viewer.open(Source {
            network: root.join("networks/digits.nir"),
            text: None,
            input: Some(root.join("datasets/digits.h5")),
            dense: Some(root.join("networks/digits-mlp.onnx")),
        });
    }

    fn theme_name(&self) -> &'static str {
        THEMES[self.theme].0
    }

    fn press(&mut self, key: Key) {
        for pressed in [true, false] {
            self.events.push_back(Event::Key { key, physical_key: None, pressed, repeat: false, modifiers: Modifiers::NONE });
        }
    }

    fn click(&mut self, pos: Pos2) {
        self.events.push_back(Event::PointerMoved(pos));
        for pressed in [true, false] {
            self.events.push_back(Event::PointerButton {
                pos,
                button: PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            });
        }
    }

    fn show(&mut self, id: &str) {
        if let Some(spec) = PANELS.iter().find(|spec| spec.id == id) {
            self.viewer.show_panel(spec.id);
        }
    }

    /// Clicks here and there in the raster until a spike is hit.
    fn hunt(&mut self) -> bool {
        if self.viewer.view().spike.is_some() {
            return true;
        }
        if self.events.is_empty()
            && let Some(rect) = self.viewer.panel_rect("raster")
        {
            // Points that fill a rectangle evenly (Roberts 2018, from the plastic number).
            let (x, y) = ((0.754_877_7 * self.tries as f32).fract(), (0.569_840_3 * self.tries as f32).fract());
            self.click(rect.lerp_inside([0.15 + 0.8 * x, 0.1 + 0.75 * y]));
            self.tries += 1;
        }
        false
    }

    fn fail(&self, ctx: &Context, why: String) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
        ctx.send_viewport_cmd(egui::ViewportCommand::Close);
    }

    fn go_on(&mut self, ctx: &Context) {
        let Some(step) = STEPS.get(self.step) else {
            if self.theme + 1 == THEMES.len() {
                ctx.send_viewport_cmd(egui::ViewportCommand::Close);
                return;
            }
            self.theme += 1;
            self.step = 0;
            self.begin(ctx);
            self.since = Instant::now();
            return;
        };
        if !self.begun {
            self.begun = true;
            self.settled = 0;
            self.since = Instant::now();
            self.picture.store(false, Ordering::Relaxed);
            (step.begin)(self, ctx);
            return;
        }
        if self.since.elapsed() > PATIENCE {
            let told = format!("the step `{}` does not end: {}", step.name, self.viewer.problems());
            return self.fail(ctx, told);
        }
        if self.settled == 0 && (!self.events.is_empty() || !(step.over)(self)) {
            return;
        }
        self.settled += 1;
        if self.settled == 30 {
            let path = self.folder.join(format!("{}-{}.png", step.name, self.theme_name()));
            let (done, failed, woken) = (self.picture.clone(), self.failed.clone(), ctx.clone());
            ctx.request_screenshot(move |image| {
                if let Err(wrong) = write_png(&path, &image) {
                    *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(wrong.to_string());
                }
                done.store(true, Ordering::Relaxed);
                woken.request_repaint();
            });
        }
        if self.picture.load(Ordering::Relaxed) {
            self.step += 1;
            self.begun = false;
        }
    }
}

impl eframe::App for Tour {
    fn raw_input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        // One thing a frame, as a person's hands do it.
        input.events.extend(self.events.pop_front());
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        self.viewer.show(ui);
        self.go_on(&ctx);
        ctx.request_repaint();
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        eframe::App::clear_color(&self.viewer, visuals)
    }
}

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("error: write the folder that the pictures go to");
        return ExitCode::from(2);
    };
    if let Err(error) = std::fs::create_dir_all(&folder) {
        eprintln!("error: {}: {error}", folder.display());
        return ExitCode::from(2);
    }
    let failed: Arc<Mutex<Option<String>>> = Arc::default();
    let told = failed.clone();
    let options = eframe::NativeOptions {
        viewport: ViewportBuilder::default().with_title("Spikewatt").with_inner_size([1600.0, 1000.0]).with_position([0.0, 0.0]),
        ..Default::default()
    };
    let ended =
        eframe::run_native("spikewatt-tour", options, Box::new(move |cc| Ok(Box::new(Tour::new(&cc.egui_ctx, folder, told)))));
    let failed = failed.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (ended, failed) {
        (Ok(()), None) => ExitCode::SUCCESS,
        (ended, failed) => {
            eprintln!("error: {}", failed.or(ended.err().map(|error| error.to_string())).unwrap_or_default());
            ExitCode::FAILURE
        }
    }
}
