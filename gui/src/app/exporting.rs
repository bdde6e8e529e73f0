//! Panels and the window into files.

use super::*;
use crate::export::{Form, csv, svg_of_panel, write_png, write_text};
use crate::layout::spec;
use crate::view::Table;
use eframe::egui::{ColorImage, Rect, Theme, vec2};
use std::sync::Mutex;
use std::sync::PoisonError;

/// Pictures of the window on their way: the rest of a picture comes a frame or two later.
#[derive(Default)]
pub(super) struct Pictures {
    taken: Arc<Mutex<Vec<Taken>>>,
}

struct Taken {
    path: PathBuf,
    image: Arc<ColorImage>,
}

impl Viewer {
    /// Writes a panel of the desk that has the focus into a file; a picture appears a frame or two later.
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
            Form::Csv => self
                .table(desk, id)
                .ok_or_else(|| none("the panel has no data at this moment"))
                .and_then(|table| write_text(path, &csv(&table))),
            Form::Svg => {
                let size = rect.map_or(vec2(800.0, 500.0), |rect| rect.size());
                let theme = if theme == Theme::Dark { Theme::Dark } else { Theme::Light };
                on.with_cx(&now, &self.catalogue, |_, _, cx| spec(id).map(|spec| svg_of_panel(spec, cx, size, theme)))
                    .and_then(|(text, _)| text)
                    .ok_or_else(|| none("there is no such panel"))
                    .and_then(|text| write_text(path, &text))
            }
        };
        self.tell_written(path, done);
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

    pub(super) fn take_pictures(&mut self) {
        let taken = std::mem::take(&mut *self.pictures.taken.lock().unwrap_or_else(PoisonError::into_inner));
        for Taken { path, image } in taken {
            let done = write_png(&path, &image);
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
