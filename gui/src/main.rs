//! The viewer's window.

use eframe::egui;
use spikewatt::neuron::MODELS;
use std::process::ExitCode;

fn main() -> ExitCode {
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default().with_title("Spikewatt").with_inner_size([960.0, 640.0]),
        ..Default::default()
    };
    match eframe::run_native("spikewatt", options, Box::new(|_| Ok(Box::new(Viewer)))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!(
                "error: no window can be opened: {error}\n  help: the viewer needs a display; the command `spikewatt` works without one"
            );
            ExitCode::from(2)
        }
    }
}

/// What the window shows: the models that the library has, each with its equation.
struct Viewer;

impl eframe::App for Viewer {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        egui::CentralPanel::default().show(ui, |ui| {
            ui.heading("Spikewatt");
            ui.label("Neuron models of this build:");
            ui.separator();
            egui::ScrollArea::vertical().show(ui, |ui| {
                for make in MODELS {
                    let model = make();
                    let spec = model.spec();
                    ui.collapsing(format!("{}: {}", spec.name, spec.title), |ui| {
                        ui.monospace(spec.equation);
                        ui.label(spec.reference);
                    });
                }
            });
        });
    }
}
