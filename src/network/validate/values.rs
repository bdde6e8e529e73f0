//! Whether numbers and distributions are allowed.

use crate::diagnostic::Diagnostic;
use crate::neuron::{Check, Distribution, Outside, Shape, Values};

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
        Values::Drawn(distribution) => drawn(name, distribution, check),
    }
}

fn drawn(name: &str, distribution: &Distribution, check: Check) -> Option<Diagnostic> {
    let wrong = |message: String| Some(Diagnostic::new(message));
    match distribution.shape {
        Shape::Uniform { low, high } => {
            if !(low.is_finite() && high.is_finite()) {
                return wrong(format!("`{name}` needs finite ends of its uniform distribution"));
            }
            if low > high {
                return wrong(format!("`{name}` has a uniform distribution from {low} to {high}"))
                    .map(|complaint| complaint.help("write the lower end first"));
            }
        }
        Shape::Normal { mean, sd } => {
            if !(mean.is_finite() && sd.is_finite() && sd >= 0.0) {
                return wrong(format!(
                    "`{name}` needs a finite mean and a standard deviation of zero or above, found {mean} and {sd}"
                ));
            }
        }
        Shape::Lognormal { median, sigma } => {
            if !(median.is_finite() && median != 0.0 && sigma.is_finite() && sigma >= 0.0) {
                return wrong(format!(
                    "`{name}` needs a finite median other than zero and a sigma of zero or above, found {median} and {sigma}"
                ));
            }
        }
    }
    let (min, max) = (distribution.min, distribution.max);
    if min.is_nan() || max.is_nan() || min > max {
        return wrong(format!("`{name}` has `min` {min} above `max` {max}"));
    }
    if distribution.outside == Outside::Redrawn {
        let share = distribution.share_within();
        if share < Distribution::LEAST_SHARE {
            let percent = share * 100.0;
            return wrong(format!("`{name}` has limits from {min} to {max}, and {percent:.2} % of its draws lie within")).map(
                |complaint| {
                    complaint.help("draws outside are drawn again, which would not end: move the limits, or set clip = true")
                },
            );
        }
    }
    let (low, high) = distribution.bounds();
    let reached = [low, high].into_iter().find(|end| !check.allows(*end) || !end.is_finite())?;
    let complaint = Diagnostic::new(format!("`{name}` must be {}, its distribution reaches {reached:.4}", check.words()));
    Some(match distribution.shape {
        Shape::Uniform { .. } => complaint,
        Shape::Lognormal { median, .. } if median < 0.0 => complaint.help("a lognormal distribution has the sign of its median"),
        _ if reached == low => complaint.help("set `min`: values below it are drawn again"),
        _ => complaint.help("set `max`: values above it are drawn again"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_values_is_checked() {
        let normal = |min, max| Values::Drawn(Distribution::normal(1.0, 0.5).within(min, max));
        let clipped = |min, max| Values::Drawn(Distribution::normal(1.0, 0.5).clipped(min, max));
        let uniform = |low, high| Values::Drawn(Distribution::uniform(low, high));
        let lognormal = |median, sigma| Values::Drawn(Distribution::lognormal(median, sigma));
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
            (normal(4.0, 5.0), Check::Finite, true),
            (clipped(4.0, 5.0), Check::Finite, false),
            (clipped(-1.0, 5.0), Check::NonNegative, true),
            (Values::Drawn(Distribution::normal(0.0, -1.0)), Check::Finite, true),
            // Ten standard deviations above zero: no draw can be below.
            (Values::Drawn(Distribution::normal(10.0, 1.0)), Check::Positive, false),
            (lognormal(2.0, 1.0), Check::Positive, false),
            (lognormal(-2.0, 1.0), Check::Finite, false),
            (lognormal(-2.0, 1.0), Check::NonNegative, true),
            (lognormal(0.0, 1.0), Check::Finite, true),
            (lognormal(2.0, -1.0), Check::Finite, true),
            (lognormal(2.0, 100.0), Check::Finite, true),
            (Values::Drawn(Distribution::uniform(0.0, 1.0).within(0.5, 2.0)), Check::Positive, false),
            (Values::Drawn(Distribution::uniform(0.0, 1.0).within(1.5, 2.0)), Check::Positive, true),
        ] {
            assert_eq!(complaint("x", &values, check, 2).is_some(), wrong, "{values:?} {check:?}");
        }
    }
}
