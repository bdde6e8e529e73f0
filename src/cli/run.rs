//! `spikewatt run`.

use super::progress::Bar;
use super::{Ending, interrupt, output, precision, values};
use spikewatt::dataset::Dataset;
use spikewatt::dataset::decode::Decoding;
use spikewatt::dataset::encode::Encoding;
use spikewatt::diagnostic::{Diagnostic, Result};
use spikewatt::format::{OpenOptions, Setting, open_network};
use spikewatt::network::Network;
use spikewatt::neuron::Semantics;
use spikewatt::report::{ReplayPart, to_json};
use spikewatt::study::{Keep, Plan, Provenance, Settings, report, run, sha256_of_file};
use std::path::{Path, PathBuf};

/// Run a network and count what it does.
///
/// A TOML or SONATA network runs for its duration; a trained network (NIR) or one with an input population runs over the samples of a
/// data set, by default those of its test part.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  spikewatt run networks/01-one-neuron.toml
  spikewatt run networks/10-microcircuit.toml --set scale=0.1 --set duration=2s
  spikewatt run networks/04-winner-take-all.toml --seed 7 --out winner.h5 --record spikes,v:left:0-4
  spikewatt run networks/digits.nir --input datasets/digits.h5 --json report.json")]
pub(super) struct Args {
    /// The network: TOML, NIR, or a SONATA configuration (config.json)
    pub(super) network: PathBuf,
    #[command(flatten)]
    pub(super) how: How,
    /// What to record into --out: spikes, v, or of one population spikes:NAME, v:NAME, v:NAME:0-9
    #[arg(long, value_delimiter = ',', value_parser = values::record_item, value_name = "spikes,v")]
    record: Option<Vec<values::RecordItem>>,
    #[command(flatten)]
    in_bits: precision::InBits,
    /// Write spikes and traces to an HDF5 file in SONATA's layout
    #[arg(long, value_name = "FILE.h5")]
    out: Option<PathBuf>,
    /// Write the report as JSON; `-` for standard output
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Print no text and no progress
    #[arg(long)]
    quiet: bool,
}

/// How a network is run: shared by the commands that run one.
#[derive(Debug, clap::Args)]
pub(super) struct How {
    /// The data set: HDF5 (Spikewatt's or SHD's layout), NPY or CSV
    #[arg(long, value_name = "DATA")]
    pub(super) input: Option<PathBuf>,
    /// What the axes of an NPY array are, in its order: sample, step, and those that make up a channel, such as sample,step,y,x.
    /// Without sample the array is one sample
    #[arg(long, value_name = "NAME,…", requires = "input")]
    axes: Option<String>,
    /// How values become input: `direct` injects the value every step, `rate` draws spikes with it as their probability,
    /// `latency` gives one spike, earlier for larger values. By default what the network's file says
    #[arg(long, value_parser = values::encoding, value_name = "direct|rate|latency")]
    encode: Option<Encoding>,
    /// How the readout becomes an answer: `count` takes the most spikes, `first_spike` the earliest, `max_membrane` the highest
    /// membrane. By default what the network's file says
    #[arg(long, value_parser = values::decoding, value_name = "count|first_spike|max_membrane")]
    decode: Option<Decoding>,
    /// Steps that a sample is shown for, or that a plain run takes
    #[arg(long, value_name = "N")]
    steps: Option<u64>,
    /// Length of a step, such as 0.1ms
    #[arg(long, value_parser = values::time_ms, value_name = "T")]
    dt: Option<f64>,
    /// Simulated time of a plain run, such as 1s
    #[arg(long, value_parser = values::time_ms, value_name = "T")]
    duration: Option<f64>,
    /// Set a key of a TOML network as if it stood in the file, such as scale=0.1 or population.e.size=1000; may be given again
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) set: Vec<Setting>,
    /// Seed of all random draws; by default the network file's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Execution: `event` touches a neuron only when something reaches it, `clock` steps all neurons, `reference` is slow and plain;
    /// `auto` chooses by activity and says why
    #[arg(long, default_value = "auto", value_parser = values::engine, value_name = "auto|event|clock|reference")]
    engine: values::Engine,
    /// Threads; results do not depend on them. By default all cores
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// How the neurons of a trained network step, such as norse or norse,reset=subtract (`spikewatt inspect --models` lists names and
    /// keys). By default what the file says, or a guess that is told
    #[arg(long, value_parser = values::semantics, value_name = "NAME[,KEY=VALUE…]")]
    semantics: Option<Semantics>,
    /// Run at most so many samples
    #[arg(long, value_name = "N")]
    samples: Option<usize>,
    /// The part of the data set to run (`test`, `train`, `all`); by default `test` where there is one
    #[arg(long, value_name = "NAME")]
    split: Option<String>,
}

/// What the inputs of a run are, opened.
pub(super) struct Opened {
    pub(super) network: Network,
    pub(super) dataset: Option<Dataset>,
    pub(super) provenance: Provenance,
}

impl How {
    pub(super) fn settings(&self) -> Settings {
        Settings {
            dt_ms: self.dt,
            steps: self.steps,
            duration_ms: self.duration,
            seed: self.seed,
            threads: self.threads.map(usize::from),
            engine: self.engine.0,
            encoding: self.encode,
            decoding: self.decode,
            samples: self.samples,
            split: self.split.clone(),
            record: None,
            keep: Keep::Nothing,
            neuron_spikes: false,
            each_sample: false,
            window_ms: None,
            by_steps: false,
            digest: false,
        }
    }

    /// What was chosen, for a run that is repeated.
    fn replay(&self, network: &Path) -> ReplayPart {
        ReplayPart {
            network: network.display().to_string(),
            dense: None,
            axes: self.axes.clone(),
            encode: self.encode.map(|encoding| encoding.name().to_owned()),
            decode: self.decode.map(|decoding| decoding.name().to_owned()),
            steps: self.steps,
            dt_ms: self.dt,
            duration_ms: self.duration,
            set: self.set.iter().map(|Setting { key, value }| format!("{key}={value}")).collect(),
            engine: self.engine.0.map(|engine| engine.name().to_owned()),
            semantics: self.semantics.map(|semantics| semantics.label()),
            samples: self.samples.map(|samples| samples as u64),
            split: self.split.clone(),
        }
    }

    /// The choices of a run that is repeated, or everything that is wrong with them. The seed is the one that the run had.
    pub(super) fn of_replay(replay: &ReplayPart, input: Option<PathBuf>, seed: u64, threads: Option<u16>) -> Result<Self> {
        let mut wrong = spikewatt::diagnostic::Diagnostics::new();
        let mut complain = |key: &str, message: String| wrong.push(Diagnostic::at(format!("run.replay.{key}"), message));
        let mut set = Vec::new();
        for text in &replay.set {
            match text.parse() {
                Ok(setting) => set.push(setting),
                Err(message) => complain("set", message),
            }
        }
        macro_rules! read {
            ($key:ident, $with:expr) => {
                replay.$key.as_deref().and_then(|text| $with(text).map_err(|message| complain(stringify!($key), message)).ok())
            };
        }
        let (encode, decode) = (read!(encode, values::encoding), read!(decode, values::decoding));
        let (semantics, engine) = (read!(semantics, values::semantics), read!(engine, values::engine));
        let positive = |value: &Option<f64>| value.is_none_or(|value| value > 0.0 && value.is_finite());
        if !positive(&replay.dt_ms) || !positive(&replay.duration_ms) {
            complain("dt_ms", "times are above zero".into());
        }
        wrong.or(Self {
            input,
            axes: replay.axes.clone(),
            encode,
            decode,
            steps: replay.steps,
            dt: replay.dt_ms,
            duration: replay.duration_ms,
            set,
            seed: Some(seed),
            engine: engine.unwrap_or(values::Engine(None)),
            threads,
            semantics,
            samples: replay.samples.map(|samples| samples as usize),
            split: replay.split.clone(),
        })
    }

    /// Opens the network and the data set, and tells what is wrong with both at once.
    pub(super) fn open(&self, path: &Path) -> Result<Opened> {
        let mut wrong = spikewatt::diagnostic::Diagnostics::new();
        let options = OpenOptions { semantics: self.semantics, dt_ms: self.dt, set: self.set.clone() };
        let network = wrong.take(open_network(path, &options));
        let dataset = self.input.as_ref().map(|input| wrong.take(Dataset::open_as(input, self.axes.as_deref())));
        let (Some(network), false) = (network, matches!(dataset, Some(None))) else { return Err(wrong) };
        let provenance = Provenance {
            network_sha256: Some(sha256_of_file(path)?),
            input: self.input.as_ref().map(|p| p.display().to_string()),
            input_sha256: self.input.as_deref().map(sha256_of_file).transpose()?,
            dense_sha256: None,
            replay: Some(self.replay(path)),
        };
        Ok(Opened { network, dataset: dataset.flatten(), provenance })
    }
}

impl Args {
    pub(super) fn run(&self) -> Result<Ending> {
        interrupt::listen(self.quiet)?;
        let mut wrong = spikewatt::diagnostic::Diagnostics::new();
        let held = wrong.take(self.in_bits.devices(self.how.input.is_some(), spikewatt::energy::find));
        let opened = wrong.take(self.how.open(&self.network));
        let (Some(held), Some(Opened { network, dataset, provenance })) = (held, opened) else { return Err(wrong) };
        let mut settings = self.how.settings();
        let all: Vec<&str> = network.populations.iter().map(|p| p.name.as_str()).collect();
        let with_variable = |variable: &str| {
            let has = network.populations.iter().filter(|p| p.model.spec().variable(variable).is_some());
            has.map(|p| p.name.clone()).collect::<Vec<_>>()
        };
        settings.record = match &self.record {
            Some(items) => Some(values::record(items, &all, with_variable)),
            None if network.record == spikewatt::network::Record::default() => {
                Some(spikewatt::network::Record { spikes: all.iter().map(|name| (*name).into()).collect(), traces: Vec::new() })
            }
            None => None,
        };
        // Nothing is kept that goes nowhere.
        // What stands for all spikes is for those who keep a report.
        settings.digest = self.json.is_some() || self.out.is_some();
        settings.keep = self.out.clone().map_or(Keep::Nothing, Keep::File);
        let in_file = |wrong: spikewatt::diagnostic::Diagnostics| wrong.in_file(&self.network);
        let plan = Plan::new(&network, dataset.as_ref(), &settings).map_err(in_file)?;
        let mut outcome = run(&network, dataset.as_ref(), &plan, &Bar::new(self.quiet)).map_err(in_file)?;
        if interrupt::too_early(&outcome) {
            return Ok(Ending::Interrupted);
        }
        let mut report = report(&network, dataset.as_ref(), &plan, &outcome, None, None, &provenance);
        precision::add(&mut report, &held, &network, dataset.as_ref(), &plan.bare(), &outcome, &Bar::new(self.quiet))
            .map_err(in_file)?;
        outcome.write(&to_json(&report)?)?;
        output::give(&report, self.json.as_deref(), self.quiet)?;
        Ok(Ending::of(&outcome))
    }
}
