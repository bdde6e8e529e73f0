//! What is to come, by the window in which it comes.

use crate::spike::Time;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Something that happens to a neuron.
#[derive(Debug, Clone, Copy)]
pub(super) struct Event {
    pub(super) at: Time,
    /// Its place in the slice.
    pub(super) neuron: u32,
    pub(super) what: What,
}

/// At one time, what stands first comes first.
#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    /// The current of a stimulus changes.
    Current { stimulus: u32, value: f64 },
    /// An event of a stimulus.
    Stimulus { weight: f64 },
    /// Draw number `draw` of a Poisson stimulus: it arrives, and the next one is drawn.
    Drawn { stimulus: u32, draw: u32 },
    /// A spike arrives along a projection.
    Synapse { projection: u32, weight: f64 },
    /// A crossing was predicted.
    Wake,
    /// A probe is to be sampled.
    Sample { probe: u32 },
}

impl What {
    fn rank(self) -> u8 {
        match self {
            Self::Current { .. } => 0,
            Self::Stimulus { .. } | Self::Drawn { .. } => 1,
            Self::Synapse { .. } => 2,
            Self::Wake => 3,
            Self::Sample { .. } => 4,
        }
    }
}

/// Sorts events neuron by neuron, by time; those of one kind at one time keep the order in which they were put in.
pub(super) fn sort(events: &mut [Event]) {
    events.sort_by(|a, b| a.neuron.cmp(&b.neuron).then_with(|| a.at.cmp(&b.at)).then_with(|| a.what.rank().cmp(&b.what.rank())));
}

/// Events by window.
#[derive(Debug)]
pub(super) struct Buckets {
    length: u64,
    waiting: BTreeMap<u64, Vec<Event>>,
    /// The bucket that was put into last, taken out of the map: events in a row mostly go into one.
    open: (u64, Vec<Event>),
}

impl Buckets {
    pub(super) fn new(length: u64) -> Self {
        Self { length, waiting: BTreeMap::new(), open: (0, Vec::new()) }
    }

    /// The window that a time lies in: (k · length, (k + 1) · length], time 0 in the first.
    pub(super) fn window_of(&self, at: Time) -> u64 {
        let whole = at.fraction == 0.0;
        at.tick.saturating_sub(u64::from(whole)) / self.length
    }

    /// Puts an event in, not before window `least`.
    pub(super) fn push(&mut self, event: Event, least: u64) {
        let window = self.window_of(event.at).max(least);
        if window != self.open.0 {
            self.close();
            self.open = (window, self.waiting.remove(&window).unwrap_or_default());
        }
        self.open.1.push(event);
    }

    fn close(&mut self) {
        if !self.open.1.is_empty() {
            match self.waiting.entry(self.open.0) {
                // Moved whole: events that alternate between two buckets open and close them each time.
                Entry::Vacant(place) => _ = place.insert(std::mem::take(&mut self.open.1)),
                Entry::Occupied(mut place) => place.get_mut().append(&mut self.open.1),
            }
        }
    }

    /// Takes out a window's events.
    pub(super) fn take(&mut self, window: u64) -> Vec<Event> {
        self.close();
        self.waiting.remove(&window).unwrap_or_default()
    }

    /// The first window that has events.
    pub(super) fn first(&self) -> Option<u64> {
        let open = (!self.open.1.is_empty()).then_some(self.open.0);
        self.waiting.first_key_value().map(|(window, _)| *window).into_iter().chain(open).min()
    }

    /// Events of a window.
    pub(super) fn waiting(&self, window: u64) -> usize {
        let open = if window == self.open.0 { self.open.1.len() } else { 0 };
        open + self.waiting.get(&window).map_or(0, Vec::len)
    }

    pub(super) fn clear(&mut self) {
        self.waiting.clear();
        self.open.1.clear();
    }
}
