//! Each choice: its values, and its key on the command line.

use super::Semantics;

/// A choice among a few values.
trait Choice: Copy + 'static {
    /// Every value: itself, its name on the command line, what it means.
    const ALL: &'static [(Self, &'static str, &'static str)];
}

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal: $words:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $(#[doc = concat!($words, ".")] $variant,)+
        }

        impl Choice for $name {
            const ALL: &'static [(Self, &'static str, &'static str)] = &[$((Self::$variant, $text, $words)),+];
        }

        impl $name {
            /// What it means, in words.
            #[must_use]
            pub fn words(self) -> &'static str {
                match self {
                    $(Self::$variant => $words,)+
                }
            }
        }
    };
}

choice! {
    /// How a membrane or a synaptic current decays over a step of length dt.
    Decay {
        Exact = "exact": "by exp(-dt/tau), the exact solution",
        Euler = "euler": "by 1 - dt/tau, forward Euler",
        Steps = "steps": "by exp(-1/tau), the number of the file being steps and not seconds",
    }
}

choice! {
    /// What the input adds to a membrane with a leak.
    Gain {
        Held = "held": "(1 - keep) r x, x held over the step",
        HeldOnly = "held-without-r": "(1 - keep) x, r ignored",
        Step = "step": "dt/tau r x",
        Unit = "unit": "x, tau and r ignored",
    }
}

choice! {
    /// What the resting potential `v_leak` is.
    Rest {
        Used = "used": "that of the file",
        Ignored = "ignored": "zero, whatever the file says",
        Reset = "reset": "v_reset",
    }
}

choice! {
    /// What neurons without a leak do with their input.
    Integrator {
        Time = "dt-r": "v + dt r x with dt in seconds, NIR's equation",
        Resistance = "r": "v + r x",
        Unit = "unit": "v + x, r ignored",
        LeakyTenth = "leaky": "0.9 v + x with a reset by subtraction, r ignored: IF imported as Leaky(beta=0.9)",
    }
}

choice! {
    /// How a membrane is compared with its threshold.
    Compare {
        Above = "above": "spike where v > v_th",
        AtOrAbove = "at-or-above": "spike where v >= v_th",
    }
}

choice! {
    /// How many spikes a neuron emits in a step.
    SpikeNumber {
        One = "one": "at most one",
        Several = "several": "as often as the threshold goes into v",
    }
}

choice! {
    /// What a spike does to the membrane.
    Reset {
        Value = "value": "v <- v_reset",
        Zero = "zero": "v <- 0, v_reset ignored",
        Subtract = "subtract": "v <- v - v_th, for each spike",
    }
}

choice! {
    /// When a spike resets the membrane.
    ResetAt {
        Now = "now": "in the step of the spike",
        BeforeLeak = "before-leak": "in the next step, before leak and input",
        AfterLeak = "after-leak": "in the next step, after leak and input, before the threshold",
        Twice = "twice": "in the step of the spike; and what is above the threshold still is reset in the next, before the threshold (snnTorch, reset_delay=False)",
    }
}

choice! {
    /// The lowest value of the membranes of IF.
    Floor {
        None = "none": "none",
        Threshold = "threshold": "-v_th for IF",
    }
}

choice! {
    /// The membrane before the first step.
    Start {
        Zero = "zero": "0",
        Rest = "rest": "at rest",
        Reset = "reset": "v_reset",
    }
}

choice! {
    /// The form of the synapse of CubaLIF and CubaLI.
    Synapse {
        Held = "held": "i <- keep i + (1 - keep) w_in x",
        HeldWithRest = "held-with-rest": "i <- i + (1 - keep)(v_leak - i + w_in x): v_leak moves the synapse too",
        Jump = "jump": "i <- keep i + w_in x",
        JumpDecayed = "jump-decayed": "i <- keep (i + w_in x)",
        JumpFirst = "jump-first": "the membrane takes i + w_in x, which then decays",
    }
}

choice! {
    /// The gain of the synapse.
    SynapticGain {
        Used = "used": "w_in of the file",
        Ignored = "ignored": "1, whatever the file says",
    }
}

choice! {
    /// Which synaptic current the membrane takes in a step.
    SynapticCurrent {
        New = "new": "that of this step",
        Old = "old": "that of the step before",
    }
}

choice! {
    /// Where a recurrent connection of a NIR graph waits for a step.
    Recurrence {
        Neuron = "neuron": "at the output of the neuron: weights and bias act from the first step on",
        NeuronNoBias = "neuron-no-bias": "at the output of the neuron, the bias of the recurrent weights ignored",
        Edge = "edge": "at the last edge of the cycle: a recurrent bias is missing in the first step",
    }
}

choice! {
    /// When spikes leave a neuron of a NIR graph.
    OutputAt {
        Now = "now": "in the step in which the membrane passes the threshold",
        NextStep = "next-step": "one step after the membrane passes the threshold",
    }
}

/// A choice as the command line knows it.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What is chosen.
    pub about: &'static str,
    value: fn(&Semantics) -> &'static str,
    set: fn(&mut Semantics, &str) -> bool,
    values: fn() -> Vec<(&'static str, &'static str)>,
}

impl Key {
    /// The name of the value that a set has.
    #[must_use]
    pub fn value(&self, of: &Semantics) -> &'static str {
        (self.value)(of)
    }

    /// Chooses the value of a name; false where there is none.
    #[must_use]
    pub fn set(&self, of: &mut Semantics, value: &str) -> bool {
        (self.set)(of, value)
    }

    /// Every value: its name and what it means.
    #[must_use]
    pub fn values(&self) -> Vec<(&'static str, &'static str)> {
        (self.values)()
    }
}

fn name_of<C: Choice + PartialEq>(choice: C) -> &'static str {
    C::ALL.iter().find(|(value, _, _)| *value == choice).map_or("", |(_, name, _)| name)
}

fn choose<C: Choice>(of: &mut C, name: &str) -> bool {
    let found = C::ALL.iter().find(|(_, known, _)| *known == name);
    found.map(|(value, _, _)| *of = *value).is_some()
}

macro_rules! keys {
    ($($name:literal $field:ident $choice:ident $about:literal,)+) => {
        /// Every choice, by its key.
        pub const KEYS: &[Key] = &[$(Key {
            name: $name,
            about: $about,
            value: |semantics| name_of(semantics.$field),
            set: |semantics, name| choose(&mut semantics.$field, name),
            values: || $choice::ALL.iter().map(|(_, name, words)| (*name, *words)).collect(),
        }),+];
    };
}

keys! {
    "decay" decay Decay "the decay of the membrane over a step",
    "gain" gain Gain "the gain of the input of LIF and LI",
    "cuba-gain" cuba_gain Gain "the gain from synaptic current to membrane of CubaLIF and CubaLI",
    "rest" rest Rest "the resting potential v_leak",
    "integrator" integrator Integrator "what IF and I do with their input",
    "compare" compare Compare "the comparison with the threshold",
    "spikes" number SpikeNumber "the number of spikes in a step",
    "reset" reset Reset "what a spike does to the membrane",
    "cuba-reset" cuba_reset Reset "what a spike does to the membrane of CubaLIF",
    "reset-at" reset_at ResetAt "when a spike resets the membrane",
    "cuba-reset-at" cuba_reset_at ResetAt "when a spike resets the membrane of CubaLIF",
    "floor" floor Floor "the lowest value of the membranes of IF",
    "start" start Start "the membrane before the first step",
    "synapse" synapse Synapse "the form of the synapse",
    "synapse-decay" synapse_decay Decay "the decay of the synapse over a step",
    "w_in" w_in SynapticGain "the gain w_in of the synapse",
    "current" current SynapticCurrent "the synaptic current that the membrane takes",
    "recurrence" recurrence Recurrence "where a recurrent connection waits",
    "output" output OutputAt "when spikes leave the neuron",
}
