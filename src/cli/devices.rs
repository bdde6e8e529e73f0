//! `spikewatt devices`.

use super::output;
use spikewatt::diagnostic::Result;
use spikewatt::energy::{Catalogue, Device, DevicePage, Grade};
use std::fmt::Write;
use std::path::PathBuf;

/// List the devices that networks can be priced on, or show one with all its figures and their sources.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  spikewatt devices\n  spikewatt devices loihi1-sanafe\n  spikewatt devices truenorth --json -"
)]
pub(super) struct Args {
    /// The device
    id: Option<String>,
    #[command(flatten)]
    own: OwnDevices,
    /// Write the device, or all of them, as JSON; `-` for standard output
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Devices of one's own: shared by the commands that know devices.
#[derive(Debug, clap::Args)]
pub(super) struct OwnDevices {
    /// A folder of device files to add to the built-in ones; one with the id of a built-in device takes its place
    #[arg(long, value_name = "DIR")]
    devices: Option<PathBuf>,
}

impl OwnDevices {
    /// The built-in devices and one's own.
    pub(super) fn catalogue(&self) -> Result<Catalogue> {
        self.devices.as_deref().map_or_else(|| Ok(Catalogue::built_in()), Catalogue::with_dir)
    }
}

impl Args {
    pub(super) fn run(&self) -> Result<()> {
        let catalogue = self.own.catalogue()?;
        let shown: Vec<&Device> = match &self.id {
            Some(id) => vec![catalogue.find(id)?],
            None => catalogue.devices().iter().collect(),
        };
        if let Some(path) = &self.json {
            let json = match &shown[..] {
                [one] if self.id.is_some() => serde_json::to_string_pretty(one),
                all => serde_json::to_string_pretty(all),
            };
            let json = json.map_err(|error| spikewatt::diagnostic::Diagnostic::new(format!("no JSON: {error}")))? + "\n";
            if path.as_os_str() == "-" {
                return output::print(&json);
            }
            return spikewatt::whole_file::write_whole(path, |beside| std::fs::write(beside, json).map_err(|e| e.to_string()));
        }
        let text = if self.id.is_some() { one(shown[0]) } else { list(&shown) };
        output::print_tables(&text)
    }
}

fn list(devices: &[&Device]) -> String {
    let mut table = output::table(&["device", "what it is", "kind", "runs", "node", "weakest grade"], &[4]);
    for d in devices {
        let runs: Vec<_> = d.runs.iter().map(|r| r.word()).collect();
        let node = d.node_nm.map_or(String::new(), |nm| format!("{nm} nm"));
        let grade = d.weakest_grade().map_or("", Grade::word);
        table.add_row([d.id.as_str(), d.name.as_str(), d.kind.word(), &runs.join(", "), &node, grade]);
    }
    format!("{table}\n\n`spikewatt devices ID` shows a device's figures and their sources.\n")
}

fn one(d: &Device) -> String {
    let page = d.page();
    let mut text = page.head.join("\n  ") + "\n";
    let mut table = output::table(&DevicePage::COLUMNS, &[1, 2, 3]);
    page.figures.iter().for_each(|row| {
        table.add_row(row);
    });
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\n{table}");
    for (at, line) in page.limits.iter().enumerate() {
        let gap = if at == 0 && line.starts_with("limits") { "\n" } else { "" };
        let _ = writeln!(text, "{gap}{line}");
    }
    let _ = writeln!(text, "\nsources:");
    for source in &page.sources {
        let _ = writeln!(text, "  {source}");
    }
    if let Some(notes) = &page.notes {
        let _ = writeln!(text, "\n{notes}");
    }
    text
}
