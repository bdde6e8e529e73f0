//! When the spiking network loses.

use super::facts::{edit, set};
use super::{Lesson, Step, digits};
use crate::session::Command;

pub(super) const LESSON: Lesson = Lesson {
    id: "digits-loses",
    title: "When the spiking network loses",
    about: "The same digits, two networks: a spiking one that pays for each synaptic event, and a dense one that pays once for each synapse. Published break-evens lie between 0.15 and 1.72 spikes per synapse and image.",
    source: || digits::files("digits-loses"),
    panels: &["raster", "controls", "energy", "break-even"],
    watch: &[],
    window_ms: 20.0,
    speed: 0.002,
    steps: &[
        Step {
            text: "Show it some images. About half a spike per synapse and image: between the break-evens, so it depends on the machine.",
            hint: "Press Run and let three images pass; look at the point in the panel Break-even.",
            done: |f| f.cx.history.samples.iter().filter(|s| s.ended).count() >= 3,
            show: |cx| cx.send(Command::Play),
        },
        Step {
            text: "Make the hidden neurons spike for nothing: set their threshold far below zero. They spike in every step, whatever they hear, and the point moves past 1.72, where every published break-even is against the spiking network.",
            hint: "Controls: v_th of lif1 to -10, by hand; then let three images pass.",
            done: |f| {
                f.param("lif1", "v_th").is_some_and(|(_, now)| now < 0.0)
                    && f.events_per_synapse(3.0).is_some_and(|events| events > 1.72)
            },
            show: |cx| {
                set(cx, "lif1", "v_th", -10.0);
                cx.send(Command::Play);
            },
        },
        Step {
            text: "Give the threshold back, and see what it does to the bill and to the answers.",
            hint: "Reset the threshold in Controls, or undo; then let three images pass.",
            done: |f| {
                f.param("lif1", "v_th").is_some_and(|(was, now)| now >= 0.9 * was)
                    && f.events_per_synapse(3.0).is_some_and(|events| events < 1.0)
            },
            show: |cx| {
                edit(cx, |edits| {
                    edits.set.remove("lif1");
                })
            },
        },
    ],
    learnt: "Spiking pays where spikes are rare: less than about one per synapse and answer. A network that is not trained to be silent loses to its dense twin.",
};
