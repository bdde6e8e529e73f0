//! Circles of connections without delay: such a network has no order in which to compute a tick.

use super::Checker;
use crate::network::{Connect, Delay, Projection};
use crate::neuron::Values;
use crate::spike::EXACT_TICK_MS;
use std::collections::BTreeMap;

/// The smallest delay a distribution or number gives, ms.
fn least(values: &Values) -> f64 {
    match values {
        Values::One(value) => *value,
        Values::Each(values) => values.iter().copied().fold(f64::INFINITY, f64::min),
        Values::Drawn(distribution) => distribution.bounds().0,
    }
}

/// True where some connection of a projection may deliver within the tick.
fn without_delay(projection: &Projection, tick_ms: f64) -> bool {
    // A delay below zero is complained of elsewhere.
    let rounds_to_none = |ms: f64| (0.0..tick_ms / 2.0).contains(&ms);
    let common = match &projection.delay {
        Delay::Ticks(ticks) => *ticks == 0,
        Delay::Ms(values) => rounds_to_none(least(values)),
    };
    match &projection.connect {
        Connect::List(list) => list.iter().any(|pair| pair.3.map_or(common, rounds_to_none)),
        _ => common,
    }
}

impl Checker<'_> {
    /// One complaint for each circle found; circles that share a population with an earlier one wait until that is mended.
    pub(super) fn cycles(&mut self) {
        const MOST: usize = 10;
        let tick = self.network.dt_ms.filter(|dt| *dt > 0.0).unwrap_or(EXACT_TICK_MS);
        let order: BTreeMap<&str, usize> = self.index.keys().enumerate().map(|(at, name)| (*name, at)).collect();
        let edges: Vec<(usize, usize, &Projection)> = self
            .network
            .projections
            .iter()
            .filter(|p| !self.unsure.projections.contains(&p.name) && without_delay(p, tick))
            .filter_map(|p| Some((*order.get(p.from.as_str())?, *order.get(p.to.as_str())?, p)))
            .collect();
        let mut there = vec![true; order.len()];
        for _ in 0..MOST {
            let Some(cycle) = find(&edges, &mut there) else { return };
            let mut names: Vec<_> = cycle.iter().map(|edge| format!("`{}`", edge.from)).collect();
            names.push(names[0].clone());
            let last = cycle[cycle.len() - 1];
            self.complain_with_help(
                format!("projection.{}.delay", last.name),
                format!("circle of connections without delay: {}", names.join(" -> ")),
                "give one of them a delay of at least one tick",
            );
            for edge in cycle {
                if let Some(at) = order.get(edge.from.as_str()) {
                    there[*at] = false;
                }
            }
        }
    }
}

/// The edges of one circle among the nodes that are `there`, in the direction of flow. Nodes on none are struck out.
fn find<'a>(edges: &[(usize, usize, &'a Projection)], there: &mut [bool]) -> Option<Vec<&'a Projection>> {
    // Kahn (Commun. ACM 5:558, 1962): strike out nodes without incoming edges until none is left; those that stay each have a
    // predecessor that stays.
    let mut incoming = vec![0usize; there.len()];
    let mut outgoing: Vec<Vec<usize>> = vec![Vec::new(); there.len()];
    let mut into: Vec<Option<(usize, &Projection)>> = vec![None; there.len()];
    for (from, to, _) in edges.iter().filter(|(from, to, _)| there[*from] && there[*to]) {
        incoming[*to] += 1;
        outgoing[*from].push(*to);
    }
    let mut free: Vec<usize> = (0..there.len()).filter(|n| there[*n] && incoming[*n] == 0).collect();
    while let Some(node) = free.pop() {
        there[node] = false;
        for to in &outgoing[node] {
            incoming[*to] -= 1;
            if incoming[*to] == 0 {
                free.push(*to);
            }
        }
    }
    for (from, to, projection) in edges.iter().filter(|(from, to, _)| there[*from] && there[*to]) {
        into[*to].get_or_insert((*from, projection));
    }
    // Walk against the flow until a node comes again; the walk since its first visit is the circle.
    let mut node = there.iter().position(|t| *t)?;
    let mut visited = vec![None; there.len()];
    let mut walk = Vec::new();
    while visited[node].is_none() {
        visited[node] = Some(walk.len());
        let (from, projection) = into[node]?;
        walk.push(projection);
        node = from;
    }
    let mut cycle = walk.split_off(visited[node]?);
    cycle.reverse();
    // Begin with the circle's first population by name, so that the words do not depend on where the walk began.
    let first = cycle.iter().enumerate().min_by(|a, b| a.1.from.cmp(&b.1.from)).map_or(0, |(at, _)| at);
    cycle.rotate_left(first);
    Some(cycle)
}
