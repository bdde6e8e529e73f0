//! How soon does a recording of 2 GB show something, how much memory does it take, and how soon is all of a stretch shown?
//!
//! ```sh
//! cargo bench -p spikewatt-gui --bench recording             # writes 2 GB into the folder for temporary files
//! cargo bench -p spikewatt-gui --bench recording -- FILE.h5  # a file that is there
//! ```

use eframe::egui::{Context, RawInput, Rect, pos2};
use spikewatt::compile::CompiledNetwork;
use spikewatt::record::{FileRecorder, Recorder, Results, Selection};
use spikewatt_gui::app::Viewer;
use spikewatt_gui::view::Window;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Spikes in the file; each takes 16 bytes before it is packed.
const SPIKES: u64 = 128_000_000;
const NEURONS: u32 = 100_000;

fn main() {
    let given = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).map(PathBuf::from);
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = given.unwrap_or_else(|| write(folder.path()));
    let bytes = std::fs::metadata(&path).map_or(0, |file| file.len());
    let results = Results::open(&path).expect("results");
    let raw: usize = results.trains.iter().map(|train| train.len * 16).sum();
    let report = if results.report.as_deref().unwrap_or_default().is_empty() { "without a report" } else { "with a report" };
    eprintln!("{:.2} GB of spikes in {:.2} GB of file, {report}", raw as f64 * 1e-9, bytes as f64 * 1e-9);
    drop(results);
    // What was written is not what is measured.
    let before = memory("VmHWM:");
    let ctx = Context::default();
    let began = Instant::now();
    let mut viewer = Viewer::new(&ctx, None);
    viewer.open_files(&[path]);
    let mut longest = Duration::ZERO;
    let mut wait = |viewer: &mut Viewer, done: &dyn Fn(&Viewer) -> bool| {
        let since = Instant::now();
        while !done(viewer) && since.elapsed() < Duration::from_secs(300) {
            longest = longest.max(frame(&ctx, viewer));
            std::thread::sleep(Duration::from_millis(4));
        }
        since.elapsed().as_secs_f64()
    };
    wait(&mut viewer, &|v| v.sources().next().is_some());
    eprintln!("opened after {:.2} s", began.elapsed().as_secs_f64());
    wait(&mut viewer, &|v| v.history().is_some_and(|history| !history.spikes.is_empty()));
    eprintln!("first spikes after {:.2} s", began.elapsed().as_secs_f64());
    let end = viewer.now().map_or(0, |now| now.tick);
    let mut stretches = Vec::new();
    for k in 0..20u64 {
        // Places all over the file, some of them in turn.
        let length = (end as f64 / 2_000.0).floor();
        let from = (end as f64 * (0.03 + 0.047 * k as f64)).min(end as f64 - length).floor();
        if let Some(view) = viewer.view_mut() {
            view.window = Window { from, to: from + length, follows: false };
        }
        let within = move |v: &Viewer| {
            v.history()
                .is_some_and(|h| !h.spikes.is_empty() && h.spikes.count(0, from as u64, (from + length) as u64) == h.spikes.len())
        };
        stretches.push(wait(&mut viewer, &within) * 1e3);
    }
    stretches.sort_by(f64::total_cmp);
    eprintln!("all spikes of a two-thousandth: median {:.0} ms, longest {:.0} ms", stretches[10], stretches[19]);
    wait(&mut viewer, &|v| v.now().is_some_and(|now| now.complaints.iter().all(|told| !told.starts_with("reading"))));
    eprintln!("walked to its end after {:.1} s", began.elapsed().as_secs_f64());
    eprintln!(
        "longest frame {:.0} ms; peak memory {} MB, before it was opened {} MB",
        longest.as_secs_f64() * 1e3,
        memory("VmHWM:"),
        before
    );
}

fn frame(ctx: &Context, viewer: &mut Viewer) -> Duration {
    let began = Instant::now();
    let screen = Rect::from_min_max(pos2(0.0, 0.0), pos2(1440.0, 900.0));
    let output = ctx.run_ui(RawInput { screen_rect: Some(screen), ..RawInput::default() }, |ui| viewer.show(ui));
    std::hint::black_box(ctx.tessellate(output.shapes, output.pixels_per_point));
    began.elapsed()
}

/// Writes a file as the library's recorder does; without a report, as other programs' files are.
fn write(folder: &Path) -> PathBuf {
    let text = format!(
        "name = \"large\"\ndt = \"0.1 ms\"\n[[population]]\nname = \"n\"\nsize = {NEURONS}\nmodel = \"lif_delta\"\nparams = {{ tau_m = \"10 ms\", v_th = \"1 mV\" }}\n"
    );
    let network = spikewatt::format::toml::parse(&text, Path::new("large.toml"), ".").expect("written right above");
    let net = CompiledNetwork::new(&network, None, None).expect("good");
    let path = folder.join("large.h5");
    let selection = Selection { spikes: vec![0], probes: Vec::new() };
    let mut recorder = FileRecorder::begin(&path, &net, &selection).expect("there is room for 2 GB");
    let each = 400;
    for tick in 1..=SPIKES / each {
        let ids: Vec<u32> =
            (0..each).map(|k| ((tick * each + k).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as u32 % NEURONS).collect();
        recorder.spikes(0, tick, &ids);
    }
    recorder.finish("", false).expect("there is room for 2 GB");
    path
}

/// A line of the system's account of this program, MB; 0 where it keeps none.
fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found =
        status.lines().find(|told| told.starts_with(line)).and_then(|told| told.split_whitespace().nth(1)?.parse::<u64>().ok());
    found.unwrap_or(0) / 1024
}
