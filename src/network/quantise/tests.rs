#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::network::{Coefficients, Connect, Convolution, Delay, Matrix, Projection, Weight};
use crate::neuron::{Distribution, model_by_name, semantics_by_name};
use proptest::prelude::*;

/// Every rule that rounds numbers.
const RULES: &[WeightRule] = &[
    WeightRule::Scaled { levels: 127 },
    WeightRule::Scaled { levels: 7 },
    WeightRule::Scaled { levels: 3 },
    WeightRule::PowerOfTwo { levels: 255 },
    WeightRule::SignAndMean,
    WeightRule::SignOrZero,
    WeightRule::FewValues { values: 4, levels: 255 },
];

fn population(name: &str, model: &str, size: usize, params: &[(&str, f64)]) -> Population {
    let params = params.iter().map(|(name, value)| ((*name).into(), Values::One(*value))).collect();
    Population {
        name: name.into(),
        size,
        shape: vec![size],
        model: model_by_name(model).unwrap(),
        params,
        init: Default::default(),
    }
}

fn projection(connect: Connect) -> Projection {
    Projection::new("w", "in", "out", connect, Delay::Ticks(0))
}

/// A layer of IF neurons of snnTorch's kind: each input is added as it is.
fn layer(sources: usize, weights: &[f64], bias: Option<Vec<f64>>) -> Network {
    let targets = weights.len() / sources;
    let mut network = Network::new("layer");
    network.unitless = true;
    network.semantics = semantics_by_name("nir-unit").unwrap();
    network.populations = vec![population("in", "input", sources, &[]), population("out", "if", targets, &[("v_th", 1.0)])];
    let values = Coefficients::Double(weights.to_vec());
    network.projections = vec![Projection { bias, ..projection(Connect::Dense(Matrix { targets, sources, values })) }];
    network
}

fn rounded(weights: &[f64], rule: WeightRule) -> Vec<f64> {
    let network = layer(weights.len(), weights, None);
    let made = quantise(&network, &Precision { weights: rule, state_bits: None }, 1.0);
    weights::given(&made.network.projections[0]).unwrap()
}

fn rms(given: &[f64], rounded: &[f64]) -> f64 {
    given.iter().zip(rounded).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}

/// Weights of any size, some of them zero.
fn any_weights(least: usize) -> impl Strategy<Value = Vec<f64>> {
    let weight = prop_oneof![1 => Just(0.0), 9 => -1.0f64..1.0];
    (prop::collection::vec(weight, least..60), -12i32..12)
        .prop_map(|(w, size)| w.into_iter().map(|w| w * 2f64.powi(size)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// A rounded network is as it is, by every rule; what is zero stays so; signs stay.
    #[test]
    fn rounding_twice_is_rounding_once_and_zero_is_zero(weights in any_weights(1)) {
        for &rule in RULES {
            let once = rounded(&weights, rule);
            prop_assert_eq!(&rounded(&once, rule), &once, "{:?}", rule);
            for (before, after) in weights.iter().zip(&once) {
                prop_assert!(*after == 0.0 || before.signum() == after.signum(), "{:?}: {} became {}", rule, before, after);
            }
        }
    }

    /// No weight moves by more than half a step on a grid, and the report says by how much.
    #[test]
    fn no_weight_moves_by_more_than_half_a_step(weights in any_weights(1), levels in 1u32..300) {
        for rule in [WeightRule::Scaled { levels }, WeightRule::PowerOfTwo { levels }] {
            let network = layer(weights.len(), &weights, None);
            let made = quantise(&network, &Precision { weights: rule, state_bits: None }, 1.0);
            let (error, after) = (&made.projections[0], weights::given(&made.network.projections[0]).unwrap());
            let worst = weights.iter().zip(&after).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            prop_assert!(worst <= 0.5 * error.step * (1.0 + 1e-6), "{} of {}", worst, error.step);
            prop_assert_eq!(worst, error.largest);
            prop_assert!(error.rms <= error.largest * (1.0 + 1e-12));
            prop_assert!(after.iter().all(|w| w.abs() / error.step < f64::from(levels) + 0.5));
            let lost = weights.iter().zip(&after).filter(|(a, b)| **a != 0.0 && **b == 0.0).count() as u64;
            prop_assert_eq!((error.lost, error.weights), (lost, weights.len() as u64));
        }
    }

    /// A bit more holds every value of a grid of powers of two and those between, so that no weight is worse off.
    #[test]
    fn more_bits_are_never_worse(weights in any_weights(1), bits in 2u32..14) {
        let of = |bits: u32| rounded(&weights, WeightRule::PowerOfTwo { levels: (1 << (bits - 1)) - 1 });
        let (fewer, more) = (of(bits), of(bits + 1));
        for (w, (fewer, more)) in weights.iter().zip(fewer.iter().zip(&more)) {
            prop_assert!((w - more).abs() <= (w - fewer).abs(), "{}: {} and {}", w, fewer, more);
        }
    }

    /// Scaled grids of more bits are other grids, not finer ones; two bits more are better all the same where there are weights enough.
    #[test]
    fn more_bits_are_better_on_scaled_grids(seed in prop::collection::vec(-1.0f64..1.0, 200), bits in 3u32..12) {
        let of = |bits: u32| rms(&seed, &rounded(&seed, WeightRule::Scaled { levels: (1 << (bits - 1)) - 1 }));
        prop_assert!(of(bits + 1) < of(bits));
        // Three levels, sign or zero, are better than two.
        prop_assert!(of(3) < rms(&seed, &rounded(&seed, WeightRule::SignOrZero)));
        prop_assert!(rms(&seed, &rounded(&seed, WeightRule::SignOrZero)) < rms(&seed, &rounded(&seed, WeightRule::SignAndMean)));
    }

    /// The unit of weights does not matter.
    #[test]
    fn rounding_knows_no_units(weights in any_weights(1), power in -20i32..20) {
        let unit = 2f64.powi(power);
        for &rule in RULES {
            let scaled: Vec<f64> = weights.iter().map(|w| w * unit).collect();
            let expected: Vec<f64> = rounded(&weights, rule).iter().map(|w| w * unit).collect();
            prop_assert_eq!(rounded(&scaled, rule), expected, "{:?}", rule);
        }
    }

    /// No neuron has more values than the chip has, and on the chip they are whole numbers.
    #[test]
    fn few_values_are_few(weights in prop::collection::vec(-1.0f64..1.0, 48)) {
        let network = layer(16, &weights, None);
        let precision = Precision { weights: WeightRule::FewValues { values: 4, levels: 255 }, state_bits: None };
        let made = quantise(&network, &precision, 1.0);
        let after = weights::given(&made.network.projections[0]).unwrap();
        for neuron in after.chunks(16) {
            let mut values: Vec<f64> = neuron.iter().copied().filter(|w| *w != 0.0).collect();
            values.sort_by(f64::total_cmp);
            values.dedup();
            prop_assert!(values.len() <= 4, "{:?}", values);
            let whole = |w: &f64| (w / made.projections[0].step).fract() == 0.0;
            prop_assert!(values.iter().all(whole), "{:?}", values);
        }
    }

    /// Loihi's integers are weights, thresholds and biases in one scale, and the report's errors are those of the weights.
    #[test]
    fn loihi_s_registers_hold_the_network(
        weights in prop::collection::vec(-1.0f64..1.0, 12),
        threshold in 0.2f64..4.0,
        bias in prop::collection::vec(-0.3f64..0.3, 3),
    ) {
        let mut network = layer(4, &weights, Some(bias.clone()));
        network.populations[1].params.insert("v_th".into(), Values::One(threshold));
        let made = quantise(&network, &Precision { weights: WeightRule::Loihi, state_bits: None }, 1.0);
        prop_assert_eq!(made.network.populations[1].model.spec().name, "loihi_lif");
        prop_assert!(made.notes.is_empty(), "{:?}", made.notes);
        let register = |name: &str, i: usize| match &made.network.populations[1].params[name] {
            Values::One(v) => *v,
            Values::Each(all) => all[i],
            Values::Drawn(_) => unreachable!(),
        };
        let exponent = register("weight_exp", 0);
        let mantissas = weights::given(&made.network.projections[0]).unwrap();
        let both = weights.iter().any(|w| *w > 0.0) && weights.iter().any(|w| *w < 0.0);
        prop_assert!(mantissas.iter().all(|m| m.abs() <= 255.0 && m.fract() == 0.0 && (!both || m % 2.0 == 0.0)), "{:?}", mantissas);
        prop_assert!(mantissas.iter().any(|m| m.abs() >= 254.0), "the largest weight takes the largest mantissa");
        // One weight tells the scale: its mantissa, shifted, over itself.
        let strongest = weights.iter().map(|w| w.abs()).fold(0.0, f64::max);
        let scale = if both { 254.0 } else { 255.0 } * 64.0 * 2f64.powf(exponent) / strongest;
        for (w, m) in weights.iter().zip(&mantissas) {
            let back = m * 64.0 * 2f64.powf(exponent) / scale;
            prop_assert!((w - back).abs() <= made.projections[0].largest * (1.0 + 1e-9) + 1e-15);
            prop_assert!((w - back).abs() <= 0.5 * made.projections[0].step * (1.0 + 1e-9));
        }
        prop_assert!((register("v_th", 0) * 64.0 - threshold * scale).abs() <= 32.0);
        for (i, b) in bias.iter().enumerate() {
            let (mantissa, exponent) = (register("bias_mant", i), register("bias_exp", i));
            prop_assert!((mantissa * 2f64.powf(exponent) - b * scale).abs() <= 0.5 * 2f64.powf(exponent) + 0.5);
        }
        prop_assert_eq!((register("decay_u", 0), register("decay_v", 0)), (4096.0, 0.0));
        prop_assert!(made.network.projections[0].bias.is_none());
        prop_assert_eq!(made.network.validate().map_err(|w| w.to_string()), Ok(()));
    }
}

#[test]
fn half_a_step_goes_to_the_even_one() {
    let grid = Grid { step: 0.5, levels: 100.0 };
    assert_eq!([0.25, 0.75, 1.25, -0.25, -0.75, 60.0].map(|v| grid.round(v)), [0.0, 1.0, 1.0, 0.0, -1.0, 50.0]);
}

#[test]
fn weights_are_found_wherever_a_projection_keeps_them() {
    let of = |connect: Connect, weight: Values| {
        let p = Projection { weight: Weight(weight), ..projection(connect) };
        weights::given(&p)
    };
    let kernel = Convolution {
        channels_in: 1,
        channels_out: 2,
        input: [1, 3],
        output: [1, 2],
        kernel: [1, 2],
        stride: [1, 1],
        padding: [0, 0],
        dilation: [1, 1],
        groups: 1,
        weights: Coefficients::Single(vec![1.0, 2.0, 3.0, 4.0]),
    };
    let pool = Convolution { weights: Coefficients::One(0.25), ..kernel.clone() };
    assert_eq!(weights::neuron_of(&projection(Connect::Convolution(kernel.clone())), 2), 1);
    assert_eq!(of(Connect::Convolution(kernel), Values::One(1.0)), Some(vec![1.0, 2.0, 3.0, 4.0]));
    assert_eq!(of(Connect::Convolution(pool), Values::One(1.0)), None);
    assert_eq!(of(Connect::OneToOne, Values::One(1.0)), None);
    assert_eq!(of(Connect::OneToOne, Values::One(0.5)), Some(vec![0.5]));
    assert_eq!(of(Connect::Diagonal(Coefficients::Double(vec![0.5, 2.0])), Values::One(1.0)), Some(vec![0.5, 2.0]));
    let pairs = vec![(0, 0, Some(2.0), None), (0, 1, None, None), (1, 1, Some(3.0), None)];
    assert_eq!(of(Connect::List(pairs.clone()), Values::One(7.0)), Some(vec![2.0, 3.0, 7.0]));
    let mut list = projection(Connect::List(pairs));
    weights::put(&mut list, vec![4.0, 5.0, 6.0]);
    assert_eq!(weights::given(&list), Some(vec![4.0, 5.0, 6.0]));
    let drawn = Projection {
        weight: Weight(Values::Drawn(Distribution::uniform(0.0, 1.0))),
        ..projection(Connect::FixedProbability(0.5))
    };
    assert_eq!(weights::given(&drawn), None);
    assert!(weights::left(&drawn).unwrap().contains("drawn"));
}

#[test]
fn state_in_few_bits_is_in_steps_of_the_weights() {
    let network = layer(2, &[1.27, -0.64, 0.3, 0.1], Some(vec![0.123, -0.016]));
    let precision = Precision { weights: WeightRule::Scaled { levels: 127 }, state_bits: Some(16) };
    let made = quantise(&network, &precision, 1.0);
    let step = made.projections[0].step;
    assert!((step - 0.01).abs() < 1e-8, "{step}");
    let bias = made.network.projections[0].bias.as_ref().unwrap();
    assert_eq!(bias.iter().map(|b| (b / step * 1e6).round() / 1e6).collect::<Vec<_>>(), [12.0, -2.0]);
    let Values::One(threshold) = made.network.populations[1].params["v_th"] else { panic!("one for all") };
    assert!((threshold / step - 100.0).abs() < 1e-9, "{threshold}");
    assert!(made.notes.is_empty(), "{:?}", made.notes);
}

#[test]
fn what_the_chip_does_otherwise_is_told() {
    let mut network = layer(2, &[0.5, 0.25, -0.5, 1.0], None);
    network.semantics = semantics_by_name("nir-unit,reset=subtract").unwrap();
    let made = quantise(&network, &Precision { weights: WeightRule::Loihi, state_bits: None }, 1.0);
    assert!(made.notes[0].contains("takes its threshold off"), "{:?}", made.notes);
    // A model that the chip has not keeps its neurons and gets the weights alone.
    network.populations[1].model = model_by_name("threshold").unwrap();
    let made = quantise(&network, &Precision { weights: WeightRule::Loihi, state_bits: None }, 1.0);
    assert!(made.notes[0].contains("no neuron like the model threshold"), "{:?}", made.notes);
    assert_eq!((made.network.populations[1].model.spec().name, made.projections.len()), ("threshold", 1));
    assert!((weights::given(&made.network.projections[0]).unwrap()[3] - 1.0).abs() < 1e-6);
}
