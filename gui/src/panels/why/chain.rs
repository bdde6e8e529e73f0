//! The way back from a spike to its causes, spike by spike.

use crate::chart::short;
use crate::keys::{self, Does};
use crate::session::{Neuron, Spiked};
use crate::view::Cx;
use eframe::egui::{Button, Ui};

/// A spike in words.
pub(super) fn spoken(cx: &Cx<'_>, spike: Spiked) -> String {
    let name = cx.scene.name_of(Neuron { population: spike.population, id: spike.id });
    format!("{name} at {} ms", short(cx.scene.ms(spike.tick)))
}

/// Spikes that were stepped through, the last one first explained.
#[derive(Debug, Default)]
pub(super) struct Chain {
    spikes: Vec<Spiked>,
}

impl Chain {
    /// Follows what is chosen elsewhere: that begins a chain anew.
    pub(super) fn keep_up(&mut self, spike: Option<Spiked>) {
        if self.spikes.last().copied() != spike {
            self.spikes = spike.into_iter().collect();
        }
    }

    /// Goes on to a cause.
    pub(super) fn step_to(&mut self, cx: &mut Cx<'_>, spike: Spiked) {
        self.spikes.push(spike);
        show(cx, Some(spike));
    }

    /// Goes back to the spike that a cause was looked up for, with its place in the chain.
    fn back_to(&mut self, cx: &mut Cx<'_>, place: usize) {
        self.spikes.truncate(place + 1);
        show(cx, self.spikes.last().copied());
    }

    /// The chain, and ways along it. Gives the spike that was left by keyboard.
    pub(super) fn bar(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Spiked> {
        let mut left = None;
        ui.horizontal_wrapped(|ui| {
            let many = self.spikes.len() > 1;
            let typing = ui.ctx().text_edit_focused();
            let key = many && !typing && keys::pressed(ui.ctx(), Does::LeaveCause);
            let about = format!("To the spike before ({})", keys::text(ui.ctx(), Does::LeaveCause));
            if ui.add_enabled(many, Button::new("Back")).on_hover_text(about).clicked() || key {
                left = self.spikes.last().copied().filter(|_| key);
                self.back_to(cx, self.spikes.len().saturating_sub(2));
            }
            let here = cx.view.spike;
            let neuron = here.map(|s| Neuron { population: s.population, id: s.id }).or(cx.view.neuron);
            let about = match neuron {
                Some(neuron) => format!("The last spike of {} so far", cx.scene.name_of(neuron)),
                None => "The last spike so far of a neuron that is no input".to_owned(),
            };
            if ui.button("Last spike").on_hover_text(about).clicked() {
                let found = last_before(cx, neuron, cx.tick());
                self.choose(cx, found);
            }
            if let Some(spike) = here {
                let before = ui.button("Earlier").on_hover_text("The spike before of the same neuron").clicked();
                if before && spike.tick > 0 {
                    let found = last_before(cx, neuron, spike.tick - 1);
                    self.choose(cx, found);
                }
                if ui.button("Later").on_hover_text("The next spike of the same neuron").clicked() {
                    let found = first_after(cx, spike);
                    self.choose(cx, found);
                }
            }
        });
        if self.spikes.len() > 1 {
            ui.horizontal_wrapped(|ui| {
                for place in 0..self.spikes.len() {
                    if place > 0 {
                        ui.weak("because of");
                    }
                    let here = place + 1 == self.spikes.len();
                    if ui.selectable_label(here, spoken(cx, self.spikes[place])).clicked() && !here {
                        self.back_to(cx, place);
                        break;
                    }
                }
            });
        }
        left
    }

    fn choose(&mut self, cx: &mut Cx<'_>, spike: Option<Spiked>) {
        if let Some(spike) = spike {
            self.spikes = vec![spike];
            show(cx, Some(spike));
        }
    }
}

fn show(cx: &mut Cx<'_>, spike: Option<Spiked>) {
    cx.view.spike = spike;
    if let Some(spike) = spike {
        cx.choose(Neuron { population: spike.population, id: spike.id });
    }
}

/// The last spike not after a tick: of a neuron, or of any that is no input.
fn last_before(cx: &Cx<'_>, neuron: Option<Neuron>, tick: u64) -> Option<Spiked> {
    let last = |population: usize| {
        let (ticks, ids) = cx.history.spikes.between(population, 0, tick);
        let of = |id: &u32| neuron.is_none_or(|n| n.id == *id);
        let at = ids.iter().rposition(of)?;
        Some(Spiked { tick: ticks[at], population, id: ids[at] })
    };
    let inputs = |at: &usize| !cx.scene.net.populations[*at].is_input();
    match neuron {
        Some(neuron) => last(neuron.population),
        None => (0..cx.scene.net.populations.len()).filter(inputs).filter_map(last).max(),
    }
}

fn first_after(cx: &Cx<'_>, spike: Spiked) -> Option<Spiked> {
    let (ticks, ids) = cx.history.spikes.between(spike.population, spike.tick + 1, cx.now.tick);
    let at = ids.iter().position(|id| *id == spike.id)?;
    Some(Spiked { tick: ticks[at], ..spike })
}
