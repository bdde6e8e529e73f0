//! What a device's file says, line by line, for the command line and the viewer.

use super::device::Device;
use super::evidence::Grade;
use super::figure::Figure;
use super::placement::Cores;
use super::quantity::Joules;
use crate::placement::LayerCore;
use crate::units::si;

/// A device with all its figures and their sources.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DevicePage {
    /// What it is, lines.
    pub head: Vec<String>,
    /// Its figures, cells by [`DevicePage::COLUMNS`].
    pub figures: Vec<[String; 6]>,
    /// Limits, cores and what has no figure, lines.
    pub limits: Vec<String>,
    /// The sources of its figures, each with how it was seen.
    pub sources: Vec<String>,
    /// Judgements and warnings.
    pub notes: Option<String>,
}

impl DevicePage {
    /// The titles of the figures' columns.
    pub const COLUMNS: [&str; 6] = ["figure", "low", "nominal", "high", "grade", "source"];
}

impl Device {
    /// The weakest grade among all its figures of energy and power.
    #[must_use]
    pub fn weakest_grade(&self) -> Option<Grade> {
        let grades = self.energies.values().map(|f| f.grade).chain(self.powers.values().map(|f| f.grade));
        grades.chain(self.macs.iter().chain(&self.acs).map(|f| f.energy.grade)).max()
    }

    /// Its limits, as `neurons 1000, cores 4`; empty where it states none.
    #[must_use]
    pub fn limits_in_words(&self) -> String {
        let limits: Vec<_> = self.limits.iter().map(|(limit, value)| format!("{} {value}", limit.word())).collect();
        limits.join(", ")
    }

    /// All that its file says.
    #[must_use]
    pub fn page(&self) -> DevicePage {
        let runs: Vec<_> = self.runs.iter().map(|r| r.word()).collect();
        let mut head = vec![
            format!("{}: {}", self.id, self.name),
            format!("{}, runs {} networks; figures include: {}", self.kind.word(), runs.join(" and "), self.boundary.word()),
        ];
        head.extend(self.scope.map(|scope| format!("scope of a synaptic event: {}", scope.word())));
        head.extend(self.operating_point.as_ref().map(|point| format!("operating point: {point}")));
        let mut limits = Vec::new();
        if !self.limits.is_empty() {
            limits.push(format!("limits: {}", self.limits_in_words()));
        }
        if let Some(cores) = &self.cores {
            limits.push(format!("cores: {}", on_cores(cores)));
            limits.extend(cores.note.as_ref().map(|note| format!("  {note}")));
        }
        if let Some(zeros) = &self.zeros {
            let note = zeros.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
            limits.push(format!("zeros of dense networks skipped: {} ({}){note}", zeros.skips, zeros.source));
        }
        if !self.unpriced.is_empty() {
            limits.push(format!("costs energy and has no published figure: {}", self.unpriced.join(", ")));
        }
        DevicePage {
            head,
            figures: figures(self),
            limits,
            sources: self.sources.iter().map(|s| format!("{} [{}] {}", s.id, s.tag.word(), s.text)).collect(),
            notes: self.notes.as_ref().map(|notes| notes.trim().to_owned()),
        }
    }
}

fn figures(d: &Device) -> Vec<[String; 6]> {
    let mut rows = Vec::new();
    let mut row = |name: String, low: Option<f64>, nominal: f64, high: Option<f64>, unit: &str, grade: Grade, source: &str| {
        let shown = |v: Option<f64>| v.map_or(String::new(), |v| si(v, unit));
        rows.push([name, shown(low), si(nominal, unit), shown(high), grade.word().into(), source.into()]);
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
            let e: &Figure<Joules> = &f.energy;
            let peak = if e.peak { " (peak)" } else { "" };
            row(format!("{what}{kind}{peak}"), e.low.map(|v| v.0), e.nominal.0, e.high.map(|v| v.0), "J", e.grade, &e.source);
        }
    }
    rows!(&d.powers, "W");
    rows!(&d.times, "s");
    for (name, f) in &d.numbers {
        row(name.to_string(), f.low, f.nominal, f.high, "", f.grade, &f.source);
    }
    rows
}

/// How a chip's cores lie and speak.
fn on_cores(cores: &Cores) -> String {
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
        let of = |c: &LayerCore| format!("{}/{}", c.neurons, c.weights);
        let each: Vec<_> = cores.layer_cores.iter().map(of).collect();
        words.push(format!("neurons/weights of each core {}", each.join(" ")));
    }
    if let Some(layers) = cores.layer_fan_out {
        words.push(format!("a layer feeds at most {layers}"));
    }
    format!("{} [{}]", words.join(", "), cores.source)
}
