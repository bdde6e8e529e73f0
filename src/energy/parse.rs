//! Reads a device file.
//!
//! The file is TOML: what the device is, its sources, its limits, and one table a figure. Every figure names its source and
//! its grade, and carries its unit. See any file of `src/energy/devices` for an example.

use super::device::{Boundary, Device, DeviceKind, Limit, Runs, Scope, Updates, ZeroSkipping, Zeros};
use super::evidence::{Source, Tag};
use super::figure::FigureName;
use super::parse_figure::{arithmetic, figures};
use super::placement::cores;
use super::read::{Found, Reader, Section, described, whole};
use crate::diagnostic::{Result, quoted};
use std::collections::BTreeMap;
use std::ops::Range as Span;

impl Device {
    /// Reads a device from the text of its file; `file` is the name complaints bear.
    ///
    /// # Errors
    /// Everything that is wrong with the text, each with its line: TOML syntax, unknown and missing keys, figures without
    /// source, grade or unit, units of another dimension, ends out of order, sources nobody declared.
    pub fn parse(text: &str, file: &str) -> Result<Self> {
        let mut reader = Reader::new(text);
        let document = reader.document();
        let device = device(&mut reader, Section::new(document.get_ref(), 0..0, "the device file"));
        let complaints = reader.complaints.in_file(file);
        match device {
            Some(device) => complaints.or(device),
            None => Err(complaints),
        }
    }
}

/// The device of a document; `None` only where a complaint says why.
fn device(reader: &mut Reader<'_>, mut top: Section<'_, '_>) -> Option<Device> {
    let sources = sources(reader, &mut top);
    let id = top.required_text(reader, "id", "the name on the command line, as in id = \"loihi1\"");
    if let Some(id) = &id
        && !id.value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    {
        reader.complain(&id.span, format!("{} is no device id", quoted(id.value)), "use a-z, 0-9 and -");
    }
    let name = top.required_text(reader, "name", "the name for people");
    let kind = required_word(reader, &mut top, "kind", DeviceKind::ALL, DeviceKind::word);
    let boundary = required_word(reader, &mut top, "boundary", Boundary::ALL, Boundary::word);
    let runs = runs(reader, &mut top);
    let scope = top.word(reader, "scope", Scope::ALL, Scope::word).map(|found| found.value);
    if runs.contains(&Runs::Spiking) && top.value("scope").is_none() && boundary != Some(Boundary::Operations) {
        top.missing(
            reader,
            "scope",
            "a device that runs spikes says what its synaptic event holds: per-term, incremental, all-in",
        );
    }
    let updates = top.word(reader, "updates", Updates::ALL, Updates::word).map(|found| found.value);

    let year = top.whole(reader, "year").map(|found| found.value);
    let node_nm = top.number(reader, "node_nm").map(|found| found.value);
    let voltage_v = top.number(reader, "voltage_v").map(|found| found.value);
    let about = ["year", "node_nm", "voltage_v"].into_iter().find(|key| top.value(key).is_some());
    let about_source = covering_source(reader, &mut top, &sources, "about_source", about);

    let limits = limits(reader, &mut top);
    let limits_source = covering_source(reader, &mut top, &sources, "limits_source", (!limits.is_empty()).then_some("[limits]"));

    let mut device = Device {
        id: text_of(id),
        name: text_of(name),
        kind: kind.unwrap_or(DeviceKind::Neuromorphic),
        runs,
        year,
        node_nm,
        voltage_v,
        about_source,
        scope,
        boundary: boundary.unwrap_or(Boundary::Chip),
        updates,
        operating_point: top.text(reader, "operating_point").map(|found| found.value.to_owned()),
        unpriced: top.texts(reader, "unpriced").iter().map(|found| found.value.to_owned()).collect(),
        notes: top.text(reader, "notes").map(|found| found.value.trim().to_owned()),
        limits,
        limits_source,
        cores: cores(reader, &mut top, &sources),
        energies: BTreeMap::new(),
        powers: BTreeMap::new(),
        times: BTreeMap::new(),
        numbers: BTreeMap::new(),
        macs: arithmetic(reader, &mut top, &sources, "mac"),
        acs: arithmetic(reader, &mut top, &sources, "ac"),
        zeros: zeros(reader, &mut top, &sources),
        sources,
    };
    figures(reader, &mut top, &mut device);
    laws(reader, &top, &device);
    top.finish(reader);
    reader.complaints.is_empty().then_some(device)
}

/// `[zeros]`: which a device spares itself, and who says so.
fn zeros(reader: &mut Reader<'_>, top: &mut Section<'_, '_>, sources: &[Source]) -> Option<Zeros> {
    let mut table = top.table(reader, "zeros")?;
    let skips = required_word(reader, &mut table, "skips", ZeroSkipping::ALL, ZeroSkipping::word);
    let source = table.required_text(reader, "source", "the id of one of [[sources]]");
    if let Some(source) = &source {
        declared(reader, sources, source.value, &source.span);
    }
    let note = table.text(reader, "note").map(|found| found.value.to_owned());
    table.finish(reader);
    Some(Zeros { skips: skips?, source: source?.value.to_owned(), note })
}

/// What holds between the parts of a file.
fn laws(reader: &mut Reader<'_>, top: &Section<'_, '_>, device: &Device) {
    let has = |name| device.energies.contains_key(&name);
    if has(FigureName::NeuronUpdate) && device.updates.is_none() && device.scope != Some(Scope::AllIn) {
        top.missing(reader, "updates", "the figure neuron_update is paid every-tick or on-event");
    }
    if has(FigureName::NeuronUpdateIdle) && !has(FigureName::NeuronUpdate) {
        let help = "without it the driven updates would go unpriced while the idle ones are charged";
        top.missing(reader, "figure.neuron_update", help);
    }
    if has(FigureName::Launch) && !has(FigureName::MacMarginal) && device.macs.is_empty() {
        top.missing(reader, "figure.mac_marginal", "a call costs its launch and its multiply-accumulates");
    }
}

/// The value of a word that must be there.
pub(super) fn required_word<T: Copy>(
    reader: &mut Reader<'_>,
    top: &mut Section<'_, '_>,
    key: &'static str,
    all: &[T],
    word: impl Fn(T) -> &'static str,
) -> Option<T> {
    if top.value(key).is_none() {
        let words: Vec<_> = all.iter().map(|&one| word(one)).collect();
        top.missing(reader, key, &format!("one of {}", words.join(", ")));
    }
    top.word(reader, key, all, word).map(|found| found.value)
}

fn text_of(found: Option<Found<&str>>) -> String {
    found.map_or_else(String::new, |found| found.value.to_owned())
}

/// `runs`: at least one, none twice.
fn runs(reader: &mut Reader<'_>, top: &mut Section<'_, '_>) -> Vec<Runs> {
    let given = top.value("runs").is_some();
    let mut runs = Vec::new();
    for Found { value, span } in top.texts(reader, "runs") {
        match Runs::from_word(value) {
            Some(one) if runs.contains(&one) => reader.complain(&span, format!("`{one}` stands twice in `runs`"), ""),
            Some(one) => runs.push(one),
            None => reader.complain(&span, format!("unknown runs {}", quoted(value)), "one of spiking, dense"),
        }
    }
    if !given {
        top.missing(reader, "runs", "as in runs = [\"spiking\"]");
    }
    runs
}

/// `[[sources]]`: at least one, each id once.
fn sources(reader: &mut Reader<'_>, top: &mut Section<'_, '_>) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    let tables = top.tables(reader, "sources");
    if tables.is_empty() {
        top.missing(reader, "sources", "add [[sources]] with id, text and tag");
    }
    for mut table in tables {
        let id = table.required_text(reader, "id", "the name figures refer to it by");
        let text = table.required_text(reader, "text", "the citation");
        let tag = required_word(reader, &mut table, "tag", Tag::ALL, Tag::word);
        if let (Some(id), Some(text), Some(tag)) = (id, text, tag) {
            if sources.iter().any(|source| source.id == id.value) {
                reader.complain(&id.span, format!("source {} is declared twice", quoted(id.value)), "");
            }
            sources.push(Source { id: id.value.to_owned(), text: text.value.to_owned(), tag });
        }
        table.finish(reader);
    }
    sources
}

/// `about_source` and `limits_source`: needed where there is something to cover.
fn covering_source(
    reader: &mut Reader<'_>,
    top: &mut Section<'_, '_>,
    sources: &[Source],
    key: &'static str,
    covers: Option<&str>,
) -> Option<String> {
    let found = top.text(reader, key);
    if let (Some(covers), None) = (covers, &found) {
        top.missing(reader, key, &format!("`{covers}` needs a source"));
    }
    let found = found?;
    declared(reader, sources, found.value, &found.span);
    Some(found.value.to_owned())
}

/// Complains of a source that is not declared.
pub(super) fn declared<'s>(reader: &mut Reader<'_>, sources: &'s [Source], id: &str, span: &Span<usize>) -> Option<&'s Source> {
    let source = sources.iter().find(|source| source.id == id);
    if source.is_none() {
        let known: Vec<_> = sources.iter().map(|source| source.id.as_str()).collect();
        let help = format!("[[sources]] declares {}", if known.is_empty() { "none".to_owned() } else { known.join(", ") });
        reader.complain(span, format!("unknown source {}", quoted(id)), help);
    }
    source
}

/// `[limits]`: names of [`Limit`], whole numbers.
fn limits(reader: &mut Reader<'_>, top: &mut Section<'_, '_>) -> BTreeMap<Limit, u64> {
    let mut limits = BTreeMap::new();
    let Some(table) = top.table(reader, "limits") else { return limits };
    for (key, value) in table.entries() {
        let Some(limit) = Limit::from_word(key.value) else {
            let known: Vec<_> = Limit::ALL.iter().map(|limit| limit.word()).collect();
            reader.complain(
                &key.span,
                format!("unknown limit {}", quoted(key.value)),
                format!("limits are {}", known.join(", ")),
            );
            continue;
        };
        match whole(value.value) {
            Some(number) => {
                limits.insert(limit, number);
            }
            None => {
                let message = format!("`{limit}` expects a whole number, not negative, found {}", described(value.value));
                reader.complain(&value.span, message, "");
            }
        }
    }
    limits
}
