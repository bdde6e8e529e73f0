//! `spikewatt compare --html`: the page beside the other outputs.

use std::path::Path;
use std::process::{Command, Output};

const COMPARE: &[&str] =
    &["compare", "networks/digits.nir", "--input", "datasets/digits.h5", "--dense", "networks/digits-mlp.onnx"];

fn compare(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_spikewatt"))
        .args([COMPARE, arguments].concat())
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .expect("the program starts")
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn a_comparison_is_written_as_a_page_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.html");
    let name = path.display().to_string();
    let output = compare(&["--html", &name, "--json", "-"]);
    assert!(output.status.success(), "{}", text(output.stderr));
    let report = spikewatt::report::from_json(&text(output.stdout)).expect("JSON and nothing else");
    let html = std::fs::read_to_string(&path).expect("a page");
    assert_eq!(html, spikewatt::report::to_html(&report), "the page is a view of the report");
    assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"en-GB\">") && html.ends_with("</html>\n"));
    for entry in &report.energy {
        assert!(html.contains(&format!("<code>{}</code>", entry.device)), "{} is missing", entry.device);
    }
    let hashes = [&report.network.sha256, &report.run.input_sha256, &report.run.dense_sha256];
    assert!(hashes.iter().all(|hash| hash.as_ref().is_some_and(|hash| html.contains(hash.as_str()))), "what ran is identified");
    assert!(!html.contains("<script") && !html.contains(" src=") && !html.contains("url("), "nothing is fetched");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left beside");

    let output = compare(&["--html", &name, "--device", "truenorth,mcu-m4-l4r5"]);
    assert!(output.status.success() && text(output.stdout).contains("ENERGY"), "the text is printed as ever");
}

#[test]
fn a_page_that_cannot_be_written_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let lost = folder.path().join("no/such/folder/report.html").display().to_string();
    for (path, said) in [(lost.as_str(), "cannot be written"), ("-", "--html report.html")] {
        let output = compare(&["--html", path]);
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty(), "nothing goes to standard output");
        let stderr = text(output.stderr);
        assert!(stderr.contains(said), "{stderr}");
    }
}
