//! Prices a dense run, one inference at a time: by a call and what is in it on processors whose calls were taken apart, else its
//! multiply-accumulates at the figure that comes closest. Other forms and batches are in [`super::form`].

use super::device::{Boundary, Device, Runs};
use super::estimate::EnergyEstimate;
use super::figure::{ArithmeticFigure, FigureName, Includes, Precision};
use super::form::{BARE_TIME, Charged, call};
use super::ledger::Ledger;
use super::quantity::{Joules, Range, Seconds};
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
    let macs = work.macs as f64 / work.samples as f64;
    let mac = nearest(device, of_weights(work));
    if device.energy(FigureName::Launch).is_some() {
        let bits = f64::from(work.weight_bits.max(1));
        let charged = Charged {
            operations: macs,
            weight_uses: macs,
            weights: work.weight_bytes as f64 * 8.0 / bits,
            weight_bits: bits,
            place_bytes: 0.0,
            values: 0.0,
            activation_bits: bits,
            batch: 1.0,
        };
        call(&mut ledger, device, mac, &charged);
        ledger.caveat("a call costs its launch, whatever is in it: small networks leave the processor idle; a batch shares it");
        return ledger.close();
    }
    let Some(mac) = mac else {
        ledger.unpriced("multiply-accumulates");
        return ledger.close();
    };
    let nominal = mac.energy.nominal * macs;
    let factors = spread(device, mac, 1).relative().factors(Slot::MAC);
    ledger.add("multiply-accumulates", nominal, factors.map(|factor| nominal.0 * factor));
    ledger.rests_on("multiply-accumulates", &mac.energy);
    ledger.mark_dynamic();
    if let Some(each) = device.time(FigureName::MacTime) {
        ledger.latency = Some(Seconds(each.nominal.0 * macs));
        ledger.caveat(BARE_TIME);
    }
    caveats(&mut ledger, mac, work, macs);
    if mac.includes == Some(Includes::Dynamic) && device.power(FigureName::StaticPower).is_some() {
        ledger.unpriced("static power (how long an inference takes is not known)");
    }
    ledger.close()
}

/// The figure of a multiply-accumulate that comes closest to one inference at a time on a real network in a type.
///
/// Nearest first: not below the data-sheet peak of the type itself, which no machine passes; no peak; batch 1; batch not stated; larger batches by size. Among
/// equals the one of the type, then the one with idle power inside, then the first of the file (the minimum of equals is the first).
pub(super) fn nearest(device: &Device, own: Precision) -> Option<&ArithmeticFigure> {
    let floor = device.macs.iter().find(|mac| mac.energy.peak && mac.precision == Some(own)).map(|mac| mac.energy.nominal.0);
    device.macs.iter().min_by_key(|mac| {
        let other_type = mac.precision != Some(own);
        let below = other_type && floor.is_some_and(|floor| mac.energy.nominal.0 < floor);
        let batch = match mac.batch {
            Some(1) => 0,
            None => 1,
            Some(batch) => batch,
        };
        (below, mac.energy.peak, batch, mac.includes == Some(Includes::Dynamic), other_type)
    })
}

/// The numeric type of the network's stored weights.
pub(super) fn of_weights(work: &DenseWork) -> Precision {
    match work.weight_bits {
        0..=8 => Precision::Int8,
        9..=16 => Precision::Fp16,
        _ => Precision::Fp32,
    }
}

/// The figure's spread at a batch, widened to take in the device's other figures at batch 1 in the same type: what is
/// measured under other conditions (idle power left out, slope over larger networks) could be this network's case.
pub(super) fn spread(device: &Device, chosen: &ArithmeticFigure, batch: u32) -> Spread<Joules> {
    let alike = |mac: &&ArithmeticFigure| mac.batch == Some(1) && !mac.energy.peak && mac.precision == chosen.precision;
    let others = device.macs.iter().filter(alike).map(|mac| Range::point(mac.energy.nominal));
    let own = chosen.spread_at(batch);
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
    if mac.precision.is_some_and(|precision| precision != of_weights(work)) {
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
