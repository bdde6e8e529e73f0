//! Convolutions do what their connections written out one by one do, on any number of threads and by every execution.

use proptest::prelude::*;
use spikewatt::compile::{CompiledNetwork, Rows};
use spikewatt::counts::EventCounts;
use spikewatt::engine::{EngineKind, Simulation};
use spikewatt::network::{
    Coefficients, Connect, Convolution, Delay, Drive, Network, Population, Projection, Record, Stimulus, Target, TraceRequest,
    Weight,
};
use spikewatt::neuron::{Distribution, Values, model_by_name};
use spikewatt::record::MemoryRecorder;
use spikewatt::rng::{Purpose, Stream};
use spikewatt::spike::InputTrain;
use std::collections::BTreeMap;
use std::sync::Arc;

fn population(name: &str, model: &str, size: usize, params: &[(&str, f64)]) -> Population {
    Population {
        name: name.into(),
        size,
        shape: vec![size],
        model: model_by_name(model).expect("built in"),
        params: params.iter().map(|(name, value)| ((*name).to_owned(), Values::One(*value))).collect(),
        init: BTreeMap::new(),
    }
}

fn projection(from: &str, to: &str, connect: Connect, delay: Delay) -> Projection {
    Projection::new(format!("{from}-{to}"), from, to, connect, delay)
}

/// A population whose membrane is the sum of all that reached it.
fn sums(name: &str, size: usize) -> Population {
    population(name, "lif_delta", size, &[("v_rest", 0.0), ("v_th", 1e12), ("v_reset", 0.0), ("tau_m", 1e15)])
}

/// input → sums, at a tick of 1 ms.
fn into_sums(connect: Connect, sources: usize, targets: usize, delay: Delay) -> Network {
    let mut network = Network::new("sums");
    network.dt_ms = Some(1.0);
    network.unitless = true;
    network.populations = vec![population("in", "input", sources, &[]), sums("out", targets)];
    network.projections = vec![projection("in", "out", connect, delay)];
    network.input = Some("in".into());
    network
}

fn run(network: &Network, shards: usize, engine: EngineKind, train: &InputTrain, ticks: u64) -> (MemoryRecorder, EventCounts) {
    let net = Arc::new(CompiledNetwork::in_shards(network, None, None, shards).unwrap_or_else(|wrong| panic!("{wrong}")));
    let spiking = network.populations.iter().filter(|p| p.model.spec().variables.iter().any(|v| v.name == "v"));
    let record = Record {
        spikes: network.populations.iter().map(|p| p.name.clone()).collect(),
        traces: spiking
            .map(|p| TraceRequest { population: p.name.clone(), variable: "v".into(), ids: vec![], every_ms: None })
            .collect(),
    };
    let mut recorder = MemoryRecorder::new(&net, &record).expect("a good record");
    let mut simulation = Simulation::with_engine(net, shards, engine);
    simulation.set_input(0, Arc::new(train.clone()));
    simulation.run(ticks, &mut recorder);
    (recorder, simulation.counts())
}

/// The sums of a convolution's outputs by its definition: for each output, what its receptive field holds.
fn by_definition(c: &Convolution, input: &[f64]) -> Vec<f64> {
    let (ins, outs) = (c.channels_in / c.groups, c.channels_out / c.groups);
    let mut output = Vec::new();
    for o in 0..c.channels_out {
        for r in 0..c.output[0] {
            for q in 0..c.output[1] {
                let mut sum = 0.0;
                for i in 0..ins {
                    for y in 0..c.kernel[0] {
                        for x in 0..c.kernel[1] {
                            let row = (r * c.stride[0] + y * c.dilation[0]).checked_sub(c.padding[0]);
                            let column = (q * c.stride[1] + x * c.dilation[1]).checked_sub(c.padding[1]);
                            if let (Some(row), Some(column)) = (row, column)
                                && row < c.input[0]
                                && column < c.input[1]
                            {
                                let channel = o / outs * ins + i;
                                let w = c.weights.at(((o * ins + i) * c.kernel[0] + y) * c.kernel[1] + x);
                                sum += w * input[(channel * c.input[0] + row) * c.input[1] + column];
                            }
                        }
                    }
                }
                output.push(sum);
            }
        }
    }
    output
}

/// The connections of a convolution, one by one, by its definition.
fn unrolled(c: &Convolution) -> Connect {
    let (sources, targets) = (c.sources().expect("few"), c.targets().expect("few"));
    let mut list = Vec::new();
    for source in 0..sources {
        // Which outputs a source reaches: those where ones for weights and a one at the source give a one.
        let mut one = vec![0.0; sources];
        one[source] = 1.0;
        let reached = by_definition(&Convolution { weights: Coefficients::One(1.0), ..c.clone() }, &one);
        let weights = by_definition(c, &one);
        assert_eq!(weights.len(), targets);
        let pairs = (0..targets).filter(|t| reached[*t] != 0.0).map(|t| (source as u32, t as u32, Some(weights[t]), None));
        list.extend(pairs);
    }
    Connect::List(list)
}

#[derive(Debug, Clone)]
struct Case {
    c: Convolution,
    seed: u64,
}

/// Uniform draws in [0, 1) by place.
fn draw(seed: u64, at: u64) -> f64 {
    Stream::new(seed, Purpose::Weight, 0).uniform(at)
}

prop_compose! {
    fn cases()(
        ins in 1usize..4, outs in 1usize..4, groups in 1usize..4,
        rows in 1usize..7, columns in 1usize..7, high in 1usize..4, wide in 1usize..4,
        stride in prop::array::uniform2(1usize..4), padding in prop::array::uniform2(0usize..4), dilation in prop::array::uniform2(1usize..4),
        cut in prop::array::uniform2(0usize..3), kind in 0usize..4, seed: u64,
    ) -> Case {
        let (input, kernel) = ([rows, columns], [high, wide]);
        // Now and then fewer or more cells than the padding on both sides alike would give: padding after the end may be another.
        let output = [0, 1].map(|a| {
            let cells = Convolution::cells(input[a], kernel[a], stride[a], 2 * padding[a], dilation[a]).unwrap_or(1);
            (cells + cut[a]).saturating_sub(1).max(1)
        });
        let number = outs * groups * ins * high * wide;
        // Some weights are zero.
        let w = |at: usize| if draw(seed, at as u64) < 0.2 { 0.0 } else { draw(seed, (number + at) as u64) * 4.0 - 2.0 };
        let weights = match kind {
            0 => Coefficients::One(0.25),
            1 => Coefficients::Double((0..number).map(w).collect()),
            2 => Coefficients::Single((0..number).map(|at| w(at) as f32).collect()),
            _ => Coefficients::Single((0..number).map(|at| 0.5 + at as f32).collect()),
        };
        let c = Convolution { channels_in: ins * groups, channels_out: outs * groups, input, output, kernel, stride, padding, dilation, groups, weights };
        Case { c, seed }
    }
}

fn spikes(seed: u64, channels: usize, ticks: u64) -> InputTrain {
    let spikes = |t: u64| (0..channels as u32).filter(|c| draw(seed ^ 1, t << 32 | u64::from(*c)) < 0.3).collect();
    let mut ticks: Vec<Vec<u32>> = (0..ticks).map(spikes).collect();
    // A channel may spike twice in a tick.
    ticks[0] = vec![0, 0];
    InputTrain::Spikes(ticks)
}

fn numbers(seed: u64, channels: usize, ticks: usize) -> InputTrain {
    let value = |at: usize| match draw(seed ^ 2, at as u64) {
        d if d < 0.4 => 0.0,
        // Some ticks are all of zeros and ones.
        d if (at / channels).is_multiple_of(3) => (d * 3.0).floor() - 1.0,
        d => d * 2.0 - 1.0,
    };
    InputTrain::Frames { channels, values: (0..channels * ticks).map(value).collect() }
}

fn same(one: &(MemoryRecorder, EventCounts), other: &(MemoryRecorder, EventCounts), what: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(&one.0.trains, &other.0.trains, "{}", what);
    prop_assert_eq!(&one.1, &other.1, "{}", what);
    for (a, b) in one.0.traces.iter().zip(&other.0.traces) {
        prop_assert!(a.values.iter().zip(&b.values).all(|(a, b)| a.to_bits() == b.to_bits()), "{}: traces differ", what);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_convolution_is_its_connections(Case { c, seed } in cases()) {
        let (sources, targets) = (c.sources().expect("few"), c.targets().expect("few"));
        for (train, delay) in [(spikes(seed, sources, 6), 0), (spikes(seed, sources, 6), 2), (numbers(seed, sources, 6), 0), (numbers(seed, sources, 6), 3)] {
            let shared = into_sums(Connect::Convolution(c.clone()), sources, targets, Delay::Ticks(delay));
            let apart = into_sums(unrolled(&c), sources, targets, Delay::Ticks(delay));
            let convolved = run(&shared, 1, EngineKind::Clock, &train, 10);
            same(&convolved, &run(&shared, 1, EngineKind::Reference, &train, 10), "reference")?;
            same(&convolved, &run(&apart, 1, EngineKind::Clock, &train, 10), "unrolled")?;
            // And what the definition says, at the tick in which the first row arrives.
            let first = match &train {
                InputTrain::Spikes(ticks) => {
                    let mut values = vec![0.0; sources];
                    ticks[0].iter().for_each(|s| values[*s as usize] += 1.0);
                    values
                }
                InputTrain::Frames { values, .. } => values[..sources].to_vec(),
                InputTrain::Constant(values) => values.clone(),
            };
            let got = &convolved.0.traces[0].values[delay as usize * targets..(delay as usize + 1) * targets];
            for (got, wanted) in got.iter().zip(by_definition(&c, &first)) {
                prop_assert!((got - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "{got} instead of {wanted}");
            }
        }
        let net = |connect| CompiledNetwork::new(&into_sums(connect, sources, targets, Delay::Ticks(0)), None, None).expect("good");
        let (shared, apart) = (net(Connect::Convolution(c.clone())), net(unrolled(&c)));
        let (p, q) = (&shared.projections[0], &apart.projections[0]);
        prop_assert!(matches!(p.rows, Rows::Convolution(_)));
        prop_assert_eq!(p.rows.synapses(sources), q.rows.synapses(sources));
        prop_assert_eq!(p.rows.zero_weights(sources), q.rows.zero_weights(sources));
        prop_assert_eq!(shared.max_fan_in(), apart.max_fan_in());
        prop_assert_eq!(&p.nonzero, &q.nonzero);
        for s in 0..sources {
            prop_assert_eq!(p.rows.fan_out(s), q.rows.fan_out(s));
            let row = |net: &CompiledNetwork| {
                let mut row = Vec::new();
                net.each_connection(&net.projections[0], s, &mut |c| row.push(c));
                row
            };
            prop_assert_eq!(row(&shared), row(&apart));
        }
        let kept = if c.weights.len().is_none() && c.groups == c.channels_out { 0 } else { c.kernel_weights().expect("few") };
        prop_assert_eq!(shared.weights(), kept as u64);
    }

    #[test]
    fn a_convolution_between_neurons_is_its_connections_on_any_number_of_threads(
        Case { mut c, seed } in cases(), model in 0usize..3, delay in 1u32..4,
    ) {
        // Onto the population itself, so that events of all kinds meet: as many cells as there are inputs.
        (c.channels_out, c.output) = (c.channels_in, c.input);
        let number = c.kernel_weights().expect("few");
        c.weights = Coefficients::Double((0..number).map(|at| (draw(seed, at as u64) * 3.0 - 1.0) * 20.0).collect());
        let size = c.sources().expect("few");
        let models = [("lif_delta", vec![("t_ref", 2.0)]), ("lif_exp", vec![]), ("lif_cond_exp", vec![])];
        let network = |connect: Connect| {
            let mut network = Network::new("recurrent");
            network.dt_ms = Some(0.5);
            let params = models[model].1.as_slice();
            network.populations = vec![population("in", "input", size, &[]), population("n", models[model].0, size, params)];
            let mut drive = projection("in", "n", Connect::OneToOne, Delay::Ticks(1));
            drive.weight = Weight(Values::One(if model == 0 { 25.0 } else { 2000.0 }));
            network.projections = vec![drive, projection("n", "n", connect, Delay::Ticks(delay))];
            network.input = Some("in".into());
            network
        };
        let (shared, apart) = (network(Connect::Convolution(c.clone())), network(unrolled(&c)));
        let train = spikes(seed, size, 30);
        let one = run(&shared, 1, EngineKind::Clock, &train, 40);
        prop_assert!(one.1.populations[1].spikes > 0);
        for shards in [2, 3] {
            same(&one, &run(&shared, shards, EngineKind::Clock, &train, 40), "shards")?;
        }
        for other in [
            run(&shared, 1, EngineKind::Reference, &train, 40),
            run(&shared, 2, EngineKind::Event, &train, 40),
            run(&apart, 1, EngineKind::Clock, &train, 40),
        ] {
            prop_assert_eq!(&one.0.trains, &other.0.trains);
            let work = |counts: &EventCounts| counts.projections.iter().map(|p| (p.synaptic_events, p.effective_acs, p.dense_macs)).collect::<Vec<_>>();
            prop_assert_eq!(work(&one.1), work(&other.1));
        }
        // Events are conserved: those that arrived are those sent, but for what is on its way.
        let net = CompiledNetwork::new(&shared, None, None).expect("good");
        let sent: u64 = one.0.trains[1].ids.iter().zip(&one.0.trains[1].ticks)
            .filter(|(_, tick)| **tick + u64::from(delay) <= 40)
            .map(|(id, _)| net.projections[1].rows.fan_out(*id as usize))
            .sum();
        prop_assert_eq!(one.1.projections[1].synaptic_events, sent);
    }

    #[test]
    fn every_source_may_have_a_delay_of_its_own(
        delays in prop::collection::vec(prop_oneof![Just(0u32), 1u32..5, 100u32..400], 1..9), seed: u64, scaled: bool,
    ) {
        let n = delays.len();
        let ticks = 450;
        let connect = if scaled { Connect::Diagonal(Coefficients::Double((0..n).map(|s| 0.1 + s as f64).collect())) } else { Connect::OneToOne };
        let weight = |s: usize| if scaled { 0.1 + s as f64 } else { 1.0 };
        let ms = Values::Each(delays.iter().map(|d| f64::from(*d)).collect());
        let network = into_sums(connect, n, n, Delay::Ms(ms));
        for train in [spikes(seed, n, 60), numbers(seed, n, 60)] {
            let clock = run(&network, 1, EngineKind::Clock, &train, ticks);
            same(&clock, &run(&network, 1, EngineKind::Reference, &train, ticks), "reference")?;
            let given = |t: usize, s: usize| match &train {
                InputTrain::Spikes(ticks) => ticks.get(t).map_or(0.0, |ids| ids.iter().filter(|id| **id as usize == s).count() as f64),
                InputTrain::Frames { values, .. } => values.get(t * n + s).copied().unwrap_or(0.0),
                InputTrain::Constant(_) => 0.0,
            };
            for (s, delay) in delays.iter().enumerate() {
                let mut sum = 0.0;
                for t in 0..ticks as usize {
                    sum += weight(s) * t.checked_sub(*delay as usize).map_or(0.0, |sent| given(sent, s));
                    let got = clock.0.traces[0].values[t * n + s];
                    prop_assert!((got - sum).abs() < 1e-9 * sum.abs().max(1.0), "source {s} at {t}: {got} instead of {sum}");
                }
            }
        }
    }
}

/// Values of `PyTorch` 2.x: `conv2d(arange(16.).view(1, 1, 4, 4), [[[[1, -2], [3, 4]]]], stride=(1, 2), padding=(1, 0))`, and the sum and the mean of
/// 3 × 3 fields at stride 2 and padding 1, zeros counted in.
#[test]
fn closed_values_of_convolution_and_pooling() {
    let input: Vec<f64> = (0..16).map(f64::from).collect();
    let plain = Convolution {
        channels_in: 1,
        channels_out: 1,
        input: [4, 4],
        output: [5, 2],
        kernel: [2, 2],
        stride: [1, 2],
        padding: [1, 0],
        dilation: [1, 1],
        groups: 1,
        weights: Coefficients::Single(vec![1.0, -2.0, 3.0, 4.0]),
    };
    let pool = |w: f64| Convolution {
        output: [2, 2],
        kernel: [3, 3],
        stride: [2, 2],
        padding: [1, 1],
        weights: Coefficients::One(w),
        ..plain.clone()
    };
    let sums = [10.0, 24.0, 51.0, 90.0];
    for (c, wanted) in [
        (plain.clone(), vec![4.0f64, 18.0, 30.0, 42.0, 54.0, 66.0, 78.0, 90.0, -14.0, -16.0]),
        (pool(1.0), sums.to_vec()),
        (pool(1.0 / 9.0), sums.iter().map(|s| s / 9.0).collect()),
    ] {
        let network = into_sums(Connect::Convolution(c.clone()), 16, wanted.len(), Delay::Ticks(0));
        let (recorder, counts) = run(&network, 1, EngineKind::Clock, &InputTrain::Constant(input.clone()), 1);
        for (got, wanted) in recorder.traces[0].values.iter().zip(&wanted) {
            assert!((got - wanted).abs() < 1e-12 * wanted.abs(), "{got} instead of {wanted}");
        }
        // All inputs but the first are not zero.
        let synapses = CompiledNetwork::new(&network, None, None).expect("good").synapses();
        let of_first = if c.kernel == [2, 2] { 2 } else { 1 };
        assert_eq!((counts.projections[0].dense_macs, counts.projections[0].effective_macs), (synapses, synapses - of_first));
    }
}

#[test]
fn a_delay_that_is_drawn_for_each_connection_is_its_own() {
    let c = Convolution {
        channels_in: 2,
        channels_out: 3,
        input: [4, 4],
        output: [4, 4],
        kernel: [3, 3],
        stride: [1, 1],
        padding: [1, 1],
        dilation: [1, 1],
        groups: 1,
        weights: Coefficients::One(1.0),
    };
    let network = into_sums(Connect::Convolution(c.clone()), 32, 48, Delay::Ms(Values::Drawn(Distribution::uniform(1.0, 9.0))));
    let net = CompiledNetwork::new(&network, None, None).expect("good");
    let (mut delays, mut connections) = (vec![false; 10], 0);
    for s in 0..32 {
        net.each_connection(&net.projections[0], s, &mut |c| {
            delays[c.delay as usize] = true;
            connections += 1;
        });
    }
    assert!(delays.iter().filter(|there| **there).count() > 5);
    assert_eq!(connections, net.synapses());
    assert_eq!(net.synapses(), 3 * 2 * 10 * 10);
}

#[test]
fn in_exact_time_a_convolution_is_its_connections() {
    let c = Convolution {
        channels_in: 2,
        channels_out: 4,
        input: [5, 4],
        output: [3, 4],
        kernel: [3, 3],
        stride: [2, 1],
        padding: [1, 1],
        dilation: [1, 1],
        groups: 2,
        weights: Coefficients::Double((0..36).map(|at| 800.0 * draw(5, at) - 200.0).collect()),
    };
    let network = |connect: Connect| {
        let mut network = Network::new("exact");
        network.populations = vec![population("in", "input", 40, &[]), population("n", "lif_exp", 48, &[])];
        network.projections = vec![projection("in", "n", connect, Delay::Ms(Values::One(1.5)))];
        network.stimuli.push(Stimulus {
            name: "noise".into(),
            to: Target { population: "in".into(), ids: vec![] },
            drive: Drive::Poisson { rate_hz: 200.0, weight: 1.0, delay_ms: 0.0, window_ms: (None, None) },
        });
        network
    };
    let run = |connect: Connect| {
        let net = Arc::new(CompiledNetwork::new(&network(connect), None, None).unwrap_or_else(|wrong| panic!("{wrong}")));
        assert!(net.exact);
        let mut recorder = MemoryRecorder::all_spikes(&net);
        let mut simulation = Simulation::new(net, 2);
        simulation.run(200_000_000, &mut recorder);
        (recorder.trains[1].ids.clone(), recorder.trains[1].ticks.clone(), simulation.counts())
    };
    let (shared, apart) = (run(Connect::Convolution(c.clone())), run(unrolled(&c)));
    assert!(shared.0.len() > 50, "{} spikes", shared.0.len());
    assert_eq!((&shared.0, &shared.1), (&apart.0, &apart.1));
    assert_eq!(shared.2.projections, apart.2.projections);
    // Numbers have no form in exact time.
    let mut numbers = network(Connect::Convolution(c));
    numbers.populations[1] = population("n", "relay", 48, &[]);
    let refused = CompiledNetwork::new(&numbers, None, None).expect_err("it carries numbers").to_string();
    assert!(refused.contains("no form in exact time"), "{refused}");
}
