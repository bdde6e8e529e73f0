//! Prices both kinds of network with a table of arithmetic, each in one numeric type.
//!
//! Per sample, with the energies of one type:
//! - spiking: E = accumulates · e_AC + analog multiply-accumulates · e_MAC + clocked updates · (e_MAC + e_AC) + spikes · e_AC;
//! - dense: E = multiply-accumulates · e_MAC.
//!
//! An update is a decay and an addition (one multiply-accumulate) and a comparison with the threshold, a reset is a
//! subtraction; comparison and subtraction cost an addition. Memory, control and leakage are left out, and they weigh
//! more on the spiking side (each event reads a weight and rewrites a potential, where a dense machine reuses both), so the ratio
//! of the two is the *best case* of the spiking network. It is the one ratio that compares like with like without
//! knowing a machine: same node, same type, same boundary.
//!
//! The type decides (the ratio of MAC to AC is 3.75 to 32), so the estimate carries every type of the table, and the nominal is
//! that of 8-bit integers, which chips of both kinds compute with.

use super::clock::clock;
use super::device::Device;
use super::estimate::PrecisionEstimate;
use super::evidence::FigureKind;
use super::figure::{ArithmeticFigure, Precision};
use super::ledger::Ledger;
use super::quantity::Joules;
use super::uncertainty::Slot;
use crate::counts::{DenseWork, SpikingWork};

/// The type of the nominal value.
const PREFERRED: Precision = Precision::Int8;

/// A multiply-accumulate and an accumulate of one type.
pub(super) struct Pair<'d> {
    pub(super) precision: Precision,
    pub(super) mac: &'d ArithmeticFigure,
    pub(super) ac: &'d ArithmeticFigure,
}

/// The types for which a table has both operations, the preferred first.
pub(super) fn pairs(device: &Device) -> Vec<Pair<'_>> {
    let mut pairs: Vec<_> = device
        .macs
        .iter()
        .filter_map(|mac| {
            let precision = mac.precision?;
            let ac = device.acs.iter().find(|ac| ac.precision == Some(precision))?;
            Some(Pair { precision, mac, ac })
        })
        .collect();
    pairs.sort_by_key(|pair| pair.precision != PREFERRED);
    pairs
}

/// One term: its name, and its multiply-accumulates and accumulates per sample.
type Operations = (&'static str, f64, f64);

/// Writes one side into the ledger.
fn price<'d>(ledger: &mut Ledger<'d>, pairs: &[Pair<'d>], terms: &[Operations]) {
    let Some(first) = pairs.first() else {
        ledger.unpriced("operations (no numeric type has both a multiply-accumulate and an accumulate)");
        return;
    };
    // One draw for all operations: the factor is of what the table leaves out, on all of them alike.
    let spread = first.mac.energy.spread(FigureKind::Arithmetic).relative();
    for &(name, macs, acs) in terms {
        let nominal = first.mac.energy.nominal * macs + first.ac.energy.nominal * acs;
        ledger.add(name, nominal, spread.factors(Slot::ARITHMETIC).map(|factor| nominal.0 * factor));
        ledger.rests_on(name, &first.mac.energy);
        if acs > 0.0 {
            ledger.uses(&first.ac.energy.source, first.ac.energy.grade);
        }
    }
    ledger.mark_dynamic();
    ledger.by_precision = pairs
        .iter()
        .map(|pair| PrecisionEstimate {
            precision: pair.precision,
            energy_per_sample_j: terms
                .iter()
                .map(|&(_, macs, acs)| pair.mac.energy.nominal * macs + pair.ac.energy.nominal * acs)
                .sum::<Joules>(),
        })
        .collect();
    let first = first.precision;
    ledger.caveat(format!("arithmetic alone, in {first}: memory and control take 10 to 1000 times as much"));
}

/// The spiking side. The run has samples.
pub(super) fn spiking<'d>(ledger: &mut Ledger<'d>, device: &'d Device, work: &SpikingWork) {
    let samples = work.samples as f64;
    let clock = clock(device, work);
    let updates = clock.updates.unwrap_or(clock.driven).max(clock.driven);
    let spikes = work.neuron_spikes as f64 / samples;
    let terms = [
        ("accumulates", 0.0, work.counts.synaptic_events as f64 / samples),
        ("analog inputs", work.counts.effective_macs as f64 / samples, 0.0),
        ("neuron updates", updates, updates),
        ("resets", 0.0, spikes),
    ];
    price(ledger, &pairs(device), &terms);
}

/// The dense side. The run has samples.
pub(super) fn dense<'d>(ledger: &mut Ledger<'d>, device: &'d Device, work: &DenseWork) {
    dense_form(ledger, &pairs(device), work.macs as f64 / work.samples as f64);
}

/// So many multiply-accumulates a sample, in the type of the first of the pairs.
pub(super) fn dense_form<'d>(ledger: &mut Ledger<'d>, pairs: &[Pair<'d>], operations: f64) {
    price(ledger, pairs, &[("multiply-accumulates", operations, 0.0)]);
}
