//! Neurons in exact time: nothing is rounded to a grid.
//!
//! An [`ExactKernel`] keeps each neuron as it was when it was last touched. An engine asks when it will reach threshold, moves it to the times of
//! its events, and tells it to spike. Times between two moments of one neuron are differences ([`Time::ms_since`]), so they are as
//! fine at the end of a long run as at its start.

mod currents;
mod delta;

pub(super) use currents::ExactCurrents;
pub(super) use delta::ExactDelta;

use crate::spike::{EXACT_TICK_MS, Time};

/// Neurons of a block in exact time.
///
/// A neuron that has spiked is held for exactly its refractory time; what arrives at the very end of it is still held. It spikes
/// at most once a nanosecond, so that no current can make time stand still.
pub trait ExactKernel: Send {
    /// When neuron `n` reaches threshold if nothing more arrives, not later than `until`; the moment at which it was last touched, or
    /// after. Asked again without a touch between, the answer is the same bits; for another `until` it may differ in the last ones.
    fn crossing(&self, n: usize, until: Time) -> Option<Time>;

    /// Moves neuron `n` on to a moment, which is not before the last; it must not have reached threshold before that.
    fn advance(&mut self, n: usize, at: Time);

    /// An event at the moment to which the neuron was moved. False where it is refractory and drops it.
    fn receive(&mut self, n: usize, weight: f64) -> bool;

    /// The current from stimuli from the moment to which the neuron was moved, until changed, pA.
    fn inject(&mut self, n: usize, current: f64);

    /// True where the neuron is free and at threshold at the moment to which it was moved.
    fn at_threshold(&self, n: usize) -> bool;

    /// Neuron `n` spikes at the moment to which it was moved: it is reset and held.
    fn spike(&mut self, n: usize);

    /// A state variable of neuron `n` at a moment not before the last touch, without touching it.
    fn value(&self, at: Time, n: usize, variable: &str) -> Option<f64>;

    /// Back to the initial state at time 0.
    fn reset(&mut self);
}

/// The end of refractoriness after a spike.
fn held_until(spike: Time, t_ref_ms: f64) -> Time {
    spike.plus(Time::of_ms(t_ref_ms.max(EXACT_TICK_MS)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neuron::{Block, Column, Semantics, model_by_name};

    /// Between a spike at 1 ms and its next one, at 1 pA over threshold: the closed form's time, from any start and in any parts.
    #[test]
    fn a_crossing_is_where_the_closed_form_says() {
        for (name, tau, r) in [("lif_delta", 10.0, 10.0 / 250.0), ("lif_exp", 10.0, 0.04), ("lif_alpha", 10.0, 0.04)] {
            let model = model_by_name(name).expect("built in");
            let spec = model.spec();
            let current = 500.0;
            let params: Vec<Column> = spec
                .params
                .iter()
                .map(|p| Column::One(if p.name == "i_e" { current } else { p.default.unwrap_or(0.0) }))
                .collect();
            let semantics = Semantics::default();
            let block = Block { len: 1, dt_ms: EXACT_TICK_MS, semantics: &semantics, params: &params, init: &[], spec };
            let mut kernel = model.exact(&block).expect("it has an exact form");
            let far = Time::at_tick(u64::MAX);
            // v_rest -70, v_th -55: u rises from -R I to 15 - R I.
            let expected = tau * (r * current / (r * current - 15.0)).ln();
            let first = kernel.crossing(0, far).expect("a current above threshold");
            assert!((first.ms() - expected).abs() < 1e-12, "{name}: {} and {expected}", first.ms());
            kernel.advance(0, Time::of_ms(0.1234));
            kernel.advance(0, Time::of_ms(expected / 2.0));
            let first = kernel.crossing(0, far).expect("still");
            assert!((first.ms() - expected).abs() < 1e-12, "{name}, in parts");
            assert_eq!(kernel.crossing(0, Time::of_ms(expected - 1e-6)), None);
            kernel.advance(0, first);
            kernel.spike(0);
            assert_eq!(kernel.value(first, 0, "v"), Some(-70.0));
            let second = kernel.crossing(0, far).expect("again");
            assert!((second.ms_since(first) - 2.0 - expected).abs() < 1e-12, "{name}: after 2 ms of rest");
            let held = first.after_ms(1.0);
            kernel.advance(0, held);
            assert_eq!((kernel.receive(0, 3.0), kernel.at_threshold(0)), (name != "lif_delta", false));
        }
    }
}
