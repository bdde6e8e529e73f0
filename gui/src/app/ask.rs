//! Asks for a file: by the system's own dialog where there is one, and always by a line to write its path in.

use super::commands::Asked;
use super::*;
use crate::export::Form;
use eframe::egui::{Key, TextEdit, Window};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

/// What a file is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Open,
    Data,
    Dense,
    Results,
    Project,
    Compare,
    Save,
    Screenshot,
    Export(&'static str, Form),
}

impl Purpose {
    fn title(self) -> &'static str {
        match self {
            Self::Open => "Open a file",
            Self::Data => "Open a data set",
            Self::Dense => "Open a dense network",
            Self::Results => "Open results",
            Self::Project => "Open a project",
            Self::Compare => "Open beside this one",
            Self::Save => "Save the project",
            Self::Screenshot => "Export the window",
            Self::Export(..) => "Export a panel",
        }
    }

    fn saves(self) -> bool {
        matches!(self, Self::Save | Self::Screenshot | Self::Export(..))
    }

    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Open | Self::Compare => &["toml", "nir", "json", "h5", "hdf5", "onnx", "npy", "csv"],
            Self::Data => &["h5", "hdf5", "npy", "csv"],
            Self::Dense => &["onnx", "nir"],
            Self::Results => &["h5", "hdf5"],
            Self::Project | Self::Save => &["toml"],
            Self::Screenshot | Self::Export(_, Form::Png) => &["png"],
            Self::Export(_, Form::Svg) => &["svg"],
            Self::Export(_, Form::Csv) => &["csv"],
        }
    }
}

/// A file is being asked for.
pub(super) struct Ask {
    purpose: Purpose,
    text: String,
    /// What the system's dialog gives, where one is open.
    dialog: Option<Receiver<Vec<PathBuf>>>,
    fresh: bool,
}

impl Viewer {
    pub(super) fn begin_ask(&mut self, ctx: &Context, purpose: Purpose) {
        let name = self.desks.get(self.focus).and_then(|desk| desk.now().scene).map_or("window".into(), |s| s.net.name.clone());
        let safe: String = name.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
        let text = match purpose {
            Purpose::Save => match self.desks.get(self.focus).and_then(|desk| desk.project.clone()) {
                Some(path) => path.display().to_string(),
                None => format!("{safe}.{}", crate::project::ENDING),
            },
            Purpose::Screenshot => format!("{safe}.png"),
            Purpose::Export(id, form) => format!("{safe}-{id}.{}", form.ending()),
            _ => String::new(),
        };
        let dialog = (self.dialogs && has_dialogs()).then(|| dialog(ctx, purpose, &text));
        self.ask = Some(Ask { purpose, text, dialog, fresh: true });
    }

    /// Draws the question and takes its answer.
    pub(super) fn ask(&mut self, ctx: &Context, _actions: &mut Vec<Asked>) {
        let Some(mut ask) = self.ask.take() else { return };
        let mut chosen: Option<Vec<PathBuf>> = None;
        match ask.dialog.as_ref().map(Receiver::try_recv) {
            Some(Ok(paths)) if !paths.is_empty() => chosen = Some(paths),
            // It was cancelled, or there is none: the line is still there.
            Some(Ok(_) | Err(TryRecvError::Disconnected)) => ask.dialog = None,
            None | Some(Err(TryRecvError::Empty)) => {}
        }
        let (mut open, mut cancelled) = (true, false);
        Window::new(ask.purpose.title()).open(&mut open).collapsible(false).default_width(520.0).show(ctx, |ui| {
            let what = ask.purpose.endings().iter().map(|e| format!(".{e}")).collect::<Vec<_>>().join(", ");
            let label = ui.label(format!("Path of the file ({what})"));
            let line = ui.add(TextEdit::singleline(&mut ask.text).desired_width(f32::INFINITY)).labelled_by(label.id);
            if std::mem::take(&mut ask.fresh) {
                line.request_focus();
            }
            let entered = line.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            if ask.purpose.saves() && Path::new(ask.text.trim()).is_file() {
                ui.colored_label(theme::Tokens::in_use(ui).bad, "This file is there already; saving replaces it.");
            }
            ui.horizontal(|ui| {
                let name = if ask.purpose.saves() { "Save" } else { "Open" };
                let ready = !ask.text.trim().is_empty();
                let pressed = ui.add_enabled(ready, egui::Button::new(name)).clicked();
                if ready && (pressed || entered) {
                    chosen = Some(vec![PathBuf::from(ask.text.trim())]);
                }
                if self.dialogs && ask.dialog.is_none() && ui.button("Browse …").clicked() {
                    ask.dialog = Some(dialog(ctx, ask.purpose, &ask.text));
                }
                cancelled = ui.button("Cancel").clicked() || ui.input(|input| input.key_pressed(Key::Escape));
            });
            if ask.dialog.is_some() {
                ui.weak("Or choose it in the window of the system's dialog.");
            }
        });
        match chosen {
            Some(paths) => self.answer(ctx, ask.purpose, &paths),
            None if open && !cancelled => self.ask = Some(ask),
            None => {}
        }
    }

    fn answer(&mut self, ctx: &Context, purpose: Purpose, paths: &[PathBuf]) {
        match purpose {
            Purpose::Open | Purpose::Results | Purpose::Project => self.open_files(paths),
            Purpose::Compare => self.open_files_as(paths, true),
            Purpose::Data | Purpose::Dense => {
                let Some(mut source) = self.desks.get(self.focus).map(|desk| desk.source.clone()) else { return };
                let path = paths.first().cloned();
                if purpose == Purpose::Data {
                    source.input = path
                } else {
                    source.dense = path
                }
                self.open(source);
            }
            Purpose::Save => {
                if let Some(path) = paths.first() {
                    self.save(ctx, path);
                }
            }
            Purpose::Screenshot => {
                if let Some(path) = paths.first() {
                    self.picture(ctx, None, path);
                }
            }
            Purpose::Export(id, form) => {
                if let Some(path) = paths.first() {
                    self.export(ctx, self.focus, id, form, path);
                }
            }
        }
    }
}

/// Whether the system may have dialogs: on desktops of Linux they are asked for over the session's bus.
fn has_dialogs() -> bool {
    !cfg!(all(unix, not(target_os = "macos"))) || std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some()
}

/// Opens the system's dialog on a thread of its own.
fn dialog(ctx: &Context, purpose: Purpose, text: &str) -> Receiver<Vec<PathBuf>> {
    let (sender, receiver) = channel();
    let mut asked = rfd::FileDialog::new().set_title(purpose.title()).add_filter("Files", purpose.endings());
    if purpose.saves() {
        let path = Path::new(text);
        asked = asked.set_file_name(path.file_name().unwrap_or_default().to_string_lossy());
    }
    let ctx = ctx.clone();
    // A thread that cannot be started gives no answer, and the line is there all the same.
    let _ = std::thread::Builder::new().name("dialog".into()).spawn(move || {
        let chosen = match purpose {
            _ if purpose.saves() => asked.save_file().into_iter().collect(),
            Purpose::Open | Purpose::Compare => asked.pick_files().unwrap_or_default(),
            _ => asked.pick_file().into_iter().collect(),
        };
        let _ = sender.send(chosen);
        ctx.request_repaint();
    });
    receiver
}
