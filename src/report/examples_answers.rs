//! Curves, layers and accounts with every key, for the tests of the report.

use super::*;

pub(super) fn curves() -> Vec<CurveEntry> {
    let curve = |spiking: &str, dense: &str, boundary: &str, scale: f64, crossing: CrossingEntry, winner: Winner| {
        let at = |x: f64| CurvePointEntry {
            spikes_per_synapse: x,
            low: scale * (0.2 + 0.4 * x),
            nominal: scale * (0.5 + 0.9 * x),
            high: scale * (1.1 + 2.0 * x),
        };
        let points = [0.001, 0.01, 0.1, 1.0, 10.0, 25.0].map(at).to_vec();
        CurveEntry {
            spiking: spiking.into(),
            dense: dense.into(),
            boundary: boundary.into(),
            winner,
            here: at(2.633),
            crossing,
            points,
        }
    };
    let crossing = |low, nominal, high| CrossingEntry { low, nominal, high };
    vec![
        curve("asic-45nm-memory", "asic-45nm-memory", "core", 0.8, crossing(Some(0.075), Some(0.833), Some(2.62)), Winner::Dense),
        curve("loihi1", "stm32l4", "chip", 400.0, crossing(Some(0.0), Some(0.0), Some(0.0)), Winner::Dense),
        curve("xylo-a2", "stm32l4", "chip", 0.02, crossing(Some(24.45), None, None), Winner::Spiking),
        curve("xylo-a2", "max78000", "chip", 0.01, CrossingEntry::default(), Winner::Spiking),
    ]
}

pub(super) fn layers() -> Vec<LayerEnergyEntry> {
    let layer = |name: &str, nominal_j: f64, no_layer| LayerEnergyEntry {
        name: name.into(),
        nominal_j,
        low_j: Some(nominal_j * 0.7),
        high_j: Some(nominal_j * 1.6),
        no_layer,
    };
    vec![layer("1", 8.1e-6, false), layer("3", 1.1e-6, false), layer("no layer: the device as a whole", 17.0e-6, true)]
}

pub(super) fn accounts() -> Vec<AccountEntry> {
    let difference = |what: &str, theirs_j, ours_j: Option<f64>, why: &str| DifferenceEntry {
        what: what.into(),
        theirs_j,
        ours_j,
        difference_j: ours_j.unwrap_or(0.0) - theirs_j.unwrap_or(0.0),
        why: why.into(),
    };
    vec![
        AccountEntry {
            tool: "KerasSpiking ModelEnergy (loihi)".into(),
            runs: Runs::Spiking,
            source: "a file of the tool (S)".into(),
            energy_per_sample_j: 4.0e-7,
            terms: vec![
                AccountTermEntry { name: "synaptic operations".into(), count: 3370.7, each_j: 27.1e-12, energy_j: 9.1e-8 },
                AccountTermEntry { name: "neuron updates".into(), count: 3450.0, each_j: 81e-12, energy_j: 2.8e-7 },
            ],
            notes: vec!["its own words: very rough estimates, no overhead of any kind".into()],
            beside: Some(BesideEntry {
                device: "loihi1".into(),
                energy_per_sample_j: 2.42e-3,
                differences: vec![
                    difference("synaptic operations", Some(9.1e-8), Some(1.2e-7), "the same events at another constant"),
                    difference("static power", None, Some(2.408e-3), "KerasSpiking ModelEnergy (loihi) does not charge it"),
                ],
                unpriced: vec!["analog input".into()],
            }),
        },
        AccountEntry {
            tool: "SpikingJelly operations (fp32)".into(),
            runs: Runs::Dense,
            source: "a file of the tool (S)".into(),
            energy_per_sample_j: 4.36e-8,
            terms: vec![AccountTermEntry {
                name: "multiply-accumulates".into(),
                count: 9472.0,
                each_j: 4.6e-12,
                energy_j: 4.36e-8,
            }],
            notes: vec!["no memory, addresses, control or leakage".into()],
            beside: None,
        },
    ]
}
