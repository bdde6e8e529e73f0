//! Events by the tick of their arrival.

/// Connections on which an event is under way, in a ring of ticks.
#[derive(Debug)]
pub(super) struct Calendar {
    slots: Vec<Vec<u32>>,
}

impl Calendar {
    /// A calendar for events that arrive fewer than `slots` ticks later.
    pub(super) fn new(slots: usize) -> Self {
        Self { slots: vec![Vec::new(); slots] }
    }

    /// Puts an event down for a tick.
    pub(super) fn put(&mut self, tick: u64, connection: u32) {
        let slots = self.slots.len() as u64;
        self.slots[(tick % slots) as usize].push(connection);
    }

    /// Takes the events of a tick, in the order in which they were put down.
    pub(super) fn take(&mut self, tick: u64) -> Vec<u32> {
        let slots = self.slots.len() as u64;
        std::mem::take(&mut self.slots[(tick % slots) as usize])
    }

    pub(super) fn clear(&mut self) {
        self.slots.iter_mut().for_each(Vec::clear);
    }
}
