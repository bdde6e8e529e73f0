use super::*;
use crate::network::{Activation, Coefficients, Convolution, DenseLayer, DenseMatrix, DenseWeights};
use proptest::prelude::*;

fn layer(name: &str, weight: &[&[f32]], bias: &[f32], activation: Activation) -> DenseLayer {
    let values = weight.concat();
    let weight = DenseWeights::Matrix(DenseMatrix { targets: weight.len(), sources: weight[0].len(), values });
    DenseLayer { name: name.into(), weight, bias: bias.to_vec(), activation }
}

fn network(layers: Vec<DenseLayer>) -> DenseNetwork {
    DenseNetwork { source: "test".into(), layers, notes: Vec::new() }
}

#[test]
fn a_small_network_is_computed_and_counted_by_hand() {
    let network = network(vec![
        layer("a", &[&[1.0, -1.0, 0.0], &[2.0, 0.0, 1.0]], &[0.0, -1.0], Activation::Relu),
        layer("b", &[&[1.0, 1.0], &[0.0, 3.0]], &[], Activation::Identity),
    ]);
    let run = run(&network, &[[1.0, 2.0, 0.0], [0.0, 0.0, 0.0]]).unwrap();
    // Hidden: (−1, 1) → (0, 1); (0, −1) → (0, 0).
    assert_eq!(run.logits, [[1.0, 3.0], [0.0, 0.0]]);
    assert_eq!(run.predictions, [1, 0]);
    assert_eq!((run.layers[0].macs, run.layers[1].macs, run.work.macs), (12, 8, 20));
    // Sample 0: input 0 meets two weights, input 1 one; hidden 1 meets two. Sample 1: nothing.
    assert_eq!((run.layers[0].effective_macs, run.layers[1].effective_macs), (3, 2));
    assert_eq!(run.work.weight_bytes, 4 * (6 + 2 + 4));
    assert_eq!(run.work.activation_bytes, 4 * (3 + 2));
    assert_eq!(run.activation_sparsity, Some(0.75));
    assert_eq!(connection_sparsity(&network).zeros, 3);
    assert_eq!(connection_sparsity(&network).rounded, 0.3);
}

#[test]
fn a_diagonal_layer_is_an_element_wise_product() {
    let network = network(vec![layer("scale", &[&[2.0, 0.0], &[0.0, 3.0]], &[], Activation::Identity)]);
    let run = run(&network, &[[1.0, 1.0]]).unwrap();
    assert_eq!((run.work.macs, run.work.effective_macs, run.work.weight_bytes), (2, 2, 8));
    assert_eq!(run.activation_sparsity, None);
}

#[test]
fn a_convolution_is_computed_and_counted_by_hand() {
    // Two channels of three values each become one of two, at stride 2 and padding 1; then a pool that adds both.
    let line =
        |channels_in: usize, input: usize, output: usize, kernel: usize, stride: usize, padding: usize, weights: Coefficients| {
            DenseWeights::Convolution(Convolution {
                channels_in,
                channels_out: 1,
                input: [1, input],
                output: [1, output],
                kernel: [1, kernel],
                stride: [1, stride],
                padding: [0, padding],
                dilation: [1, 1],
                groups: 1,
                weights,
            })
        };
    let kernel = Coefficients::Double(vec![1.0, 2.0, 3.0, -1.0, 0.0, 0.5]);
    let layer =
        |name: &str, weight: DenseWeights, bias: Vec<f32>, activation| DenseLayer { name: name.into(), weight, bias, activation };
    let network = network(vec![
        layer("conv", line(2, 3, 2, 3, 2, 1, kernel), vec![0.5; 2], Activation::Relu),
        layer("pool", line(1, 2, 1, 2, 2, 0, Coefficients::One(1.0)), Vec::new(), Activation::Identity),
    ]);
    let run = run(&network, &[[1.0, 2.0, 0.0, 4.0, 0.0, 6.0]]).unwrap();
    // Left: 2 · 1 + 3 · 2 + 0 · 4 + 0.5 · 0; right: 1 · 2 + 2 · 0 − 1 · 0 + 0 · 6; plus 0.5 each.
    assert_eq!(run.logits, [[8.5 + 2.5]]);
    // Each channel: taps 2 and 3 on the left, 1 and 2 on the right. Nothing where the input or the weight is zero: two of the left's, one of the right's.
    assert_eq!((run.layers[0].macs, run.layers[0].effective_macs), (8, 3));
    assert_eq!((run.layers[1].macs, run.layers[1].effective_macs, run.layers[1].weight_bytes), (0, 0, 0));
    assert_eq!(run.layers[0].weight_bytes, 4 * (6 + 1));
    assert_eq!(connection_sparsity(&network), ConnectionSparsity { zeros: 1, weights: 6, exact: 1.0 / 6.0, rounded: 0.1667 });
}

#[test]
fn a_softmax_inside_sums_to_one_and_one_at_the_end_is_left_off() {
    let ones: &[&[f32]] = &[&[1.0, 1.0]];
    let inner = layer("a", &[&[1000.0, 0.0], &[0.0, 1000.0]], &[], Activation::Softmax);
    let sum = run(&network(vec![inner.clone(), layer("b", ones, &[], Activation::Identity)]), &[[1.0, 2.0]]).unwrap();
    assert_eq!(sum.logits, [[1.0]]);
    assert_eq!(run(&network(vec![inner]), &[[1.0, 2.0]]).unwrap().logits, [[1000.0, 2000.0]]);
}

#[test]
fn everything_that_does_not_fit_is_named() {
    let misfits = network(vec![
        layer("a", &[&[1.0, 1.0]], &[1.0, 2.0], Activation::Relu),
        layer("b", &[&[1.0, 1.0]], &[], Activation::Relu),
    ]);
    let text = run(&misfits, &[[1.0, 2.0]]).unwrap_err().to_string();
    assert!(text.contains("layer `a`: 1 biases expected, found 2") && text.contains("layer `b`: its weights take 2"), "{text}");
    let one = network(vec![layer("a", &[&[1.0, 1.0]], &[], Activation::Relu)]);
    let text = run(&one, &[vec![1.0, 2.0], vec![1.0], vec![1.0, f64::NAN]]).unwrap_err().to_string();
    assert!(text.contains("sample 1: it has 1 values") && text.contains("sample 2: value 1 is NaN"), "{text}");
    assert!(run(&network(vec![]), &[[1.0]]).is_err());
}

proptest! {
    #[test]
    fn any_number_of_threads_gives_the_same_bits(seed in 0_u64..1000, n in 1_usize..300) {
        let stream = |at: u64| ((seed + at).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f32 / 2_f32.powi(23) - 1.0;
        let weights = |rows: u64, columns: u64, from: u64| -> DenseWeights {
            let values = (0..rows * columns).map(|i| stream(from + i)).collect();
            DenseWeights::Matrix(DenseMatrix { targets: rows as usize, sources: columns as usize, values })
        };
        let network = network(vec![
            DenseLayer { name: "a".into(), weight: weights(17, 9, 0), bias: vec![0.1; 17], activation: Activation::Relu },
            DenseLayer { name: "b".into(), weight: weights(5, 17, 500), bias: Vec::new(), activation: Activation::Identity },
        ]);
        let samples: Vec<Vec<f32>> = (0..n as u64).map(|s| (0..9).map(|i| stream(1000 + 9 * s + i)).collect()).collect();
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| run(&network, &samples)).unwrap()
        };
        let one = on(1);
        prop_assert_eq!(&one, &on(3));
        prop_assert_eq!(&one, &on(8));
        prop_assert!(one.work.effective_macs <= one.work.macs);
        // A sample's answer does not depend on those around it.
        prop_assert_eq!(&run(&network, &samples[n - 1..]).unwrap().logits[0], &one.logits[n - 1]);
    }
}

/// Two layers with a ReLU between, weights and samples from a seed.
fn seeded(seed: u64) -> (DenseNetwork, Vec<Vec<f32>>) {
    let stream = |at: u64| ((seed * 77 + at).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f32 / 2_f32.powi(23) - 1.0;
    let weights = |rows: u64, columns: u64, from: u64| {
        let values = (0..rows * columns).map(|i| stream(from + i)).collect();
        DenseWeights::Matrix(DenseMatrix { targets: rows as usize, sources: columns as usize, values })
    };
    let network = network(vec![
        DenseLayer { name: "a".into(), weight: weights(17, 9, 0), bias: vec![0.1; 17], activation: Activation::Relu },
        DenseLayer { name: "b".into(), weight: weights(5, 17, 500), bias: vec![-0.2; 5], activation: Activation::Identity },
    ]);
    let samples = (0..80).map(|s| (0..9).map(|i| stream(1000 + 9 * s + i)).collect()).collect();
    (network, samples)
}

#[test]
fn int8_is_computed_in_integers_by_hand() {
    // One weight of each sign: the largest is 127 steps, the other half of it.
    let network = network(vec![layer("a", &[&[1.27, -0.64], &[0.5, 0.003]], &[0.1, 0.0], Activation::Relu)]);
    let samples = [[2.55, 1.0], [0.0, 2.55]];
    let exact = run(&network, &samples).unwrap();
    let made = variant(&network, &exact, &samples, Form::Int8).unwrap();
    // Weights 127, −64, 50, 0 in steps of 0.01; inputs 255, 100 and 0, 255 in steps of 0.01; the bias 1000 of 0.0001.
    let expected = [[127.0 * 255.0 - 64.0 * 100.0 + 1000.0, 50.0 * 255.0], [0.0, 0.0]];
    for (ours, by_hand) in made.run.logits.concat().iter().zip(expected.concat()) {
        assert!((f64::from(*ours) - by_hand * 1e-4).abs() < 1e-5, "{ours} {by_hand}");
    }
    // A weight that is rounded to zero is met by nothing.
    assert_eq!((made.run.work.macs, made.run.work.effective_macs), (8, 3 + 1));
    assert_eq!((made.run.work.weight_bits, made.run.work.weight_bytes, made.activation_bits), (8, 4 + 8, 8));
    assert_eq!(made.run.work.activation_bytes, 4);
}

#[test]
fn bits_hold_the_counts_of_so_many_steps() {
    for (steps, bits) in [(0, 1), (1, 1), (2, 2), (3, 2), (4, 3), (7, 3), (8, 4), (17, 5), (31, 5), (32, 6), (u64::MAX, 64)] {
        assert_eq!(bits_of_steps(steps), bits, "{steps} steps");
    }
}

#[test]
fn pruned_weights_are_the_smallest_of_all_layers() {
    let network = network(vec![
        layer("a", &[&[0.5, -0.1], &[0.2, 0.0]], &[9.0], Activation::Relu),
        layer("b", &[&[0.1, -0.3]], &[], Activation::Identity),
    ]);
    let values = |share: f64| {
        let pruned = prune(&network, share);
        pruned.layers.iter().flat_map(|l| l.weight.values().collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    assert_eq!(values(0.0), [0.5, -0.1, 0.2, 0.0, 0.1, -0.3]);
    // Of two of one size the first goes.
    assert_eq!(values(2.0 / 6.0), [0.5, 0.0, 0.2, 0.0, 0.1, -0.3]);
    assert_eq!(values(4.0 / 6.0), [0.5, 0.0, 0.0, 0.0, 0.0, -0.3]);
    assert_eq!(values(1.0), [0.0; 6]);
    assert_eq!(prune(&network, 0.5).layers[0].bias, [9.0]);
    // Two weights of 4 + 1 bytes, two matrices of 2 and 1 rows, a bias.
    assert_eq!(sparse_bytes(&prune(&network, 4.0 / 6.0)), 2 * 5 + 4 * (3 + 2) + 4);
}

proptest! {
    /// Nothing pruned is nothing changed; a share pruned is that share of weights gone, and no more work than before.
    #[test]
    fn a_share_pruned_is_that_share_of_weights_gone(seed in 0_u64..500, share in 0.0f64..1.0) {
        let (network, samples) = seeded(seed);
        prop_assert_eq!(&prune(&network, 0.0), &network);
        let exact = run(&network, &samples).unwrap();
        let whole = variant(&network, &exact, &samples, Form::Pruned(0.0)).unwrap();
        prop_assert_eq!(&whole.run.logits, &exact.logits);
        let made = variant(&network, &exact, &samples, Form::Pruned(share)).unwrap();
        let weights = 17 * 9 + 5 * 17;
        let kept = weights - (share * weights as f64).round() as u64;
        prop_assert_eq!(weights - connection_sparsity(&prune(&network, share)).zeros, kept);
        prop_assert!(made.run.layers[0].effective_macs <= exact.layers[0].effective_macs);
        prop_assert_eq!(made.run.work.macs, exact.work.macs);
        // Compressed rows where they are shorter, and never more memory than before.
        prop_assert!(made.run.work.weight_bytes <= exact.work.weight_bytes);
        prop_assert_eq!(made.sparse, made.run.work.weight_bytes < exact.work.weight_bytes);
        prop_assert_eq!(made.kept_weights, if made.sparse { kept } else { weights });
        prop_assert!(!whole.sparse && (share < 0.5 || made.sparse));
        let met: u64 = made.run.layers.iter().map(|layer| layer.nonzero_weight_macs).sum();
        prop_assert_eq!(met, kept * samples.len() as u64);
    }

    /// Many bits of activations are all that single precision has; eight of both are near.
    #[test]
    fn more_bits_come_to_the_network_as_it_is(seed in 0_u64..500) {
        let (network, samples) = seeded(seed);
        let exact = run(&network, &samples).unwrap();
        let furthest = |form| {
            let made = variant(&network, &exact, &samples, form).unwrap();
            let pairs = made.run.logits.iter().flatten().zip(exact.logits.iter().flatten()).map(|(a, b)| (a - b).abs());
            pairs.fold(0.0, f32::max)
        };
        let [four, eight, sixteen] = [4, 8, 16].map(|bits| furthest(Form::Activations(bits)));
        prop_assert!(sixteen < 1e-3 && sixteen < eight && eight < 0.15 && eight <= four, "{} {} {}", sixteen, eight, four);
        prop_assert!(furthest(Form::Int8) < 0.3);
    }
}
