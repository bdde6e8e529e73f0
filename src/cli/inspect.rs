//! `spikewatt inspect`.

use super::output::{self, table};
use super::values;
use spikewatt::dataset::{DATASETS, Dataset};
use spikewatt::diagnostic::{Diagnostic, Place, Result, quoted};
use spikewatt::format::{FORMATS, OpenOptions, Setting, nir, open_dense, open_network};
use spikewatt::network::{DenseNetwork, Network};
use spikewatt::neuron::{KEYS, MODELS, SEMANTICS, Semantics, model_by_name};
use spikewatt::record::read_report;
use spikewatt::report::from_json;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Show what a file holds: a network, a dense network, a data set, spikes and reports of SONATA, or the results of a run.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  spikewatt inspect networks/digits.nir
  spikewatt inspect networks/digits.nir --semantics norse,reset=subtract --dt 1ms
  spikewatt inspect networks/10-microcircuit.toml --set scale=0.1
  spikewatt inspect datasets/digits.h5
  spikewatt inspect result.h5
  spikewatt inspect --models
  spikewatt inspect --models lif_exp")]
pub(super) struct Args {
    /// The file
    #[arg(required_unless_present = "models")]
    file: Option<PathBuf>,
    /// List the neuron models and the semantics of trained networks, or show one model in full: equation, step and its error, counts,
    /// parameters with units, source
    #[arg(long, value_name = "NAME", num_args = 0..=1)]
    models: Option<Option<String>>,
    /// Set a key of a TOML network as if it stood in the file, such as scale=0.1
    #[arg(long, value_name = "KEY=VALUE", requires = "file")]
    set: Vec<Setting>,
    /// Show what a NIR file means by other semantics than those it is run by
    #[arg(long, value_parser = values::semantics, value_name = "NAME[,KEY=VALUE…]", requires = "file")]
    semantics: Option<Semantics>,
    /// Show what a NIR file means with this time step
    #[arg(long, value_parser = values::time_ms, value_name = "TIME", requires = "file")]
    dt: Option<f64>,
}

impl Args {
    pub(super) fn run(&self) -> Result<()> {
        let mut text = String::new();
        match &self.models {
            Some(Some(name)) => model(name, &mut text)?,
            Some(None) => models(&mut text),
            None => {}
        }
        if let Some(file) = &self.file {
            let options = OpenOptions { semantics: self.semantics, dt_ms: self.dt, set: self.set.clone() };
            about_file(file, &options, &mut text)?;
        }
        output::print_tables(&text)
    }
}

fn about_file(file: &Path, options: &OpenOptions, text: &mut String) -> Result<()> {
    let set = &options.set;
    let ending = file.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    if let Some(format) = FORMATS.iter().find(|f| f.extensions.contains(&ending.as_str())) {
        if format.network.is_some() {
            about_network(&open_network(file, options)?, text);
            if ending == "nir" {
                let meaning = nir::meaning(&nir::read(file)?, options.semantics, options.dt_ms);
                super::meaning::about(&meaning.map_err(|wrong| wrong.in_file(file))?, text);
            }
            return Ok(());
        }
        if set.is_empty() {
            about_dense(&open_dense(file)?, text);
            return Ok(());
        }
    }
    if let Some(setting) = set.first() {
        return Err(Diagnostic::new("only keys of TOML networks can be set")
            .file(file)
            .place(Place::Argument(format!("--set {}", setting.key)))
            .into());
    }
    if ending == "h5"
        && let Some(json) = read_report(file)?
    {
        let report = from_json(&json).map_err(|wrong| wrong.in_file(file))?;
        text.push_str(&output::shown(&report));
        return Ok(());
    }
    if super::inspect_sonata::about(file, text)? {
        return Ok(());
    }
    if DATASETS.iter().any(|f| f.extensions.contains(&ending.as_str())) {
        about_dataset(&Dataset::open(file)?, text);
        return Ok(());
    }
    let known: Vec<_> = FORMATS
        .iter()
        .flat_map(|f| f.extensions)
        .chain(DATASETS.iter().flat_map(|f| f.extensions))
        .map(|e| format!(".{e}"))
        .collect();
    Err(Diagnostic::new("the file's ending tells no format that this program reads")
        .file(file)
        .help(format!("endings are {}", known.join(", ")))
        .into())
}

// Writing to a string cannot fail, so the results of `writeln!` are dropped below.

fn about_network(network: &Network, text: &mut String) {
    let _ = writeln!(text, "{}: a spiking network", network.name);
    if let Some(dt) = network.dt_ms {
        let _ = writeln!(text, "  step        {dt} ms");
    }
    if let Some(duration) = network.duration_ms {
        let _ = writeln!(text, "  duration    {duration} ms");
    }
    if network.unitless {
        let _ = writeln!(text, "  semantics   {}: {}", network.semantics.label(), network.semantics.title);
    }
    for (what, value) in [
        ("input", network.input.clone()),
        ("readout", network.readout.clone()),
        ("encoding", network.hints.encode.clone()),
        ("steps", network.hints.steps.map(|steps| steps.to_string())),
        ("decoding", network.hints.decode.clone()),
    ] {
        if let Some(value) = value {
            let _ = writeln!(text, "  {what:<11} {value}");
        }
    }
    let mut populations = table(&["population", "neurons", "model", "parameters"], &[1]);
    for p in &network.populations {
        let params: Vec<_> = p.params.iter().map(|(name, values)| format!("{name} {}", values.words())).collect();
        populations.add_row([p.name.clone(), p.size.to_string(), p.model.spec().name.into(), params.join(", ")]);
    }
    let _ = writeln!(text, "\n{populations}");
    if !network.projections.is_empty() {
        let mut projections = table(&["projection", "from", "to", "rule", "weight", "delay"], &[]);
        for p in &network.projections {
            let (rule, weight, delay) = (p.connect.words(), p.weight_words(), p.delay.words());
            projections.add_row([p.name.clone(), p.from.clone(), p.to.clone(), rule, weight, delay]);
        }
        let _ = writeln!(text, "\n{projections}");
    }
    if !network.stimuli.is_empty() {
        let mut stimuli = table(&["stimulus", "to", "kind"], &[]);
        for s in &network.stimuli {
            stimuli.add_row([s.name.clone(), s.to.population.clone(), s.drive.words()]);
        }
        let _ = writeln!(text, "\n{stimuli}");
    }
    notes(&network.notes, text);
}

fn about_dense(network: &DenseNetwork, text: &mut String) {
    let _ = writeln!(text, "{}: a dense network", network.source);
    let mut layers = table(&["layer", "inputs", "outputs", "activation", "MACs"], &[1, 2, 4]);
    for layer in &network.layers {
        layers.add_row([
            layer.name.clone(),
            layer.weight.inputs().to_string(),
            layer.weight.outputs().to_string(),
            format!("{:?}", layer.activation).to_lowercase(),
            layer.weight.macs().to_string(),
        ]);
    }
    let _ = writeln!(text, "\n{layers}");
    notes(&network.notes, text);
}

fn about_dataset(dataset: &Dataset, text: &mut String) {
    let _ = writeln!(text, "{}: a data set of {} samples", dataset.name, dataset.len());
    for (what, value) in
        [("title", &dataset.title), ("licence", &dataset.licence), ("source", &dataset.source), ("citation", &dataset.citation)]
    {
        if let Some(value) = value {
            let _ = writeln!(text, "  {what:<10} {value}");
        }
    }
    let shape: Vec<_> = dataset.shape.iter().map(usize::to_string).collect();
    let _ = writeln!(text, "  channels   {} ({})", dataset.channels, shape.join(" × "));
    if let Some(steps) = dataset.steps() {
        let _ = writeln!(text, "  steps      {steps}");
    }
    if dataset.labels.is_some() {
        let _ = writeln!(text, "  classes    {}", dataset.classes());
    }
    if let Some(split) = &dataset.split {
        let count = |part: usize| split.of.iter().filter(|p| usize::from(**p) == part).count();
        let parts: Vec<_> = split.names.iter().enumerate().map(|(at, name)| format!("{name} {}", count(at))).collect();
        let _ = writeln!(text, "  parts      {}", parts.join(", "));
    }
    notes(&dataset.notes, text);
}

fn notes(notes: &[String], text: &mut String) {
    for note in notes {
        let _ = writeln!(text, "  note: {note}");
    }
}

fn models(text: &mut String) {
    let mut list = table(&["model", "weights", "what it is"], &[]);
    for make in MODELS {
        let model = make();
        let spec = model.spec();
        list.add_row([spec.name.to_owned(), spec.input.dimension().unit().to_owned(), spec.title.to_owned()]);
    }
    let _ = writeln!(
        text,
        "{list}\nOne model in full: spikewatt inspect --models NAME\n\nSemantics of trained networks (--semantics):"
    );
    for s in SEMANTICS {
        let _ = writeln!(text, "  {:<26} {}", s.name, s.title);
    }
    let _ = writeln!(text, "\nEach choice by hand, after a name (--semantics norse,reset=subtract,decay=exact):");
    for key in KEYS {
        let values: Vec<_> = key.values().into_iter().map(|(value, _)| value).collect();
        let _ = writeln!(text, "  {:<15} {}: {}", key.name, key.about, values.join(", "));
    }
}

fn model(name: &str, text: &mut String) -> Result<()> {
    let Some(model) = model_by_name(name) else {
        let known: Vec<_> = MODELS.iter().map(|make| make().spec().name).collect();
        return Err(Diagnostic::new(format!("there is no neuron model {}", quoted(name)))
            .help(format!("models are {}", known.join(", ")))
            .into());
    };
    let spec = model.spec();
    let _ = writeln!(text, "{}: {}", spec.name, spec.title);
    for line in spec.equation.split(";  ") {
        let _ = writeln!(text, "    {line}");
    }
    for (what, words) in spec.facts() {
        let _ = writeln!(text, "  {what:<11} {words}");
    }
    if !spec.params.is_empty() {
        let mut params = table(&["parameter", "unit", "default", "allowed", "meaning"], &[2]);
        for p in spec.params {
            let default = p.default.map_or("required".to_owned(), |value| value.to_string());
            params.add_row([p.name, p.dimension.unit(), &default, p.check.words(), p.meaning]);
        }
        let _ = writeln!(text, "\n{params}");
    }
    if !spec.variables.is_empty() {
        let mut variables = table(&["variable", "unit", "meaning"], &[]);
        for v in spec.variables {
            variables.add_row([v.name, v.dimension.unit(), v.meaning]);
        }
        let _ = writeln!(text, "\n{variables}");
    }
    Ok(())
}
