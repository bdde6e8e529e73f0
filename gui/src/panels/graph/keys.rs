//! The graph by keyboard.

use super::{Drawn, Graph};
use crate::session::Command;
use crate::view::Cx;
use eframe::egui::{EventFilter, Key, Modifiers, Rect, Response, Ui};

impl Graph {
    /// Tab goes through populations and on after the last, arrows through neurons; Enter chooses, K kicks, Z goes near, + and − zoom, F shows
    /// all.
    pub(super) fn keys(&mut self, ui: &Ui, response: &Response, cx: &mut Cx<'_>, drawn: &Drawn, outer: Rect) {
        self.focused = response.has_focus();
        if !self.focused || drawn.nodes.is_empty() {
            return;
        }
        let pressed = |key: Key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        let back = ui.input_mut(|i| i.consume_key(Modifiers::SHIFT, Key::Tab));
        let last = drawn.nodes.len() - 1;
        let at = &mut self.at;
        if back && at.population > 0 {
            (at.population, at.id) = (at.population - 1, 0);
        } else if !back && pressed(Key::Tab) && at.population < last {
            (at.population, at.id) = (at.population + 1, 0);
        }
        // Tab stays here as long as there is a population to go to.
        let filter = EventFilter { tab: at.population < last, horizontal_arrows: true, vertical_arrows: true, escape: false };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        let size = cx.scene.net.populations[at.population].size as u32;
        let row = drawn.cells[at.population].row() as u32;
        if pressed(Key::ArrowRight) && at.id + 1 < size {
            at.id += 1;
        }
        if pressed(Key::ArrowLeft) {
            at.id = at.id.saturating_sub(1);
        }
        if pressed(Key::ArrowDown) && at.id + row < size {
            at.id += row;
        }
        if pressed(Key::ArrowUp) && at.id >= row {
            at.id -= row;
        }
        if pressed(Key::Enter) && size > 0 {
            cx.choose(*at);
        }
        if pressed(Key::K) && size > 0 {
            cx.send(Command::Kick(*at));
        }
        let population = at.population;
        if pressed(Key::Z) {
            self.go_near(population, drawn, outer);
        }
        let centre = outer.size() / 2.0;
        if pressed(Key::Plus) || pressed(Key::Equals) {
            self.zoom(1.25, centre, drawn, outer);
        }
        if pressed(Key::Minus) {
            self.zoom(0.8, centre, drawn, outer);
        }
        if pressed(Key::F) {
            self.look = None;
        }
    }
}
