use super::*;
use crate::network::{Coefficients, Delay, Matrix, Target};
use crate::neuron::model_by_name;
use proptest::prelude::*;

fn population(name: &str, size: usize, model: &str) -> Population {
    let model = model_by_name(model).expect("built in");
    Population { name: name.into(), size, shape: vec![], model, params: BTreeMap::new(), init: BTreeMap::new() }
}

fn projection(from: &str, to: &str, connect: Connect, weight: f64) -> Projection {
    Projection {
        weight: Weight(Values::One(weight)),
        ..Projection::new(format!("{from}_{to}"), from, to, connect, Delay::Ticks(1))
    }
}

fn poisson(to: &str, ids: Vec<u32>, window_ms: (Option<f64>, Option<f64>)) -> Stimulus {
    let drive = Drive::Poisson { rate_hz: 2000.0, weight: 10.0, delay_ms: 1.0, window_ms };
    Stimulus { name: format!("drive {to}"), to: Target { population: to.into(), ids }, drive }
}

/// An excitatory and an inhibitory population of the model, joined by every rule that scales.
fn network(model: &str) -> Network {
    let mut network = Network::new("n");
    network.populations = vec![population("e", 1000, model), population("i", 250, model)];
    network.projections = vec![
        projection("e", "e", Connect::FixedIndegree(100), 2.0),
        projection("e", "i", Connect::FixedTotal(5000), 3.0),
        projection("i", "e", Connect::FixedProbability(0.2), -4.0),
        projection("i", "i", Connect::FixedOutdegree(40), -5.0),
    ];
    network.stimuli = vec![poisson("e", vec![], (None, None))];
    network
}

fn rates() -> BTreeMap<String, f64> {
    BTreeMap::from([("e".to_owned(), 5.0), ("i".to_owned(), 8.0)])
}

fn current(network: &Network, at: usize) -> f64 {
    match network.populations[at].params.get("i_e") {
        Some(Values::One(current)) => *current,
        None => 0.0,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_quarter_is_as_by_hand() {
    let n = network("lif_exp").scaled(0.25, &rates()).expect("it scales");
    n.validate().expect("still valid");
    assert_eq!(n.populations.iter().map(|p| p.size).collect::<Vec<_>>(), [250, 62], "62.5 goes to the even number");
    let rules: Vec<_> = n.projections.iter().map(|p| p.connect.clone()).collect();
    let expected =
        [Connect::FixedIndegree(25), Connect::FixedTotal(312), Connect::FixedProbability(0.2), Connect::FixedOutdegree(10)];
    assert_eq!(rules, expected, "312.5 goes to the even number");
    let weights: Vec<_> = n.projections.iter().map(|p| p.weight.0.clone()).collect();
    assert_eq!(weights, [4.0, 6.0, -8.0, -10.0].map(Values::One));
    assert_eq!(n.stimuli[0].drive, Drive::Poisson { rate_hz: 500.0, weight: 20.0, delay_ms: 1.0, window_ms: (None, None) });
    // Half of what the full network has, tau_syn being 2 ms: 100 · 2 pA · 5 Hz − 50 · 4 pA · 8 Hz + 2000 Hz · 10 pA in e,
    // 20 · 3 pA · 5 Hz − 40 · 5 pA · 8 Hz in i.
    assert!((current(&n, 0) - 0.5 * 2e-3 * (1000.0 - 1600.0 + 20_000.0)).abs() < 1e-12, "{}", current(&n, 0));
    assert!((current(&n, 1) - 0.5 * 2e-3 * (300.0 - 1600.0)).abs() < 1e-12);
    // What an event is worth depends on the model.
    let delta = network("lif_delta").scaled(0.25, &rates()).expect("it scales");
    assert!((current(&delta, 1) - 0.5 * 250e-3 * (300.0 - 1600.0)).abs() < 1e-9);
    let alpha = network("lif_alpha").scaled(0.25, &rates()).expect("it scales");
    assert!((current(&alpha, 1) - 0.5 * 2e-3 * std::f64::consts::E * (300.0 - 1600.0)).abs() < 1e-9);
}

#[test]
fn a_drive_of_some_neurons_or_some_time_is_made_up_for_there() {
    let mut n = network("lif_exp");
    n.projections.clear();
    n.stimuli = vec![poisson("e", vec![3, 5], (None, Some(50.0))), poisson("i", vec![], (Some(7.0), Some(7.0)))];
    let n = n.scaled(0.25, &BTreeMap::new()).expect("it scales");
    n.validate().expect("still valid");
    assert_eq!((current(&n, 0), n.stimuli.len()), (0.0, 3));
    assert_eq!(n.stimuli[2].to.ids, [3, 5]);
    let value = 0.5 * 2e-3 * 20_000.0;
    assert_eq!(
        n.stimuli[2].drive,
        Drive::Current(vec![CurrentStep { at_ms: 1.0, value }, CurrentStep { at_ms: 51.0, value: 0.0 }])
    );
}

#[test]
fn what_cannot_be_scaled_is_told_at_once() {
    let mut n = network("lif_exp");
    n.populations.push(population("in", 4, "input"));
    n.populations.push(population("readout", 3, "lif"));
    n.populations[0].params.insert("tau_syn_ex".into(), Values::Drawn(Distribution::uniform(1.0, 2.0)));
    n.populations[1].params.insert("v_th".into(), Values::Each(vec![-55.0; 250]));
    n.projections.push(projection("e", "readout", Connect::AllToAll, 1.0));
    n.projections.push(projection("i", "readout", Connect::AllToAll, 1.0));
    let values = vec![0.0; 12];
    n.projections.push(projection(
        "in",
        "readout",
        Connect::Dense(Matrix { targets: 3, sources: 4, values: Coefficients::Single(values) }),
        1.0,
    ));
    let rates = BTreeMap::from([("e".to_owned(), 5.0)]);
    let wrong = n.scaled(0.5, &rates).expect_err("much is wrong").to_string();
    for words in [
        "population.i: to scale, the mean rate of `i`",
        "population.e.params.tau_syn_ex: to scale",
        "population.i.params.v_th: values for each neuron",
        "population.in.model: `in` takes its spikes from outside",
        "population.readout.model: a network with inputs to `lif` cannot be scaled",
        "projection.in_readout.connect: connections that are given one by one",
    ] {
        assert_eq!(wrong.matches(words).count(), if words.contains("tau_syn_ex") { 3 } else { 1 }, "{words}\n{wrong}");
    }
    for scale in [0.0, -1.0, f64::NAN, f64::INFINITY, 101.0] {
        let wrong = network("lif_exp").scaled(scale, &BTreeMap::new()).expect_err("no scale").to_string();
        assert!(wrong.contains("a scale is above 0"), "{wrong}");
    }
}

#[test]
fn the_full_scale_is_the_network_itself() {
    let n = network("lif_exp");
    let same = n.clone().scaled(1.0, &BTreeMap::new()).expect("no rates are needed");
    assert_eq!(format!("{n:?}"), format!("{same:?}"));
}

proptest! {
    /// The mean of the input, constant current included, and its variance are those of the full network, but for rounding.
    #[test]
    fn mean_and_variance_of_the_input_stay(s in 0.02f64..4.0, model in prop_oneof![Just("lif_delta"), Just("lif_exp"), Just("lif_alpha")]) {
        let moments = |n: &Network| -> Vec<(f64, f64)> {
            n.populations.iter().enumerate().map(|(at, to)| {
                let unit = to.model.mean_current(&mut |name| to.model.spec().param(name).and_then(|p| p.default).unwrap_or(0.0)).expect("a current")[0];
                let (mut mean, mut variance) = (current(n, at), 0.0);
                for p in n.projections.iter().filter(|p| p.to == to.name) {
                    let from = &n.populations[n.population(&p.from).expect("there")];
                    let inputs = match &p.connect {
                        Connect::FixedIndegree(k) => f64::from(*k),
                        Connect::FixedTotal(k) => *k as f64 / to.size as f64,
                        Connect::FixedProbability(p) => p * from.size as f64,
                        Connect::FixedOutdegree(k) => f64::from(*k) * from.size as f64 / to.size as f64,
                        other => panic!("{other:?}"),
                    };
                    let Values::One(w) = p.weight.0 else { panic!("one weight") };
                    mean += inputs * w * rates()[&p.from] * unit;
                    variance += inputs * w * w * rates()[&p.from] * unit * unit;
                }
                for stimulus in n.stimuli.iter().filter(|s| s.to.population == to.name) {
                    let Drive::Poisson { rate_hz, weight, .. } = stimulus.drive else { panic!("Poisson") };
                    mean += rate_hz * weight * unit;
                    variance += rate_hz * weight * weight * unit * unit;
                }
                (mean, variance)
            }).collect()
        };
        let full = network(model);
        let scaled = full.clone().scaled(s, &rates()).expect("it scales");
        for ((m, v), (m2, v2)) in moments(&full).iter().zip(moments(&scaled)) {
            // Rounding moves each number of inputs by a half at most, of 0.8 (40 · 0.02) or more.
            let slack = 0.5 / (0.8 * s / 0.02);
            prop_assert!((v2 / v - 1.0).abs() < slack + 1e-9, "variance {v} {v2}");
            prop_assert!((m2 - m).abs() < slack * m.abs() * 10.0 + 1e-9, "mean {m} {m2}");
        }
    }
}
