use super::nest::Neuron;
use super::*;
use crate::study::Quiet;

#[test]
fn a_falsified_run_is_a_miss_with_its_place() {
    let facts = include_str!("data/nest/exp_01_const.json");
    let trace = include_str!("data/nest/exp_01_const.csv");
    let good = Neuron::read(facts, trace).expect("a stored run");
    let findings = good.check(1e-9).expect("it runs");
    assert!(findings.iter().all(|f| f.passed && f.worst < 1e-12 && f.compared > 10), "{findings:?}");

    // A spike one step late: one that is missing and one too many.
    let mut late = good.clone();
    late.spike_times[2] += 0.1;
    let findings = late.check(1e-9).expect("it runs");
    assert_eq!((findings[0].passed, findings[0].worst, findings[1].passed), (false, 2.0, true), "{findings:?}");
    assert!(findings[0].place.contains("should not be"), "{findings:?}");
    late.spike_times.remove(2);
    assert_eq!(late.check(1e-9).expect("it runs")[0].worst, 1.0);

    // A membrane off by a millionth, at one step.
    let mut moved = good.clone();
    moved.rows[700][1] *= 1.0 + 1e-6;
    let findings = moved.check(1e-9).expect("it runs");
    assert!(findings[0].passed && !findings[1].passed && findings[1].place.contains("v at step 701"), "{findings:?}");
    assert!((findings[1].worst / 1e-6 - 1.0).abs() < 1e-3, "{findings:?}");

    let report =
        |findings| VerifyReport::new(vec![CaseResult { case: "nest/one".into(), against: "NEST".into(), wall_s: 0.0, findings }]);
    assert!(!report(findings).passed && report(good.check(1e-9).expect("it runs")).passed);
    // One that compares nothing shows nothing.
    let mut empty = good;
    empty.rows.clear();
    assert!(!empty.check(1e-9).expect("it runs")[1].passed);
}

#[test]
fn a_case_that_cannot_be_run_is_a_miss() {
    let broken = Case::new("nest", "broken", "", "", |_, _| Neuron::read("{}", "").and_then(|neuron| neuron.check(1.0)));
    let result = broken.verify(&VerifySettings::default(), &Quiet);
    assert!(!result.passed() && result.findings[0].place.contains("missing field"), "{result:?}");
}

#[test]
fn what_is_no_number_is_a_miss() {
    let mut finding = Finding::new("v", "mV", 1.0);
    finding.note(0.5, || "first".into());
    assert!(finding.passed);
    finding.note(f64::NAN, || "second".into());
    finding.note(0.7, || "third".into());
    assert!(!finding.passed && finding.worst.is_nan() && finding.place == "second" && finding.compared == 3, "{finding:?}");
}

#[test]
fn names_select_oracles_and_parts_of_them() {
    let names = |selection: &[&str]| -> Vec<&str> {
        let selection: Vec<String> = selection.iter().map(|s| (*s).to_owned()).collect();
        select(&selection).expect("there").iter().map(|case| case.name).collect()
    };
    assert_eq!(names(&["nest/cond"]), ["cond_01_const", "cond_02_coba_spikes"]);
    assert_eq!(names(&["nest/exp_01_const", "nest/exp"]).len(), 5, "each once");
    assert_eq!(names(&[]).len(), names(&["statistics", "agreement", "closed-form", "nest"]).len(), "all where nothing is named");
    let wrong = select(&["nets".into(), "nest/exp_1_const".into()]).expect_err("neither is there").to_string();
    assert!(wrong.contains("did you mean `nest`?") && wrong.contains("did you mean `nest/exp_01_const`?"), "{wrong}");
}
