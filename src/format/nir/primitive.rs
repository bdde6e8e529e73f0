//! The table of NIR's primitives: their datasets and what becomes of them.

use crate::neuron::Check;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "NIR's own names; PRIMITIVES says what each is")]
pub enum Kind {
    Input,
    Output,
    Affine,
    Linear,
    Scale,
    Flatten,
    Threshold,
    I,
    LI,
    IF,
    LIF,
    CubaLI,
    CubaLIF,
}

/// A primitive: one row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Primitive {
    /// What it is.
    pub kind: Kind,
    /// Its name in files.
    pub name: &'static str,
    /// What becomes of it.
    pub class: Class,
    /// Its parameters.
    pub datasets: &'static [DatasetSpec],
}

/// What becomes of a primitive in a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The population that takes samples.
    Input,
    /// The answer.
    Output,
    /// A projection with a full matrix.
    Matrix,
    /// A projection from each value to its own target.
    Scale,
    /// Nothing: the order of values stays.
    Flatten,
    /// A population of this model.
    Neuron(&'static str),
}

/// A dataset of a primitive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DatasetSpec {
    /// Its name in files.
    pub name: &'static str,
    /// A node without it is an error; otherwise the model's default holds.
    pub required: bool,
    /// What it may hold.
    pub rule: Rule,
    /// The neuron parameter it becomes, and the factor to its unit.
    pub becomes: Option<(&'static str, f64)>,
}

/// What a dataset may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Sizes of dimensions: whole numbers above zero.
    Shape,
    /// One whole number.
    Whole,
    /// Finite numbers, outputs × inputs.
    Weight,
    /// Finite numbers, one per row of `weight`.
    Bias,
    /// One number per neuron, or one for all.
    Each(Check),
}

/// NIR has times in seconds, networks in milliseconds.
const MS_PER_S: f64 = 1e3;

const fn dataset(name: &'static str, rule: Rule) -> DatasetSpec {
    DatasetSpec { name, required: true, rule, becomes: None }
}

const fn optional(of: DatasetSpec) -> DatasetSpec {
    DatasetSpec { required: false, ..of }
}

const fn param(name: &'static str, check: Check, becomes: &'static str, factor: f64) -> DatasetSpec {
    DatasetSpec { name, required: true, rule: Rule::Each(check), becomes: Some((becomes, factor)) }
}

const SHAPE: DatasetSpec = dataset("shape", Rule::Shape);
const WEIGHT: DatasetSpec = dataset("weight", Rule::Weight);
const TAU: DatasetSpec = param("tau", Check::Positive, "tau_m", MS_PER_S);
const TAU_MEM: DatasetSpec = param("tau_mem", Check::Positive, "tau_m", MS_PER_S);
const TAU_SYN: DatasetSpec = param("tau_syn", Check::Positive, "tau_syn", MS_PER_S);
const R: DatasetSpec = param("r", Check::Finite, "r_m", 1.0);
const V_LEAK: DatasetSpec = param("v_leak", Check::Finite, "v_rest", 1.0);
const V_THRESHOLD: DatasetSpec = param("v_threshold", Check::Any, "v_th", 1.0);
/// Absent in files of nir before 1.0.5: 0, the models' default.
const V_RESET: DatasetSpec = optional(param("v_reset", Check::Finite, "v_reset", 1.0));
/// Absent in old files: 1, the models' default.
const W_IN: DatasetSpec = optional(param("w_in", Check::Finite, "w_in", 1.0));

/// Every primitive that can be read. Source: nir 1.0.8, `nir/ir/*.py` and `nir/serialization.py`.
pub const PRIMITIVES: &[Primitive] = &[
    Primitive { kind: Kind::Input, name: "Input", class: Class::Input, datasets: &[SHAPE] },
    Primitive { kind: Kind::Output, name: "Output", class: Class::Output, datasets: &[SHAPE] },
    Primitive { kind: Kind::Affine, name: "Affine", class: Class::Matrix, datasets: &[WEIGHT, dataset("bias", Rule::Bias)] },
    Primitive { kind: Kind::Linear, name: "Linear", class: Class::Matrix, datasets: &[WEIGHT] },
    Primitive { kind: Kind::Scale, name: "Scale", class: Class::Scale, datasets: &[dataset("scale", Rule::Each(Check::Finite))] },
    Primitive {
        kind: Kind::Flatten,
        name: "Flatten",
        class: Class::Flatten,
        datasets: &[
            optional(dataset("start_dim", Rule::Whole)),
            optional(dataset("end_dim", Rule::Whole)),
            optional(dataset("input_type", Rule::Shape)),
        ],
    },
    Primitive {
        kind: Kind::Threshold,
        name: "Threshold",
        class: Class::Neuron("threshold"),
        datasets: &[param("threshold", Check::Any, "v_th", 1.0)],
    },
    Primitive { kind: Kind::I, name: "I", class: Class::Neuron("integrator"), datasets: &[R] },
    Primitive { kind: Kind::LI, name: "LI", class: Class::Neuron("li"), datasets: &[TAU, R, V_LEAK] },
    Primitive { kind: Kind::IF, name: "IF", class: Class::Neuron("if"), datasets: &[R, V_THRESHOLD, V_RESET] },
    Primitive { kind: Kind::LIF, name: "LIF", class: Class::Neuron("lif"), datasets: &[TAU, R, V_LEAK, V_THRESHOLD, V_RESET] },
    Primitive {
        kind: Kind::CubaLI,
        name: "CubaLI",
        class: Class::Neuron("cuba_li"),
        datasets: &[TAU_SYN, TAU_MEM, R, V_LEAK, W_IN],
    },
    Primitive {
        kind: Kind::CubaLIF,
        name: "CubaLIF",
        class: Class::Neuron("cuba_lif"),
        datasets: &[TAU_SYN, TAU_MEM, R, V_LEAK, W_IN, V_THRESHOLD, V_RESET],
    },
];

/// Primitives of NIR that cannot be run yet.
pub(super) const UNSUPPORTED: &[&str] = &["Conv1d", "Conv2d", "SumPool2d", "AvgPool2d", "Delay", "NIRGraph"];

impl Kind {
    /// Its row of the table.
    #[must_use]
    pub fn primitive(self) -> &'static Primitive {
        PRIMITIVES.iter().find(|p| p.kind == self).expect("the table has a row for every kind")
    }

    /// What becomes of it.
    #[must_use]
    pub fn class(self) -> Class {
        self.primitive().class
    }
}
