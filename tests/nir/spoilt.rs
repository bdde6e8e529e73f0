//! Files that are damaged or claim too much.

use super::*;

/// A copy of a sample, changed by `change`, and what reading it says.
fn spoilt(sample: &str, change: impl FnOnce(&hdf5::File)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spoilt.nir");
    std::fs::copy(data(sample), &path).unwrap();
    let file = hdf5::File::open_rw(&path).unwrap();
    change(&file);
    file.close().unwrap();
    message(&path)
}

fn message(path: &Path) -> String {
    match nir::read(path) {
        Ok(_) => panic!("{} reads", path.display()),
        Err(complaints) => text(&complaints),
    }
}

fn text(complaints: &Diagnostics) -> String {
    assert!(complaints.iter().all(|c| c.file.is_some()), "every complaint names the file: {complaints}");
    complaints.to_string()
}

fn replace(file: &hdf5::File, at: &str, array: &NirArray) {
    let _ = file.unlink(at);
    match &array.numbers {
        Numbers::F32(v) => file.new_dataset::<f32>().shape(&array.shape[..]).create(at).unwrap().write_raw(v).unwrap(),
        Numbers::F64(v) => file.new_dataset::<f64>().shape(&array.shape[..]).create(at).unwrap().write_raw(v).unwrap(),
        Numbers::I64(v) => file.new_dataset::<i64>().shape(&array.shape[..]).create(at).unwrap().write_raw(v).unwrap(),
    }
}

fn replace_text(file: &hdf5::File, at: &str, text: &str) {
    let _ = file.unlink(at);
    let text: VarLenUnicode = text.parse().unwrap();
    file.new_dataset::<VarLenUnicode>().create(at).unwrap().write_scalar(&text).unwrap();
}

fn replace_edges(file: &hdf5::File, shape: (usize, usize), names: &[&str]) {
    file.unlink("/node/edges").unwrap();
    let names: Vec<VarLenUnicode> = names.iter().map(|n| n.parse().unwrap()).collect();
    file.new_dataset::<VarLenUnicode>().shape(shape).create("/node/edges").unwrap().write_raw(&names).unwrap();
}

type Change = Box<dyn FnOnce(&hdf5::File)>;

#[test]
fn spoilt_files_are_refused_with_a_place_and_a_reason() {
    const LIF: &str = "/node/nodes/lif";
    let set =
        |name: &'static str, array: NirArray| -> Change { Box::new(move |file| replace(file, &format!("{LIF}/{name}"), &array)) };
    let vector = |values: &[f64]| NirArray::vector(values.to_vec());
    let cases: Vec<(Change, &str)> = vec![
        (Box::new(|f| f.unlink("/node").unwrap()), "holds no NIR graph: there is no group /node"),
        (Box::new(|f| f.unlink("/node/edges").unwrap()), "/node/edges: is missing"),
        (Box::new(|f| f.unlink("/node/nodes").unwrap()), "/node/nodes: is missing"),
        (Box::new(|f| f.unlink("/node/type").unwrap()), "/node/type: is missing"),
        (Box::new(|f| f.unlink("/node/nodes/lif/tau").unwrap()), "/node/nodes/lif: is a LIF, but has no dataset `tau`"),
        (Box::new(|f| f.unlink("/node/nodes/lif/type").unwrap()), "/node/nodes/lif/type: is missing"),
        (Box::new(|f| f.unlink("/node/nodes/input").unwrap()), "there is no Input node"),
        (Box::new(|f| f.unlink("/node/nodes/output").unwrap()), "there is no node `output`"),
        (Box::new(|f| replace_text(f, "/node/type", "LIF")), "/node/type: expected NIRGraph, found `LIF`"),
        (Box::new(|f| replace_text(f, "/node/nodes/lif/type", "Alif")), "/node/nodes/lif/type: `Alif` is no primitive of NIR"),
        (Box::new(|f| replace_text(f, "/node/nodes/lif/type", "NIRGraph")), "/node/nodes/lif/nodes: is missing"),
        (
            Box::new(|f| replace_text(f, "/node/nodes/lif/type", "AvgPool2d")),
            "/node/nodes/lif: is a AvgPool2d, but has no dataset `kernel_size`",
        ),
        (Box::new(|f| replace_text(f, "/node/nodes/lif/tau", "long")), "/node/nodes/lif/tau: expected numbers, found text"),
        (Box::new(|f| replace_edges(f, (1, 2), &["lif", "nowhere"])), "edge `lif` -> `nowhere`: there is no node `nowhere`"),
        (Box::new(|f| replace_edges(f, (1, 3), &["input", "lif", "output"])), "shape (edges, 2); found the shape [1, 3]"),
        (Box::new(|f| replace(f, "/node/edges", &NirArray::vector(vec![1.0]))), "/node/edges: expected text"),
        (Box::new(|f| f.create_group("/node/nodes/other").map(drop).unwrap()), "/node/nodes/other/type: is missing"),
        (set("tau", vector(&[0.1, f64::NAN, 0.1, 0.1])), "lif/tau: expected a finite number above zero, found NaN at position 1"),
        (set("tau", vector(&[0.1, 0.1, -1.0, 0.0])), "found -1 at position 2 and 1 more"),
        (set("tau", vector(&[0.1, f64::INFINITY, 0.1, 0.1])), "lif/tau: expected a finite number above zero, found inf"),
        (set("r", vector(&[f64::INFINITY])), "lif/r: expected a finite number, found inf"),
        (set("v_threshold", vector(&[f64::NAN])), "lif/v_threshold: expected a number, found NaN"),
        (set("r", vector(&[1.0, 1.0])), "but `tau` has [4]: expected one value per neuron"),
        (set("v_leak", NirArray::new([0], Vec::<f64>::new())), "lif/v_leak: is empty (shape [0])"),
        (
            Box::new(|f| replace(f, "/node/nodes/input/shape", &NirArray::vector(vec![4i64, -1]))),
            "/node/nodes/input/shape: expected sizes above zero, found -1 in [4, -1]",
        ),
        (
            Box::new(|f| replace(f, "/node/nodes/input/shape", &NirArray::vector(vec![i64::MAX, i64::MAX]))),
            "/node/nodes/input/shape: claims the size [9223372036854775807, 9223372036854775807]; at most",
        ),
        (
            Box::new(|f| replace(f, "/node/nodes/input/shape", &NirArray::vector(vec![2.5]))),
            "/node/nodes/input/shape: expected a list of sizes, whole numbers",
        ),
        (
            Box::new(|f| {
                f.unlink("/node/nodes/lif/tau").unwrap();
                f.new_dataset::<f64>().chunk(1024).shape(1 << 44).create("/node/nodes/lif/tau").unwrap();
            }),
            "/node/nodes/lif/tau: claims the shape [17592186044416]",
        ),
    ];
    for (change, expected) in cases {
        let found = spoilt("primitive_graph_metadata.nir", change);
        assert!(found.contains(expected), "expected {expected:?} in\n{found}");
    }
}

#[test]
fn spoilt_weights_are_refused() {
    const FC: &str = "/node/nodes/0";
    for (name, array, expected) in [
        ("weight", NirArray::new([1], vec![1f32]), "/0/weight: expected a matrix, outputs × inputs; found the shape [1]"),
        ("weight", NirArray::new([1, 1], vec![f32::NAN]), "/0/weight: expected a finite number, found NaN"),
        (
            "weight",
            NirArray::new([2, 1], vec![1f32, f32::NEG_INFINITY]),
            "/0/weight: expected a finite number, found -inf at position 1",
        ),
        (
            "bias",
            NirArray::vector(vec![1f32; 3]),
            "/0/bias: expected 1 values, one per output of `weight` ([1, 1]); found the shape [3]",
        ),
    ] {
        let found = spoilt("paper_lif_norse.nir", |file| replace(file, &format!("{FC}/{name}"), &array));
        assert!(found.contains(expected), "expected {expected:?} in\n{found}");
    }
}

#[test]
fn all_complaints_come_at_once() {
    let found = spoilt("primitive_graph_metadata.nir", |file| {
        replace(file, "/node/nodes/lif/tau", &NirArray::vector(vec![-1.0]));
        file.unlink("/node/nodes/lif/r").unwrap();
        replace_edges(file, (2, 2), &["input", "lif", "lif", "gone"]);
        replace_text(file, "/node/nodes/output/type", "Exit");
    });
    assert_eq!(found.matches("error: ").count(), 4, "{found}");
}

#[test]
fn files_that_are_no_nir_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.nir");
    assert!(message(&path).contains("cannot be read"));
    std::fs::write(&path, "[network]\n").unwrap();
    assert!(message(&path).contains("is not an HDF5 file"));
    let whole = std::fs::read(data("digits_snn.nir")).unwrap();
    for part in [0, 7, 100, 2048, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..part]).unwrap();
        assert!(message(&path).contains("HDF5"), "{part} bytes");
    }
}

#[test]
fn remarks_and_claims_that_cannot_be_read_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.nir");
    std::fs::copy(data("primitive_graph_metadata.nir"), &path).unwrap();
    let file = hdf5::File::open_rw(&path).unwrap();
    let mut group = file.group("/node/metadata").unwrap();
    for _ in 0..20 {
        group = group.create_group("deeper").unwrap();
    }
    let texts: Vec<VarLenUnicode> = vec!["a".parse().unwrap(), "b".parse().unwrap()];
    file.new_dataset::<VarLenUnicode>().shape(2).create("/node/metadata/texts").unwrap().write_raw(&texts).unwrap();
    replace(&file, "/version", &NirArray::new([], vec![1.0]));
    replace_text(&file, "/node/nodes/lif/type", "Flatten");
    replace(&file, "/node/nodes/lif/input_type", &NirArray::vector(vec![0i64, 4]));
    file.close().unwrap();
    let graph = nir::read(&path).unwrap();
    assert_eq!((graph.version, graph.notes.len()), (None, 4), "{:?}", graph.notes);
    assert!(graph.metadata.contains_key("created") && !graph.metadata.contains_key("texts"));
}
