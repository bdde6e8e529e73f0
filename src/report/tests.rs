use super::{examples, *};
use proptest::prelude::*;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

fn text(report: &Report, width: usize) -> String {
    render(report, &TextOptions { width, colour: false })
}

fn value(report: &Report) -> Value {
    serde_json::from_str(&to_json(report).expect("finite numbers")).expect("JSON")
}

fn schema() -> Value {
    serde_json::from_str(SCHEMA).expect("the schema is JSON")
}

#[test]
fn examples_are_valid_and_come_back() {
    let schema = jsonschema::draft202012::new(&schema()).expect("a schema of draft 2020-12");
    for report in [examples::comparison(), examples::plain_run()] {
        let json = value(&report);
        let complaints: Vec<_> = schema.iter_errors(&json).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(complaints, [""; 0]);
        assert_eq!(from_json(&to_json(&report).expect("finite numbers")), Ok(report));
    }
}

#[test]
fn wrong_reports_are_not_valid() {
    let schema = jsonschema::draft202012::new(&schema()).expect("a schema of draft 2020-12");
    let good = value(&examples::comparison());
    type Damage = fn(&mut Value);
    let damages: &[(&str, Damage)] = &[
        ("a missing part", |report| drop(report.as_object_mut().and_then(|parts| parts.remove("counts")))),
        ("a renamed key", |report| {
            let spikes = report["counts"]["total"].as_object_mut().and_then(|total| total.remove("spikes"));
            report["counts"]["total"]["spike_count"] = spikes.unwrap_or_default();
        }),
        ("a negative count", |report| report["counts"]["total"]["spikes"] = json!(-1)),
        ("a count with a fraction", |report| report["dense"]["macs"] = json!(1.5)),
        ("a share above 1", |report| report["task"]["accuracy"] = json!(92.5)),
        ("a number that is none", |report| report["run"]["run_wall_s"] = Value::Null),
        ("a part that is null and not absent", |report| report["verdict"] = Value::Null),
        ("a negative energy", |report| report["energy"][0]["energy_per_sample_j"]["low"] = json!(-1e-6)),
        ("an energy without its interval", |report| report["energy"][0]["energy_per_sample_j"] = json!(1e-6)),
        ("an unknown winner", |report| report["verdict"]["winner"] = json!("snn")),
        ("a hash that is none", |report| report["network"]["sha256"] = json!("")),
        ("another version", |report| report["schema"] = json!("spikewatt.report/2")),
    ];
    for (what, damage) in damages {
        let mut report = good.clone();
        damage(&mut report);
        assert_ne!(report, good, "{what}: the test must change something");
        assert!(!schema.is_valid(&report), "{what} was accepted");
    }
    let mut more = good;
    more["counts"]["plastic_updates"] = json!(0);
    assert!(schema.is_valid(&more), "keys may be added");
}

/// The example with every part must have every key of the schema, and the schema every key of the example.
#[test]
fn the_schema_describes_every_key() {
    fn walk(value: &Value, at: &Value, schema: &Value, path: &str, complaints: &mut Vec<String>) {
        let at = match at["$ref"].as_str() {
            Some(name) => schema.pointer(name.trim_start_matches('#')).unwrap_or(&Value::Null),
            None => at,
        };
        match value {
            Value::Object(entries) => {
                for (key, value) in entries {
                    let property = &at["properties"][key];
                    let described = property["$ref"].is_string() || property["description"].is_string();
                    if !described {
                        complaints.push(format!("{path}.{key} has no description"));
                    }
                    walk(value, property, schema, &format!("{path}.{key}"), complaints);
                }
            }
            Value::Array(items) => {
                for item in items {
                    walk(item, &at["items"], schema, &format!("{path}[]"), complaints);
                }
            }
            _ => {}
        }
    }
    fn keys(at: &Value, found: &mut std::collections::BTreeSet<String>) {
        match at {
            Value::Object(entries) => {
                for (key, value) in entries {
                    found.insert(key.clone());
                    keys(value, found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
            _ => {}
        }
    }
    fn properties(at: &Value, found: &mut std::collections::BTreeSet<String>) {
        if let Value::Object(entries) = at {
            for (key, value) in entries {
                if key == "properties" {
                    found.extend(value.as_object().into_iter().flatten().map(|(key, _)| key.clone()));
                }
                properties(value, found);
            }
        }
    }
    let (schema, mut report) = (schema(), examples::comparison());
    report.run.partial = true;
    let json = value(&report);
    let mut complaints = vec![];
    walk(&json, &schema, &schema, "report", &mut complaints);
    assert_eq!(complaints, [""; 0]);
    let (mut written, mut described) = Default::default();
    keys(&json, &mut written);
    properties(&schema, &mut described);
    assert_eq!(described.difference(&written).collect::<Vec<_>>(), [""; 0], "described, never written");
}

#[test]
fn numbers_that_json_cannot_hold_are_all_named() {
    let mut report = examples::comparison();
    report.run.run_wall_s = f64::NAN;
    report.counts.populations[1].rate_hz = f64::INFINITY;
    let complaints = to_json(&report).expect_err("two numbers are not finite");
    let places: Vec<_> = complaints.iter().map(|complaint| complaint.place.clone()).collect();
    use crate::diagnostic::Place::Path;
    assert_eq!(places, [Path("run.run_wall_s".into()), Path("counts.populations[1].rate_hz".into())]);
    let folder = tempfile::tempdir().expect("a folder");
    write_json(&report, &folder.path().join("report.json")).expect_err("nothing to write");
    assert_eq!(std::fs::read_dir(folder.path()).expect("it is there").count(), 0);
}

#[test]
fn json_is_for_people_too_and_parts_that_do_not_apply_are_absent() {
    let json = to_json(&examples::plain_run()).expect("finite numbers");
    assert!(json.starts_with("{\n  \"schema\": \"spikewatt.report/1\",\n  \"network\": {\n    \"name\""), "{json}");
    for absent in ["null", "partial", "task", "neurobench\"", "\"dense\"", "energy", "verdict", "sha256", "semantics"] {
        assert!(!json.contains(absent), "{absent} is in {json}");
    }
    let compare = to_json(&examples::comparison()).expect("finite numbers");
    assert!(compare.contains("\"predictions\": [1,7,4,"), "a list of numbers stays on its line");
}

#[test]
fn what_is_no_report_is_named_with_its_place() {
    let complaint = from_json("{\n  \"schema\": 1\n}").expect_err("a number is no name").to_string();
    assert!(complaint.contains("expected a report") && complaint.contains("2 |   \"schema\": 1"), "{complaint}");
    let mut other = value(&examples::plain_run());
    other["schema"] = json!("spikewatt.report/9");
    let complaint = from_json(&other.to_string()).expect_err("another version").to_string();
    assert!(complaint.contains("spikewatt.report/9") && complaint.contains("help"), "{complaint}");
    other["schema"] = json!(SCHEMA_ID);
    other["a_new_key"] = json!(1);
    assert_eq!(from_json(&other.to_string()), Ok(examples::plain_run()));
}

#[test]
fn the_text_is_as_agreed() {
    for (name, report) in [("compare", examples::comparison()), ("run", examples::plain_run())] {
        for width in [100, 80] {
            insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(format!("{name}_{width}"), text(&report, width));
            });
        }
    }
}

#[test]
fn lines_fit_the_page() {
    for report in [examples::comparison(), examples::plain_run()] {
        for width in 60..200 {
            for line in text(&report, width).lines() {
                assert!(line.width() <= width, "{} columns on a page of {width}: {line}", line.width());
                assert_eq!(line, line.trim_end(), "spaces at the end");
            }
        }
    }
}

#[test]
fn the_first_line_is_the_verdict_and_colour_changes_no_letter() {
    let report = examples::comparison();
    let plain = text(&report, 80);
    assert!(plain.starts_with("Dense wins: the spiking network takes"), "{plain}");
    let coloured = render(&report, &TextOptions { width: 80, colour: true });
    assert!(coloured.starts_with("\x1b[1;33mDense wins"), "{coloured}");
    let mut stripped = coloured;
    for code in ["1;33", "1", "2", "0"] {
        stripped = stripped.replace(&format!("\x1b[{code}m"), "");
    }
    assert_eq!(stripped, plain);
}

#[test]
fn devices_stand_in_order_of_energy_and_those_that_do_not_fit_last() {
    let text = text(&examples::comparison(), 100);
    let places: Vec<_> = ["\nxylo-a2", "\nloihi1", "\nspinnaker1-board", "\ntruenorth", "\nstm32l4", "\njetson-nano"]
        .map(|device| text.find(device).expect(device))
        .into();
    assert!(places.is_sorted(), "{places:?}");
    assert!(text.contains("the network does not fit: weights have 32 bits"));
}

#[test]
fn a_network_of_many_populations_does_not_flood_the_terminal() {
    let mut report = examples::plain_run();
    let one = report.counts.populations[0].clone();
    report.counts.populations = (0..60).map(|index| PopulationCountsEntry { name: format!("p{index}"), ..one.clone() }).collect();
    let text = text(&report, 100);
    assert!(text.contains("\np47 ") && !text.contains("\np48 ") && text.contains("12 more are in the JSON report"), "{text}");
    assert!(text.contains("\nall "), "the sum is of all");
}

#[test]
fn an_interrupted_run_says_so() {
    let mut report = examples::plain_run();
    report.run.partial = true;
    assert!(text(&report, 100).starts_with("Interrupted"), "before anything else");
}

/// Any text, with what could trouble a terminal or a table.
fn names() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{0,8}", "\\PC{0,40}", ".{0,20}", Just("\x1b[2J\n\t\u{202e}日本語".to_owned())]
}

/// A report like an example, with any text and any number in its places.
pub(super) fn reports() -> impl Strategy<Value = Report> {
    let texts = prop::collection::vec(names(), 1..6);
    let counts = prop::collection::vec(prop_oneof![Just(0), Just(1), Just(u64::MAX), any::<u64>()], 1..6);
    let floats = prop::collection::vec(
        prop_oneof![Just(0.0), Just(f64::MAX), Just(5e-324), Just(f64::NAN), Just(f64::INFINITY), any::<f64>()],
        1..6,
    );
    let sparse = prop::collection::vec(any::<bool>(), 8);
    (any::<bool>(), texts, counts, floats, sparse).prop_map(|(compare, texts, counts, floats, sparse)| {
        let report = if compare { examples::comparison() } else { examples::plain_run() };
        let mut json = serde_json::to_value(&report).expect("JSON");
        let mut turn = 0;
        scramble(&mut json, &texts, &counts, &sparse, &mut turn);
        let mut report: Report = serde_json::from_value(json).expect("only texts, counts and lengths were changed");
        let mut floats = floats.iter().copied().cycle();
        let mut next = || floats.next().unwrap_or(0.0);
        (report.run.duration_s, report.run.run_wall_s, report.run.build_wall_s) = (next(), next(), next());
        for population in &mut report.counts.populations {
            (population.rate_hz, population.spikes_per_sample) = (next(), next());
        }
        for entry in &mut report.energy {
            entry.energy_per_sample_j = Some(Range { low: next(), nominal: next(), high: next() });
            entry.latency_s = Some(next());
            entry.terms.iter_mut().for_each(|term| term.nominal_j = next());
            entry.layers.iter_mut().for_each(|layer| layer.nominal_j = next());
        }
        if let Some(verdict) = &mut report.verdict {
            verdict.measured = Some(next());
            verdict.criteria.iter_mut().for_each(|criterion| criterion.high = next());
            for curve in &mut verdict.curves {
                (curve.here.low, curve.here.nominal, curve.crossing.high) = (next(), next(), Some(next()));
                curve.points.iter_mut().for_each(|point| (point.spikes_per_synapse, point.high) = (next(), next()));
            }
        }
        if let Some(task) = &mut report.task {
            task.accuracy = Some(next());
        }
        if let Some(figures) = &mut report.neurobench {
            (figures.membrane_updates, figures.activation_sparsity) = (next(), next());
        }
        report
    })
}

/// Replaces texts and counts in turn, and empties some lists.
fn scramble(json: &mut Value, texts: &[String], counts: &[u64], empty: &[bool], turn: &mut usize) {
    *turn += 1;
    let at = *turn;
    match json {
        Value::String(text) if !["neuromorphic", "spiking", "dense", "chip", "board"].contains(&text.as_str()) => {
            text.clone_from(&texts[at % texts.len()]);
        }
        Value::Number(number) if number.is_u64() && number.as_u64() > Some(32) => *number = counts[at % counts.len()].into(),
        Value::Array(items) => {
            if empty[at % empty.len()] || items.first().is_some_and(Value::is_number) {
                items.clear();
            }
            items.iter_mut().for_each(|item| scramble(item, texts, counts, empty, turn));
        }
        Value::Object(entries) => entries.values_mut().for_each(|item| scramble(item, texts, counts, empty, turn)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn no_report_breaks_the_terminal(report in reports(), width in 20_usize..200) {
        let text = text(&report, width);
        prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
        prop_assert!(!text.contains('\u{202e}'), "a name turns the writing direction");
        let _ = render(&report, &TextOptions { width, colour: true });
        let _ = to_json(&report);
    }
}
