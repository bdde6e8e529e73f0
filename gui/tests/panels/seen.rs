//! What there is to be seen and heard in a window, and what is wrong with it.

use eframe::egui::accesskit::{Action, NodeId, Role};
use eframe::egui::{Rect, Shape, pos2};
use egui_kittest::kittest::NodeT;
use egui_kittest::{Harness, Node};
use std::collections::BTreeMap;

/// Something that can be worked with.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Control {
    pub(super) id: NodeId,
    pub(super) role: Role,
    pub(super) name: String,
    pub(super) disabled: bool,
    pub(super) focused: bool,
    pub(super) rect: Rect,
}

/// Buttons that the library of tiles makes where tabs have no room: they have one name in every bar, and no key needs them.
const SCROLL: [&str; 2] = ["Scroll tabs left", "Scroll tabs right"];

/// Where a node lies; some lie nowhere.
fn place<S>(shown: &Harness<'_, S>, node: &Node<'_>) -> Option<Rect> {
    let scale = shown.ctx.pixels_per_point();
    let bounds = node.accesskit_node().bounding_box()?;
    let at = |x: f64, y: f64| pos2(x as f32 / scale, y as f32 / scale);
    Some(Rect::from_min_max(at(bounds.x0, bounds.y0), at(bounds.x1, bounds.y1)))
}

/// Every control in the window, in the order of reading.
pub(super) fn controls<S>(shown: &Harness<'_, S>) -> Vec<Control> {
    let root = shown.root();
    let nodes = root.children_recursive().filter(|node| {
        let node = node.accesskit_node();
        let data = node.data();
        // A text can be chosen, and is its own name; a scroll bar moves its neighbour, and Tab does not stop at it.
        !matches!(node.role(), Role::Label | Role::ScrollBar)
            && (data.supports_action(Action::Focus) || data.supports_action(Action::Click))
    });
    nodes
        .map(|node| {
            let access = node.accesskit_node();
            let name = access.label().unwrap_or_default();
            let (id, focused) = (access.locate().0, access.is_focused());
            Control {
                id,
                focused,
                role: access.role(),
                name,
                disabled: access.is_disabled(),
                rect: place(shown, &node).unwrap_or(Rect::NOTHING),
            }
        })
        .collect()
}

/// What is wrong with the controls: no name, a name that another has, no value, one place for two.
pub(super) fn complaints<S>(shown: &Harness<'_, S>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for control in controls(shown) {
        if control.name.trim().is_empty() {
            wrong.push(format!("{:?} at {} has no name", control.role, control.rect));
        } else if !SCROLL.contains(&control.name.as_str()) {
            *names.entry(format!("{:?} \"{}\"", control.role, control.name)).or_default() += 1;
        }
    }
    wrong.extend(names.into_iter().filter(|(_, n)| *n > 1).map(|(name, n)| format!("{n} controls are called {name}")));
    for node in shown.root().children_recursive() {
        let node = node.accesskit_node();
        let valued = matches!(node.role(), Role::Slider | Role::SpinButton);
        if valued && node.numeric_value().is_none() {
            wrong.push(format!("{:?} \"{}\" has no value", node.role(), node.label().unwrap_or_default()));
        }
    }
    wrong.extend(drawn(shown).into_iter().filter(|text| text.contains(" use of ") && text.contains(" ID ")));
    wrong
}

/// Every text that is drawn.
pub(super) fn drawn<S>(shown: &Harness<'_, S>) -> Vec<String> {
    fn collect(shape: &Shape, into: &mut Vec<String>) {
        match shape {
            Shape::Text(text) => into.push(text.galley.text().to_owned()),
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, into)),
            _ => {}
        }
    }
    let mut texts = Vec::new();
    shown.output().shapes.iter().for_each(|clipped| collect(&clipped.shape, &mut texts));
    texts
}

/// What a screen reader would read of a part of the window.
pub(super) fn read<S>(shown: &Harness<'_, S>, part: Rect) -> String {
    let inside = shown
        .root()
        .children_recursive()
        .filter(|node| place(shown, node).is_some_and(|rect| part.expand(1.0).contains(rect.center())));
    let texts = inside.filter_map(|node| node.accesskit_node().label().or(node.accesskit_node().value()));
    texts.filter(|text| !text.trim().is_empty()).collect::<Vec<_>>().join(" | ")
}
