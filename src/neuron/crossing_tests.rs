//! Crossings held to dense scanning.

use super::crossing::*;
use super::currents::{Bounds, CurrentShape, Flight};
use super::lif_alpha::Alpha;
use super::lif_exp::Exponential;
use crate::rng::{Purpose, Stream};
use proptest::prelude::*;

/// A random membrane under synapses of either sign, with time constants far apart, equal or nearly.
fn flight<S: CurrentShape>(draw: &mut impl FnMut(f64, f64) -> f64, kind: u32) -> Flight<S> {
    let tau_m = draw(2.0, 30.0);
    let tau_ex = match kind {
        0 => tau_m,
        1 => tau_m * (1.0 + 1e-9),
        2 => tau_m * (1.0 - 1e-4),
        _ => draw(0.2, 40.0),
    };
    let tau_in = match kind {
        3 => tau_ex,
        4 => tau_m,
        5 => tau_ex * (1.0 + 1e-8),
        _ => draw(0.2, 40.0),
    };
    let membrane = [tau_m, tau_ex, tau_in, draw(50.0, 300.0)];
    let mut synapses = [S::of_current(draw(-500.0, 2000.0)), S::of_current(draw(-2000.0, 500.0))];
    synapses[0].add(draw(-500.0, 2000.0), tau_ex);
    synapses[1].add(draw(-2000.0, 500.0), tau_in);
    if kind == 11 {
        // A membrane that only falls, so that nothing but its threshold's sinking can make a peak.
        return Flight { u: draw(0.0, 10.0), synapses: [S::of_current(0.0); 2], membrane };
    }
    Flight { u: draw(-15.0, 10.0), synapses, membrane }
}

/// u less what the threshold is lifted by.
fn height<S: CurrentShape>(flight: &Flight<S>, lift: Option<(f64, f64)>, t: f64) -> f64 {
    flight.at(t).u - lift.map_or(0.0, |(theta, tau)| theta * crate::numerics::exp(-t / tau))
}

/// The ceiling that a scan of `points` points finds, and the first point at or above `threshold`.
fn scan<S: CurrentShape>(
    flight: &Flight<S>,
    lift: Option<(f64, f64)>,
    horizon: f64,
    points: u32,
    threshold: f64,
) -> (f64, Option<f64>) {
    let mut highest = f64::NEG_INFINITY;
    let mut first = None;
    for k in 0..=points {
        let t = horizon * f64::from(k) / f64::from(points);
        let u = height(flight, lift, t);
        highest = highest.max(u);
        if u >= threshold && first.is_none() {
            first = Some(t);
        }
    }
    (highest, first)
}

fn neither_missed_nor_false<S: CurrentShape>(
    seed: u64,
    kind: u32,
    near: f64,
    horizon: f64,
    lifted: bool,
) -> Result<bool, TestCaseError> {
    const POINTS: u32 = 4000;
    let stream = Stream::new(seed, Purpose::Init, 0);
    let mut at = 0;
    let mut draw = |low: f64, high: f64| {
        at += 1;
        low + (high - low) * stream.uniform(at)
    };
    let flight: Flight<S> = flight(&mut draw, kind);
    let tau_theta = if kind == 6 { flight.membrane[0] } else { draw(1.0, 200.0) };
    let lift = lifted.then_some((draw(-3.0, 8.0), tau_theta));
    // A threshold anywhere, or a hair beside the highest point that a scan sees.
    let threshold = if near == 0.0 { draw(-10.0, 15.0) } else { scan(&flight, lift, horizon, POINTS, f64::INFINITY).0 + near };
    let found = flight.crossing(threshold, lift, horizon);
    let (_, seen) = scan(&flight, lift, horizon, POINTS, threshold);
    match (found, seen) {
        (None, Some(t)) => prop_assert!(false, "missed at {t}: {} over {threshold}", height(&flight, lift, t)),
        (None, None) => {}
        (Some(t), seen) => {
            let error = 1e-11 * (1.0 + threshold.abs());
            let u = height(&flight, lift, t);
            prop_assert!(t == 0.0 && u >= threshold || (u - threshold).abs() < error, "at {t}: {u}, {threshold}");
            prop_assert!(seen.is_none_or(|seen| t <= seen * (1.0 + 1e-12)), "{t} is after {seen:?}");
            for k in 0..if t == 0.0 { 0 } else { POINTS } {
                let before = t * f64::from(k) / f64::from(POINTS);
                prop_assert!(height(&flight, lift, before) < threshold + error, "{before} was above, {t} is named");
            }
        }
    }
    Ok(found.is_some())
}

/// The first tick at which a grid would see the threshold reached, which is lifted by theta and sinks.
fn first_tick_is_first<S: CurrentShape>(seed: u64, kind: u32, near: f64, lifted: bool) -> Result<bool, TestCaseError> {
    let stream = Stream::new(seed, Purpose::Init, 1);
    let mut at = 0;
    let mut draw = |low: f64, high: f64| {
        at += 1;
        low + (high - low) * stream.uniform(at)
    };
    let flight: Flight<S> = flight(&mut draw, kind);
    let dt = [0.05, 0.1, 1.0][(draw(0.0, 3.0)) as usize];
    let lift = lifted.then_some((draw(0.0, 60.0), draw(1.0, 50.0)));
    let heights: Vec<f64> = (1..=MOST_TICKS).map(|k| height(&flight, lift, f64::from(k) * dt)).collect();
    let threshold = if near == 0.0 { draw(-10.0, 15.0) } else { heights.iter().fold(f64::NEG_INFINITY, |a, b| a.max(*b)) + near };
    let (theta, tau) = lift.unwrap_or((0.0, 1.0));
    let bend = |(s, theta): (Flight<S>, f64)| {
        let [tau_m, tau_ex, tau_in, c] = s.membrane;
        let bounds = [Bounds::new(tau_m, tau_ex, c), Bounds::new(tau_m, tau_in, c)];
        let both = || s.synapses.iter().zip(&bounds);
        let below = (-s.u).max(0.0) + both().map(|(s, b)| s.least(b)).sum::<f64>();
        let membrane = below / (tau_m * tau_m) + both().map(|(s, b)| s.bend(b)).sum::<f64>() / c;
        (membrane + theta / (tau * tau)) * dt * dt
    };
    let looks = std::cell::Cell::new(0);
    let advance = |(s, theta): (Flight<S>, f64), k: u32| {
        looks.set(looks.get() + 1);
        let t = f64::from(k) * dt;
        (s.at(t), theta * crate::numerics::exp(-t / tau))
    };
    let found = first_tick((flight, theta), MOST_TICKS, threshold, advance, |(s, theta)| s.u - theta, bend);
    prop_assert!(looks.get() <= 2 * MOST_TICKS, "{} looks", looks.get());
    let expected = heights.iter().position(|u| *u >= threshold).map(|k| k as u32 + 1);
    if found != expected {
        // Only rounding may tell them apart.
        let close = |k: Option<u32>| k.is_none_or(|k| (heights[k as usize - 1] - threshold).abs() < 1e-10);
        prop_assert!(found < expected && found.is_some() || expected.is_none() || close(expected), "{found:?}, {expected:?}");
        prop_assert!(close(found), "{found:?} is false, {expected:?}");
    }
    Ok(found.is_some())
}

const NEAR: [f64; 6] = [0.0, 0.0, 1e-12, -1e-10, -1e-6, 1e-7];

proptest! {
    #[test]
    fn crossings_are_neither_missed_nor_false(seed: u64, kind in 0u32..12, near in 0usize..6, horizon in 0.1f64..300.0, lifted: bool) {
        neither_missed_nor_false::<Exponential>(seed, kind, NEAR[near], horizon, lifted)?;
        neither_missed_nor_false::<Alpha>(seed, kind, NEAR[near], horizon, lifted)?;
    }

    #[test]
    fn the_first_tick_is_the_first(seed: u64, kind in 0u32..12, near in 0usize..6, lifted: bool) {
        first_tick_is_first::<Exponential>(seed, kind, NEAR[near], lifted)?;
        first_tick_is_first::<Alpha>(seed, kind, NEAR[near], lifted)?;
    }

    #[test]
    fn zeros_are_where_the_sign_changes(seed: u64, terms in 1usize..4, flat: bool) {
        let stream = Stream::new(seed, Purpose::Init, 2);
        let draw = |at: usize| 2.0 * stream.uniform(at as u64) - 1.0;
        let sum: Vec<Term> = (0..terms)
            .map(|k| Term { c: draw(3 * k), d: if flat { 0.0 } else { draw(3 * k + 1) }, rate: 1.0 + 0.9 * draw(3 * k + 2) })
            .collect();
        let value = |t: f64| sum.iter().map(|s| (s.c + s.d * t) * crate::numerics::exp(-s.rate * t)).sum::<f64>();
        let found = zeros(&sum, 10.0);
        prop_assert!(found.is_sorted());
        let mut expected = Vec::new();
        for k in 0..20_000 {
            let (a, b) = (f64::from(k) * 5e-4, f64::from(k + 1) * 5e-4);
            if value(a) * value(b) < 0.0 {
                expected.push((a, b));
            }
        }
        for (a, b) in expected {
            prop_assert!(found.iter().any(|t| (a..=b).contains(t)), "between {a} and {b}: {found:?}");
        }
        for t in found {
            let (before, after) = (value(t - 1e-9 * (1.0 + t)), value(t + 1e-9 * (1.0 + t)));
            prop_assert!(before * after < 0.0 || before.abs().min(after.abs()) < 1e-14, "{t}: {before} {after}");
        }
    }
}

#[test]
fn the_scans_see_crossings() {
    let found =
        |kind, near| (0..200).filter(|s| neither_missed_nor_false::<Alpha>(*s, kind, near, 100.0, false).expect("equal")).count();
    assert!(found(0, 0.0) > 20 && found(7, 0.0) > 20 && found(7, -1e-10) > 20, "{}", found(7, -1e-10));
    let ticks = (0..200).filter(|s| first_tick_is_first::<Exponential>(*s, 9, -1e-6, false).expect("equal")).count();
    assert!(ticks > 20, "{ticks}");
}
