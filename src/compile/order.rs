//! The order of populations within a tick.

use super::CompiledProjection;
use std::sync::Arc;

/// Populations so ordered that every projection that delivers within the tick comes after its source (Kahn's algorithm; among
/// those that are ready, the lowest index first, so that the order is one). Validation has refused cycles.
pub(super) fn same_tick_order(populations: usize, projections: &[Arc<CompiledProjection>]) -> Vec<usize> {
    let same_tick: Vec<_> = projections.iter().filter(|p| p.rows.delays().min() == 0).map(|p| (p.from, p.to)).collect();
    let mut waiting = vec![0usize; populations];
    for &(_, to) in &same_tick {
        waiting[to] += 1;
    }
    let mut order = Vec::with_capacity(populations);
    let mut done = vec![false; populations];
    while let Some(next) = (0..populations).find(|&p| !done[p] && waiting[p] == 0) {
        done[next] = true;
        order.push(next);
        for &(_, to) in same_tick.iter().filter(|(from, _)| *from == next) {
            waiting[to] -= 1;
        }
    }
    debug_assert_eq!(order.len(), populations, "validation refuses cycles without delay");
    order
}
