//! Panels and the window into files.

use super::*;
use crate::export::{Form, csv, svg_of_panel, write_png, write_text};
use crate::layout::spec;
use crate::view::Table;
use eframe::egui::{ColorImage, Rect, Theme, vec2};
use std::sync::Mutex;
use std::sync::PoisonError;

/// What is on its way into files: the rest of a picture comes a frame or two later, and files are written beside the window.
#[derive(Default)]
pub(super) struct Pictures {
    taken: Arc<Mutex<Vec<Taken>>>,
    written: Arc<Mutex<Vec<Written>>>,
}

/// A file, and what came of writing it.
type Written = (PathBuf, spikewatt::diagnostic::Result<()>);

struct Taken {
    path: PathBuf,
    image: Arc<ColorImage>,
}

impl Viewer {
    /// Writes a panel of the desk that has the focus into a file; a picture or a table appears some frames later.
    pub fn export_panel(&mut self, ctx: &Context, id: &'static str, form: Form, path: &Path) {
        self.export(ctx, self.focus, id, form, path);
    }

    /// Where a panel of the desk that has the focus is drawn, where it is to be seen.
    #[must_use]
    pub fn panel_rect(&self, id: &str) -> Option<Rect> {
        self.desks.get(self.focus)?.layout.rect(id)
    }

    /// Shows a panel of the desk that has the focus.
    pub fn show_panel(&mut self, id: &'static str) {
        if let Some(desk) = self.desks.get_mut(self.focus) {
            desk.layout.open(id);
        }
    }

    /// Shows a panel of the desk that has the focus in place of all, or all again.
    pub fn show_panel_alone(&mut self, id: Option<&'static str>) {
        if let Some(desk) = self.desks.get_mut(self.focus) {
            desk.layout.show_alone(id);
        }
    }

    /// The data that a panel of the desk that has the focus shows at this moment.
    pub fn panel_table(&mut self, id: &str) -> Option<Table> {
        self.table(self.focus, id)
    }

    fn table(&mut self, desk: usize, id: &str) -> Option<Table> {
        let on = self.desks.get_mut(desk)?;
        let now = on.now();
        on.with_cx(&now, &self.catalogue, |layout, _, cx| layout.panel(id).and_then(|panel| panel.table(cx)))?.0
    }

    /// Writes a panel into a file.
    pub(super) fn export(&mut self, ctx: &Context, desk: usize, id: &'static str, form: Form, path: &Path) {
        let theme = ctx.theme();
        let Some(on) = self.desks.get_mut(desk) else { return };
        let now = on.now();
        let rect = on.layout.rect(id);
        let none = |what: &str| Diagnostics::from(Diagnostic::new(format!("cannot be written: {what}")).file(path));
        let done = match form {
            Form::Png => match rect {
                Some(rect) => {
                    self.picture(ctx, Some(rect), path);
                    return;
                }
                None => Err(none("the panel is not to be seen; open it first")),
            },
            Form::Csv => on
                .with_cx(&now, &self.catalogue, |layout, _, cx| layout.panel(id).and_then(|panel| panel.table_beside(cx)))
                .and_then(|(table, _)| table)
                .ok_or_else(|| none("the panel has no data at this moment"))
                .map(|table| self.write_beside(ctx, path, move |path| write_text(path, &csv(&table())))),
            Form::Svg => {
                let size = rect.map_or(vec2(800.0, 500.0), |rect| rect.size());
                let theme = if theme == Theme::Dark { Theme::Dark } else { Theme::Light };
                on.with_cx(&now, &self.catalogue, |_, _, cx| spec(id).map(|spec| svg_of_panel(spec, cx, size, theme)))
                    .and_then(|(text, _)| text)
                    .ok_or_else(|| none("there is no such panel"))
                    .and_then(|text| write_text(path, &text))
                    .map(|()| self.tell_written(path, Ok(())))
            }
        };
        if let Err(wrong) = done {
            self.complain(wrong);
        }
    }

    /// Writes a file on a thread of its own, and tells of it when it is there.
    fn write_beside(
        &mut self,
        ctx: &Context,
        path: &Path,
        write: impl FnOnce(&Path) -> spikewatt::diagnostic::Result<()> + Send + 'static,
    ) {
        self.told = format!("Writing {} …", path.display());
        let (written, to, woken) = (self.pictures.written.clone(), path.to_owned(), ctx.clone());
        let begun = std::thread::Builder::new().name("export".into()).spawn(move || {
            let done = write(&to);
            written.lock().unwrap_or_else(PoisonError::into_inner).push((to, done));
            woken.request_repaint();
        });
        if let Err(error) = begun {
            self.complain(Diagnostic::new(format!("cannot be written: {error}")).file(path).into());
        }
    }

    /// Takes a picture of the window, or of a part of it, once menus and questions are gone from it.
    pub(super) fn picture(&mut self, ctx: &Context, part: Option<Rect>, path: &Path) {
        let (taken, path, woken) = (self.pictures.taken.clone(), path.to_owned(), ctx.clone());
        let pixels = ctx.pixels_per_point();
        ctx.request_screenshot(move |image| {
            let image = part.map_or(image.clone(), |rect| Arc::new(image.region(&rect, Some(pixels))));
            taken.lock().unwrap_or_else(PoisonError::into_inner).push(Taken { path, image });
            woken.request_repaint();
        });
    }

    pub(super) fn take_pictures(&mut self, ctx: &Context) {
        let taken = std::mem::take(&mut *self.pictures.taken.lock().unwrap_or_else(PoisonError::into_inner));
        for Taken { path, image } in taken {
            self.write_beside(ctx, &path, move |path| write_png(path, &image));
        }
        let written = std::mem::take(&mut *self.pictures.written.lock().unwrap_or_else(PoisonError::into_inner));
        for (path, done) in written {
            self.tell_written(&path, done);
        }
    }

    fn tell_written(&mut self, path: &Path, done: spikewatt::diagnostic::Result<()>) {
        match done {
            Ok(()) => self.told = format!("Written: {}", path.display()),
            Err(wrong) => self.complain(wrong),
        }
    }
}
