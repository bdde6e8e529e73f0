//! Reports with likely figures, for the tests of this floor.

use super::{
    BatchEntry, Boundary, BreakEven, CountsPart, CriterionEntry, DenseLayerEntry, DensePart, DenseVariantEntry, DeviceKind,
    EnergyEntry, EnergyTerm, FormEnergyEntry, NetworkPart, NeurobenchPart, PlacementEntry, PopulationCountsEntry,
    PopulationEntry, PrecisionEntry, ProjectionCountsEntry, ProjectionErrorEntry, Range, Report, RunPart, Runs, SCHEMA_ID,
    SynapticOperations, TaskPart, UtilisationEntry, UtilisedEntry, VerdictPart, Winner, examples_answers, wilson,
};
use crate::counts::TotalCounts;

/// A comparison with every part and every key.
pub(super) fn comparison() -> Report {
    let labels: Vec<u32> = (0..360).map(|index| index * 7 % 10).collect();
    let wrong = |every: usize, labels: &[u32]| -> Vec<u32> {
        labels.iter().enumerate().map(|(index, label)| if index % every == 0 { (label + 1) % 10 } else { *label }).collect()
    };
    Report {
        schema: SCHEMA_ID.into(),
        network: NetworkPart {
            name: "snn_current_zero".into(),
            sha256: Some("8f14e45fceea167a5a36dedd4bea2543ffbc9b1a0d4c3c6a5e7c1e5d8e3b9a02".into()),
            neurons: 202,
            synapses: 9_472,
            populations: vec![
                population("input", "passing", 64),
                population("1", "lif_stepwise", 128),
                population("3", "lif_stepwise", 10),
            ],
        },
        run: RunPart {
            engine: "clock".into(),
            engine_reason: "99.7 % of neurons are driven at every step".into(),
            semantics: Some("snntorch: reset to zero in the step of the spike".into()),
            dt_s: Some(1e-4),
            duration_s: 2.5e-3,
            steps: Some(25),
            samples: 360,
            seed: 1,
            threads: 2,
            build_wall_s: 0.0021,
            run_wall_s: 0.0874,
            peak_memory_bytes: Some(31_400_000),
            input: Some("digits.h5".into()),
            input_sha256: Some("45c48cce2e2d7fbdea1afc51c7c6ad26d3d9446802e92a3cbb1f0c8d3c7c1f11".into()),
            dense_sha256: Some("c9f0f895fb98ab9159f51fd0297e236dcaf1c5cd30e3c4d5b6f6a1f9c47f2b33".into()),
            spikes_sha256: Some("1d1f6d0a9a3e5e6d9a0f0c6f5c0ad7d3f7f1d2b0a4c3e2f1908172635445362f".into()),
            replay: Some(super::answers_example::replay()),
            version: Some("0.1.0".into()),
            partial: false,
        },
        counts: CountsPart {
            total: TotalCounts {
                spikes: 125_027,
                synaptic_events: 1_213_440,
                synaptic_events_dropped: 0,
                neuron_updates_driven: 1_238_400,
                neuron_updates_clocked: 1_242_000,
                stimulus_events: 0,
                effective_macs: 37_212_800,
                effective_acs: 1_213_440,
                dense_macs: 85_248_000,
            },
            populations: vec![
                PopulationCountsEntry { name: "input".into(), size: 64, ..PopulationCountsEntry::default() },
                PopulationCountsEntry {
                    name: "1".into(),
                    spikes: 121_344,
                    rate_hz: 1053.333,
                    size: 128,
                    spikes_per_sample: 337.0667,
                    neuron_updates_driven: Some(1_152_000),
                    neuron_updates_clocked: Some(1_152_000),
                    ..PopulationCountsEntry::default()
                },
                PopulationCountsEntry {
                    name: "3".into(),
                    spikes: 3_683,
                    rate_hz: 409.222,
                    size: 10,
                    spikes_per_sample: 10.2306,
                    synaptic_events_in: 1_213_440,
                    neuron_updates_driven: Some(86_400),
                    neuron_updates_clocked: Some(90_000),
                    ..PopulationCountsEntry::default()
                },
            ],
            projections: vec![
                ProjectionCountsEntry {
                    name: "0".into(),
                    synapses: 8_192,
                    effective_macs: 37_212_800,
                    dense_macs: 73_728_000,
                    ..ProjectionCountsEntry::default()
                },
                ProjectionCountsEntry {
                    name: "2".into(),
                    synaptic_events: 1_213_440,
                    synapses: 1_280,
                    spikes_in: 121_344,
                    effective_acs: 1_213_440,
                    dense_macs: 11_520_000,
                    ..ProjectionCountsEntry::default()
                },
            ],
        },
        task: Some(TaskPart {
            samples: 360,
            correct: Some(333),
            accuracy: Some(0.925),
            predictions: wrong(13, &labels).into_iter().map(i64::from).collect(),
            labels: Some(labels.clone()),
            split: Some("test".into()),
            encoding: Some("direct".into()),
            decoding: Some("the most output spikes, the lowest index of equals".into()),
            steps: Some(25),
        }),
        neurobench: Some(NeurobenchPart {
            footprint_bytes: 38_992,
            connection_sparsity: 0.0,
            activation_sparsity: 0.899_334,
            synaptic_operations: SynapticOperations { dense: 236_800.0, effective_macs: 103_368.889, effective_acs: 3_370.667 },
            membrane_updates: 3_448.13,
            parameters: Some(9_610),
            parameter_bytes: Some(38_440),
            state_bytes: Some(552),
        }),
        dense: Some(DensePart {
            source: "mlp_dense.onnx".into(),
            macs: 3_409_920,
            effective_macs: 1_889_172,
            accuracy: Some(327.0 / 360.0),
            weight_bytes: 38_440,
            samples: 360,
            correct: Some(327),
            weight_bits: Some(32),
            predictions: Some(wrong(11, &labels).into_iter().map(i64::from).collect()),
            layers: vec![
                DenseLayerEntry { name: "0".into(), macs: 2_949_120, effective_macs: 1_488_512, input_sparsity: Some(0.4953) },
                DenseLayerEntry { name: "2".into(), macs: 460_800, effective_macs: 400_660, input_sparsity: Some(0.1305) },
            ],
            variants: variants(),
        }),
        precision: precision(),
        energy: energy(),
        answers: Some(super::answers_example::answers()),
        verdict: Some(VerdictPart {
            winner: Winner::Dense,
            text: "Dense wins: the spiking network takes 2.1 to 15 times the energy of the dense one.".into(),
            reason: Some(
                "The spiking network takes 2.1 to 15 times the energy of the dense one like for like, and memory would only add to the \
                 spiking side; its 2.63 spikes per synapse are above every published break-even (0.15 to 1.72)."
                    .into(),
            ),
            break_even_spikes_per_synapse: Some(BreakEven { low: 0.15, high: 1.72 }),
            measured: Some(2.633),
            criteria: vec![
                CriterionEntry {
                    name: "Davidson & Furber 2021".into(),
                    low: 1.72,
                    high: 1.72,
                    met: Some(false),
                    quantity: None,
                    measured: None,
                    source: Some("a paper".into()),
                },
                CriterionEntry {
                    name: "Dampfhoffer et al. 2023".into(),
                    low: 0.15,
                    high: 1.38,
                    met: Some(false),
                    quantity: None,
                    measured: None,
                    source: Some("a paper".into()),
                },
                CriterionEntry {
                    name: "Yan et al. 2026 (T = 5)".into(),
                    low: 0.057,
                    high: 0.057,
                    met: Some(false),
                    quantity: Some("spikes per neuron and step".into()),
                    measured: Some(0.1007),
                    source: Some("a paper".into()),
                },
            ],
            curves: examples_answers::curves(),
        }),
        accounts: examples_answers::accounts(),
        caveats: vec![
            "The first layer takes analog input: its work is multiply-accumulates at every step, not accumulates of spikes."
                .into(),
            "The two networks differ in accuracy by 1.7 points; energies are compared as they are.".into(),
        ],
    }
}

fn energy() -> Vec<EnergyEntry> {
    let static_caveat =
        "static power is charged for the whole time of an inference; power gating between inferences would lower it";
    vec![
        EnergyEntry {
            name: Some("SpiNNaker, 48-chip board".into()),
            boundary: Boundary::Board,
            energy_per_sample_j: Some(range(0.61, 1.12, 1.61)),
            latency_s: Some(0.025),
            power_w: Some(range(24.5, 45.0, 64.5)),
            terms: vec![term("static power of the board", 1.1), term("synaptic events", 0.02)],
            caveats: vec![static_caveat.into()],
            ..device("spinnaker1-board", DeviceKind::Neuromorphic, Runs::Spiking, "derived")
        },
        EnergyEntry {
            name: Some("Intel Loihi".into()),
            placement: Some(placement(3, 1, "synapse-memory")),
            energy_per_sample_j: Some(range(1.71e-3, 2.42e-3, 4.31e-3)),
            latency_s: Some(0.025),
            power_w: Some(range(0.068, 0.097, 0.172)),
            terms: vec![
                EnergyTerm { name: "static power".into(), nominal_j: 2.408e-3, low_j: Some(1.70e-3), high_j: Some(4.25e-3) },
                term("neuron updates", 1.1e-5),
                term("synaptic events", 1.2e-7),
            ],
            dominant_term: Some("static power".into()),
            unpriced: vec!["analog input".into(), "barrier synchronisation".into()],
            caveats: vec![static_caveat.into(), "calibrated on dynamic energy; the idle state is another measurement".into()],
            ..device("loihi1", DeviceKind::Neuromorphic, Runs::Spiking, "measured")
        },
        EnergyEntry {
            name: Some("IBM TrueNorth".into()),
            fits: false,
            why_not: Some("weights have 32 bits, the chip has 4 values per neuron".into()),
            placement: Some(PlacementEntry {
                exact: false,
                assumed: vec!["mean spikes".into()],
                ..placement(11, 2, "input-axons")
            }),
            ..device("truenorth", DeviceKind::Neuromorphic, Runs::Spiking, "measured")
        },
        EnergyEntry {
            name: Some("SynSense Xylo Audio 2".into()),
            energy_per_sample_j: Some(range(15.5e-6, 26.2e-6, 43.1e-6)),
            terms: vec![term("idle power", 17.0e-6), term("active power", 9.2e-6)],
            layers: examples_answers::layers(),
            unpriced: vec!["host".into()],
            ..device("xylo-a2", DeviceKind::Neuromorphic, Runs::Spiking, "vendor")
        },
        EnergyEntry {
            name: Some("STM32L4R5 microcontroller, int8".into()),
            energy_per_sample_j: Some(range(2.9e-6, 4.9e-6, 7.3e-6)),
            latency_s: Some(4.1e-4),
            power_w: Some(range(7.1e-3, 12.0e-3, 17.8e-3)),
            terms: vec![term("multiply-accumulates, all in", 4.9e-6)],
            ..device("stm32l4", DeviceKind::Dense, Runs::Dense, "measured")
        },
        EnergyEntry {
            name: Some("NVIDIA Jetson Nano".into()),
            boundary: Boundary::Board,
            energy_per_sample_j: Some(range(3.0e-4, 1.1e-3, 4.2e-3)),
            terms: vec![term("idle power of the board", 9.4e-4), term("multiply-accumulates", 1.6e-4)],
            unpriced: vec!["camera".into()],
            ..device("jetson-nano", DeviceKind::Dense, Runs::Dense, "derived")
        },
    ]
}

fn device(id: &str, kind: DeviceKind, runs: Runs, evidence: &str) -> EnergyEntry {
    EnergyEntry {
        device: id.into(),
        kind,
        runs,
        tier: 3,
        boundary: Boundary::Chip,
        batch: 1,
        fits: true,
        why_not: None,
        placement: None,
        energy_per_sample_j: None,
        power_w: None,
        latency_s: None,
        terms: vec![],
        layers: vec![],
        unpriced: vec![],
        evidence: evidence.into(),
        source: "a paper, 2018, Table 2".into(),
        name: None,
        dominant_term: None,
        caveats: vec![],
    }
}

/// A placement with every key.
fn placement(cores: u64, chips: u64, scarce: &str) -> PlacementEntry {
    let utilisation = |resource: &str, limit: u64, fullest: u64, used: u64| UtilisationEntry {
        resource: resource.into(),
        limit,
        fullest,
        used,
        share: used as f64 / (limit * cores) as f64,
    };
    PlacementEntry {
        cores,
        chips,
        places: 138,
        utilisation: vec![utilisation("neurons", 1024, 64, 138), utilisation(scarce, 131_072, 98_304, 196_608)],
        bound_by: Some(scarce.into()),
        messages_per_sample: 520.5,
        messages_per_spike: Some(1.5),
        input_messages_per_sample: 12.0,
        mean_hops: Some(0.25),
        off_chip_share: Some(0.0),
        core_time_s: Some(2.4e-6),
        exact: true,
        assumed: vec![],
    }
}

fn range(low: f64, nominal: f64, high: f64) -> Range {
    Range { low, nominal, high }
}

fn term(name: &str, nominal_j: f64) -> EnergyTerm {
    EnergyTerm { name: name.into(), nominal_j, low_j: None, high_j: None }
}

fn population(name: &str, model: &str, size: u64) -> PopulationEntry {
    PopulationEntry { name: name.into(), model: model.into(), size }
}

fn precision() -> Vec<PrecisionEntry> {
    vec![PrecisionEntry {
        device: "loihi2-guess".into(),
        name: "Intel Loihi 2".into(),
        weight_bits: 8,
        state_bits: Some(24),
        rule: "mantissas of 8 bits and one exponent a projection".into(),
        samples: 360,
        correct: Some(330),
        accuracy: Some(330.0 / 360.0),
        accuracy_interval: wilson(330.0 / 360.0, 360),
        changed: Some(9),
        spikes_per_sample: 337.2,
        synaptic_events_per_sample: 3_402.5,
        projections: vec![ProjectionErrorEntry {
            name: "0".into(),
            weights: 8_192,
            step: 0.004,
            largest_error: 0.002,
            rms_error: 0.001_15,
            lost: 17,
        }],
        notes: vec!["The chip sets a voltage to zero where population `1` takes its threshold off.".into()],
        energy: Some(EnergyEntry {
            energy_per_sample_j: Some(range(1.7e-3, 2.41e-3, 4.3e-3)),
            ..device("loihi2-guess", DeviceKind::Neuromorphic, Runs::Spiking, "guess")
        }),
    }]
}

fn variants() -> Vec<DenseVariantEntry> {
    let of = |name: &str, bits: (u32, u32), effective: u64, weight_bytes: u64, correct: u64| DenseVariantEntry {
        name: name.into(),
        how: if name == "fp32" { "as it is".into() } else { "one scale a layer, not trained again".into() },
        weight_bits: bits.0,
        activation_bits: bits.1,
        sparse: name.starts_with("pruned"),
        macs: 3_409_920,
        effective_macs: effective,
        weight_bytes,
        activation_bytes: 192 * u64::from(bits.1) / 8,
        samples: 360,
        correct: Some(correct),
        accuracy: Some(correct as f64 / 360.0),
        accuracy_interval: wilson(correct as f64 / 360.0, 360),
        changed: 327_u64.abs_diff(correct),
        batches: [1, 64]
            .map(|batch| BatchEntry {
                batch,
                weight_bytes_per_sample: weight_bytes as f64 / batch as f64,
                activation_bytes: 192 * u64::from(bits.1) / 8 * batch,
            })
            .to_vec(),
        energy: form_energy(effective, name.starts_with("pruned")),
    };
    vec![
        of("fp32", (32, 32), 1_889_172, 38_440, 327),
        of("int8", (8, 8), 1_888_400, 10_024, 326),
        of("5-bit activations", (32, 5), 1_792_311, 38_440, 325),
        of("pruned 0.9", (32, 32), 201_310, 6_104, 251),
    ]
}

/// A table, a board that is called and a microcontroller.
fn form_energy(effective: u64, pruned: bool) -> Vec<FormEnergyEntry> {
    let of = |device: &str, batch: u64, joules: f64, used: Option<(Option<f64>, &str)>| FormEnergyEntry {
        device: device.into(),
        batch,
        tier: if used.is_some() { 3 } else { 2 },
        precision: Some("fp32".into()),
        zeros_skipped: if used.is_some() { "none".into() } else { "both".into() },
        energy_per_sample_j: Some(range(joules / 4.0, joules, joules * 3.0)),
        latency_s: used.and_then(|(share, _)| share).map(|_| 2.4e-3),
        utilisation: used.map(|(share, reason)| UtilisedEntry { share, reason: reason.into() }),
        unpriced: vec!["host".into()],
        evidence: "derived".into(),
        source: "a paper, 2018, Table 2".into(),
        caveats: if pruned && used.is_some() { vec!["weights left out save nothing here".into()] } else { vec![] },
    };
    let table = effective as f64 / 360.0 * 4.6e-12;
    let launch = "of its throughput in large calls: starting a call takes the rest";
    vec![
        of("asic-45nm-memory", 1, 40.0 * table, None),
        of("asic-45nm-memory", 64, 4.0 * table, None),
        of("jetson-tx1", 1, 11.8e-3, Some((Some(0.0005), launch))),
        of("jetson-tx1", 64, 190e-6, Some((Some(0.03), launch))),
        of("mcu-m33-u575", 1, 2.1e-6, Some((None, "inside the figure; no peak is stated"))),
        of("mcu-m33-u575", 64, 2.1e-6, Some((None, "inside the figure; no peak is stated"))),
    ]
}

/// A plain run of a recurrent network: no task, no dense network, no energy, no verdict.
pub(super) fn plain_run() -> Report {
    let counts = |name: &str, size: u64, spikes: u64, events: u64, stimuli: u64| PopulationCountsEntry {
        name: name.into(),
        spikes,
        rate_hz: spikes as f64 / size as f64,
        size,
        spikes_per_sample: spikes as f64,
        synaptic_events_in: events,
        synaptic_events_dropped: events / 13,
        stimulus_events: stimuli,
        neuron_updates_driven: Some(size * 9_731),
        neuron_updates_clocked: Some(size * 10_000),
    };
    let projection = |name: &str, synapses: u64, spikes_in: u64, fan_out: u64| ProjectionCountsEntry {
        name: name.into(),
        synaptic_events: spikes_in * fan_out,
        synapses,
        spikes_in,
        ..ProjectionCountsEntry::default()
    };
    Report {
        schema: SCHEMA_ID.into(),
        network: NetworkPart {
            name: "brunel-2000".into(),
            sha256: None,
            neurons: 12_500,
            synapses: 15_625_000,
            populations: vec![population("e", "lif_delta", 10_000), population("i", "lif_delta", 2_500)],
        },
        run: RunPart {
            engine: "clock".into(),
            engine_reason: "most neurons are driven at every step".into(),
            semantics: None,
            dt_s: Some(1e-4),
            duration_s: 1.0,
            steps: Some(10_000),
            samples: 1,
            seed: 42,
            threads: 2,
            build_wall_s: 0.41,
            run_wall_s: 3.72,
            peak_memory_bytes: Some(214_300_000),
            input: None,
            input_sha256: None,
            dense_sha256: None,
            spikes_sha256: None,
            replay: None,
            version: None,
            partial: false,
        },
        counts: CountsPart {
            total: TotalCounts {
                spikes: 470_125,
                synaptic_events: 587_656_250,
                synaptic_events_dropped: 45_204_326,
                neuron_updates_driven: 121_637_500,
                neuron_updates_clocked: 125_000_000,
                stimulus_events: 250_012_881,
                effective_macs: 0,
                effective_acs: 587_656_250,
                dense_macs: 156_250_000_000,
            },
            populations: vec![
                counts("e", 10_000, 376_120, 470_125_000, 200_010_304),
                counts("i", 2_500, 94_005, 117_531_250, 50_002_577),
            ],
            projections: vec![
                projection("ee", 10_000_000, 376_120, 1_000),
                projection("ei", 2_500_000, 376_120, 250),
                projection("ie", 2_500_000, 94_005, 1_000),
                projection("ii", 625_000, 94_005, 250),
            ],
        },
        task: None,
        neurobench: None,
        dense: None,
        precision: Vec::new(),
        energy: vec![],
        answers: None,
        verdict: None,
        accounts: vec![],
        caveats: vec![],
    }
}
