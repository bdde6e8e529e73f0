//! Reads the figures of a device file: values with unit, source and grade.

use super::device::Device;
use super::evidence::{Grade, Source, Tag};
use super::figure::{ArithmeticFigure, Figure, FigureName, Includes, Precision};
use super::parse::{declared, required_word};
use super::quantity::{Joules, Seconds, Watts};
use super::read::{Found, Reader, Section, described};
use crate::diagnostic::quoted;
use crate::units::{self, Dimension};

/// `[figure.NAME]`: each into the map of its dimension.
pub(super) fn figures(reader: &mut Reader<'_>, top: &mut Section<'_, '_>, device: &mut Device) {
    let Some(table) = top.table(reader, "figure") else { return };
    for (key, value) in table.entries() {
        let Some(name) = FigureName::from_word(key.value) else {
            let known: Vec<_> = FigureName::ALL.iter().map(|name| name.word()).collect();
            let help = format!("figures are {}", known.join(", "));
            reader.complain(&key.span, format!("unknown figure {}", quoted(key.value)), help);
            continue;
        };
        let Some(table) = value.value.as_table() else {
            let message = format!("figure `{name}` expects a table, found {}", described(value.value));
            reader.complain(&value.span, message, "write nominal, source and grade");
            continue;
        };
        let mut section = Section::new(table, key.span, format!("figure `{name}`"));
        let figure = figure(reader, &mut section, &device.sources, name.dimension());
        section.finish(reader);
        let Some(figure) = figure else { continue };
        match name.dimension() {
            Dimension::Energy => drop(device.energies.insert(name, figure.map(Joules))),
            Dimension::Power => drop(device.powers.insert(name, figure.map(Watts))),
            // The bare unit of times is the millisecond.
            Dimension::Time => drop(device.times.insert(name, figure.map(|ms| Seconds(ms / 1e3)))),
            _ => drop(device.numbers.insert(name, figure)),
        }
    }
}

/// `[[mac]]` and `[[ac]]`.
pub(super) fn arithmetic(
    reader: &mut Reader<'_>,
    top: &mut Section<'_, '_>,
    sources: &[Source],
    key: &'static str,
) -> Vec<ArithmeticFigure> {
    let mut all: Vec<ArithmeticFigure> = Vec::new();
    for mut table in top.tables(reader, key) {
        let precision = table.word(reader, "precision", Precision::ALL, Precision::word).map(|found| found.value);
        let batch = table.whole(reader, "batch");
        if let Some(Found { value: 0, span }) = &batch {
            reader.complain(span, "`batch` expects at least 1", "leave it out where it is not stated");
        }
        let includes = table.word(reader, "includes", Includes::ALL, Includes::word).map(|found| found.value);
        let workload = table.text(reader, "workload").map(|found| found.value.to_owned());
        let workload_macs = table.whole(reader, "workload_macs").map(|found| found.value);
        let energy = figure(reader, &mut table, sources, Dimension::Energy).map(|figure| figure.map(Joules));
        if let Some(energy) = energy {
            let batch = batch.map(|found| found.value);
            let one = ArithmeticFigure { precision, batch, includes, workload, workload_macs, energy };
            let same = |other: &ArithmeticFigure| {
                (other.precision, other.batch, other.includes, &other.workload, other.energy.peak)
                    == (one.precision, one.batch, one.includes, &one.workload, one.energy.peak)
            };
            if all.iter().any(same) {
                reader.complain(&table.span, format!("a [[{key}]] of the same type and conditions stands above"), "");
            }
            all.push(one);
        }
        table.finish(reader);
    }
    all
}

/// The keys every figure has.
fn figure(
    reader: &mut Reader<'_>,
    section: &mut Section<'_, '_>,
    sources: &[Source],
    dimension: Dimension,
) -> Option<Figure<f64>> {
    if section.value("nominal").is_none() {
        section.missing(reader, "nominal", &format!("as in nominal = \"{}\"", dimension.example()));
    }
    let low = quantity(reader, section, "low", dimension);
    let nominal = quantity(reader, section, "nominal", dimension);
    let high = quantity(reader, section, "high", dimension);
    for (below, above, words) in [(&low, &nominal, "`low` is above `nominal`"), (&nominal, &high, "`nominal` is above `high`")] {
        if let (Some(below), Some(above)) = (below, above)
            && below.value > above.value
        {
            reader.complain(&below.span, words, "a range is written low <= nominal <= high");
        }
    }
    let source = section.required_text(reader, "source", "the id of one of [[sources]]");
    let grade = required_word(reader, section, "grade", Grade::ALL, Grade::word);
    if let (Some(source), Some(grade)) = (&source, grade)
        && let Some(known) = declared(reader, sources, source.value, &source.span)
        && known.tag == Tag::Known
        && grade != Grade::GeneralKnowledge
    {
        let message = format!("source {} has tag K, so the grade cannot be `{grade}`", quoted(source.value));
        reader.complain(&source.span, message, "a paper that was not opened gives grade \"general-knowledge\"");
    }
    let peak = section.flag(reader, "peak");
    let note = section.text(reader, "note").map(|found| found.value.to_owned());
    Some(Figure {
        low: low.map(|found| found.value),
        nominal: nominal?.value,
        high: high.map(|found| found.value),
        source: source?.value.to_owned(),
        grade: grade?,
        peak,
        note,
    })
}

/// A quantity with its unit (a bare number where the dimension is none), not negative.
fn quantity(
    reader: &mut Reader<'_>,
    section: &mut Section<'_, '_>,
    key: &'static str,
    dimension: Dimension,
) -> Option<Found<f64>> {
    let Found { value, span } = section.value(key)?;
    let text = value.as_str().map(str::to_owned).or_else(|| {
        value.as_integer().map(|n| n.as_str().to_owned()).or_else(|| value.as_float().map(|n| n.as_str().to_owned()))
    });
    let Some(text) = text else {
        reader.complain(&span, format!("`{key}` expects {}, found {}", dimension.noun(), described(value)), "");
        return None;
    };
    match units::parse(&text, dimension) {
        Ok(number) if number < 0.0 => {
            reader.complain(&span, format!("`{key}` is negative: {}", quoted(&text)), "leave out what is not known");
            None
        }
        Ok(number) => Some(Found { value: number, span }),
        Err(error) => {
            reader.complain(&span, format!("`{key}`: {}", error.message), error.help);
            None
        }
    }
}
