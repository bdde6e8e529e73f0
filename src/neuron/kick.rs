//! A membrane lifted by hand to where its neuron spikes in the next tick.

/// What came of lifting a membrane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kick {
    /// By so much, in the unit of the membrane; 0 where the neuron is to spike anyway.
    Lifted(f64),
    /// Not at all: the neuron is refractory for so many ticks.
    Held(u32),
    /// Not at all: it has no membrane or no threshold, or nothing that its membrane is lifted to lasts to the threshold test.
    Unable,
}

/// The membrane, `v` or above, from which a tick ends at threshold: `end(v)` is the membrane at the tick's end and `fires` says whether it
/// spikes there. The map is a straight line within the reach of the search, as in every model between two spikes; the few last bits are
/// sought by doubling steps.
pub(super) fn lift(v: &mut f64, threshold: f64, end: impl Fn(f64) -> f64, fires: impl Fn(f64) -> bool) -> Kick {
    let before = *v;
    if fires(end(before)) {
        return Kick::Lifted(0.0);
    }
    let missing = threshold - end(before);
    let reach = missing.abs().max(1e-3);
    let slope = (end(before + reach) - end(before)) / reach;
    if !missing.is_finite() || slope.is_nan() || slope < 1e-9 {
        return Kick::Unable;
    }
    let mut lifted = before + missing / slope;
    // What rounding may have left is a few bits; where it is more, the line is none.
    let mut step = (lifted.abs() * f64::EPSILON).max(f64::MIN_POSITIVE);
    for _ in 0..40 {
        if fires(end(lifted)) {
            *v = lifted;
            return Kick::Lifted(lifted - before);
        }
        lifted += step;
        step *= 2.0;
    }
    Kick::Unable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifted_membrane_ends_at_threshold_and_no_higher() {
        for (decay, drive) in [(0.9, 0.0), (0.1, -3.0), (1.0, 0.5), (0.995, 1e-3)] {
            let end = |v: f64| -70.0 + (v + 70.0) * decay + drive;
            let mut v = -66.25;
            let kick = lift(&mut v, -55.0, end, |v| v >= -55.0);
            assert_eq!(kick, Kick::Lifted(v + 66.25));
            assert!(end(v) >= -55.0 && end(v) < -55.0 + 1e-11, "{}", end(v));
        }
        let mut v = -60.0;
        assert_eq!(lift(&mut v, -55.0, |_| -70.0, |v| v >= -55.0), Kick::Unable);
        assert_eq!(lift(&mut v, f64::INFINITY, |v| v, |v| v >= f64::INFINITY), Kick::Unable);
        assert_eq!((lift(&mut v, -61.0, |v| v, |v| v >= -61.0), v), (Kick::Lifted(0.0), -60.0));
    }
}
