//! Prices a dense run: multiply-accumulates at the figure that comes closest to one inference at a time.

use super::device::{Boundary, Device, Runs};
use super::estimate::EnergyEstimate;
use super::figure::{ArithmeticFigure, FigureName, Includes, Precision};
use super::ledger::Ledger;
use super::quantity::{Joules, Range};
use super::uncertainty::{Slot, Spread};
use super::{arithmetic, memory};
use crate::counts::DenseWork;

/// The energy of a sample of a dense run on a device.
///
/// All multiply-accumulates are charged, zeros included: no device of the list is known to skip them in the figure used.
pub(super) fn estimate(device: &Device, work: &DenseWork, tier: u8) -> EnergyEstimate {
    let mut ledger = Ledger::new(device, Runs::Dense, tier);
    if work.samples == 0 {
        ledger.caveat("no sample was run, so there is no energy per sample");
        return ledger.close();
    }
    match device.boundary {
        Boundary::Operations => {
            arithmetic::dense(&mut ledger, device, work);
            return ledger.close();
        }
        Boundary::Core => {
            memory::dense(&mut ledger, device, work);
            return ledger.close();
        }
        Boundary::Chip | Boundary::Board | Boundary::System => {}
    }
    let Some(mac) = device.macs.iter().min_by_key(|mac| distance(mac, work)) else {
        ledger.unpriced("multiply-accumulates");
        return ledger.close();
    };
    let macs = work.macs as f64 / work.samples as f64;
    let nominal = mac.energy.nominal * macs;
    let factors = spread(device, mac).relative().factors(Slot::MAC);
    ledger.add("multiply-accumulates", nominal, factors.map(|factor| nominal.0 * factor));
    ledger.rests_on("multiply-accumulates", &mac.energy);
    ledger.mark_dynamic();
    caveats(&mut ledger, mac, work, macs);
    if mac.includes == Some(Includes::Dynamic) && device.power(FigureName::StaticPower).is_some() {
        ledger.unpriced("static power (how long an inference takes is not known)");
    }
    ledger.close()
}

/// How far a figure is from one inference at a time on a real network, nearest first: batch 1; batch not stated; larger
/// batches by size; peaks. Among equals the one with idle power inside, then the one of the network's own width, then
/// the first of the file (the minimum of equals is the first).
fn distance(mac: &ArithmeticFigure, work: &DenseWork) -> (bool, u64, bool, bool) {
    let batch = match mac.batch {
        Some(1) => 0,
        None => 1,
        Some(batch) => batch,
    };
    let dynamic = mac.includes == Some(Includes::Dynamic);
    (mac.energy.peak, batch, dynamic, mac.precision != Some(width(work)))
}

/// The numeric type of the network's stored weights.
fn width(work: &DenseWork) -> Precision {
    match work.weight_bits {
        0..=8 => Precision::Int8,
        9..=16 => Precision::Fp16,
        _ => Precision::Fp32,
    }
}

/// The figure's spread at batch 1, widened to take in the device's other figures at batch 1 in the same type: what is
/// measured under other conditions (idle power left out, slope over larger networks) could be this network's case.
fn spread(device: &Device, chosen: &ArithmeticFigure) -> Spread<Joules> {
    let alike = |mac: &&ArithmeticFigure| mac.batch == Some(1) && !mac.energy.peak && mac.precision == chosen.precision;
    let others = device.macs.iter().filter(alike).map(|mac| Range::point(mac.energy.nominal));
    let own = chosen.spread_at_batch_1();
    Spread { range: others.fold(own.range, Range::covering), ..own }
}

/// What to know of the figure that was used.
fn caveats(ledger: &mut Ledger<'_>, mac: &ArithmeticFigure, work: &DenseWork, macs: f64) {
    let mut used = format!("the figure used is {} per multiply-accumulate", mac.energy.nominal);
    match mac.precision {
        Some(precision) => used += &format!(" in {precision}"),
        None => used += ", numeric type not stated",
    }
    match mac.batch {
        Some(batch) => used += &format!(" at batch {batch}"),
        None if mac.energy.peak => used += ", a peak",
        None => used += ", batch not stated",
    }
    if let Some(includes) = mac.includes {
        used += &format!(", {includes}");
    }
    if let Some(workload) = &mac.workload {
        used += &format!(" ({workload})");
    }
    ledger.caveat(used);
    match mac.batch {
        Some(1) => {}
        None if mac.energy.peak => {}
        None => ledger.caveat("batch 1 may cost up to 55 times a large batch, which the high end takes in"),
        Some(batch) => ledger.caveat(format!("batch 1 may cost up to {batch} times that batch, which the high end takes in")),
    }
    if mac.precision.is_some_and(|precision| precision != width(work)) {
        ledger.caveat(format!("the network's weights have {} bits, another type than the figure's", work.weight_bits));
    }
    if let Some(measured) = mac.workload_macs
        && (macs * 10.0 < measured as f64 || macs > measured as f64 * 10.0)
    {
        let here = macs.round();
        ledger.caveat(format!(
            "measured on {measured} multiply-accumulates an inference, used for {here}: the share of fixed costs differs"
        ));
    }
}
