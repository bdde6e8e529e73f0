use super::*;
use crate::dataset::{Raster, SpikeLists, Stored, Values};

fn fresh(fill: impl FnOnce(&hdf5::File)) -> Result<Dataset> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.h5");
    let file = hdf5::File::create(&path).unwrap();
    fill(&file);
    file.close().unwrap();
    Dataset::open(&path)
}

fn error(fill: impl FnOnce(&hdf5::File)) -> String {
    fresh(fill).unwrap_err().to_string()
}

fn there_and_back(dataset: &Dataset) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("back.h5");
    dataset.write_native(&path).unwrap();
    dataset.write_native(&path).expect("an older file is replaced");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    let mut back = Dataset::open(&path).unwrap();
    assert_eq!((back.name.as_str(), back.file.as_deref()), ("back", Some(path.as_path())));
    back.name.clone_from(&dataset.name);
    back.file = None;
    assert_eq!(&back, dataset);
}

#[test]
fn what_is_written_reads_back() {
    let mut digits =
        Dataset::new("d", 4, Samples::Values(Values { stored: Stored::Bytes(vec![0, 4, 8, 16, 1, 2, 3, 4]), scale: 0.0625 }));
    digits.shape = vec![2, 2];
    digits.axes = vec!["y".into(), "x".into()];
    digits.title = Some("Grüße".into());
    digits.licence = Some("CC0".into());
    digits.citation = Some("nobody".into());
    digits.labels = Some(vec![1, 0]);
    digits.class_names = vec!["zero".into(), "one".into()];
    digits.split = Some(Split { names: vec!["train".into(), "test".into()], of: vec![0, 1] });
    there_and_back(&digits);
    assert_eq!(digits.select(None).unwrap(), [1]);

    let frames = |values| Samples::Frames { steps: 3, values: Values::new(values) };
    there_and_back(&Dataset::new("f", 2, frames(vec![0.5; 12])));
    there_and_back(&Dataset::new("f", 2, frames(vec![0.1; 6])));
    there_and_back(&Dataset::new("r", 2, Samples::Raster(Raster::new(2, 2, &[0, 1, 3, 0, 0, 0, 1, 1]))));
    let mut lists = SpikeLists::new();
    lists.push(vec![(0.1, 3), (0.2, 0)]);
    lists.push(vec![]);
    there_and_back(&Dataset::new("s", 700, Samples::Spikes(lists)));
}

#[test]
fn an_unwritable_place_is_an_error() {
    let dataset = Dataset::new("f", 1, Samples::Values(Values::new(vec![1.0])));
    let folder = tempfile::tempdir().unwrap();
    let error = dataset.write_native(folder.path().join("none/a.h5")).unwrap_err().to_string();
    assert!(error.contains("none/a.h5: cannot be written"), "{error}");
}

/// Two samples of two values.
fn two(file: &hdf5::File) -> hdf5::Dataset {
    let data = file.new_dataset::<f64>().shape((2, 2)).create("frames").unwrap();
    data.write_raw(&[1.0, 2.0, 3.0, 4.0]).unwrap();
    data
}

fn axes(data: &hdf5::Location, text: &str) {
    let text: hdf5::types::VarLenUnicode = text.parse().unwrap();
    data.new_attr::<hdf5::types::VarLenUnicode>().create("axes").unwrap().write_scalar(&text).unwrap();
}

#[test]
fn missing_and_doubled_samples_are_named() {
    assert!(error(|_| ()).contains("/: holds no samples: neither /frames nor /spikes"));
    let both = error(|file| {
        two(file);
        file.create_group("spikes").unwrap();
    });
    assert!(both.contains("holds both /frames and /spikes"), "{both}");
    let newer = error(|file| {
        two(file);
        file.new_attr::<i64>().create("spikewatt_dataset").unwrap().write_scalar(&2).unwrap();
    });
    assert!(newer.contains("/@spikewatt_dataset: is version 2"), "{newer}");
    let group = error(|file| drop(file.create_group("frames").unwrap()));
    assert!(group.contains("/frames: expected a dataset, found a group"), "{group}");
    let units = error(|file| drop(file.create_group("spikes").unwrap()));
    assert!(units.contains("/spikes/times: is missing"), "{units}");
}

#[test]
fn frames_must_make_sense() {
    let flat = error(|file| drop(file.new_dataset_builder().with_data(&[1.0]).create("frames").unwrap()));
    assert!(flat.contains("/frames: expected a sample axis and at least one more, found the shape [1]"), "{flat}");
    let nan = error(|file| two(file).write_raw(&[1.0, 2.0, f64::NAN, 4.0]).unwrap());
    assert!(nan.contains("/frames: holds NaN at [1, 0]; expected finite numbers"), "{nan}");
    for (text, says) in [
        ("sample,time", "unknown axis `time`"),
        ("sample", "names 1 axes; the array has 2"),
        ("x,sample", "expected `sample` as the first axis"),
        ("sample,step", "has no axis of channels"),
        ("", "names 1 axes"),
    ] {
        let error = error(|file| axes(&two(file), text));
        assert!(error.contains("/frames@axes: ") && error.contains(says), "{error}");
    }
    let huge = error(|file| {
        file.new_dataset::<u8>().chunk((1 << 10, 64)).shape((1_000_000_000_000usize, 64)).create("frames").unwrap();
    });
    assert!(huge.contains("/frames: claims the shape [1000000000000, 64], but only 0 bytes"), "{huge}");
    let text = error(|file| {
        let words = [hdf5::types::FixedAscii::<2>::from_ascii("ab").unwrap(); 2];
        file.new_dataset_builder().with_data(&words).create("frames").unwrap();
    });
    assert!(text.contains("/frames: "), "{text}");
    let empty = error(|file| drop(file.new_dataset::<f64>().shape((0, 3)).create("frames").unwrap()));
    assert!(empty.contains("holds no samples"), "{empty}");
}

#[test]
fn all_complaints_about_labels_and_parts_come_at_once() {
    let error = error(|file| {
        two(file);
        file.new_dataset::<u8>().shape((2, 1)).create("labels").unwrap();
        let split = file.new_dataset_builder().with_data(&[0u8]).create("split").unwrap();
        let names: hdf5::types::VarLenUnicode = "train,test".parse().unwrap();
        split.new_attr::<hdf5::types::VarLenUnicode>().create("names").unwrap().write_scalar(&names).unwrap();
        file.new_dataset_builder().with_data(&[1.0]).create("extra/keys").unwrap();
    });
    assert!(error.contains("/labels: expected one axis, found the shape [2, 1]"), "{error}");
    assert!(error.contains("/split: has 1 entries for 2 samples"), "{error}");
    assert!(error.contains("/extra/keys: expected text"), "{error}");
}

#[test]
fn labels_and_parts_must_be_in_range() {
    let short = error(|file| {
        two(file);
        file.new_dataset_builder().with_data(&[1u8]).create("labels").unwrap();
        file.new_dataset_builder().with_data(&[0u8, 1]).create("split").unwrap();
    });
    assert!(short.contains("/labels: has 1 entries for 2 samples"), "{short}");
    assert!(short.contains("/split@names: is missing"), "{short}");
    let negative = error(|file| {
        two(file);
        file.new_dataset_builder().with_data(&[0i8, -1]).create("labels").unwrap();
    });
    assert!(negative.contains("/labels: sample 1 has the label -1"), "{negative}");
}

#[test]
fn spikes_must_make_sense() {
    use hdf5::types::VarLenArray;
    let spikes = |times: &[&[f32]], units: &[&[i16]], channels: i64| {
        let times: Vec<_> = times.iter().map(|list| VarLenArray::from_slice(list)).collect();
        let units: Vec<_> = units.iter().map(|list| VarLenArray::from_slice(list)).collect();
        fresh(|file| {
            file.new_dataset_builder().with_data(&times).create("spikes/times").unwrap();
            let units = file.new_dataset_builder().with_data(&units).create("spikes/units").unwrap();
            units.new_attr::<i64>().create("channels").unwrap().write_scalar(&channels).unwrap();
        })
    };
    let error = |times: &[&[f32]], units: &[&[i16]], channels| spikes(times, units, channels).unwrap_err().to_string();
    assert_eq!(spikes(&[&[0.5]], &[&[3]], 4).unwrap().channels, 4);
    assert!(error(&[&[0.5]], &[&[4]], 4).contains("/spikes/units: sample 0 has a spike of channel 4; expected 0 to 3"));
    assert!(error(&[&[0.5]], &[&[-1]], 4).contains("channel -1"));
    assert!(error(&[&[0.5, 1.0]], &[&[1]], 4).contains("sample 0 has 1 channels for 2 times"));
    assert!(error(&[&[], &[f32::NAN]], &[&[], &[1]], 4).contains("/spikes/times: sample 1 has a spike at NaN s"));
    assert!(error(&[&[-0.5]], &[&[1]], 4).contains("spike at -0.5 s"));
    assert!(error(&[&[0.5], &[]], &[&[1]], 4).contains("has 1 lists, but /spikes/times 2"));
    assert!(error(&[&[0.5]], &[&[1]], i64::MAX).contains("/spikes/units@channels: is"));
    let numbers = fresh(|file| {
        file.new_dataset_builder().with_data(&[1.0]).create("spikes/times").unwrap();
        file.new_dataset_builder().with_data(&[1]).create("spikes/units").unwrap();
    });
    assert!(numbers.unwrap_err().to_string().contains("/spikes/times: expected lists of numbers, found numbers"));
}
