//! What to do, settled before anything runs: each choice from the person, else the network's file, else the data, else a rule.

use super::Pieces;
use crate::dataset::decode::Decoding;
use crate::dataset::encode::Encoding;
use crate::dataset::{Dataset, Samples};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Result};
use crate::engine::EngineKind;
use crate::network::{Network, Record};
use crate::neuron::Output;
use crate::spike::EXACT_TICK_MS;
use std::path::PathBuf;

/// Where what is recorded goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Keep {
    /// Into memory, for whoever called.
    #[default]
    Memory,
    /// Into an HDF5 file in SONATA's layout: of a plain run while it runs, of samples at the end ([`Outcome::write`]).
    ///
    /// [`Outcome::write`]: super::Outcome::write
    File(PathBuf),
    /// Nowhere: nothing is recorded.
    Nothing,
}

/// What a person chooses; whatever is absent is settled by the file, the data or a rule.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Length of a tick, ms.
    pub dt_ms: Option<f64>,
    /// Steps of a sample, or of a plain run.
    pub steps: Option<u64>,
    /// Simulated time of a plain run, ms.
    pub duration_ms: Option<f64>,
    /// Seed of all draws.
    pub seed: Option<u64>,
    /// Threads; all cores where absent.
    pub threads: Option<usize>,
    /// The execution; chosen by activity where absent.
    pub engine: Option<EngineKind>,
    /// How values become input.
    pub encoding: Option<Encoding>,
    /// How the readout's activity becomes an answer.
    pub decoding: Option<Decoding>,
    /// At most so many samples, the first ones.
    pub samples: Option<usize>,
    /// The part of the data set; its test part where it has one and this is absent.
    pub split: Option<String>,
    /// What to record, instead of what the network's file says.
    pub record: Option<Record>,
    /// Where it goes.
    pub keep: Keep,
    /// Counts the spikes of every neuron of a run over samples, so that messages between a chip's cores are exact.
    pub neuron_spikes: bool,
    /// Keeps the counts of every sample, for what is asked of single ones.
    pub each_sample: bool,
    /// Keeps the counts of every window of so long, ms of simulated time.
    pub window_ms: Option<f64>,
    /// Keeps counts and answers after each step of samples.
    pub by_steps: bool,
    /// Makes a digest of all spikes, so that the run can be repeated and compared.
    pub digest: bool,
}

/// What will be done.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Length of a tick, ms.
    pub dt_ms: f64,
    /// Time is exact: a tick is a nanosecond, and spikes fall between them.
    pub exact: bool,
    /// Ticks of a sample, or of the plain run.
    pub ticks: u64,
    /// Seed of all draws.
    pub seed: u64,
    /// Threads.
    pub threads: usize,
    /// The execution; chosen by activity where absent.
    pub engine: Option<EngineKind>,
    /// What to record.
    pub record: Record,
    /// Where it goes.
    pub keep: Keep,
    /// Counts the spikes of every neuron of a run over samples.
    pub neuron_spikes: bool,
    /// Parts of the run of which counts are kept.
    pub pieces: Option<Pieces>,
    /// Makes a digest of all spikes.
    pub digest: bool,
    /// What to do with a data set; absent in a plain run.
    pub task: Option<TaskPlan>,
    /// What was assumed and on what ground.
    pub notes: Vec<String>,
}

/// What will be done with a data set.
#[derive(Debug, Clone)]
pub struct TaskPlan {
    /// The samples, by their number in the data set.
    pub samples: Vec<usize>,
    /// The name of the part of the data set, where it has parts.
    pub split: Option<String>,
    /// How values become input.
    pub encoding: Encoding,
    /// How the readout's activity becomes an answer; absent without a readout.
    pub decoding: Option<Decoding>,
}

/// The longest run that is begun: beyond it, a slip of the pen is likelier than a wish.
const MAX_TICKS: u64 = 1 << 40;
/// In exact time, where a tick is a nanosecond and silence costs nothing: a hundred days.
const MAX_EXACT_TICKS: u64 = 1 << 53;

impl Plan {
    /// Settles every choice.
    ///
    /// # Errors
    /// Where a choice that is needed cannot be settled, contradicts the data, or the network takes no data set.
    pub fn new(network: &Network, dataset: Option<&Dataset>, settings: &Settings) -> Result<Self> {
        let mut wrong = Diagnostics::new();
        let argument = |name: &str, message: String| Diagnostic::new(message).place(Place::Argument(name.into()));
        let mut notes = Vec::new();
        let dt_ms = settings.dt_ms.or(network.dt_ms);
        let exact = dt_ms.is_none();
        let needs_dt = |what: &str| {
            let message = format!("the network has no tick length, so its time is exact, and {what}");
            argument("--dt", message).help("set dt = \"0.1 ms\" in the file or give --dt 0.1ms")
        };
        if exact && dataset.is_some() {
            wrong.push(needs_dt("a data set is shown in steps"));
        }
        if exact && settings.steps.is_some() {
            wrong.push(needs_dt("--steps has no meaning"));
        }
        if let Some(engine) = settings.engine.filter(|engine| exact && *engine != EngineKind::Event) {
            wrong.push(needs_dt(&format!("the engine `{}` steps", engine.name())));
        }
        let task = match dataset {
            Some(dataset) => wrong.take(plan_task(network, dataset, settings, &mut notes)),
            None => {
                if let Some(input) = &network.input {
                    wrong.push(
                        argument(
                            "--input",
                            format!("the network takes samples at its input `{input}`, and no data set is given"),
                        )
                        .help("give --input DATA, a data set in HDF5, NPY or CSV"),
                    );
                }
                None
            }
        };
        let dt = dt_ms.unwrap_or(EXACT_TICK_MS);
        let most = if exact { MAX_EXACT_TICKS } else { MAX_TICKS };
        let of_time = |ms: f64| (ms / dt).round().max(0.0) as u64;
        let ticks = settings
            .steps
            .or(settings.duration_ms.map(of_time))
            .or(if dataset.is_some() { network.hints.steps } else { None })
            .or(dataset.and_then(|d| d.steps()).map(|steps| steps as u64))
            .or(dataset.and_then(Dataset::duration_s).map(|s| (s * 1e3 / dt).floor() as u64 + 1))
            .or(network.duration_ms.map(of_time));
        match ticks {
            None if dataset.is_some() => wrong.push(
                argument(
                    "--steps",
                    "neither the network's file nor the data set says for how many steps a sample is shown".into(),
                )
                .help("give --steps N, as the network was trained"),
            ),
            None => wrong.push(
                argument("--duration", "the network's file has no duration".into())
                    .help("set duration = \"1 s\" in the file or give --duration 1s"),
            ),
            Some(0) => wrong.push(argument("--steps", "the run has no steps: its duration is less than half a tick".into())),
            Some(ticks) if ticks > most => {
                wrong.push(argument("--duration", format!("{ticks} ticks are more than this program will begin ({most})")));
            }
            Some(_) => {}
        }
        let window = settings.window_ms.map(|ms| (ms / dt).round() as u64);
        if window == Some(0) {
            wrong.push(argument("--window", format!("a window is shorter than a step of {dt} ms")));
        }
        let by_steps = settings.by_steps && task.as_ref().is_some_and(|task| task.decoding.is_some());
        if settings.by_steps && !by_steps && dataset.is_some() && wrong.is_empty() {
            wrong.push(argument("--by-steps", "the network has no readout, so there is no answer after a step".into()));
        }
        let pieces =
            (settings.each_sample || window.is_some() || by_steps).then(|| Pieces::new(ticks.unwrap_or(0), window, by_steps));
        let threads = settings.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
        let plan = Self {
            dt_ms: dt,
            exact,
            ticks: ticks.unwrap_or(0),
            seed: settings.seed.unwrap_or(network.seed),
            threads: threads.max(1),
            engine: settings.engine,
            record: settings.record.clone().unwrap_or_else(|| network.record.clone()),
            keep: settings.keep.clone(),
            neuron_spikes: settings.neuron_spikes,
            pieces,
            digest: settings.digest,
            task,
            notes,
        };
        wrong.or(plan)
    }

    /// The same run, of which nothing is told but counts and answers.
    #[must_use]
    pub fn bare(&self) -> Self {
        Self { keep: Keep::Nothing, pieces: None, digest: false, ..self.clone() }
    }
}

fn plan_task(network: &Network, dataset: &Dataset, settings: &Settings, notes: &mut Vec<String>) -> Result<TaskPlan> {
    let mut wrong = Diagnostics::new();
    let file = |diagnostic: Diagnostic| match &dataset.file {
        Some(path) => diagnostic.file(path),
        None => diagnostic,
    };
    match network.input.as_deref().and_then(|name| network.population(name)) {
        None => wrong.push(
            Diagnostic::new("the network has no input population for a data set")
                .place(Place::Argument("--input".into()))
                .help("in a TOML network, add a population of model \"input\" and a stimulus of kind \"dataset\" to it"),
        ),
        Some(input) => {
            let size = network.populations[input].size;
            if size != dataset.channels {
                wrong.push(file(Diagnostic::new(format!(
                    "the data set has {} channels and the network's input `{}` has {size}",
                    dataset.channels, network.populations[input].name
                ))));
            }
        }
    }
    let holds_spikes = matches!(dataset.samples, Samples::Spikes(_) | Samples::Raster(_));
    let hinted = network.hints.encode.as_deref().and_then(Encoding::from_name);
    let encoding = match (settings.encoding, hinted) {
        (Some(encoding), _) => encoding,
        (None, _) if holds_spikes => Encoding::Direct,
        (None, Some(encoding)) => encoding,
        (None, None) => {
            notes.push("Nobody said how values become input: they are injected every step (--encode direct).".into());
            Encoding::Direct
        }
    };
    let readout = network.readout.as_deref().and_then(|name| network.population(name)).map(|at| &network.populations[at]);
    let hinted = network.hints.decode.as_deref().and_then(Decoding::from_name);
    let decoding = readout.map(|readout| {
        let analog = readout.model.spec().output == Output::Analog;
        settings.decoding.or(hinted).unwrap_or(if analog { Decoding::MaxMembrane } else { Decoding::Count })
    });
    let mut samples = wrong.take(dataset.select(settings.split.as_deref())).unwrap_or_default();
    if let Some(most) = settings.samples {
        samples.truncate(most);
    }
    if samples.is_empty() && wrong.is_empty() {
        wrong.push(file(Diagnostic::new("there are no samples to run")));
    }
    let split = dataset.split.as_ref().map(|split| {
        let default = if split.names.iter().any(|name| name == "test") { "test" } else { "all" };
        settings.split.clone().unwrap_or_else(|| default.into())
    });
    wrong.or(TaskPlan { samples, split, encoding, decoding })
}
