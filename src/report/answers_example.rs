//! Answers with likely figures and every key, for the tests of this floor.

use super::{
    AnswersPart, ByStepPart, DeviceAnswer, EnergyByStep, LatencyAnswer, LeastAnswer, PowerTermEntry, Range, RatioEntry,
    ReplayPart, Runs, SystemAnswer, WindowsPart, WorstWindow,
};

fn range(low: f64, nominal: f64, high: f64) -> Range {
    Range { low, nominal, high }
}

/// Choices of a run, every one made.
pub(super) fn replay() -> ReplayPart {
    ReplayPart {
        network: "digits.nir".into(),
        dense: Some("digits-mlp.onnx".into()),
        axes: Some("sample,y,x".into()),
        encode: Some("direct".into()),
        decode: Some("count".into()),
        steps: Some(25),
        dt_ms: Some(0.1),
        duration_ms: Some(2.5),
        set: vec!["scale=0.1".into()],
        engine: Some("clock".into()),
        semantics: Some("snntorch".into()),
        samples: Some(360),
        split: Some("test".into()),
    }
}

/// Answers at 50 Hz on a chip and a microcontroller.
pub(super) fn answers() -> AnswersPart {
    AnswersPart {
        request_rate_hz: Some(50.0),
        deadline_s: Some(0.015),
        battery_j: Some(36_000.0),
        depth_of_discharge: Some(0.8),
        devices: vec![
            DeviceAnswer {
                device: "loihi".into(),
                runs: Runs::Spiking,
                fits: true,
                energy_per_inference_j: Some(range(2.1e-3, 2.4e-3, 2.9e-3)),
                power_working_w: Some(range(0.085, 0.097, 0.115)),
                latency: Some(LatencyAnswer {
                    p50_s: 0.0121,
                    p95_s: 0.0143,
                    p99_s: 0.0152,
                    max_s: 0.0155,
                    varies: true,
                    late: Some(0.0139),
                    meets_deadline: Some(false),
                }),
                system: Some(system(
                    range(1.15, 1.22, 1.31),
                    &[("synaptic events", 4e-7), ("static power", 0.0963), ("board", 0.94), ("regulators", 0.18)],
                    Some(0.605),
                )),
            },
            DeviceAnswer {
                device: "mcu".into(),
                runs: Runs::Dense,
                fits: true,
                energy_per_inference_j: Some(range(1.1e-5, 1.3e-5, 1.9e-5)),
                power_working_w: None,
                latency: None,
                system: Some(system(
                    range(1.03, 1.1, 1.18),
                    &[("multiply-accumulates", 6.5e-4), ("board", 0.94), ("regulators", 0.16)],
                    None,
                )),
            },
        ],
        least: Some(LeastAnswer {
            spiking: "loihi".into(),
            dense: "mcu".into(),
            ratio: RatioEntry { low: 0.975, high: 1.27 },
            text: "Of all systems that keep up, the spiking network's takes least on loihi (1.22 W), the dense network's on mcu (1.10 W): \
                   undecided, as the intervals overlap."
                .into(),
        }),
        windows: Some(WindowsPart {
            window_s: 1e-3,
            windows: 1_080,
            are_samples: false,
            devices: vec![WorstWindow {
                device: "loihi".into(),
                sample: Some(1_512),
                start_s: 0.001,
                energy_j: range(8.2e-4, 9.7e-4, 1.1e-3),
                mean_energy_j: 9.6e-4,
                power_w: Some(range(0.086, 0.0981, 0.116)),
                mean_power_w: Some(0.0967),
                in_simulated_time: true,
            }],
        }),
        by_step: Some(ByStepPart {
            steps: vec![1, 13, 25],
            accuracy: Some(vec![0.1, 0.8972, 0.925]),
            settled: vec![0.1139, 0.9528, 1.0],
            devices: vec![EnergyByStep {
                device: "loihi".into(),
                energy_j: vec![range(8.4e-5, 9.6e-5, 1.1e-4), range(1.1e-3, 1.25e-3, 1.5e-3), range(2.1e-3, 2.4e-3, 2.9e-3)],
            }],
        }),
    }
}

fn system(power_w: Range, terms: &[(&str, f64)], duty_cycle: Option<f64>) -> SystemAnswer {
    let hours = |power: f64| 8.0 / (power + 30.0);
    SystemAnswer {
        power_w,
        energy_per_answer_j: range(power_w.low / 50.0, power_w.nominal / 50.0, power_w.high / 50.0),
        duty_cycle,
        keeps_up: duty_cycle.map(|duty| duty <= 1.0),
        hours: Some(range(hours(power_w.high), hours(power_w.nominal), hours(power_w.low))),
        share_of_battery: Some(power_w.nominal / (power_w.nominal + 30.0)),
        terms: terms
            .iter()
            .map(|(name, power)| PowerTermEntry { name: (*name).into(), power_w: range(*power, *power, *power) })
            .collect(),
        unpriced: vec!["host".into(), "input and output".into()],
    }
}
