//! What is drawn of connections: their number and sign, and those of one neuron.

use crate::session::Neuron;
use spikewatt::compile::CompiledNetwork;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a projection is like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Kind {
    /// Its connections.
    pub(super) synapses: u64,
    /// Share of weights above zero among those that are not zero, of as many as were looked at.
    pub(super) above: f32,
}

/// What the projections are like; of large ones some rows are looked at.
pub(super) fn kinds(net: &CompiledNetwork) -> Vec<Kind> {
    /// Connections of a projection that are looked at, about.
    const ENOUGH: usize = 4096;
    let kind = |p: &spikewatt::compile::CompiledProjection| {
        let sources = net.populations[p.from].size;
        let (mut above, mut below, mut seen) = (0u32, 0u32, 0usize);
        let step = (sources / 64).max(1);
        for source in (0..sources).step_by(step) {
            net.each_connection(p, source, &mut |c| {
                above += u32::from(c.weight > 0.0);
                below += u32::from(c.weight < 0.0);
                seen += 1;
            });
            if seen > ENOUGH {
                break;
            }
        }
        Kind {
            synapses: p.rows.synapses(sources),
            above: if above + below == 0 { 0.5 } else { above as f32 / (above + below) as f32 },
        }
    };
    net.projections.iter().map(|p| kind(p)).collect()
}

/// A connection of the chosen neuron.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Link {
    /// The neuron at the other end.
    pub(super) other: Neuron,
    /// Its weight.
    pub(super) weight: f64,
    /// It leads away from the chosen neuron.
    pub(super) out: bool,
}

/// The strongest connections of a neuron, and how many it has.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Links {
    pub(super) strongest: Vec<Link>,
    pub(super) inward: usize,
    pub(super) outward: usize,
}

/// The stronger first; among equals an even scatter, not the first by number.
fn stronger(a: &Link, b: &Link) -> std::cmp::Ordering {
    let scatter = |link: &Link| link.other.id.wrapping_mul(0x9e37_79b1);
    b.weight.abs().total_cmp(&a.weight.abs()).then(scatter(a).cmp(&scatter(b)))
}

/// Finds the connections of a neuron, in and out; `None` where nobody waits for it any more.
pub(super) fn of_neuron(net: &CompiledNetwork, neuron: Neuron, stop: &AtomicBool) -> Option<Links> {
    /// Connections that are drawn.
    const MOST: usize = 200;
    let mut found = Links::default();
    let mut strongest: Vec<Link> = Vec::new();
    let mut keep = |link: Link| {
        strongest.push(link);
        if strongest.len() >= 16 * MOST {
            strongest.sort_by(stronger);
            strongest.truncate(MOST);
        }
    };
    for p in &net.projections {
        if p.from == neuron.population {
            net.each_connection(p, neuron.id as usize, &mut |c| {
                found.outward += 1;
                keep(Link { other: Neuron { population: p.to, id: c.target }, weight: c.weight, out: true });
            });
        }
        if p.to == neuron.population {
            for source in 0..net.populations[p.from].size {
                if stop.load(Ordering::Relaxed) {
                    return None;
                }
                net.each_connection(p, source, &mut |c| {
                    if c.target == neuron.id {
                        found.inward += 1;
                        keep(Link { other: Neuron { population: p.from, id: source as u32 }, weight: c.weight, out: false });
                    }
                });
            }
        }
    }
    strongest.sort_by(stronger);
    strongest.truncate(MOST);
    found.strongest = strongest;
    Some(found)
}
