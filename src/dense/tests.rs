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
