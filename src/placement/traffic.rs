//! What spikes do between the cores of a placement: every source's synapses are walked once.

use super::graph::Graph;
use super::route::Grid;
use super::shape::Routing;
use rayon::prelude::*;

/// Sources that are walked together.
const TOGETHER: usize = 256;

/// What the spikes of one population do.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sent {
    /// Spikes of neurons that reach any.
    pub(super) spikes: u64,
    pub(super) messages: u64,
    pub(super) hops: u64,
    /// Messages to another chip.
    pub(super) off_chip: u64,
    /// Synaptic events of each core.
    pub(super) events: Vec<u64>,
}

/// What all populations do, and whom cores hear and reach.
pub(super) struct Traffic {
    /// By population.
    pub(super) sent: Vec<Sent>,
    /// Sources that each core hears.
    pub(super) heard: Vec<u64>,
    /// Cores that each neuron reaches.
    pub(super) reached: Vec<u32>,
}

/// Walks all sources. `spikes(population, source)` is what a source weighs: its spikes, or 1 where they are not known.
pub(super) fn traffic(
    graph: &Graph<'_>,
    grid: &Grid,
    routing: Routing,
    core_of: &[u32],
    cores: usize,
    spikes: &(dyn Fn(usize, usize) -> u64 + Sync),
) -> Traffic {
    let populations = graph.net.populations.len();
    let mut all = Traffic { sent: vec![Sent::default(); populations], heard: vec![0; cores], reached: vec![0; graph.neurons] };
    // Cores of a population, with how many of its neurons each holds.
    let cores_of: Vec<Vec<(u32, u64)>> =
        (0..populations).map(|p| if graph.first[p].is_some() { counted(&core_of[graph.range(p)]) } else { Vec::new() }).collect();
    for population in (0..populations).filter(|p| graph.first_source[*p].is_some()) {
        if !graph.reaches_any(population) {
            all.sent[population].events = vec![0; cores];
            continue;
        }
        let size = graph.net.populations[population].size;
        let own = graph.first[population];
        let walk = Walk { graph, grid, routing, core_of, cores_of: &cores_of, population, own };
        let mut reached = vec![0u32; size];
        let sum = if graph.is_uniform(population) {
            walk.uniform(&mut reached, cores, spikes)
        } else {
            let fewest = reached.len().div_ceil(TOGETHER).div_ceil(4 * rayon::current_num_threads()).max(1);
            let chunks = reached.par_chunks_mut(TOGETHER).enumerate().with_min_len(fewest);
            let each = |mut at: At, (chunk, reached): (usize, &mut [u32])| {
                for (source, reached) in (chunk * TOGETHER..).zip(reached) {
                    *reached = walk.one(&mut at, source, spikes(population, source));
                }
                at
            };
            let sums = chunks.fold(|| At::new(cores), each).map(|at| at.sum);
            sums.reduce(|| Sum::new(cores), Sum::plus)
        };
        all.heard.iter_mut().zip(&sum.heard).for_each(|(all, more)| *all += more);
        if own.is_some() {
            all.reached[graph.range(population)].copy_from_slice(&reached);
        }
        all.sent[population] = sum.sent;
    }
    all
}

/// How often each value stands in a list whose equals stand together.
fn counted(cores: &[u32]) -> Vec<(u32, u64)> {
    cores.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u64)).collect()
}

/// Sums over sources.
struct Sum {
    sent: Sent,
    heard: Vec<u64>,
}

impl Sum {
    fn new(cores: usize) -> Self {
        Self { sent: Sent { events: vec![0; cores], ..Sent::default() }, heard: vec![0; cores] }
    }

    fn plus(mut self, other: Self) -> Self {
        self.sent.spikes += other.sent.spikes;
        self.sent.messages += other.sent.messages;
        self.sent.hops += other.sent.hops;
        self.sent.off_chip += other.sent.off_chip;
        self.sent.events.iter_mut().zip(&other.sent.events).for_each(|(a, b)| *a += b);
        self.heard.iter_mut().zip(&other.heard).for_each(|(a, b)| *a += b);
        self
    }
}

/// Sums, and working space.
struct At {
    sum: Sum,
    /// Synapses of the source on each core.
    synapses: Vec<u64>,
    touched: Vec<u32>,
    tiles: Vec<(u32, u32)>,
}

impl At {
    fn new(cores: usize) -> Self {
        Self { sum: Sum::new(cores), synapses: vec![0; cores], touched: Vec::new(), tiles: Vec::new() }
    }

    fn touch(&mut self, core: u32, synapses: u64) {
        let here = &mut self.synapses[core as usize];
        if *here == 0 && synapses > 0 {
            self.touched.push(core);
        }
        *here += synapses;
    }
}

/// The sources of one population.
struct Walk<'a> {
    graph: &'a Graph<'a>,
    grid: &'a Grid,
    routing: Routing,
    core_of: &'a [u32],
    cores_of: &'a [Vec<(u32, u64)>],
    population: usize,
    /// Number of its first neuron, where it has places.
    own: Option<usize>,
}

impl Walk<'_> {
    /// Walks one source and gives the number of cores that it reaches.
    fn one(&self, at: &mut At, source: usize, spikes: u64) -> u32 {
        let core = self.own.map(|first| self.core_of[first + source]);
        let mut whole = Vec::new();
        self.graph.targets(self.population, source, Some(&mut |to, skip_self| whole.push((to, skip_self))), |target| {
            at.touch(self.core_of[target as usize], 1);
        });
        for (to, skip_self) in whole {
            self.cores_of[to].iter().for_each(|(core, neurons)| at.touch(*core, *neurons));
            if let Some(core) = core.filter(|_| skip_self) {
                at.synapses[core as usize] -= 1;
            }
        }
        let synapses = &at.synapses;
        at.touched.retain(|core| synapses[*core as usize] > 0);
        at.touched.sort_unstable();
        at.touched.dedup();
        let touched = std::mem::take(&mut at.touched);
        self.send(&mut at.sum, &mut at.tiles, core, &touched, spikes);
        for core in &touched {
            at.sum.heard[*core as usize] += 1;
            at.sum.sent.events[*core as usize] += spikes * std::mem::take(&mut at.synapses[*core as usize]);
        }
        let reached = touched.len() as u32;
        at.touched = touched;
        at.touched.clear();
        reached
    }

    /// Counts the messages of `spikes` spikes from a core (none for inputs) to others.
    fn send(&self, sum: &mut Sum, tiles: &mut Vec<(u32, u32)>, from: Option<u32>, to: &[u32], spikes: u64) {
        if to.is_empty() {
            return;
        }
        let sent = &mut sum.sent;
        let one_message = matches!(self.routing, Routing::Local | Routing::Multicast);
        sent.spikes += spikes;
        sent.messages += spikes * if one_message { 1 } else { to.len() as u64 };
        let Some(from) = from else { return };
        let chip = self.grid.chip(from);
        let away = to.iter().map(|core| self.grid.chip(*core)).filter(|other| *other != chip);
        if one_message {
            // Cores stand in ascending order, and so do their chips.
            let mut last = chip;
            sent.off_chip += spikes * away.filter(|other| std::mem::replace(&mut last, *other) != *other).count() as u64;
        } else {
            sent.off_chip += spikes * away.count() as u64;
        }
        if self.grid.is_known() {
            sent.hops += spikes
                * match self.routing {
                    Routing::Multicast | Routing::Local => self.grid.tree(from, to, tiles),
                    _ => to.iter().map(|core| self.grid.hops(from, *core)).sum(),
                };
        }
    }

    /// All sources at once, where they reach the same: what they do depends on their core alone.
    fn uniform(&self, reached: &mut [u32], cores: usize, spikes: &(dyn Fn(usize, usize) -> u64 + Sync)) -> Sum {
        let mut at = At::new(cores);
        self.graph.targets(
            self.population,
            0,
            Some(&mut |to, _| self.cores_of[to].iter().for_each(|(core, neurons)| at.touch(*core, *neurons))),
            |_| {},
        );
        at.touched.sort_unstable();
        let mut sources = 0;
        let homes = match self.own {
            Some(first) => counted(&self.core_of[first..first + reached.len()]).into_iter().map(|(c, n)| (Some(c), n)).collect(),
            None => vec![(None, reached.len() as u64)],
        };
        let mut all = 0;
        for (home, size) in homes {
            let together: u64 = (sources..sources + size as usize).map(|source| spikes(self.population, source)).sum();
            sources += size as usize;
            all += together;
            self.send(&mut at.sum, &mut at.tiles, home, &at.touched, together);
        }
        for core in &at.touched {
            at.sum.heard[*core as usize] += reached.len() as u64;
            at.sum.sent.events[*core as usize] += all * at.synapses[*core as usize];
        }
        reached.fill(at.touched.len() as u32);
        at.sum
    }
}
