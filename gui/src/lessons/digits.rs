//! Digits: a decision and its bill.

use super::{Lesson, Step};
use crate::session::{Command, Source, Spiked};
use crate::view::Action;
use spikewatt::diagnostic::{Diagnostic, Result};
use std::path::{Path, PathBuf};

const NETWORK: &[u8] = include_bytes!("../../../networks/digits.nir");
const DENSE: &[u8] = include_bytes!("../../../networks/digits-mlp.onnx");
const IMAGES: &[u8] = include_bytes!("../../../datasets/digits.h5");

/// Where files that come with the program are unpacked: a folder of this user's own.
pub(super) fn folder() -> PathBuf {
    let user = std::env::var("USER").or_else(|_| std::env::var("USERNAME")).unwrap_or_default();
    std::env::temp_dir().join(format!("spikewatt-lessons-{user}"))
}

/// The digits networks and images that come with the program, put into files, since readers read files.
pub(super) fn files(id: &str) -> Result<Source> {
    let folder = folder();
    let put = |name: &str, bytes: &[u8]| -> Result<PathBuf> {
        let path = folder.join(name);
        let same = |path: &Path| std::fs::read(path).is_ok_and(|there| there == bytes);
        if !same(&path) {
            let write = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, bytes));
            write.map_err(|error| Diagnostic::new(format!("the lesson's file cannot be written: {error}")).file(&path))?;
        }
        Ok(path)
    };
    Ok(Source {
        network: put(&format!("{id}.nir"), NETWORK)?,
        text: None,
        input: Some(put("digits.h5", IMAGES)?),
        dense: Some(put("digits-mlp.onnx", DENSE)?),
    })
}

pub(super) const LESSON: Lesson = Lesson {
    id: "digits",
    title: "Digits: watch a decision and its bill",
    about: "A trained spiking network reads handwritten digits. Bright pixels spike early, hidden neurons gather, and the output that spikes most is the answer. Beside it a dense network does the same at once.",
    source: || files("digits"),
    panels: &["raster", "sample", "counters", "energy"],
    watch: &[],
    window_ms: 5.0,
    speed: 0.0005,
    steps: &[
        Step {
            text: "Let the first image pass, and watch the votes build up.",
            hint: "Press Run, or Next spike again and again; look at the panel Sample.",
            done: |f| f.cx.history.samples.first().is_some_and(|s| s.ended),
            show: |cx| cx.send(Command::Play),
        },
        Step {
            text: "Go back in time to when only a few output spikes had come. What would the answer have been then?",
            hint: "Drag the slider Moment, or use the left arrow key.",
            done: |f| f.cx.view.cursor.is_some(),
            show: |cx| cx.look_at(cx.now.tick.saturating_sub(3)),
        },
        Step {
            text: "Ask an output neuron why it spiked: click one of its spikes, and see which hidden neurons voted for it.",
            hint: "Raster: the uppermost rows are the outputs. The panel Why shows the causes.",
            done: |f| f.cx.view.spike.is_some_and(|spike| Some(spike.population) == f.cx.scene.net.readout),
            show: |cx| {
                let Some(population) = cx.scene.net.readout else { return };
                let (ticks, ids) = cx.history.spikes.between(population, 0, cx.now.tick);
                if let (Some(tick), Some(id)) = (ticks.last(), ids.last()) {
                    cx.view.spike = Some(Spiked { tick: *tick, population, id: *id });
                    cx.actions.push(Action::ShowPanel("why"));
                }
            },
        },
        Step {
            text: "Look at the bill: which of the two is cheaper, and how sure is that? Choose another chip and ask again.",
            hint: "Energy: either of the two device boxes.",
            done: |f| (f.cx.view.spiking_device.clone(), f.cx.view.dense_device.clone()) != f.began.devices,
            show: |cx| cx.view.spiking_device = "loihi1-sanafe".into(),
        },
        Step {
            text: "Let ten images pass. How often are both right, and does the verdict change?",
            hint: "Press Run, and make it faster if you like.",
            done: |f| f.cx.history.samples.iter().filter(|s| s.ended).count() >= 10,
            show: |cx| {
                cx.view.cursor = None;
                cx.send(Command::Speed(crate::session::Speed::Times(0.01)));
                cx.send(Command::Play);
            },
        },
    ],
    learnt: "Half a spike per synapse and image: whether that is cheap is decided by what a chip charges for an event, for a step and for waiting, not by the network alone.",
};
