//! The text of a file, what is wrong with it, and where each part of it stands.

use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

/// A stretch of the text, in bytes.
pub(super) type Span = Range<usize>;

/// A file being read.
pub(super) struct Document<'a> {
    text: &'a str,
    file: &'a Path,
    /// The folder that file names in the text are relative to.
    pub(super) base: &'a Path,
    /// Voltages, currents and weights are plain numbers.
    pub(super) unitless: Cell<bool>,
    /// The grid of spike times, ms.
    pub(super) dt_ms: Cell<Option<f64>>,
    notes: RefCell<Vec<String>>,
    complaints: RefCell<Vec<(usize, Diagnostic)>>,
    left_out: Cell<usize>,
    /// Where settings begin, beyond the text, and their keys; ascending.
    set: Vec<(usize, String)>,
    /// Where the part of a dotted path stands (`population.e.params.tau_m`).
    spans: RefCell<BTreeMap<String, Span>>,
}

impl<'a> Document<'a> {
    pub(super) fn new(text: &'a str, file: &'a Path, base: &'a Path, set: Vec<(usize, String)>) -> Self {
        Self {
            text,
            file,
            base,
            unitless: Cell::new(false),
            dt_ms: Cell::new(None),
            notes: RefCell::default(),
            complaints: RefCell::default(),
            left_out: Cell::new(0),
            set,
            spans: RefCell::default(),
        }
    }

    /// The setting that a stretch beyond the text belongs to.
    fn setting(&self, span: &Span) -> Option<&str> {
        self.set.iter().rev().find(|(start, _)| *start <= span.start).map(|(_, key)| key.as_str())
    }

    /// Where a stretch stands, in words: its line, from 1, or its setting.
    pub(super) fn whereabouts(&self, span: &Span) -> String {
        if let Some(key) = self.setting(span) {
            return format!("--set {key}");
        }
        let before = &self.text.as_bytes()[..span.start.min(self.text.len())];
        format!("line {}", before.iter().filter(|byte| **byte == b'\n').count() + 1)
    }

    /// Adds a note on what was assumed.
    pub(super) fn note(&self, note: String) {
        self.notes.borrow_mut().push(note);
    }

    /// The notes.
    pub(super) fn take_notes(&self) -> Vec<String> {
        self.notes.take()
    }

    /// Adds a complaint about a stretch of the text.
    pub(super) fn complain(&self, span: &Span, message: impl Into<String>) {
        self.add(span, Diagnostic::new(message));
    }

    /// Adds a complaint with advice.
    pub(super) fn complain_with_help(&self, span: &Span, message: impl Into<String>, help: impl Into<String>) {
        self.add(span, Diagnostic::new(message).help(help));
    }

    /// Adds a complaint; one without a file is placed at the stretch, one about another file is listed with it.
    pub(super) fn add(&self, span: &Span, complaint: Diagnostic) {
        // A file can be wrong in a million places; nobody reads so far, and each complaint holds its line.
        const MOST: usize = 100;
        let mut complaints = self.complaints.borrow_mut();
        if complaints.len() >= MOST {
            self.left_out.set(self.left_out.get() + 1);
        } else if complaint.file.is_some() {
            complaints.push((span.start, complaint));
        } else if let Some(key) = self.setting(span) {
            complaints.push((span.start, complaint.place(Place::Argument(format!("--set {key}")))));
        } else {
            let place = Place::in_text(self.text, span.start, span.end);
            complaints.push((span.start, complaint.place(place).file(self.file)));
        }
    }

    /// How many complaints there are so far.
    pub(super) fn count(&self) -> usize {
        self.complaints.borrow().len() + self.left_out.get()
    }

    /// Notes where the part of a path stands. The first part of a name keeps it.
    pub(super) fn locate(&self, path: String, span: Span) {
        self.spans.borrow_mut().entry(path).or_insert(span);
    }

    /// Notes where the part of a path stands, in place of what was noted before.
    pub(super) fn relocate(&self, path: String, span: Span) {
        self.spans.borrow_mut().insert(path, span);
    }

    /// Adds a complaint placed by a dotted path, at the nearest part of the path that the text has.
    pub(super) fn add_at_path(&self, complaint: &Diagnostic) {
        let Place::Path(path) = &complaint.place else {
            return self.add(&(0..0), complaint.clone());
        };
        let mut part = path.as_str();
        loop {
            if let Some(span) = self.spans.borrow().get(part) {
                return self.add(span, complaint.clone());
            }
            match part.rfind('.') {
                Some(at) => part = &part[..at],
                None => return self.add_whole(complaint),
            }
        }
    }

    /// Adds a complaint about the file as a whole.
    fn add_whole(&self, complaint: &Diagnostic) {
        self.complaints.borrow_mut().push((0, complaint.clone().place(Place::Whole).file(self.file)));
    }

    /// All complaints in the order of the text.
    pub(super) fn into_complaints(self) -> Diagnostics {
        let mut complaints = self.complaints.into_inner();
        complaints.sort_by_key(|(at, _)| *at);
        if self.left_out.get() > 0 {
            let rest = format!("{} more complaints are not shown", self.left_out.get());
            complaints.push((usize::MAX, Diagnostic::new(rest).file(self.file)));
        }
        complaints.into_iter().map(|(_, complaint)| complaint).collect()
    }
}
