//! Which spike lies under the pointer, and which comes next.

use super::bands::Bands;
use crate::chart::TimeAxis;
use crate::session::{Neuron, Spiked, Spikes};
use eframe::egui::{Pos2, pos2};

/// A spike counts as pointed at within so many points.
const REACH: f32 = 6.0;

/// Spikes as they lie on the screen.
pub(super) struct Placed<'a> {
    pub(super) spikes: &'a Spikes,
    pub(super) bands: &'a Bands,
    pub(super) axis: &'a TimeAxis,
    /// Pixels of the picture in a point.
    pub(super) scale: f32,
    /// Only what came up to this tick.
    pub(super) now: u64,
}

/// What the pointer is at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pointed {
    /// The nearest spike.
    pub(super) spike: Spiked,
    /// Where it is drawn.
    pub(super) at: Pos2,
    /// Spikes within reach.
    pub(super) within: usize,
}

impl Placed<'_> {
    /// Where a spike is drawn; `None` where it is out of view.
    pub(super) fn position(&self, spike: Spiked) -> Option<Pos2> {
        let y = self.bands.of(spike.population)?.centre(spike.id) as f32 / self.scale;
        let at = pos2(self.axis.x(spike.tick as f64), self.axis.rect.top() + y);
        self.axis.rect.expand(1.0).contains(at).then_some(at)
    }

    /// The spike nearest to a place, within reach of it. Where neurons are drawn higher than that, anywhere on one is near it.
    pub(super) fn pointed(&self, pointer: Pos2) -> Option<Pointed> {
        let to = self.axis.tick(pointer.x + REACH).min(self.now as f64);
        if to < 0.0 {
            return None;
        }
        let from = self.axis.tick(pointer.x - REACH).max(0.0).ceil() as u64;
        let mut found: Option<(f32, Pointed)> = None;
        let mut within = 0;
        for band in &self.bands.list {
            let reach = REACH.max(band.each as f32 / self.scale / 2.0);
            let y = (pointer.y - self.axis.rect.top()) * self.scale;
            let edge = f64::from(y);
            let far = f64::from(reach * self.scale);
            if edge + far < band.top || edge - far > band.bottom() {
                continue;
            }
            let (ticks, ids) = self.spikes.between(band.population, from, to as u64);
            for (tick, id) in ticks.iter().zip(ids) {
                let off = (band.centre(*id) as f32 - y) / self.scale;
                if off.abs() > reach {
                    continue;
                }
                within += 1;
                let across = self.axis.x(*tick as f64) - pointer.x;
                let distance = across * across + off * off;
                if found.is_none_or(|(nearest, _)| distance < nearest) {
                    let spike = Spiked { tick: *tick, population: band.population, id: *id };
                    let at = pos2(self.axis.x(*tick as f64), self.axis.rect.top() + band.centre(*id) as f32 / self.scale);
                    found = Some((distance, Pointed { spike, at, within: 0 }));
                }
            }
        }
        found.map(|(_, pointed)| Pointed { within, ..pointed })
    }

    /// The latest spike up to a tick.
    pub(super) fn latest(&self, tick: u64) -> Option<Spiked> {
        let last = |population: usize| {
            let (ticks, ids) = self.spikes.between(population, 0, tick);
            Some(Spiked { tick: *ticks.last()?, population, id: *ids.last()? })
        };
        self.bands.list.iter().filter_map(|band| last(band.population)).max()
    }

    /// The next spike of the same neuron, or the one before.
    pub(super) fn along(&self, spike: Spiked, later: bool) -> Option<Spiked> {
        let neuron = Neuron { population: spike.population, id: spike.id };
        let (ticks, ids) = if later {
            self.spikes.between(neuron.population, spike.tick + 1, self.now)
        } else {
            self.spikes.between(neuron.population, 0, spike.tick.checked_sub(1)?)
        };
        let mut places = 0..ids.len();
        let at = if later { places.find(|i| ids[*i] == neuron.id) } else { places.rfind(|i| ids[*i] == neuron.id) }?;
        Some(Spiked { tick: ticks[at], ..spike })
    }

    /// The spike in view of the next neuron upwards (or downwards) that has one, nearest in time.
    pub(super) fn across(&self, spike: Spiked, upwards: bool) -> Option<Spiked> {
        let (from, to) = self.axis.ticks();
        let to = to.min(self.now);
        let at = self.bands.list.iter().position(|b| b.population == spike.population)?;
        let bands = &self.bands.list;
        let further: Vec<_> = if upwards { bands[at..].iter().collect() } else { bands[..=at].iter().rev().collect() };
        further.into_iter().find_map(|band| {
            let own = band.population == spike.population;
            let (ticks, ids) = self.spikes.between(band.population, from.min(to), to);
            ticks
                .iter()
                .zip(ids)
                .filter(|(_, id)| !own || if upwards { **id > spike.id } else { **id < spike.id })
                .map(|(tick, id)| Spiked { tick: *tick, population: band.population, id: *id })
                .min_by_key(|s| (if upwards { s.id } else { u32::MAX - s.id }, s.tick.abs_diff(spike.tick)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::bands::Span;
    use super::*;
    use crate::view::Window;
    use eframe::egui::Rect;
    use std::collections::BTreeSet;

    #[test]
    fn of_several_within_reach_the_nearest_is_pointed_at() {
        let mut spikes = Spikes::default();
        spikes.extend(0, &[10, 12, 50, 51], &[3, 3, 3, 4]);
        let bands = Bands::new(&[10], &BTreeSet::new(), Span::ALL, 100);
        let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 100.0));
        let axis = TimeAxis { rect, window: Window { from: 0.0, to: 100.0, follows: false }, dt_ms: 1.0 };
        let placed = Placed { spikes: &spikes, bands: &bands, axis: &axis, scale: 1.0, now: 50 };
        let y = bands.of(0).expect("shown").centre(3) as f32;
        let told = |x: f32| placed.pointed(pos2(x, y)).map(|p| (p.spike.tick, p.within));
        assert_eq!(told(9.0), Some((10, 2)));
        assert_eq!(told(13.0), Some((12, 2)));
        assert_eq!(told(51.0), Some((50, 1)), "what comes after the present is not there");
        assert_eq!(told(30.0), None);
    }
}
