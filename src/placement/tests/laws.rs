//! Laws that every placement keeps.

use super::*;

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
