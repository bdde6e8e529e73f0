//! What is opened: a network, the samples it is shown, the dense network beside it.

use crate::project::Edits;
use spikewatt::compile::CompiledNetwork;
use spikewatt::dataset::Dataset;
use spikewatt::dataset::encode::encode_scaled;
use spikewatt::dense::{self, twin_of};
use spikewatt::diagnostic::{Diagnostics, Result};
use spikewatt::format::{OpenOptions, open_dense, open_network};
use spikewatt::network::{DenseNetwork, Network};
use spikewatt::report::Report;
use spikewatt::spike::{EXACT_TICK_MS, InputTrain};
use spikewatt::study::{Plan, Progress, Quiet, Settings, Steps, TaskPlan, dense_input};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A neuron.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Neuron {
    /// Its population.
    pub population: usize,
    /// Its number there.
    pub id: u32,
}

/// What is to be opened.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Source {
    /// The network's file.
    pub network: PathBuf,
    /// The network's text, where it is not in a file but built in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The data set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<PathBuf>,
    /// The dense network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dense: Option<PathBuf>,
}

impl Source {
    /// A network alone.
    #[must_use]
    pub fn of_network(network: impl Into<PathBuf>) -> Self {
        Self { network: network.into(), ..Self::default() }
    }

    /// True for results of a run, which are looked at and not simulated.
    #[must_use]
    pub fn is_results(&self) -> bool {
        let ending = self.network.extension().map(|e| e.to_string_lossy().to_lowercase());
        self.text.is_none() && matches!(ending.as_deref(), Some("h5" | "hdf5"))
    }

    /// The same with its paths changed, but for what is built in.
    #[must_use]
    pub fn map_paths(&self, change: impl Fn(&Path) -> PathBuf) -> Self {
        Self {
            network: if self.text.is_some() { self.network.clone() } else { change(&self.network) },
            text: self.text.clone(),
            input: self.input.as_deref().map(&change),
            dense: self.dense.as_deref().map(&change),
        }
    }

    /// A network that is written here.
    #[must_use]
    pub fn of_text(name: &str, text: &str) -> Self {
        Self { network: name.into(), text: Some(text.into()), ..Self::default() }
    }
}

/// What is opened: it does not change while it is shown.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Where it is from.
    pub source: Source,
    /// The network as its file has it.
    pub network: Arc<Network>,
    /// The same, ready to run.
    pub built: Arc<CompiledNetwork>,
    /// The network as it runs, edits included.
    pub net: Arc<CompiledNetwork>,
    /// The samples.
    pub dataset: Option<Arc<Dataset>>,
    /// Which samples are shown, and how; absent in a plain run.
    pub task: Option<TaskPlan>,
    /// Ticks of a sample, or of the run that the file asks for.
    pub ticks: Option<u64>,
    /// The dense network: a file's, or the twin with the network's own weights.
    pub dense: Option<Arc<DenseNetwork>>,
    /// What a person should know about what was opened.
    pub notes: Vec<String>,
    /// It is a recording, that is looked at and not simulated.
    pub recorded: Option<Recorded>,
}

/// What is known of a recording beside its spikes.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The report of the run, where the file has one.
    pub report: Option<Arc<Report>>,
    /// Spikes in the file.
    pub spikes: usize,
    /// Neurons whose membranes are in the file.
    pub membranes: Vec<Neuron>,
}

impl Scene {
    /// Opens files and builds the network.
    ///
    /// # Errors
    /// Every complaint about all files at once.
    pub fn open(source: &Source) -> Result<Self> {
        Self::open_telling(source, &Quiet)
    }

    /// The same, which tells what it does and ends early where nobody waits for it any more.
    ///
    /// # Errors
    /// Those of [`Scene::open`], and where it ended early.
    pub fn open_telling(source: &Source, progress: &dyn Progress) -> Result<Self> {
        let mut wrong = Diagnostics::new();
        let reads = |what: &str| progress.begin(&format!("reading the {what}"), 0, Steps::Things(""));
        reads("network");
        let network = match &source.text {
            Some(text) => wrong.take(spikewatt::format::toml::parse(text, &source.network, ".")),
            None => wrong.take(open_network(&source.network, &OpenOptions::default())),
        };
        let dataset = source.input.as_ref().filter(|_| !progress.cancelled()).map(|path| {
            reads("data set");
            wrong.take(Dataset::open(path))
        });
        let given = source.dense.as_ref().filter(|_| !progress.cancelled()).map(|path| {
            reads("dense network");
            wrong.take(open_dense(path))
        });
        let (Some(network), true) = (network, wrong.is_empty()) else { return Err(wrong) };
        let dataset = dataset.flatten().map(Arc::new);
        let mut notes = network.notes.clone();
        // A network that takes samples is shown without them all the same: its input can be touched by hand.
        let plan = match (&dataset, &network.input) {
            (None, Some(input)) => {
                notes.push(format!(
                    "The network takes samples at `{input}`, and none are given: open a data set, or touch its neurons."
                ));
                None
            }
            (None, None) if network.duration_ms.is_none() => None,
            _ => Some(Plan::new(&network, dataset.as_deref(), &Settings::default()).map_err(|w| w.in_file(&source.network))?),
        };
        notes.extend(plan.iter().flat_map(|p| p.notes.clone()));
        let dt_ms = plan.as_ref().map_or(network.dt_ms, |p| (!p.exact).then_some(p.dt_ms));
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        // One core is the window's.
        let threads = threads.saturating_sub(1).max(1);
        progress.begin("building the network", CompiledNetwork::expected_synapses(&network), Steps::Things("synapses"));
        let mut told = 0;
        let mut go_on = |behind: u64| {
            progress.advance(behind - std::mem::replace(&mut told, behind));
            !progress.cancelled()
        };
        let net = CompiledNetwork::watched(&network, dt_ms, None, threads, &mut go_on).map_err(|w| w.in_file(&source.network))?;
        progress.begin("looking for the dense network beside it", 0, Steps::Things(""));
        let twin = given.flatten().or_else(|| twin_of(&network).ok());
        let dense = twin.map(Arc::new);
        notes.extend(dense.iter().flat_map(|d| d.notes.clone()));
        let (task, ticks) = plan.map_or((None, None), |p| (p.task, Some(p.ticks)));
        let source = source.clone();
        let net = Arc::new(net);
        Ok(Self {
            source,
            network: Arc::new(network),
            built: net.clone(),
            net,
            dataset,
            task,
            ticks,
            dense,
            notes,
            recorded: None,
        })
    }

    /// The same with these edits of what was opened.
    ///
    /// # Errors
    /// Where they name what is not there, or a value is not one that the network may have; every complaint at once.
    pub fn edited(&self, edits: &Edits) -> Result<Self> {
        let net = if edits.is_empty() { self.built.clone() } else { Arc::new(self.built.with_live(&edits.live())?) };
        Ok(Self { net, ..self.clone() })
    }

    /// What a sample of the data set puts into the network, its factor included; `None` where no samples are shown.
    ///
    /// # Errors
    /// Where the sample cannot be encoded.
    pub fn encoded(&self, sample: usize) -> Result<Option<InputTrain>> {
        let Some((task, dataset)) = self.task.as_ref().zip(self.dataset.as_ref()) else { return Ok(None) };
        let (net, ticks) = (&self.net, self.ticks.unwrap_or(1));
        encode_scaled(dataset, sample, task.encoding, ticks, net.dt_ms, net.seed, net.input_factor).map(Some)
    }

    /// Length of a tick, seconds.
    #[must_use]
    pub fn dt_s(&self) -> f64 {
        self.net.dt_ms * 1e-3
    }

    /// Milliseconds at a tick.
    #[must_use]
    pub fn ms(&self, tick: u64) -> f64 {
        tick as f64 * self.net.dt_ms
    }

    /// The tick at so many milliseconds.
    #[must_use]
    pub fn tick(&self, ms: f64) -> u64 {
        (ms / self.net.dt_ms).round().max(0.0) as u64
    }

    /// The smallest step a person takes: a tick, or in exact time a tenth of a millisecond.
    #[must_use]
    pub fn small_step(&self) -> u64 {
        if self.net.exact { (0.1 / EXACT_TICK_MS) as u64 } else { 1 }
    }

    /// The neuron whose membrane is followed at first: one that answers, or else the first one that has a membrane.
    #[must_use]
    pub fn first_neuron(&self) -> Option<Neuron> {
        if let Some(recorded) = &self.recorded {
            return recorded.membranes.first().copied();
        }
        let has_membrane = |population: &usize| {
            let p = &self.net.populations[*population];
            !p.is_input() && p.model.spec().variable("v").is_some()
        };
        let answers = self.net.readout.filter(has_membrane);
        let population = answers.or_else(|| (0..self.net.populations.len()).find(has_membrane))?;
        Some(Neuron { population, id: 0 })
    }

    /// A neuron's name: its population, and its number there.
    #[must_use]
    pub fn name_of(&self, neuron: Neuron) -> String {
        let population = self.net.populations.get(neuron.population).map_or("?", |p| p.name.as_str());
        format!("{population} {}", neuron.id)
    }

    /// Multiply-accumulates of the dense network for a sample of the data set, all and those without a zero, and its answer.
    #[must_use]
    pub fn dense_on(&self, sample: usize) -> Option<(u64, u64, usize)> {
        let (dense, dataset) = (self.dense.as_ref()?, self.dataset.as_ref()?);
        let row = dense_input(dataset, sample, self.ticks?, self.net.dt_ms, self.net.seed).ok()?;
        let run = dense::run(dense, &[row]).ok()?;
        Some((run.work.macs, run.work.effective_macs, *run.predictions.first()?))
    }
}
