//! Networks of the textbook held to runs of the same networks in NEST, Brian2 and GeNN, as `spikewatt verify statistics --full` does it:
//! `src/study/verify/statistics.rs` says how, `src/study/verify/data` holds the stored runs.

use spikewatt::study::Quiet;
use spikewatt::study::verify::{VerifySettings, select};

fn check(network: &str) {
    let settings = VerifySettings { full: true, ..VerifySettings::default() };
    let cases = select(&[format!("statistics/{network}")]).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert_eq!(cases.len(), 1, "{network}");
    let result = cases[0].verify(&settings, &Quiet);
    assert!(result.passed(), "{result:#?}");
    assert!(result.findings.iter().all(|finding| finding.compared == 10), "all figures, of the stored window: {result:#?}");
}

#[test]
fn brunel_s_network_is_that_of_nest_and_genn() {
    check("brunel");
}

#[test]
fn cuba_is_that_of_nest_and_brian() {
    check("cuba");
}

#[test]
fn coba_is_that_of_nest_and_brian() {
    check("coba");
}

#[test]
fn a_tenth_of_the_microcircuit_is_that_of_nest_and_genn() {
    check("microcircuit-0.1");
}
