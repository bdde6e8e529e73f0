//! What can be changed of a network while it runs: what there is, where it stands among the edits, and how a person changes it. Panels show
//! it in their own ways and change the same edits ([`crate::view::View`]), which the desk brings to the running network.

mod editor;
mod knob;
mod list;

pub(crate) use editor::Editor;
pub(crate) use knob::{Knob, Place};

use crate::session::Scene;

/// Why nothing can be changed of what is open; `None` where it can.
pub(crate) fn fixed(scene: &Scene) -> Option<&'static str> {
    if scene.recorded.is_some() {
        Some("This is a recording: it can be played, and nothing in it can be changed. The panel Results tells what ran.")
    } else if scene.net.exact {
        Some(
            "Time is exact here, and a network in exact time does not change while it runs. Give its file a grid (dt = \"0.1 ms\") to change it.",
        )
    } else {
        None
    }
}
pub(crate) use list::{Group, knobs, measured, of_param, of_samples, of_stimulus, of_weights, with_unit};
