//! Tables in text: a row of values per sample, or a row per spike.
//!
//! A spike list has the columns `sample`, `channel` and `time_ms`, and optionally `label`, in any order. In any other table
//! each column is a channel, but for one named `label`. Labels are class numbers, or names, which are then numbered in
//! alphabetical order.

use std::collections::BTreeSet;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};

use super::{Dataset, DatasetFormat, MOST_CHANNELS, Samples, SpikeLists, Values, no_axes};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Result, quoted};

pub(super) const FORMAT: DatasetFormat = DatasetFormat {
    name: "csv",
    about: "text with commas: a row of values per sample, or the columns sample,channel,time_ms; optionally label",
    extensions: &["csv"],
    sniff: |_, _| false,
    read,
};

/// Complaints listed one by one; a broken column breaks every row.
const MOST_COMPLAINTS: usize = 20;

/// Sample numbers of a spike list are below this, so that one number does not decide how much memory is taken.
const MOST_SAMPLES: u64 = 1 << 24;

fn read(path: &Path, axes: Option<&str>) -> Result<Dataset> {
    no_axes(axes)?;
    let bytes = std::fs::read(path).map_err(|error| Diagnostic::new(format!("cannot be read: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|_| Diagnostic::new("is not text in UTF-8"))?;
    let table = Table::of(&text)?;
    let column = |name: &str| table.header.iter().position(|other| other == name);
    match (column("sample"), column("channel"), column("time_ms")) {
        (Some(sample), Some(channel), Some(time)) => spike_list(&table, [sample, channel, time], column("label")),
        _ => rows(&table, column("label")),
    }?
    .checked()
}

/// The file cut into fields.
struct Table<'a> {
    text: &'a str,
    header: Vec<String>,
    rows: Vec<StringRecord>,
}

impl<'a> Table<'a> {
    fn of(text: &'a str) -> Result<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let unreadable = |error: csv::Error| Diagnostic::new(format!("cannot be read: {error}"));
        let header: Vec<String> = reader.headers().map_err(unreadable)?.iter().map(str::to_owned).collect();
        let rows = reader.records().collect::<std::result::Result<_, _>>().map_err(unreadable)?;
        let table = Self { text, header, rows };
        let mut wrong = Wrong::default();
        if table.header.is_empty() {
            return Err(Diagnostic::new("is empty; expected a line of column names").into());
        }
        if table.header.iter().all(|name| name.parse::<f64>().is_ok()) {
            let complaint = Diagnostic::new("begins with numbers; expected a line of column names");
            wrong.push(complaint.place(Place::in_text(text, 0, text.lines().next().map_or(0, str::len))));
        }
        for row in table.rows.iter().filter(|row| row.len() != table.header.len()) {
            wrong.push_with(|| {
                let message = format!("has {} fields; the header names {} columns", row.len(), table.header.len());
                Diagnostic::new(message).place(table.place(row, None))
            });
        }
        wrong.or(table)
    }

    /// The place of a field, or of the whole row.
    fn place(&self, row: &StringRecord, field: Option<usize>) -> Place {
        let mut start = row.position().map_or(0, |position| position.byte() as usize).min(self.text.len());
        while self.text[start..].starts_with(['\n', '\r']) {
            start += 1;
        }
        let line = self.text[start..].lines().next().unwrap_or("");
        let Some(field) = field else { return Place::in_text(self.text, start, start + line.len()) };
        // Good enough for a pointer: a comma inside quotes would shift it.
        let before: usize = line.split(',').take(field).map(|text| text.len() + 1).sum();
        let length = line.split(',').nth(field).map_or(1, str::len);
        Place::in_text(self.text, start + before, start + before + length)
    }

    /// A field's number, or a complaint.
    fn number<T: std::str::FromStr>(
        &self,
        row: &StringRecord,
        field: usize,
        fits: impl Fn(&T) -> bool,
        expected: &str,
        wrong: &mut Wrong,
    ) -> Option<T> {
        let text = &row[field];
        let number = text.parse().ok().filter(fits);
        if number.is_none() {
            wrong.push_with(|| {
                let message = format!("`{}` is {}; expected {expected}", self.header[field], quoted(text));
                Diagnostic::new(message).place(self.place(row, Some(field)))
            });
        }
        number
    }
}

/// Complaints, the first of them one by one.
#[derive(Default)]
struct Wrong {
    first: Diagnostics,
    count: usize,
}

impl Wrong {
    fn push(&mut self, complaint: Diagnostic) {
        self.push_with(|| complaint);
    }

    fn push_with(&mut self, complaint: impl FnOnce() -> Diagnostic) {
        self.count += 1;
        if self.count <= MOST_COMPLAINTS {
            self.first.push(complaint());
        }
    }

    fn or<T>(mut self, value: T) -> Result<T> {
        if self.count > MOST_COMPLAINTS {
            self.first.push(Diagnostic::new(format!("{} more complaints", self.count - MOST_COMPLAINTS)));
        }
        self.first.or(value)
    }
}

fn rows(table: &Table<'_>, label: Option<usize>) -> Result<Dataset> {
    let mut wrong = Wrong::default();
    let fields: Vec<usize> = (0..table.header.len()).filter(|&field| Some(field) != label).collect();
    let mut values = Vec::with_capacity(table.rows.len() * fields.len());
    for row in &table.rows {
        for &field in &fields {
            let finite = |value: &f64| value.is_finite();
            values.extend(table.number(row, field, finite, "a finite number", &mut wrong));
        }
    }
    let mut dataset = wrong.or(Dataset::new("", fields.len(), Samples::Values(Values::new(values))))?;
    if let Some(label) = label {
        let texts: Vec<&str> = table.rows.iter().map(|row| &row[label]).collect();
        set_labels(&mut dataset, &texts);
    }
    Ok(dataset)
}

fn spike_list(table: &Table<'_>, [sample, channel, time]: [usize; 3], label: Option<usize>) -> Result<Dataset> {
    let mut wrong = Wrong::default();
    let mut spikes = Vec::with_capacity(table.rows.len());
    for (at, row) in table.rows.iter().enumerate() {
        let below = |most: u64| move |&n: &u64| n < most;
        let sample = table.number(row, sample, below(MOST_SAMPLES), "a whole number from 0", &mut wrong);
        let channel = table.number(row, channel, below(MOST_CHANNELS as u64), "a whole number from 0", &mut wrong);
        let positive = |ms: &f64| *ms >= 0.0 && ms.is_finite();
        let time = table.number(row, time, positive, "a time of 0 or later", &mut wrong);
        if let (Some(sample), Some(channel), Some(ms)) = (sample, channel, time) {
            spikes.push((sample as usize, ms / 1e3, channel as u32, at));
        }
    }
    let samples = spikes.iter().map(|spike| spike.0 + 1).max().unwrap_or(0);
    spikes.sort_by_key(|spike| spike.0);
    let mut lists = SpikeLists::new();
    let mut labels = Vec::new();
    let mut rest = spikes.as_slice();
    for number in 0..samples {
        let (own, others) = rest.split_at(rest.partition_point(|spike| spike.0 == number));
        rest = others;
        lists.push(own.iter().map(|&(_, time, channel, _)| (time, channel)).collect());
        let Some(label) = label else { continue };
        let text = |at: usize| &table.rows[at][label];
        let Some(first) = own.first().map(|spike| text(spike.3)) else {
            wrong.push_with(|| Diagnostic::new(format!("sample {number} has no row, hence no label")));
            continue;
        };
        if let Some(other) = own.iter().find(|spike| text(spike.3) != first) {
            let (found, row) = (quoted(text(other.3)), &table.rows[other.3]);
            let message = format!("sample {number} has the label {found} here and {} before", quoted(first));
            wrong.push_with(|| Diagnostic::new(message).place(table.place(row, Some(label))));
        }
        labels.push(first);
    }
    let channels = lists.largest_channel().map_or(0, |largest| largest as usize + 1);
    let mut dataset = wrong.or(Dataset::new("", channels, Samples::Spikes(lists)))?;
    dataset.notes.push(format!("the file does not say how many channels it has; {channels}, by the largest in use"));
    if label.is_some() {
        set_labels(&mut dataset, &labels);
    }
    Ok(dataset)
}

/// Labels from their texts: numbers if all are, else names in alphabetical order.
fn set_labels(dataset: &mut Dataset, texts: &[&str]) {
    let numbers: Option<Vec<u32>> = texts.iter().map(|text| text.parse().ok()).collect();
    dataset.labels = Some(numbers.unwrap_or_else(|| {
        let names: Vec<&str> = texts.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        dataset.class_names = names.iter().map(|&name| name.to_owned()).collect();
        texts.iter().map(|text| names.binary_search(text).expect("every text is among them") as u32).collect()
    }));
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn open(text: impl AsRef<[u8]>) -> Result<Dataset> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, text).unwrap();
        Dataset::open(&path)
    }

    fn error(text: impl AsRef<[u8]>) -> String {
        open(text).unwrap_err().to_string()
    }

    #[test]
    fn a_row_is_a_sample() {
        let dataset = open("a,b,label\n0.5,1,2\n\n-0.25, 1e-1 ,0\r\n").unwrap();
        assert_eq!((dataset.name.as_str(), dataset.len(), dataset.channels), ("a", 2, 2));
        assert_eq!(dataset.labels, Some(vec![2, 0]));
        let Samples::Values(values) = &dataset.samples else { panic!() };
        assert_eq!(values.slice(0, 4), [0.5, 1.0, -0.25, 0.1]);
        let named = open("label,a\nrose,1\nlily,2\nrose,3\n").unwrap();
        assert_eq!((named.labels, named.class_names), (Some(vec![1, 0, 1]), vec!["lily".into(), "rose".into()]));
    }

    #[test]
    fn a_row_is_a_spike_where_the_columns_say_so() {
        let dataset = open("sample,time_ms,channel,label\n2,3,1,5\n0,2.5,0,4\n0,1,6,4\n1,0,0,4\n").unwrap();
        let Samples::Spikes(lists) = &dataset.samples else { panic!() };
        assert_eq!((dataset.len(), dataset.channels, dataset.labels.clone()), (3, 7, Some(vec![4, 4, 5])));
        assert_eq!(lists.sample(0).collect::<Vec<_>>(), [(0.001, 6), (0.0025, 0)]);
        assert_eq!(dataset.notes.len(), 1);
        let gap = error("sample,channel,time_ms,label\n1,0,1,a\n1,0,2,b\n");
        assert!(gap.contains("sample 0 has no row"), "{gap}");
        assert!(gap.contains("a.csv:3:7: sample 1 has the label `b` here and `a` before"), "{gap}");
        let wrong = error("sample,channel,time_ms\n99999999999,-1,-2\n");
        assert_eq!(wrong.matches("error: ").count(), 3, "{wrong}");
    }

    #[test]
    fn ragged_and_unreadable_fields_are_all_named() {
        let ragged = error("a,b,c\n1,2,3\n1,2\n1,2,3,4\n");
        assert!(ragged.contains("a.csv:3:1: has 2 fields; the header names 3 columns\n 3 | 1,2"), "{ragged}");
        assert!(ragged.contains("a.csv:4:1: has 4 fields"), "{ragged}");
        let nan = error("a,b\n1,NaN\nx,2\n");
        assert!(nan.contains("a.csv:2:3: `b` is `NaN`; expected a finite number\n 2 | 1,NaN\n   |   ^^^"), "{nan}");
        assert!(nan.contains("a.csv:3:1: `a` is `x`"), "{nan}");
        let many = error(format!("a\n{}", "x\n".repeat(100)));
        assert!(many.ends_with("80 more complaints") && many.matches("error: ").count() == 21, "{many}");
    }

    #[test]
    fn a_file_without_names_or_rows_is_refused() {
        assert!(error("1,2\n3,4\n").contains("expected a line of column names"));
        assert!(error("a,b\n").contains("holds no samples"));
        assert!(error("").contains("is empty"));
        assert!(error("label\n1\n").contains("has no channels"));
        assert!(error(b"a,b\n\xff,1\n").contains("UTF-8"));
    }
}
