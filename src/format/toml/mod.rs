//! TOML: networks that people write (the design's section 6).
//!
//! The text is parsed with the place of every node; sections are then read one by one, with complaints instead of errors, so
//! that a person sees all of them at once. Last, the network is checked as any other ([`Network::validate`]), and what is wrong
//! is placed back in the text.

mod connect;
mod cursor;
mod delay;
mod document;
mod files;
mod population;
mod projection;
mod quantity;
mod record;
mod scale;
mod section;
mod set;
mod stimulus;
mod syntax;

use super::Setting;
use crate::diagnostic::{Diagnostic, Result, quoted};
use crate::network::{Drive, Hints, Network, Unsure, suggestion};
use crate::neuron::{SEMANTICS, semantics_by_name};
use crate::units::Dimension;
use cursor::Table;
use document::Document;
use scale::Scaling;
use section::Populations;
use std::path::Path;

const ENCODINGS: &[&str] = &["direct", "rate", "latency"];
const DECODINGS: &[&str] = &["count", "first_spike", "max_membrane"];

/// Reads a network file.
///
/// # Errors
/// All complaints about the file, placed by line and column.
pub fn read(path: impl AsRef<Path>) -> Result<Network> {
    read_with(path, &[])
}

/// Reads a network file with some keys set by hand, as if they stood in it.
///
/// # Errors
/// All complaints about the file and the settings, placed by line and column or by the setting.
pub fn read_with(path: impl AsRef<Path>, settings: &[Setting]) -> Result<Network> {
    let path = path.as_ref();
    let complain = |message: String| Diagnostic::new(message).file(path);
    let bytes = std::fs::read(path).map_err(|error| complain(format!("cannot be read: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        complain(format!("byte {} is no text in UTF-8", error.utf8_error().valid_up_to())).help("save the file as UTF-8")
    })?;
    parse_with(&text, path, path.parent().unwrap_or(Path::new("")), settings)
}

/// Reads the text of a network file. `file` is its name in complaints; files that it names are looked for in `base`.
///
/// # Errors
/// All complaints about the text, placed by line and column. Where it is no TOML, only what is wrong with that: of a text
/// that is half understood nothing else can be said for sure.
///
/// ```
/// use spikewatt::format::toml::parse;
/// use std::path::Path;
/// let text = r#"
/// name = "one"
/// [[population]]
/// name = "e"
/// size = 3
/// model = "lif_delta"
/// params = { tau_m = "20 ms" }
/// "#;
/// let network = parse(text, Path::new("one.toml"), Path::new("")).expect("it is right");
/// assert_eq!(network.populations[0].size, 3);
///
/// let complaints = parse(&text.replace("\"20 ms\"", "20"), Path::new("one.toml"), Path::new("")).expect_err("it has no unit");
/// assert!(complaints.to_string().contains("write \"20 ms\""));
/// ```
pub fn parse(text: &str, file: impl AsRef<Path>, base: impl AsRef<Path>) -> Result<Network> {
    parse_with(text, file, base, &[])
}

/// Reads the text of a network file with some keys set by hand, as if they stood in it.
///
/// # Errors
/// As [`parse`]; complaints about what was set name the setting.
///
/// ```
/// use spikewatt::format::{Setting, toml::parse_with};
/// use std::path::Path;
/// let text = "[[population]]\nname = 'e'\nsize = 3\nmodel = 'lif_delta'";
/// let set = |text: &str| text.parse::<Setting>().expect("KEY=VALUE");
/// let settings = [set("duration=2s"), set("population.e.size=5")];
/// let network = parse_with(text, Path::new("one.toml"), Path::new(""), &settings).expect("it is right");
/// assert_eq!((network.duration_ms, network.populations[0].size), (Some(2000.0), 5));
/// ```
pub fn parse_with(text: &str, file: impl AsRef<Path>, base: impl AsRef<Path>, settings: &[Setting]) -> Result<Network> {
    let lines = set::lines(text.len(), settings);
    let set = lines.iter().map(|line| (line.start, line.key.clone())).collect();
    let doc = Document::new(text, file.as_ref(), base.as_ref(), set);
    let Some(mut tree) = syntax::parse(text, &doc) else { return Err(doc.into_complaints()) };
    for line in &lines {
        set::apply(tree.get_mut(), line, &doc);
    }
    let root = Table::new(&doc, "the network file".to_owned(), Some(String::new()), tree.get_ref(), 0..0);
    let (mut network, unsure, scaling) = network(&root, file.as_ref());
    for complaint in network.complaints(&unsure).iter() {
        doc.add_at_path(complaint);
    }
    if doc.count() == 0 {
        network = scaling.apply(network, &doc);
    }
    network.notes = doc.take_notes();
    doc.into_complaints().or(network)
}

fn network(root: &Table<'_>, file: &Path) -> (Network, Unsure, Scaling) {
    let doc = root.doc;
    let mut network = Network::new(file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default());
    top(root, &mut network);
    let mut scaling = Scaling::read(root);

    let mut unsure = Unsure::default();
    for section in section::all(root, "population") {
        let before = doc.count();
        scaling.mean_rate(&section);
        network.populations.push(population::read(&section));
        if doc.count() > before {
            unsure.populations.insert(section.name);
        }
    }
    let populations = Populations { all: &network.populations, unsure: &unsure.populations };
    for section in section::all(root, "stimulus") {
        let before = doc.count();
        network.stimuli.extend(stimulus::read(&section, &populations));
        if doc.count() > before {
            unsure.stimuli.insert(section.name);
        }
    }
    for section in section::all(root, "projection") {
        let before = doc.count();
        network.projections.extend(projection::read(&section, &populations));
        if doc.count() > before {
            unsure.projections.insert(section.name);
        }
    }
    network.record = record::read(root);
    network.hints = hints(root);
    root.finish();
    // Samples go where the data set's stimulus sends them.
    if network.input.is_none() {
        let populations = Populations { all: &network.populations, unsure: &unsure.populations };
        let dataset = network
            .stimuli
            .iter()
            .find(|s| s.drive == Drive::Dataset && !unsure.stimuli.contains(&s.name) && populations.is_input(&s.to.population));
        network.input = dataset.map(|stimulus| stimulus.to.population.clone());
    }
    (network, unsure, scaling)
}

/// The keys above the first section.
fn top(root: &Table<'_>, network: &mut Network) {
    let text = |key| root.get(key).and_then(|item| item.string()).map(str::to_owned);
    let time = |key| root.get(key).and_then(|item| item.quantity(Some(Dimension::Time)));
    if let Some(name) = text("name") {
        network.name = name;
    }
    network.dt_ms = time("dt");
    network.duration_ms = time("duration");
    root.doc.dt_ms.set(network.dt_ms);
    if let Some(seed) = root.get("seed").and_then(|item| item.whole(u64::MAX)) {
        network.seed = seed;
    }
    if let Some(item) = root.get("units")
        && let Some(units) = item.string()
    {
        if units == "none" {
            network.unitless = true;
            root.doc.unitless.set(true);
        } else {
            item.complain_with_help(
                format!("expected \"none\", found {}", quoted(units)),
                "leave it out where quantities have units",
            );
        }
    }
    if let Some(item) = root.get("semantics")
        && let Some(name) = item.string()
    {
        match semantics_by_name(name) {
            Some(semantics) => network.semantics = semantics,
            None => {
                let known: Vec<_> = SEMANTICS.iter().map(|s| s.name).collect();
                item.complain_with_help(
                    format!("there are no semantics {}", quoted(name)),
                    suggestion(name, "semantics", &known),
                );
            }
        }
    }
    network.input = text("input");
    network.readout = text("readout");
}

/// `[task]`: how the network is meant to be used.
fn hints(root: &Table<'_>) -> Hints {
    let Some(table) = root.get("task").and_then(|item| root.sub(&item, "[task]".to_owned())) else { return Hints::default() };
    let one_of = |key, plural, known: &[&str]| {
        let item = table.get(key)?;
        let name = item.string()?;
        if !known.contains(&name) {
            item.complain_with_help(format!("{} is none of the {plural}", quoted(name)), suggestion(name, plural, known));
        }
        Some(name.to_owned())
    };
    let hints = Hints {
        encode: one_of("encode", "encodings", ENCODINGS),
        steps: table.get("steps").and_then(|item| item.whole(u64::MAX)),
        decode: one_of("decode", "decodings", DECODINGS),
    };
    table.finish();
    hints
}

#[cfg(test)]
mod tests;
