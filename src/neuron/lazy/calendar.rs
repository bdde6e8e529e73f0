//! What is due in which tick: a wheel of the ticks ahead, and a heap of what lies beyond it (a calendar queue: Brown, Commun. ACM
//! 31:1220, 1988).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Ticks that the wheel spans.
const SLOTS: u64 = 1024;

/// Neurons by the tick in which they are to be looked at.
pub(super) struct Calendar {
    wheel: Vec<Vec<u32>>,
    late: BinaryHeap<Reverse<(u64, u32)>>,
}

impl Calendar {
    pub(super) fn new() -> Self {
        Self { wheel: Vec::new(), late: BinaryHeap::new() }
    }

    /// Puts neuron `n` down for tick `at`, in tick `now` or after its end; `at` must not have been taken out yet.
    pub(super) fn push(&mut self, now: u64, at: u64, n: u32) {
        if at - now < SLOTS {
            if self.wheel.is_empty() {
                self.wheel.resize_with(SLOTS as usize, Vec::new);
            }
            self.wheel[(at % SLOTS) as usize].push(n);
        } else {
            self.late.push(Reverse((at, n)));
        }
    }

    /// Takes out those put down for tick `now`, in no order, into `due`.
    pub(super) fn take(&mut self, now: u64, due: &mut Vec<u32>) {
        if let Some(slot) = self.wheel.get_mut((now % SLOTS) as usize) {
            due.append(slot);
        }
        while let Some(&Reverse((at, n))) = self.late.peek() {
            if at > now {
                break;
            }
            self.late.pop();
            due.push(n);
        }
    }

    pub(super) fn clear(&mut self) {
        self.wheel.iter_mut().for_each(Vec::clear);
        self.late.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn everything_comes_out_in_its_tick(wanted in prop::collection::vec((0u64..3000, 0u64..5000), 0..60)) {
            let mut calendar = Calendar::new();
            let mut due = Vec::new();
            for now in 0..9000 {
                for (n, (_, ahead)) in wanted.iter().enumerate().filter(|(_, w)| w.0 == now) {
                    calendar.push(now, now + ahead, n as u32);
                }
                due.clear();
                calendar.take(now, &mut due);
                due.sort_unstable();
                let expected: Vec<u32> =
                    (0..wanted.len() as u32).filter(|n| wanted[*n as usize].0 + wanted[*n as usize].1 == now).collect();
                prop_assert_eq!(&due, &expected);
            }
        }
    }
}
