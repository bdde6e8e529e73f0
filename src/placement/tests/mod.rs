//! Placements by hand, and laws.

mod laws;

use super::*;
use crate::network::{Coefficients, Connect, Convolution, Delay, Network, Population, Projection};
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
    network.projections.push(Projection::new(
        format!("{from}→{to} {}", network.projections.len()),
        from,
        to,
        connect,
        Delay::Ms(Values::One(1.0)),
    ));
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
