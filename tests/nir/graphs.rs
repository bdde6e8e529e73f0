//! Laws of any graph: written, read and laid out.

use super::*;

fn finite() -> impl Strategy<Value = f64> {
    prop_oneof![-1e3..1e3, Just(0.0), Just(-0.0), Just(f64::MIN_POSITIVE / 4.0), Just(-1e30), Just(0.1)]
}

/// An array of a shape, of either precision, all values above zero where asked.
fn array(shape: Vec<usize>, positive: bool) -> impl Strategy<Value = NirArray> {
    let len: usize = shape.iter().product();
    let value = finite().prop_map(move |v| if positive { v.abs() + 1e-3 } else { v });
    (prop::collection::vec(value, len), any::<bool>()).prop_map(move |(values, double)| {
        let numbers = if double { Numbers::F64(values) } else { Numbers::F32(values.iter().map(|v| *v as f32).collect()) };
        NirArray::new(shape.clone(), numbers)
    })
}

fn node() -> impl Strategy<Value = NirNode> {
    let shape = prop_oneof![Just(vec![]), prop::collection::vec(1usize..4, 1..4)];
    (0..PRIMITIVES.len() - 1, shape, 1usize..5, 1usize..5, any::<bool>()).prop_flat_map(|(row, shape, rows, columns, all)| {
        let primitive = &PRIMITIVES[row];
        let arrays: Vec<_> = primitive
            .datasets
            .iter()
            .filter(|spec| all || spec.required)
            .map(|spec| {
                let array = match spec.rule {
                    Rule::Weight => array(vec![rows, columns], false).boxed(),
                    Rule::Kernel(dimensions) => array([vec![rows, columns], vec![2; dimensions]].concat(), false).boxed(),
                    Rule::Counts(_) => Just(NirArray::new([], vec![1i64])).boxed(),
                    Rule::Padding(n) | Rule::PaddingOrWord(n) => Just(NirArray::new([n], vec![1i64; n])).boxed(),
                    Rule::Bias => array(vec![rows], false).boxed(),
                    Rule::Each(check) => array(shape.clone(), !check.allows(-1.0)).boxed(),
                    Rule::Shape => Just(NirArray::vector(vec![2i64, rows as i64])).boxed(),
                    Rule::Whole => Just(NirArray::new([], vec![-1i64])).boxed(),
                };
                array.prop_map(|array| (spec.name, array))
            })
            .collect();
        (arrays, any::<bool>()).prop_map(move |(arrays, valid)| {
            let mut node = arrays.into_iter().fold(NirNode::new(primitive.kind), |node, (name, a)| node.with(name, a));
            // A word in place of numbers, where it may stand.
            if all && node.kind.class() == Class::Convolution {
                node.arrays.remove("padding");
                node = node.with_word("padding", if valid { "valid" } else { "same" });
            }
            node
        })
    })
}

fn metadata() -> impl Strategy<Value = Metadata> {
    let leaf = prop_oneof![
        "[a-zä ]{0,8}".prop_map(MetadataValue::Text),
        array(vec![], false).prop_map(MetadataValue::Numbers),
        array(vec![0], false).prop_map(MetadataValue::Numbers),
        prop::collection::vec(any::<i64>(), 1..4).prop_map(|v| MetadataValue::Numbers(NirArray::vector(v))),
    ];
    let value = leaf
        .prop_recursive(2, 6, 3, |inner| prop::collection::btree_map("[a-z]{1,4}", inner, 0..3).prop_map(MetadataValue::Group));
    prop::collection::btree_map("[a-z]{1,6}", value, 0..3)
}

fn any_graph() -> impl Strategy<Value = NirGraph> {
    let nested = graph_of(node().boxed()).prop_map(NirNode::nested);
    let nested = graph_of(prop_oneof![6 => node().boxed(), 1 => nested].boxed()).prop_map(NirNode::nested);
    let graph = graph_of(prop_oneof![6 => node().boxed(), 1 => nested].boxed());
    ("[0-9.]{1,5}", graph).prop_map(|(version, graph)| NirGraph { version: Some(version), ..graph })
}

/// A graph of such nodes, with ports `in` and `out`.
fn graph_of(node: BoxedStrategy<NirNode>) -> impl Strategy<Value = NirGraph> {
    let nodes = prop::collection::btree_map("[a-z0-9_.ü]{1,5}[a-z]", (node, metadata()), 0..6);
    let edges = prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..8);
    (nodes, edges, metadata()).prop_map(|(nodes, edges, metadata)| {
        let port = |kind| NirNode::new(kind).with("shape", NirArray::vector(vec![3i64]));
        let mut graph = NirGraph { metadata, ..NirGraph::default() };
        for (name, (node, metadata)) in nodes {
            let metadata = if node.kind == Kind::NIRGraph { Metadata::new() } else { metadata };
            graph.nodes.insert(name, NirNode { metadata, ..node });
        }
        let mut graph = graph.node("in", port(Kind::Input)).node("out", port(Kind::Output));
        // An edge names a port of a graph.
        let ends = |port: &str| -> Vec<String> {
            let end =
                |(name, node): (&String, &NirNode)| if node.graph.is_some() { format!("{name}.{port}") } else { name.clone() };
            graph.nodes.iter().map(end).collect()
        };
        let (sources, targets) = (ends("out"), ends("in"));
        graph.edges = edges.iter().map(|(a, b)| (a.get(&sources).clone(), b.get(&targets).clone())).collect();
        graph
    })
}

/// Graphs as [`any_graph`] makes them, in which every node gives and takes 3 values.
fn sound_graph() -> impl Strategy<Value = NirGraph> {
    any_graph().prop_map(|mut graph| {
        make_sound(&mut graph);
        // The input leads somewhere, and every output comes from somewhere.
        for (name, node) in &graph.nodes {
            if node.kind.class() == Class::Output && graph.edges.iter().all(|(_, to)| to != name) {
                graph.edges.push(("in".into(), name.clone()));
            }
        }
        if graph.edges.iter().all(|(from, _)| from != "in") {
            graph.edges.push(("in".into(), "out".into()));
        }
        graph
    })
}

fn make_sound(graph: &mut NirGraph) {
    graph.nodes.retain(|name, node| !matches!(node.kind.class(), Class::Input | Class::Pool) || name == "in");
    for node in graph.nodes.values_mut() {
        let spatial = match node.kind {
            Kind::Conv1d => 1,
            Kind::Conv2d => 2,
            _ => 0,
        };
        for (name, array) in &mut node.arrays {
            let cut = |shape: &[usize]| {
                let len: usize = shape.iter().product();
                NirArray::new(shape, (0..len).map(|i| array.at(i % array.len())).collect::<Vec<_>>())
            };
            *array = match (name.as_str(), node.kind.class()) {
                ("weight", _) => cut(&[vec![3, 3], vec![1; spatial]].concat()),
                ("shape" | "input_type", _) => NirArray::vector(vec![3i64]),
                ("start_dim" | "end_dim" | "stride" | "dilation" | "groups", _) => continue,
                ("padding", _) => NirArray::new([], vec![0i64]),
                (_, Class::Delay) => NirArray::new([3], (0..3).map(|i| array.at(i % array.len()).min(1.0)).collect::<Vec<_>>()),
                _ => cut(&[3]),
            };
        }
        if spatial > 0 {
            node.arrays.insert("input_shape".into(), NirArray::vector(vec![1i64; spatial]));
        }
        if let Some(inner) = &mut node.graph {
            make_sound(inner);
        }
    }
    let class = |name: &String| {
        let is_graph = |name: &str| graph.nodes.get(name).is_some_and(|node| node.graph.is_some());
        match graph.nodes.get(name) {
            Some(node) => Some(node.kind.class()),
            None => name.rsplit_once('.').filter(|(outer, _)| is_graph(outer)).map(|_| Class::Graph),
        }
    };
    graph.edges.retain(|(a, b)| class(a).is_some_and(|c| c != Class::Output) && class(b).is_some_and(|c| c != Class::Input));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_graph_reads_back_as_it_was_written(graph in any_graph()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.nir");
        nir::write(&graph, &path).unwrap();
        prop_assert_eq!(nir::read(&path).unwrap(), graph);
        prop_assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_graph_makes_the_conversion_panic(graph in any_graph()) {
        let _ = nir::to_network(&graph, "x", None, None);
        let _ = nir::to_dense(&graph, "x");
    }

    /// The laws that the compiler relies on.
    #[test]
    fn a_network_from_a_graph_is_sound(graph in sound_graph()) {
        let network = match nir::to_network(&graph, "x", None, None) {
            Ok(network) => network,
            Err(complaints) => {
                prop_assert!(complaints.iter().all(|c| c.message.contains("cycle without delay")), "{}", complaints);
                return Ok(());
            }
        };
        let at = |name: &str| network.population(name).unwrap_or_else(|| panic!("no population {name}"));
        for p in &network.projections {
            let (from, to) = (&network.populations[at(&p.from)], &network.populations[at(&p.to)]);
            match &p.connect {
                Connect::Dense(m) => prop_assert_eq!((m.sources, m.targets, m.values.len()), (from.size, to.size, Some(from.size * to.size))),
                Connect::Convolution(c) => {
                    prop_assert_eq!(c.complaints(), Vec::<String>::new());
                    prop_assert_eq!((c.sources(), c.targets()), (Some(from.size), Some(to.size)));
                }
                Connect::Diagonal(v) => prop_assert_eq!((v.len(), v.len()), (Some(from.size), Some(to.size))),
                _ => prop_assert_eq!(from.size, to.size),
            }
            prop_assert!(p.bias.as_ref().is_none_or(|bias| bias.len() == to.size));
        }
        // Projections without delay form no cycle: populations without an undelayed source fall away until none are left.
        let mut left: Vec<(usize, usize)> =
            network.projections.iter().filter(|p| p.delay == Delay::Ticks(0)).map(|p| (at(&p.from), at(&p.to))).collect();
        loop {
            let before = left.len();
            let fed: Vec<usize> = left.iter().map(|edge| edge.1).collect();
            left.retain(|edge| fed.contains(&edge.0));
            if left.len() == before {
                break;
            }
        }
        prop_assert!(left.is_empty(), "{left:?}");
        let names: std::collections::BTreeSet<_> = network.projections.iter().map(|p| &p.name).collect();
        prop_assert_eq!(names.len(), network.projections.len());
        prop_assert!(network.population(network.readout.as_deref().unwrap()).is_some());
        // No bias arrives twice.
        prop_assert!(network.projections.iter().filter(|p| p.bias.is_some()).count() <= biases(&graph));
        // What a tidy graph makes is the same network.
        let again = nir::to_network(&nir::tidy(graph.clone()), "x", None, None);
        let names = |network: &Network| network.projections.iter().map(|p| (p.name.clone(), p.delay.clone())).collect::<Vec<_>>();
        prop_assert_eq!(names(&again.unwrap()), names(&network));
    }
}

fn biases(graph: &NirGraph) -> usize {
    let of =
        |node: &NirNode| node.graph.as_ref().map_or_else(|| usize::from(node.array("bias").is_some()), |inner| biases(inner));
    graph.nodes.values().map(of).sum()
}

// ---------------------------------------------------------------------------------------------------- bad files
