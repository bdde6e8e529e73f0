//! Refractoriness.

use super::facts::{edit, set};
use super::{Lesson, Step};
use crate::session::{Command, Source};

pub(super) const LESSON: Lesson = Lesson {
    id: "refractory",
    title: "Refractoriness sets the pace",
    about: "After a spike a neuron holds still for t_ref. However strong its input, it can spike no more than once in that time.",
    source: || Ok(Source::of_text("refractory.toml", include_str!("refractory.toml"))),
    panels: &["rates", "raster", "controls", "traces"],
    watch: &[(0, 0)],
    window_ms: 60.0,
    speed: 0.02,
    steps: &[
        Step {
            text: "Let it run for 50 ms. The current is strong: about 240 spikes a second. After each the membrane stays at reset for 2 ms.",
            hint: "Press Run and look at the flat pieces of the membrane.",
            done: |f| f.ran_ms() >= 50.0 && f.spikes("neuron") > 8,
            show: |cx| cx.send(Command::Play),
        },
        Step {
            text: "Raise t_ref to 10 ms or more. The rate falls below 100 Hz: that is 1 / t_ref.",
            hint: "Controls: the slider t_ref; then let 100 ms pass.",
            done: |f| {
                f.param("neuron", "t_ref").is_some_and(|(_, now)| now >= 10.0)
                    && f.rate_hz("neuron", 100.0).is_some_and(|rate| rate > 0.0 && rate <= 100.0)
            },
            show: |cx| set(cx, "neuron", "t_ref", 10.0),
        },
        Step {
            text: "Double the current. The rate hardly moves: the neuron spends nearly all of its time waiting.",
            hint: "Controls: the stimulus current to 2 times or more; then let 100 ms pass.",
            done: |f| f.rate_factor("current") >= 2.0 && f.rate_hz("neuron", 100.0).is_some_and(|rate| rate <= 100.0),
            show: |cx| {
                edit(cx, |edits| {
                    edits.rates.insert("current".into(), 2.0);
                })
            },
        },
    ],
    learnt: "The interval between spikes is t_ref plus the time to charge. Refractoriness bounds the rate, and with it the events that a spike train can cost.",
};
