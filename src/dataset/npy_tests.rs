use super::*;

/// An NPY file of version 1 as NumPy writes it.
fn npy(descr: &str, fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
    let order = if fortran { "True" } else { "False" };
    let text = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': ({shape}), }}\n");
    [b"\x93NUMPY\x01\0", &(text.len() as u16).to_le_bytes()[..], text.as_bytes(), data].concat()
}

fn open_with(bytes: &[u8], labels: Option<(&str, &[u8])>) -> Result<Dataset> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.npy");
    std::fs::write(&path, bytes).unwrap();
    if let Some((name, bytes)) = labels {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    Dataset::open(&path)
}

fn values(bytes: &[u8]) -> Vec<f64> {
    match open_with(bytes, None).unwrap().samples {
        Samples::Values(values) => values.slice(0, values.len()),
        other => panic!("expected values, found {other:?}"),
    }
}

fn error(bytes: &[u8]) -> String {
    open_with(bytes, None).unwrap_err().to_string()
}

#[test]
fn numbers_of_every_type_are_read() {
    assert_eq!(values(&npy("|u1", false, "2, 2", &[0, 1, 2, 255])), [0.0, 1.0, 2.0, 255.0]);
    assert_eq!(values(&npy("|b1", false, "1, 2", &[0, 1])), [0.0, 1.0]);
    assert_eq!(values(&npy("|i1", false, "1, 2", &[0xff, 1])), [-1.0, 1.0]);
    assert_eq!(values(&npy("<i2", false, "1, 1", &(-300i16).to_le_bytes())), [-300.0]);
    assert_eq!(values(&npy(">i4", false, "1, 1", &(-70_000i32).to_be_bytes())), [-70_000.0]);
    assert_eq!(values(&npy("<i8", false, "1, 1", &(-5i64).to_le_bytes())), [-5.0]);
    assert_eq!(values(&npy("<f4", false, "1, 1", &0.1f32.to_le_bytes())), [f64::from(0.1f32)]);
    assert_eq!(values(&npy(">f8", false, "1, 1", &0.1f64.to_be_bytes())), [0.1]);
    // 1, -2, the largest (65504) and the smallest (2⁻²⁴) 16-bit floats.
    let halves = [0x00, 0x3c, 0x00, 0xc0, 0xff, 0x7b, 0x01, 0x00];
    assert_eq!(values(&npy("<f2", false, "1, 4", &halves)), [1.0, -2.0, 65504.0, 2f64.powi(-24)]);
    // Columns first: [[1, 2], [3, 4], [5, 6]].
    assert_eq!(values(&npy("|u1", true, "3, 2", &[1, 3, 5, 2, 4, 6])), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
}

#[test]
fn three_axes_of_zeros_and_ones_are_spikes() {
    let dataset = open_with(&npy("|b1", false, "1, 2, 3", &[0, 1, 1, 1, 0, 0]), None).unwrap();
    let Samples::Raster(raster) = &dataset.samples else { panic!() };
    assert_eq!((dataset.channels, dataset.steps()), (3, Some(2)));
    assert_eq!((raster.step(0, 0), raster.step(0, 1)), (&[1, 2][..], &[0][..]));
    let image = open_with(&npy("|u1", false, "1, 2, 3", &[0, 1, 1, 1, 0, 7]), None).unwrap();
    assert_eq!((image.channels, image.shape, image.axes), (6, vec![2, 3], vec!["y".to_owned(), "x".to_owned()]));
}

#[test]
fn axes_that_are_told_are_believed() {
    let open = |axes: &str, descr: &str, shape: &str, data: &[u8]| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.npy");
        std::fs::write(&path, npy(descr, false, shape, data)).unwrap();
        Dataset::open_as(&path, Some(axes))
    };
    // One recording of three steps, in floating point.
    let floats = |values: [f32; 6]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<_>>();
    let spikes = open("step,y,x", "<f4", "3, 2, 1", &floats([0.0, 1.0, 0.0, 0.0, 1.0, 1.0])).unwrap();
    let Samples::Raster(raster) = &spikes.samples else { panic!("{spikes:?}") };
    assert_eq!((spikes.len(), spikes.channels, spikes.steps()), (1, 2, Some(3)));
    assert_eq!((raster.step(0, 0), raster.step(0, 1), raster.step(0, 2)), (&[1][..], &[][..], &[0, 1][..]));
    assert_eq!((spikes.shape, spikes.axes), (vec![2, 1], vec!["y".to_owned(), "x".to_owned()]));
    // Numbers stay numbers, and a sample is no step.
    let numbers = open("sample,step,channel", "<f4", "1, 3, 2", &floats([0.0, 1.0, 0.0, 0.0, 1.0, 2.0])).unwrap();
    assert!(matches!(numbers.samples, Samples::Frames { steps: 3, .. }), "{numbers:?}");
    let values = open("sample,y,x", "|u1", "3, 2, 1", &[0, 1, 0, 0, 1, 1]).unwrap();
    assert!(matches!(values.samples, Samples::Values(_)) && values.len() == 3 && values.channels == 2, "{values:?}");
    for (axes, says) in [
        ("sample,y", "names 2 axes; the array has 3"),
        ("sample,colour,x", "names an unknown axis `colour`"),
        ("y,sample,x", "expected `sample` as the first axis"),
        ("sample,y,step", "expected `step` before the axes of channels"),
        ("sample,y,y", "names the axis `y` twice"),
        ("sample,step", "has no axis of channels"),
    ] {
        let error = open(axes, "|u1", "3, 2, 1", &[0; 6]).unwrap_err().to_string();
        assert!(error.contains("--axes") && error.contains(says), "{axes}: {error}");
    }
}

#[test]
fn labels_lie_beside() {
    let samples = npy("|u1", false, "2, 1", &[5, 6]);
    for name in ["a.labels.npy", "a-labels.npy"] {
        let with = |bytes: &[u8]| open_with(&samples, Some((name, bytes)));
        assert_eq!(with(&npy("<i2", false, "2,", &[3, 0, 1, 0])).unwrap().labels, Some(vec![3, 1]));
        let short = with(&npy("|u1", false, "1,", &[3])).unwrap_err().to_string();
        assert!(short.contains(&format!("{name}: has the shape [1]; expected one label per sample for 2 samples")), "{short}");
        let negative = with(&npy("|i1", false, "2,", &[0, 0xff])).unwrap_err().to_string();
        assert!(negative.contains("sample 1 has the label -1"), "{negative}");
    }
    assert_eq!(open_with(&samples, None).unwrap().labels, None);
}

#[test]
fn damaged_files_are_refused() {
    assert!(error(&npy("|u1", false, "2, 3", &[1, 2, 3])).contains("needs 6 numbers of 1 bytes, 3 bytes are there"));
    assert!(error(&npy("|u1", false, "4294967296, 4294967296", &[])).contains("below 2⁶⁴"));
    assert!(error(&npy("|u1", false, "1000000000000, 3", &[])).contains("needs 3000000000000 numbers"));
    assert!(error(&npy("|u1", false, "-1, 3", &[])).contains("not a product of sizes"));
    assert!(error(&npy("|S4", false, "1, 1", b"abcd")).contains("expected booleans, integers or floats"));
    assert!(error(&npy("|O", false, "1, 1", b"")).contains("expected booleans, integers or floats"));
    assert!(error(&npy("<q9", false, "1, 1", b"")).contains("no sound NPY file"));
    assert!(error(&npy("|u1", false, "3,", &[1, 2, 3])).contains("has the shape [3]"));
    assert!(error(&npy("|u1", false, "0, 3", &[])).contains("an axis is empty"));
    assert!(error(&npy("|u1", false, &"(".repeat(5000), &[])).contains("too deeply nested"));
    let nan = [1f32.to_le_bytes(), f32::NAN.to_le_bytes()].concat();
    assert!(error(&npy("<f4", false, "1, 2", &nan)).contains("holds NaN in sample 0, channel 1"));
    let whole = npy("|u1", false, "1, 2", &[1, 2]);
    for cut in 0..whole.len() {
        if cut < 6 {
            continue; // then nothing but the file's name says NPY, and the message is another
        }
        assert!(error(&whole[..cut]).contains("no sound NPY file"), "cut at {cut}");
    }
    assert!(error(b"\x93NUMPY\x02\0\xff\xff\xff\xff").contains("header has 4294967295 bytes"));
    assert!(error(b"hello").contains("does not begin with NPY's signature"));
}
