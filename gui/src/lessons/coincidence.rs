//! Coincidence detection.

use super::facts::set;
use super::{Lesson, Step};
use crate::session::{Command, Source, Spiked};
use crate::view::Action;

pub(super) const LESSON: Lesson = Lesson {
    id: "coincidence",
    title: "Two spikes at once",
    about: "Two inputs spike at the same moment. One neuron hears both together, the other hears the right one 8 ms later. Each spike lifts by 10 mV, and 15 mV are needed.",
    source: || Ok(Source::of_text("coincidence.toml", include_str!("coincidence.toml"))),
    panels: &["why", "raster", "controls", "traces"],
    watch: &[(2, 0), (3, 0)],
    window_ms: 150.0,
    speed: 0.05,
    steps: &[
        Step {
            text: "Let it run until the neuron together has spiked three times. The neuron apart gets as many spikes and stays silent.",
            hint: "Press Run and compare the two membranes.",
            done: |f| f.spikes("together") >= 3,
            show: |cx| cx.send(Command::Play),
        },
        Step {
            text: "Ask why: click a spike of the neuron together. Two inputs of 10 mV arrived in the same step, and nothing of them had leaked.",
            hint: "Raster: click a mark in the row of together. The panel Why shows the causes.",
            done: |f| f.cx.view.spike.is_some_and(|spike| Some(spike.population) == f.cx.scene.network.population("together")),
            show: |cx| {
                let Some(population) = cx.scene.network.population("together") else { return };
                let (ticks, ids) = cx.history.spikes.between(population, 0, cx.now.tick);
                if let (Some(tick), Some(id)) = (ticks.last(), ids.last()) {
                    cx.view.spike = Some(Spiked { tick: *tick, population, id: *id });
                    cx.actions.push(Action::ShowPanel("why"));
                }
            },
        },
        Step {
            text: "Make the neuron apart remember longer, until it takes 8 ms for a coincidence too: tau_m of 20 ms or more.",
            hint: "Controls: the slider tau_m of the population apart. Let it run until it spikes.",
            done: |f| f.param("apart", "tau_m").is_some_and(|(_, now)| now >= 15.0) && f.spikes("apart") > 0,
            show: |cx| {
                set(cx, "apart", "tau_m", 30.0);
                cx.send(Command::Play);
            },
        },
    ],
    learnt: "A leaky neuron compares moments: tau_m is the window within which spikes count as one event. That is computing with time, without a clock.",
};
