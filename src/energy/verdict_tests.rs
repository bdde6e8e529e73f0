//! Who wins, on runs whose arithmetic is worked out by hand.

use super::testing::{dense_work, work};
use super::*;
use crate::counts::SpikingWork;

/// The verdict of a run against the dense run of the same shape, on the named devices.
fn judged(work: &SpikingWork, ids: &[&str], accuracies: Option<(f64, f64)>) -> Verdict {
    let dense = dense_work();
    let price = |work: Work<'_>| ids.iter().flat_map(|id| estimate(device(id).expect("built in"), &work)).collect::<Vec<_>>();
    let spiking = price(Work { spiking: Some(work), dense: None });
    let dense = price(Work { spiking: None, dense: Some(&dense) });
    verdict(&spiking, &dense, &break_even(work), accuracies.map(|a| a.0), accuracies.map(|a| a.1))
}

/// A run of the test shape (5000 synapses, 100 neurons, 2 samples) with so many spikes per synapse and ticks.
fn run(spikes_per_synapse: f64, ticks: u64) -> SpikingWork {
    let mut work = work();
    work.counts.synaptic_events = (spikes_per_synapse * 10_000.0).round() as u64;
    (work.counts.spikes, work.neuron_spikes) = (work.counts.synaptic_events / 50, work.counts.synaptic_events / 50);
    work.ticks_per_sample = ticks;
    work.neuron_updates_clocked = 100 * ticks * 2;
    work.neuron_updates_driven = work.neuron_spikes.min(work.neuron_updates_clocked);
    work
}

const TABLE: &[&str] = &["asic-45nm-arith"];

#[test]
fn many_spikes_lose() {
    // 40 spikes per synapse: 40 · 0.1 / 3.2 = 1.25 even in int32, whose multiplication is dearest.
    let verdict = judged(&run(40.0, 100), TABLE, None);
    assert_eq!(verdict.winner, Winner::Dense, "{}", verdict.text);
    assert!(verdict.text.starts_with("Dense wins: "), "{}", verdict.text);
    assert!(verdict.reason.contains("above every published break-even (0.15 to 1.72)"), "{}", verdict.text);
    // int32: (200 000 · 0.1 + 10 000 · 3.3 + 4000 · 0.1) / 16 000 pJ; fp16: (200 000 · 0.4 + 10 000 · 1.9 + 4000 · 0.4) / 7500 pJ.
    assert!(verdict.reason.contains("takes 3.34 to 13.4 times"), "{}", verdict.text);
}

#[test]
fn idle_neurons_alone_can_lose() {
    // Hardly a spike, but 100 neurons updated 1000 times each against 5000 multiply-accumulates.
    let verdict = judged(&run(0.01, 1000), TABLE, None);
    assert_eq!(verdict.winner, Winner::Dense, "{}", verdict.text);
}

#[test]
fn few_spikes_win() {
    let verdict = judged(&run(0.1, 4), TABLE, None);
    assert_eq!(verdict.winner, Winner::Spiking, "{}", verdict.text);
    assert!(verdict.text.starts_with("Spiking wins: "), "{}", verdict.text);
    assert_eq!(verdict.measured, Some(0.1));
    assert_eq!(verdict.break_even, Interval { low: 0.15, high: 1.72 });
}

#[test]
fn within_the_break_evens_it_is_undecided() {
    let verdict = judged(&run(0.8, 4), TABLE, None);
    assert_eq!(verdict.winner, Winner::Undecided, "{}", verdict.text);
    assert!(verdict.text.starts_with("Undecided: ") && verdict.reason.contains("memory traffic decides"), "{}", verdict.text);
}

#[test]
fn an_interval_around_one_is_decided_by_the_break_evens_or_not_at_all() {
    // int8 0.8 at 6 spikes per synapse, fp16 above 1.
    let above = judged(&run(6.0, 10), TABLE, None);
    assert_eq!(above.winner, Winner::Dense, "{}", above.text);
    // Updates bring the ratio of fp16 above 1 and leave that of int32 below.
    let within = judged(&run(1.0, 30), TABLE, None);
    assert_eq!(within.winner, Winner::Undecided, "{}", within.text);
    assert!(within.reason.contains("an interval with 1 inside"), "{}", within.text);
}

#[test]
fn every_table_and_type_counts() {
    let one = judged(&run(0.1, 4), TABLE, None);
    let both = judged(&run(0.1, 4), &["asic-45nm-arith", "asic-7nm-arith"], None);
    assert!(both.reason.contains("asic-45nm-arith and asic-7nm-arith"), "{}", both.text);
    assert_eq!(one.winner, both.winner);
}

#[test]
fn only_one_boundary_is_like_for_like() {
    // A Loihi chip and a microcontroller are no pair, nor are the core with memory and the arithmetic without.
    let verdict = judged(&run(40.0, 100), &["loihi1-sanafe", "mcu-m33-u575", "generic-digital-45nm-event"], None);
    assert_eq!(verdict.winner, Winner::Undecided, "{}", verdict.text);
    assert!(verdict.text.contains("no device prices both"), "{}", verdict.text);
    let alone = verdict_without_dense(&run(40.0, 100));
    assert!(alone.winner == Winner::Undecided && alone.text.contains("no dense network was priced"), "{}", alone.text);
}

fn verdict_without_dense(work: &SpikingWork) -> Verdict {
    let spiking = estimate(device("asic-45nm-arith").expect("built in"), &Work { spiking: Some(work), dense: None });
    verdict(&spiking, &[], &break_even(work), None, None)
}

#[test]
fn a_chip_that_runs_both_decides_where_no_table_does() {
    // Peaks on both sides: intervals of a factor 17 upwards overlap at a tenth of a spike per synapse.
    assert_eq!(judged(&run(0.1, 4), &["tianjic"], None).winner, Winner::Undecided);
    let many = judged(&run(100.0, 100), &["tianjic"], None);
    assert_eq!(many.winner, Winner::Dense, "{}", many.text);
}

#[test]
fn unequal_accuracy_is_said_and_takes_the_win() {
    let work = run(0.1, 4);
    let equal = judged(&work, TABLE, Some((0.951, 0.955)));
    assert!(equal.winner == Winner::Spiking && !equal.reason.contains("accura"), "{}", equal.text);
    let worse = judged(&work, TABLE, Some((0.85, 0.97)));
    assert_eq!(worse.winner, Winner::Undecided, "{}", worse.text);
    assert!(worse.reason.contains("12.0 points less accurate (85.0 % against 97.0 %)"), "{}", worse.text);
    let better = judged(&work, TABLE, Some((0.97, 0.85)));
    assert!(better.winner == Winner::Spiking && better.reason.contains("12.0 points more accurate"), "{}", better.text);
    let dense = judged(&run(40.0, 100), TABLE, Some((0.97, 0.85)));
    assert!(dense.winner == Winner::Undecided && dense.text.contains("the dense network takes less energy"), "{}", dense.text);
}

#[test]
fn a_verdict_is_the_contract_s_plain_data() {
    let json = serde_json::to_value(judged(&run(0.1, 4), TABLE, None)).expect("plain data");
    assert_eq!(json["winner"], "spiking");
    assert_eq!(json["break_even_spikes_per_synapse"]["high"], 1.72);
    assert!(json["text"].is_string() && json["measured"].is_f64());
}

/// The verdict held against a dense network of which so many of 10 000 multiply-accumulates are effective, with accuracies of the spiking network and of it.
fn at_best(work: &SpikingWork, effective_macs: u64, accuracies: (f64, f64)) -> [Verdict; 2] {
    let dense = crate::counts::DenseWork { effective_macs, ..dense_work() };
    let price = |work: Work<'_>| estimate(device(TABLE[0]).expect("built in"), &work);
    let spiking_side = price(Work { spiking: Some(work), dense: None });
    let dense_side = price(Work { spiking: None, dense: Some(&dense) });
    let form = DenseForm { work: &dense, activation_bits: 8, weights: 5000, kept_weights: 5000, nonzero_weight_macs: dense.macs };
    let estimates = vec![estimate_alike(device(TABLE[0]).expect("built in"), &form).expect("it runs both")];
    let rival = Rival { name: "as it is, zeros skipped, batch 1".into(), accuracy: Some(accuracies.1), estimates };
    let plain = verdict(&spiking_side, &dense_side, &break_even(work), Some(accuracies.0), Some(accuracies.0));
    let held = at_its_best(plain.clone(), &spiking_side, &dense_side, &[rival], &break_even(work), Some(accuracies.0));
    [plain, held]
}

#[test]
fn the_dense_network_is_taken_at_its_best() {
    let few = run(0.1, 4);
    let [plain, held] = at_best(&few, 8000, (0.95, 0.95));
    assert_eq!((plain.winner, held.winner), (Winner::Spiking, Winner::Spiking), "{}", held.reason);
    assert!(held.reason.contains("at its best (as it is, zeros skipped, batch 1, 95.0 % accurate)"), "{}", held.reason);
    assert_eq!(plain.text, held.text);
    // With six tenths of the multiply-accumulates, the ratio is on both sides of 1; with a hundredth it is above.
    let [plain, held] = at_best(&run(0.14, 25), 6000, (0.95, 0.95));
    assert_eq!((plain.winner, held.winner), (Winner::Spiking, Winner::Undecided), "{} {}", plain.reason, held.reason);
    let [plain, held] = at_best(&few, 100, (0.95, 0.95));
    assert_eq!((plain.winner, held.winner), (Winner::Spiking, Winner::Dense), "{}", held.reason);
    assert!(held.text.starts_with("Dense wins: ") && held.text.contains("at its best"), "{}", held.text);
    // One that is less accurate is no rival, and one that is not cheaper is not named.
    let [plain, held] = at_best(&few, 100, (0.95, 0.93));
    assert_eq!(plain, held);
    let [plain, held] = at_best(&few, 10_000, (0.95, 0.95));
    assert_eq!(plain, held);
}
