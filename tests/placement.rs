//! Networks on real chips: what a device's file and a network give together.

use spikewatt::compile::CompiledNetwork;
use spikewatt::counts::EventCounts;
use spikewatt::dataset::Dataset;
use spikewatt::dense::twin_of;
use spikewatt::energy::device;
use spikewatt::format::{OpenOptions, open_network};
use spikewatt::network::{Connect, Delay, Network, Population, Projection, Weight};
use spikewatt::neuron::{Values, model_by_name};
use spikewatt::placement::{ChipShape, Placement, Resource, Routing, place};
use spikewatt::study::{Comparison, Plan, Quiet, Settings, compare, dense_result, run};
use std::collections::BTreeMap;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn shape(id: &str) -> ChipShape {
    device(id).expect("built in").chip_shape().expect("a chip with limits")
}

fn opened(path: &str) -> Network {
    open_network(&root().join(path), &OpenOptions::default()).unwrap_or_else(|wrong| panic!("{wrong}"))
}

/// A network on a device, each neuron spiking once in each of ten ticks.
fn placed(network: &Network, id: &str) -> Placement {
    placed_as(network, &shape(id))
}

fn placed_as(network: &Network, shape: &ChipShape) -> Placement {
    let net = CompiledNetwork::new(network, network.dt_ms.or(Some(1.0)), None).unwrap_or_else(|wrong| panic!("{wrong}"));
    let mut counts = EventCounts::zero(net.populations.len(), net.projections.len());
    (counts.ticks, counts.samples) = (10, 1);
    for (count, p) in counts.populations.iter_mut().zip(&net.populations) {
        count.spikes = 10 * p.size as u64;
    }
    place(&net, &counts, None, shape)
}

/// Cores of each population.
fn cores_of(placement: &Placement, population: usize) -> Vec<usize> {
    placement.blocks.iter().filter(|b| b.population == population).map(|b| b.core).collect()
}

/// The network of `loihi-scaling` (ABR's keyword spotter): branches of ten layers of 256, fully connected, and all their ends to 256.
fn branches(number: usize) -> Network {
    let mut network = Network::new("branches");
    network.dt_ms = Some(1.0);
    let mut add = |name: String, model: &str, size: usize| {
        let model = model_by_name(model).expect("built in");
        network.populations.push(Population {
            name,
            size,
            shape: vec![size],
            model,
            params: BTreeMap::new(),
            init: BTreeMap::new(),
        });
    };
    add("input".into(), "input", 256);
    for branch in 0..number {
        (0..10).for_each(|layer| add(format!("{branch}.{layer}"), "lif_delta", 256));
    }
    add("out".into(), "lif_delta", 256);
    let mut connect = |from: String, to: String| {
        network.projections.push(Projection {
            name: format!("{from}-{to}"),
            from,
            to,
            connect: Connect::AllToAll,
            weight: Weight(Values::One(0.1)),
            delay: Delay::Ms(Values::One(1.0)),
            allow_self: true,
            allow_multiple: true,
            bias: None,
        });
    };
    for branch in 0..number {
        connect("input".into(), format!("{branch}.0"));
        (1..10).for_each(|layer| connect(format!("{branch}.{}", layer - 1), format!("{branch}.{layer}")));
        connect(format!("{branch}.9"), "out".into());
    }
    network
}

#[test]
fn loihi_takes_the_cores_that_the_weights_of_the_scaling_series_fill() {
    // 256 weights of nine bits are 288 bytes, so a core of 131,072 holds 455 neurons of the layers. Two branches: 5120 neurons fill 11 cores and
    // leave 115 on the twelfth, beside which 170 neurons of `out` with 576 bytes find room; the other 86 take the thirteenth. Ten: 56 full
    // cores, 120 neurons with 33 of `out` at 2880 bytes each, and 223 at 45 a core on five more.
    for (number, expected) in [(1, 7), (2, 13), (4, 25), (6, 38), (8, 50), (10, 62)] {
        let placement = placed(&branches(number), "loihi1-sanafe");
        let memory = (number * 10 * 65_536 + number * 65_536) as u64;
        let least = (memory * 9).div_ceil(8 * 131_072);
        assert!(placement.cores >= least, "{number}: {} cores of {least}", placement.cores);
        assert_eq!(placement.cores, expected, "{number} branches: {placement:?}");
        assert!(placement.fits() && placement.chips == 1, "{number}: {:?}", placement.why_not);
        assert_eq!(placement.bound_by, Some(Resource::SynapseMemory));
        assert!(placement.messages.mean_hops().is_some_and(|hops| hops < 3.0), "{:?}", placement.messages);
    }
    // Kept apart, as its compiler does: a core for each layer, and for `out` as many as 256 · N synapses a neuron need.
    let apart = ChipShape { one_population_per_core: true, ..shape("loihi1-sanafe") };
    for (number, out) in [(1, 1), (2, 2), (4, 3), (6, 4), (8, 5), (10, 6)] {
        let placement = placed_as(&branches(number), &apart);
        assert_eq!(placement.cores, (10 * number + out) as u64, "{number} branches");
    }
}

#[test]
fn what_a_small_core_does_not_hold_is_told() {
    // 256 and 10 neurons with 64 and 256 synapses.
    let digits = opened("networks/digits.nir");
    for id in ["reckon", "odin"] {
        let why = placed(&digits, id).why_not;
        assert_eq!(why, ["266 neurons, the device holds 256"], "{id}");
    }
    let truenorth = placed(&digits, "truenorth");
    assert_eq!(truenorth.cores, 2, "{truenorth:?}");
    assert!(truenorth.fits(), "{:?}", truenorth.why_not);
    let loihi = placed(&digits, "loihi1-sanafe");
    assert!(loihi.fits() && loihi.cores == 1, "{loihi:?}");
    let dynap = placed(&digits, "dynap-se");
    assert_eq!(dynap.why_not, ["256 synapses onto one neuron, the device holds 64 (10 neurons have more)"]);
    let xylo = placed(&digits, "xylo-audio2");
    assert!(xylo.fits() && xylo.messages.per_spike() == Some(1.0), "{xylo:?}");
}

#[test]
fn the_paper_s_convolutional_network_on_speck_and_loihi() {
    let cnn = opened("tests/data/nir/paper/cnn_sinabs.nir");
    let speck = placed(&cnn, "speck");
    assert!(speck.fits(), "{:?}", speck.why_not);
    // Three convolutions and two matrices: pools are the end of the layer before.
    assert_eq!((speck.cores, speck.chips, speck.places), (5, 1, 4096 + 4096 + 512 + 256 + 10));
    let of = |placement: &Placement, resource| {
        placement.utilisation.iter().find(|u| u.resource == resource).map(|u| (u.fullest, u.used)).expect("it has a limit")
    };
    // 2 → 16 channels of 5 × 5 taps (32 places), 16 → 16 of 3 × 3 (16), 16 → 8 of 3 × 3, 128 → 256, 256 → 10 (16).
    let weights = [2 * 32 * 16, 16 * 16 * 16, 16 * 16 * 8, 128 * 256, 256 * 16];
    assert_eq!(of(&speck, Resource::Synapses), (128 * 256, weights.iter().sum()));
    let loihi = placed(&cnn, "loihi1-sanafe");
    assert!(loihi.fits(), "{:?}", loihi.why_not);
    // Two convolutions of 4096 neurons take four cores each. The third hears all 4096 of the second, so its core takes no more sources. The matrix
    // behind its pool has 128 × 4 synapses a neuron of 576 bytes together, 227 neurons a core; the other 29 lie with the last layer.
    assert_eq!((loihi.cores, loihi.chips), (11, 1), "{:?} {:?}", loihi.blocks, loihi.utilisation);
    assert_eq!(of(&loihi, Resource::AxonsIn).0, 4096);
    let unrolled = placed_as(&cnn, &ChipShape { shares_kernels: false, ..shape("loihi1-sanafe") });
    assert!(unrolled.cores > loihi.cores, "{} cores", unrolled.cores);
    let (shared, own) = (of(&loihi, Resource::SynapseMemory).1, of(&unrolled, Resource::SynapseMemory).1);
    assert!(own > 8 * shared, "{own} bytes against {shared}");
}

#[test]
fn a_tenth_of_the_microcircuit_on_large_systems() {
    let set = vec!["scale=0.02".parse().expect("KEY=VALUE")];
    let options = OpenOptions { set, ..OpenOptions::default() };
    let network = open_network(&root().join("networks/10-microcircuit.toml"), &options).unwrap_or_else(|wrong| panic!("{wrong}"));
    let spinnaker = placed(&network, "spinnaker1");
    let neurons: u64 = network.populations.iter().map(|p| p.size as u64).sum();
    assert_eq!(spinnaker.places, neurons);
    let slices: usize = network.populations.iter().map(|p| p.size.div_ceil(256)).sum();
    assert_eq!(spinnaker.cores as usize, slices, "a core is filled from one population");
    assert_eq!(spinnaker.messages.per_spike(), Some(1.0), "one message that parts on its way");
    assert!(spinnaker.why_not.iter().any(|why| why.contains("ticks, the device holds 16")), "{:?}", spinnaker.why_not);
    let loihi = placed(&network, "loihi1-sanafe");
    assert!(loihi.messages.per_spike().is_some_and(|n| n > 1.0 && n <= loihi.cores as f64));
    assert!((0..network.populations.len()).all(|p| !cores_of(&loihi, p).is_empty()));
}

/// Prints what it finds.
#[test]
#[ignore = "takes some GB and minutes, and asserts little: cargo test --release --test placement -- --ignored --nocapture"]
#[allow(clippy::print_stdout, reason = "it is run by hand, for what it prints")]
fn the_microcircuit_in_full_on_large_systems() {
    for (scale, slices) in [("0.1", 35), ("1.0", 305)] {
        let set = vec![format!("scale={scale}").parse().expect("KEY=VALUE")];
        let options = OpenOptions { set, ..OpenOptions::default() };
        let network =
            open_network(&root().join("networks/10-microcircuit.toml"), &options).unwrap_or_else(|wrong| panic!("{wrong}"));
        for id in ["spinnaker1", "loihi1-sanafe", "loihi2"] {
            let began = std::time::Instant::now();
            let placement = placed(&network, id);
            let m = placement.messages;
            println!(
                "{scale} on {id}: {} cores, {} chips, {:?} messages a spike, {:?} hops a message, bound by {:?}, {:?}, {:.1} s\n  {:?}",
                placement.cores,
                placement.chips,
                m.per_spike(),
                m.mean_hops(),
                placement.bound_by,
                placement.why_not,
                began.elapsed().as_secs_f64(),
                placement.utilisation
            );
            if id == "spinnaker1" {
                assert_eq!(placement.cores, slices);
            }
        }
    }
}

#[test]
fn every_device_with_limits_places_every_small_network() {
    for device in spikewatt::energy::devices() {
        let Some(shape) = device.chip_shape() else { continue };
        for network in ["networks/04-winner-take-all.toml", "networks/05-synfire-chain.toml", "networks/digits.nir"] {
            let placement = placed_as(&opened(network), &shape);
            assert!(placement.cores > 0 && placement.chips > 0, "{} {network}", device.id);
            let over = placement.chips > shape.chips;
            assert!(placement.why_not.is_empty() != over || !over, "{} {network}: {:?}", device.id, placement.why_not);
            let m = placement.messages;
            let copies = shape.routing == Routing::OneTarget;
            assert!(m.messages >= m.spikes && m.messages <= m.spikes * placement.cores as f64 || copies, "{}", device.id);
        }
    }
}

fn comparison(threads: usize) -> Comparison {
    let network = opened("networks/digits.nir");
    let dataset = Dataset::open(root().join("datasets/digits.h5")).unwrap_or_else(|wrong| panic!("{wrong}"));
    let settings = Settings { neuron_spikes: true, samples: Some(20), threads: Some(threads), ..Settings::default() };
    let plan = Plan::new(&network, Some(&dataset), &settings).unwrap_or_else(|wrong| panic!("{wrong}"));
    let dense = dense_result(twin_of(&network).expect("it has a twin"), &dataset, &plan).expect("it runs");
    let outcome = run(&network, Some(&dataset), &plan, &Quiet).unwrap_or_else(|wrong| panic!("{wrong}"));
    let spikes = outcome.neuron_spikes.as_ref().expect("they were counted");
    for (spikes, count) in spikes.iter().zip(&outcome.counts.populations) {
        assert_eq!(spikes.iter().sum::<u64>(), count.spikes, "each spike is some neuron's");
    }
    let devices: Vec<_> = ["loihi1-sanafe", "reckon", "spinnaker1"].iter().map(|id| device(id).expect("built in")).collect();
    compare(&devices, &dataset, &outcome, &dense)
}

#[test]
fn a_comparison_prices_its_placement_on_any_number_of_threads() {
    let one = comparison(1);
    let two = comparison(2);
    let loihi = &one.placements["loihi1-sanafe"].placement;
    assert!(loihi.messages.exact && loihi.messages.from_input > 0.0, "{:?}", loihi.messages);
    for (id, placed) in &one.placements {
        assert_eq!(placed.placement, two.placements[id].placement, "{id}");
    }
    let loihi = &one.estimates[0];
    let messages = loihi.terms.iter().find(|term| term.name == "messages").expect("they are charged");
    let expected = one.placements["loihi1-sanafe"].placement.messages.messages / 20.0 * 111e-12;
    assert!((messages.nominal_j.0 / expected - 1.0).abs() < 1e-12);
    assert!(loihi.terms.iter().any(|term| term.name == "hops"));
    assert_eq!(one.estimates[1].why_not.as_deref(), Some("266 neurons, the device holds 256"));
}
