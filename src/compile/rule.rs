//! Connection rules: who connects to whom, drawn by address.
//!
//! A rule names its connections one by one, in one order, always the same, or those onto some of the targets alone. The
//! place of a connection in that order is the address of its weight and delay.

use crate::diagnostic::{Diagnostic, Result};
use crate::network::{Connect, Projection};
use crate::numerics::{ln, ln_1p};
use crate::rng::{Purpose, Stream, below};
use std::collections::HashSet;
use std::ops::Range;

/// One connection, as a rule names it.
pub(super) struct Connection {
    /// Its place in the rule's order: the address of its weight and delay.
    pub(super) index: u64,
    pub(super) source: u32,
    pub(super) target: u32,
    pub(super) weight: Option<f64>,
    pub(super) delay_ms: Option<f64>,
}

/// A connection rule between two populations.
pub(super) struct Rule<'a> {
    p: &'a Projection,
    sizes: (usize, usize),
    skip_self: bool,
    stream: Stream,
}

impl<'a> Rule<'a> {
    /// The rule of a projection.
    ///
    /// # Errors
    /// Where it cannot be met.
    pub(super) fn new(p: &'a Projection, index: u32, sizes: (usize, usize), recurrent: bool, seed: u64) -> Result<Self> {
        let rule = Self { p, sizes, skip_self: recurrent && !p.allow_self, stream: Stream::new(seed, Purpose::Connect, index) };
        rule.check()?;
        Ok(rule)
    }

    /// Neurons on the side of the targets.
    pub(super) fn targets(&self) -> usize {
        self.sizes.1
    }

    /// Whether connections come with weights of their own.
    pub(super) fn brings_weights(&self) -> bool {
        match &self.p.connect {
            Connect::List(list) => list.iter().any(|c| c.2.is_some()),
            Connect::Dense(_) | Connect::Diagonal(_) | Connect::Convolution(_) => true,
            _ => false,
        }
    }

    /// Whether the rule can be met.
    fn check(&self) -> Result<()> {
        let at = |message: String| Err(Diagnostic::at(format!("projection.{}.connect", self.p.name), message).into());
        let (sources, targets) = (self.sizes.0 as u64, self.sizes.1 as u64);
        let self_pairs = u64::from(self.skip_self);
        let distinct = |wanted: u64, candidates: u64, what: &str| {
            if candidates == 0 && wanted > 0 {
                at(format!("there is no {what} to connect to"))
            } else if !self.p.allow_multiple && wanted > candidates {
                at(format!("{wanted} different {what}s are asked for, and there are {candidates}"))
            } else {
                Ok(())
            }
        };
        match self.p.connect {
            Connect::FixedIndegree(k) => distinct(u64::from(k), sources.saturating_sub(self_pairs), "source"),
            Connect::FixedOutdegree(k) => distinct(u64::from(k), targets.saturating_sub(self_pairs), "target"),
            Connect::FixedTotal(n) => distinct(n, sources * targets - self_pairs * sources.min(targets), "pair"),
            _ => Ok(()),
        }
    }

    /// Names every connection, in the rule's order.
    pub(super) fn each(&self, take: &mut dyn FnMut(Connection)) {
        self.each_onto(0..self.sizes.1 as u32, take);
    }

    /// Names every connection onto these targets, in the rule's order. A connection's index does not depend on the range.
    pub(super) fn each_onto(&self, onto: Range<u32>, take: &mut dyn FnMut(Connection)) {
        let sources = self.sizes.0 as u32;
        let all = self.sizes.1 as u64;
        let within = |t: u32| onto.contains(&t);
        let mut plain =
            |index: u64, source: u32, target: u32| take(Connection { index, source, target, weight: None, delay_ms: None });
        match &self.p.connect {
            Connect::AllToAll => {
                for s in 0..sources {
                    onto.clone()
                        .filter(|&t| !(self.skip_self && s == t))
                        .for_each(|t| plain(u64::from(s) * all + u64::from(t), s, t));
                }
            }
            Connect::OneToOne => onto.for_each(|i| plain(u64::from(i), i, i)),
            Connect::Diagonal(w) => onto.for_each(|i| {
                let weight = Some(w.at(i as usize));
                take(Connection { index: u64::from(i), source: i, target: i, weight, delay_ms: None });
            }),
            Connect::Dense(m) => {
                for target in onto {
                    for source in 0..sources {
                        let index = u64::from(target) * u64::from(sources) + u64::from(source);
                        let weight = Some(m.values.at(index as usize));
                        take(Connection { index, source, target, weight, delay_ms: None });
                    }
                }
            }
            Connect::Convolution(c) => c.each(onto, &mut |index, source, target, weight| {
                let weight = Some(c.weights.at(weight));
                take(Connection { index, source, target, weight, delay_ms: None });
            }),
            Connect::List(list) => {
                for (index, &(source, target, weight, delay_ms)) in (0..).zip(list).filter(|(_, c)| within(c.1)) {
                    take(Connection { index, source, target, weight, delay_ms });
                }
            }
            Connect::FixedProbability(p) => self.by_probability(*p, |index, s, t| {
                if within(t) {
                    plain(index, s, t);
                }
            }),
            Connect::FixedIndegree(k) => {
                let mut partners = Partners::default();
                for t in onto {
                    let first = u64::from(t) * u64::from(*k);
                    for (index, &s) in (first..).zip(partners.draw(self, t, *k, sources)) {
                        plain(index, s, t);
                    }
                }
            }
            Connect::FixedOutdegree(k) => {
                let mut partners = Partners::default();
                for s in 0..sources {
                    let first = u64::from(s) * u64::from(*k);
                    for (index, &t) in (first..).zip(partners.draw(self, s, *k, all as u32)) {
                        if within(t) {
                            plain(index, s, t);
                        }
                    }
                }
            }
            Connect::FixedTotal(n) if self.p.allow_multiple => {
                let mut partners = Partners::default();
                let (ends, in_degree) = self.in_degrees(*n);
                for t in onto {
                    let k = in_degree[t as usize];
                    let first = ends[t as usize] - u64::from(k);
                    for (index, &s) in (first..).zip(partners.draw(self, t, k, sources)) {
                        plain(index, s, t);
                    }
                }
            }
            Connect::FixedTotal(n) => self.by_total(*n, |index, s, t| {
                if within(t) {
                    plain(index, s, t);
                }
            }),
        }
    }

    /// So many pairs drawn with repetition: every pair is as likely, so the targets' in-degrees are multinomial with like chances, and
    /// each connection's source is drawn apart. Gives where each target's connections end, and how many they are.
    fn in_degrees(&self, n: u64) -> (Vec<u64>, Vec<u32>) {
        let targets = self.sizes.1;
        let mut in_degree = vec![0u32; targets];
        // Draws of their own, beyond those of every target.
        const LANE: u64 = 1 << 63;
        let mut words = [0u32; 1024];
        let mut at = 0;
        while at < n {
            self.stream.fill(LANE | (at / 2), &mut words);
            let here = (n - at).min(words.len() as u64 / 2) as usize;
            for pair in words.chunks_exact(2).take(here) {
                let word = u64::from(pair[0]) | u64::from(pair[1]) << 32;
                in_degree[below(word, targets as u64) as usize] += 1;
            }
            at += here as u64;
        }
        let ends = in_degree.iter().scan(0, |end, k| {
            *end += u64::from(*k);
            Some(*end)
        });
        (ends.collect(), in_degree)
    }

    /// Every pair with probability p: the gaps between hits in a row are geometric, so that a row costs its hits alone.
    fn by_probability(&self, p: f64, mut hit: impl FnMut(u64, u32, u32)) {
        if p <= 0.0 {
            return;
        }
        let log_miss = ln_1p(-p);
        let mut index = 0;
        for s in 0..self.sizes.0 as u64 {
            let mut t = 0u64;
            for draw in 0.. {
                if p < 1.0 {
                    let gap = ln(1.0 - self.stream.uniform(s << 32 | draw)) / log_miss;
                    t = t.saturating_add(gap as u64);
                }
                if t >= self.sizes.1 as u64 {
                    break;
                }
                if !(self.skip_self && s == t) {
                    hit(index, s as u32, t as u32);
                    index += 1;
                }
                t += 1;
            }
        }
    }

    /// So many different pairs in all.
    fn by_total(&self, n: u64, mut hit: impl FnMut(u64, u32, u32)) {
        let (sources, targets) = (self.sizes.0 as u64, self.sizes.1 as u64);
        let mut seen = HashSet::new();
        let mut at = 0;
        for index in 0..n {
            loop {
                let pair = self.stream.below(at, sources * targets);
                at += 1;
                let (s, t) = (pair / targets, pair % targets);
                if !(self.skip_self && s == t) && seen.insert(pair) {
                    hit(index, s as u32, t as u32);
                    break;
                }
            }
        }
    }
}

/// The partners of one neuron, drawn among the other side.
#[derive(Default)]
struct Partners {
    drawn: Vec<u32>,
    all: Vec<u32>,
    /// The round in which a partner was last drawn, where none may be drawn twice.
    seen: Vec<u32>,
    round: u32,
}

impl Partners {
    fn draw(&mut self, rule: &Rule<'_>, of: u32, count: u32, among: u32) -> &[u32] {
        let address = |attempt: u64| u64::from(of) << 32 | attempt;
        self.drawn.clear();
        if rule.p.allow_multiple || u64::from(count) * 4 < u64::from(among) {
            // Few of many: draw, and draw again what may not be. Two partners share a draw, one 64-bit word each.
            if !rule.p.allow_multiple {
                self.seen.resize(among as usize, 0);
                self.round += 1;
            }
            let mut words = [0u32; 256];
            let mut next = 0;
            while self.drawn.len() < count as usize {
                let wanted = ((count as usize - self.drawn.len()) * 2).next_multiple_of(4).min(words.len());
                rule.stream.fill(address(next), &mut words[..wanted]);
                next += wanted as u64 / 4;
                for pair in words[..wanted].chunks_exact(2) {
                    let partner = below(u64::from(pair[0]) | u64::from(pair[1]) << 32, u64::from(among)) as u32;
                    if self.drawn.len() == count as usize || rule.skip_self && partner == of {
                        continue;
                    }
                    if !rule.p.allow_multiple && std::mem::replace(&mut self.seen[partner as usize], self.round) == self.round {
                        continue;
                    }
                    self.drawn.push(partner);
                }
            }
        } else {
            // Many of them: the start of a shuffle (Fisher and Yates).
            self.all.clear();
            self.all.extend((0..among).filter(|&partner| !(rule.skip_self && partner == of)));
            for k in 0..count as usize {
                let left = (self.all.len() - k) as u64;
                let pick = k + rule.stream.below(address(k as u64), left) as usize;
                self.all.swap(k, pick);
            }
            self.drawn.extend_from_slice(&self.all[..count as usize]);
        }
        &self.drawn
    }
}
