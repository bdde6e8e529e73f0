//! `spikewatt-gui`: the viewer's program.

use clap::Parser;
use eframe::egui::ViewportBuilder;
use spikewatt_gui::app::Viewer;
use spikewatt_gui::session::Source;
use std::path::PathBuf;
use std::process::ExitCode;

/// See spikes, see joules, see why: the viewer of Spikewatt
#[derive(Debug, Parser)]
#[command(name = "spikewatt-gui", version)]
struct Args {
    /// The network (TOML, NIR, SONATA), or a file of results
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
    let source = args.file.map(|network| Source { network, text: None, input: args.input, dense: args.dense });
    let options = eframe::NativeOptions {
        viewport: ViewportBuilder::default()
            .with_title("Spikewatt")
            .with_inner_size([1440.0, 900.0])
            .with_min_inner_size([640.0, 400.0]),
        ..Default::default()
    };
    match eframe::run_native("spikewatt", options, Box::new(|cc| Ok(Box::new(Viewer::new(&cc.egui_ctx, source))))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!(
                "error: no window can be opened: {error}\n  help: the viewer needs a display; the command `spikewatt` works without one"
            );
            ExitCode::from(2)
        }
    }
}
