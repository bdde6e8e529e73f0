//! What stands in a network, in the words of tables: rules, delays, values.

use super::{Coefficients, Connect, Delay, Drive, Projection};
use crate::neuron::{Shape, Values};

impl Connect {
    /// The rule, in words: `indegree 100`, `matrix 10 × 64`.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::AllToAll => "all to all".into(),
            Self::OneToOne => "one to one".into(),
            Self::FixedProbability(p) => format!("probability {p}"),
            Self::FixedIndegree(k) => format!("indegree {k}"),
            Self::FixedOutdegree(k) => format!("outdegree {k}"),
            Self::FixedTotal(n) => format!("total {n}"),
            Self::List(list) => format!("list of {}", list.len()),
            Self::Dense(m) => format!("matrix {} × {}", m.targets, m.sources),
            Self::Diagonal(w) => w.len().map_or_else(|| "diagonal".into(), |n| format!("diagonal {n}")),
            Self::Convolution(c) => {
                let kind = if matches!(c.weights, Coefficients::One(_)) { "pool" } else { "convolution" };
                let ([rows, columns], [down, across]) = (c.kernel, c.stride);
                format!("{kind} {rows} × {columns}, stride {down} × {across}")
            }
        }
    }

    /// Whether it brings weights of its own, in place of the projection's.
    #[must_use]
    pub fn has_weights(&self) -> bool {
        matches!(self, Self::Dense(_) | Self::Diagonal(_) | Self::Convolution(_))
    }
}

impl Delay {
    /// The delay, in words: `1.5 ms`, `same step`.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Ms(values) => format!("{} ms", values.words()),
            Self::Ticks(0) => "same step".into(),
            Self::Ticks(ticks) => format!("{ticks} steps"),
        }
    }
}

impl Projection {
    /// Its weights, in words; `own` where the rule brings them.
    #[must_use]
    pub fn weight_words(&self) -> String {
        if self.connect.has_weights() { "own".into() } else { self.weight.0.words() }
    }
}

impl Drive {
    /// What it is, in words: `Poisson`, `noise current`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Poisson { .. } => "Poisson",
            Self::Spikes { .. } => "listed events",
            Self::Regular { .. } => "regular",
            Self::Current(_) => "current",
            Self::Noise { .. } => "noise current",
            Self::Dataset => "samples of a data set",
        }
    }

    /// What it is and how much, in words: `Poisson, 2000 Hz`.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Poisson { rate_hz, .. } | Self::Regular { rate_hz, .. } => format!("{}, {rate_hz} Hz", self.kind()),
            Self::Spikes { events, .. } => format!("{} events", events.len()),
            Self::Current(steps) => format!("current in {} steps", steps.len()),
            Self::Noise { mean, sd, interval_ms, .. } => {
                format!("noise, {} ± {} every {interval_ms} ms", number(*mean), number(*sd))
            }
            Self::Dataset => self.kind().into(),
        }
    }
}

impl Values {
    /// The values, in words: `20`, `8 … 12`, `normal 87.8 ± 8.78`.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::One(value) => number(*value),
            Self::Each(values) => {
                let low = values.iter().copied().fold(f64::INFINITY, f64::min);
                let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                format!("{} … {}", number(low), number(high))
            }
            Self::Drawn(distribution) => match distribution.shape {
                Shape::Uniform { low, high } => format!("uniform {} … {}", number(low), number(high)),
                Shape::Normal { mean, sd } => format!("normal {} ± {}", number(mean), number(sd)),
                Shape::Lognormal { median, sigma } => format!("lognormal {} (sigma {})", number(median), number(sigma)),
            },
        }
    }
}

/// Five figures at most: enough to recognise a value by.
fn number(value: f64) -> String {
    let rounded: f64 = format!("{value:.4e}").parse().unwrap_or(value);
    format!("{rounded}")
}
