//! Every built-in device file, and what a malformed one is told.

use proptest::prelude::*;
use spikewatt::diagnostic::{Diagnostics, Place};
use spikewatt::energy::{
    Catalogue, DEVICE_FILES, Device, DeviceKind, Figure, FigureName, Grade, Runs, Tag, device, devices, find, parse_all,
};

#[test]
fn every_file_is_read_and_named_after_its_device() {
    assert_eq!(devices().len(), DEVICE_FILES.len());
    assert!(devices().len() >= 45);
    for (one, (file, _)) in devices().iter().zip(DEVICE_FILES) {
        assert_eq!(format!("{}.toml", one.id), *file);
    }
}

#[test]
fn every_file_of_the_folder_is_in_the_list() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/energy/devices");
    let mut on_disk: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").file_name().into_string().expect("plain names"))
        .collect();
    let mut listed: Vec<_> = DEVICE_FILES.iter().map(|(file, _)| (*file).to_owned()).collect();
    on_disk.sort();
    listed.sort();
    assert_eq!(on_disk, listed);
}

/// Figures of one device in a common form.
fn figures(device: &Device) -> Vec<(String, Figure<f64>)> {
    fn plain<T: Copy>(figure: &Figure<T>, value: impl Fn(T) -> f64) -> Figure<f64> {
        Figure {
            low: figure.low.map(&value),
            nominal: value(figure.nominal),
            high: figure.high.map(&value),
            source: figure.source.clone(),
            grade: figure.grade,
            peak: figure.peak,
            note: figure.note.clone(),
        }
    }
    let mut all = Vec::new();
    all.extend(device.energies.iter().map(|(name, f)| (name.to_string(), plain(f, |x| x.0))));
    all.extend(device.powers.iter().map(|(name, f)| (name.to_string(), plain(f, |x| x.0))));
    all.extend(device.times.iter().map(|(name, f)| (name.to_string(), plain(f, |x| x.0))));
    all.extend(device.numbers.iter().map(|(name, f)| (name.to_string(), plain(f, |x| x))));
    all.extend(device.macs.iter().map(|mac| (format!("mac {:?}", mac.precision), plain(&mac.energy, |x| x.0))));
    all.extend(device.acs.iter().map(|ac| (format!("ac {:?}", ac.precision), plain(&ac.energy, |x| x.0))));
    all
}

#[test]
fn every_number_has_a_source_and_a_grade() {
    let mut count = 0;
    for device in devices() {
        let all = figures(device);
        assert!(!all.is_empty(), "{} has no figure", device.id);
        for (name, figure) in all {
            count += 1;
            let source = device.source(&figure.source);
            let source = source.unwrap_or_else(|| panic!("{} {name}: no source {}", device.id, figure.source));
            assert!(!source.text.trim().is_empty(), "{} {name}", device.id);
            assert_eq!(source.tag == Tag::Known, figure.grade == Grade::GeneralKnowledge, "{} {name}: tag and grade", device.id);
            let ends = (figure.low.unwrap_or(figure.nominal), figure.high.unwrap_or(figure.nominal));
            assert!(ends.0 <= figure.nominal && figure.nominal <= ends.1, "{} {name}: {figure:?}", device.id);
            assert!(figure.nominal > 0.0 && ends.1.is_finite(), "{} {name}: {figure:?}", device.id);
        }
        for (what, needs, source) in [
            ("limits", !device.limits.is_empty(), &device.limits_source),
            (
                "year, node, voltage",
                device.year.is_some() || device.node_nm.is_some() || device.voltage_v.is_some(),
                &device.about_source,
            ),
        ] {
            assert!(!needs || source.as_ref().is_some_and(|id| device.source(id).is_some()), "{}: {what}", device.id);
        }
    }
    assert!(count >= 150, "{count}");
}

/// Units are checked when a file is read; this catches a slip of a thousand.
#[test]
fn energies_powers_and_times_are_of_their_size() {
    for device in devices() {
        for (name, figure) in &device.energies {
            // A call of a processor takes milliseconds at watts to tens of watts.
            let size = if *name == FigureName::Launch { 1e-4..1.0 } else { 1e-15..1e-3 };
            assert!(size.contains(&figure.nominal.0), "{} {name}: {}", device.id, figure.nominal);
        }
        for (name, figure) in &device.powers {
            assert!((1e-6..=100.0).contains(&figure.nominal.0), "{} {name}: {}", device.id, figure.nominal);
        }
        for (name, figure) in &device.times {
            let size = match name {
                FigureName::LaunchTime => 1e-5..=1e-2,
                FigureName::MacTime => 1e-12..=1e-9,
                _ => 1e-9..=1e-3,
            };
            assert!(size.contains(&figure.nominal.0), "{} {name}: {}", device.id, figure.nominal);
        }
        for one in device.macs.iter().chain(&device.acs) {
            assert!((1e-15..1e-6).contains(&one.energy.nominal.0), "{}: {}", device.id, one.energy.nominal);
        }
    }
}

#[test]
fn every_kind_of_device_is_there() {
    for kind in DeviceKind::ALL {
        assert!(devices().iter().any(|device| device.kind == *kind), "{kind}");
    }
    for id in [
        "loihi1-table2",
        "loihi1-sanafe",
        "truenorth",
        "spinnaker1",
        "spinnaker2-santos28",
        "dynap-se",
        "xylo-audio2",
        "odin",
        "morphic",
        "reckon",
        "tianjic",
        "darwin3",
        "brainscales2",
        "speck",
        "ubrain",
        "generic-digital-45nm-event",
        "asic-45nm-arith",
        "asic-7nm-arith",
        "mcu-m4-l4r5",
        "mcu-m7-h7a3",
        "mcu-m33-u575",
        "syntiant-ndp9120",
        "max78000",
        "edge-tpu",
        "jetson-tx1",
        "movidius-ncs",
        "cpu-xeon-e5-2630",
        "gpu-quadro-k4000",
        "gpu-a100",
        "gpu-h100",
        "eyeriss",
        "northpole",
        "hailo8",
        "human-brain",
        "cl1",
        "loihi2",
    ] {
        assert!(device(id).is_some(), "{id}");
    }
    let both: Vec<_> = devices().iter().filter(|d| d.runs(Runs::Spiking) && d.runs(Runs::Dense)).map(|d| d.id.as_str()).collect();
    assert_eq!(both, ["tianjic", "asic-45nm-arith", "asic-7nm-arith", "asic-45nm-memory", "asic-7nm-memory"]);
}

#[test]
fn an_unknown_device_is_told_the_known_ones() {
    assert!(device("loihi9").is_none());
    let complaint = find("loihi9").expect_err("there is none").to_string();
    assert!(complaint.contains("`loihi9`") && complaint.contains("loihi1-sanafe"), "{complaint}");
    assert_eq!(find("odin").expect("built in").id, "odin");
}

/// A file in which nothing is wrong.
const GOOD: &str = r#"id = "mine"
name = "My chip"
kind = "neuromorphic"
runs = ["spiking"]
scope = "per-term"
boundary = "chip"
updates = "every-tick"
year = 2030
about_source = "a"
limits_source = "a"

[limits]
neurons = 100

[figure.synaptic_event]
low = "1 pJ"
nominal = "2 pJ"
high = "3 pJ"
source = "a"
grade = "measured-silicon"

[figure.neuron_update]
nominal = "4 pJ"
source = "a"
grade = "derived"

[[mac]]
precision = "int8"
batch = 1
nominal = "5 pJ"
source = "a"
grade = "measured-silicon"

[[sources]]
id = "a"
tag = "S"
text = "A paper"
"#;

/// The complaints about the good file with one text replaced, as (line, message).
fn complaints(from: &str, to: &str) -> Vec<(usize, String)> {
    assert!(GOOD.contains(from), "{from}");
    let text = GOOD.replacen(from, to, 1);
    let complaints = Device::parse(&text, "mine.toml").expect_err(to);
    listed(&complaints)
}

fn listed(complaints: &Diagnostics) -> Vec<(usize, String)> {
    complaints
        .iter()
        .map(|one| {
            assert_eq!(one.file.as_deref(), Some("mine.toml".as_ref()));
            let line = match one.place {
                Place::Line { line, .. } => line,
                _ => 0,
            };
            (line, format!("{} {}", one.message, one.help.clone().unwrap_or_default()))
        })
        .collect()
}

#[test]
fn a_malformed_file_is_told_what_and_where() {
    Device::parse(GOOD, "mine.toml").expect("nothing is wrong with it");
    for (from, to, line, words) in [
        ("year = 2030", "yeer = 2030", 8, "unknown key `yeer`"),
        ("neurons = 100", "neurones = 100", 13, "unknown limit `neurones`"),
        ("neurons = 100", "neurons = -1", 13, "whole number"),
        ("[figure.synaptic_event]", "[figure.synaptic_evnt]", 15, "unknown figure `synaptic_evnt`"),
        ("\"2 pJ\"", "\"2 mW\"", 17, "expected an energy, found a power"),
        ("\"2 pJ\"", "2.0", 17, "bare number"),
        ("\"2 pJ\"", "true", 17, "expects an energy"),
        ("\"2 pJ\"", "\"-2 pJ\"", 17, "negative"),
        ("low = \"1 pJ\"", "low = \"2.5 pJ\"", 16, "`low` is above `nominal`"),
        ("high = \"3 pJ\"", "high = \"1.5 pJ\"", 17, "`nominal` is above `high`"),
        ("nominal = \"4 pJ\"", "note = \"no value\"", 22, "`nominal` is missing in figure `neuron_update`"),
        ("source = \"a\"\ngrade = \"derived\"", "grade = \"derived\"", 22, "`source` is missing in figure `neuron_update`"),
        ("grade = \"derived\"", "", 22, "`grade` is missing in figure `neuron_update`"),
        ("grade = \"derived\"", "grade = \"guessed\"", 25, "unknown grade `guessed`"),
        ("source = \"a\"\ngrade = \"derived\"", "source = \"b\"\ngrade = \"derived\"", 24, "unknown source `b`"),
        ("limits_source = \"a\"\n", "", 1, "`limits_source` is missing"),
        ("about_source = \"a\"\n", "", 1, "`about_source` is missing"),
        ("kind = \"neuromorphic\"", "kind = \"quantum\"", 3, "unknown kind `quantum`"),
        ("kind = \"neuromorphic\"\n", "", 1, "`kind` is missing"),
        ("runs = [\"spiking\"]", "runs = [\"fast\"]", 4, "unknown runs `fast`"),
        ("runs = [\"spiking\"]", "runs = [\"spiking\", \"spiking\"]", 4, "stands twice"),
        ("runs = [\"spiking\"]", "runs = \"spiking\"", 4, "list of texts"),
        ("scope = \"per-term\"\n", "", 1, "`scope` is missing"),
        ("updates = \"every-tick\"\n", "", 1, "`updates` is missing"),
        ("id = \"mine\"", "id = \"My Chip\"", 1, "no device id"),
        ("batch = 1", "batch = 0", 29, "at least 1"),
        ("batch = 1", "batch = \"one\"", 29, "whole number"),
        (
            "[[mac]]",
            "[[mac]]\nprecision = \"int8\"\nbatch = 1\nnominal = \"5 pJ\"\nsource = \"a\"\ngrade = \"derived\"\n[[mac]]",
            33,
            "stands above",
        ),
        ("tag = \"S\"", "tag = \"X\"", 36, "unknown tag `X`"),
        ("tag = \"S\"", "tag = \"K\"", 19, "tag K"),
        ("text = \"A paper\"", "text = \"\"", 37, "text in quotes"),
        (
            "text = \"A paper\"\n",
            "text = \"A paper\"\n[[sources]]\nid = \"a\"\ntag = \"S\"\ntext = \"B\"\n",
            39,
            "declared twice",
        ),
        ("year = 2030", "year = 2030\nyear = 2031", 9, "duplicate key"),
        ("name = \"My chip\"", "name = \"My chip", 2, "string"),
    ] {
        let all = complaints(from, to);
        assert!(all.iter().any(|(at, text)| *at == line && text.contains(words)), "{to:?} on line {line}, {words:?}: {all:#?}");
    }
}

#[test]
fn all_complaints_come_at_once() {
    let text = GOOD
        .replace("kind = \"neuromorphic\"", "kind = \"quantum\"")
        .replace("\"2 pJ\"", "\"2 mW\"")
        .replace("grade = \"derived\"", "grade = \"guessed\"")
        .replace("neurons = 100", "neurones = 100");
    let complaints = Device::parse(&text, "mine.toml").expect_err("four things are wrong");
    assert_eq!(listed(&complaints).len(), 4, "{complaints}");
}

#[test]
fn a_device_stands_once_in_a_catalogue() {
    let error = parse_all(&[("a.toml", GOOD), ("b.toml", GOOD)]).expect_err("one id twice").to_string();
    assert!(error.contains("b.toml") && error.contains("`mine` is declared twice"), "{error}");
}

#[test]
fn a_published_interval_is_kept_as_it_stands() {
    let loihi = device("loihi1-sanafe").expect("built in");
    let event = loihi.energy(FigureName::SynapticEvent).expect("it has one");
    assert_eq!((event.low.map(|x| x.0), event.nominal.0, event.high.map(|x| x.0)), (Some(24e-12), 35.5e-12, Some(35.5e-12)));
    assert_eq!(event.grade, Grade::MeasuredSilicon);
    assert!(loihi.energy(FigureName::NeuronUpdate).expect("it has one").low.is_none(), "no end that was not published");
}

proptest! {
    /// Cutting a good file, or writing anything into it, gives a device or complaints, never a panic.
    #[test]
    fn no_text_makes_the_reader_panic(from in 0..600_usize, length in 0..200_usize, junk in "\\PC{0,12}") {
        let (start, end) = (from.min(GOOD.len()), (from + length).min(GOOD.len()));
        let text = format!("{}{junk}{}", &GOOD[..start], &GOOD[end..]);
        if let Err(complaints) = Device::parse(&text, "mine.toml") {
            prop_assert!(!complaints.is_empty());
        }
        let _ = Device::parse(&junk, "mine.toml");
    }
}

/// A folder with device files of these names and texts.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

fn text_of(id: &str) -> &'static str {
    let name = format!("{id}.toml");
    DEVICE_FILES.iter().find(|(file, _)| *file == name).expect("built in").1
}

#[test]
fn devices_of_a_folder_join_the_built_in_ones_or_take_their_place() {
    let mine = text_of("odin").replace("id = \"odin\"", "id = \"my-chip\"");
    let other = text_of("loihi1-sanafe").replace("96.3 mW", "50 mW");
    let folder = folder(&[("mine.toml", &mine), ("loihi.toml", &other), ("notes.txt", "no device")]);
    let catalogue = Catalogue::with_dir(folder.path()).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert_eq!(catalogue.devices().len(), devices().len() + 1);
    assert_eq!(catalogue.added(), ["loihi1-sanafe", "my-chip"]);
    let static_power = |device: &Device| device.power(FigureName::StaticPower).expect("it has one").nominal.0;
    assert_eq!(static_power(catalogue.find("loihi1-sanafe").expect("it is there")), 0.05);
    assert_eq!(static_power(device("loihi1-sanafe").expect("built in")), 0.0963, "the built-in one stays as it is");
    assert!(catalogue.find("my-chip").is_ok() && find("my-chip").is_err());
    let place = |id: &str, devices: &[Device]| devices.iter().position(|device| device.id == id);
    assert_eq!(place("loihi1-sanafe", catalogue.devices()), place("loihi1-sanafe", devices()), "its place in the list");
}

#[test]
fn all_that_is_wrong_with_a_folder_is_told_at_once_with_file_and_line() {
    let uncited = text_of("odin").replace("\nsource = \"frenkel-2019\"", "");
    let folder =
        folder(&[("a.toml", &uncited), ("b.toml", "id = 3"), ("c.toml", text_of("reckon")), ("d.toml", text_of("reckon"))]);
    let wrong = Catalogue::with_dir(folder.path()).expect_err("three files are bad").to_string();
    for part in ["a.toml", "`source` is missing", "b.toml", "declared twice", "d.toml"] {
        assert!(wrong.contains(part), "{part}: {wrong}");
    }
    let places = Catalogue::with_dir(folder.path()).expect_err("as before");
    assert!(places.iter().any(|one| matches!(one.place, Place::Line { line, .. } if line > 20)), "lines are told");
    let none = tempfile::tempdir().expect("a folder");
    assert!(Catalogue::with_dir(none.path()).expect_err("it is empty").to_string().contains("no .toml file"));
    assert!(
        Catalogue::with_dir(&none.path().join("nowhere")).expect_err("it is not there").to_string().contains("cannot be read")
    );
    std::fs::write(none.path().join("long.toml"), vec![b'#'; (1 << 20) + 1]).expect("a file");
    assert!(Catalogue::with_dir(none.path()).expect_err("it is too long").to_string().contains("longer than 1 MiB"));
}
