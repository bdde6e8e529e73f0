//! Whether numbers and distributions are allowed.

use crate::diagnostic::Diagnostic;
use crate::neuron::{Check, Distribution, Values};

/// What is wrong with the values of `name`, without a place; `len` is the number of values wanted where there is one each.
pub(super) fn complaint(name: &str, values: &Values, check: Check, len: usize) -> Option<Diagnostic> {
    let not_allowed = |value: f64, which: &str| {
        (!check.allows(value)).then(|| Diagnostic::new(format!("`{name}` must be {}, {which} {value}", check.words())))
    };
    match values {
        Values::One(value) => not_allowed(*value, "found"),
        Values::Each(values) if values.len() != len => {
            Some(Diagnostic::new(format!("`{name}` needs {len} values, found {}", values.len())))
        }
        Values::Each(values) => values.iter().enumerate().find_map(|(at, value)| not_allowed(*value, &format!("value {at} is"))),
        Values::Drawn(Distribution::Uniform { low, high }) => {
            if !(low.is_finite() && high.is_finite()) {
                return Some(Diagnostic::new(format!("`{name}` needs finite ends of its uniform distribution")));
            }
            if low > high {
                return Some(
                    Diagnostic::new(format!("`{name}` has a uniform distribution from {low} to {high}"))
                        .help("write the lower end first"),
                );
            }
            not_allowed(*low, "its distribution reaches")
        }
        Values::Drawn(Distribution::Normal { mean, sd, min, max }) => {
            if !(mean.is_finite() && sd.is_finite() && *sd >= 0.0) {
                return Some(Diagnostic::new(format!(
                    "`{name}` needs a finite mean and a standard deviation of zero or above, found {mean} and {sd}"
                )));
            }
            if min.is_nan() || max.is_nan() || min > max {
                return Some(Diagnostic::new(format!("`{name}` has `min` {min} above `max` {max}")));
            }
            // Draws are finite, so open limits matter only where the sign does.
            let positive = matches!(check, Check::Positive | Check::NonNegative);
            (positive && !check.allows(*min)).then(|| {
                Diagnostic::new(format!("`{name}` must be {}, its normal distribution reaches {min}", check.words()))
                    .help("set `min`: values below it are drawn again")
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_values_is_checked() {
        let normal = |min, max| Values::Drawn(Distribution::Normal { mean: 1.0, sd: 0.5, min, max });
        let uniform = |low, high| Values::Drawn(Distribution::Uniform { low, high });
        let open = (f64::NEG_INFINITY, f64::INFINITY);
        for (values, check, wrong) in [
            (Values::One(1.0), Check::Positive, false),
            (Values::One(0.0), Check::Positive, true),
            (Values::One(f64::NAN), Check::Any, true),
            (Values::One(f64::INFINITY), Check::Any, false),
            (Values::Each(vec![1.0, 2.0]), Check::Finite, false),
            (Values::Each(vec![1.0]), Check::Finite, true),
            (Values::Each(vec![1.0, f64::NAN]), Check::Finite, true),
            (uniform(0.0, 1.0), Check::NonNegative, false),
            (uniform(0.0, 1.0), Check::Positive, true),
            (uniform(1.0, 0.0), Check::Finite, true),
            (uniform(0.0, f64::INFINITY), Check::Finite, true),
            (normal(open.0, open.1), Check::Finite, false),
            (normal(open.0, open.1), Check::Positive, true),
            (normal(0.1, open.1), Check::Positive, false),
            (normal(2.0, 1.0), Check::Finite, true),
            (normal(f64::NAN, 1.0), Check::Finite, true),
            (Values::Drawn(Distribution::Normal { mean: 0.0, sd: -1.0, min: 0.0, max: 1.0 }), Check::Finite, true),
        ] {
            assert_eq!(complaint("x", &values, check, 2).is_some(), wrong, "{values:?} {check:?}");
        }
    }
}
