//! `spikewatt verify --report`: a run repeated from its report.

use super::progress::Bar;
use super::run::{How, Opened};
use super::{Ending, output};
use spikewatt::dense::twin_of;
use spikewatt::diagnostic::{Diagnostic, Diagnostics, Result};
use spikewatt::format::open_dense;
use spikewatt::report::{Report, from_json};
use spikewatt::study::{Plan, Repeated, dense_result, held_to, report, run_again, sha256_of_file};
use std::path::{Path, PathBuf};

/// Repeats the run of a report, tells what differs, and gives whether all is the same.
pub(super) fn replay(path: &Path, threads: Option<u16>, json: Option<&Path>, quiet: bool) -> Result<Ending> {
    let first = read(path)?;
    let (found, ran) = repeat(path, &first, threads, quiet)?;
    let same = found.iter().all(|one| one.same);
    if let Some(json) = json {
        let value = serde_json::json!({
            "schema": "spikewatt.replay/1", "report": path.display().to_string(), "same": same, "repeated": ran, "held": found,
        });
        let text = serde_json::to_string_pretty(&value).map(|text| text + "\n");
        let text = text.map_err(|error| Diagnostic::new(format!("the result is no JSON: {error}")))?;
        if json == Path::new("-") {
            output::print(&text)?;
        } else {
            spikewatt::whole_file::write_whole(json, |beside| std::fs::write(beside, &text).map_err(|error| error.to_string()))?;
        }
    }
    if !quiet && json != Some(Path::new("-")) {
        output::print(&told(&first, &found, ran, same))?;
    }
    Ok(if same { Ending::Whole } else { Ending::Missed })
}

/// The report of a file, as JSON by itself.
fn read(path: &Path) -> Result<Report> {
    let text = std::fs::read_to_string(path).map_err(|error| Diagnostic::new(format!("cannot be read: {error}")).file(path))?;
    from_json(&text).map_err(|wrong| wrong.in_file(path))
}

/// What was held together, and whether the network ran again.
fn repeat(path: &Path, first: &Report, threads: Option<u16>, quiet: bool) -> Result<(Vec<Repeated>, bool)> {
    let lacks = |message: &str, help: &str| Err(Diagnostic::new(message).file(path).help(help).into());
    let Some(choices) = &first.run.replay else {
        return lacks("the report does not say what was chosen for its run", "write it with run or compare and --json");
    };
    if first.run.partial {
        return lacks("the run of the report was interrupted, and a repeated one would go on", "run it again to its end");
    }
    if first.run.spikes_sha256.is_none() {
        return lacks("the report holds no digest of its spikes", "write it with run or compare and --json");
    }
    let mut wrong = Diagnostics::new();
    let network = wrong.take(there(path, &choices.network));
    let input = first.run.input.as_ref().map(|input| wrong.take(there(path, input)));
    let named = choices.dense.as_deref().filter(|dense| *dense != "auto");
    let dense_file = named.map(|dense| wrong.take(there(path, dense)));
    let (Some(network), true) = (network, wrong.is_empty()) else { return Err(wrong) };
    let (input, dense_file) = (input.flatten(), dense_file.flatten());

    let hash = |reported: &Option<String>| reported.clone().unwrap_or_else(|| "none".into());
    let mut found = vec![Repeated::new("network file", hash(&first.network.sha256), sha256_of_file(&network)?)];
    if let Some(input) = &input {
        found.push(Repeated::new("input file", hash(&first.run.input_sha256), sha256_of_file(input)?));
    }
    if let Some(dense) = &dense_file {
        found.push(Repeated::new("dense network's file", hash(&first.run.dense_sha256), sha256_of_file(dense)?));
    }
    if !found.iter().all(|file| file.same) {
        return Ok((found, false));
    }
    let how = How::of_replay(choices, input, first.run.seed, threads).map_err(|wrong| wrong.in_file(path))?;
    let Opened { network: opened, dataset, provenance } = how.open(&network)?;
    let in_file = |wrong: Diagnostics| wrong.in_file(&network);
    let plan = Plan::new(&opened, dataset.as_ref(), &how.settings()).map_err(in_file)?;
    let outcome = run_again(&opened, dataset.as_ref(), &plan, &Bar::new(quiet)).map_err(in_file)?;
    let dense = match (&choices.dense, &dataset) {
        (Some(_), Some(dataset)) => {
            let network = match &dense_file {
                Some(file) => open_dense(file)?,
                None => twin_of(&opened).map_err(in_file)?,
            };
            Some(dense_result(network, dataset, &plan)?)
        }
        _ => None,
    };
    let again = report(&opened, dataset.as_ref(), &plan, &outcome, None, None, &provenance);
    found.extend(held_to(first, &again, &outcome, dense.as_ref()));
    Ok((found, true))
}

/// A file that a report names: from here as it was given, or beside the report.
fn there(report: &Path, named: &str) -> Result<PathBuf> {
    let here = PathBuf::from(named);
    let beside = report.parent().map(|folder| folder.join(named));
    let found = std::iter::once(here).chain(beside).find(|path| path.is_file());
    found.ok_or_else(|| {
        let help = "repeat the run in the folder in which it was made, or put the report beside the files that it names";
        Diagnostic::new(format!("the file `{named}` that it names is not there")).file(report).help(help).into()
    })
}

fn told(first: &Report, found: &[Repeated], ran: bool, same: bool) -> String {
    let name = &first.network.name;
    let mut text = match (same, ran) {
        (true, _) => format!("{name}: same spikes. The run was repeated, and all that was held together is the same:\n"),
        (false, true) => format!("{name}: NOT the same. The run was repeated:\n"),
        (false, false) => {
            format!("{name}: NOT the same. Files are others than those of the report, so the run was not repeated:\n")
        }
    };
    for one in found {
        text += &match one.same {
            true => format!("  same   {}: {}\n", one.what, one.found),
            false => format!("  OTHER  {}: the report says {}, found {}\n", one.what, one.reported, one.found),
        };
    }
    let here = env!("CARGO_PKG_VERSION");
    if let Some(version) = first.run.version.as_deref().filter(|version| *version != here) {
        text += &format!("The report was written by version {version}, this is {here}.\n");
    }
    text + "Prices were not made again: they follow from the counts and the device files.\n"
}
