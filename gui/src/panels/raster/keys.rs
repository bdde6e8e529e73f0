//! The raster by keyboard, while it is focused.

use super::bands::{Bands, Span};
use super::choose::Placed;
use super::{Raster, choose};
use crate::chart::TimeAxis;
use crate::view::{Cx, Window};
use eframe::egui::{EventFilter, Key, Modifiers, Response, Ui};

impl Raster {
    /// Arrows step from spike to spike, Enter explains, + and - zoom (with Shift neurons instead of time), Page Up and Page Down move, 0 shows all neurons.
    pub(super) fn keys(&mut self, ui: &Ui, chart: &Response, cx: &mut Cx<'_>) {
        if !chart.has_focus() {
            return;
        }
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(chart.id, filter));
        let pressed = |key: Key| ui.input_mut(|i| i.count_and_consume_key(Modifiers::NONE, key) > 0);
        let shifted = |key: Key| ui.input_mut(|i| i.count_and_consume_key(Modifiers::SHIFT, key) > 0);
        for (key, step) in [
            (Key::ArrowLeft, Step::Before),
            (Key::ArrowRight, Step::After),
            (Key::ArrowUp, Step::Up),
            (Key::ArrowDown, Step::Down),
        ] {
            if pressed(key) {
                self.step(step, chart, cx);
            }
        }
        if let Some(spike) = cx.view.spike.filter(|_| pressed(Key::Enter)) {
            choose(cx, spike, true);
        }
        let middle = 0.5;
        for (key, times) in [(Key::Plus, 1.25), (Key::Equals, 1.25), (Key::Minus, 0.8)] {
            if shifted(key) {
                self.span = self.span.zoomed(times, middle, self.bands.shortest(self.span));
            } else if pressed(key) {
                let window = cx.view.window;
                let fixed = if window.follows { window.to } else { (window.from + window.to) / 2.0 };
                let (from, to) = (fixed - (fixed - window.from) / times, fixed + (window.to - fixed) / times);
                cx.view.window = Window { from, to, ..window }.within(cx.now.tick);
            }
        }
        for (key, by) in [(Key::PageUp, -0.25), (Key::PageDown, 0.25)] {
            if shifted(key) {
                self.span = self.span.moved(by);
            } else if pressed(key) {
                let window = cx.view.window;
                let by = by * window.length();
                cx.view.window = Window { from: window.from + by, to: window.to + by, follows: false }.within(cx.now.tick);
            }
        }
        if pressed(Key::Num0) {
            self.span = Span::ALL;
        }
    }

    /// Goes to another spike, and takes the view along.
    fn step(&mut self, step: Step, chart: &Response, cx: &mut Cx<'_>) {
        let bands: Bands = self.bands.clone();
        let axis = TimeAxis::new(chart.rect, cx);
        let history = cx.history;
        let placed = Placed { spikes: &history.spikes, bands: &bands, axis: &axis, scale: 1.0, now: cx.now.tick };
        let next = match (cx.view.spike, step) {
            (None, _) => placed.latest(cx.tick()),
            (Some(spike), Step::Before) => placed.along(spike, false),
            (Some(spike), Step::After) => placed.along(spike, true),
            (Some(spike), Step::Up) => placed.across(spike, true),
            (Some(spike), Step::Down) => placed.across(spike, false),
        };
        let Some(spike) = next else { return };
        choose(cx, spike, false);
        let (window, tick) = (cx.view.window, spike.tick as f64);
        if tick < window.from || tick > window.to {
            let half = window.length() / 2.0;
            cx.view.window = Window { from: tick - half, to: tick + half, follows: false }.within(cx.now.tick);
        }
        if let Some(band) = bands.of(spike.population) {
            let y = band.centre(spike.id) / bands.height.max(1) as f64;
            if !(0.0..=1.0).contains(&y) {
                self.span = self.span.moved(y - 0.5);
            }
        }
    }
}

/// Where to step.
#[derive(Debug, Clone, Copy)]
enum Step {
    Before,
    After,
    Up,
    Down,
}
