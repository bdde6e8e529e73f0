//! Data sets through the public interface, on files that other programs wrote.
#![allow(clippy::unwrap_used, reason = "a test stops where something is wrong")]

use std::path::{Path, PathBuf};

use spikewatt::dataset::encode::{Encoding, encode, left_out};
use spikewatt::dataset::{Dataset, Samples};
use spikewatt::spike::InputTrain;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/datasets").join(name)
}

fn npy<T: npyz::Deserialize>(name: &str) -> Vec<T> {
    npyz::NpyFile::new(std::fs::File::open(data(name)).unwrap()).unwrap().into_vec().unwrap()
}

#[test]
fn the_layout_of_the_heidelberg_digits_reads_as_h5py_reads_it() {
    let dataset = Dataset::open(data("shd_like.h5")).unwrap();
    let Samples::Spikes(lists) = &dataset.samples else { panic!("expected spikes") };
    let labels: Vec<u16> = npy("shd_like_labels.npy");
    assert_eq!(dataset.labels, Some(labels.into_iter().map(u32::from).collect()));
    let counts: Vec<i64> = npy("shd_like_counts.npy");
    assert_eq!((0..dataset.len()).map(|sample| lists.sample(sample).len() as i64).collect::<Vec<_>>(), counts);
    let expected: Vec<_> = npy::<f64>("shd_like_times0.npy").into_iter().zip(npy::<u16>("shd_like_units0.npy")).collect();
    let found: Vec<_> = lists.sample(0).map(|(time, channel)| (time, channel as u16)).collect();
    assert_eq!(found, expected);
    assert!(dataset.class_names.iter().all(|name| !name.is_empty()) && dataset.classes() <= 20);
    assert_eq!(dataset.notes.len(), 1, "the number of channels had to be taken from the spikes");
}

#[test]
fn every_spike_is_binned_or_counted_as_left_out() {
    let dataset = Dataset::open(data("shd_like.h5")).unwrap();
    let Samples::Spikes(lists) = &dataset.samples else { panic!("expected spikes") };
    for sample in 0..dataset.len() {
        let InputTrain::Spikes(ticks) = encode(&dataset, sample, Encoding::Direct, 300, 1.0, 1).unwrap() else { panic!() };
        let binned: usize = ticks.iter().map(Vec::len).sum();
        assert_eq!(binned as u64 + left_out(&dataset, sample, 300, 1.0), lists.sample(sample).len() as u64);
        assert!(binned > 0);
    }
}

#[test]
fn a_file_cut_short_is_refused() {
    let whole = std::fs::read(data("shd_like.h5")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.h5");
    for length in (0..whole.len()).step_by(997) {
        std::fs::write(&path, &whole[..length]).unwrap();
        assert!(Dataset::open(&path).is_err(), "cut to {length} bytes");
    }
}

/// What comes out may be wrong, since the format has no checksums everywhere, but nothing panics or crashes.
#[test]
fn a_file_with_wrong_bits_never_brings_the_reader_down() {
    let whole = std::fs::read(data("shd_like.h5")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bits.h5");
    let stream = spikewatt::rng::Stream::new(1, spikewatt::rng::Purpose::Init, 0);
    let mut refused = 0;
    let first: u64 = std::env::var("FIRST").map_or(0, |v| v.parse().unwrap());
    for trial in first..first + 400 {
        let mut bytes = whole.clone();
        for flip in 0..1 + trial % 8 {
            let bit = stream.below(trial * 8 + flip, whole.len() as u64 * 8);
            bytes[(bit / 8) as usize] ^= 1 << (bit % 8);
        }
        std::fs::write(&path, bytes).unwrap();
        if first > 0 {
            std::fs::write("/tmp/fuzz_last", trial.to_string()).unwrap();
        }
        refused += usize::from(Dataset::open(&path).is_err());
    }
    assert!(refused > 10, "{refused} of 400 were refused");
}
