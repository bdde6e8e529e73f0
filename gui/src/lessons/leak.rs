//! A neuron leaks.

use super::facts::set;
use super::{Lesson, Step};
use crate::session::{Command, Source};

pub(super) const LESSON: Lesson = Lesson {
    id: "leak",
    title: "A neuron leaks",
    about: "Every 50 ms something knocks and lifts the membrane by 12 mV. It would take 20 mV at once to make the neuron spike, and between two knocks it forgets.",
    source: || Ok(Source::of_text("leak.toml", include_str!("leak.toml"))),
    panels: &["raster", "controls", "traces"],
    watch: &[(0, 0)],
    window_ms: 200.0,
    speed: 0.1,
    steps: &[
        Step {
            text: "Let it run. Each knock lifts the membrane; then it sinks back to −70 mV, by about two thirds in every 20 ms. That time is tau_m.",
            hint: "Press Run, or the space bar, and look at the membrane for 100 ms.",
            done: |f| f.ran_ms() >= 100.0,
            show: |cx| cx.send(Command::Play),
        },
        Step {
            text: "Make it forget more slowly: set tau_m to 60 ms or more. Now what is left of one knock is there when the next one comes, and the neuron spikes.",
            hint: "Controls: the slider tau_m of the population neuron. Let it run until it spikes.",
            done: |f| f.param("neuron", "tau_m").is_some_and(|(_, now)| now >= 60.0) && f.spikes("neuron") > 0,
            show: |cx| set(cx, "neuron", "tau_m", 80.0),
        },
        Step {
            text: "Now make it forget fast: set tau_m to 5 ms or less. However long you wait, it stays silent.",
            hint: "The same slider, to its left end; then wait for 200 ms.",
            done: |f| f.param("neuron", "tau_m").is_some_and(|(_, now)| now <= 5.0) && f.rate_hz("neuron", 200.0) == Some(0.0),
            show: |cx| set(cx, "neuron", "tau_m", 4.0),
        },
    ],
    learnt: "The membrane is a memory with a time constant: v(t) = v_rest + (v(0) − v_rest) e^(−t / tau_m). What comes within it adds up.",
};
