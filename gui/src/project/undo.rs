//! What was done can be undone, and done again.

/// A value with its past and, after an undo, its future.
#[derive(Debug, Clone, Default)]
pub struct Undo<T> {
    now: T,
    past: Vec<T>,
    future: Vec<T>,
}

/// Steps that can be undone.
const MOST: usize = 200;

impl<T: Clone + PartialEq> Undo<T> {
    /// A value without a past.
    #[must_use]
    pub fn new(now: T) -> Self {
        Self { now, past: Vec::new(), future: Vec::new() }
    }

    /// The value as it is.
    #[must_use]
    pub fn now(&self) -> &T {
        &self.now
    }

    /// Changes it. A value that is no other makes no step.
    pub fn set(&mut self, value: T) {
        if value == self.now {
            return;
        }
        self.past.push(std::mem::replace(&mut self.now, value));
        self.past.drain(..self.past.len().saturating_sub(MOST));
        self.future.clear();
    }

    /// Changes it as part of the step that was made last, as a slider does while it is drawn.
    pub fn amend(&mut self, value: T) {
        self.now = value;
        self.future.clear();
    }

    /// The value as an undo would make it.
    #[must_use]
    pub fn before(&self) -> Option<&T> {
        self.past.last()
    }

    /// The value as doing again would make it.
    #[must_use]
    pub fn after(&self) -> Option<&T> {
        self.future.last()
    }

    /// True where there is something to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// True where there is something to do again.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Goes a step back; true where there was one.
    pub fn undo(&mut self) -> bool {
        let Some(before) = self.past.pop() else { return false };
        self.future.push(std::mem::replace(&mut self.now, before));
        true
    }

    /// Goes a step forward again; true where there was one.
    pub fn redo(&mut self) -> bool {
        let Some(after) = self.future.pop() else { return false };
        self.past.push(std::mem::replace(&mut self.now, after));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_undone_can_be_done_again() {
        let mut value = Undo::new(1);
        value.set(2);
        value.set(2);
        value.set(3);
        value.amend(4);
        assert!(value.undo() && *value.now() == 2);
        assert!(value.undo() && *value.now() == 1);
        assert!(!value.undo() && value.can_redo());
        assert!(value.redo() && value.redo() && *value.now() == 4);
        value.undo();
        value.set(9);
        assert!(!value.redo(), "a new change has no old future");
    }
}
