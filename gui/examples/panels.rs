//! A picture of every panel from a real window: alone, in both themes, with different things open; and of the whole window at several sizes.
//!
//! `cargo run --release -p spikewatt-gui --example panels -- FOLDER [PART OF A NAME]`. Without a screen: under `xvfb-run` with a screen of
//! 2560 × 1440, with `LIBGL_ALWAYS_SOFTWARE=1`.

#![allow(clippy::print_stderr, reason = "it tells what went wrong")]

use eframe::egui::{Context, Ui, Vec2, ViewportBuilder, ViewportCommand, vec2};
use spikewatt_gui::app::Viewer;
use spikewatt_gui::config::theme_of;
use spikewatt_gui::export::write_png;
use spikewatt_gui::panels::PANELS;
use spikewatt_gui::session::{Command, Neuron, Source, Spiked};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What is opened: its name, its files below the project's folder, and how long it runs, ms.
const OPENED: &[(&str, &[&str], f64)] = &[
    ("new", &["networks/04-winner-take-all.toml"], 0.0),
    ("digits", &["networks/digits.nir", "datasets/digits.h5", "networks/digits-mlp.onnx"], 70.0),
    ("winner", &["networks/04-winner-take-all.toml"], 200.0),
    ("exact", &["networks/04-winner-take-all.toml"], 200.0),
];

/// A picture to take.
struct Shot {
    name: String,
    theme: &'static str,
    opened: usize,
    panel: Option<&'static str>,
    size: Vec2,
    zoom: f32,
    /// A second run stands beside the first.
    beside: bool,
}

/// Every picture.
fn shots() -> Vec<Shot> {
    let mut shots = Vec::new();
    for theme in ["dark", "light"] {
        for (opened, (name, ..)) in OPENED.iter().enumerate() {
            let one = |what: &str, panel, size, zoom, beside| Shot {
                name: format!("{name}-{what}-{theme}"),
                theme,
                opened,
                panel,
                size,
                zoom,
                beside,
            };
            shots.extend(PANELS.iter().map(|spec| one(spec.id, Some(spec.id), vec2(760.0, 560.0), 1.0, false)));
            let sizes = [
                ("small", vec2(640.0, 400.0), 1.0),
                ("usual", vec2(1600.0, 1000.0), 1.0),
                ("large", vec2(2560.0, 1440.0), 1.0),
                ("double", vec2(1600.0, 1000.0), 2.0),
            ];
            shots.extend(sizes.into_iter().map(|(what, size, zoom)| one(what, None, size, zoom, false)));
            shots.push(one("beside", None, vec2(1600.0, 1000.0), 1.0, true));
        }
    }
    shots
}

struct Album {
    viewer: Viewer,
    folder: PathBuf,
    shots: Vec<Shot>,
    at: usize,
    open: Option<(usize, &'static str, bool)>,
    ran: bool,
    since: Instant,
    frames: u32,
    taken: Arc<AtomicBool>,
    failed: Arc<Mutex<Option<String>>>,
}

/// Frames after which everything stands, and the time that work beside the window gets.
const FRAMES: u32 = 12;
const PATIENCE: Duration = Duration::from_millis(900);

impl Album {
    fn fail(&self, ctx: &Context, why: String) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
        ctx.send_viewport_cmd(ViewportCommand::Close);
    }

    /// Opens what the next picture shows; true once it is there and has run.
    fn is_open(&mut self, ctx: &Context) -> bool {
        let shot = &self.shots[self.at];
        let (opened, theme, beside) = (shot.opened, shot.theme, shot.beside);
        let (name, files, ms) = OPENED[opened];
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        if self.open != Some((opened, theme, beside)) {
            if !beside {
                self.viewer = Viewer::new(ctx, None);
            }
            ctx.set_theme(theme_of(theme));
            let paths: Vec<_> = files.iter().map(|file| root.join(file)).collect();
            if name == "exact" && !beside {
                let text = std::fs::read_to_string(&paths[0]).unwrap_or_default();
                let gridless: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with("dt ")).collect();
                self.viewer.open(Source::of_text("exact.toml", &gridless.join("\n")));
            } else {
                self.viewer.open_files_as(&paths, beside);
            }
            (self.open, self.ran) = (Some((opened, theme, beside)), false);
            return false;
        }
        let there = self.viewer.sources().count() == if beside { 2 } else { 1 };
        let Some(now) = self.viewer.now().filter(|_| there) else { return false };
        let Some(scene) = now.scene.clone() else { return false };
        let end = scene.tick(ms);
        if !self.ran {
            self.ran = true;
            if let (Some(session), true) = (self.viewer.session(), end > now.tick) {
                session.send(Command::Step(end - now.tick));
            }
            return false;
        }
        if now.tick < end {
            return false;
        }
        self.choose(&scene);
        true
    }

    /// Chooses a spike in the middle of what ran, and follows two neurons.
    fn choose(&mut self, scene: &spikewatt_gui::session::Scene) {
        let spike = self.viewer.history().and_then(|history| {
            let population =
                (0..scene.net.populations.len()).rev().find(|p| !history.spikes.between(*p, 0, u64::MAX).0.is_empty())?;
            let (ticks, ids) = history.spikes.between(population, 0, u64::MAX);
            let at = ticks.len() / 2;
            Some(Spiked { tick: *ticks.get(at)?, population, id: *ids.get(at)? })
        });
        let Some(view) = self.viewer.view_mut() else { return };
        if view.spike == spike && !view.watched.is_empty() {
            return;
        }
        view.spike = spike;
        let last = scene.net.populations.len().saturating_sub(1);
        view.choose(Neuron { population: last, id: 0 });
        let watched = view.watched.clone();
        view.window.from = 0.0;
        view.window.to = scene.tick(100.0) as f64;
        if let Some(session) = self.viewer.session() {
            session.send(Command::Watch(watched));
        }
    }

    fn go_on(&mut self, ctx: &Context) {
        let Some(shot) = self.shots.get(self.at) else {
            ctx.send_viewport_cmd(ViewportCommand::Close);
            return;
        };
        if self.since.elapsed() > Duration::from_secs(30) {
            let told = format!("{} does not come: {}", shot.name, self.viewer.problems());
            return self.fail(ctx, told);
        }
        if !self.is_open(ctx) {
            return;
        }
        let shot = &self.shots[self.at];
        if self.frames == 0 {
            self.taken.store(false, Ordering::Relaxed);
            self.since = Instant::now();
            self.viewer.show_panel_alone(shot.panel);
            ctx.set_zoom_factor(shot.zoom);
        }
        // The size is told in points of the new zoom, which holds from the next frame on.
        if self.frames == 2 {
            ctx.send_viewport_cmd(ViewportCommand::InnerSize(shot.size / shot.zoom));
        }
        self.frames += 1;
        if self.frames > FRAMES && self.since.elapsed() > PATIENCE && self.frames < u32::MAX / 2 {
            self.frames = u32::MAX / 2;
            let (path, taken, failed) = (self.folder.join(format!("{}.png", shot.name)), self.taken.clone(), self.failed.clone());
            let woken = ctx.clone();
            ctx.request_screenshot(move |image| {
                if let Err(wrong) = write_png(&path, &image) {
                    *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(wrong.to_string());
                }
                taken.store(true, Ordering::Relaxed);
                woken.request_repaint();
            });
        }
        if self.taken.load(Ordering::Relaxed) && self.frames >= u32::MAX / 2 {
            self.at += 1;
            self.frames = 0;
            self.since = Instant::now();
        }
    }
}

impl eframe::App for Album {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        self.viewer.show(ui);
        self.go_on(&ctx);
        ctx.request_repaint();
    }

    fn clear_color(&self, visuals: &eframe::egui::Visuals) -> [f32; 4] {
        eframe::App::clear_color(&self.viewer, visuals)
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(folder) = arguments.next().map(PathBuf::from) else {
        eprintln!("error: write the folder that the pictures go to");
        return ExitCode::from(2);
    };
    let part = arguments.next().map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
    if let Err(error) = std::fs::create_dir_all(&folder) {
        eprintln!("error: {}: {error}", folder.display());
        return ExitCode::from(2);
    }
    let failed: Arc<Mutex<Option<String>>> = Arc::default();
    let told = failed.clone();
    let viewport = ViewportBuilder::default().with_title("Spikewatt").with_inner_size([1600.0, 1000.0]).with_position([0.0, 0.0]);
    let options = eframe::NativeOptions { viewport, ..Default::default() };
    let album = move |cc: &eframe::CreationContext<'_>| -> Box<dyn eframe::App> {
        Box::new(Album {
            viewer: Viewer::new(&cc.egui_ctx, None),
            folder,
            shots: shots().into_iter().filter(|shot| shot.name.contains(&part)).collect(),
            at: 0,
            open: None,
            ran: false,
            since: Instant::now(),
            frames: 0,
            taken: Arc::default(),
            failed: told,
        })
    };
    let ended = eframe::run_native("spikewatt-panels", options, Box::new(move |cc| Ok(album(cc))));
    let failed = failed.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (ended, failed) {
        (Ok(()), None) => ExitCode::SUCCESS,
        (ended, failed) => {
            eprintln!("error: {}", failed.or(ended.err().map(|error: eframe::Error| error.to_string())).unwrap_or_default());
            ExitCode::FAILURE
        }
    }
}
