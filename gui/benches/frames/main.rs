//! How long does a frame take with 10⁵ and 10⁶ spikes in view, while the simulation runs as fast as it can?
//!
//! ```sh
//! cargo bench -p spikewatt-gui --bench frames              # without a window: panels, layout and triangles, all that the processor does
//! cargo bench -p spikewatt-gui --bench frames -- window    # in a window: from frame to frame, drawing included
//! ```
//!
//! What is measured is named: `usual` panels, `all` panels at once, `panels` one at a time, `microcircuit`; `usual` and `all` where nothing is.
//! `memory`, `memory-small` and `memory-digits` tell the memory of a run of ten minutes, or of as many seconds as are named.

mod cases;
mod memory;
mod script;

use cases::cases;
use eframe::egui::{self, Context, RawInput, Rect, Ui, ViewportCommand, pos2, vec2};
use script::Script;
use std::time::{Duration, Instant};

const SIZE: [f32; 2] = [1440.0, 900.0];

/// A frame without a window: what the processor does until triangles are ready. False when all is measured.
fn draw(ctx: &Context, script: &mut Script, opened: Instant) -> bool {
    let mut go_on = true;
    let screen = Rect::from_min_size(pos2(0.0, 0.0), vec2(SIZE[0], SIZE[1]));
    let input = RawInput { screen_rect: Some(screen), time: Some(opened.elapsed().as_secs_f64()), ..RawInput::default() };
    let output = ctx.run_ui(input, |ui| go_on = script.frame(ui));
    let triangles = ctx.tessellate(output.shapes, output.pixels_per_point);
    std::hint::black_box((&triangles, &output.textures_delta));
    go_on
}

fn plain(mut script: Script, ctx: &Context) {
    let (opened, mut go_on) = (Instant::now(), true);
    while go_on {
        let began = Instant::now();
        go_on = draw(ctx, &mut script, opened);
        script.took(began.elapsed().as_secs_f64());
        // A screen shows no more than sixty a second.
        std::thread::sleep(Duration::from_millis(16).saturating_sub(began.elapsed()));
    }
}

struct InWindow {
    script: Script,
    opened: Instant,
    last: Option<Instant>,
}

impl eframe::App for InWindow {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        match self.last.replace(Instant::now()) {
            Some(last) => self.script.took(last.elapsed().as_secs_f64()),
            None => eprintln!("first frame {:.2} s after the start", self.opened.elapsed().as_secs_f64()),
        }
        if !self.script.frame(ui) {
            ui.ctx().send_viewport_cmd(ViewportCommand::Close);
        }
        ui.ctx().request_repaint();
    }
}

fn main() {
    let opened = Instant::now();
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let folder = tempfile::tempdir().expect("a folder can be made");
    let seconds = asked.iter().find_map(|arg| arg.parse().ok()).unwrap_or(600);
    let is_set = |arg: &&str| *arg != "window" && arg.parse::<u64>().is_err();
    let named: Vec<&str> = asked.iter().map(String::as_str).filter(is_set).collect();
    let memory = named.iter().any(|set| set.starts_with("memory"));
    let sets = if named.is_empty() { vec!["usual", "all"] } else { named };
    let mut all = Vec::new();
    for set in sets {
        let within = folder.path().join(set);
        std::fs::create_dir_all(&within).expect("the folder can be written to");
        match cases(set, &within) {
            Some(found) => all.extend(found),
            None => {
                return eprintln!(
                    "error: nothing to measure is named `{set}`; there are usual, all, panels, microcircuit, memory, memory-small and memory-digits"
                );
            }
        }
    }
    let make = |ctx: &Context| Script::new(ctx, all);
    if asked.iter().any(|arg| arg == "window") {
        let viewport = egui::ViewportBuilder::default().with_inner_size(SIZE);
        let mut options = eframe::NativeOptions { viewport, ..Default::default() };
        options.glow_options.vsync = false;
        let begin =
            |cc: &eframe::CreationContext<'_>| Ok(Box::new(InWindow { script: make(&cc.egui_ctx), opened, last: None }) as _);
        if let Err(error) = eframe::run_native("frames", options, Box::new(begin)) {
            eprintln!("no window can be opened: {error}");
        }
    } else {
        let ctx = Context::default();
        let script = make(&ctx);
        if memory {
            memory::watch(script, &ctx, seconds, |ctx, script| {
                draw(ctx, script, opened);
            });
        } else {
            plain(script, &ctx);
        }
    }
}
