//! Rules → bundles: every shard walks the connections onto its own neurons twice, to count and to fill.

use super::MAX_DELAY_TICKS;
use super::bundle::{Bundle, BundleShard, Member, Places, ShardWeights, Sign, WeightKind};
use super::connect::{DelaySource, WeightSource};
use super::memory::connections;
use super::rule::Rule;
use super::shards::Shards;
use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use crate::network::Projection;
use crate::neuron::Values;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// A member while its bundle is made.
struct Source<'a> {
    p: &'a Projection,
    to: usize,
    rule: Rule<'a>,
    weight: WeightSource<'a>,
    delay: DelaySource<'a>,
}

/// Makes the bundle of some projections (their places in the network, and themselves) from one population. `units` are those of
/// the populations.
#[allow(clippy::too_many_arguments)]
pub(super) fn bundle(
    from: usize,
    kind: WeightKind,
    members: &[(usize, &Projection, usize)],
    sizes: &[usize],
    shards: &Shards,
    units: &[f64],
    dt_ms: f64,
    seed: u64,
) -> Result<Bundle> {
    let mut wrong = Diagnostics::new();
    let mut sources = Vec::with_capacity(members.len());
    for &(index, p, to) in members {
        let rule = wrong.take(Rule::new(p, index as u32, (sizes[from], sizes[to]), from == to, seed));
        let delay = wrong.take(DelaySource::new(p, index as u32, dt_ms, seed));
        if let (Some(rule), Some(delay)) = (rule, delay) {
            sources.push(Source { p, to, rule, weight: WeightSource::new(p, index as u32, seed), delay });
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let made: Vec<Result<BundleShard>> = (0..shards.count())
        .into_par_iter()
        .map(|shard| Builder { sources: &sources, from: sizes[from], kind, shards, shard, units }.build())
        .collect();
    let made = made.into_iter().collect::<Result<Vec<_>>>()?;
    let used = || made.iter().flat_map(|s| s.used.iter().copied());
    Ok(Bundle {
        from,
        kind,
        min_delay: used().min().unwrap_or(1),
        max_delay: used().max().unwrap_or(1),
        members: members
            .iter()
            .map(|&(projection, p, to)| Member {
                projection,
                to,
                weight: if let Values::One(w) = p.weight.0 { w } else { f64::NAN },
            })
            .collect(),
        shards: made.into_iter().map(Arc::new).collect(),
    })
}

struct Builder<'a> {
    sources: &'a [Source<'a>],
    /// Source neurons.
    from: usize,
    kind: WeightKind,
    shards: &'a Shards,
    shard: usize,
    units: &'a [f64],
}

impl Builder<'_> {
    /// Walks all connections onto the shard twice: to count each class of each row, and to fill them.
    fn build(&self) -> Result<BundleShard> {
        let delays = self.sources.iter().map(|s| s.delay.range());
        let (low, high) = delays.fold((u32::MAX, 0), |(low, high), (l, h)| (low.min(l), high.max(h)));
        let low = low.min(high);
        let classes = (high - low + 1) as usize;
        // An index of more entries than connections is not worth its memory.
        let expected: f64 = self.sources.iter().map(|s| connections(s.p, self.from as f64, s.rule.targets() as f64)).sum();
        let loose = (self.from * classes) as f64 > 2.0 * expected / self.shards.count() as f64 + 4096.0 && classes > 1;
        let stride = if loose { 1 } else { classes };
        let mut fan_out = vec![vec![0u32; self.from]; self.sources.len()];
        let mut index = vec![0u32; self.from * stride + 1];
        let mut used = vec![false; classes];
        let mut wrong: Option<Diagnostic> = None;
        for (member, source) in self.sources.iter().enumerate() {
            let (counts, one) = (&mut fan_out[member], source.delay.one());
            source.rule.each_onto(self.onto(source), &mut |c| {
                counts[c.source as usize] += 1;
                match one.map_or_else(|| source.delay.ticks(c.index, c.delay_ms), Ok) {
                    Ok(ticks) => {
                        let class = (ticks - low) as usize;
                        used[class] = true;
                        index[c.source as usize * stride + if loose { 0 } else { class } + 1] += 1;
                    }
                    Err(complaint) => wrong = wrong.take().or(Some(complaint)),
                }
            });
        }
        let total: u64 = fan_out.iter().flatten().map(|n| u64::from(*n)).sum();
        if total >= u64::from(u32::MAX) {
            let message = format!(
                "{total} connections from one population onto one thread's neurons; fewer than {} are possible",
                u32::MAX
            );
            wrong = wrong
                .or(Some(Diagnostic::at(format!("projection.{}", self.sources[0].p.name), message).help("use more threads")));
        }
        if let Some(complaint) = wrong {
            return Err(complaint.into());
        }
        let total = total as usize;
        for at in 1..index.len() {
            index[at] += index[at - 1];
        }
        let places = self.shards.places(self.shard);
        let mut fill = Fill {
            next: index.clone(),
            targets: Places::new(places, total),
            weights: match self.kind {
                WeightKind::One => ShardWeights::One,
                WeightKind::Units => ShardWeights::Units(vec![0; total]),
                WeightKind::Given => ShardWeights::Given(vec![0.0; total]),
            },
            delays: loose.then(|| vec![0u16; total]),
        };
        let mut waiting = Waiting::new(index.len() - 1);
        for source in self.sources {
            let onto = self.onto(source);
            let base = self.shards.base(self.shard, source.to) as u32;
            let (first, one, unit) = (onto.start, source.delay.one(), self.units[source.to]);
            source.rule.each_onto(onto, &mut |c| {
                let ticks =
                    one.unwrap_or_else(|| source.delay.ticks(c.index, c.delay_ms).expect("the first walk found no wrong delay"));
                let class = if loose { 0 } else { (ticks - low) as usize };
                let weight = match self.kind {
                    WeightKind::One => 0.0,
                    WeightKind::Units => source.weight.of(&c) / unit,
                    WeightKind::Given => source.weight.of(&c),
                };
                let row = (c.source as usize * stride + class) as u32;
                waiting.put(Placed { row, place: c.target - first + base, weight, ticks }, &mut fill);
            });
        }
        waiting.flush(&mut fill);
        let Fill { targets, weights, delays: own_delays, .. } = fill;
        let mut made = BundleShard {
            first_delay: low,
            classes: stride as u32,
            index,
            targets,
            weights,
            delays: own_delays,
            used: (low..=high).filter(|d| used[(d - low) as usize]).collect(),
            fan_out,
            nonzero: None,
            sign: Sign::Positive,
        };
        made.sort();
        made.sign = made.signs(self.sources);
        made.nonzero = made.count_nonzero(&|| self.sources.iter().map(|s| s.to), self.shards, self.shard);
        Ok(made)
    }

    fn onto(&self, source: &Source<'_>) -> Range<u32> {
        let range = self.shards.neurons(self.shard, source.to);
        range.start as u32..range.end as u32
    }
}

/// A connection on its way to its place.
#[derive(Clone, Copy)]
struct Placed {
    /// Its row and class in the index.
    row: u32,
    place: u32,
    /// In units, or as given.
    weight: f64,
    ticks: u32,
}

/// The arrays of a shard while they are filled.
struct Fill {
    /// Where the next connection of each row and class goes.
    next: Vec<u32>,
    targets: Places,
    weights: ShardWeights,
    delays: Option<Vec<u16>>,
}

impl Fill {
    fn put(&mut self, c: Placed) {
        let next = &mut self.next[c.row as usize];
        let at = *next as usize;
        *next += 1;
        self.targets.set(at, c.place);
        match &mut self.weights {
            ShardWeights::One => {}
            ShardWeights::Units(units) => units[at] = c.weight.round() as i32,
            ShardWeights::Given(weights) => weights[at] = c.weight,
        }
        if let Some(delays) = &mut self.delays {
            delays[at] = c.ticks as u16;
        }
    }
}

/// Connections that wait for others of nearby rows: rules name them target by target, and writing each to its row at once would miss
/// every cache. They keep their order.
struct Waiting {
    groups: Vec<Vec<Placed>>,
    rows_a_group: usize,
}

impl Waiting {
    const GROUPS: usize = 128;
    const PATIENCE: usize = 512;

    fn new(rows: usize) -> Self {
        let rows_a_group = rows.div_ceil(Self::GROUPS).max(1);
        Self { groups: (0..rows.div_ceil(rows_a_group)).map(|_| Vec::with_capacity(Self::PATIENCE)).collect(), rows_a_group }
    }

    fn put(&mut self, c: Placed, fill: &mut Fill) {
        let group = &mut self.groups[c.row as usize / self.rows_a_group];
        group.push(c);
        if group.len() == Self::PATIENCE {
            group.drain(..).for_each(|c| fill.put(c));
        }
    }

    fn flush(self, fill: &mut Fill) {
        self.groups.into_iter().flatten().for_each(|c| fill.put(c));
    }
}

impl BundleShard {
    /// Sorts each class by place; connections of one pair keep their order.
    fn sort(&mut self) {
        for at in 0..self.index.len() - 1 {
            let range = self.index[at] as usize..self.index[at + 1] as usize;
            let sorted = match &self.targets {
                Places::Narrow(t) => t[range.clone()].is_sorted(),
                Places::Wide(t) => t[range.clone()].is_sorted(),
            };
            if sorted {
                continue;
            }
            let mut order: Vec<usize> = range.clone().collect();
            order.sort_by_key(|&i| self.targets.at(i));
            fn permute<T: Copy>(order: &[usize], start: usize, values: &mut [T]) {
                let sorted: Vec<T> = order.iter().map(|&i| values[i]).collect();
                values[start..start + sorted.len()].copy_from_slice(&sorted);
            }
            match &mut self.weights {
                ShardWeights::One => {}
                ShardWeights::Units(w) => permute(&order, range.start, w),
                ShardWeights::Given(w) => permute(&order, range.start, w),
            }
            if let Some(delays) = &mut self.delays {
                permute(&order, range.start, delays);
            }
            match &mut self.targets {
                Places::Narrow(t) => permute(&order, range.start, t),
                Places::Wide(t) => permute(&order, range.start, t),
            }
        }
    }

    fn signs(&self, sources: &[Source<'_>]) -> Sign {
        let of = |negative: usize, all: usize| match negative {
            0 => Sign::Positive,
            n if n == all => Sign::Negative,
            _ => Sign::Mixed,
        };
        match &self.weights {
            ShardWeights::One => {
                let negative = sources.iter().filter(|s| matches!(s.p.weight.0, Values::One(w) if w < 0.0)).count();
                of(negative, sources.len())
            }
            ShardWeights::Units(w) => of(w.iter().filter(|w| **w < 0).count(), w.len()),
            ShardWeights::Given(w) => of(w.iter().filter(|w| **w < 0.0).count(), w.len()),
        }
    }

    /// Connections of each member and source with a weight other than zero, where some are zero; `to` names the members' populations.
    pub(super) fn count_nonzero<I: Iterator<Item = usize>>(
        &self,
        to: &dyn Fn() -> I,
        shards: &Shards,
        shard: usize,
    ) -> Option<Vec<Vec<u32>>> {
        let zero = |i: usize| match &self.weights {
            ShardWeights::One => false,
            ShardWeights::Units(w) => w[i] == 0,
            ShardWeights::Given(w) => w[i] == 0.0,
        };
        let connections = *self.index.last().expect("an index has an end") as usize;
        if matches!(self.weights, ShardWeights::One) || !(0..connections).any(zero) {
            return None;
        }
        let mut nonzero = self.fan_out.clone();
        for source in 0..self.fan_out[0].len() {
            for i in self.row(source).filter(|&i| zero(i)) {
                let member = member_of(self.targets.at(i), to(), shards, shard);
                nonzero[member][source] -= 1;
            }
        }
        Some(nonzero)
    }
}

/// The member whose target population has a place, among members with these target populations.
pub(super) fn member_of(place: u32, to: impl Iterator<Item = usize>, shards: &Shards, shard: usize) -> usize {
    to.enumerate()
        .find(|(_, to)| {
            let base = shards.base(shard, *to);
            (base..base + shards.neurons(shard, *to).len()).contains(&(place as usize))
        })
        .map_or(0, |(member, _)| member)
}

const _: () = assert!(MAX_DELAY_TICKS <= 1 << 16, "delays of connections are kept in 16 bits");
