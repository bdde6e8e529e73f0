//! Inhibition and balance.

use super::facts::edit;
use super::{Lesson, Step};
use crate::session::{Command, Source};

pub(super) const LESSON: Lesson = Lesson {
    id: "balance",
    title: "Inhibition keeps the balance",
    about: "Four hundred excitatory and a hundred inhibitory neurons, after Brunel (J. Comput. Neurosci. 8:183, 2000). Nobody sets the pace: excitation and inhibition nearly cancel, and what is left makes irregular spikes.",
    source: || Ok(Source::of_text("balance.toml", include_str!("balance.toml"))),
    panels: &["energy", "rates", "controls", "raster"],
    watch: &[(0, 0)],
    window_ms: 300.0,
    speed: 0.1,
    steps: &[
        Step {
            text: "Let it run for 200 ms. Each neuron spikes irregularly, some tens of times a second, though its drive is steady.",
            hint: "Press Run and look at the raster: no columns, no rows.",
            done: |f| f.ran_ms() >= 200.0,
            show: |cx| cx.send(Command::Play),
        },
        Step {
            text: "Take the inhibition of the excitatory neurons away. The rate runs up to where refractoriness stops it, and so does the bill.",
            hint: "Controls: the weights of inhibition to 0 times; then let 100 ms pass.",
            done: |f| f.weight_factor("inhibition") <= 0.1 && f.rate_hz("excitatory", 100.0).is_some_and(|rate| rate > 100.0),
            show: |cx| {
                edit(cx, |edits| {
                    edits.weights.insert("inhibition".into(), 0.0);
                })
            },
        },
        Step {
            text: "Give it back. Balance is there again within some tens of milliseconds.",
            hint: "The same slider to 1 times or more; then let 100 ms pass.",
            done: |f| f.weight_factor("inhibition") >= 0.9 && f.rate_hz("excitatory", 100.0).is_some_and(|rate| rate < 80.0),
            show: |cx| {
                edit(cx, |edits| {
                    edits.weights.remove("inhibition");
                })
            },
        },
    ],
    learnt: "Inhibition is what keeps activity sparse, and sparse activity is what makes spiking networks cheap. An inhibitory event costs as much as any other, and saves many.",
};
