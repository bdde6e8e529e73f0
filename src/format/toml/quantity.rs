//! Numbers with units, and what stands in their place: one each, or a distribution.

use super::cursor::Item;
use crate::neuron::{Distribution, Values};
use crate::units::{self, Dimension};
use toml::de::DeValue;

impl Item<'_> {
    /// A number in the bare unit of a dimension.
    ///
    /// Where the dimension is not known, because the model is not, anything will do.
    pub(super) fn quantity(&self, dimension: Option<Dimension>) -> Option<f64> {
        let Some(dimension) = dimension.map(|dimension| self.dimension(dimension)) else { return Some(0.0) };
        let (text, bare) = match self.value {
            DeValue::String(text) => (text.to_string(), false),
            DeValue::Integer(number) if number.radix() == 10 => (number.as_str().to_owned(), true),
            // An infinity is one in every unit. Whoever uses the number says whether it may be one.
            DeValue::Float(number) if number.as_str().ends_with("inf") || number.as_str().ends_with("nan") => {
                return number.as_str().parse().ok();
            }
            DeValue::Float(number) => (number.as_str().to_owned(), true),
            _ => {
                self.expected(dimension.noun(), &format!("write for instance {}", example(dimension)));
                return None;
            }
        };
        match units::parse(&text, dimension) {
            Ok(value) => Some(value),
            Err(error) if bare && dimension != Dimension::None => {
                self.complain_with_help(error.message, format!("write \"{text} {}\", or another unit", dimension.unit()));
                None
            }
            Err(error) => {
                let help = match dimension {
                    Dimension::None if self.doc.unitless.get() => "with units = \"none\" write the number alone".to_owned(),
                    Dimension::None => format!("write for instance {}", example(dimension)),
                    _ => error.help,
                };
                self.complain_with_help(error.message, help);
                None
            }
        }
    }

    /// What a number of this dimension is measured in, in this file.
    fn dimension(&self, dimension: Dimension) -> Dimension {
        match dimension {
            Dimension::Time | Dimension::Frequency => dimension,
            _ if self.doc.unitless.get() => Dimension::None,
            _ => dimension,
        }
    }

    /// A number, one each (an array), or a distribution.
    pub(super) fn values(&self, dimension: Option<Dimension>) -> Option<Values> {
        match self.value {
            DeValue::Array(_) => self.all("", |element| element.quantity(dimension)).map(Values::Each),
            DeValue::Table(_) => self.distribution(dimension).map(Values::Drawn),
            _ => self.quantity(dimension).map(Values::One),
        }
    }

    /// `{ uniform = [low, high] }`, `{ normal = [mean, sd] }` or `{ lognormal = [median, sigma] }`; with `min`, `max` and `clip` where wanted.
    pub(super) fn distribution(&self, dimension: Option<Dimension>) -> Option<Distribution> {
        let table = self.table(self.label(), None)?;
        let help = "write { uniform = [low, high] }, { normal = [mean, sd] } or { lognormal = [median, sigma] }";
        let (uniform, normal, lognormal) = (table.get("uniform"), table.get("normal"), table.get("lognormal"));
        let limit = |key, open| table.get(key).map_or(Some(open), |item| item.quantity(dimension));
        let (min, max) = (limit("min", f64::NEG_INFINITY), limit("max", f64::INFINITY));
        let clip = table.get("clip").map_or(Some(false), |item| item.boolean());
        table.finish();
        let pair = |item: &Item<'_>, second: Option<Dimension>| {
            let mut dimensions = [dimension, second].into_iter();
            let numbers = item.all(help, |element| element.quantity(dimensions.next().unwrap_or(second)))?;
            if let [first, second] = numbers[..] {
                return Some((first, second));
            }
            item.complain_with_help(format!("expected two numbers, found {}", numbers.len()), help);
            None
        };
        let distribution = match (uniform, normal, lognormal) {
            (Some(uniform), None, None) => pair(&uniform, dimension).map(|(low, high)| Distribution::uniform(low, high)),
            (None, Some(normal), None) => pair(&normal, dimension).map(|(mean, sd)| Distribution::normal(mean, sd)),
            (None, None, Some(lognormal)) => {
                // Sigma is a ratio and has no unit.
                pair(&lognormal, Some(Dimension::None)).map(|(median, sigma)| Distribution::lognormal(median, sigma))
            }
            _ => {
                self.complain_with_help("expected one distribution", help);
                None
            }
        };
        let (distribution, min, max, clip) = (distribution?, min?, max?, clip?);
        Some(if clip { distribution.clipped(min, max) } else { distribution.within(min, max) })
    }
}

/// An example as it stands in a file.
fn example(dimension: Dimension) -> String {
    match dimension {
        Dimension::None => dimension.example().to_owned(),
        _ => format!("\"{}\"", dimension.example()),
    }
}
