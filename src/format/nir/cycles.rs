//! Where cycles are cut: the edges that carry the value of the step before.
//!
//! NIR's equations have no steps and so do not say where a recurrent connection waits; [`Recurrence`] does. At the output of the neuron
//! that closes the cycle, `lif -> w_rec -> lif` gives w_rec(z of the step before) + bias, the bias from the first step on, as snnTorch
//! computes it. At the last edge of the cycle, what w_rec gave in the step before arrives whole, and in the first step nothing does, as in
//! the executors of nirtorch (norse, sinabs, SpikingJelly). Without a bias on the way the two are one, and the neuron's output is taken.
//!
//! A depth-first search from the input visits nodes in the order of their names. Where it meets a node of its own path, it has found a
//! cycle, whose last edge leads to that node. Which cycle is found first follows from the names, never from the file's order of edges.

use super::Class;
use super::wiring::Wiring;
use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use crate::neuron::Recurrence;
use std::collections::BTreeSet;

/// The edges (source, target) that carry the value of the step before.
///
/// # Errors
/// A cycle has no neuron in it.
pub(super) fn delayed(wiring: &Wiring<'_>, recurrence: Recurrence) -> Result<BTreeSet<(usize, usize)>> {
    let mut cut = BTreeSet::new();
    let mut complaints = Diagnostics::new();
    while let Some(cycle) = first_cycle(wiring, &cut) {
        let neuron = (0..cycle.len()).rev().find(|&at| matches!(wiring.class(cycle[at]), Class::Neuron(_)));
        let last = cycle.len() - 1;
        if neuron.is_none() {
            let names: Vec<&str> = cycle.iter().chain(&cycle[..1]).map(|&at| wiring.names[at]).collect();
            complaints.push(
                Diagnostic::at("/node/edges", format!("cycle without delay: {}", names.join(" -> ")))
                    .help("a cycle needs a neuron in it, whose output waits one step"),
            );
        }
        let from = match neuron {
            Some(at) if recurrence != Recurrence::Edge || cycle[at + 1..].iter().all(|node| is_plain(wiring, *node)) => at,
            _ => last,
        };
        cut.insert((cycle[from], cycle[(from + 1) % cycle.len()]));
    }
    complaints.or(cut)
}

/// True for a node of one source and one target that gives nothing where nothing arrives, so that waiting before it is waiting after it.
fn is_plain(wiring: &Wiring<'_>, at: usize) -> bool {
    let quiet = wiring.nodes[at].array("bias").is_none_or(|bias| bias.values().all(|b| b == 0.0));
    wiring.sources[at].len() == 1 && wiring.targets[at].len() == 1 && quiet
}

/// The first cycle that the search finds, in the order of its edges; the last node feeds the first.
fn first_cycle(wiring: &Wiring<'_>, cut: &BTreeSet<(usize, usize)>) -> Option<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    const DONE: usize = usize::MAX - 1;
    // A node's position on the path, or one of the above.
    let mut state = vec![UNSEEN; wiring.len()];
    let mut path: Vec<(usize, usize)> = Vec::new();
    for start in std::iter::once(wiring.input).chain(0..wiring.len()) {
        if state[start] != UNSEEN {
            continue;
        }
        state[start] = 0;
        path.push((start, 0));
        while let Some((at, next)) = path.last_mut() {
            let at = *at;
            let Some(&target) = wiring.targets[at].get(*next) else {
                state[at] = DONE;
                path.pop();
                continue;
            };
            *next += 1;
            if cut.contains(&(at, target)) || state[target] == DONE {
                continue;
            }
            if state[target] == UNSEEN {
                state[target] = path.len();
                path.push((target, 0));
            } else {
                return Some(path[state[target]..].iter().map(|(at, _)| *at).collect());
            }
        }
    }
    None
}
