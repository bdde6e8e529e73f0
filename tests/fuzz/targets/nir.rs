//! The NIR reader against files that are damaged or hostile: whatever they hold, it ends with a graph or with complaints.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spikewatt::compile::CompiledNetwork;
use spikewatt::format::nir;
use std::path::PathBuf;
use std::sync::LazyLock;

/// The reader takes paths; this one lies in memory where the system has such a place.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { memory } else { std::env::temp_dir() };
    folder.join(format!("spikewatt-fuzz-{}.nir", std::process::id()))
});

/// Networks larger than this are not compiled: it would take longer than it would teach.
const NEURONS: usize = 10_000;

fuzz_target!(|data: &[u8]| {
    std::fs::write(&*FILE, data).expect("there is room for a small file");
    let Ok(graph) = nir::read(&*FILE) else { return };
    // What could be read can be written, and is the same when it is read again.
    nir::write(&graph, &*FILE).expect("a graph that was read can be written");
    let again = nir::read(&*FILE).expect("a graph that was written can be read");
    assert!(same(&graph, &again), "written and read again:\n{again:?}\nin place of\n{graph:?}");
    let Ok(network) = nir::to_network(&graph, "fuzz", None, None) else { return };
    if network.populations.iter().map(|p| p.size).sum::<usize>() < NEURONS {
        let _ = CompiledNetwork::new(&network, None, None);
    }
});

/// Equal, but for what was noted while reading the first.
fn same(one: &nir::NirGraph, other: &nir::NirGraph) -> bool {
    format!("{:?}{:?}{:?}", one.nodes, one.edges, one.metadata) == format!("{:?}{:?}{:?}", other.nodes, other.edges, other.metadata)
}
