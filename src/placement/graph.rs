//! A network as a chip would see it: which neurons need a place, whom a spike reaches, how many synapses a neuron has.

use crate::compile::{CompiledNetwork, Convolved, Places, Rows};
use crate::network::Coefficients;
use crate::neuron::Output;

/// A neuron that has no place, among those that have.
const NOWHERE: u32 = u32::MAX;

/// Neurons with a place are numbered through, population by population; so are sources, inputs included.
pub(super) struct Graph<'n> {
    pub(super) net: &'n CompiledNetwork,
    /// Populations that take neurons of the chip, ascending.
    pub(super) placed: Vec<usize>,
    /// Number of the first neuron of a population; absent without a place.
    pub(super) first: Vec<Option<usize>>,
    /// Neurons that need a place.
    pub(super) neurons: usize,
    /// Number of the first source of a population. Relays are no sources: they are looked through.
    pub(super) first_source: Vec<Option<usize>>,
    /// All sources.
    pub(super) sources: usize,
    /// Pools and the like, which keep no state and only pass on: their sources reach what they reach.
    relay: Vec<bool>,
    /// Projections by source population that are stored alone.
    outgoing: Vec<Vec<usize>>,
    /// Bundles by source population.
    bundles: Vec<Vec<usize>>,
    /// The neuron of each place of each shard.
    places: Vec<Vec<u32>>,
    /// Synapses onto each neuron that belong to kernels that could be shared.
    pub(super) kernel_fan_in: Vec<u32>,
    /// Synapses onto each neuron from populations that reach it whole.
    whole_fan_in: Vec<u32>,
    /// All other synapses onto each neuron.
    listed_fan_in: Vec<u32>,
}

/// A kernel that a population's neurons share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kernel {
    /// Weights of one channel's kernel.
    pub(super) weights: u64,
    /// Neurons of one channel.
    pub(super) cells: usize,
}

impl<'n> Graph<'n> {
    pub(super) fn new(net: &'n CompiledNetwork) -> Self {
        let relay = relays(net);
        let number = |counts: &dyn Fn(usize) -> bool| {
            let mut next = 0;
            let first: Vec<Option<usize>> = (0..net.populations.len())
                .map(|p| {
                    let at = next;
                    counts(p).then(|| {
                        next += net.populations[p].size;
                        at
                    })
                })
                .collect();
            (first, next)
        };
        let (first, neurons) = number(&|p| !net.populations[p].is_input() && !relay[p]);
        let (first_source, sources) = number(&|p| !relay[p]);
        let by_source = |of: &dyn Fn(&mut Vec<Vec<usize>>)| {
            let mut lists = vec![Vec::new(); net.populations.len()];
            of(&mut lists);
            lists
        };
        let outgoing = by_source(&|lists| {
            for (index, p) in net.projections.iter().enumerate().filter(|(_, p)| !matches!(p.rows, Rows::Bundled { .. })) {
                lists[p.from].push(index);
            }
        });
        let bundles = by_source(&|lists| {
            for (index, bundle) in net.bundles.iter().enumerate() {
                lists[bundle.from].push(index);
            }
        });
        let places = (0..net.shards.count())
            .map(|shard| {
                let of = |p: usize| net.shards.neurons(shard, p).map(move |n| (p, n));
                let number = |(p, n): (usize, usize)| first[p].map_or(NOWHERE, |first| (first + n) as u32);
                (0..net.populations.len()).flat_map(of).map(number).collect()
            })
            .collect();
        let mut graph = Self {
            net,
            placed: (0..net.populations.len()).filter(|p| first[*p].is_some()).collect(),
            first,
            neurons,
            first_source,
            sources,
            relay,
            outgoing,
            bundles,
            places,
            kernel_fan_in: vec![0; neurons],
            whole_fan_in: vec![0; neurons],
            listed_fan_in: vec![0; neurons],
        };
        graph.count_fan_in();
        graph
    }

    /// Synapses onto a neuron.
    pub(super) fn fan_in(&self, neuron: usize) -> u64 {
        u64::from(self.kernel_fan_in[neuron]) + self.own_fan_in(neuron)
    }

    /// Synapses onto a neuron with a weight of their own, wherever kernels are shared.
    pub(super) fn own_fan_in(&self, neuron: usize) -> u64 {
        u64::from(self.whole_fan_in[neuron]) + u64::from(self.listed_fan_in[neuron])
    }

    /// Synapses onto a neuron from sources that must be named one by one.
    pub(super) fn named_fan_in(&self, neuron: usize) -> u64 {
        u64::from(self.kernel_fan_in[neuron]) + u64::from(self.listed_fan_in[neuron])
    }

    /// The neurons of a population that has places.
    pub(super) fn range(&self, population: usize) -> std::ops::Range<usize> {
        let first = self.first[population].unwrap_or(0);
        first..first + self.net.populations[population].size
    }

    /// The population of a neuron.
    pub(super) fn population_of(&self, neuron: usize) -> usize {
        let at = self.placed.partition_point(|p| self.range(*p).start <= neuron);
        self.placed[at - 1]
    }

    /// Kernels onto a population.
    pub(super) fn kernels(&self, population: usize) -> Vec<Kernel> {
        self.convolutions(population)
            .map(|c| Kernel { weights: channel_weights(c), cells: (c.output[0] * c.output[1]).max(1) })
            .collect()
    }

    /// Convolutions onto a population.
    pub(super) fn convolutions(&self, population: usize) -> impl Iterator<Item = &'n Convolved> {
        self.net.projections.iter().filter(move |p| p.to == population).filter_map(|p| match &p.rows {
            Rows::Convolution(c) => Some(c),
            _ => None,
        })
    }

    /// Populations, not looked through, that have projections onto `population`, itself or through relays; ascending.
    pub(super) fn heard(&self, population: usize) -> Vec<usize> {
        let (mut heard, mut open, mut seen) = (Vec::new(), vec![population], vec![false; self.relay.len()]);
        while let Some(to) = open.pop() {
            for p in self.net.projections.iter().filter(|p| p.to == to) {
                if self.relay[p.from] {
                    if !std::mem::replace(&mut seen[p.from], true) {
                        open.push(p.from);
                    }
                } else {
                    heard.push(p.from);
                }
            }
        }
        heard.sort_unstable();
        heard.dedup();
        heard
    }

    /// Populations that `population` reaches whole: every neuron, or every one but itself.
    pub(super) fn reaches_whole(&self, population: usize) -> impl Iterator<Item = usize> {
        self.outgoing[population].iter().map(|p| &self.net.projections[*p]).filter_map(|p| {
            let whole = matches!(p.rows, Rows::Dense { .. } | Rows::Full { .. }) && !self.relay[p.to];
            whole.then_some(p.to)
        })
    }

    /// True where every neuron of a population reaches the same neurons, as often.
    pub(super) fn is_uniform(&self, population: usize) -> bool {
        let whole = |p: &usize| match &self.net.projections[*p].rows {
            Rows::Dense { .. } => true,
            Rows::Full { skip_self, .. } => !skip_self,
            _ => false,
        };
        self.bundles[population].is_empty()
            && self.outgoing[population].iter().all(|p| whole(p) && !self.relay[self.net.projections[*p].to])
    }

    /// True where a population has any connections.
    pub(super) fn reaches_any(&self, population: usize) -> bool {
        !self.bundles[population].is_empty() || !self.outgoing[population].is_empty()
    }

    /// Names the neuron at the end of every synapse of a source, one by one. `whole`, where given, is told instead of populations that are
    /// reached whole, and whether the source itself is left out.
    pub(super) fn targets(
        &self,
        population: usize,
        source: usize,
        mut whole: Option<&mut dyn FnMut(usize, bool)>,
        mut take: impl FnMut(u32),
    ) {
        for bundle in &self.bundles[population] {
            for (shard, places) in self.net.bundles[*bundle].shards.iter().zip(&self.places) {
                let row = shard.row(source);
                match &shard.targets {
                    Places::Narrow(targets) => targets[row].iter().for_each(|t| take(places[usize::from(*t)])),
                    Places::Wide(targets) => targets[row].iter().for_each(|t| take(places[*t as usize])),
                }
            }
        }
        for index in &self.outgoing[population] {
            let p = &self.net.projections[*index];
            match (self.first[p.to], &p.rows, &mut whole) {
                (Some(_), Rows::Dense { .. }, Some(whole)) => whole(p.to, false),
                (Some(_), Rows::Full { skip_self, .. }, Some(whole)) => whole(p.to, *skip_self),
                (Some(first), ..) => self.net.each_connection(p, source, &mut |c| take((first + c.target as usize) as u32)),
                (None, ..) if self.relay[p.to] => {
                    self.net.each_connection(p, source, &mut |c| self.through(p.to, c.target as usize, &mut take));
                }
                (None, ..) => {}
            }
        }
    }

    fn through(&self, relay: usize, neuron: usize, take: &mut dyn FnMut(u32)) {
        self.targets(relay, neuron, None, take);
    }

    fn count_fan_in(&mut self) {
        // What reaches a relay reaches its targets; relays come after those that feed them.
        let net = self.net;
        let mut onto_relay: Vec<Vec<u32>> =
            net.populations.iter().enumerate().map(|(p, n)| vec![0; if self.relay[p] { n.size } else { 0 }]).collect();
        let order = relay_order(net, &self.relay);
        for from in (0..net.populations.len()).filter(|p| !self.relay[*p]).chain(order) {
            let weight = std::mem::take(&mut onto_relay[from]);
            let of = |source: usize| weight.get(source).copied().unwrap_or(1);
            for index in &self.outgoing[from] {
                let p = &net.projections[*index];
                let (start, size) = (self.first[p.to], net.populations[p.to].size);
                let onto = match (&p.rows, start) {
                    (_, None) => &mut onto_relay[p.to][..],
                    (Rows::Dense { .. } | Rows::Full { .. }, Some(first)) if !self.relay[from] => {
                        &mut self.whole_fan_in[first..first + size]
                    }
                    (Rows::Convolution(_), Some(first)) => &mut self.kernel_fan_in[first..first + size],
                    (_, Some(first)) => &mut self.listed_fan_in[first..first + size],
                };
                if onto.len() < size {
                    continue;
                }
                if self.relay[from] || start.is_none() {
                    for source in 0..net.populations[from].size {
                        let weight = of(source);
                        net.each_connection(p, source, &mut |c| {
                            let n = &mut onto[c.target as usize];
                            *n = n.saturating_add(weight);
                        });
                    }
                } else {
                    let mut counts = vec![0u64; size];
                    p.rows.add_fan_in(net.populations[from].size, &mut counts);
                    onto.iter_mut().zip(counts).for_each(|(n, more)| *n = n.saturating_add(more.min(u64::from(u32::MAX)) as u32));
                }
            }
        }
        for bundle in &net.bundles {
            for (shard, places) in bundle.shards.iter().zip(&self.places) {
                let mut count = |place: usize| {
                    if let Some(n) = self.listed_fan_in.get_mut(places[place] as usize) {
                        *n += 1;
                    }
                };
                match &shard.targets {
                    Places::Narrow(targets) => targets.iter().for_each(|t| count(usize::from(*t))),
                    Places::Wide(targets) => targets.iter().for_each(|t| count(*t as usize)),
                }
            }
        }
    }
}

/// Weights of the kernel of one target channel; a pool has one.
fn channel_weights(c: &Convolved) -> u64 {
    match c.weights {
        Coefficients::One(_) => 1,
        _ => (c.channels[0] / c.groups * c.kernel[0] * c.kernel[1]) as u64,
    }
}

/// Populations that are looked through: those that only pass on what pools and single connections bring. On a chip they are the pooling of
/// the layer before, or are multiplied into the weights of the layer behind.
fn relays(net: &CompiledNetwork) -> Vec<bool> {
    let mut relay = vec![false; net.populations.len()];
    let passes = |p: usize| {
        let spec = net.populations[p].model.spec();
        spec.output == Output::Analog && spec.state_bytes == 0 && net.readout != Some(p)
    };
    let sparse = |rows: &Rows| match rows {
        Rows::Convolution(c) => c.groups == c.channels[0] && c.channels_of_group() == 1,
        Rows::Diagonal { .. } => true,
        _ => false,
    };
    loop {
        let next = (0..net.populations.len()).find(|&at| {
            let mut into = net.projections.iter().filter(|p| p.to == at).peekable();
            let leads_on = net.projections.iter().any(|p| p.from == at);
            !relay[at]
                && passes(at)
                && leads_on
                && into.peek().is_some()
                && into.all(|p| sparse(&p.rows) && p.bias.is_none() && (relay[p.from] || !passes(p.from)))
                && !net.stimuli.iter().any(|s| s.to == at)
        });
        match next {
            Some(at) => relay[at] = true,
            None => return relay,
        }
    }
}

/// Relays so ordered that each comes after the relays that feed it. There are no cycles among them: each was found to be one after them.
fn relay_order(net: &CompiledNetwork, relay: &[bool]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    loop {
        let ready = |at: &usize| {
            relay[*at]
                && !order.contains(at)
                && net.projections.iter().filter(|p| p.to == *at).all(|p| !relay[p.from] || order.contains(&p.from))
        };
        match (0..relay.len()).find(ready) {
            Some(at) => order.push(at),
            None => return order,
        }
    }
}
