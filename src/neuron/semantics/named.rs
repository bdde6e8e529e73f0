//! The sets of choices on offer.
//!
//! Sources: the code of each framework's NIR importer, exporter and neurons (nir 1.0.8, snnTorch 1.0.0, norse 1.1.0, sinabs 3.1.3, rockpool
//! 3.1.0, SpikingJelly 2.0.0, spyx 1.0.0), and for Lava, Nengo and SpiNNaker2 the code and the traces of J. E. Pedersen et al., Nature
//! Communications 15:8122, 2024.

use super::{
    Compare, Decay, Floor, Gain, Integrator, OutputAt, Recurrence, Reset, ResetAt, Rest, Semantics, SpikeNumber, Start, Synapse,
    SynapticCurrent, SynapticGain,
};

/// NIR's equations, solved exactly.
const NIR: Semantics = Semantics {
    name: "nir",
    title: "NIR's equations, solved exactly for an input held over each step; reset to v_reset",
    decay: Decay::Exact,
    gain: Gain::Held,
    cuba_gain: Gain::Held,
    rest: Rest::Used,
    integrator: Integrator::Time,
    compare: Compare::Above,
    number: SpikeNumber::One,
    reset: Reset::Value,
    cuba_reset: Reset::Value,
    reset_at: ResetAt::Now,
    cuba_reset_at: ResetAt::Now,
    floor: Floor::None,
    start: Start::Zero,
    synapse: Synapse::Held,
    synapse_decay: Decay::Exact,
    w_in: SynapticGain::Used,
    current: SynapticCurrent::New,
    recurrence: Recurrence::Neuron,
    output: OutputAt::Now,
};

const fn subtracting(of: Semantics, name: &'static str, title: &'static str) -> Semantics {
    Semantics { name, title, reset: Reset::Subtract, cuba_reset: Reset::Subtract, ..of }
}

const NIR_EULER: Semantics = Semantics {
    name: "nir-euler",
    title: "NIR's equations by forward Euler; reset to v_reset",
    decay: Decay::Euler,
    synapse_decay: Decay::Euler,
    ..NIR
};

const NIR_UNIT: Semantics = Semantics {
    name: "nir-unit",
    title: "as nir-euler, but neurons without leak take the whole r x in a step, without dt",
    integrator: Integrator::Resistance,
    ..NIR_EULER
};

const SNNTORCH: Semantics = Semantics {
    name: "snntorch",
    title: "snnTorch, reset_mechanism=\"zero\", reset_delay=False: what its importer builds from a NIR file",
    rest: Rest::Ignored,
    integrator: Integrator::LeakyTenth,
    reset: Reset::Zero,
    cuba_reset: Reset::Zero,
    ..NIR_EULER
};

const NORSE: Semantics = Semantics {
    name: "norse",
    title: "norse, as its importer builds it: Euler, r of LIF and IF ignored, reset to zero, v_leak moves synapses too",
    gain: Gain::HeldOnly,
    integrator: Integrator::Unit,
    reset: Reset::Zero,
    cuba_reset: Reset::Zero,
    start: Start::Rest,
    synapse: Synapse::HeldWithRest,
    recurrence: Recurrence::Edge,
    ..NIR_EULER
};

/// What sinabs and rockpool share: several spikes a step, each of which takes the threshold off.
const SEVERAL: Semantics = Semantics {
    gain: Gain::Unit,
    cuba_gain: Gain::Unit,
    rest: Rest::Ignored,
    integrator: Integrator::Unit,
    compare: Compare::AtOrAbove,
    number: SpikeNumber::Several,
    reset: Reset::Subtract,
    cuba_reset: Reset::Subtract,
    w_in: SynapticGain::Ignored,
    ..NIR
};

const SINABS: Semantics = Semantics {
    name: "sinabs",
    title: "sinabs, as its importer builds it: tau counted in steps, x added whole, several spikes a step, IF kept above -v_th",
    decay: Decay::Steps,
    synapse_decay: Decay::Steps,
    floor: Floor::Threshold,
    recurrence: Recurrence::Edge,
    ..SEVERAL
};

/// Every set of choices on offer; the first is the default.
pub const SEMANTICS: &[Semantics] = &[
    NIR,
    NIR_EULER,
    subtracting(NIR, "nir-subtract", "as nir, but a spike takes the threshold off"),
    subtracting(NIR_EULER, "nir-euler-subtract", "as nir-euler, but a spike takes the threshold off"),
    NIR_UNIT,
    subtracting(NIR_UNIT, "nir-unit-subtract", "as nir-unit, but a spike takes the threshold off"),
    SNNTORCH,
    Semantics {
        name: "snntorch-zero-delayed",
        title: "snnTorch, reset_mechanism=\"zero\", reset_delay=True",
        reset_at: ResetAt::BeforeLeak,
        cuba_reset_at: ResetAt::AfterLeak,
        ..SNNTORCH
    },
    Semantics {
        name: "snntorch-subtract",
        title: "snnTorch, reset_mechanism=\"subtract\", reset_delay=False",
        reset: Reset::Subtract,
        cuba_reset: Reset::Subtract,
        reset_at: ResetAt::Twice,
        cuba_reset_at: ResetAt::Twice,
        ..SNNTORCH
    },
    Semantics {
        name: "snntorch-subtract-delayed",
        title: "snnTorch's own default, reset_mechanism=\"subtract\", reset_delay=True",
        reset: Reset::Subtract,
        cuba_reset: Reset::Subtract,
        reset_at: ResetAt::AfterLeak,
        cuba_reset_at: ResetAt::AfterLeak,
        ..SNNTORCH
    },
    NORSE,
    Semantics {
        name: "norse-subtract",
        title: "norse, imported with reset_method=subtract, which reaches the neurons with a synapse and no others",
        cuba_reset: Reset::Subtract,
        ..NORSE
    },
    Semantics {
        name: "norse-lifcell",
        title: "norse's LIFCell as it runs, which is not what its exporter writes: x jumps into the current, which then decays",
        synapse: Synapse::JumpFirst,
        w_in: SynapticGain::Ignored,
        cuba_reset: Reset::Value,
        ..NORSE
    },
    SINABS,
    Semantics {
        name: "sinabs-native",
        title: "sinabs' own IAF and LIF (norm_input=False): as sinabs, without the bound on IF",
        floor: Floor::None,
        ..SINABS
    },
    Semantics {
        name: "rockpool",
        title: "rockpool's LIFTorch and LIFNeuronTorch: exp(-dt/tau), x added whole, several spikes a step, a synapse that jumps and decays",
        synapse: Synapse::JumpDecayed,
        ..SEVERAL
    },
    Semantics {
        name: "spikingjelly",
        title: "SpikingJelly: Euler, spike at the threshold too, reset to v_reset, from where the membrane starts",
        compare: Compare::AtOrAbove,
        start: Start::Reset,
        recurrence: Recurrence::Edge,
        ..NIR_EULER
    },
    Semantics {
        name: "spyx",
        title: "spyx: Euler, x added whole, the spike of a step told in the next one, when the threshold is taken off",
        gain: Gain::Unit,
        cuba_gain: Gain::Unit,
        rest: Rest::Ignored,
        integrator: Integrator::Unit,
        reset: Reset::Subtract,
        cuba_reset: Reset::Subtract,
        reset_at: ResetAt::AfterLeak,
        cuba_reset_at: ResetAt::BeforeLeak,
        synapse: Synapse::Jump,
        w_in: SynapticGain::Ignored,
        recurrence: Recurrence::NeuronNoBias,
        output: OutputAt::NextStep,
        ..NIR_EULER
    },
    Semantics {
        name: "lava",
        title: "Lava in floating point (NIR paper): Euler, reset to zero, spikes told one step later",
        reset: Reset::Zero,
        cuba_reset: Reset::Zero,
        output: OutputAt::NextStep,
        ..NIR_EULER
    },
    Semantics {
        name: "nengo",
        title: "Nengo (NIR paper): exact membranes, Euler synapses, reset to zero; its spike times within a step are left out",
        synapse_decay: Decay::Euler,
        reset: Reset::Zero,
        cuba_reset: Reset::Zero,
        ..NIR
    },
    Semantics {
        name: "spinnaker2",
        title: "SpiNNaker2 (NIR paper): Euler, reset to zero",
        reset: Reset::Zero,
        cuba_reset: Reset::Zero,
        ..NIR_EULER
    },
];
