//! How many different sources a core hears, while it is being filled.

use super::graph::Graph;
use super::shape::ChipShape;

/// Synapses that are listed by target at a time, so that large networks take little memory: 4 bytes each.
const AT_A_TIME: u64 = 1 << 26;

/// The sources that the core being filled hears.
pub(super) struct Axons {
    /// False where all sources together are within the limit, so that nothing need be counted.
    counted: bool,
    /// Number of the core.
    core: u32,
    /// The last core that heard each source.
    heard: Vec<u32>,
    /// The last core that each population reached whole.
    whole: Vec<u32>,
    /// The core at which sources of each population were last heard one by one, and how many.
    single: Vec<(u32, u64)>,
    /// Populations that reach a population whole, by target.
    whole_onto: Vec<Vec<usize>>,
    /// The population of each source, by its first source.
    starts: Vec<(usize, usize)>,
    columns: Columns,
}

/// Sources of some neurons, one by one.
#[derive(Default)]
struct Columns {
    first: usize,
    offsets: Vec<u64>,
    sources: Vec<u32>,
}

impl Axons {
    pub(super) fn new(graph: &Graph<'_>, shape: &ChipShape) -> Self {
        let onto = |p: &usize| graph.heard(*p).iter().map(|q| graph.net.populations[*q].size as u64).sum::<u64>();
        let most =
            if shape.one_population_per_core { graph.placed.iter().map(onto).max().unwrap_or(0) } else { graph.sources as u64 };
        let counted = shape.axons_in_per_core.is_some_and(|limit| most > limit);
        let populations = graph.net.populations.len();
        let mut whole_onto = vec![Vec::new(); populations];
        let mut starts = Vec::new();
        for (population, first) in graph.first_source.iter().enumerate() {
            if let Some(first) = first {
                starts.push((*first, population));
                graph.reaches_whole(population).for_each(|to| whole_onto[to].push(population));
            }
        }
        Self {
            counted,
            core: 1,
            heard: vec![0; if counted { graph.sources } else { 0 }],
            whole: vec![0; populations],
            single: vec![(0, 0); populations],
            whole_onto,
            starts,
            columns: Columns::default(),
        }
    }

    pub(super) fn next_core(&mut self) {
        self.core += 1;
    }

    /// Sources that one neuron more would add.
    pub(super) fn more(&mut self, graph: &Graph<'_>, neuron: usize) -> u64 {
        if !self.counted {
            return 0;
        }
        let mut more = 0;
        let population = graph.population_of(neuron);
        for &from in &self.whole_onto[population] {
            if self.whole[from] != self.core {
                let (core, single) = self.single[from];
                more += graph.net.populations[from].size as u64 - if core == self.core { single } else { 0 };
            }
        }
        self.columns.hold(graph, neuron);
        let column = self.columns.of(neuron);
        let mut last = u32::MAX;
        for &source in column {
            // A column is in ascending order, so a source that stands there twice is met twice in a row.
            if source != last && self.heard[source as usize] != self.core {
                let from = self.population(source);
                if self.whole[from] != self.core && !self.whole_onto[population].contains(&from) {
                    more += 1;
                }
            }
            last = source;
        }
        more
    }

    /// Takes a neuron to the core.
    pub(super) fn take(&mut self, graph: &Graph<'_>, neuron: usize) {
        if !self.counted {
            return;
        }
        let population = graph.population_of(neuron);
        for at in 0..self.whole_onto[population].len() {
            self.whole[self.whole_onto[population][at]] = self.core;
        }
        for at in 0..self.columns.of(neuron).len() {
            let source = self.columns.of(neuron)[at];
            if std::mem::replace(&mut self.heard[source as usize], self.core) != self.core {
                let from = self.population(source);
                let single = &mut self.single[from];
                if single.0 != self.core {
                    *single = (self.core, 0);
                }
                single.1 += 1;
            }
        }
    }

    fn population(&self, source: u32) -> usize {
        let at = self.starts.partition_point(|(first, _)| *first <= source as usize);
        self.starts[at - 1].1
    }
}

impl Columns {
    fn of(&self, neuron: usize) -> &[u32] {
        let at = neuron - self.first;
        &self.sources[self.offsets[at] as usize..self.offsets[at + 1] as usize]
    }

    /// Makes sure that a neuron's column is here: its own and those behind it, as many as may be held at a time.
    fn hold(&mut self, graph: &Graph<'_>, neuron: usize) {
        if neuron >= self.first && neuron + 1 < self.first + self.offsets.len() {
            return;
        }
        self.first = neuron;
        self.offsets.clear();
        self.offsets.push(0);
        let mut total = 0;
        for next in neuron..graph.neurons {
            let more = graph.named_fan_in(next);
            if total > 0 && total + more > AT_A_TIME {
                break;
            }
            total += more;
            self.offsets.push(total);
        }
        let end = neuron + self.offsets.len() - 1;
        self.sources.clear();
        self.sources.resize(total as usize, 0);
        let mut next: Vec<u64> = self.offsets[..end - neuron].to_vec();
        for (population, first) in graph.first_source.iter().enumerate() {
            let Some(first) = first else { continue };
            for source in 0..graph.net.populations[population].size {
                graph.targets(population, source, Some(&mut |_, _| {}), |target| {
                    let target = target as usize;
                    if (neuron..end).contains(&target) {
                        let at = &mut next[target - neuron];
                        self.sources[*at as usize] = (first + source) as u32;
                        *at += 1;
                    }
                });
            }
        }
    }
}
