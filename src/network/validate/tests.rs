//! Networks built by hand, each wrong in one way.

use super::super::{
    Coefficients, Connect, Convolution, CurrentStep, Delay, Drive, MAX_NEURONS, Matrix, Network, Population, Projection,
    Stimulus, Target, TraceRequest, Weight,
};
use crate::diagnostic::Place;
use crate::neuron::{Distribution, Values, model_by_name};

fn population(name: &str, size: usize, model: &str) -> Population {
    let model = model_by_name(model).expect("the model is in the list");
    Population { name: name.to_owned(), size, shape: Vec::new(), model, params: [].into(), init: [].into() }
}

fn projection(from: &str, to: &str, connect: Connect) -> Projection {
    Projection::new(format!("{from}{to}"), from, to, connect, Delay::Ms(Values::One(1.0)))
}

fn stimulus(to: &str, drive: Drive) -> Stimulus {
    Stimulus { name: "s".to_owned(), to: Target { population: to.to_owned(), ids: Vec::new() }, drive }
}

/// Input, two spiking populations and a readout, joined in a row.
fn sound() -> Network {
    let mut network = Network::new("test");
    network.dt_ms = Some(0.1);
    network.populations = vec![
        population("in", 4, "input"),
        population("e", 3, "lif_delta"),
        population("i", 2, "lif_exp"),
        population("out", 2, "relay"),
    ];
    network.projections = vec![
        projection("in", "e", Connect::AllToAll),
        projection("e", "i", Connect::FixedIndegree(2)),
        projection("i", "out", Connect::OneToOne),
    ];
    network.stimuli = vec![stimulus("in", Drive::Dataset)];
    network.input = Some("in".to_owned());
    network.readout = Some("out".to_owned());
    network.record.spikes = vec!["e".to_owned()];
    network.record.traces =
        vec![TraceRequest { population: "e".to_owned(), variable: "v".to_owned(), ids: vec![2], every_ms: Some(0.2) }];
    network
}

/// The complaints about a sound network after a change, as `path: message`.
fn after(change: impl FnOnce(&mut Network)) -> Vec<String> {
    let mut network = sound();
    change(&mut network);
    let Err(complaints) = network.validate() else { return Vec::new() };
    complaints
        .iter()
        .map(|complaint| match &complaint.place {
            Place::Path(path) => format!("{path}: {}", complaint.message),
            place => panic!("{place:?}"),
        })
        .collect()
}

/// Holds one change to one complaint at a path, with a word in it.
fn expect(path: &str, word: &str, change: impl FnOnce(&mut Network)) {
    let found = after(change);
    assert!(
        found.len() == 1 && found[0].starts_with(&format!("{path}: ")) && found[0].contains(word),
        "wanted {path} … {word}, found {found:#?}"
    );
}

#[test]
fn a_sound_network_passes() {
    assert_eq!(after(|_| {}), [""; 0]);
}

#[test]
fn the_whole() {
    expect("dt", "above zero", |n| n.dt_ms = Some(0.0));
    expect("duration", "above zero", |n| n.duration_ms = Some(f64::NAN));
    expect("population.e.name", "2 population sections", |n| n.populations.push(population("e", 3, "lif_delta")));
    expect("projection.ei.name", "2 projection sections", |n| n.projections.push(projection("e", "i", Connect::AllToAll)));
    expect("stimulus.s.name", "2 stimulus sections", |n| n.stimuli.push(stimulus("in", Drive::Dataset)));
    expect("population.a\nb.name", "no name", |n| n.populations.push(population("a\nb", 3, "lif_delta")));
    expect("readout", "no population `x`", |n| n.readout = Some("x".to_owned()));
    expect("input", "no population `x`", |n| n.input = Some("x".to_owned()));
    expect("input", "takes no samples", |n| n.input = Some("e".to_owned()));
    expect("population", "together", |n| {
        n.populations.push(population("a", MAX_NEURONS as usize, "lif_delta"));
    });
}

#[test]
fn populations() {
    expect("population.a.size", "no neurons", |n| n.populations.push(population("a", 0, "lif_delta")));
    expect("population.a.size", "too many", |n| n.populations.push(population("a", MAX_NEURONS as usize + 1, "lif_delta")));
    expect("population.e.shape", "2 × 2", |n| n.populations[1].shape = vec![2, 2]);
    expect("population.e.shape", "does not hold", |n| n.populations[1].shape = vec![usize::MAX, 2]);
    let param = |name: &str, values: Values| {
        let name = name.to_owned();
        move |n: &mut Network| drop(n.populations[1].params.insert(name, values))
    };
    expect("population.e.params.tau", "no parameter `tau`", param("tau", Values::One(1.0)));
    expect("population.e.params.tau_m", "above zero, found 0", param("tau_m", Values::One(0.0)));
    expect("population.e.params.tau_m", "needs 3 values, found 2", param("tau_m", Values::Each(vec![1.0; 2])));
    expect("population.e.params.tau_m", "value 2 is NaN", param("tau_m", Values::Each(vec![1.0, 1.0, f64::NAN])));
    expect("population.e.params.tau_m", "reaches -1", param("tau_m", Values::Drawn(Distribution::uniform(-1.0, 1.0))));
    expect("population.e.params", "must be below", param("v_reset", Values::One(0.0)));
    expect("population.e.params", "must be below", param("v_th", Values::Each(vec![0.0, 0.0, -80.0])));
    expect("population.c.params.tau_m", "needs the parameter", |n| n.populations.push(population("c", 1, "lif")));
    expect("population.e.init.w", "no state variable `w`", |n| {
        drop(n.populations[1].init.insert("w".to_owned(), Values::One(0.0)))
    });
    expect("population.e.init.v", "finite", |n| drop(n.populations[1].init.insert("v".to_owned(), Values::One(f64::INFINITY))));
}

#[test]
fn projections() {
    let rule = |connect: Connect| move |n: &mut Network| n.projections[1].connect = connect;
    expect("projection.ei.from", "no population `x`", |n| n.projections[1].from = "x".to_owned());
    expect("projection.ei.to", "no population `x`", |n| n.projections[1].to = "x".to_owned());
    expect("projection.ei.to", "takes no connections", |n| n.projections[1].to = "in".to_owned());
    expect("projection.ei.weight", "finite", |n| n.projections[1].weight = Weight(Values::One(f64::NAN)));
    expect("projection.ei.weight", "no order", |n| n.projections[1].weight = Weight(Values::Each(vec![1.0; 6])));
    expect("projection.iout.weight", "needs 2 values, found 1", |n| n.projections[2].weight = Weight(Values::Each(vec![1.0])));
    expect("projection.ei.delay", "zero or above", |n| n.projections[1].delay = Delay::Ms(Values::One(-1.0)));
    expect("projection.ei.delay", "zero or above", |n| n.projections[1].delay = Delay::Ms(Values::One(f64::INFINITY)));
    expect("projection.ei.bias", "needs 2 values", |n| n.projections[1].bias = Some(vec![0.0]));
    expect("projection.ei.bias", "value 1 is NaN", |n| n.projections[1].bias = Some(vec![0.0, f64::NAN]));
    expect("projection.ei.connect", "one size", rule(Connect::OneToOne));
    expect("projection.ei.connect.p", "between 0 and 1", rule(Connect::FixedProbability(-0.1)));
    expect("projection.ei.connect.p", "between 0 and 1", rule(Connect::FixedProbability(f64::NAN)));
    expect(
        "projection.ei.connect",
        "2 × 2, where 2 targets × 3",
        rule(Connect::Dense(Matrix { targets: 2, sources: 2, values: Coefficients::Single(vec![0.0; 4]) })),
    );
    expect(
        "projection.ei.connect",
        "holds 5",
        rule(Connect::Dense(Matrix { targets: 2, sources: 3, values: Coefficients::Single(vec![0.0; 5]) })),
    );
    expect(
        "projection.ei.connect",
        "value 5 is NaN",
        rule(Connect::Dense(Matrix {
            targets: 2,
            sources: 3,
            values: Coefficients::Single(vec![0.0, 0.0, 0.0, 0.0, 0.0, f32::NAN]),
        })),
    );
    let line = |weights: usize, groups: usize| {
        Connect::Convolution(Convolution {
            channels_in: 1,
            channels_out: 1,
            input: [1, 3],
            output: [1, 2],
            kernel: [1, 2],
            stride: [1, 1],
            padding: [0, 0],
            dilation: [1, 1],
            groups,
            weights: Coefficients::Single(vec![1.0; weights]),
        })
    };
    let mut good = sound();
    good.projections[1].connect = line(2, 1);
    good.validate().expect("a line fits");
    expect("projection.ei.connect", "2 in all, found 3", rule(line(3, 1)));
    expect("projection.ei.connect", "2 groups must divide", rule(line(2, 2)));
    expect("projection.iout.connect", "1 × 1 × 3 neurons where `i` has 2", |n| n.projections[2].connect = line(2, 1));
    expect("projection.ei.delay", "no order", |n| {
        (n.projections[1].connect, n.projections[1].delay) = (line(2, 1), Delay::Ms(Values::Each(vec![1.0; 4])));
    });
    expect("projection.ei.connect", "one size", rule(Connect::Diagonal(Coefficients::Single(vec![0.0; 2]))));
    expect("projection.iout.connect", "3 weights for 2", |n| {
        n.projections[2].connect = Connect::Diagonal(Coefficients::Double(vec![0.0; 3]))
    });
    expect("projection.ei.connect", "no source 3", rule(Connect::List(vec![(3, 1, None, None)])));
    expect("projection.ei.connect", "no target 2", rule(Connect::List(vec![(2, 2, None, None)])));
    expect("projection.ei.connect", "weight of pair 0", rule(Connect::List(vec![(2, 1, Some(f64::NAN), None)])));
    expect("projection.ei.connect", "delay of pair 0", rule(Connect::List(vec![(2, 1, None, Some(-1.0))])));
}

#[test]
fn partners_that_are_not_there() {
    let within = |connect: Connect, allow_self: bool, allow_multiple: bool| {
        after(|n| n.projections.push(Projection { allow_self, allow_multiple, ..projection("e", "e", connect) }))
    };
    // Population e has 3 neurons: 3 partners each and 9 pairs, or 2 and 6 without oneself.
    for (connect, allow_self, allow_multiple, sound) in [
        (Connect::FixedIndegree(3), true, false, true),
        (Connect::FixedIndegree(4), true, false, false),
        (Connect::FixedIndegree(4), true, true, true),
        (Connect::FixedIndegree(2), false, false, true),
        (Connect::FixedIndegree(3), false, false, false),
        (Connect::FixedIndegree(9), false, true, true),
        (Connect::FixedOutdegree(2), false, false, true),
        (Connect::FixedOutdegree(3), false, false, false),
        (Connect::FixedTotal(6), false, false, true),
        (Connect::FixedTotal(7), false, false, false),
        (Connect::FixedTotal(9), true, false, true),
        (Connect::FixedTotal(10), true, false, false),
        (Connect::List(vec![(1, 1, None, None)]), true, true, true),
        (Connect::List(vec![(1, 1, None, None)]), false, true, false),
        (Connect::List(vec![(1, 2, None, None); 2]), true, true, true),
        (Connect::List(vec![(1, 2, None, None); 2]), true, false, false),
    ] {
        assert_eq!(
            within(connect.clone(), allow_self, allow_multiple).is_empty(),
            sound,
            "{connect:?} {allow_self} {allow_multiple}"
        );
    }
}

#[test]
fn a_neuron_alone_has_no_partner() {
    let alone = |allow_self| {
        after(|n| {
            n.populations.push(population("a", 1, "lif_delta"));
            n.projections.push(Projection { allow_self, ..projection("a", "a", Connect::FixedOutdegree(2)) });
        })
    };
    assert_eq!(alone(true), [""; 0]);
    assert_eq!(alone(false), ["projection.aa.connect.outdegree: 2 targets for each source are wanted, and 0 are there"]);
}

#[test]
fn stimuli() {
    let driven = |drive: Drive| move |n: &mut Network| n.stimuli[0] = stimulus("e", drive);
    let poisson = |rate_hz, window_ms| Drive::Poisson { rate_hz, weight: 1.0, delay_ms: 0.0, window_ms };
    let spikes = |id, time| Drive::Spikes { events: vec![(id, time)], weight: 1.0, delay_ms: 0.0 };
    let regular = |rate_hz, start_ms, weight, delay_ms| Drive::Regular { rate_hz, start_ms, weight, delay_ms };
    expect("stimulus.s.to", "no population `x`", |n| n.stimuli[0].to.population = "x".to_owned());
    expect("stimulus.s.to", "no neuron 4", |n| n.stimuli[0].to.ids = vec![0, 4]);
    expect("stimulus.s.to", "twice", |n| n.stimuli[0].to.ids = vec![1, 0, 1]);
    expect("stimulus.s.to", "input population", driven(Drive::Dataset));
    expect("stimulus.s.rate", "zero or above", driven(poisson(-1.0, (None, None))));
    expect("stimulus.s.stop", "before", driven(poisson(1.0, (Some(2.0), Some(1.0)))));
    expect("stimulus.s.start", "zero or above", driven(poisson(1.0, (Some(-2.0), None))));
    expect("stimulus.s.rate", "above zero", driven(regular(0.0, 0.0, 1.0, 1.0)));
    expect("stimulus.s.start", "zero or above", driven(regular(1.0, f64::NAN, 1.0, 1.0)));
    expect("stimulus.s.weight", "finite", driven(regular(1.0, 0.0, f64::NAN, 1.0)));
    expect("stimulus.s.delay", "zero or above", driven(regular(1.0, 0.0, 1.0, -1.0)));
    expect("stimulus.s.times", "zero or above", driven(spikes(None, -1.0)));
    expect("stimulus.s.times", "neuron 3 of 3", driven(spikes(Some(3), 1.0)));
    let step = |at_ms, value| CurrentStep { at_ms, value };
    expect("stimulus.s.steps", "finite", driven(Drive::Current(vec![step(0.0, f64::INFINITY)])));
    expect("stimulus.s.steps", "follows", driven(Drive::Current(vec![step(1.0, 1.0), step(1.0, 2.0)])));
}

#[test]
fn recordings() {
    expect("record.spikes", "no population `x`", |n| n.record.spikes = vec!["x".to_owned()]);
    expect("record.spikes", "twice", |n| n.record.spikes = vec!["e".to_owned(); 2]);
    expect("record.spikes", "does not spike", |n| n.record.spikes = vec!["out".to_owned()]);
    let trace = |change: fn(&mut TraceRequest)| move |n: &mut Network| change(&mut n.record.traces[0]);
    expect("record.v", "no population `x`", trace(|t| t.population = "x".to_owned()));
    expect("record.w", "no state variable `w`", trace(|t| t.variable = "w".to_owned()));
    expect("record.v", "no neuron 3", trace(|t| t.ids = vec![3]));
    expect("record.every", "above zero", trace(|t| t.every_ms = Some(0.0)));
    expect("record.every", "multiple", trace(|t| t.every_ms = Some(0.25)));
    expect("record.every", "multiple", trace(|t| t.every_ms = Some(0.04)));
}

#[test]
fn circles_without_delay() {
    let circle = |e_i: Delay, i_e: Delay| {
        after(|n| {
            n.projections[1].delay = e_i;
            n.projections.push(Projection { delay: i_e, ..projection("i", "e", Connect::AllToAll) });
        })
    };
    let ms = |ms| Delay::Ms(Values::One(ms));
    assert_eq!(circle(Delay::Ticks(0), Delay::Ticks(1)), [""; 0]);
    assert_eq!(circle(ms(0.0), ms(0.05)), [""; 0]);
    let complaint = "projection.ie.delay: circle of connections without delay: `e` -> `i` -> `e`";
    assert_eq!(circle(Delay::Ticks(0), Delay::Ticks(0)), [complaint]);
    assert_eq!(circle(ms(0.049), Delay::Ticks(0)), [complaint]);
    assert_eq!(circle(Delay::Ticks(0), Delay::Ms(Values::Drawn(Distribution::uniform(0.0, 9.0)))), [complaint]);
    // A list's own delays count before the projection's.
    let listed = |delay| {
        after(|n| {
            let connect = Connect::List(vec![(0, 1, None, Some(1.0)), (1, 0, None, delay)]);
            n.projections.push(Projection { delay: ms(0.0), ..projection("e", "e", connect) });
        })
    };
    assert_eq!(listed(Some(0.1)), [""; 0]);
    assert_eq!(listed(None), ["projection.ee.delay: circle of connections without delay: `e` -> `e`"]);
}

#[test]
fn circles_are_found_beside_what_only_leads_to_them_and_from_them() {
    // a -> b -> c -> b, c -> d, e -> e: two circles, and nodes before, after and beside.
    let mut network = Network::new("circles");
    network.populations = ["a", "b", "c", "d", "e"].map(|name| population(name, 2, "lif_delta")).into();
    network.projections = ["ab", "bc", "cb", "cd", "ee", "ad"]
        .map(|edge| Projection { delay: Delay::Ticks(0), ..projection(&edge[..1], &edge[1..], Connect::AllToAll) })
        .into();
    let complaints = network.validate().expect_err("there are circles");
    let messages: Vec<_> =
        complaints.iter().map(|c| c.message.trim_start_matches("circle of connections without delay: ")).collect();
    assert_eq!(messages, ["`b` -> `c` -> `b`", "`e` -> `e`"]);
}

#[test]
fn every_complaint_comes_at_once() {
    let found = after(|n| {
        n.dt_ms = Some(-1.0);
        n.populations[1].size = 0;
        n.projections[0].to = "x".to_owned();
        n.record.spikes = vec!["y".to_owned()];
    });
    // That the empty population has no neuron 2 to record, and no source for i, follows and is not said.
    assert_eq!(found.len(), 4, "{found:#?}");
}
