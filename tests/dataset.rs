//! Data sets through the public interface, on files that other programs wrote.
#![allow(clippy::unwrap_used, reason = "a test stops where something is wrong")]

use std::path::{Path, PathBuf};

use spikewatt::dataset::encode::{Encoding, encode, left_out};
use spikewatt::dataset::{Dataset, Samples, Split, Values};
use spikewatt::rng::{Purpose, Stream};
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

/// A data set of frames with everything that a file may hold beside them.
fn frames() -> Dataset {
    let values = Values::new((0..2000).map(|at| f64::from(at % 17) / 16.0).collect());
    let mut dataset = Dataset::new("frames", 20, Samples::Frames { steps: 10, values });
    dataset.title = Some("a title that lies in a heap of its own".into());
    dataset.labels = Some((0..10).map(|at| at % 2).collect());
    dataset.class_names = vec!["low".into(), "high".into()];
    dataset.split = Some(Split { names: vec!["train".into(), "test".into()], of: vec![0, 0, 0, 0, 0, 0, 0, 1, 1, 1] });
    dataset
}

/// What comes out may be wrong, since the format has no checksums everywhere, but nothing panics, crashes, hangs or takes
/// memory that is not there.
#[test]
fn a_file_with_wrong_bits_never_brings_the_reader_down() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bits.h5");
    frames().write_native(&path).unwrap();
    let files = [std::fs::read(data("shd_like.h5")).unwrap(), std::fs::read(&path).unwrap()];
    let stream = Stream::new(1, Purpose::Init, 0);
    let mut refused = 0;
    for trial in 0..600u64 {
        let mut bytes = files[trial as usize % 2].clone();
        for flip in 0..1 + trial % 8 {
            let bit = stream.below(trial * 8 + flip, bytes.len() as u64 * 8);
            bytes[(bit / 8) as usize] ^= 1 << (bit % 8);
        }
        std::fs::write(&path, bytes).unwrap();
        refused += usize::from(Dataset::open(&path).is_err());
    }
    assert!(refused > 60, "{refused} of 600 were refused");
}

/// Bits that once made the HDF5 library loop for ever, or clear 16 GiB, on the way to an error.
#[test]
fn bits_that_defeat_the_library_are_refused_before_it_sees_them() {
    let whole = std::fs::read(data("shd_like.h5")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bits.h5");
    for (changes, says) in BITS {
        let mut bytes = whole.clone();
        for &(at, value) in *changes {
            bytes[at] = value;
        }
        std::fs::write(&path, bytes).unwrap();
        let error = Dataset::open(&path).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}

/// Places and their new bytes, and what the refusal says.
const BITS: &[(&[(usize, u8)], &str)] = &[
    // A heap whose last object has no size.
    (&[(4976, 0x35), (6752, 0x38)], "the global heap at byte 2832"),
    // A list of 2 147 483 648 times.
    (&[(2755, 0x80)], "/spikes/times: a list claims"),
    // A heap that claims the bytes behind it, too, in which a size wraps.
    (&[(7065, 0x24)], "the global heap at byte 7056"),
];
