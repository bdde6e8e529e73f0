//! Placements by hand, and laws.

use super::*;
use crate::network::{Coefficients, Connect, Convolution, Delay, Network, Population, Projection, Weight};
use crate::neuron::{Values, model_by_name};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn network(populations: &[(&str, usize)]) -> Network {
    let mut network = Network::new("placed");
    network.dt_ms = Some(1.0);
    for (name, size) in populations {
        let model = if name.starts_with("input") { "input" } else { "lif_delta" };
        network.populations.push(Population {
            name: (*name).into(),
            size: *size,
            shape: vec![*size],
            model: model_by_name(model).expect("built in"),
            params: BTreeMap::new(),
            init: BTreeMap::new(),
        });
    }
    network
}

fn connect(network: &mut Network, from: &str, to: &str, connect: Connect) {
    network.projections.push(Projection {
        name: format!("{from}→{to} {}", network.projections.len()),
        from: from.into(),
        to: to.into(),
        connect,
        weight: Weight(Values::One(1.0)),
        delay: Delay::Ms(Values::One(1.0)),
        allow_self: true,
        allow_multiple: true,
        bias: None,
    });
}

fn compiled(network: &Network) -> CompiledNetwork {
    CompiledNetwork::new(network, None, None).unwrap_or_else(|wrong| panic!("{wrong}"))
}

/// Counts in which each population's neurons spiked `spikes` times each.
fn counts(net: &CompiledNetwork, spikes: u64) -> EventCounts {
    let mut counts = EventCounts::zero(net.populations.len(), net.projections.len());
    for (count, p) in counts.populations.iter_mut().zip(&net.populations) {
        count.spikes = spikes * p.size as u64;
    }
    (counts.ticks, counts.samples) = (10, 1);
    counts
}

fn placed(network: &Network, shape: &ChipShape) -> Placement {
    let net = compiled(network);
    place(&net, &counts(&net, 3), None, shape)
}

/// The blocks as (core, population, first, end).
fn blocks(placement: &Placement) -> Vec<(usize, usize, usize, usize)> {
    placement.blocks.iter().map(|b| (b.core, b.population, b.neurons.start, b.neurons.end)).collect()
}

fn two(from: &str, sources: usize, targets: usize, rule: Connect) -> Network {
    let mut network = network(&[(from, sources), ("b", targets)]);
    connect(&mut network, from, "b", rule);
    network
}

#[test]
fn a_network_that_a_core_holds_takes_one() {
    let shape = ChipShape { neurons_per_core: Some(20), cores: 4, routing: Routing::Unicast, ..ChipShape::new() };
    let placement = placed(&two("a", 10, 10, Connect::AllToAll), &shape);
    assert_eq!((placement.cores, placement.chips, placement.places), (1, 1, 20));
    assert!(placement.fits() && placement.bound_by.is_none(), "{placement:?}");
    // Ten neurons spike three times each, to their own core.
    assert_eq!((placement.messages.spikes, placement.messages.messages), (30.0, 30.0));
    assert_eq!(placement.messages.hops, None, "the mesh is not known");
    assert_eq!(placement.core_events, [300.0]);
    assert_eq!(placement.utilisation.len(), 1);
    assert_eq!((placement.utilisation[0].fullest, placement.utilisation[0].share), (20, 1.0));
    // 20 updates of 5 ns, and 30 events a tick of 2 ns.
    assert!((placement.core_time(5e-9, 2e-9) - 160e-9).abs() < 1e-18);
}

#[test]
fn a_spike_takes_a_message_to_each_core_with_targets() {
    let mut shape =
        ChipShape { neurons_per_core: Some(15), cores: 2, mesh: Some([2, 1]), routing: Routing::Unicast, ..ChipShape::new() };
    let network = two("a", 10, 10, Connect::AllToAll);
    let placement = placed(&network, &shape);
    assert_eq!(blocks(&placement), [(0, 0, 0, 10), (0, 1, 0, 5), (1, 1, 5, 10)]);
    assert_eq!(placement.bound_by, Some(Resource::Neurons));
    assert_eq!(placement.messages.per_spike(), Some(2.0));
    assert_eq!(placement.messages.mean_hops(), Some(0.5), "one of two goes a hop");
    assert_eq!(placement.messages.off_chip, 0.0);
    // The same on two chips of one core.
    (shape.cores, shape.chips, shape.mesh) = (1, 2, Some([1, 1]));
    let placement = placed(&network, &shape);
    assert_eq!((placement.chips, placement.messages.off_chip, placement.messages.hops), (2, 30.0, Some(30.0)));
    assert!(placement.fits());
    // One message that parts on its way; one router for both cores.
    shape.routing = Routing::Multicast;
    let placement = placed(&network, &shape);
    assert_eq!((placement.messages.per_spike(), placement.messages.hops), (Some(1.0), Some(30.0)));
    (shape.cores, shape.cores_per_tile) = (2, 2);
    assert_eq!(placed(&network, &shape).messages.hops, Some(0.0));
    shape.routing = Routing::Broadcast;
    assert_eq!(placed(&network, &shape).messages.per_spike(), Some(2.0));
}

#[test]
fn inputs_take_no_core_and_their_messages_stand_apart() {
    let shape = ChipShape { neurons_per_core: Some(4), cores: 8, routing: Routing::Unicast, ..ChipShape::new() };
    let placement = placed(&two("input", 10, 10, Connect::AllToAll), &shape);
    assert_eq!((placement.cores, placement.places), (3, 10));
    assert_eq!((placement.messages.spikes, placement.messages.messages, placement.messages.from_input), (0.0, 0.0, 90.0));
    assert_eq!(placement.messages.per_spike(), None);
}

#[test]
fn fan_in_is_split_only_where_the_chip_can() {
    let mut shape = ChipShape { fan_in: Some(64), neurons_per_core: Some(15), ..ChipShape::new() };
    let network = two("input", 100, 10, Connect::AllToAll);
    let placement = placed(&network, &shape);
    assert_eq!(placement.why_not, ["100 synapses onto one neuron, the device holds 64 (10 neurons have more)"]);
    assert_eq!(placement.cores, 1);
    shape.joins_neurons = true;
    let placement = placed(&network, &shape);
    assert_eq!((placement.places, placement.cores), (20, 2), "each takes two places, seven go on a core");
    assert_eq!(placement.why_not, ["20 neurons, the device holds 15"]);
    shape.cores = 2;
    assert!(placed(&network, &shape).fits());
}

#[test]
fn input_axons_end_a_core() {
    let shape = ChipShape { axons_in_per_core: Some(30), cores: 10, routing: Routing::Unicast, ..ChipShape::new() };
    let placement = placed(&two("a", 100, 100, Connect::OneToOne), &shape);
    assert_eq!(blocks(&placement), [(0, 0, 0, 100), (0, 1, 0, 30), (1, 1, 30, 60), (2, 1, 60, 90), (3, 1, 90, 100)]);
    assert_eq!(placement.bound_by, Some(Resource::AxonsIn));
    assert!(placement.fits());
    // Whole populations: a core with any neuron of `b` hears all of `a`.
    let placement = placed(&two("a", 100, 100, Connect::AllToAll), &shape);
    assert_eq!(placement.cores, 101, "a hundred of one neuron each, and a's own");
    let expected = "`b`: 100 neurons need up to 100 input axons each, a core has 30";
    assert_eq!(placement.why_not, [expected, "101 cores are needed, the device has 10"]);
}

#[test]
fn a_source_is_heard_once_however_many_synapses_it_has() {
    // Sources 0 and 1 reach both neurons, 0 twice.
    let list = [(0, 0), (0, 0), (1, 0), (0, 1), (1, 1), (2, 1)].map(|(s, t)| (s, t, None, None)).to_vec();
    let mut shape = ChipShape { axons_in_per_core: Some(3), cores: 2, ..ChipShape::new() };
    let network = two("input", 50, 2, Connect::List(list));
    assert_eq!(placed(&network, &shape).cores, 1);
    shape.axons_in_per_core = Some(2);
    let placement = placed(&network, &shape);
    assert_eq!(placement.cores, 2);
    assert_eq!(placement.why_not, ["`b`: 1 neuron needs up to 3 input axons each, a core has 2"]);
}

#[test]
fn memory_ends_a_core_by_the_width_of_a_weight() {
    // 64 synapses a neuron and 256 bytes a core.
    for (bits, cores) in [(1, 2), (4, 8), (8, 16), (9, 22)] {
        let shape = ChipShape {
            synapse_bytes_per_core: Some(256),
            weight_bits: Some(bits),
            cores: 64,
            routing: Routing::Unicast,
            ..ChipShape::new()
        };
        let placement = placed(&two("input", 64, 64, Connect::AllToAll), &shape);
        assert_eq!((placement.cores, placement.bound_by), (cores, Some(Resource::SynapseMemory)), "{bits} bits");
        assert!(placement.fits());
    }
    let shape = ChipShape { synapse_bytes_per_core: Some(60), ..ChipShape::new() };
    let placement = placed(&two("input", 64, 1, Connect::AllToAll), &shape);
    assert_eq!(placement.why_not, ["`b`: 1 neuron needs up to 64 bytes of synapse memory each, a core has 60"]);
}

fn convolution(channels: [usize; 2], side: usize, kernel: usize, stride: usize, groups: usize) -> Connect {
    let cells = Convolution::cells(side, kernel, stride, 0, 1).expect("it fits");
    Connect::Convolution(Convolution {
        channels_in: channels[0],
        channels_out: channels[1],
        input: [side, side],
        output: [cells, cells],
        kernel: [kernel, kernel],
        stride: [stride, stride],
        padding: [0, 0],
        dilation: [1, 1],
        groups,
        weights: if groups > 1 {
            Coefficients::One(1.0)
        } else {
            Coefficients::Single(vec![1.0; channels[0] * channels[1] * kernel * kernel])
        },
    })
}

#[test]
fn shared_kernels_are_stored_once_a_core_and_channel() {
    // Two channels of 8 × 8 to four of 6 × 6 by kernels of 3 × 3: 18 weights a channel, 18 synapses a neuron.
    let network = two("input", 128, 144, convolution([2, 4], 8, 3, 1, 1));
    let mut shape = ChipShape { neurons_per_core: Some(50), cores: 8, ..ChipShape::new() };
    shape.synapses_per_core = Some(1 << 20);
    let synapses =
        |placement: &Placement| placement.utilisation.iter().find(|u| u.resource == Resource::Synapses).map(|u| u.used);
    let placement = placed(&network, &shape);
    assert_eq!((placement.cores, synapses(&placement)), (3, Some(144 * 18)));
    shape.shares_kernels = true;
    // Cores begin at neurons 0, 50 and 100, in channels 0, 1 and 2: two channels on each.
    let placement = placed(&network, &shape);
    assert_eq!((placement.cores, synapses(&placement)), (3, Some(6 * 18)));
    shape.synapses_per_core = Some(18);
    let placement = placed(&network, &shape);
    assert_eq!((placement.cores, placement.bound_by), (4, Some(Resource::Synapses)), "a core for each channel");
    shape.kernel_side = Some(2);
    assert_eq!(placed(&network, &shape).why_not, ["`b`: a kernel with a side of 3, the device takes 2"]);
}

#[test]
fn pools_are_looked_through() {
    // 4 × 4 cells, pooled to 2 × 2, each of which reaches both neurons: every cell reaches both.
    let mut network = network(&[("a", 16), ("pool", 4), ("b", 2)]);
    network.populations[1].model = model_by_name("relay").expect("built in");
    connect(&mut network, "a", "pool", convolution([1, 1], 4, 2, 2, 1));
    network.projections[0].connect = Connect::Convolution(Convolution {
        channels_in: 1,
        channels_out: 1,
        input: [4, 4],
        output: [2, 2],
        kernel: [2, 2],
        stride: [2, 2],
        padding: [0, 0],
        dilation: [1, 1],
        groups: 1,
        weights: Coefficients::One(1.0),
    });
    connect(&mut network, "pool", "b", Connect::AllToAll);
    network.projections.iter_mut().for_each(|p| p.delay = Delay::Ticks(0));
    let shape = ChipShape { neurons_per_core: Some(17), cores: 2, routing: Routing::Unicast, ..ChipShape::new() };
    let placement = placed(&network, &shape);
    assert_eq!(blocks(&placement), [(0, 0, 0, 16), (0, 2, 0, 1), (1, 2, 1, 2)]);
    assert_eq!(placement.messages.per_spike(), Some(2.0));
    assert_eq!(placement.core_events, [16.0 * 3.0, 16.0 * 3.0]);
    let shape = ChipShape { fan_in: Some(15), ..shape };
    assert_eq!(placed(&network, &shape).why_not, ["16 synapses onto one neuron, the device holds 15 (2 neurons have more)"]);
}

#[test]
fn output_axons_spread_the_neurons_that_send() {
    // b lies on cores of ten neurons, so each of a reaches ten cores; fifty output axons are those of five.
    let mut shape = ChipShape {
        neurons_per_core: Some(10),
        one_population_per_core: true,
        cores: 64,
        routing: Routing::Unicast,
        ..ChipShape::new()
    };
    let network = two("a", 10, 100, Connect::AllToAll);
    assert_eq!(placed(&network, &shape).cores, 11);
    shape.axons_out_per_core = Some(50);
    let placement = placed(&network, &shape);
    assert_eq!((placement.cores, placement.bound_by), (12, Some(Resource::Neurons)));
    assert!(placement.fits());
    let out = placement.utilisation.iter().find(|u| u.resource == Resource::AxonsOut).expect("it has a limit");
    assert_eq!((out.fullest, out.used), (50, 100));
    shape.axons_out_per_core = Some(9);
    let placement = placed(&network, &shape);
    assert_eq!(placement.why_not, ["`a`: 10 neurons lie on cores with 10 output axons in use, a core has 9"]);
}

#[test]
fn a_neuron_that_reaches_one_core_alone_is_copied() {
    let shape = ChipShape {
        neurons_per_core: Some(10),
        one_population_per_core: true,
        cores: 64,
        routing: Routing::OneTarget,
        ..ChipShape::new()
    };
    let placement = placed(&two("a", 10, 30, Connect::AllToAll), &shape);
    // Each of a needs two copies: twenty, on two more cores.
    assert_eq!((placement.cores, placement.places), (6, 60));
    assert!(placement.assumed.iter().any(|text| text.contains("20 copies")), "{:?}", placement.assumed);
}

#[test]
fn layers_go_to_cores_of_their_own() {
    let core = |neurons, weights| LayerCore { neurons, weights };
    let mut shape = ChipShape {
        cores: 2,
        layer_cores: vec![core(200, 64), core(100, 1024)],
        layer_fan_out: Some(1),
        one_population_per_core: true,
        ..ChipShape::new()
    };
    // 2 → 4 channels take 2 × 16 × 4 = 128 weights: for 9 taps, 16 are addressed.
    let mut network = two("input", 128, 144, convolution([2, 4], 8, 3, 1, 1));
    let placement = placed(&network, &shape);
    assert_eq!(placement.why_not.len(), 2, "no core has room for both: {:?}", placement.why_not);
    shape.layer_cores[0].weights = 128;
    let placement = placed(&network, &shape);
    assert!(placement.fits(), "{:?}", placement.why_not);
    assert_eq!((placement.cores, placement.chips), (1, 1));
    network.populations.push(Population { name: "c".into(), size: 7, shape: vec![7], ..network.populations[1].clone() });
    network.populations.push(Population { name: "d".into(), size: 7, shape: vec![7], ..network.populations[1].clone() });
    connect(&mut network, "b", "c", Connect::AllToAll);
    connect(&mut network, "b", "d", Connect::AllToAll);
    shape.layer_cores[1].weights = 144 * 8;
    let why = placed(&network, &shape).why_not;
    assert_eq!(why, ["`b` feeds 2 layers, the device lets a layer feed 1", "3 layers are needed, the device has 2"]);
}

#[test]
fn delays_beyond_the_chip_s_are_told() {
    let mut network = two("a", 2, 2, Connect::AllToAll);
    network.projections[0].delay = Delay::Ms(Values::One(17.0));
    let shape = ChipShape { delay_ticks: Some(16), ..ChipShape::new() };
    assert_eq!(placed(&network, &shape).why_not, ["delays of up to 17 ticks, the device holds 16"]);
}

#[test]
fn spikes_of_each_neuron_make_the_messages_exact() {
    // Neuron 0 reaches one core, neuron 1 two; all spikes are those of neuron 1.
    let list = [(0, 0), (1, 0), (1, 1)].map(|(s, t)| (s, t, None, None)).to_vec();
    let net = compiled(&two("a", 2, 2, Connect::List(list)));
    let shape =
        ChipShape { neurons_per_core: Some(3), cores: 2, mesh: Some([2, 1]), routing: Routing::Unicast, ..ChipShape::new() };
    let mut counts = EventCounts::zero(2, 1);
    (counts.populations[0].spikes, counts.ticks) = (10, 10);
    let mean = place(&net, &counts, None, &shape).messages;
    assert_eq!((mean.messages, mean.hops, mean.exact), (15.0, Some(5.0), false));
    let exact = place(&net, &counts, Some(&[vec![0, 10], vec![0, 0]]), &shape).messages;
    assert_eq!((exact.spikes, exact.messages, exact.hops, exact.exact), (10.0, 20.0, Some(10.0), true));
}

/// A network of lists, as (sizes, connections (from, to, source, target)), taken modulo what is there.
fn listed(sizes: &[usize], connections: &[(usize, usize, usize, usize)]) -> Network {
    let names: Vec<String> = (0..sizes.len()).map(|p| if p == 0 { "input".to_owned() } else { format!("p{p}") }).collect();
    let populations: Vec<(&str, usize)> = names.iter().map(String::as_str).zip(sizes.iter().copied()).collect();
    let mut network = network(&populations);
    let mut lists: BTreeMap<(usize, usize), Vec<_>> = BTreeMap::new();
    for (from, to, source, target) in connections {
        let (from, to) = (from % sizes.len(), 1 + to % (sizes.len() - 1));
        let pair = ((source % sizes[from]) as u32, (target % sizes[to]) as u32, None, None);
        lists.entry((from, to)).or_default().push(pair);
    }
    for ((from, to), list) in lists {
        connect(&mut network, &names[from], &names[to], Connect::List(list));
    }
    network
}

fn some_network() -> impl Strategy<Value = Network> {
    let connections = prop::collection::vec((0..4usize, 0..4usize, 0..64usize, 0..64usize), 1..200);
    let whole = prop::collection::vec((0..4usize, 0..4usize, 0..3usize), 0..3);
    (prop::collection::vec(1..40usize, 2..4), connections, whole).prop_map(|(sizes, connections, whole)| {
        let mut network = listed(&sizes, &connections);
        let names: Vec<String> = network.populations.iter().map(|p| p.name.clone()).collect();
        for (from, to, rule) in whole {
            let (from, to) = (from % sizes.len(), 1 + to % (sizes.len() - 1));
            let rule = if rule == 0 && sizes[from] == sizes[to] { Connect::OneToOne } else { Connect::AllToAll };
            connect(&mut network, &names[from], &names[to], rule);
            if from == to {
                network.projections.last_mut().expect("just added").allow_self = false;
            }
        }
        network
    })
}

fn some_shape() -> impl Strategy<Value = ChipShape> {
    let limit = |range: std::ops::Range<u64>| prop::option::of(range);
    let routing = prop::sample::select(vec![Routing::Unicast, Routing::Broadcast, Routing::Multicast, Routing::Local]);
    (limit(1..50), limit(20..400), limit(20..400), limit(5..60), limit(5..60), 1..5u64, any::<bool>(), routing).prop_map(
        |(neurons, synapses, bytes, axons_in, axons_out, tile, alone, routing)| ChipShape {
            cores: 6 * tile,
            chips: 1000,
            mesh: Some([3, 2]),
            cores_per_tile: tile,
            neurons_per_core: neurons,
            synapses_per_core: synapses,
            synapse_bytes_per_core: bytes,
            weight_bits: Some(4),
            axons_in_per_core: axons_in,
            axons_out_per_core: axons_out,
            one_population_per_core: alone,
            routing,
            ..ChipShape::new()
        },
    )
}

/// What a core uses, counted connection by connection.
#[derive(Default)]
struct Counted {
    neurons: u64,
    synapses: u64,
    heard: BTreeSet<(usize, usize)>,
    reached: BTreeSet<(usize, usize, usize)>,
}

fn recounted(net: &CompiledNetwork, placement: &Placement) -> Vec<Counted> {
    let core_of = |population: usize, neuron: usize| {
        placement.blocks.iter().find(|b| b.population == population && b.neurons.contains(&neuron)).map(|b| b.core)
    };
    let mut cores: Vec<Counted> = placement.core_neurons.iter().map(|_| Counted::default()).collect();
    for block in &placement.blocks {
        cores[block.core].neurons += block.neurons.len() as u64;
    }
    for p in &net.projections {
        for source in 0..net.populations[p.from].size {
            net.each_connection(p, source, &mut |c| {
                let core = core_of(p.to, c.target as usize).expect("every target is placed");
                cores[core].synapses += 1;
                cores[core].heard.insert((p.from, source));
                if let Some(own) = core_of(p.from, source) {
                    cores[own].reached.insert((p.from, source, core));
                }
            });
        }
    }
    cores
}

proptest! {
    #[test]
    fn every_neuron_lies_on_one_core_and_no_limit_is_passed_in_silence(network in some_network(), shape in some_shape()) {
        let net = compiled(&network);
        let placement = place(&net, &counts(&net, 1), None, &shape);
        let mut times: Vec<Vec<u32>> = net.populations.iter().map(|p| vec![u32::from(p.is_input()); p.size]).collect();
        for block in &placement.blocks {
            times[block.population][block.neurons.clone()].iter_mut().for_each(|n| *n += 1);
        }
        prop_assert!(times.iter().flatten().all(|n| *n == 1), "{:?}", times);
        let cores = recounted(&net, &placement);
        let bytes = |synapses: u64| (synapses * 4).div_ceil(8);
        for (at, core) in cores.iter().enumerate() {
            let alone = core.neurons == 1;
            let within = |used: u64, limit: Option<u64>| limit.is_none_or(|limit| used <= limit);
            prop_assert!(core.neurons > 0, "core {} is empty", at);
            prop_assert!(within(core.neurons, shape.neurons_per_core));
            for (used, limit) in [
                (core.synapses, shape.synapses_per_core),
                (bytes(core.synapses), shape.synapse_bytes_per_core),
                (core.heard.len() as u64, shape.axons_in_per_core),
            ] {
                prop_assert!(within(used, limit) || alone && !placement.why_not.is_empty(), "core {at}: {used} of {limit:?}");
            }
            let out = core.reached.len() as u64;
            prop_assert!(within(out, shape.axons_out_per_core) || !placement.why_not.is_empty(), "core {}: {} out", at, out);
        }
        let fullest = |resource| placement.utilisation.iter().find(|u| u.resource == resource).map(|u| u.fullest);
        let most = |of: &dyn Fn(&Counted) -> u64| cores.iter().map(of).max();
        prop_assert!(fullest(Resource::AxonsIn).is_none_or(|n| Some(n) == most(&|c| c.heard.len() as u64)));
        prop_assert!(fullest(Resource::AxonsOut).is_none_or(|n| Some(n) == most(&|c| c.reached.len() as u64)));
        prop_assert!(fullest(Resource::Synapses).is_none_or(|n| Some(n) == most(&|c| c.synapses)));
    }

    #[test]
    fn messages_lie_between_one_and_all_cores(network in some_network(), shape in some_shape(), seed in any::<u64>()) {
        let net = compiled(&network);
        // Numbers of spikes that differ from neuron to neuron.
        let spikes: Vec<Vec<u64>> = (0u64..).zip(&net.populations)
            .map(|(p, population)| (0..population.size as u64).map(|n| (seed ^ (p * 97 + n * 31)) % 7).collect())
            .collect();
        let mut counts = counts(&net, 0);
        for (count, spikes) in counts.populations.iter_mut().zip(&spikes) {
            count.spikes = spikes.iter().sum();
        }
        let placement = place(&net, &counts, Some(&spikes), &shape);
        let cores = recounted(&net, &placement);
        let of = |p: usize, n: usize| spikes[p][n];
        let mut senders = BTreeSet::new();
        cores.iter().flat_map(|c| &c.reached).for_each(|(p, n, _)| { senders.insert((*p, *n)); });
        let sent: u64 = senders.iter().map(|(p, n)| of(*p, *n)).sum();
        let to_each: u64 = cores.iter().flat_map(|c| &c.reached).map(|(p, n, _)| of(*p, *n)).sum();
        let m = placement.messages;
        prop_assert_eq!(m.spikes, sent as f64);
        prop_assert!(m.messages >= m.spikes && m.messages <= m.spikes * placement.cores as f64);
        match shape.routing {
            Routing::Unicast | Routing::Broadcast => prop_assert_eq!(m.messages, to_each as f64),
            _ => prop_assert_eq!(m.messages, sent as f64),
        }
        prop_assert!(m.off_chip <= m.messages * placement.chips as f64);
        if placement.cores == 1 {
            prop_assert_eq!(m.hops, Some(0.0));
        }
        let events: u64 = net.projections.iter()
            .map(|p| (0..net.populations[p.from].size).map(|s| p.rows.fan_out(s) * of(p.from, s)).sum::<u64>())
            .sum();
        prop_assert_eq!(placement.core_events.iter().sum::<f64>(), events as f64);
    }

    #[test]
    fn more_neurons_never_need_fewer_cores(
        sizes in prop::collection::vec(1..30usize, 2..4),
        connections in prop::collection::vec((0..4usize, 0..4usize, 0..30usize, 0..30usize), 1..200),
        more in 1..20usize,
        onto in prop::collection::vec((0..4usize, 0..30usize, 0..20usize), 0..60),
        shape in some_shape(),
    ) {
        // Where spikes go from the first neurons is not changed by later ones, so output axons are left out.
        let shape = ChipShape { axons_out_per_core: None, ..shape };
        let small = listed(&sizes, &connections);
        let mut large = small.clone();
        let last = large.populations.len() - 1;
        let old = large.populations[last].size;
        large.populations[last].size += more;
        large.populations[last].shape = vec![old + more];
        let names: Vec<String> = large.populations.iter().map(|p| p.name.clone()).collect();
        let list: Vec<_> = onto.iter()
            .map(|(from, source, target)| (from % sizes.len(), *source, *target))
            .filter(|(from, ..)| *from != last)
            .collect();
        for from in 0..last {
            let list: Vec<_> = list.iter().filter(|(f, ..)| *f == from)
                .map(|(_, source, target)| ((source % sizes[from]) as u32, (old + target % more) as u32, None, None)).collect();
            if !list.is_empty() {
                connect(&mut large, &names[from], &names[last], Connect::List(list));
            }
        }
        prop_assert!(placed(&large, &shape).cores >= placed(&small, &shape).cores);
    }

    #[test]
    fn a_placement_does_not_depend_on_threads(network in some_network(), shape in some_shape()) {
        let one = placed(&network, &shape);
        for threads in [2, 3] {
            let net = CompiledNetwork::in_shards(&network, None, None, threads).expect("a good network");
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            prop_assert_eq!(&pool.install(|| place(&net, &counts(&net, 3), None, &shape)), &one);
        }
    }
}
