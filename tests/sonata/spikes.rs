//! Files of spikes and of reports.

use super::{data, ok, refused};
use spikewatt::format::sonata::{
    Sorting, Spikes, holds_report, holds_spikes, read_report, read_spikes, write_spikes, write_spikes_csv,
};

#[test]
fn every_layout_of_spikes_says_the_same() {
    let read = |name: &str| read_spikes(data("spikes").join(name)).unwrap().remove(0);
    let new = read("spikes.one_pop.h5");
    assert_eq!((new.population.as_deref(), new.times_ms.len(), new.sorting), (Some("v1"), 124, Sorting::by_time));
    assert_eq!((new.times_ms[..3].to_vec(), new.node_ids[..3].to_vec()), (vec![136.6, 136.8, 184.815], vec![0, 1, 12]));
    for name in ["spikes.old.h5", "spikes.h5"] {
        assert_eq!(read(name), Spikes { population: None, ..new.clone() }, "{name}");
    }
    // The table has fewer figures.
    let table = read("spikes.one_pop.csv");
    assert!(table.times_ms.iter().zip(&new.times_ms).all(|(a, b)| (a - b).abs() < 1e-9));
    assert_eq!(table, Spikes { sorting: Sorting::none, times_ms: table.times_ms.clone(), ..new.clone() });
    assert_eq!(read_spikes(data("300_intfire/inputs/lgn_spikes.h5")).unwrap()[0].sorting, Sorting::by_id);
}

#[test]
fn written_spikes_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let spikes = [
        Spikes {
            population: Some("a".into()),
            times_ms: vec![0.1, 0.1 + 0.2, 1e3 / 3.0],
            node_ids: vec![7, 1 << 40, 0],
            ..Spikes::default()
        },
        Spikes { population: Some("b".into()), times_ms: vec![2.0, 1.0], node_ids: vec![1, 2], ..Spikes::default() },
        Spikes { population: Some("c".into()), ..Spikes::default() },
    ];
    let path = folder.path().join("s.h5");
    write_spikes(&path, &spikes).unwrap();
    let back = read_spikes(&path).unwrap();
    let sorted = [Sorting::by_time, Sorting::by_id, Sorting::by_time];
    for ((back, spikes), sorting) in back.iter().zip(&spikes).zip(sorted) {
        assert_eq!(*back, Spikes { sorting, ..spikes.clone() });
    }
    let path = folder.path().join("s.csv");
    write_spikes_csv(&path, &spikes).unwrap();
    // A population without spikes has no row.
    assert_eq!(read_spikes(&path).unwrap(), spikes[..2]);
    std::fs::write(&path, "node_ids,timestamps\n3,1.5\n").unwrap();
    assert_eq!(read_spikes(&path).unwrap()[0].times_ms, [1.5]);
    let twice = [spikes[0].clone(), spikes[0].clone()];
    assert!(write_spikes(folder.path().join("t.h5"), &twice).is_err());
    let odd = [Spikes { population: Some("a b".into()), times_ms: vec![1.0], node_ids: vec![1], ..Spikes::default() }];
    assert!(write_spikes_csv(folder.path().join("t.csv"), &odd).is_err());
}

#[test]
fn a_report_has_its_rows_and_compartments() {
    let path = data("report/membrane_potential_cut.h5");
    let report = read_report(&path).unwrap().remove(0);
    assert_eq!((report.population.as_str(), report.rows, report.columns()), ("cortex", 50, 9));
    assert_eq!(report.time_ms, [0.0, 5.0, 0.1]);
    assert_eq!(report.column(0).next(), Some(-80.062_938_850_388_1));
    assert_eq!((report.columns_of(8), report.columns_of(9)), (Some(8..9), None));
    assert_eq!(report.element_pos, [0.5; 9]);
    assert!(holds_report(&path) && !holds_spikes(&path));

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.h5");
    let file = hdf5::File::create(&path).unwrap();
    let mapping = file.create_group("report/p").unwrap().create_group("mapping").unwrap();
    let put = |name: &str, values: &[f64]| {
        mapping.new_dataset::<f64>().shape([values.len()]).create(name).unwrap().write_raw(values).unwrap();
    };
    // Node 4 has three compartments and node 2 one. Other writers call it `index_pointers`, and leave out its end.
    put("node_ids", &[4.0, 2.0]);
    put("index_pointers", &[0.0, 3.0]);
    put("element_ids", &[0.0, 1.0, 2.0, 0.0]);
    put("time", &[0.0, 2.0, 1.0]);
    let values = [1f32, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
    file.new_dataset::<f32>().shape([2, 4]).create("report/p/data").unwrap().write_raw(&values).unwrap();
    file.close().unwrap();
    let report = read_report(&path).unwrap().remove(0);
    assert_eq!((report.columns_of(4), report.columns_of(2)), (Some(0..3), Some(3..4)));
    assert_eq!(report.column(3).collect::<Vec<_>>(), [4.0, 8.0]);
    assert_eq!(report.element_ids, [0, 1, 2, 0]);
}

#[test]
fn inspect_says_what_such_files_hold() {
    let about = |name: &str| ok(&["inspect", data(name).to_str().unwrap()]).0;
    let text = about("spikes/spikes.old.h5");
    assert!(
        text.contains("124 spikes") && text.contains("(not said)") && text.contains("by time") && text.contains("136.6"),
        "{text}"
    );
    let text = about("300_intfire/output/spikes.h5");
    assert!(text.contains("4322 spikes") && text.contains("v1"), "{text}");
    let text = about("report/membrane_potential_cut.h5");
    assert!(text.contains("cortex") && text.contains("50"), "{text}");
    let text = about("300_intfire/config.json");
    assert!(text.contains("intfire1") && text.contains("61560"), "{text}");
}

#[test]
fn damaged_files_of_spikes_and_reports_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.h5");
    let told = |write: &dyn Fn(&hdf5::File)| {
        let file = hdf5::File::create(&path).unwrap();
        write(&file);
        file.close().unwrap();
        let spikes = read_spikes(&path).err().map(|wrong| wrong.to_string());
        spikes.unwrap_or_else(|| read_report(&path).unwrap_err().to_string())
    };
    let put = |file: &hdf5::File, name: &str, values: &[f64]| {
        file.new_dataset::<f64>().shape([values.len()]).create(name).unwrap().write_raw(values).unwrap();
    };
    let spikes = |file: &hdf5::File, times: &[f64], ids: &[f64]| {
        file.create_group("spikes/p").unwrap();
        put(file, "spikes/p/timestamps", times);
        put(file, "spikes/p/node_ids", ids);
    };
    let text = told(&|file| spikes(file, &[1.0, 2.0], &[1.0]));
    assert!(text.contains("/spikes/p/timestamps: holds 2 times for 1 nodes"), "{text}");
    let text = told(&|file| spikes(file, &[f64::NAN], &[1.0]));
    assert!(text.contains("holds the time NaN"), "{text}");
    let text = told(&|file| spikes(file, &[1.0], &[-1.0]));
    assert!(text.contains("/spikes/p/node_ids: expected numbers from 0"), "{text}");
    let text = told(&|file| spikes(file, &[1.0], &[0.5]));
    assert!(text.contains("expected whole numbers, found 0.5"), "{text}");
    let text = told(&|file| {
        file.create_group("spikes").unwrap();
    });
    assert!(text.contains("/spikes: holds no spikes"), "{text}");
    // A claim of a hundred billion times takes no memory.
    let text = told(&|file| {
        file.create_group("spikes/p").unwrap();
        file.new_dataset::<f64>().shape([100_000_000_000usize]).chunk([1024]).create("spikes/p/timestamps").unwrap();
        put(file, "spikes/p/node_ids", &[1.0]);
    });
    assert!(text.contains("/spikes/p/timestamps: claims the shape"), "{text}");
    let path = folder.path().join("cut.h5");
    let whole = std::fs::read(data("300_intfire/output/spikes.h5")).unwrap();
    for part in [0, 100, 2000, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..part]).unwrap();
        assert!(read_spikes(&path).is_err(), "{part} bytes");
        refused(&["inspect", path.to_str().unwrap()]);
    }
}
