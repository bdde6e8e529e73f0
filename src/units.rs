//! Quantities with units: what a person writes (`"20 ms"`), as the number the program computes with.
//!
//! One table of units serves the network files, the device files and the command line.

use std::fmt;

/// What a number measures, and with it the unit its bare value is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Milliseconds.
    Time,
    /// Millivolts.
    Voltage,
    /// Picoamperes.
    Current,
    /// Picofarads.
    Capacitance,
    /// Nanosiemens.
    Conductance,
    /// Hertz.
    Frequency,
    /// Joules.
    Energy,
    /// Watts.
    Power,
    /// A plain number.
    None,
}

impl Dimension {
    /// The name, as in "expected a time".
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::Time => "a time",
            Self::Voltage => "a voltage",
            Self::Current => "a current",
            Self::Capacitance => "a capacitance",
            Self::Conductance => "a conductance",
            Self::Frequency => "a rate",
            Self::Energy => "an energy",
            Self::Power => "a power",
            Self::None => "a plain number",
        }
    }

    /// The unit of bare values.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::Time => "ms",
            Self::Voltage => "mV",
            Self::Current => "pA",
            Self::Capacitance => "pF",
            Self::Conductance => "nS",
            Self::Frequency => "Hz",
            Self::Energy => "J",
            Self::Power => "W",
            Self::None => "",
        }
    }

    /// An example to show in help texts.
    #[must_use]
    pub fn example(self) -> &'static str {
        match self {
            Self::Time => "20 ms",
            Self::Voltage => "-65 mV",
            Self::Current => "250 pA",
            Self::Capacitance => "250 pF",
            Self::Conductance => "10 nS",
            Self::Frequency => "20 Hz",
            Self::Energy => "5 uJ",
            Self::Power => "5 mW",
            Self::None => "0.5",
        }
    }
}

/// Every unit: symbol, dimension, and the factor to the dimension's bare unit, as a power of ten.
const UNITS: &[(&str, Dimension, i32)] = &[
    ("s", Dimension::Time, 3),
    ("ms", Dimension::Time, 0),
    ("us", Dimension::Time, -3),
    ("µs", Dimension::Time, -3),
    ("ns", Dimension::Time, -6),
    ("V", Dimension::Voltage, 3),
    ("mV", Dimension::Voltage, 0),
    ("uV", Dimension::Voltage, -3),
    ("µV", Dimension::Voltage, -3),
    ("A", Dimension::Current, 12),
    ("mA", Dimension::Current, 9),
    ("uA", Dimension::Current, 6),
    ("µA", Dimension::Current, 6),
    ("nA", Dimension::Current, 3),
    ("pA", Dimension::Current, 0),
    ("fA", Dimension::Current, -3),
    ("F", Dimension::Capacitance, 12),
    ("uF", Dimension::Capacitance, 6),
    ("µF", Dimension::Capacitance, 6),
    ("nF", Dimension::Capacitance, 3),
    ("pF", Dimension::Capacitance, 0),
    ("S", Dimension::Conductance, 9),
    ("mS", Dimension::Conductance, 6),
    ("uS", Dimension::Conductance, 3),
    ("µS", Dimension::Conductance, 3),
    ("nS", Dimension::Conductance, 0),
    ("pS", Dimension::Conductance, -3),
    ("Hz", Dimension::Frequency, 0),
    ("kHz", Dimension::Frequency, 3),
    ("MHz", Dimension::Frequency, 6),
    ("J", Dimension::Energy, 0),
    ("mJ", Dimension::Energy, -3),
    ("uJ", Dimension::Energy, -6),
    ("µJ", Dimension::Energy, -6),
    ("nJ", Dimension::Energy, -9),
    ("pJ", Dimension::Energy, -12),
    ("fJ", Dimension::Energy, -15),
    ("W", Dimension::Power, 0),
    ("mW", Dimension::Power, -3),
    ("uW", Dimension::Power, -6),
    ("µW", Dimension::Power, -6),
    ("nW", Dimension::Power, -9),
];

/// Why a text is no quantity of the dimension asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuantityError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.help)
    }
}

impl std::error::Error for QuantityError {}

/// Reads a quantity such as `20 ms` or `-65mV` into the dimension's bare unit.
///
/// The decimal point is moved before the number is parsed, so that `"20 ms"`, `"0.02 s"` and `"20000 us"` are one number, to
/// the last bit.
///
/// # Errors
/// Where the text is no finite number, has no unit or one of another dimension.
///
/// ```
/// use spikewatt::units::{Dimension, parse};
/// assert_eq!(parse("0.1 ms", Dimension::Time), Ok(0.1));
/// assert_eq!(parse("2 kHz", Dimension::Frequency), Ok(2000.0));
/// assert!(parse("20", Dimension::Time).is_err());
/// ```
pub fn parse(text: &str, dimension: Dimension) -> Result<f64, QuantityError> {
    let text = text.trim();
    let help = || format!("write for instance \"{}\"", dimension.example());
    let split = number_length(text);
    let (number, unit) = (&text[..split], text[split..].trim());
    if number.parse::<f64>().is_err() {
        return Err(QuantityError {
            message: format!("expected {}, found {}", dimension.noun(), crate::diagnostic::quoted(text)),
            help: help(),
        });
    }
    if dimension == Dimension::None {
        if !unit.is_empty() {
            return Err(QuantityError {
                message: format!("expected a plain number, found the unit {}", crate::diagnostic::quoted(unit)),
                help: help(),
            });
        }
    } else if unit.is_empty() {
        return Err(QuantityError {
            message: format!("expected {} with its unit, found the bare number {number}", dimension.noun()),
            help: help(),
        });
    }
    let exponent = if dimension == Dimension::None {
        0
    } else {
        match UNITS.iter().find(|(symbol, ..)| *symbol == unit) {
            Some(&(_, of, exponent)) if of == dimension => exponent,
            Some(&(_, of, _)) => {
                return Err(QuantityError {
                    message: format!("expected {}, found {} in {unit}", dimension.noun(), of.noun()),
                    help: help(),
                });
            }
            None => {
                let known: Vec<_> = UNITS.iter().filter(|u| u.1 == dimension).map(|u| u.0).collect();
                return Err(QuantityError {
                    message: format!("unknown unit {} for {}", crate::diagnostic::quoted(unit), dimension.noun()),
                    help: format!("units are {}", known.join(", ")),
                });
            }
        }
    };
    let value = shifted(number, exponent);
    if value.is_finite() {
        Ok(value)
    } else {
        Err(QuantityError { message: format!("{text} is not a finite number"), help: help() })
    }
}

/// Length in bytes of the number at the start of a text.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while at < bytes.len() && (bytes[at].is_ascii_digit()) {
            at += 1;
        }
        at
    };
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    at = digits(at);
    if bytes.get(at) == Some(&b'.') {
        at = digits(at + 1);
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let end = digits(sign);
        if end > sign {
            at = end;
        }
    }
    at
}

/// The number times a power of ten, rounded once.
fn shifted(number: &str, exponent: i32) -> f64 {
    let (mantissa, own) = match number.find(['e', 'E']) {
        Some(at) => (&number[..at], number[at + 1..].parse().unwrap_or(0)),
        None => (number, 0),
    };
    format!("{mantissa}e{}", own + exponent).parse().unwrap_or(f64::NAN)
}

/// Writes a value of SI units with a metric prefix and three figures: `4.31 µJ`, `96.3 mW`, `1.20 ms`.
#[must_use]
pub fn si(value: f64, unit: &str) -> String {
    const PREFIXES: &[(f64, &str)] =
        &[(1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p"), (1e-15, "f")];
    if value == 0.0 || !value.is_finite() {
        return format!("{value} {unit}");
    }
    // The prefix is chosen after rounding, so that 999.96 m becomes 1.00 and not 1000 m.
    let (scale, prefix) =
        *PREFIXES.iter().find(|(scale, _)| (value.abs() / scale) >= 0.9995).unwrap_or(&PREFIXES[PREFIXES.len() - 1]);
    let scaled = value / scale;
    let decimals = match scaled.abs() {
        x if x >= 99.95 => 0,
        x if x >= 9.995 => 1,
        _ => 2,
    };
    format!("{scaled:.decimals$} {prefix}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_quantity_has_one_value_in_every_unit() {
        for text in ["20 ms", "0.02 s", "20000 us", "20000µs", "2e1 ms", "20e6 ns", " 20ms "] {
            assert_eq!(parse(text, Dimension::Time), Ok(20.0), "{text}");
        }
        assert_eq!(parse("-0.1 mV", Dimension::Voltage), Ok(-0.1));
        assert_eq!(parse("0.3", Dimension::None), Ok(0.3));
    }

    #[test]
    fn wrong_quantities_say_what_to_write() {
        for (text, dimension, word) in [
            ("20", Dimension::Time, "bare number 20"),
            ("20 mV", Dimension::Time, "a voltage in mV"),
            ("20 parsec", Dimension::Time, "unknown unit"),
            ("ms", Dimension::Time, "expected a time"),
            ("", Dimension::Voltage, "expected a voltage"),
            ("1e999 ms", Dimension::Time, "not a finite"),
            ("0.5 mV", Dimension::None, "plain number"),
            ("nan ms", Dimension::Time, "expected a time"),
        ] {
            let error = parse(text, dimension).expect_err(text);
            assert!(error.message.contains(word), "{text}: {error}");
        }
    }

    #[test]
    fn values_are_written_with_three_figures() {
        for (value, text) in [
            (4.312e-6, "4.31 µJ"),
            (0.09999, "100 mJ"),
            (0.99996, "1.00 J"),
            (0.0, "0 J"),
            (12_345.0, "12.3 kJ"),
            (3e-18, "0.00 fJ"),
        ] {
            assert_eq!(si(value, "J"), text);
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics(text in "\\PC{0,24}") {
            for dimension in [Dimension::Time, Dimension::None, Dimension::Power] {
                let _ = parse(&text, dimension);
            }
        }
    }
}
