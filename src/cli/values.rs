//! Values of options: quantities with units, names from the library's lists.

use spikewatt::dataset::decode::Decoding;
use spikewatt::dataset::encode::Encoding;
use spikewatt::engine::{ENGINES, EngineKind};
use spikewatt::network::{Record, TraceRequest};
use spikewatt::neuron::Semantics;
use spikewatt::units::{Dimension, parse};

/// A time such as `0.1ms`, in ms.
pub(super) fn time_ms(text: &str) -> Result<f64, String> {
    above_zero(text, Dimension::Time)
}

/// A power such as `5mW`, in watts.
pub(super) fn power_w(text: &str) -> Result<f64, String> {
    above_zero(text, Dimension::Power)
}

/// An energy such as `10uJ`, in joules.
pub(super) fn energy_j(text: &str) -> Result<f64, String> {
    above_zero(text, Dimension::Energy)
}

/// A share such as `95%` or `0.95`.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let (number, scale) = text.trim().strip_suffix('%').map_or((text.trim(), 1.0), |number| (number.trim_end(), 0.01));
    let share = number.parse::<f64>().map_err(|_| format!("`{text}` is no share; write 95% or 0.95"))? * scale;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err(format!("{text} is no share between 0 and 1, or 0% and 100%")) }
}

fn above_zero(text: &str, dimension: Dimension) -> Result<f64, String> {
    let value = parse(text, dimension).map_err(|error| error.to_string())?;
    if value > 0.0 { Ok(value) } else { Err("it must be above zero".into()) }
}

pub(super) fn encoding(text: &str) -> Result<Encoding, String> {
    Encoding::from_name(text).ok_or_else(|| "encodings are direct, rate, latency".into())
}

pub(super) fn decoding(text: &str) -> Result<Decoding, String> {
    Decoding::from_name(text).ok_or_else(|| "decodings are count, first_spike, max_membrane".into())
}

pub(super) fn semantics(text: &str) -> Result<Semantics, String> {
    text.parse()
}

/// An execution; none where the program is to choose.
#[derive(Debug, Clone, Copy)]
pub(super) struct Engine(pub(super) Option<EngineKind>);

pub(super) fn engine(text: &str) -> Result<Engine, String> {
    let found = ENGINES.iter().find(|engine| engine.name() == text);
    match found {
        Some(engine) => Ok(Engine(Some(*engine))),
        None if text == "auto" => Ok(Engine(None)),
        None => {
            let names: Vec<_> = ENGINES.iter().map(|engine| engine.name()).collect();
            Err(format!("executions are auto, {}", names.join(", ")))
        }
    }
}

/// One thing to record: `spikes`, `v`, `spikes:POPULATION`, `v:POPULATION` or `v:POPULATION:0-9`.
#[derive(Debug, Clone)]
pub(super) struct RecordItem {
    variable: String,
    population: Option<String>,
    ids: Vec<u32>,
}

pub(super) fn record_item(text: &str) -> Result<RecordItem, String> {
    let mut parts = text.split(':');
    let variable = parts.next().unwrap_or_default().to_owned();
    let population = parts.next().map(str::to_owned);
    let ids = match parts.next() {
        None => Vec::new(),
        Some(range) => {
            let number = |text: &str| text.parse::<u32>().map_err(|_| format!("`{range}` is no neuron or range such as 0-9"));
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let (first, last) = (number(first)?, number(last)?);
            if last < first || last - first >= 1 << 24 {
                return Err(format!("`{range}` is no range of at most {} neurons", 1 << 24));
            }
            (first..=last).collect()
        }
    };
    if variable.is_empty() || parts.next().is_some() || population.as_deref() == Some("") {
        return Err("write spikes, v, spikes:POPULATION, v:POPULATION or v:POPULATION:0-9".into());
    }
    Ok(RecordItem { variable, population, ids })
}

/// What a list of items asks for; an item without a population means all that have it, and those names are given.
pub(super) fn record(items: &[RecordItem], with_spikes: &[&str], with_variable: impl Fn(&str) -> Vec<String>) -> Record {
    let mut record = Record::default();
    for item in items {
        if item.variable == "spikes" {
            match &item.population {
                Some(name) => record.spikes.push(name.clone()),
                None => record.spikes.extend(with_spikes.iter().map(|name| (*name).to_owned())),
            }
        } else {
            let names = item.population.clone().map_or_else(|| with_variable(&item.variable), |name| vec![name]);
            record.traces.extend(names.into_iter().map(|population| TraceRequest {
                population,
                variable: item.variable.clone(),
                ids: item.ids.clone(),
                every_ms: None,
            }));
        }
    }
    record
}
