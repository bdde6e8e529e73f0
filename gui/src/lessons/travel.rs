//! A spike travels.

use super::facts::edit;
use super::{Lesson, Step};
use crate::session::{Command, Neuron, Source, Spiked};
use crate::view::Action;

const FIRST: Neuron = Neuron { population: 0, id: 0 };

pub(super) const LESSON: Lesson = Lesson {
    id: "travel",
    title: "A spike travels, and what it costs",
    about: "Ten neurons in a row, each connected to the next with a delay of 2 ms. Nothing drives them: you do.",
    source: || Ok(Source::of_text("travel.toml", include_str!("travel.toml"))),
    panels: &["why", "raster", "graph", "controls", "counters"],
    watch: &[(0, 0), (0, 1)],
    window_ms: 40.0,
    speed: 0.01,
    steps: &[
        Step {
            text: "Kick the first neuron and let it run. The spike hops from neuron to neuron, 2 ms each, until the end of the row.",
            hint: "Controls: choose neuron 0 of line, press Kick neuron, then Run.",
            done: |f| f.spikes("line") >= 10,
            show: |cx| {
                cx.send(Command::Kick(FIRST));
                cx.send(Command::Play);
            },
        },
        Step {
            text: "Ask why the last neuron spiked, and go back along the chain to where it began.",
            hint: "Raster: click the last mark. Why: click the cause again and again until you are at the kick.",
            done: |f| f.cx.view.spike.is_some(),
            show: |cx| {
                let (ticks, ids) = cx.history.spikes.between(0, 0, cx.now.tick);
                if let (Some(tick), Some(id)) = (ticks.last(), ids.last()) {
                    cx.view.spike = Some(Spiked { tick: *tick, population: 0, id: *id });
                    cx.actions.push(Action::ShowPanel("why"));
                }
            },
        },
        Step {
            text: "Weaken the connections below 15 mV, which is the way from rest to threshold, and kick again: the spike dies at the first hop.",
            hint: "Controls: the weights of hops to 0.7 times or less; then Kick neuron and Run for some 20 ms.",
            done: |f| {
                f.weight_factor("hops") <= 0.74 && (1..9).contains(&f.spikes("line")) && f.rate_hz("line", 10.0) == Some(0.0)
            },
            show: |cx| {
                edit(cx, |edits| {
                    edits.weights.insert("hops".into(), 0.5);
                });
                cx.send(Command::Kick(FIRST));
                cx.send(Command::Play);
            },
        },
    ],
    learnt: "The whole journey took ten spikes and nine synaptic events. A clocked machine would have updated ten neurons in every step, spike or none.",
};
