//! Tables as data: columns of words or numbers, a note under a row where it needs one. Each page lays them out in its own way.

/// One column.
pub(in crate::report) struct Column {
    pub(in crate::report) header: String,
    /// Numbers stand to the right, words to the left.
    pub(in crate::report) is_number: bool,
    /// How narrow its texts may be cut. Numbers are never cut.
    pub(in crate::report) narrowest: Option<usize>,
    /// When it leaves a page too narrow for all: 1 first.
    pub(in crate::report) leaves: Option<u8>,
}

impl Column {
    /// Words, to the left.
    pub(in crate::report) fn words(header: &str) -> Self {
        Self { header: header.to_owned(), is_number: false, narrowest: None, leaves: None }
    }

    /// Numbers, to the right.
    pub(in crate::report) fn numbers(header: &str) -> Self {
        Self { is_number: true, ..Self::words(header) }
    }

    /// Its texts may be cut to so many columns.
    pub(in crate::report) fn cut_to(self, narrowest: usize) -> Self {
        Self { narrowest: Some(narrowest), ..self }
    }

    /// It may be left out on a narrow page: 1 first.
    pub(in crate::report) fn leaves(self, order: u8) -> Self {
        Self { leaves: Some(order), ..self }
    }
}

/// A table in the making.
pub(in crate::report) struct Table {
    pub(in crate::report) columns: Vec<Column>,
    pub(in crate::report) rows: Vec<Row>,
    heading: Option<String>,
}

/// One row, with a line above and a line below where it needs them.
pub(in crate::report) struct Row {
    pub(in crate::report) heading: Option<String>,
    pub(in crate::report) cells: Vec<String>,
    pub(in crate::report) note: Option<String>,
}

impl Table {
    pub(in crate::report) fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: vec![], heading: None }
    }

    /// Adds a row with a cell for each column.
    pub(in crate::report) fn row(&mut self, cells: Vec<String>) {
        debug_assert_eq!(cells.len(), self.columns.len(), "a cell for each column");
        self.rows.push(Row { heading: self.heading.take(), cells, note: None });
    }

    /// Puts a heading above the next row.
    pub(in crate::report) fn heading(&mut self, heading: String) {
        self.heading = Some(heading);
    }

    /// Adds a note under the last row.
    pub(in crate::report) fn note(&mut self, note: String) {
        if let Some(row) = self.rows.last_mut().filter(|_| !note.is_empty()) {
            row.note = Some(note);
        }
    }

    pub(in crate::report) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
