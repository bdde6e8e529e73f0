//! Where populations and projections are drawn: layers from inputs to outputs, and loops in a ring.

use eframe::egui::{Pos2, Vec2, pos2, vec2};
use spikewatt::compile::CompiledNetwork;

/// Room for a population and its label.
const ROOM: Vec2 = vec2(190.0, 190.0);
/// Points of a drawn projection.
const POINTS: usize = 25;
/// Populations beyond which no order is sought among them.
const MOST_ORDERED: usize = 1000;
/// Layers beyond which they are folded into rows, as lines of a text.
const LONG: usize = 9;

/// A population as a square.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Node {
    pub(super) centre: Pos2,
    /// Half its side.
    pub(super) half: f32,
}

/// Half the side of a population: grows with the logarithm of its size.
fn half(size: usize) -> f32 {
    16.0 + 8.0 * (size.max(1) as f32).log10()
}

/// The populations' places.
pub(super) fn nodes(net: &CompiledNetwork) -> Vec<Node> {
    let n = net.populations.len();
    let place = |centre: Pos2, at: usize| Node { centre, half: half(net.populations[at].size) };
    if n > MOST_ORDERED {
        let columns = (n as f32).sqrt().ceil() as usize;
        return (0..n).map(|at| place(pos2((at % columns) as f32 * ROOM.x, (at / columns) as f32 * ROOM.y), at)).collect();
    }
    let edges: Vec<(usize, usize)> = net.projections.iter().map(|p| (p.from, p.to)).collect();
    let (loops, layer) = layers(n, &edges);
    let depth = layer.iter().max().map_or(0, |most| most + 1);
    // Of every layer: its groups, single populations or loops, one above the other.
    let mut groups: Vec<Vec<Vec<usize>>> = vec![Vec::new(); depth];
    for at in 0..n {
        let of = &mut groups[layer[at]];
        match of.iter_mut().find(|group| loops[group[0]] == loops[at]) {
            Some(group) => group.push(at),
            None => of.push(vec![at]),
        }
    }
    let ring =
        |members: usize| if members < 2 { 0.0 } else { (ROOM.x * members as f32 / std::f32::consts::TAU).max(ROOM.y / 2.0) };
    let extent = |group: &Vec<usize>| {
        ROOM + Vec2::splat(2.0 * ring(group.len())) * if group.len() == 2 { vec2(1.0, 0.0) } else { Vec2::splat(1.0) }
    };
    let size_of = |of: &Vec<Vec<usize>>| of.iter().map(extent).fold(Vec2::ZERO, |sum, e| vec2(sum.x.max(e.x), sum.y + e.y));
    let folded = depth > LONG;
    let across = if folded { (depth as f32 * 1.6).sqrt().ceil() as usize } else { depth.max(1) };
    let mut nodes = vec![Node { centre: Pos2::ZERO, half: 1.0 }; n];
    let mut top = 0.0;
    for row in groups.chunks(across) {
        let height = row.iter().map(|of| size_of(of).y).fold(0.0, f32::max);
        let mut left = 0.0;
        for of in row {
            let size = size_of(of);
            let mut y = top + (height - size.y) / 2.0;
            for group in of {
                let own = extent(group);
                let centre = pos2(left + size.x / 2.0, y + own.y / 2.0);
                for (k, at) in group.iter().enumerate() {
                    // Two lie side by side, so that their own loops have room above.
                    let begin = if group.len() == 2 { 0.5 } else { -0.25 };
                    let angle = std::f32::consts::TAU * (k as f32 / group.len() as f32 + begin);
                    nodes[*at] = place(centre + ring(group.len()) * Vec2::angled(angle), *at);
                }
                y += own.y;
            }
            left += size.x;
        }
        top += height;
    }
    nodes
}

/// For each population the loop that it belongs to (by its first member) and its layer: one more than that of what reaches it.
pub(super) fn layers(n: usize, edges: &[(usize, usize)]) -> (Vec<usize>, Vec<usize>) {
    let mut out = vec![Vec::new(); n];
    edges.iter().for_each(|(from, to)| out[*from].push(*to));
    let reach: Vec<Vec<bool>> = (0..n)
        .map(|start| {
            let (mut seen, mut left) = (vec![false; n], vec![start]);
            while let Some(at) = left.pop() {
                left.extend(out[at].iter().filter(|to| !std::mem::replace(&mut seen[**to], true)));
            }
            seen
        })
        .collect();
    let loops: Vec<usize> = (0..n).map(|a| (0..a).find(|b| reach[a][*b] && reach[*b][a]).unwrap_or(a)).collect();
    let mut layer = vec![0usize; n];
    // Along any path a layer is found after as many rounds as it has steps.
    for _ in 0..n {
        let mut settled = true;
        for &(from, to) in edges.iter().filter(|(from, to)| loops[*from] != loops[*to]) {
            let next = layer[from] + 1;
            if layer[to] < next {
                (0..n).filter(|at| loops[*at] == loops[to]).for_each(|at| layer[at] = next);
                settled = false;
            }
        }
        if settled {
            break;
        }
    }
    (loops, layer)
}

/// The course of every projection, from the edge of its source to that of its target.
pub(super) fn courses(net: &CompiledNetwork, nodes: &[Node]) -> Vec<Vec<Pos2>> {
    let mut before: std::collections::BTreeMap<(usize, usize), u32> = std::collections::BTreeMap::new();
    net.projections
        .iter()
        .map(|p| {
            let beside = before.entry((p.from, p.to)).or_default();
            let nth = std::mem::replace(beside, *beside + 1) as f32;
            if p.from == p.to { around(nodes[p.from], nth) } else { between(nodes[p.from], nodes[p.to], nth) }
        })
        .collect()
}

/// A loop above a population.
fn around(node: Node, nth: f32) -> Vec<Pos2> {
    let (c, h) = (node.centre, node.half);
    let (rise, width) = (h + 42.0 + 16.0 * nth, h * 0.45);
    let ends = [c + vec2(-width, -h), c + vec2(width, -h)];
    let controls = [c + vec2(-width - 26.0, -h - rise), c + vec2(width + 26.0, -h - rise)];
    let at = |t: f32| {
        let u = 1.0 - t;
        let sum = ends[0].to_vec2() * u.powi(3)
            + controls[0].to_vec2() * (3.0 * u * u * t)
            + controls[1].to_vec2() * (3.0 * u * t * t)
            + ends[1].to_vec2() * t.powi(3);
        sum.to_pos2()
    };
    (0..POINTS).map(|k| at(k as f32 / (POINTS - 1) as f32)).collect()
}

/// An arc between two populations; that of the way back bends to the other side.
fn between(a: Node, b: Node, nth: f32) -> Vec<Pos2> {
    let across = b.centre - a.centre;
    let bend = across.rot90() * (0.16 + 0.1 * nth);
    let control = a.centre + across / 2.0 - bend;
    let ends = [edge(a, control), edge(b, control)];
    let at = |t: f32| {
        let u = 1.0 - t;
        (ends[0].to_vec2() * (u * u) + control.to_vec2() * (2.0 * u * t) + ends[1].to_vec2() * (t * t)).to_pos2()
    };
    (0..POINTS).map(|k| at(k as f32 / (POINTS - 1) as f32)).collect()
}

/// Where a line from a population's centre leaves its square, a little outside.
fn edge(node: Node, towards: Pos2) -> Pos2 {
    let d = towards - node.centre;
    let most = d.x.abs().max(d.y.abs()).max(1e-3);
    node.centre + d * ((node.half + 3.0) / most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_run_from_inputs_to_outputs_and_loops_stay_together() {
        // 0 → 1 ⇄ 2 → 3, 0 → 3, and 4 alone with itself.
        let (loops, layer) = layers(5, &[(0, 1), (1, 2), (2, 1), (2, 3), (0, 3), (4, 4)]);
        assert_eq!(layer, [0, 1, 1, 2, 0]);
        assert_eq!(loops, [0, 1, 1, 3, 4]);
    }
}
