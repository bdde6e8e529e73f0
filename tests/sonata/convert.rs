//! `spikewatt convert`.

use super::{data, ok, refused};
use spikewatt::dataset::Dataset;
use spikewatt::format::sonata::read_spikes;
use std::path::Path;

fn repository(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name).display().to_string()
}

#[test]
fn spikes_become_every_layout() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).display().to_string();
    let old = data("spikes/spikes.old.h5").display().to_string();
    let (out, err) = ok(&["convert", &old, &place("new.h5")]);
    assert!(out.is_empty() && err.contains("124 spikes of 1 population") && err.contains("`default`"), "{err}");
    ok(&["convert", &place("new.h5"), &place("new.csv")]);
    let (_, err) = ok(&["convert", &place("new.csv"), &place("again.h5")]);
    assert!(!err.contains("does not name"), "{err}");
    let (old, again) = (read_spikes(&old).unwrap().remove(0), read_spikes(place("again.h5")).unwrap().remove(0));
    assert_eq!((old.times_ms, old.node_ids), (again.times_ms, again.node_ids));
    assert_eq!(again.population.as_deref(), Some("default"));
    // It replaces what is there, as `run --out` does.
    ok(&["convert", &data("300_intfire/output/spikes.h5").display().to_string(), &place("new.h5")]);
    assert_eq!(read_spikes(place("new.h5")).unwrap()[0].times_ms.len(), 4322);
}

#[test]
fn networks_and_data_sets_are_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).display().to_string();
    let (_, err) = ok(&["convert", &repository("tests/data/nir/history_lif_scalar.nir"), &place("clean.nir")]);
    assert!(err.contains("NIR of"), "{err}");
    ok(&["inspect", &place("clean.nir")]);
    std::fs::write(place("d.csv"), "label,x0,x1\n0,0.5,1\n1,0.25,0\n").unwrap();
    let (_, err) = ok(&["convert", &place("d.csv"), &place("d.h5")]);
    assert!(err.contains("2 samples"), "{err}");
    assert_eq!(Dataset::open(place("d.h5")).unwrap().len(), 2);
}

#[test]
fn what_cannot_be_converted_is_refused_and_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(place("there.h5"), "older").unwrap();
    std::fs::write(place("bad.csv"), "timestamps population node_ids\n1.0 v1 x\n").unwrap();
    std::fs::write(place("bad.nir"), "no").unwrap();
    let spikes = data("spikes/spikes.old.h5").display().to_string();
    for (arguments, words) in [
        ([place("none.h5"), place("there.h5")], "there is no such file"),
        ([place("bad.csv"), place("there.h5")], "bad.csv:2:1: `node_ids`: expected a whole number from 0, found `x`"),
        ([place("bad.nir"), place("there.nir")], "bad.nir: is not an HDF5 file"),
        ([spikes.clone(), place("x.nir")], "does not become one with the ending `nir`"),
        ([repository("Cargo.toml"), place("there.h5")], "is nothing that can be converted"),
        ([spikes, place("no/such/x.h5")], "cannot be written"),
        ([data("report/membrane_potential_cut.h5").display().to_string(), place("there.h5")], "error"),
    ] {
        let [from, to] = &arguments;
        let text = refused(&["convert", from, to]);
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(std::fs::read_to_string(place("there.h5")).unwrap(), "older");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "nothing half-written");
}
