//! A network in Loihi's integers: mantissas and exponents of weights, and neurons of the model `loihi_lif`.
//!
//! The chip's voltage is the network's, less its potential after a spike and times a scale S of the population: S w is a weight's mantissa times
//! 2^(6 + exponent), S times the threshold is 64 times its mantissa, S times what is added in each tick is the bias. S is the largest for which
//! every register holds its value, since then decays and thresholds lose least.

use super::{ProjectionError, Quantised, named, shared, step_of, weights};
use crate::network::{Connect, Drive, Network, Population};
use crate::neuron::{
    Column, LOIHI_DECAY_UNITY, LOIHI_MAX_BIAS, LOIHI_MAX_THRESHOLD, LOIHI_STATE, LOIHI_UNIT, LinearStep, Output, Values,
    model_by_name,
};
use std::collections::BTreeMap;

/// The largest exponent of weights and of biases.
const MAX_EXPONENT: i32 = 7;

/// The largest mantissa: 8 bits of one sign; with both signs the lowest bit is lost, so that there are 127 steps of 2 on either side (Michaelis
/// et al., Front. Neuroinform. 16:1015624, 2022).
pub(super) fn levels(given: &[f64]) -> u32 {
    if both_signs(given) { 127 } else { 255 }
}

fn both_signs(given: &[f64]) -> bool {
    given.iter().any(|w| *w > 0.0) && given.iter().any(|w| *w < 0.0)
}

/// Puts every population that can be into the chip's integers; weights onto the others are rounded to mantissas alone.
pub(super) fn quantise(network: &Network, dt_ms: f64, done: &mut Quantised) {
    for (at, population) in network.populations.iter().enumerate() {
        let onto: Vec<usize> =
            network.projections.iter().enumerate().filter(|(_, p)| p.to == population.name).map(|(index, _)| index).collect();
        if onto.is_empty() {
            continue;
        }
        match carry_over(network, population, &onto, dt_ms, done) {
            Ok(made) => done.network.populations[at] = made,
            Err(why) => {
                if population.model.spec().output != Output::Analog || !population.model.spec().variables.is_empty() {
                    let name = named(population);
                    done.notes.push(format!("Neurons of {name} run in floating point with the chip's weights: {why}."));
                }
                for index in onto {
                    weights_alone(network, index, done);
                }
            }
        }
    }
    done.projections.sort_by_key(|p| network.projections.iter().position(|q| q.name == p.name));
}

fn weights_alone(network: &Network, index: usize, done: &mut Quantised) {
    let projection = &network.projections[index];
    match weights::given(projection) {
        Some(given) => {
            let (step, rounded) = super::round(network, index, &given, super::WeightRule::Loihi);
            done.projections.push(ProjectionError::of(&projection.name, step, &given, &rounded));
            weights::put(&mut done.network.projections[index], rounded);
        }
        None => done.notes.extend(weights::left(projection)),
    }
}

/// What the weights of a projection become, in units of the voltage.
struct Arriving {
    index: usize,
    /// As the file has them.
    given: Vec<f64>,
    /// Times the gain of their neuron.
    gained: Vec<f64>,
    /// What one of `given` is multiplied by.
    gain: Vec<f64>,
}

fn carry_over(
    network: &Network,
    population: &Population,
    onto: &[usize],
    dt_ms: f64,
    done: &mut Quantised,
) -> Result<Population, String> {
    let step = step_of(network, population, dt_ms)
        .ok_or_else(|| format!("the chip has no neuron like the model {}", population.model.spec().name))?;
    let threshold = step.threshold.clone().ok_or("they give numbers, which are read outside the chip")?;
    let stimulated = network.stimuli.iter().any(|s| s.to.population == population.name && s.drive != Drive::Dataset);
    if stimulated {
        return Err("a stimulus of its own drives them".into());
    }
    let (n, size) = (|column: &Column, i: usize| column.at(i), population.size);
    let gain = |i: usize| n(&step.gain, i) * step.synapse.as_ref().map_or(1.0, |[_, gain, _]| gain.at(i));
    let mut all = Vec::with_capacity(onto.len());
    for &index in onto {
        all.push(arriving(network, index, size, &gain, &step)?);
    }
    let reset = |i: usize| step.reset.as_ref().map_or(0.0, |reset| reset.at(i));
    let above = |i: usize| n(&threshold, i) - reset(i);
    // In each tick: v_rest, the shift of the zero, and the biases of projections; through a synapse what they come to.
    let bias = |i: usize| {
        let added: f64 = onto.iter().filter_map(|&p| network.projections[p].bias.as_ref().map(|bias| bias[i])).sum();
        let (through, shift) = step.synapse.as_ref().map_or((1.0, 0.0), |[keep, _, shift]| {
            let lost = 1.0 - keep.at(i);
            if lost > 0.0 { (1.0 / lost, shift.at(i) / lost * n(&step.gain, i)) } else { (1.0, 0.0) }
        });
        n(&step.shift, i) + shift - (1.0 - n(&step.keep, i)) * reset(i) + added * gain(i) * through
    };
    if (0..size).any(|i| !above(i).is_finite()) {
        return Err("a threshold is infinite".into());
    }
    let scale = scale(network, &all, size, &above, &bias, &step)?;

    let exponents: Vec<i32> = all
        .iter()
        .map(|a| {
            let most = largest(&a.gained) * scale / (mantissa(&a.gained) * LOIHI_UNIT);
            (0..MAX_EXPONENT).find(|e| most <= 2f64.powi(*e) * (1.0 + 1e-12)).unwrap_or(MAX_EXPONENT)
        })
        .collect();
    let common = exponents.iter().copied().min().unwrap_or(0);
    for (a, exponent) in all.iter().zip(&exponents) {
        let unit = LOIHI_UNIT * 2f64.powi(*exponent);
        let (most, lowest) = (mantissa(&a.gained), if both_signs(&a.gained) { 2.0 } else { 1.0 });
        let mantissas: Vec<f64> =
            a.gained.iter().map(|w| ((w * scale / unit / lowest).round_ties_even() * lowest).clamp(-most, most)).collect();
        let back = |at: usize| if a.gain[at] == 0.0 { 0.0 } else { mantissas[at] * unit / scale / a.gain[at] };
        let rounded: Vec<f64> = (0..a.given.len()).map(back).collect();
        let one = lowest * unit / scale / a.gain.first().copied().filter(|g| *g != 0.0).unwrap_or(1.0).abs();
        let projection = &mut done.network.projections[a.index];
        done.projections.push(ProjectionError::of(&projection.name, one, &a.given, &rounded));
        let put = 2f64.powi(exponent - common);
        weights::put(projection, mantissas.iter().map(|m| m * put).collect());
        projection.bias = None;
    }
    tell(population, &step, onto.iter().any(|&p| network.projections[p].bias.is_some()), done);

    let values = |of: &dyn Fn(usize) -> f64| match Column::from_each((0..size).map(of).collect()) {
        Column::One(value) => Values::One(value),
        Column::Each(values) => Values::Each(values),
    };
    let lost = |keep: &Column, i: usize| (LOIHI_DECAY_UNITY * (1.0 - keep.at(i))).round_ties_even().clamp(0.0, LOIHI_DECAY_UNITY);
    let in_registers = |i: usize| in_registers(bias(i) * scale);
    let mut params = BTreeMap::new();
    params.insert("decay_v".into(), values(&|i| lost(&step.keep, i)));
    params.insert("decay_u".into(), values(&|i| step.synapse.as_ref().map_or(LOIHI_DECAY_UNITY, |[keep, ..]| lost(keep, i))));
    let registers = |v: f64| (v * scale / LOIHI_UNIT).round_ties_even().clamp(1.0, LOIHI_MAX_THRESHOLD);
    params.insert("v_th".into(), values(&|i| registers(above(i))));
    params.insert("bias_mant".into(), values(&|i| in_registers(i).0));
    params.insert("bias_exp".into(), values(&|i| in_registers(i).1));
    params.insert("weight_exp".into(), Values::One(f64::from(common)));
    let mut init = BTreeMap::new();
    if population.init.is_empty() && (0..size).any(|i| n(&step.start, i) != reset(i)) {
        init.insert("v".into(), values(&|i| ((n(&step.start, i) - reset(i)) * scale).round_ties_even()));
    }
    let model = model_by_name("loihi_lif").ok_or("the model loihi_lif is missing")?;
    Ok(Population { model, params, init, ..population.clone() })
}

/// The weights of a projection, times the gains of their neurons.
fn arriving(
    network: &Network,
    index: usize,
    size: usize,
    gain: &dyn Fn(usize) -> f64,
    step: &LinearStep,
) -> Result<Arriving, String> {
    let p = &network.projections[index];
    let given =
        weights::given(p).ok_or_else(|| format!("the projection {} passes numbers on, pools, or draws its weights", p.name))?;
    let one = shared(&Column::from_each((0..size).map(gain).collect()));
    let gain: Vec<f64> = match (&p.connect, one) {
        (_, Some(one)) => vec![one; given.len()],
        // Rows of a matrix are single neurons, and their gain can be put into their weights.
        (Connect::Dense(matrix), None) if given.len() == matrix.targets * matrix.sources => {
            (0..given.len()).map(|place| gain(weights::neuron_of(p, place))).collect()
        }
        _ => return Err("their gains differ, and weights are shared".into()),
    };
    if gain.iter().any(|g| !g.is_finite()) || !(shared(&step.keep).is_none_or(f64::is_finite)) {
        return Err("their step is not finite".into());
    }
    let gained = given.iter().zip(&gain).map(|(w, g)| w * g).collect();
    Ok(Arriving { index, given, gained, gain })
}

/// The largest scale at which registers hold thresholds, biases and currents.
fn scale(
    network: &Network,
    all: &[Arriving],
    size: usize,
    above: &dyn Fn(usize) -> f64,
    bias: &dyn Fn(usize) -> f64,
    step: &LinearStep,
) -> Result<f64, String> {
    let strongest = all.iter().max_by(|a, b| largest(&a.gained).total_cmp(&largest(&b.gained)));
    let Some(strongest) = strongest.filter(|a| largest(&a.gained) > 0.0) else {
        return Err("no weight onto them is other than zero".into());
    };
    let threshold = (0..size).map(above).fold(0.0, f64::max);
    if threshold <= 0.0 {
        return Err("their threshold is not above their potential after a spike".into());
    }
    let bias = (0..size).map(|i| bias(i).abs()).fold(0.0, f64::max);
    // What can stand in a current at once: all synapses of a neuron in one tick, and what is left of the ticks before.
    let strongest_row = |a: &Arriving| {
        let mut sums: BTreeMap<usize, f64> = BTreeMap::new();
        for (place, w) in a.gained.iter().enumerate() {
            *sums.entry(weights::neuron_of(&network.projections[a.index], place)).or_default() += w.abs();
        }
        sums.into_values().fold(0.0, f64::max)
    };
    let lingering = step.synapse.as_ref().and_then(|[keep, ..]| shared(keep)).map_or(1.0, |keep| 1.0 / (1.0 - keep).max(1e-3));
    let current = all.iter().map(strongest_row).sum::<f64>() * lingering;
    let full = mantissa(&strongest.gained) * LOIHI_UNIT / largest(&strongest.gained);
    let holds = |scale: f64| {
        threshold * scale / LOIHI_UNIT <= LOIHI_MAX_THRESHOLD
            && bias * scale <= LOIHI_MAX_BIAS * 2f64.powi(MAX_EXPONENT)
            && current * scale < LOIHI_STATE
    };
    // Below an exponent of 0 mantissas get smaller: the chip drops what is below their lowest bit.
    let found = (-8..=MAX_EXPONENT).rev().map(|e| full * 2f64.powi(e)).find(|scale| holds(*scale));
    found.ok_or_else(|| "no exponent fits weights, thresholds and biases together".into())
}

/// The largest mantissa of some weights.
fn mantissa(gained: &[f64]) -> f64 {
    if both_signs(gained) { 254.0 } else { 255.0 }
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most: f64, w| most.max(w.abs()))
}

/// A bias as (mantissa, exponent).
fn in_registers(bias: f64) -> (f64, f64) {
    let exponent =
        (0..MAX_EXPONENT).find(|e| (bias.abs() / 2f64.powi(*e)).round_ties_even() <= LOIHI_MAX_BIAS).unwrap_or(MAX_EXPONENT);
    ((bias / 2f64.powi(exponent)).round_ties_even().clamp(-LOIHI_MAX_BIAS, LOIHI_MAX_BIAS), f64::from(exponent))
}

/// What the chip does otherwise than the network's neurons.
fn tell(population: &Population, step: &LinearStep, biased: bool, done: &mut Quantised) {
    let name = named(population);
    if step.reset.is_none() {
        done.notes.push(format!("The chip sets a voltage to zero where {name} takes its threshold off."));
    }
    if !step.plain {
        done.notes.push(format!("The chip resets at once and spikes once a tick, which {name} does otherwise."));
    }
    if step.synapse.is_some() && biased {
        done.notes.push(format!("Biases of {name} act on the voltage, as what they come to through the synapse."));
    }
    if !population.init.is_empty() {
        done.notes.push(format!("Initial values of {name} were left out: its neurons begin at zero."));
    }
}
