//! `spikewatt-gui`: the viewer's program.

use clap::Parser;
use eframe::egui::ViewportBuilder;
use spikewatt_gui::app::Viewer;
use spikewatt_gui::config::Config;
use std::path::PathBuf;
use std::process::ExitCode;

/// See spikes, see joules, see why: the viewer of Spikewatt
#[derive(Debug, Parser)]
#[command(name = "spikewatt-gui", version)]
struct Args {
    /// A network (TOML, NIR, SONATA), a file of results (HDF5) or a project
    file: Option<PathBuf>,
    /// The data set whose samples the network is shown
    #[arg(long, value_name = "DATA", requires = "file")]
    input: Option<PathBuf>,
    /// The dense network beside it; without it, the spiking network's own layers where they make one
    #[arg(long, value_name = "MODEL", requires = "file")]
    dense: Option<PathBuf>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    if cfg!(all(unix, not(target_os = "macos")))
        && ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].iter().all(|name| std::env::var_os(name).is_none_or(|v| v.is_empty()))
    {
        return no_window("there is no display");
    }
    let options = eframe::NativeOptions {
        viewport: ViewportBuilder::default()
            .with_title("Spikewatt")
            .with_inner_size([1440.0, 900.0])
            .with_min_inner_size([640.0, 400.0]),
        ..Default::default()
    };
    let begin = move |cc: &eframe::CreationContext<'_>| {
        let config = Config::usual_place().map_or_else(Config::default, |path| Config::of_file(&path));
        let mut viewer = Viewer::with_config(&cc.egui_ctx, config).with_dialogs();
        match (args.file, args.input, args.dense) {
            (Some(file), None, None) => viewer.open_files(&[file]),
            (Some(network), input, dense) => viewer.open_together(network, input, dense),
            _ => {}
        }
        Ok(Box::new(viewer) as Box<dyn eframe::App>)
    };
    match eframe::run_native("spikewatt", options, Box::new(begin)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => no_window(&error.to_string()),
    }
}

fn no_window(why: &str) -> ExitCode {
    eprintln!(
        "error: no window can be opened: {why}\n  help: the viewer needs a display; `spikewatt run` and `spikewatt compare` work without"
    );
    ExitCode::from(2)
}
