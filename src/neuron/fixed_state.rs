//! Neurons whose state is kept in few bits, as a chip's memory holds it.

use super::{Block, Kernel, Kick, ModelRef, ModelSpec, NeuronModel, Tick};
use std::sync::Arc;

/// A model whose state variables are rounded to whole steps (half to even) at the end of each tick, and cut off at the largest number of
/// `bits` bits with a sign. `steps` names the variables and gives what one step of each is worth; others stay as they are.
///
/// Inside a tick the model computes as it always does: what is rounded is what it keeps. Models whose kernel does not hand out its state
/// ([`Kernel::variable_mut`]) are not changed.
#[must_use]
pub fn fixed_state(model: ModelRef, steps: Vec<(String, f64)>, bits: u32) -> ModelRef {
    let most = 2f64.powi(bits.clamp(1, 53) as i32 - 1) - 1.0;
    Arc::new(FixedState { model, steps, most })
}

#[derive(Debug)]
struct FixedState {
    model: ModelRef,
    steps: Vec<(String, f64)>,
    /// The largest number of steps.
    most: f64,
}

impl NeuronModel for FixedState {
    fn spec(&self) -> &ModelSpec {
        self.model.spec()
    }

    fn kernel(&self, block: &Block<'_>) -> Box<dyn Kernel> {
        let (model, kernel) = (self.model.clone(), self.model.kernel(block));
        Box::new(FixedKernel { model, kernel, steps: self.steps.clone(), most: self.most })
    }

    fn complaints(&self, block: &Block<'_>) -> Vec<String> {
        self.model.complaints(block)
    }
}

struct FixedKernel {
    model: ModelRef,
    kernel: Box<dyn Kernel>,
    steps: Vec<(String, f64)>,
    most: f64,
}

impl Kernel for FixedKernel {
    fn step(&mut self, tick: &mut Tick<'_>) {
        self.kernel.step(tick);
        let run = tick.first..tick.first + tick.input[0].len();
        for (name, step) in &self.steps {
            let Some(values) = self.kernel.variable_mut(name) else { continue };
            for value in &mut values[run.clone()] {
                *value = (*value / step).round_ties_even().clamp(-self.most, self.most) * step;
            }
        }
    }

    fn variable(&self, name: &str) -> Option<&[f64]> {
        self.kernel.variable(name)
    }

    fn variable_mut(&mut self, name: &str) -> Option<&mut [f64]> {
        self.kernel.variable_mut(name)
    }

    fn renew(&mut self, block: &Block<'_>) -> bool {
        self.model.renew(&mut *self.kernel, block)
    }

    fn kick(&mut self, n: usize, input: [f64; 2], current: f64) -> Kick {
        self.kernel.kick(n, input, current)
    }

    fn lift(&mut self, n: usize, by: f64) {
        self.kernel.lift(n, by);
    }

    fn reset(&mut self) {
        self.kernel.reset();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::counts::PopulationCounts;
    use crate::neuron::{Column, Semantics, model_by_name};

    #[test]
    fn what_is_kept_is_whole_steps_and_no_more_than_the_bits_hold() {
        let model = fixed_state(model_by_name("if").unwrap(), vec![("v".into(), 0.25)], 4);
        let semantics: Semantics = crate::neuron::semantics_by_name("nir-unit").unwrap();
        let params: Vec<Column> = model
            .spec()
            .params
            .iter()
            .map(|p| Column::One(if p.name == "v_th" { 1e9 } else { p.default.unwrap_or(1.0) }))
            .collect();
        let block = Block { len: 3, dt_ms: 1.0, semantics: &semantics, params: &params, init: &[], spec: model.spec() };
        let mut kernel = model.kernel(&block);
        let mut seen = Vec::new();
        for number in 1..=3 {
            kernel.step(&mut Tick {
                number,
                first: 0,
                membrane_updates: false,
                input: [&[0.3, 0.125, 1.0], &[]],
                current: &[],
                arrivals: &[0; 3],
                spikes: &mut Vec::new(),
                output: &mut [],
                counts: &mut PopulationCounts::default(),
            });
            seen.push(kernel.variable("v").unwrap().to_vec());
        }
        // 0.3 is one step; half a step goes to the even one, from below and from above; seven steps are the most.
        assert_eq!(seen, [[0.25, 0.0, 1.0], [0.5, 0.0, 1.75], [0.75, 0.0, 1.75]]);
    }
}
