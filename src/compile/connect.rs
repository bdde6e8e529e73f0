//! Projections that are stored alone → rows; and where weights and delays come from.
//!
//! A rule is walked once to count each row and once to fill it, so nothing is held twice. Weight and delay of connection `i` in that order are draw `i` of the projection's streams.

use super::convolved::Convolved;
use super::rule::{Connection, Rule};
use super::{Delays, MAX_DELAY_TICKS, MatrixRows, Rows};
use crate::diagnostic::{Diagnostic, Result};
use crate::network::{Coefficients, Connect, Delay, Projection};
use crate::neuron::Values;
use crate::rng::{Purpose, Stream};

/// Makes the rows of a projection between populations of these sizes. Delays are below `limit` ticks.
pub(super) fn rows(
    p: &Projection,
    index: u32,
    sizes: (usize, usize),
    recurrent: bool,
    dt_ms: f64,
    seed: u64,
    limit: u32,
) -> Result<Rows> {
    let skip_self = recurrent && !p.allow_self;
    let delay = DelaySource::within(p, index, dt_ms, seed, limit)?;
    if let (Some(delay), Values::One(weight)) = (delay.one(), &p.weight.0) {
        match &p.connect {
            Connect::AllToAll => return Ok(Rows::Full { targets: sizes.1, weight: *weight, delay, skip_self }),
            Connect::OneToOne => return Ok(Rows::Diagonal { weights: Coefficients::One(*weight), delay }),
            _ => {}
        }
    }
    if let Some(delay) = delay.one() {
        match &p.connect {
            Connect::Dense(m) => {
                let at = |source: usize, target: usize| m.values.at(target * m.sources + source);
                return Ok(Rows::Dense { matrix: MatrixRows::new(m.sources, m.targets, at), delay });
            }
            Connect::Convolution(c) => return Ok(Rows::Convolution(Convolved::new(c, delay))),
            Connect::Diagonal(weights) => return Ok(Rows::Diagonal { weights: weights.narrow(), delay }),
            _ => {}
        }
    }
    let rule = Rule::new(p, index, sizes, recurrent, seed)?;
    let weight = WeightSource::new(p, index, seed);
    let mut offsets = vec![0u64; sizes.0 + 1];
    rule.each(&mut |c| offsets[c.source as usize + 1] += 1);
    for s in 0..sizes.0 {
        offsets[s + 1] += offsets[s];
    }
    let total = offsets[sizes.0] as usize;
    let mut next = offsets.clone();
    let mut targets = vec![0u32; total];
    let one_weight = matches!(p.weight.0, Values::One(_)) && !rule.brings_weights();
    let mut weights = vec![0.0f64; if one_weight { 0 } else { total }];
    let mut delays = vec![0u32; if delay.one().is_some() { 0 } else { total }];
    let mut wrong = None;
    rule.each(&mut |c| {
        let at = next[c.source as usize] as usize;
        next[c.source as usize] += 1;
        targets[at] = c.target;
        if !one_weight {
            weights[at] = weight.of(&c);
        }
        if !delays.is_empty() {
            match delay.ticks(c.index, c.delay_ms) {
                Ok(ticks) => delays[at] = ticks,
                Err(complaint) => wrong = wrong.take().or(Some(complaint)),
            }
        }
    });
    if let Some(complaint) = wrong {
        return Err(complaint.into());
    }
    sort_rows(&offsets, &mut targets, &mut weights, &mut delays);
    let weights = match &p.weight.0 {
        Values::One(w) if one_weight => Coefficients::One(*w),
        _ => Coefficients::from_each(weights),
    };
    let delays = delay.one().map_or_else(|| Delays::from_each(delays), Delays::One);
    Ok(Rows::Sparse { offsets, targets, weights, delays })
}

/// Sorts each row by target; connections of one pair keep their order.
fn sort_rows(offsets: &[u64], targets: &mut [u32], weights: &mut [f64], delays: &mut [u32]) {
    for row in offsets.windows(2) {
        let (start, end) = (row[0] as usize, row[1] as usize);
        if targets[start..end].is_sorted() {
            continue;
        }
        let mut order: Vec<usize> = (start..end).collect();
        order.sort_by_key(|&i| targets[i]);
        fn permute<T: Copy>(order: &[usize], start: usize, values: &mut [T]) {
            if !values.is_empty() {
                let sorted: Vec<T> = order.iter().map(|&i| values[i]).collect();
                values[start..start + sorted.len()].copy_from_slice(&sorted);
            }
        }
        permute(&order, start, weights);
        permute(&order, start, delays);
        permute(&order, start, targets);
    }
}

/// Where weights come from.
pub(super) struct WeightSource<'a> {
    p: &'a Projection,
    stream: Stream,
}

impl<'a> WeightSource<'a> {
    pub(super) fn new(p: &'a Projection, index: u32, seed: u64) -> Self {
        Self { p, stream: Stream::new(seed, Purpose::Weight, index) }
    }

    /// The weight of a connection.
    pub(super) fn of(&self, c: &Connection) -> f64 {
        c.weight.unwrap_or_else(|| match &self.p.weight.0 {
            Values::One(w) => *w,
            Values::Each(w) => w[c.index as usize],
            Values::Drawn(distribution) => distribution.draw(&self.stream, c.index),
        })
    }
}

/// Where delays come from.
pub(super) struct DelaySource<'a> {
    p: &'a Projection,
    stream: Stream,
    dt_ms: f64,
    limit: u32,
    one: Option<u32>,
}

impl<'a> DelaySource<'a> {
    pub(super) fn new(p: &'a Projection, index: u32, dt_ms: f64, seed: u64) -> Result<Self> {
        Self::within(p, index, dt_ms, seed, MAX_DELAY_TICKS)
    }

    /// Of delays below `limit` ticks.
    fn within(p: &'a Projection, index: u32, dt_ms: f64, seed: u64, limit: u32) -> Result<Self> {
        let mut source = Self { p, stream: Stream::new(seed, Purpose::Delay, index), dt_ms, limit, one: None };
        let brings = matches!(&p.connect, Connect::List(list) if list.iter().any(|c| c.3.is_some()));
        source.one = match &p.delay {
            Delay::Ticks(ticks) => Some(*ticks),
            Delay::Ms(Values::One(ms)) if !brings => Some(source.rounded(*ms)?),
            Delay::Ms(_) => None,
        };
        Ok(source)
    }

    /// The delay of all connections, where they share one.
    pub(super) fn one(&self) -> Option<u32> {
        self.one
    }

    /// The delay of connection `index`.
    pub(super) fn ticks(&self, index: u64, own_ms: Option<f64>) -> std::result::Result<u32, Diagnostic> {
        let ms = match (&self.p.delay, own_ms) {
            (_, Some(ms)) => ms,
            (Delay::Ms(Values::One(ms)), None) => *ms,
            (Delay::Ms(Values::Each(ms)), None) => ms[index as usize],
            // A drawn delay below one tick is one tick, as NEST clips it.
            (Delay::Ms(Values::Drawn(distribution)), None) => distribution.draw(&self.stream, index).max(self.dt_ms),
            (Delay::Ticks(ticks), None) => return Ok(*ticks),
        };
        self.rounded(ms)
    }

    /// The shortest and the longest delay that a connection could have, as far as ticks go.
    pub(super) fn range(&self) -> (u32, u32) {
        let among =
            |ms: &mut dyn Iterator<Item = f64>| ms.fold((f64::INFINITY, 0.0f64), |(low, high), ms| (low.min(ms), high.max(ms)));
        let (low, high) = match &self.p.delay {
            Delay::Ticks(ticks) => return (*ticks, *ticks),
            Delay::Ms(Values::One(ms)) => (*ms, *ms),
            Delay::Ms(Values::Each(ms)) => among(&mut ms.iter().copied()),
            Delay::Ms(Values::Drawn(distribution)) => {
                let (low, high) = distribution.bounds();
                (low.max(self.dt_ms), high.max(self.dt_ms))
            }
        };
        let own = match &self.p.connect {
            Connect::List(list) => among(&mut list.iter().filter_map(|c| c.3)),
            _ => (low, high),
        };
        let ticks = |ms: f64| (ms / self.dt_ms).round().clamp(0.0, f64::from(self.limit - 1)) as u32;
        (ticks(low.min(own.0)), ticks(high.max(own.1)))
    }

    fn rounded(&self, ms: f64) -> std::result::Result<u32, Diagnostic> {
        let ticks = (ms / self.dt_ms).round();
        let at = || format!("projection.{}.delay", self.p.name);
        if ticks < 1.0 && ms > 0.0 {
            return Err(Diagnostic::at(at(), format!("{ms} ms is less than half a tick of {} ms", self.dt_ms))
                .help("use a smaller dt, or a delay of at least one tick"));
        }
        if ticks > f64::from(self.limit - 1) {
            return Err(Diagnostic::at(at(), format!("{ms} ms is {ticks} ticks; fewer than {} are possible", self.limit)));
        }
        Ok(ticks as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Weight;
    use crate::neuron::Distribution;
    use proptest::prelude::*;

    fn projection(connect: Connect, allow_self: bool, allow_multiple: bool) -> Projection {
        Projection {
            name: "p".into(),
            from: "a".into(),
            to: "a".into(),
            connect,
            weight: Weight(Values::Drawn(Distribution::uniform(0.0, 1.0))),
            delay: Delay::Ms(Values::Drawn(Distribution::uniform(0.1, 3.0))),
            allow_self,
            allow_multiple,
            bias: None,
        }
    }

    fn pairs(rows: &Rows) -> Vec<(u32, u32)> {
        let Rows::Sparse { offsets, targets, .. } = rows else { panic!("sparse rows expected") };
        (0..offsets.len() - 1)
            .flat_map(|s| targets[offsets[s] as usize..offsets[s + 1] as usize].iter().map(move |&t| (s as u32, t)))
            .collect()
    }

    proptest! {
        #[test]
        fn rules_keep_their_word(n in 1usize..40, k in 0u32..60, which in 0..4, allow_self: bool, allow_multiple: bool, seed: u64) {
            let connect = match which {
                0 => Connect::FixedIndegree(k),
                1 => Connect::FixedOutdegree(k),
                2 => Connect::FixedTotal(u64::from(k)),
                _ => Connect::FixedProbability(f64::from(k) / 60.0),
            };
            let p = projection(connect.clone(), allow_self, allow_multiple);
            let candidates = n as u64 - u64::from(!allow_self);
            let possible = match which {
                0 | 1 => k == 0 || (candidates > 0 && (allow_multiple || u64::from(k) <= candidates)),
                2 => k == 0 || (candidates > 0 && (allow_multiple || u64::from(k) <= candidates * n as u64)),
                _ => true,
            };
            let made = rows(&p, 0, (n, n), true, 0.1, seed, MAX_DELAY_TICKS);
            prop_assert_eq!(made.is_ok(), possible);
            let Ok(made) = made else { return Ok(()) };
            prop_assert_eq!(&made, &rows(&p, 0, (n, n), true, 0.1, seed, MAX_DELAY_TICKS).expect("possible as before"));
            let pairs = pairs(&made);
            prop_assert!(allow_self || pairs.iter().all(|(s, t)| s != t));
            prop_assert!(pairs.is_sorted());
            if !allow_multiple || which == 3 {
                prop_assert!(pairs.windows(2).all(|w| w[0] != w[1]));
            }
            for i in 0..n as u32 {
                match which {
                    0 => prop_assert_eq!(pairs.iter().filter(|(_, t)| *t == i).count(), k as usize),
                    1 => prop_assert_eq!(pairs.iter().filter(|(s, _)| *s == i).count(), k as usize),
                    2 => prop_assert_eq!(pairs.len(), k as usize),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn probability_is_met_on_average() {
        let p = projection(Connect::FixedProbability(0.1), true, false);
        let made = rows(&p, 0, (400, 400), true, 0.1, 5, MAX_DELAY_TICKS).expect("possible");
        let expected = 16_000.0f64;
        assert!((made.synapses(400) as f64 - expected).abs() < 5.0 * (expected * 0.9).sqrt());
    }
}
