//! What everything costs, and who wins.

use super::ratio;
use crate::energy::{self, Curve, CurvePoint, EnergyEstimate, LayerEnergy};
use crate::placement::{Resource, Utilisation};
use crate::report::{
    BreakEven, CriterionEntry, CrossingEntry, CurveEntry, CurvePointEntry, EnergyEntry, EnergyTerm, LayerEnergyEntry,
    PlacementEntry, Range, UtilisationEntry, VerdictPart,
};
use crate::study::Comparison;

/// Where the spiking network lies on the device of an estimate.
pub(super) fn placement_entry(c: &Comparison, e: &EnergyEstimate, samples: u64) -> Option<PlacementEntry> {
    let on_cores = c.placements.get(&e.device).filter(|_| e.runs == energy::Runs::Spiking)?;
    let placement = &on_cores.placement;
    let m = &placement.messages;
    let word = |resource: Resource| resource.word().to_owned();
    let utilisation = |u: &Utilisation| UtilisationEntry {
        resource: word(u.resource),
        limit: u.limit,
        fullest: u.fullest,
        used: u.used,
        share: u.share,
    };
    Some(PlacementEntry {
        cores: placement.cores,
        chips: placement.chips,
        places: placement.places,
        utilisation: placement.utilisation.iter().map(utilisation).collect(),
        bound_by: placement.bound_by.map(word),
        messages_per_sample: ratio(m.messages, samples as f64),
        messages_per_spike: m.per_spike(),
        input_messages_per_sample: ratio(m.from_input, samples as f64),
        mean_hops: m.mean_hops(),
        off_chip_share: (m.messages > 0.0).then(|| m.off_chip / m.messages),
        core_time_s: on_cores.core_time.map(|time| time.0),
        exact: m.exact,
        assumed: placement.assumed.clone(),
    })
}

pub(in crate::study) fn energy_entry(
    e: &EnergyEstimate,
    placement: Option<PlacementEntry>,
    layers: &[LayerEnergy],
) -> EnergyEntry {
    use crate::report::{Boundary, DeviceKind, Runs};
    let range = |low: f64, nominal: f64, high: f64| Range { low, nominal, high };
    let mut caveats = e.caveats.clone();
    let boundary = match e.boundary {
        // The contract has three boundaries; what is less than a chip is a part of one and says so.
        energy::Boundary::Operations => {
            caveats.push("Operations alone: memory, control and static power are left out, on both sides.".into());
            Boundary::Chip
        }
        energy::Boundary::Core => {
            caveats.push("A core alone: arithmetic and its local memory, without static power.".into());
            Boundary::Chip
        }
        energy::Boundary::Chip => Boundary::Chip,
        energy::Boundary::Board => Boundary::Board,
        energy::Boundary::System => Boundary::System,
    };
    EnergyEntry {
        device: e.device.clone(),
        kind: match e.kind {
            energy::DeviceKind::Neuromorphic => DeviceKind::Neuromorphic,
            energy::DeviceKind::Dense => DeviceKind::Dense,
            energy::DeviceKind::Biological => DeviceKind::Biological,
        },
        runs: match e.runs {
            energy::Runs::Spiking => Runs::Spiking,
            energy::Runs::Dense => Runs::Dense,
        },
        tier: e.tier,
        boundary,
        batch: e.batch,
        fits: e.fits,
        why_not: e.why_not.clone(),
        placement,
        energy_per_sample_j: e.energy_per_sample.map(|r| range(r.low.0, r.nominal.0, r.high.0)),
        power_w: e.power.map(|r| range(r.low.0, r.nominal.0, r.high.0)),
        latency_s: e.latency.map(|s| s.0),
        dominant_term: e.dominant_term.clone(),
        terms: e
            .terms
            .iter()
            .map(|t| EnergyTerm {
                name: t.name.clone(),
                nominal_j: t.nominal_j.0,
                low_j: Some(t.low_j.0),
                high_j: Some(t.high_j.0),
            })
            .collect(),
        layers: layers.iter().map(layer_entry).collect(),
        unpriced: e.unpriced.clone(),
        evidence: e.evidence.map_or("none", energy::Grade::word).into(),
        source: e.source.clone(),
        name: Some(e.name.clone()),
        caveats,
    }
}

pub(super) fn verdict_part(c: &Comparison) -> VerdictPart {
    VerdictPart {
        winner: winner(c.verdict.winner),
        text: c.verdict.text.clone(),
        reason: Some(c.verdict.reason.clone()),
        break_even_spikes_per_synapse: Some(BreakEven { low: c.verdict.break_even.low, high: c.verdict.break_even.high }),
        measured: c.verdict.measured,
        criteria: c
            .break_even
            .criteria
            .iter()
            .filter(|k| k.verdict != energy::Outcome::DoesNotApply)
            .map(|k| CriterionEntry {
                name: k.name.clone(),
                low: k.low,
                high: k.high,
                met: match k.verdict {
                    energy::Outcome::Met => Some(true),
                    energy::Outcome::NotMet => Some(false),
                    _ => None,
                },
                quantity: None,
                measured: None,
                source: Some(k.source.clone()),
            })
            .collect(),
        curves: c.curves.iter().map(curve_entry).collect(),
    }
}

fn winner(winner: energy::Winner) -> crate::report::Winner {
    use crate::report::Winner;
    match winner {
        energy::Winner::Spiking => Winner::Spiking,
        energy::Winner::Dense => Winner::Dense,
        energy::Winner::Undecided => Winner::Undecided,
    }
}

/// What belongs to no layer.
const NO_LAYER: &str = "no layer: the device as a whole";

fn layer_entry(e: &LayerEnergy) -> LayerEnergyEntry {
    LayerEnergyEntry {
        name: e.layer.clone().unwrap_or_else(|| NO_LAYER.into()),
        nominal_j: e.energy.nominal.0,
        low_j: Some(e.energy.low.0),
        high_j: Some(e.energy.high.0),
        no_layer: e.layer.is_none(),
    }
}

fn curve_entry(curve: &Curve) -> CurveEntry {
    let point = |p: &CurvePoint| CurvePointEntry {
        spikes_per_synapse: p.spikes_per_synapse,
        low: p.ratio.low,
        nominal: p.ratio.nominal,
        high: p.ratio.high,
    };
    CurveEntry {
        spiking: curve.spiking.clone(),
        dense: curve.dense.clone(),
        boundary: curve.boundary.word().into(),
        winner: winner(curve.here.winner()),
        here: point(&curve.here),
        crossing: CrossingEntry { low: curve.crossing.low, nominal: curve.crossing.nominal, high: curve.crossing.high },
        points: curve.points.iter().map(point).collect(),
    }
}
