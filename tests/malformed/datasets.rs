//! Samples: HDF5, NPY, CSV.

use super::{Bench, root};
use hdf5::types::{VarLenArray, VarLenUnicode};

/// An NPY file with such a header.
pub(super) fn npy(kind: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    with_header(&format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n"), data)
}

fn with_header(header: &str, data: &[u8]) -> Vec<u8> {
    [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), data].concat()
}

fn attribute(file: &hdf5::File, of: &str, name: &str, value: &str) {
    let value: VarLenUnicode = value.parse().unwrap();
    file.dataset(of).unwrap().new_attr::<VarLenUnicode>().create(name).unwrap().write_scalar(&value).unwrap();
}

fn frames<T: hdf5::H5Type>(file: &hdf5::File, shape: &[usize], values: &[T]) {
    file.new_dataset::<T>().shape(shape).create("frames").unwrap().write_raw(values).unwrap();
}

fn labels(file: &hdf5::File, values: &[i64]) {
    file.new_dataset_builder().with_data(values).create("labels").unwrap();
}

fn spikes(file: &hdf5::File, times: &[&[f32]], units: &[&[i32]]) {
    let times: Vec<_> = times.iter().map(|list| VarLenArray::from_slice(list)).collect();
    let units: Vec<_> = units.iter().map(|list| VarLenArray::from_slice(list)).collect();
    file.new_dataset_builder().with_data(&times).create("spikes/times").unwrap();
    file.new_dataset_builder().with_data(&units).create("spikes/units").unwrap();
}

type Fill = fn(&hdf5::File);

const HDF5: &[(&str, Fill, &[&str])] = &[
    ("h5: no samples", |f| labels(f, &[0]), &["/: holds no samples", "/spikes/times"]),
    ("h5: a group for the frames", |f| drop(f.create_group("frames").unwrap()), &["/frames: expected a dataset, found a group"]),
    (
        "h5: a dataset for the spikes",
        |f| f.new_dataset::<f32>().shape(3).create("spikes").map(drop).unwrap(),
        &["/spikes/times: "],
    ),
    (
        "h5: text for the frames",
        |f| {
            f.new_dataset::<VarLenUnicode>().shape((2, 2)).create("frames").unwrap();
        },
        &["/frames: expected numbers, found text"],
    ),
    ("h5: one axis", |f| frames(f, &[4], &[0.0f32; 4]), &["/frames: ", "[4]"]),
    ("h5: an empty axis", |f| frames::<f32>(f, &[4, 0], &[]), &["/frames: ", "[4, 0]"]),
    ("h5: NaN", |f| frames(f, &[2, 2], &[0.0, 0.0, f32::NAN, 0.0]), &["/frames: holds NaN at [1, 0]"]),
    ("h5: infinity", |f| frames(f, &[2, 2], &[0.0, f64::INFINITY, 0.0, 0.0]), &["/frames: holds inf at [0, 1]"]),
    (
        "h5: 10^12 samples never written",
        |f| {
            f.new_dataset::<f64>().chunk((1024, 1)).shape((1_000_000_000_000usize, 2)).create("frames").unwrap();
        },
        &["/frames: claims the shape [1000000000000, 2]"],
    ),
    (
        "h5: 10^12 lists never written",
        |f| {
            f.new_dataset::<VarLenArray<f32>>().chunk(1024).shape(1_000_000_000_000usize).create("spikes/times").unwrap();
            f.new_dataset::<VarLenArray<i32>>().chunk(1024).shape(1_000_000_000_000usize).create("spikes/units").unwrap();
        },
        &["/spikes/times: claims the shape [1000000000000]"],
    ),
    (
        "h5: fewer labels than samples",
        |f| {
            frames(f, &[3, 2], &[0u8; 6]);
            labels(f, &[0, 1]);
        },
        &["/labels: ", "2 entries for 3 samples"],
    ),
    (
        "h5: a negative label",
        |f| {
            frames(f, &[2, 2], &[0u8; 4]);
            labels(f, &[0, -1]);
        },
        &["/labels: sample 1 has the label -1"],
    ),
    (
        "h5: text for labels",
        |f| {
            frames(f, &[2, 2], &[0u8; 4]);
            f.new_dataset::<VarLenUnicode>().shape(2).create("labels").unwrap();
        },
        &["/labels: expected whole numbers, found text"],
    ),
    (
        "h5: an unknown axis",
        |f| {
            frames(f, &[2, 2], &[0u8; 4]);
            attribute(f, "frames", "axes", "sample,hue");
        },
        &["/frames@axes: ", "`hue`"],
    ),
    (
        "h5: three axes for two",
        |f| {
            frames(f, &[2, 2], &[0u8; 4]);
            attribute(f, "frames", "axes", "sample,y,x");
        },
        &["/frames@axes: names 3 axes"],
    ),
    (
        "h5: a split without names",
        |f| {
            frames(f, &[2, 2], &[0u8; 4]);
            f.new_dataset_builder().with_data(&[0i64, 1]).create("split").unwrap();
        },
        &["/split@names: is missing", "train,test"],
    ),
    (
        "h5: several faults at once",
        |f| {
            frames(f, &[2, 2], &[0u8; 4]);
            labels(f, &[7]);
            f.new_dataset_builder().with_data(&[0i64, 1]).create("split").unwrap();
        },
        &["/labels: ", "/split@names: "],
    ),
    (
        "h5: no units",
        |f| {
            f.new_dataset_builder().with_data(&[VarLenArray::from_slice(&[0.5f32])]).create("spikes/times").unwrap();
        },
        &["/spikes/units: is missing"],
    ),
    ("h5: fewer lists of units", |f| spikes(f, &[&[0.1], &[0.2]], &[&[1]]), &["/spikes/units: has 1 lists", "2"]),
    (
        "h5: fewer units than times",
        |f| spikes(f, &[&[0.1, 0.2]], &[&[1]]),
        &["/spikes/units: sample 0 has 1 channels for 2 times"],
    ),
    ("h5: a negative time", |f| spikes(f, &[&[-0.5]], &[&[1]]), &["/spikes/times: sample 0 has a spike at -0.5 s"]),
    ("h5: NaN for a time", |f| spikes(f, &[&[f32::NAN]], &[&[1]]), &["/spikes/times: sample 0 has a spike at NaN s"]),
    ("h5: a negative channel", |f| spikes(f, &[&[0.5]], &[&[-1]]), &["/spikes/units: sample 0 has a spike of channel -1"]),
    ("h5: channel 2^31 − 1", |f| spikes(f, &[&[0.5]], &[&[i32::MAX]]), &["/spikes/units: ", "2147483647"]),
    (
        "h5: numbers for lists",
        |f| {
            f.new_dataset_builder().with_data(&[0.5f32]).create("spikes/times").unwrap();
            f.new_dataset_builder().with_data(&[1i32]).create("spikes/units").unwrap();
        },
        &["/spikes/times: expected lists of numbers"],
    ),
];

pub(super) fn cases(bench: &mut Bench) {
    for (number, (name, fill, words)) in HDF5.iter().enumerate() {
        let at = format!("DIR/{number}.h5");
        let file = hdf5::File::create(bench.path(&format!("{number}.h5"))).unwrap();
        fill(&file);
        file.close().unwrap();
        bench.refuse(name, &["run", "ROOT/networks/digits.nir", "--input", &at], &[&[at.as_str()], *words].concat());
    }
    let whole = std::fs::read(root("datasets/digits.h5")).unwrap();
    let digits = |at: &str| ["run", "ROOT/networks/digits.nir", "--input", at].map(str::to_owned);
    let (huge, most) = ("(1000000000000, 64)", "(18446744073709551615, 18446744073709551615)");
    let files: Vec<(&str, &str, Vec<u8>, &[&str])> = vec![
        ("h5: text by that name", "text.h5", b"hello".to_vec(), &["text.h5: ", "not an HDF5 file"]),
        ("h5: an empty file", "empty.h5", vec![], &["empty.h5: ", "not an HDF5 file"]),
        ("h5: cut in its middle", "half.h5", whole[..whole.len() / 2].to_vec(), &["half.h5: ", "damaged or unfinished"]),
        ("h5: rubbish behind the signature", "rubbish.h5", [&whole[..8], &[0x5a; 5000]].concat(), &["rubbish.h5: ", "HDF5"]),
        ("npy: an empty file", "empty.npy", vec![], &["empty.npy: "]),
        ("npy: no header", "bare.npy", b"\x93NUMPY\x01\x00".to_vec(), &["bare.npy: ", "header"]),
        ("npy: a header that is none", "word.npy", with_header("hello", &[]), &["word.npy: is no sound NPY file"]),
        ("npy: a header without shape", "shapeless.npy", with_header("{'descr': '<f4'}", &[0; 8]), &["shapeless.npy: "]),
        ("npy: 10^12 samples that are not there", "huge.npy", npy("<f4", huge, &[0; 256]), &["huge.npy: ", "1000000000000"]),
        ("npy: 2^128 numbers", "most.npy", npy("<f4", most, &[0; 256]), &["most.npy: ", "18446744073709551615"]),
        ("npy: a negative shape", "minus.npy", npy("<f4", "(-1, 64)", &[0; 256]), &["minus.npy: "]),
        ("npy: cut short", "short.npy", npy("<f4", "(2, 64)", &[0; 500]), &["short.npy: ", "500 bytes"]),
        ("npy: one axis", "row.npy", npy("<f4", "(64,)", &[0; 256]), &["row.npy: has the shape [64]"]),
        ("npy: Python's objects", "object.npy", npy("|O", "(1, 64)", &[0; 512]), &["object.npy: "]),
        ("npy: text", "name.npy", npy("<U4", "(1, 64)", &[0; 1024]), &["name.npy: ", "expected booleans, integers or floats"]),
        ("npy: NaN", "nan.npy", npy("<f4", "(1, 64)", &[0xff; 256]), &["nan.npy: ", "NaN in sample 0, channel 0"]),
        ("npy: nested without end", "deep.npy", with_header(&"(".repeat(9000), &[]), &["deep.npy: ", "nested"]),
        ("csv: an empty file", "empty.csv", vec![], &["empty.csv: is empty"]),
        ("csv: a ragged row", "ragged.csv", b"a,b,c\n1,2,3\n1,2\n".to_vec(), &["ragged.csv:3:1: has 2 fields"]),
        ("csv: a word", "word.csv", b"a,b\n1,x\n".to_vec(), &["word.csv:2:3: `b` is `x`"]),
        ("csv: NaN", "nan.csv", b"a,b\nnan,1\n".to_vec(), &["nan.csv:2:1: `a` is `nan`"]),
        ("csv: no names", "bare.csv", b"1,2\n3,4\n".to_vec(), &["bare.csv:1:1: ", "column names"]),
        ("csv: no rows", "header.csv", b"a,b\n".to_vec(), &["header.csv: holds no samples"]),
        ("csv: rubbish", "rubbish.csv", vec![0, 255, 254, 10, 13], &["rubbish.csv: is not text in UTF-8"]),
        ("csv: channel 10^12", "channel.csv", b"sample,channel,time_ms\n0,1000000000000,1\n".to_vec(), &["channel.csv:2:3: "]),
        ("csv: sample 10^12", "sample.csv", b"sample,channel,time_ms\n1000000000000,0,1\n".to_vec(), &["sample.csv:2:1: "]),
        ("csv: a negative time", "time.csv", b"sample,channel,time_ms\n0,0,-1\n".to_vec(), &["time.csv:2:5: `time_ms` is `-1`"]),
        ("csv: as wide as another network", "wide.csv", b"a,b,label\n0,1,0\n".to_vec(), &["wide.csv: ", "2 channels", "64"]),
        ("data of an unknown ending", "data.xyz", b"hello".to_vec(), &["data.xyz: ", ".npy"]),
    ];
    for (name, file, bytes, words) in files {
        bench.file(&format!("data-{file}"), bytes);
        let arguments = digits(&format!("DIR/data-{file}"));
        bench.refuse(name, &arguments.each_ref().map(String::as_str), words);
    }
    bench.file("pair.npy", npy("<f4", "(2, 64)", &[0; 512]));
    bench.file("pair.labels.npy", npy("<i4", "(3,)", &[0; 12]));
    let run = digits("DIR/pair.npy");
    bench.refuse("npy: more labels than samples", &run.each_ref().map(String::as_str), &["DIR/pair.labels.npy: ", "2 samples"]);
    let run = digits("DIR/none.h5");
    bench.refuse("h5: a file that is not there", &run.each_ref().map(String::as_str), &["DIR/none.h5: cannot be read"]);
    std::fs::create_dir(bench.path("folder.h5")).unwrap();
    let run = digits("DIR/folder.h5");
    bench.refuse("h5: a folder", &run.each_ref().map(String::as_str), &["DIR/folder.h5: "]);
}
