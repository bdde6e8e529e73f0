//! Edits on their way to the running network.

use super::Edits;
use crate::session::{Command, Now};

/// Brings edits to the running network, whoever made them: each state once, and none before the last one was heard, so that a drag leaves
/// no queue behind it.
#[derive(Debug, Clone, Default)]
pub struct Courier {
    /// What was brought last; a network that was just opened has none.
    brought: Edits,
    times: u64,
}

impl Courier {
    /// What is to be asked of the simulation now, where these are the edits as a person has them.
    pub fn bring(&mut self, edits: &Edits, now: &Now) -> Option<Command> {
        if *edits == self.brought || now.edits_heard < self.times {
            return None;
        }
        self.brought = edits.clone();
        self.times += 1;
        Some(Command::Edit(Box::new(edits.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_is_brought_once_and_waits_for_the_last() {
        let (mut courier, mut now, mut edits) = (Courier::default(), Now::default(), Edits::default());
        assert_eq!(courier.bring(&edits, &now), None, "nothing was changed");
        edits.input = Some(2.0);
        assert_eq!(courier.bring(&edits, &now), Some(Command::Edit(Box::new(edits.clone()))));
        assert_eq!(courier.bring(&edits, &now), None);
        edits.input = Some(3.0);
        assert_eq!(courier.bring(&edits, &now), None, "the first is not heard yet");
        edits.input = Some(4.0);
        now.edits_heard = 1;
        assert_eq!(courier.bring(&edits, &now), Some(Command::Edit(Box::new(edits.clone()))));
        now.edits_heard = 2;
        assert_eq!(courier.bring(&edits, &now), None);
    }
}
