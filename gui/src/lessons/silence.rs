//! Silence is free, for those who work by events.

use super::facts::edit;
use super::{Lesson, Step};
use crate::session::{Command, Source};

pub(super) const LESSON: Lesson = Lesson {
    id: "silence",
    title: "Silence is free, or it is not",
    about: "Two thousand neurons that spike about once a second. A machine that works by events touches a neuron when something reaches it; a clocked one updates all of them in every step.",
    source: || Ok(Source::of_text("silence.toml", include_str!("silence.toml"))),
    panels: &["raster", "controls", "counters", "energy"],
    watch: &[],
    window_ms: 400.0,
    speed: 0.2,
    steps: &[
        Step {
            text: "Let it run for 300 ms and compare two counters: updates that an event caused (driven), and updates that a clock causes (clocked).",
            hint: "Press Run; look at the panel Counters. Driven is about a hundredth of clocked.",
            done: |f| f.ran_ms() >= 300.0,
            show: |cx| cx.send(Command::Play),
        },
        Step {
            text: "Choose another chip for the spiking network and see how its energy is made up: events, or time that passes.",
            hint: "Energy: the left device box. generic-digital-45nm-event pays for events; spinnaker1 and loihi1-sanafe pay for standing by.",
            done: |f| f.cx.view.spiking_device != f.began.devices.0,
            show: |cx| {
                let other = if cx.view.spiking_device == "generic-digital-45nm-event" {
                    "spinnaker1"
                } else {
                    "generic-digital-45nm-event"
                };
                cx.view.spiking_device = other.into();
            },
        },
        Step {
            text: "Make it ten times as busy. What pays for events costs ten times as much; what pays for time hardly notices.",
            hint: "Controls: the rate of outside to 10 times; then let 200 ms pass.",
            done: |f| f.rate_factor("outside") >= 5.0 && f.rate_hz("neurons", 200.0).is_some_and(|rate| rate > 3.0),
            show: |cx| {
                edit(cx, |edits| {
                    edits.rates.insert("outside".into(), 10.0);
                })
            },
        },
        Step {
            text: "Now turn the outside off. Events end; the clock goes on.",
            hint: "The same slider to 0; then let 100 ms pass and look at both counters.",
            done: |f| f.rate_factor("outside") == 0.0 && f.rate_hz("neurons", 100.0) == Some(0.0),
            show: |cx| {
                edit(cx, |edits| {
                    edits.rates.insert("outside".into(), 0.0);
                })
            },
        },
    ],
    learnt: "What an event-driven chip saves is silence. Whether that pays depends on how silent the network is, and on what the chip draws while it waits.",
};
