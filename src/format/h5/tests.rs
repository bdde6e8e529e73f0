use super::*;

use hdf5::types::VarLenUnicode;

fn fresh(fill: impl FnOnce(&hdf5::File)) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.h5");
    let file = hdf5::File::create(&path).unwrap();
    fill(&file);
    file.close().unwrap();
    (folder, path)
}

fn message<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn numbers_of_any_width_are_read() {
    let (_folder, path) = fresh(|file| {
        file.new_dataset_builder().with_data(&[1u8, 2, 255]).create("u8").unwrap();
        file.new_dataset_builder().with_data(&[-1i16, 2]).create("i16").unwrap();
        file.new_dataset_builder().with_data(&[0.5f32, f32::NAN]).create("f32").unwrap();
        file.new_dataset_builder().with_data(&[true, false]).create("group/bool").unwrap();
        file.new_dataset_builder().with_data(&[u64::MAX]).create("huge").unwrap();
        let names = [FixedAscii::<1>::from_ascii("a").unwrap(); 2];
        file.new_dataset_builder().with_data(&names).create("names").unwrap();
        file.new_dataset::<f64>().create("scalar").unwrap().write_scalar(&2.5).unwrap();
        file.new_attr::<f64>().create("scale").unwrap().write_scalar(&0.25).unwrap();
    });
    let h5 = H5File::open(&path).unwrap();
    assert_eq!(h5.floats("/u8").unwrap(), (vec![3], vec![1.0, 2.0, 255.0]));
    assert_eq!(h5.ints("/i16").unwrap(), (vec![2], vec![-1, 2]));
    assert!(h5.floats32("/f32").unwrap().1[1].is_nan());
    assert_eq!(h5.ints("/group/bool").unwrap().1, [1, 0]);
    assert_eq!(h5.floats("/group/bool").unwrap().1, [1.0, 0.0]);
    assert_eq!(h5.floats("/scalar").unwrap(), (vec![], vec![2.5]));
    assert_eq!(h5.bytes("/u8").unwrap().unwrap().1, [1, 2, 255]);
    assert_eq!(h5.bytes("/i16").unwrap(), None);
    assert_eq!(h5.attribute_float("/", "scale").unwrap(), Some(0.25));
    assert_eq!(h5.attribute_float("/", "other").unwrap(), None);
    assert_eq!(h5.members("/").unwrap(), ["f32", "group", "huge", "i16", "names", "scalar", "u8"]);
    assert!(message(h5.ints("/huge")).contains("2⁶³"));
    assert!(message(h5.ints("/f32")).ends_with("/f32: expected whole numbers, found numbers with a fraction"));
    assert!(message(h5.string("/names")).contains("single value, found the shape [2]"));
    assert!(message(h5.floats("/group")).ends_with("/group: expected a dataset, found a group"));
    assert!(message(h5.members("/u8")).ends_with("/u8: expected a group, found a dataset"));
    assert!(message(h5.floats("/group/none")).ends_with("/group/none: is missing"));
    assert!(message(h5.strings("/u8")).ends_with("/u8: expected text, found whole numbers"));
}

#[test]
fn text_of_fixed_and_any_length_is_read() {
    let (_folder, path) = fresh(|file| {
        let any: VarLenUnicode = "grüße".parse().unwrap();
        file.new_attr::<VarLenUnicode>().create("any").unwrap().write_scalar(&any).unwrap();
        let fixed = [FixedAscii::<7>::from_ascii("zero").unwrap(), FixedAscii::from_ascii("one").unwrap()];
        file.new_dataset_builder().with_data(&fixed).create("fixed").unwrap();
        let wide = [FixedUnicode::<300>::from_str_checked("é")];
        file.new_dataset_builder().with_data(&wide).create("wide").unwrap();
        file.new_dataset::<VarLenUnicode>().shape(2).create("unwritten").unwrap();
        file.new_dataset_builder().with_data(&[VarLenArray::from_slice(&[1u8])]).create("list").unwrap();
    });
    let h5 = H5File::open(&path).unwrap();
    assert_eq!(h5.attribute_string("/", "any").unwrap().unwrap(), "grüße");
    assert_eq!(h5.strings("/fixed").unwrap(), (vec![2], vec!["zero".to_owned(), "one".to_owned()]));
    assert_eq!(h5.string("/wide").unwrap(), "é");
    assert_eq!(h5.strings("/unwritten").unwrap().1, ["", ""]);
    assert!(message(h5.strings("/list")).contains("found lists of numbers"));
    assert!(message(h5.floats("/fixed")).ends_with("/fixed: expected numbers, found text"));
    assert!(message(h5.floats("/list")).contains("found lists of numbers"));
}

/// Only for tests.
trait Checked {
    fn from_str_checked(text: &str) -> Self;
}

impl<const N: usize> Checked for FixedUnicode<N> {
    fn from_str_checked(text: &str) -> Self {
        text.parse().unwrap()
    }
}

#[test]
fn an_absurd_size_is_refused_before_memory_is_taken() {
    let (_folder, path) = fresh(|file| {
        file.new_dataset::<f64>().chunk((1 << 10, 1)).shape((1_000_000_000_000usize, 2)).create("a").unwrap();
        file.new_dataset::<f64>().shape(1 << 40).create("b").unwrap();
    });
    let h5 = H5File::open(&path).unwrap();
    assert!(message(h5.floats("/a")).contains("claims the shape [1000000000000, 2], but only 0 bytes are stored"));
    assert!(message(h5.dims("/b")).contains("claims the shape"));
}

#[test]
fn what_is_no_hdf5_file_is_refused() {
    let (folder, path) = fresh(|file| {
        file.new_dataset_builder().with_data(&vec![1.0; 1000]).create("a").unwrap();
    });
    let text = folder.path().join("text.h5");
    std::fs::write(&text, "hello, this is only text").unwrap();
    assert!(message(H5File::open(&text)).contains("is not an HDF5 file"));
    assert!(message(H5File::open(folder.path())).contains("is not a file"));
    assert!(message(H5File::open(folder.path().join("none.h5"))).contains("cannot be read: No such file"));
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert!(message(H5File::open(&path)).contains("damaged or unfinished"));
}

#[test]
fn an_attribute_s_text_is_not_longer_than_the_file() {
    let (_folder, path) = fresh(|file| {
        let text: VarLenUnicode = "a text".parse().unwrap();
        file.new_attr::<VarLenUnicode>().create("title").unwrap().write_scalar(&text).unwrap();
        file.new_attr::<VarLenUnicode>().shape(2).create("two").unwrap().write_raw(&[text.clone(), text]).unwrap();
    });
    let h5 = H5File::open(&path).unwrap();
    assert_eq!(h5.attribute_string("/", "title").unwrap().unwrap(), "a text");
    assert!(message(h5.attribute_string("/", "two")).contains("/@two: expected a single value, found the shape [2]"));
    drop(h5);
    let mut bytes = std::fs::read(&path).unwrap();
    let heap = bytes.windows(4).position(|four| four == b"GCOL").unwrap() as u64;
    // The length stands before the heap's place.
    let name = bytes.windows(6).position(|six| six == b"title\0").unwrap();
    let place = name + bytes[name..].windows(8).position(|eight| eight == heap.to_le_bytes()).unwrap();
    assert_eq!(bytes[place - 4..place], 6u32.to_le_bytes());
    bytes[place - 1] = 0x40;
    std::fs::write(&path, bytes).unwrap();
    let h5 = H5File::open(&path).unwrap();
    assert!(message(h5.attribute_string("/", "title")).contains("/@title: claims a text of 1073741830 bytes"));
}

/// Written by h5py 3 (tests/data/h5/README.md): 23 × 37 numbers, k % 50 of their place k, in chunks that do not divide them.
#[test]
fn what_h5py_packs_by_lzf_is_unpacked() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/h5/lzf.h5");
    let h5 = H5File::open(path).unwrap();
    let expected: Vec<f64> = (0..23 * 37).map(|k| f64::from(k % 50)).collect();
    for name in ["/f64", "/f32_shuffled", "/f16"] {
        let (shape, values) = h5.floats(name).unwrap();
        assert_eq!(shape, [23, 37], "{name}");
        assert!(values.iter().zip(&expected).all(|(found, expected)| *found == expected / 4.0), "{name}");
    }
    for name in ["/i64", "/big_end_first"] {
        assert!(
            h5.ints(name).unwrap().1.iter().zip(&expected).all(|(found, expected)| *found as f64 == expected - 25.0),
            "{name}"
        );
    }
    assert!(h5.bytes("/u8").unwrap().unwrap().1.iter().zip(&expected).all(|(found, expected)| f64::from(*found) == *expected));
    assert!(
        h5.ints("/bool").unwrap().1.iter().zip(&expected).all(|(found, expected)| *found == i64::from(expected % 2.0 == 0.0))
    );
    assert!(message(h5.ints("/u64")).contains("2⁶³"));
    assert_eq!(h5.floats32("/u64").unwrap().1, [2f32.powi(63); 40]);
    // Eight of these 27 chunks could not be packed and are stored as they are.
    let (shape, random) = h5.ints("/random").unwrap();
    assert_eq!(shape, [7, 9, 11]);
    assert_eq!(random.iter().enumerate().map(|(at, value)| (at % 11) as i64 * value).sum::<i64>(), 436_721);
    let (_, partly) = h5.floats("/partly").unwrap();
    assert!(partly.iter().enumerate().all(|(at, v)| *v == if at / 30 < 10 && at % 30 >= 20 { 1.5 } else { 0.0 }));
}

#[test]
fn damaged_lzf_is_refused() {
    let whole = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/h5/lzf.h5")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.h5");
    // Every chunk of one dataset, cut and changed: never more than a complaint.
    let places: Vec<u64> = {
        let file = hdf5::File::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/h5/lzf.h5")).unwrap();
        let data = file.dataset("f64").unwrap();
        (0..data.num_chunks().unwrap()).map(|index| data.chunk_info(index).unwrap().addr).collect()
    };
    let mut refused = 0;
    for (at, byte) in
        places.iter().flat_map(|place| (0..24).flat_map(move |at| [(place + at, 0xff), (place + at, 0xe0), (place + at, 0)]))
    {
        let mut spoilt = whole.clone();
        spoilt[at as usize] = byte;
        std::fs::write(&path, spoilt).unwrap();
        if let Err(complaints) = H5File::open(&path).unwrap().floats("/f64") {
            assert!(complaints.to_string().contains("compressed by LZF, and damaged"), "{complaints}");
            refused += 1;
        }
    }
    assert!(refused > 100, "{refused}");
}
