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
    Conv1d,
    Conv2d,
    SumPool2d,
    AvgPool2d,
    Scale,
    Delay,
    Flatten,
    Threshold,
    I,
    LI,
    IF,
    LIF,
    CubaLI,
    CubaLIF,
    NIRGraph,
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
    /// A projection whose weights are a kernel that moves over space.
    Convolution,
    /// The same without weights of its own: each channel alone, every value of the window counting alike.
    Pool,
    /// A projection from each value to its own target.
    Scale,
    /// The same, each value after a time of its own.
    Delay,
    /// Nothing: the order of values stays.
    Flatten,
    /// A population of this model.
    Neuron(&'static str),
    /// What becomes of the nodes within.
    Graph,
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
    /// Whole numbers above zero, one for each of so many dimensions of space, or one for all.
    Counts(usize),
    /// The same, zero allowed.
    Padding(usize),
    /// The same, or one of the words `same` and `valid`.
    PaddingOrWord(usize),
    /// Finite numbers, outputs × inputs; dimensions before these count independent matrices.
    Weight,
    /// Finite numbers, outputs × inputs of a group × so many dimensions of space.
    Kernel(usize),
    /// Finite numbers, one per output of `weight`.
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

const fn convolution(kind: Kind, name: &'static str, datasets: &'static [DatasetSpec]) -> Primitive {
    Primitive { kind, name, class: Class::Convolution, datasets }
}

const SHAPE: DatasetSpec = dataset("shape", Rule::Shape);
const WEIGHT: DatasetSpec = dataset("weight", Rule::Weight);
const BIAS: DatasetSpec = dataset("bias", Rule::Bias);
const GROUPS: DatasetSpec = dataset("groups", Rule::Counts(1));
const POOL: &[DatasetSpec] =
    &[dataset("kernel_size", Rule::Counts(2)), dataset("stride", Rule::Counts(2)), dataset("padding", Rule::Padding(2))];
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
    Primitive { kind: Kind::Affine, name: "Affine", class: Class::Matrix, datasets: &[WEIGHT, BIAS] },
    Primitive { kind: Kind::Linear, name: "Linear", class: Class::Matrix, datasets: &[WEIGHT] },
    convolution(
        Kind::Conv1d,
        "Conv1d",
        &[
            optional(dataset("input_shape", Rule::Counts(1))),
            dataset("weight", Rule::Kernel(1)),
            dataset("stride", Rule::Counts(1)),
            dataset("padding", Rule::PaddingOrWord(1)),
            dataset("dilation", Rule::Counts(1)),
            GROUPS,
            BIAS,
        ],
    ),
    convolution(
        Kind::Conv2d,
        "Conv2d",
        &[
            optional(dataset("input_shape", Rule::Counts(2))),
            dataset("weight", Rule::Kernel(2)),
            dataset("stride", Rule::Counts(2)),
            dataset("padding", Rule::PaddingOrWord(2)),
            dataset("dilation", Rule::Counts(2)),
            GROUPS,
            BIAS,
        ],
    ),
    Primitive { kind: Kind::SumPool2d, name: "SumPool2d", class: Class::Pool, datasets: POOL },
    Primitive { kind: Kind::AvgPool2d, name: "AvgPool2d", class: Class::Pool, datasets: POOL },
    Primitive { kind: Kind::Scale, name: "Scale", class: Class::Scale, datasets: &[dataset("scale", Rule::Each(Check::Finite))] },
    Primitive {
        kind: Kind::Delay,
        name: "Delay",
        class: Class::Delay,
        datasets: &[dataset("delay", Rule::Each(Check::NonNegative))],
    },
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
    Primitive { kind: Kind::NIRGraph, name: "NIRGraph", class: Class::Graph, datasets: &[] },
];

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
