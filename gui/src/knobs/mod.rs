//! What can be changed of a network while it runs: what there is, where it stands among the edits, and how a person changes it. Panels show
//! it in their own ways and change the same edits ([`crate::view::View`]), which the desk brings to the running network.

mod editor;
mod knob;
mod list;

pub(crate) use editor::Editor;
pub(crate) use knob::{Knob, Place, told};
pub(crate) use list::{Group, knobs, measured, of_param, of_samples, of_stimulus, of_weights, with_unit};
