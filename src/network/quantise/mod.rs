//! A network as a chip would hold it: weights, and where it is known state, in few bits.
//!
//! The rules are those of network to network: nothing is drawn, the same network and rule always give the same result, and rounding is
//! half to even. A weight of zero stays zero. Errors are told projection by projection.
//!
//! Weights are rounded to whole multiples of a step ([`Grid`]). A chip holds the multiples; its thresholds and biases are in the same
//! step, so that the step itself can be any number and costs no bits.

mod grid;
mod loihi;
mod state;
#[cfg(test)]
mod tests;
mod weights;

pub use grid::{Grid, few_values, sign_and_mean, sign_or_zero};

use super::{Network, Population};
use crate::diagnostic::quoted;
use crate::neuron::{Block, Column, LinearStep, Values, linear_step};

/// How weights are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeightRule {
    /// Whole multiples of a step of each projection's own, so many at most on either side of zero; the largest weight takes all of them.
    Scaled {
        /// The largest multiple: 2ᵇ⁻¹ − 1 of b bits with a sign.
        levels: u32,
    },
    /// As [`Self::Scaled`], with a step that is a power of two.
    PowerOfTwo {
        /// The largest multiple.
        levels: u32,
    },
    /// The sign, times the mean magnitude of the projection's weights (Rastegari et al., ECCV 2016: the best scale in least squares). A
    /// weight of zero is no synapse and stays one.
    SignAndMean,
    /// The sign, times the mean magnitude of the weights above 0.7 of the projection's mean magnitude; those below become zero (Li & Liu,
    /// arXiv:1605.04711: nearly the best in least squares). With the largest weight as scale most of them would be lost.
    SignOrZero,
    /// So many values other than zero onto each neuron, each a whole number of at most `levels` times a power of two; every weight takes the
    /// nearest, or zero. The values are those of least squares that Lloyd's iteration finds.
    FewValues {
        /// Values of one neuron.
        values: usize,
        /// The largest whole number.
        levels: u32,
    },
    /// Loihi's: mantissas of 8 bits, one exponent a projection, and neurons of the model `loihi_lif` where theirs can be carried over.
    Loihi,
}

/// How a chip holds a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Precision {
    /// Its weights.
    pub weights: WeightRule,
    /// Bits of its state variables, the sign among them, where that is published: thresholds and biases are then rounded to the step of the
    /// state.
    pub state_bits: Option<u32>,
}

/// What quantisation did to the weights of a projection.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectionError {
    /// The projection.
    pub name: String,
    /// Weights that it keeps; those that are shared count once.
    pub weights: u64,
    /// The step, in the unit of the weights.
    pub step: f64,
    /// The largest difference between a weight and what became of it, in the unit of the weights.
    pub largest: f64,
    /// The root of the mean squared difference, in the unit of the weights.
    pub rms: f64,
    /// Weights other than zero that became zero.
    pub lost: u64,
}

/// A network as a chip would hold it.
#[derive(Debug, Clone)]
pub struct Quantised {
    /// The network.
    pub network: Network,
    /// What became of the weights of each projection that has some of its own.
    pub projections: Vec<ProjectionError>,
    /// What was left as it was, and what the chip does otherwise.
    pub notes: Vec<String>,
}

/// The network as a chip would hold it. `dt_ms` is the length of a tick, of which decays depend.
///
/// What cannot be rounded (weights that are drawn when the network is built, models without a step of their own) is left as it is and told in
/// the notes.
#[must_use]
pub fn quantise(network: &Network, precision: &Precision, dt_ms: f64) -> Quantised {
    let mut done = Quantised { network: network.clone(), projections: Vec::new(), notes: Vec::new() };
    if precision.weights == WeightRule::Loihi {
        loihi::quantise(network, dt_ms, &mut done);
        return done;
    }
    let mut steps = vec![None; network.projections.len()];
    for (at, projection) in network.projections.iter().enumerate() {
        let Some(given) = weights::given(projection) else {
            done.notes.extend(weights::left(projection));
            continue;
        };
        let (step, rounded) = round(network, at, &given, precision.weights);
        steps[at] = Some(step);
        done.projections.push(ProjectionError::of(&projection.name, step, &given, &rounded));
        weights::put(&mut done.network.projections[at], rounded);
    }
    if let Some(bits) = precision.state_bits {
        state::quantise(network, bits, &steps, dt_ms, &mut done);
    }
    done
}

/// The weights of a projection by a rule, with their step.
fn round(network: &Network, at: usize, given: &[f64], rule: WeightRule) -> (f64, Vec<f64>) {
    let on = |grid: Grid| (grid.step, given.iter().map(|w| grid.round(*w)).collect());
    let by_largest = |rounded: Vec<f64>| (rounded.iter().fold(0.0, |most: f64, w| most.max(w.abs())), rounded);
    match rule {
        WeightRule::Scaled { levels } => on(Grid::scaled(given, levels)),
        WeightRule::PowerOfTwo { levels } => on(Grid::power_of_two(given, levels)),
        WeightRule::Loihi => on(Grid::scaled(given, loihi::levels(given))),
        WeightRule::SignAndMean => by_largest(sign_and_mean(given)),
        WeightRule::SignOrZero => by_largest(sign_or_zero(given)),
        WeightRule::FewValues { values, levels } => {
            let projection = &network.projections[at];
            // All projections onto a neuron share its values.
            let onto = network.projections.iter().filter(|p| p.to == projection.to && weights::given(p).is_some()).count();
            let values = (values / onto.max(1)).max(1);
            let grid = Grid::power_of_two(given, levels);
            let mut groups: std::collections::BTreeMap<usize, Vec<usize>> = std::collections::BTreeMap::new();
            for place in 0..given.len() {
                groups.entry(weights::neuron_of(projection, place)).or_default().push(place);
            }
            let mut rounded = vec![0.0; given.len()];
            for places in groups.values() {
                let of: Vec<f64> = places.iter().map(|&place| given[place]).collect();
                places.iter().zip(few_values(&of, values, grid)).for_each(|(&place, w)| rounded[place] = w);
            }
            (grid.step, rounded)
        }
    }
}

impl ProjectionError {
    fn of(name: &str, step: f64, given: &[f64], rounded: &[f64]) -> Self {
        let differences = || given.iter().zip(rounded).map(|(a, b)| (a - b).abs());
        let squares: f64 = differences().map(|d| d * d).sum();
        Self {
            name: name.into(),
            weights: given.len() as u64,
            step,
            largest: differences().fold(0.0, f64::max),
            rms: if given.is_empty() { 0.0 } else { (squares / given.len() as f64).sqrt() },
            lost: given.iter().zip(rounded).filter(|(a, b)| **a != 0.0 && **b == 0.0).count() as u64,
        }
    }
}

/// The step of a population's neurons; `None` for models that have none, and for parameters that are drawn.
fn step_of(network: &Network, population: &Population, dt_ms: f64) -> Option<LinearStep> {
    let spec = population.model.spec();
    let columns = spec.params.iter().map(|param| match population.params.get(param.name) {
        Some(Values::Drawn(_)) => None,
        Some(Values::Each(values)) => Some(Column::from_each(values.clone())),
        Some(Values::One(value)) => Some(Column::One(*value)),
        None => param.default.map(Column::One),
    });
    let params = columns.collect::<Option<Vec<_>>>()?;
    linear_step(&Block { len: population.size, dt_ms, semantics: &network.semantics, params: &params, init: &[], spec })
}

/// The value that all neurons of a column share, to a part in a million: files hold parameters in single precision.
fn shared(column: &Column) -> Option<f64> {
    match column {
        Column::One(value) => Some(*value),
        Column::Each(values) => {
            let first = *values.first()?;
            values.iter().all(|v| (v - first).abs() <= 1e-6 * first.abs()).then_some(first)
        }
    }
}

/// "population `name`", for notes.
fn named(population: &Population) -> String {
    format!("population {}", quoted(&population.name))
}
