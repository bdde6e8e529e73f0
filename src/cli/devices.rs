//! `spikewatt devices`.

use super::output;
use spikewatt::diagnostic::Result;
use spikewatt::energy::{self, Catalogue, Device, Figure, Grade};
use spikewatt::units::si;
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
        let grade = weakest(d).map_or("", Grade::word);
        table.add_row([d.id.as_str(), d.name.as_str(), d.kind.word(), &runs.join(", "), &node, grade]);
    }
    format!("{table}\n\n`spikewatt devices ID` shows a device's figures and their sources.\n")
}

/// How a chip's cores lie and speak.
fn on_cores(cores: &energy::Cores) -> String {
    let mut words = vec![format!("{} messages", cores.routing.word())];
    if let Some([x, y]) = cores.mesh {
        words.push(format!("mesh of {x} × {y} routers with {} each", cores.cores_per_tile));
    }
    if cores.chips > 1 {
        words.push(format!("systems of up to {} chips", cores.chips));
    }
    let flags = [
        (cores.shares_kernels, "kernels stored once a core"),
        (cores.joins_neurons, "neurons joined for a larger fan-in"),
        (cores.one_population_per_core, "one population a core"),
    ];
    words.extend(flags.into_iter().filter(|(given, _)| *given).map(|(_, text)| text.to_owned()));
    if !cores.layer_cores.is_empty() {
        let of = |c: &spikewatt::placement::LayerCore| format!("{}/{}", c.neurons, c.weights);
        let each: Vec<_> = cores.layer_cores.iter().map(of).collect();
        words.push(format!("neurons/weights of each core {}", each.join(" ")));
    }
    if let Some(layers) = cores.layer_fan_out {
        words.push(format!("a layer feeds at most {layers}"));
    }
    format!("{} [{}]", words.join(", "), cores.source)
}

fn weakest(d: &Device) -> Option<Grade> {
    let grades = d.energies.values().map(|f| f.grade).chain(d.powers.values().map(|f| f.grade));
    grades.chain(d.macs.iter().chain(&d.acs).map(|f| f.energy.grade)).max()
}

fn one(d: &Device) -> String {
    let mut text = String::new();
    let runs: Vec<_> = d.runs.iter().map(|r| r.word()).collect();
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "{}: {}\n  {}, runs {} networks; figures include: {}",
        d.id,
        d.name,
        d.kind.word(),
        runs.join(" and "),
        d.boundary.word()
    );
    if let Some(scope) = d.scope {
        let _ = writeln!(text, "  scope of a synaptic event: {}", scope.word());
    }
    if let Some(point) = &d.operating_point {
        let _ = writeln!(text, "  operating point: {point}");
    }
    let mut table = output::table(&["figure", "low", "nominal", "high", "grade", "source"], &[1, 2, 3]);
    let mut row = |name: String, low: Option<f64>, nominal: f64, high: Option<f64>, unit: &str, grade: Grade, source: &str| {
        let shown = |v: Option<f64>| v.map_or(String::new(), |v| si(v, unit));
        table.add_row([name, shown(low), si(nominal, unit), shown(high), grade.word().into(), source.into()]);
    };
    macro_rules! rows {
        ($figures:expr, $unit:literal) => {
            for (name, f) in $figures {
                row(name.to_string(), f.low.map(|v| v.0), f.nominal.0, f.high.map(|v| v.0), $unit, f.grade, &f.source);
            }
        };
    }
    rows!(&d.energies, "J");
    for (what, figures) in [("multiply-accumulate", &d.macs), ("accumulate", &d.acs)] {
        for f in figures {
            let kind = f.precision.map_or(String::new(), |p| format!(", {}", p.word()));
            let e: &Figure<energy::Joules> = &f.energy;
            let peak = if e.peak { " (peak)" } else { "" };
            row(format!("{what}{kind}{peak}"), e.low.map(|v| v.0), e.nominal.0, e.high.map(|v| v.0), "J", e.grade, &e.source);
        }
    }
    rows!(&d.powers, "W");
    rows!(&d.times, "s");
    for (name, f) in &d.numbers {
        row(name.to_string(), f.low, f.nominal, f.high, "", f.grade, &f.source);
    }
    let _ = writeln!(text, "\n{table}");
    if !d.limits.is_empty() {
        let limits: Vec<_> = d.limits.iter().map(|(limit, value)| format!("{} {value}", limit.word())).collect();
        let _ = writeln!(text, "\nlimits: {}", limits.join(", "));
    }
    if let Some(cores) = &d.cores {
        let _ = writeln!(text, "cores: {}", on_cores(cores));
        if let Some(note) = &cores.note {
            let _ = writeln!(text, "  {note}");
        }
    }
    if let Some(zeros) = &d.zeros {
        let note = zeros.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
        let _ = writeln!(text, "zeros of dense networks skipped: {} ({}){note}", zeros.skips, zeros.source);
    }
    if !d.unpriced.is_empty() {
        let _ = writeln!(text, "costs energy and has no published figure: {}", d.unpriced.join(", "));
    }
    let _ = writeln!(text, "\nsources:");
    for s in &d.sources {
        let _ = writeln!(text, "  {} [{}] {}", s.id, s.tag.word(), s.text);
    }
    if let Some(notes) = &d.notes {
        let _ = writeln!(text, "\n{}", notes.trim());
    }
    text
}
