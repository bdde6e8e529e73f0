//! When a membrane reaches threshold by itself: searches that cannot hang and cannot miss.
//!
//! On a grid ([`first_tick`]) an interval is left out only where a bound says that nothing in it can reach threshold. On `[a, b]`
//! with `−v'' ≤ M`, `v ≤ max(v(a), v(b)) + M (b − a)² / 8`: the chord, and the most that a curve can bulge over it. The left half goes first,
//! so the first tick is found first. An interval of one tick is a look, so a search of h ticks takes at most 2 h looks.
//!
//! In continuous time ([`first_crossing`]) the membrane is cut where it turns, and each piece, on which it only rises or only falls, is
//! asked once. Where it turns follows from what drives it: for `v' = −u/τ + F(t)`, u = v − v∞, the function `e^(t/τ) v'` has the slope
//! `e^(t/τ) F'`, so between the zeros of F' it only rises or only falls, and v' changes its sign at most once. F' is a sum of (polynomial ×
//! exponential), whose zeros are found the same way (Rolle's theorem, by induction: [`zeros`]). No step subtracts what is nearly
//! equal when a synapse is nearly as slow as the membrane.

use crate::numerics::{exp, ln};

/// What rounding may take from a comparison of a bound with a threshold.
fn slack(threshold: f64) -> f64 {
    1e-12 * (1.0 + threshold.abs())
}

/// The longest search of [`first_tick`], ticks.
pub(super) const MOST_TICKS: u32 = 256;

/// The first of the ticks `1..=ticks` (at most [`MOST_TICKS`]) at which a membrane that starts as `start` reaches the threshold, to within
/// rounding: it may be named where the membrane stays below by less than 10⁻¹² of it, and is to be looked at again then.
///
/// `advance` moves a state on by so many ticks, `v` is its membrane, and `bend` bounds −v'' times the square of a tick's length, at that state
/// and all later ones.
pub(super) fn first_tick<S: Copy>(
    start: S,
    ticks: u32,
    threshold: f64,
    advance: impl Fn(S, u32) -> S,
    v: impl Fn(S) -> f64,
    bend: impl Fn(S) -> f64,
) -> Option<u32> {
    if !threshold.is_finite() {
        return None;
    }
    let threshold = threshold - slack(threshold);
    // Halving 256 ticks leaves at most nine intervals waiting.
    let mut waiting = [(0, start, 0, start); 12];
    waiting[0] = (0, start, ticks.min(MOST_TICKS), advance(start, ticks.min(MOST_TICKS)));
    let mut last = 1;
    while last > 0 {
        last -= 1;
        let (a, from, b, to) = waiting[last];
        let length = f64::from(b - a);
        if v(from).max(v(to)) + bend(from) * length * length / 8.0 < threshold {
            continue;
        }
        if b - a == 1 {
            if v(to) >= threshold {
                return Some(b);
            }
            continue;
        }
        let middle = a + (b - a) / 2;
        let between = advance(from, middle - a);
        // Where the middle is above, the first one is not behind it.
        if v(between) < threshold {
            waiting[last] = (middle, between, b, to);
            last += 1;
        }
        waiting[last] = (a, from, middle, between);
        last += 1;
    }
    None
}

/// The first time in `[0, horizon]` at which u reaches `threshold`.
///
/// `u` is the membrane above v∞ and `slope` its derivative, both to full relative precision; `turns` are the zeros of the drive's slope in
/// (0, horizon), ascending.
pub(super) fn first_crossing(
    u: impl Fn(f64) -> f64,
    slope: impl Fn(f64) -> f64,
    turns: &[f64],
    threshold: f64,
    horizon: f64,
) -> Option<f64> {
    let above = |t: f64| u(t) - threshold;
    let mut from = (0.0, above(0.0));
    if from.1 >= 0.0 {
        return Some(0.0);
    }
    let mut rises = slope(0.0);
    // Asks the piece from the last point to `t`, which has no turn in it.
    let mut ask = |t: f64| {
        let to = (t, above(t));
        if to.1 >= 0.0 {
            return Some(last_bits(&above, &slope, from, to));
        }
        from = to;
        None
    };
    let mut last = 0.0;
    for knot in turns.iter().copied().chain([horizon]) {
        let rises_then = slope(knot);
        if (rises < 0.0 && rises_then > 0.0) || (rises > 0.0 && rises_then < 0.0) {
            // At a turn the membrane is flat: twelve digits of its time give all digits of its height.
            let turn = root(&slope, (last, rises), (knot, rises_then), knot * 1e-12);
            if let Some(found) = ask(turn) {
                return Some(found);
            }
        }
        if let Some(found) = ask(knot) {
            return Some(found);
        }
        // A slope of exactly zero says nothing; the sign before it still stands.
        if rises_then != 0.0 {
            (last, rises) = (knot, rises_then);
        }
    }
    None
}

/// The root of a rising function between `from` (below zero) and `to`, with a last step of Newton's.
fn last_bits(f: &impl Fn(f64) -> f64, slope: &impl Fn(f64) -> f64, from: (f64, f64), to: (f64, f64)) -> f64 {
    if to.1 == 0.0 {
        return to.0;
    }
    let t = root(f, from, to, to.0 * f64::EPSILON);
    let better = t - f(t) / slope(t);
    // Newton's step may only polish; beside a turn, where the slope vanishes, it would leap.
    if (better - t).abs() <= 1e-6 * to.0 { better.clamp(from.0, to.0) } else { t }
}

/// A root of `f` between two points at which its signs differ, to within `tolerance`.
///
/// ITP (Oliveira & Takahashi, ACM Trans. Math. Softw. 47:5, 2020): never more than one evaluation beyond those of halving, ⌈log2(width / 2 tolerance)⌉,
/// and a handful where f is smooth.
fn root(f: &impl Fn(f64) -> f64, from: (f64, f64), to: (f64, f64), tolerance: f64) -> f64 {
    let sign = if to.1 > 0.0 { 1.0 } else { -1.0 };
    let ((mut a, mut fa), (mut b, mut fb)) = ((from.0, sign * from.1), (to.0, sign * to.1));
    let tolerance = tolerance.max(f64::MIN_POSITIVE);
    let halvings = ((b - a) / (2.0 * tolerance)).max(1.0).log2().ceil();
    let k1 = 0.2 / (b - a);
    let mut reach = tolerance * (halvings + 1.0).exp2();
    while b - a > 2.0 * tolerance {
        let middle = a + (b - a) / 2.0;
        if middle <= a || middle >= b {
            break;
        }
        let radius = (reach - (b - a) / 2.0).max(0.0);
        let secant = (fb * a - fa * b) / (fb - fa);
        let towards = if middle >= secant { 1.0 } else { -1.0 };
        let step = k1 * (b - a) * (b - a);
        let truncated = if step <= (middle - secant).abs() { secant + towards * step } else { middle };
        let x = if (truncated - middle).abs() <= radius { truncated } else { middle - towards * radius };
        // Anything that is not a number, or outside, is the middle.
        let x = if x > a && x < b { x } else { middle };
        let fx = sign * f(x);
        if fx > 0.0 {
            (b, fb) = (x, fx);
        } else if fx < 0.0 {
            (a, fa) = (x, fx);
        } else {
            return x;
        }
        reach /= 2.0;
    }
    a + (b - a) / 2.0
}

/// `(c + d t) e^(−rate t)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Term {
    pub(super) c: f64,
    pub(super) d: f64,
    pub(super) rate: f64,
}

/// The zeros of a sum of terms in (0, horizon) at which it changes its sign, ascending.
///
/// Divided by the slowest term's exponential, which changes no zero, the sum is `c + d t + Σ (c_j + d_j t) e^(−δ_j t)` with all δ_j > 0. Its derivative has one
/// coefficient fewer and is of the same kind, so its zeros are found first; between them the sum rises or falls, and has one zero
/// where its signs differ. N coefficients have at most N − 1 zeros and take at most N²/2 roots.
pub(super) fn zeros(terms: &[Term], horizon: f64) -> Vec<f64> {
    let mut sum: Vec<Term> = Vec::with_capacity(terms.len());
    for term in terms.iter().filter(|t| t.c != 0.0 || t.d != 0.0) {
        match sum.iter_mut().find(|other| other.rate == term.rate) {
            Some(other) => (other.c, other.d) = (other.c + term.c, other.d + term.d),
            None => sum.push(*term),
        }
    }
    sum.retain(|t| t.c != 0.0 || t.d != 0.0);
    sum.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    let within = |t: f64| t > 0.0 && t < horizon;
    match sum[..] {
        [] => return Vec::new(),
        [one] => return if one.d == 0.0 { Vec::new() } else { [-one.c / one.d].into_iter().filter(|t| within(*t)).collect() },
        [a, b] if a.d == 0.0 && b.d == 0.0 => {
            let ratio = -b.c / a.c;
            // Where the ratio is 0 or below, or no number, the logarithm is none either, and nothing is within.
            return [ln(ratio) / (b.rate - a.rate)].into_iter().filter(|t| within(*t)).collect();
        }
        _ => {}
    }
    let slowest = sum[0].rate;
    sum.iter_mut().for_each(|t| t.rate -= slowest);
    let value = |t: f64| sum.iter().map(|s| (s.c + s.d * t) * exp(-s.rate * t)).sum::<f64>();
    let derivative: Vec<Term> = sum.iter().map(|s| Term { c: s.d - s.rate * s.c, d: -s.rate * s.d, rate: s.rate }).collect();
    let mut found = Vec::new();
    let mut from = (0.0, value(0.0));
    for knot in zeros(&derivative, horizon).into_iter().chain([horizon]) {
        let to = (knot, value(knot));
        if (from.1 < 0.0 && to.1 > 0.0) || (from.1 > 0.0 && to.1 < 0.0) {
            found.push(root(&value, from, to, knot * 1e-14));
        }
        // A sum of exactly zero says nothing; the sign before it still stands.
        if to.1 != 0.0 {
            from = to;
        }
    }
    found
}
