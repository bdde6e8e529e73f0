//! Forms of a dense network by hand, and the laws of their prices.

use super::*;
use crate::counts::DenseWork;
use proptest::prelude::*;

/// A fully connected network of so many weights, half of whose inputs are zero, as it is.
fn as_it_is(weights: u64) -> DenseWork {
    DenseWork {
        samples: 2,
        macs: 2 * weights,
        effective_macs: weights,
        weight_bytes: 4 * weights,
        weight_bits: 32,
        activation_bytes: 4 * 300,
    }
}

fn form(work: &DenseWork) -> DenseForm<'_> {
    let weights = work.macs / 2;
    let (activation_bits, nonzero_weight_macs) = (work.weight_bits, work.macs);
    DenseForm { work, activation_bits, weights, kept_weights: weights, nonzero_weight_macs }
}

fn int8(weights: u64) -> DenseWork {
    DenseWork { weight_bytes: weights, weight_bits: 8, activation_bytes: 300, ..as_it_is(weights) }
}

/// Without that share of its weights, in compressed rows of 5 bytes a weight where these are shorter.
fn pruned(weights: u64, share: f64) -> (DenseWork, u64) {
    let kept = weights - (share * weights as f64) as u64;
    let whole = as_it_is(weights);
    let compressed = 5 * kept < whole.weight_bytes;
    let work = DenseWork { effective_macs: kept, weight_bytes: if compressed { 5 * kept } else { whole.weight_bytes }, ..whole };
    (work, kept)
}

fn form_of_pruned((work, kept): &(DenseWork, u64)) -> DenseForm<'_> {
    let weights = work.macs / 2;
    let kept_weights = if work.weight_bytes < 4 * weights { *kept } else { weights };
    DenseForm { work, activation_bits: 32, weights, kept_weights, nonzero_weight_macs: 2 * kept }
}

fn price(id: &str, form: &DenseForm<'_>, batch: u32) -> FormEstimate {
    estimate_form(device(id).expect("built in"), form, batch).expect("it runs dense networks")
}

fn nominal(id: &str, form: &DenseForm<'_>, batch: u32) -> f64 {
    price(id, form, batch).estimate.energy_per_sample.expect("it is priced").nominal.0
}

fn near(a: f64, b: f64, within: f64) -> bool {
    (a / b - 1.0).abs() < within
}

#[test]
fn a_call_gives_back_the_measurements_it_was_taken_from() {
    // The keyword spotter of 172,800 weights, each met once: joules of one inference at batch 1 and 64, seconds of a call at batch 1.
    let work = as_it_is(172_800);
    for (id, one, of_64, seconds) in [
        ("cpu-xeon-e5-2630", 15.7e-3, 0.79e-3, 0.551e-3),
        ("gpu-quadro-k4000", 49e-3, 1.14e-3, 1.289e-3),
        ("jetson-tx1", 11.9e-3, 0.257e-3, 2.386e-3),
    ] {
        assert!(near(nominal(id, &form(&work), 1), one, 5e-3), "{id}: {}", nominal(id, &form(&work), 1));
        assert!(near(nominal(id, &form(&work), 64), of_64, 5e-3), "{id}: {}", nominal(id, &form(&work), 64));
        let priced = price(id, &form(&work), 1);
        assert!(near(priced.estimate.latency.expect("it has a time").0, seconds, 5e-3), "{id}: {:?}", priced.estimate.latency);
        // What the report has as its energy at batch 1 is the same sum.
        let plain = estimate(device(id).expect("built in"), &Work { spiking: None, dense: Some(&work) }).remove(0);
        assert_eq!(plain.energy_per_sample, priced.estimate.energy_per_sample, "{id}");
        // A share of the throughput: small at batch 1, larger in a batch.
        let used = |batch| price(id, &form(&work), batch).utilisation.expect("a machine").share.expect("it has times");
        assert!(used(1) < 0.04 && used(64) > 10.0 * used(1) && used(64) < 1.0, "{id}: {} {}", used(1), used(64));
    }
    let stick = nominal("movidius-ncs", &form(&work), 1);
    assert!(near(stick, 1.46e-3, 5e-3), "{stick}");
    let coral = as_it_is(300_000_000);
    assert!(near(nominal("edge-tpu", &form(&coral), 1), 5e-3, 0.01), "2 W for 2.5 ms");
}

#[test]
fn a_small_network_pays_its_launch() {
    let work = as_it_is(5000);
    for id in ["gpu-a100", "gpu-h100", "jetson-nano", "jetson-tx2", "jetson-orin-nano", "hailo8", "edge-tpu"] {
        let priced = price(id, &form(&work), 1);
        assert_eq!(priced.estimate.dominant_term.as_deref(), Some("launch"), "{id}");
        assert_eq!(priced.estimate.evidence, Some(Grade::Guess), "{id}");
        let used = priced.utilisation.expect("a machine");
        assert!(used.share.expect("it has a launch") < 0.01 && used.reason.contains("starting a call"), "{id}: {used:?}");
    }
}

#[test]
fn types_are_the_device_s_own() {
    let (whole, narrow) = (as_it_is(5000), int8(5000));
    let typed = |id, form: &DenseForm<'_>| price(id, form, 1).precision;
    assert_eq!(typed("asic-45nm-memory", &form(&whole)), Some(Precision::Fp32));
    assert_eq!(typed("asic-45nm-memory", &form(&narrow)), Some(Precision::Int8));
    // Arithmetic by hand: half of the inputs are zero.
    assert!(near(nominal("asic-45nm-arith", &form(&whole), 1), 2500.0 * 4.6e-12, 1e-9));
    assert!(near(nominal("asic-45nm-arith", &form(&narrow), 64), 2500.0 * 0.23e-12, 1e-9));
    // No figure of fp32: that of int8, and said to be so.
    let priced = price("mcu-m33-u575", &form(&whole), 1);
    assert_eq!(priced.precision, Some(Precision::Int8));
    assert!(priced.estimate.caveats.iter().any(|text| text.contains("none of weights of 32 bits")), "{priced:?}");
    // On a data-centre card a float takes at least its peak, which is above the figure whose type is not stated.
    let [float, integer] = [&whole, &narrow].map(|work| {
        let estimate = price("gpu-a100", &form(work), 1).estimate;
        estimate.terms.iter().find(|term| term.name == "multiply-accumulates").expect("a term").nominal_j.0
    });
    assert!(near(float, 5000.0 * 41e-12, 1e-9) && near(integer, 5000.0 * 3.05e-12, 1e-9), "{float} {integer}");
}

#[test]
fn a_weight_that_was_read_serves_the_batch() {
    let work = int8(5000);
    let read = |batch| {
        let estimate = price("asic-45nm-memory", &form(&work), batch).estimate;
        assert_eq!(estimate.batch, batch);
        estimate.terms.iter().find(|term| term.name == "weight reads").expect("a term").nominal_j.0
    };
    // A fully connected weight serves once at batch 1, and at most 8 multiply-accumulates nominally in an array of processing elements.
    assert!(near(read(1), 8.0 * read(64), 1e-9) && near(read(1), 2.0 * read(2), 1e-9), "{} {}", read(1), read(64));
    // 5000 bytes lie in 8 KB: 1.25 pJ each.
    assert!(near(read(1), 5000.0 * 1.25e-12, 1e-9));
}

#[test]
fn a_peak_in_a_batch_is_the_peak_and_what_a_peak_may_cost() {
    let work = int8(5000);
    let at = |batch| price("tianjic", &form(&work), batch).estimate.energy_per_sample.expect("priced");
    assert!(at(64).nominal == at(1).nominal && at(64).high < at(1).high && at(64).high.0 > 5.0 * at(64).nominal.0);
    assert_eq!(price("tianjic", &form(&work), 1).utilisation.expect("a machine").share, None);
    // A measured figure against the data sheet's of its type.
    let mut coral = device("edge-tpu").expect("built in").clone();
    coral.energies.clear();
    let used = estimate_form(&coral, &form(&work), 1).expect("dense").utilisation.expect("a machine");
    assert!(near(used.share.expect("it has a peak"), 1.0 / 16.7, 1e-9) && used.reason.contains("60000 times"), "{used:?}");
}

#[test]
fn weights_left_out_save_where_they_are_skipped_alone() {
    let whole = as_it_is(5000);
    let few = pruned(5000, 0.9);
    for id in ["mcu-m4-l4r5", "cpu-xeon-e5-2630", "jetson-orin-nano", "gpu-a100"] {
        let priced = price(id, &form_of_pruned(&few), 1);
        assert_eq!(priced.estimate.energy_per_sample.expect("priced").nominal.0, nominal(id, &form(&whole), 1), "{id}");
        assert!(priced.estimate.caveats.iter().any(|text| text.starts_with("weights left out save nothing")), "{id}");
        assert_eq!(priced.zeros, ZeroSkipping::None);
    }
    for id in ["asic-45nm-memory", "asic-7nm-memory", "asic-45nm-arith"] {
        let [less, all] = [nominal(id, &form_of_pruned(&few), 1), nominal(id, &form(&whole), 1)];
        assert!(less < 0.3 * all, "{id}: {less} of {all}");
    }
}

#[test]
fn what_is_like_for_like_skips_zeros_in_every_type() {
    let work = as_it_is(5000);
    let table = device("asic-45nm-arith").expect("built in");
    let alike = estimate_alike(table, &form(&work)).expect("it runs both");
    let plain = estimate(table, &Work { spiking: None, dense: Some(&work) }).remove(0);
    assert_eq!(alike.by_precision.len(), plain.by_precision.len());
    for (a, b) in alike.by_precision.iter().zip(&plain.by_precision) {
        assert!(near(2.0 * a.energy_per_sample_j.0, b.energy_per_sample_j.0, 1e-9), "half of the inputs are zero");
    }
    assert!(estimate_alike(device("mcu-m4-l4r5").expect("built in"), &form(&work)).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A batch shares launch and weights, and never costs more for either.
    #[test]
    fn a_batch_never_costs_more_for_weights_or_launch(weights in 100..2_000_000_u64, small in 1..64_u32, more in 1..64_u32) {
        let work = as_it_is(weights);
        for device in devices().iter().filter(|device| device.runs(Runs::Dense)) {
            let [one, many] = [small, small + more].map(|batch| estimate_form(device, &form(&work), batch).expect("dense").estimate);
            for term in &one.terms {
                let other = many.terms.iter().find(|other| other.name == term.name).expect("the same terms");
                let of_the_batch = term.name.starts_with("activation");
                prop_assert!(of_the_batch || other.nominal_j.0 <= term.nominal_j.0 * (1.0 + 1e-12), "{}: {}", device.id, term.name);
                prop_assert!(of_the_batch || other.high_j.0 <= term.high_j.0 * (1.0 + 1e-9), "{}: {}", device.id, term.name);
            }
        }
    }

    /// Weights left out never raise a price.
    #[test]
    fn pruning_never_raises_a_price(weights in 100..2_000_000_u64, share in 0.0..1.0_f64, batch in 1..100_u32) {
        let (whole, few) = (as_it_is(weights), pruned(weights, share));
        for device in devices().iter().filter(|device| device.runs(Runs::Dense)) {
            let [all, less] = [form(&whole), form_of_pruned(&few)]
                .map(|form| estimate_form(device, &form, batch).expect("dense").estimate.energy_per_sample);
            let (Some(all), Some(less)) = (all, less) else { continue };
            prop_assert!(less.nominal.0 <= all.nominal.0 * (1.0 + 1e-12), "{}: {less} of {all}", device.id);
            prop_assert!(less.high.0 <= all.high.0 * (1.0 + 1e-9), "{}: {less} of {all}", device.id);
        }
    }

    /// Fewer bits never cost more on the same machine.
    #[test]
    fn int8_never_costs_more_than_fp32(weights in 100..2_000_000_u64, batch in 1..100_u32) {
        let (whole, narrow) = (as_it_is(weights), int8(weights));
        for device in devices().iter().filter(|device| device.runs(Runs::Dense)) {
            let [wide, narrow] = [&whole, &narrow]
                .map(|work| estimate_form(device, &form(work), batch).expect("dense").estimate.energy_per_sample);
            let (Some(wide), Some(narrow)) = (wide, narrow) else { continue };
            prop_assert!(narrow.nominal.0 <= wide.nominal.0 * (1.0 + 1e-12), "{}: {narrow} of {wide}", device.id);
        }
    }
}
