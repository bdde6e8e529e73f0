//! The linear map of a trained network's neuron.

use super::super::{Block, Column, ResetAt, Response};
use super::rule::{Rule, Takes};

/// For neuron 0 of a block; none where the membrane has a floor.
pub(super) fn response(block: &Block<'_>) -> Option<Response> {
    let rule = Rule::new(block);
    let at = |column: &Column| column.at(0);
    let (keep, gain) = (at(&rule.keep), at(&rule.gain));
    let mut made = Response::none();
    made.step[0][0] = keep;
    made.constant[0] = at(&rule.shift);
    made.start[0] = block.initial("v", &rule.start)[0];
    let mut x = [0.0; super::super::STATES];
    match &rule.synapse {
        None => x[0] = gain,
        Some(synapse) => {
            let (keep_i, gain_i, shift_i) = (at(&synapse.keep), at(&synapse.gain), at(&synapse.shift));
            made.step[1][1] = keep_i;
            made.constant[1] = shift_i;
            made.start[1] = block.initial("i", &Column::One(0.0))[0];
            x[1] = gain_i;
            match synapse.takes {
                Takes::New => {
                    made.step[0][1] = gain * keep_i;
                    made.constant[0] += gain * shift_i;
                    x[0] = gain * gain_i;
                }
                Takes::Old => made.step[0][1] = gain,
                Takes::Undecayed => {
                    made.step[0][1] = gain;
                    x[0] = gain * at(&synapse.weight);
                }
            }
        }
    }
    (made.input, made.current) = ([x; 2], x);
    if let Some(spiking) = &rule.spiking {
        if spiking.floor.is_some() {
            return None;
        }
        made.threshold = Some(at(&spiking.threshold));
        made.reset = spiking.target.as_ref().map(at);
        // What is taken off before the test is given back or spent after it, so that a tick ends as if the reset came at once.
        made.reset_at = if spiking.at == ResetAt::Twice { ResetAt::Now } else { spiking.at };
    }
    Some(made)
}
