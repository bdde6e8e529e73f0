//! Single neurons held to NEST 3.10, as `spikewatt verify nest` does it: `src/study/verify/nest.rs` says how, `src/study/verify/data` holds the
//! stored runs.

use spikewatt::study::Quiet;
use spikewatt::study::verify::{VerifySettings, select};

#[test]
fn single_neurons_are_those_of_nest() {
    let results: Vec<_> =
        select(&["nest".into()]).expect("there").iter().map(|case| case.verify(&VerifySettings::default(), &Quiet)).collect();
    let missed: Vec<_> = results.iter().filter(|result| !result.passed()).collect();
    assert!(missed.is_empty(), "{missed:#?}");
    // Every file that is stored is a case.
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/study/verify/data/nest");
    let mut stored: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .filter_map(|entry| {
            let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
            name.strip_suffix(".json").map(|name| format!("nest/{name}"))
        })
        .collect();
    stored.sort();
    let mut checked: Vec<_> = results.into_iter().map(|result| result.case).collect();
    checked.sort();
    assert_eq!(checked, stored);
}
