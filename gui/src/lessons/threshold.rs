//! Threshold and rate.

use super::facts::{edit, set};
use super::{Lesson, Step};
use crate::session::{Command, Source};

pub(super) const LESSON: Lesson = Lesson {
    id: "threshold",
    title: "Threshold and rate",
    about: "A constant current charges the membrane. When it reaches the threshold the neuron spikes and starts again: the current becomes a rate.",
    source: || Ok(Source::of_text("threshold.toml", include_str!("threshold.toml"))),
    panels: &["rates", "raster", "controls", "traces"],
    watch: &[(0, 0)],
    window_ms: 300.0,
    speed: 0.2,
    steps: &[
        Step {
            text: "Let it run for 200 ms. The membrane aims at −45 mV and crosses the threshold of −50 mV on its way: about 29 spikes a second.",
            hint: "Press Run and look at the membrane and at the spikes.",
            done: |f| f.rate_hz("neuron", 200.0).is_some_and(|rate| rate > 20.0),
            show: |cx| cx.send(Command::Play),
        },
        Step {
            text: "Lower the threshold to −60 mV. The way from reset to threshold is shorter: the rate more than doubles.",
            hint: "Controls: the slider v_th. Then let 200 ms pass.",
            done: |f| {
                f.param("neuron", "v_th").is_some_and(|(_, now)| now <= -58.0)
                    && f.rate_hz("neuron", 200.0).is_some_and(|rate| rate > 55.0)
            },
            show: |cx| set(cx, "neuron", "v_th", -60.0),
        },
        Step {
            text: "Raise the threshold above −45 mV, where the membrane aims. It never gets there: silence, although the current is the same.",
            hint: "The slider v_th to −44 mV or above; then let 200 ms pass.",
            done: |f| f.param("neuron", "v_th").is_some_and(|(_, now)| now > -45.0) && f.rate_hz("neuron", 200.0) == Some(0.0),
            show: |cx| set(cx, "neuron", "v_th", -42.0),
        },
        Step {
            text: "Leave the threshold and raise the current until it spikes again.",
            hint: "Controls: the slider of the stimulus current, to 1.3 times or more.",
            done: |f| f.rate_factor("current") > 1.05 && f.rate_hz("neuron", 200.0).is_some_and(|rate| rate > 0.0),
            show: |cx| {
                edit(cx, |edits| {
                    edits.rates.insert("current".into(), 1.6);
                })
            },
        },
    ],
    learnt: "Rate against current begins at the rheobase, c_m (v_th − v_rest) / tau_m, and grows from there. Below it nothing is sent and nothing is paid.",
};
