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

/// A power such as `5mW`, or an interval `2W..4W`, in watts: low, nominal, high. The nominal value of an interval is its geometric mean, since
/// what is drawn from it is drawn by ratios.
pub(super) fn powers_w(text: &str) -> Result<[f64; 3], String> {
    let one = |text: &str| {
        let watts = parse(text, Dimension::Power).map_err(|error| error.to_string())?;
        if watts >= 0.0 { Ok(watts) } else { Err("a power is not below zero".to_owned()) }
    };
    interval(text, one)
}

/// A share such as `85%`, or an interval `80%..95%`: low, nominal, high, all over zero.
pub(super) fn efficiencies(text: &str) -> Result<[f64; 3], String> {
    let found = interval(text, share)?;
    if found[0] > 0.0 { Ok(found) } else { Err("an efficiency is over zero".to_owned()) }
}

fn interval(text: &str, one: impl Fn(&str) -> Result<f64, String>) -> Result<[f64; 3], String> {
    let Some((low, high)) = text.split_once("..") else { return one(text).map(|value| [value; 3]) };
    let (low, high) = (one(low)?, one(high)?);
    if low > 0.0 && low <= high {
        Ok([low, (low * high).sqrt(), high])
    } else {
        Err(format!("`{text}` is no interval LOW..HIGH with both over zero"))
    }
}

/// A rate such as `50Hz`, in hertz.
pub(super) fn rate_hz(text: &str) -> Result<f64, String> {
    above_zero(text, Dimension::Frequency)
}

/// What a battery holds, in joules: `10Wh`, `36kJ`, or as it is printed on cells, `2000mAh@3.7V`.
pub(super) fn battery_j(text: &str) -> Result<f64, String> {
    const HELP: &str = "write 10Wh, 36000J or 2000mAh@3.7V";
    let scaled = |text: &str, units: &[(&str, f64)]| {
        let text = text.trim();
        let (number, scale) = units.iter().find_map(|(unit, scale)| Some((text.strip_suffix(unit)?, *scale)))?;
        number.trim().parse::<f64>().ok().map(|number| number * scale)
    };
    let joules = match text.split_once('@') {
        Some((charge, voltage)) => {
            let coulombs =
                scaled(charge, &[("mAh", 3.6), ("Ah", 3600.0)]).ok_or_else(|| format!("`{charge}` is no charge; {HELP}"))?;
            let millivolts = parse(voltage, Dimension::Voltage).map_err(|error| error.to_string())?;
            coulombs * millivolts / 1000.0
        }
        None => match scaled(text, &[("kWh", 3.6e6), ("mWh", 3.6), ("Wh", 3600.0)]) {
            Some(joules) => joules,
            None => parse(text, Dimension::Energy).map_err(|error| format!("{}; {HELP}", error.message))?,
        },
    };
    if joules > 0.0 && joules.is_finite() { Ok(joules) } else { Err(format!("`{text}` holds nothing; {HELP}")) }
}

/// Hours, such as `8` or `8h`.
pub(super) fn hours(text: &str) -> Result<f64, String> {
    let number = text.trim().strip_suffix('h').unwrap_or(text).trim();
    match number.parse::<f64>() {
        Ok(hours) if hours > 0.0 && hours.is_finite() => Ok(hours),
        _ => Err(format!("`{text}` is no number of hours; write 8 or 8h")),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batteries_are_read_as_they_are_printed() {
        for (text, joules) in [
            ("10Wh", 36_000.0),
            ("500 mWh", 1800.0),
            ("36 kWh", 36.0 * 3.6e6),
            ("5 J", 5.0),
            ("2000mAh@3.7V", 26_640.0),
            ("2 Ah@3700 mV", 26_640.0),
        ] {
            let found = battery_j(text).expect(text);
            assert!((found / joules - 1.0).abs() < 1e-12, "{text}: {found}");
        }
        for text in ["10", "0Wh", "-1Wh", "2000mAh", "2000mAh@3.7", "@3V", "1e400Wh", "NaNWh"] {
            let wrong = battery_j(text).expect_err(text);
            assert!(wrong.len() > 10, "{wrong}");
        }
    }

    #[test]
    fn intervals_are_read_with_their_middle() {
        assert_eq!(powers_w("2W..8W"), Ok([2.0, 4.0, 8.0]));
        assert_eq!(powers_w("0W"), Ok([0.0; 3]));
        assert_eq!(efficiencies("85%"), Ok([0.85; 3]));
        for text in ["8W..2W", "0W..2W", "-1W", "2", "2W..", "..2W"] {
            assert!(powers_w(text).is_err(), "{text}");
        }
        assert!(efficiencies("0%").is_err() && efficiencies("120%").is_err());
        assert_eq!((hours("8h"), hours("0.5")), (Ok(8.0), Ok(0.5)));
        assert!(hours("0").is_err() && hours("inf").is_err());
    }
}
