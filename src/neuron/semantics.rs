//! How the neurons of trained networks step: the choices in which frameworks differ.
//!
//! NIR gives differential equations and no time step; each framework has its own discretisation, reset and comparison, so one
//! file gives different spikes in each. A [`Semantics`] names one set of choices. The rules were read from the frameworks'
//! sources and are tested against what the frameworks computed.

/// How the membrane (and the synaptic current) decays over a tick of length dt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decay {
    /// By exp(−dt/τ), the input held over the tick: the exact solution.
    Exact,
    /// By 1 − dt/τ: forward Euler.
    Euler,
}

/// What a spike does to the membrane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reset {
    /// v ← v_reset, in the tick of the spike.
    ToValue,
    /// v ← 0, in the tick of the spike.
    ToZero,
    /// v ← 0 before the leak of the tick after the spike (snnTorch, `reset_delay=True`, `"zero"`).
    ToZeroNextTick,
    /// v ← v − v_th after the leak and the input of the tick after the spike (snnTorch's default).
    SubtractNextTick,
}

/// One set of choices. A membrane spikes where v > v_th in all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Semantics {
    /// Its name on the command line.
    pub name: &'static str,
    /// One line of what it is.
    pub title: &'static str,
    /// Decay over a tick.
    pub decay: Decay,
    /// Reset.
    pub reset: Reset,
    /// The resting potential of the file is taken as zero, as the framework does.
    pub ignores_rest: bool,
}

/// Every set of choices on offer; the first is the default.
pub const SEMANTICS: &[Semantics] = &[
    Semantics {
        name: "nir",
        title: "NIR's equations, solved exactly for an input held over each step; reset to v_reset",
        decay: Decay::Exact,
        reset: Reset::ToValue,
        ignores_rest: false,
    },
    Semantics {
        name: "nir-euler",
        title: "NIR's equations by forward Euler; reset to v_reset",
        decay: Decay::Euler,
        reset: Reset::ToValue,
        ignores_rest: false,
    },
    Semantics {
        name: "snntorch",
        title: "snnTorch, reset_mechanism=\"zero\", reset_delay=False: what its importer builds from a NIR file",
        decay: Decay::Euler,
        reset: Reset::ToZero,
        ignores_rest: true,
    },
    Semantics {
        name: "snntorch-zero-delayed",
        title: "snnTorch, reset_mechanism=\"zero\", reset_delay=True",
        decay: Decay::Euler,
        reset: Reset::ToZeroNextTick,
        ignores_rest: true,
    },
    Semantics {
        name: "snntorch-subtract-delayed",
        title: "snnTorch's own default, reset_mechanism=\"subtract\", reset_delay=True",
        decay: Decay::Euler,
        reset: Reset::SubtractNextTick,
        ignores_rest: true,
    },
];

/// The set of choices of a name.
#[must_use]
pub fn semantics_by_name(name: &str) -> Option<Semantics> {
    SEMANTICS.iter().find(|s| s.name == name).copied()
}

impl Default for Semantics {
    fn default() -> Self {
        SEMANTICS[0]
    }
}
