//! How the neurons of trained networks step: the choices in which frameworks differ.
//!
//! NIR gives differential equations and no time step; each framework has its own discretisation, reset and comparison, so one
//! file gives different spikes in each. A [`Semantics`] names one set of choices. The rules were read from the frameworks'
//! sources and are tested against what the frameworks computed (`tests/nir_agreement.rs`, `tests/data/nir/AGREEMENT.md`).
//!
//! One step, for an input x:
//!
//! ```text
//! i <- keep_syn i + gain_syn x              (synapse; without one, I = x)
//! v <- keep v + gain I + (1 - keep) rest    (with a delayed reset before or after)
//! spike where v > v_th;  reset;  v recorded
//! ```
//!
//! The variable `v` is the membrane at the end of the step: after a reset that happens at once, before one that waits for the next step.
//!
//! A set is written by its name and, where something is to differ, keys: `norse,reset=subtract,decay=exact`. [`KEYS`] lists them.

mod choices;
mod named;

pub use choices::{
    Compare, Decay, Floor, Gain, Integrator, KEYS, Key, OutputAt, Recurrence, Reset, ResetAt, Rest, SpikeNumber, Start, Synapse,
    SynapticCurrent, SynapticGain,
};
pub use named::SEMANTICS;

use crate::numerics::{exp, exp_m1};
use std::fmt;
use std::str::FromStr;

/// The most spikes that a neuron may emit in one step where it may emit several; what is above its threshold then stays.
pub const MOST_SPIKES_A_STEP: u32 = 1 << 12;

/// One set of choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Semantics {
    /// The name of the set it is, or started from.
    pub name: &'static str,
    /// One line of what that set is.
    pub title: &'static str,
    /// Decay of the membrane over a step.
    pub decay: Decay,
    /// Gain of the input of neurons with a leak.
    pub gain: Gain,
    /// The same of neurons with a synapse (CubaLIF, CubaLI), from synaptic current to membrane.
    pub cuba_gain: Gain,
    /// The resting potential.
    pub rest: Rest,
    /// What neurons without a leak (IF, I) do with their input.
    pub integrator: Integrator,
    /// How a membrane is compared with its threshold.
    pub compare: Compare,
    /// How many spikes a step may have.
    pub number: SpikeNumber,
    /// What a spike does to the membrane.
    pub reset: Reset,
    /// The same of neurons with a synapse.
    pub cuba_reset: Reset,
    /// When it does it.
    pub reset_at: ResetAt,
    /// The same of neurons with a synapse.
    pub cuba_reset_at: ResetAt,
    /// The lowest value of the membranes of IF.
    pub floor: Floor,
    /// The membrane before the first step.
    pub start: Start,
    /// The form of the synapse.
    pub synapse: Synapse,
    /// Its decay over a step.
    pub synapse_decay: Decay,
    /// Its gain.
    pub w_in: SynapticGain,
    /// Which of its values the membrane takes.
    pub current: SynapticCurrent,
    /// Where a recurrent connection waits; said of the edges of a NIR graph.
    pub recurrence: Recurrence,
    /// When spikes leave; said of the edges of a NIR graph.
    pub output: OutputAt,
}

impl Semantics {
    /// Its name, with the keys in which it differs from the set of that name: `norse,reset=subtract`.
    #[must_use]
    pub fn label(&self) -> String {
        let base = SEMANTICS.iter().find(|s| s.name == self.name).unwrap_or(&SEMANTICS[0]);
        let other = KEYS.iter().filter(|key| key.value(self) != key.value(base));
        other.fold(self.name.to_owned(), |label, key| format!("{label},{}={}", key.name, key.value(self)))
    }
}

impl Default for Semantics {
    fn default() -> Self {
        SEMANTICS[0]
    }
}

impl fmt::Display for Semantics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label())
    }
}

impl FromStr for Semantics {
    type Err = String;

    /// Reads `NAME`, `NAME,KEY=VALUE,…` or `KEY=VALUE,…`, which starts from the default.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.split(',').map(str::trim).peekable();
        let mut semantics = match parts.peek() {
            Some(first) if !first.contains('=') => {
                let name = parts.next().unwrap_or_default();
                SEMANTICS.iter().find(|s| s.name == name).copied().ok_or_else(|| {
                    let names: Vec<_> = SEMANTICS.iter().map(|s| s.name).collect();
                    format!(
                        "there are no semantics `{name}`; they are {}, each followed by ,KEY=VALUE where one choice is to differ",
                        names.join(", ")
                    )
                })?
            }
            _ => Self::default(),
        };
        for part in parts {
            let Some((key, value)) = part.split_once('=').map(|(key, value)| (key.trim(), value.trim())) else {
                return Err(format!("`{part}` is no KEY=VALUE; keys are {}", names(KEYS.iter().map(|key| key.name))));
            };
            let Some(found) = KEYS.iter().find(|known| known.name == key) else {
                return Err(format!("semantics have no key `{key}`; keys are {}", names(KEYS.iter().map(|key| key.name))));
            };
            if !found.set(&mut semantics, value) {
                let values = names(found.values().iter().map(|(value, _)| *value));
                return Err(format!("`{key}` cannot be `{value}`; {} is one of {values}", found.about));
            }
        }
        Ok(semantics)
    }
}

fn names(all: impl Iterator<Item = &'static str>) -> String {
    all.collect::<Vec<_>>().join(", ")
}

/// The set of choices of a name, or of a name with keys.
#[must_use]
pub fn semantics_by_name(name: &str) -> Option<Semantics> {
    name.parse().ok()
}

/// Milliseconds in the second, the unit of NIR's times.
const MS_PER_S: f64 = 1e3;

impl Decay {
    /// What is left after a step.
    #[must_use]
    pub fn keep(self, tau_ms: f64, dt_ms: f64) -> f64 {
        match self {
            Self::Exact => exp(-dt_ms / tau_ms),
            Self::Euler => 1.0 - dt_ms / tau_ms,
            Self::Steps => exp(-MS_PER_S / tau_ms),
        }
    }

    /// What is gone after a step: 1 − [`Decay::keep`], without cancellation where dt is far below tau.
    #[must_use]
    pub fn lose(self, tau_ms: f64, dt_ms: f64) -> f64 {
        match self {
            Self::Exact => -exp_m1(-dt_ms / tau_ms),
            Self::Euler => dt_ms / tau_ms,
            Self::Steps => -exp_m1(-MS_PER_S / tau_ms),
        }
    }
}

impl Gain {
    /// What an input of 1 adds to the membrane in a step.
    #[must_use]
    pub fn factor(self, decay: Decay, tau_ms: f64, r: f64, dt_ms: f64) -> f64 {
        match self {
            Self::Held => decay.lose(tau_ms, dt_ms) * r,
            Self::HeldOnly => decay.lose(tau_ms, dt_ms),
            Self::Step => dt_ms / tau_ms * r,
            Self::Unit => 1.0,
        }
    }
}

impl Integrator {
    /// What is left of the membrane after a step.
    #[must_use]
    pub fn keep(self) -> f64 {
        if self == Self::LeakyTenth { 0.9 } else { 1.0 }
    }

    /// What an input of 1 adds to the membrane in a step.
    #[must_use]
    pub fn factor(self, r: f64, dt_ms: f64) -> f64 {
        match self {
            Self::Time => dt_ms / MS_PER_S * r,
            Self::Resistance => r,
            Self::Unit | Self::LeakyTenth => 1.0,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn names_and_labels_come_back() {
        for semantics in SEMANTICS {
            assert_eq!(semantics_by_name(semantics.name), Some(*semantics));
            assert_eq!(semantics.label(), semantics.name);
        }
        for text in ["norse,reset=subtract,decay=exact,compare=at-or-above", "nir,integrator=r", "spyx,output=now"] {
            let semantics: Semantics = text.parse().unwrap();
            assert_eq!(semantics.label().parse::<Semantics>().unwrap(), semantics);
        }
        assert_eq!("norse , reset = subtract".parse::<Semantics>().unwrap().label(), "norse,reset=subtract");
        assert_eq!("reset=zero".parse::<Semantics>().unwrap().label(), "nir,reset=zero");
    }

    /// Every key can be set to each of its values, alone, and the label tells it.
    #[test]
    fn every_rule_can_be_put_together_by_hand() {
        for key in KEYS {
            for (value, words) in key.values() {
                let mut semantics = SEMANTICS[0];
                assert!(key.set(&mut semantics, value), "{}={value}", key.name);
                assert_eq!(key.value(&semantics), value);
                assert!(!words.is_empty());
                let others = KEYS.iter().filter(|other| other.name != key.name);
                assert!(others.into_iter().all(|other| other.value(&semantics) == other.value(&SEMANTICS[0])));
            }
        }
    }

    #[test]
    fn what_is_not_known_is_refused_with_what_is() {
        for (text, expected) in [
            ("snn", "there are no semantics `snn`; they are nir, nir-euler"),
            ("nir,reset", "`reset` is no KEY=VALUE; keys are decay, gain"),
            ("nir,colour=red", "semantics have no key `colour`; keys are decay"),
            ("nir,reset=no", "`reset` cannot be `no`; what a spike does to the membrane is one of value, zero, subtract"),
        ] {
            let found = text.parse::<Semantics>().unwrap_err();
            assert!(found.contains(expected), "{found}");
        }
    }

    #[test]
    fn what_is_kept_and_what_is_lost_are_all() {
        for decay in [Decay::Exact, Decay::Euler, Decay::Steps] {
            for tau in [0.7, 10.0, 2500.0] {
                assert!((decay.keep(tau, 0.5) + decay.lose(tau, 0.5) - 1.0).abs() < 1e-15);
            }
        }
        assert_eq!(Decay::Steps.keep(20_000.0, 0.1), exp(-1.0 / 20.0));
    }
}
