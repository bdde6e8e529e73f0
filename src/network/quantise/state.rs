//! State in few bits: what a membrane keeps from tick to tick is a whole number of steps, and so are thresholds and biases.

use super::{Quantised, named, shared, step_of};
use crate::network::{Network, Population};
use crate::neuron::{Output, Values, fixed_state};

/// Rounds state, thresholds and biases of every population that spikes. `steps` are those of the weights, projection by projection.
///
/// One step of the membrane is what the smallest weight adds to it, doubled until the threshold takes half of the range at most.
pub(super) fn quantise(network: &Network, bits: u32, steps: &[Option<f64>], dt_ms: f64, done: &mut Quantised) {
    let most = 2f64.powi(bits.clamp(2, 53) as i32 - 1) - 1.0;
    for (at, population) in network.populations.iter().enumerate() {
        if population.model.spec().output != Output::Spikes {
            if population.model.spec().output == Output::Analog && !population.model.spec().variables.is_empty() {
                done.notes.push(format!("The state of {} is read as a number and was not rounded.", named(population)));
            }
            continue;
        }
        let arriving = || network.projections.iter().zip(steps).enumerate().filter(|(_, (p, _))| p.to == population.name);
        let unit = arriving().filter_map(|(_, (_, step))| *step).fold(f64::INFINITY, f64::min);
        let Some(found) = variables(network, population, unit, most, dt_ms) else {
            done.notes.push(format!("The state of {} was not rounded: its neurons share no step.", named(population)));
            continue;
        };
        let made = &mut done.network.populations[at];
        if let (Some(threshold), Some((_, step))) = (made.params.get_mut("v_th"), found.last()) {
            // At least one step, or it would spike without input.
            each(threshold, |v| if v.is_finite() { (v / step).round_ties_even().max(1.0) * step } else { v });
        }
        made.model = fixed_state(made.model.clone(), found, bits);
        for (index, _) in arriving() {
            let bias = done.network.projections[index].bias.iter_mut().flatten();
            bias.for_each(|b| *b = (*b / unit).round_ties_even() * unit);
        }
    }
}

/// The variables of a population and their steps, the membrane last.
fn variables(network: &Network, population: &Population, unit: f64, most: f64, dt_ms: f64) -> Option<Vec<(String, f64)>> {
    let step = step_of(network, population, dt_ms)?;
    let mut steps = Vec::new();
    let mut size = unit;
    if let Some([_, gain, _]) = &step.synapse {
        size *= shared(gain)?.abs();
        steps.push(("i".to_owned(), size));
    }
    size *= shared(&step.gain)?.abs();
    if !(size.is_finite() && size > 0.0) {
        return None;
    }
    let threshold = step.threshold.as_ref()?;
    let highest = (0..population.size).map(|i| threshold.at(i)).filter(|v| v.is_finite()).fold(0.0, f64::max);
    while highest > 0.5 * most * size {
        size *= 2.0;
    }
    steps.push(("v".to_owned(), size));
    Some(steps)
}

fn each(values: &mut Values, change: impl Fn(f64) -> f64) {
    match values {
        Values::One(v) => *v = change(*v),
        Values::Each(all) => all.iter_mut().for_each(|v| *v = change(*v)),
        Values::Drawn(_) => {}
    }
}
