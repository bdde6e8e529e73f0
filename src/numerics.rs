//! Transcendental functions with the same bits on every platform.
//!
//! The standard library's `exp` and `ln` call the platform's C library, whose last bit differs between systems and
//! versions; results here are a contract, so all of them go through this one door (the crate `libm`, pure Rust).

/// Runs a computation compiled for the widest vectors of this processor, as far as all that it calls is inlined.
///
/// Results are the same bits on every processor: operations are those written, in the order written, and never fused.
#[inline]
pub fn vectorised<R>(compute: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(compute)
}

/// e to the power of `x`.
#[must_use]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// `exp(x) - 1`, exact also for small `x`.
#[must_use]
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// The natural logarithm.
#[must_use]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// `ln(1 + x)`, exact also for small `x`.
#[must_use]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// The cosine of `x` radians.
#[must_use]
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// The probability that a standard normal number is below `x`.
#[must_use]
pub fn normal_below(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// `(e^x − 1) / x`, and 1 at 0: what a rate acting on itself over a step adds to it. Without branches and calls, so that loops over it
/// become vector code. Relative error below 1e-14 for finite `x` up to 700; above, the value of 700.
///
/// With x = n ln 2 + r and |r| ≤ ln 2 / 2, `e^x − 1 = 2ⁿ (e^r − 1) + (2ⁿ − 1)`, which does not cancel near 0, where n = 0; `(e^r − 1) / r`
/// is its Taylor sum to r¹¹, short by less than r¹²/13! < 5e-16.
#[inline]
#[must_use]
pub fn phi1(x: f64) -> f64 {
    // 1.5 · 2⁵²: a number added to it is rounded to a whole one, which then stands in the lowest bits.
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    // ln 2 in two parts; the upper has zeros at its end, so that n times it is exact (Cody & Waite, 1980).
    const LN_2: (f64, f64) = (6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10);
    // 1 / (k + 1)!
    const TERMS: [f64; 12] = {
        let mut terms = [1.0; 12];
        let mut k = 1;
        while k < 12 {
            terms[k] = terms[k - 1] / (k + 1) as f64;
            k += 1;
        }
        terms
    };
    let near = x.clamp(-700.0, 700.0);
    let shifted = near * std::f64::consts::LOG2_E + WHOLE;
    let n = shifted - WHOLE;
    let r = (near - n * LN_2.0) - n * LN_2.1;
    let mut sum = TERMS[11];
    for k in (0..11).rev() {
        sum = sum * r + TERMS[k];
    }
    let power = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1.0f64.to_bits()));
    let grown = power * (r * sum) + (power - 1.0);
    if x == 0.0 { 1.0 } else { grown / if x > 700.0 { near } else { x } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_normal_distribution_has_its_quantiles() {
        for (x, p) in [(0.0, 0.5), (1.959_963_984_540_054, 0.975), (-1.281_551_565_544_600_5, 0.1), (-40.0, 0.0), (40.0, 1.0)] {
            assert!((normal_below(x) - p).abs() < 1e-15, "{x}");
        }
    }

    #[test]
    fn phi1_is_right_at_its_edges() {
        assert_eq!(phi1(0.0), 1.0);
        assert_eq!(phi1(f64::MIN_POSITIVE), 1.0);
        assert_eq!(phi1(-1e6), 1e-6);
        assert!(phi1(1e6).is_finite());
    }

    proptest! {
        #[test]
        fn phi1_is_expm1_over_its_argument(x in prop_oneof![-700.0..700.0, -1.0..1.0, -1e-6..1e-6]) {
            let expected = if x == 0.0 { 1.0 } else { exp_m1(x) / x };
            prop_assert!((phi1(x) / expected - 1.0).abs() < 1e-14, "{} and {}", phi1(x), expected);
        }
    }
}
