//! Every stored output of the peers: the same spikes in every step, and membranes as near as their precision.
//!
//! `tests/data/nir/outputs/outputs.csv` names each array, who computed it and by which rules. What comes out is written to
//! `tests/data/nir/AGREEMENT.md`; run with SPIKEWATT_WRITE_MANUAL=1 to write it anew.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use spikewatt::compile::CompiledNetwork;
use spikewatt::engine::Simulation;
use spikewatt::format::{OpenOptions, nir, open_network};
use spikewatt::neuron::{Output, Semantics};
use spikewatt::record::{Probe, Recorder};
use spikewatt::spike::InputTrain;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// An array of `outputs.csv`.
#[derive(Debug, Clone)]
struct Stored {
    case: String,
    model: String,
    dataset: String,
    input: String,
    /// The population; the readout where empty.
    node: String,
    /// `spikes`, `v`, `i`, or `out`: what the network gives.
    what: String,
    semantics: String,
    dt: f64,
    tolerance: f64,
    /// The first axis is samples.
    samples: bool,
}

impl Stored {
    fn file(&self) -> PathBuf {
        let (folder, name) = self.case.split_once('/').unwrap();
        data("nir/outputs").join(match folder {
            "native" | "cross" => format!("{folder}_{name}.h5"),
            other => format!("{other}.h5"),
        })
    }

    fn producer(&self) -> &'static str {
        match () {
            () if self.case.starts_with("primitives") || self.dataset.starts_with("ref_") => "interpreter",
            () => "framework",
        }
    }
}

fn rows(name: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_path(data("nir/outputs").join(name)).unwrap();
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn outputs() -> Vec<Stored> {
    let stored = |row: Vec<String>| {
        let [case, model, dataset, input, node, what, semantics, dt, tolerance, samples]: [String; 10] = row.try_into().unwrap();
        let [dt, tolerance] = [dt, tolerance].map(|number| number.parse().unwrap());
        Stored { case, model, dataset, input, node, what, semantics, dt, tolerance, samples: samples == "1" }
    };
    rows("outputs.csv").into_iter().map(stored).collect()
}

fn array(file: &Path, name: &str) -> (Vec<usize>, Vec<f64>) {
    let dataset = hdf5::File::open(file).unwrap().dataset(name).unwrap();
    (dataset.shape(), dataset.read_raw::<f64>().unwrap())
}

/// Keeps everything: spikes as numbers of them, and variables, step by step.
struct All {
    spikes: BTreeMap<usize, Vec<f64>>,
    sizes: Vec<usize>,
    probes: Vec<Probe>,
    traces: Vec<Vec<f64>>,
}

impl Recorder for All {
    fn wants_spikes(&self, population: usize) -> bool {
        self.spikes.contains_key(&population)
    }

    fn spikes(&mut self, population: usize, tick: u64, ids: &[u32]) {
        let size = self.sizes[population];
        let row = &mut self.spikes.get_mut(&population).unwrap()[(tick as usize - 1) * size..][..size];
        ids.iter().for_each(|id| row[*id as usize] += 1.0);
    }

    fn probes(&self) -> &[Probe] {
        &self.probes
    }

    fn sample(&mut self, probe: usize, _tick: u64, values: &[f64]) {
        self.traces[probe].extend_from_slice(values);
    }
}

/// A population and what of it is wanted: `spikes` or a variable.
type Wanted = (usize, String);

/// Runs a network on frames of input, and gives what is wanted, step by step.
fn run(net: &Arc<CompiledNetwork>, frames: &[f64], steps: usize, wanted: &[Wanted]) -> BTreeMap<Wanted, Vec<f64>> {
    let sizes: Vec<usize> = net.populations.iter().map(|p| p.size).collect();
    let spikes = wanted.iter().filter(|(_, what)| what == "spikes").map(|(p, _)| (*p, vec![0.0; sizes[*p] * steps])).collect();
    let variables: Vec<&Wanted> = wanted.iter().filter(|(_, what)| what != "spikes").collect();
    let probe = |(population, variable): &&Wanted| Probe {
        population: *population,
        variable: variable.clone(),
        ids: (0..sizes[*population] as u32).collect(),
        every: 1,
    };
    let mut all = All { spikes, probes: variables.iter().map(probe).collect(), traces: vec![Vec::new(); variables.len()], sizes };
    let mut simulation = Simulation::new(net.clone(), 1);
    let input = net.input.unwrap();
    let channels = net.populations[input].size;
    simulation.set_input(input, Arc::new(InputTrain::Frames { channels, values: frames.to_vec() }));
    simulation.run(steps as u64, &mut all);
    let traces = variables.into_iter().cloned().zip(all.traces);
    traces.chain(all.spikes.into_iter().map(|(p, counts)| ((p, "spikes".into()), counts))).collect()
}

fn compiled(model: &str, semantics: &str, dt_s: f64) -> Arc<CompiledNetwork> {
    let semantics: Semantics = semantics.parse().unwrap();
    let options = OpenOptions { semantics: Some(semantics), dt_ms: Some(dt_s * 1e3), ..OpenOptions::default() };
    let network = open_network(&data(model), &options).unwrap_or_else(|wrong| panic!("{model}: {wrong}"));
    Arc::new(CompiledNetwork::new(&network, None, None).unwrap_or_else(|wrong| panic!("{model}: {wrong}")))
}

/// How an array of ours differs from theirs.
#[derive(Debug, Clone, Copy, Default)]
struct Difference {
    entries: usize,
    /// The first step in which the numbers of spikes differ, from 1.
    first_step: Option<usize>,
    /// The largest difference of numbers, in parts of the largest number.
    relative: f64,
}

impl Difference {
    fn of(ours: &[f64], theirs: &[f64], steps: usize, spikes: bool) -> Self {
        assert_eq!(ours.len(), theirs.len());
        if spikes {
            let at = ours.iter().zip(theirs).position(|(a, b)| a != b);
            return Self { entries: ours.len(), first_step: at.map(|at| at / (ours.len() / steps) + 1), relative: 0.0 };
        }
        let scale = theirs.iter().fold(f64::MIN_POSITIVE, |scale, v| scale.max(v.abs()));
        let relative = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs() / scale).fold(0.0, f64::max);
        Self { entries: ours.len(), first_step: None, relative }
    }
}

/// Every array of one run of one network.
fn differences(arrays: &[Stored]) -> Vec<Difference> {
    let first = &arrays[0];
    let net = compiled(&first.model, &first.semantics, first.dt);
    let population = |stored: &Stored| match stored.node.as_str() {
        "" => net.readout.unwrap(),
        name => net.populations.iter().position(|p| p.name == name).unwrap_or_else(|| panic!("{}: no {name}", stored.case)),
    };
    let wanted: Vec<Wanted> = arrays
        .iter()
        .map(|stored| {
            let at = population(stored);
            let spikes = net.populations[at].model.spec().output == Output::Spikes;
            let what = match stored.what.as_str() {
                "out" if spikes => "spikes",
                "out" => "output",
                what => what,
            };
            (at, what.to_owned())
        })
        .collect();
    let (shape, input) = array(&first.file(), &first.input);
    let channels = net.populations[net.input.unwrap()].size;
    let theirs: Vec<_> = arrays.iter().map(|stored| array(&stored.file(), &stored.dataset)).collect();
    if !first.samples {
        let steps = shape[0];
        let ours = run(&net, &input, steps, &wanted);
        return wanted
            .iter()
            .zip(&theirs)
            .map(|(w, (_, theirs))| Difference::of(&ours[w], theirs, steps, w.1 == "spikes"))
            .collect();
    }
    // Samples of spikes, or of values that are held over the steps; the pixels of the digits have 16 levels.
    let steps = theirs[0].0[1];
    let held = shape.len() == 2;
    let mut differences = vec![Difference::default(); arrays.len()];
    for sample in 0..shape[0] {
        let frames: Vec<f64> = match held {
            true => input[sample * channels..][..channels].iter().map(|pixel| pixel / 16.0).collect::<Vec<_>>().repeat(steps),
            false => input[sample * steps * channels..][..steps * channels].to_vec(),
        };
        let ours = run(&net, &frames, steps, &wanted);
        for ((difference, w), (shape, theirs)) in differences.iter_mut().zip(&wanted).zip(&theirs) {
            if sample < shape[0] {
                let each = steps * shape[2];
                let one = Difference::of(&ours[w], &theirs[sample * each..][..each], steps, w.1 == "spikes");
                difference.entries += one.entries;
                difference.first_step = difference.first_step.or(one.first_step);
                difference.relative = difference.relative.max(one.relative);
            }
        }
    }
    differences
}

/// The run that an array belongs to.
fn run_key(stored: &Stored) -> (String, String, String, String) {
    (stored.case.clone(), stored.semantics.clone(), stored.dt.to_string(), stored.input.clone())
}

/// A short number. What rounding makes in double precision is not told apart, since it depends on the order of sums.
fn short(value: f64) -> String {
    if value < 1e-12 { "< 1e-12".into() } else { format!("{value:.0e}") }
}

/// The table of every stored output.
fn outputs_table(text: &mut String, wrong: &mut Vec<String>) {
    let mut runs: BTreeMap<_, Vec<Stored>> = BTreeMap::new();
    outputs().into_iter().for_each(|stored| runs.entry(run_key(&stored)).or_default().push(stored));
    text.push_str(
        "| file | semantics | step | computed by | arrays | spike entries | first differing step | membranes |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let (mut arrays, mut entries) = (0, 0);
    for ((case, semantics, dt, _), stored) in &runs {
        let found = differences(stored);
        for producer in ["framework", "interpreter"] {
            let of = || stored.iter().zip(&found).filter(|(stored, _)| stored.producer() == producer);
            if of().next().is_none() {
                continue;
            }
            for (stored, difference) in of() {
                if difference.first_step.is_some() || difference.relative > stored.tolerance {
                    wrong.push(format!("{case} {semantics} {}: {difference:?}", stored.dataset));
                }
            }
            let first = of().filter_map(|(_, difference)| difference.first_step).min();
            let is_spikes = |stored: &Stored| stored.what == "spikes" || stored.what == "out";
            let spikes: usize = of().filter(|(stored, _)| is_spikes(stored)).map(|(_, difference)| difference.entries).sum();
            let others = || of().filter(|(stored, difference)| !is_spikes(stored) || difference.relative > 0.0);
            let relative = others().map(|(_, difference)| difference.relative).fold(0.0, f64::max);
            let membranes = if others().next().is_none() { "–".to_owned() } else { short(relative) };
            let shown = first.map_or_else(|| "none".to_owned(), |step| step.to_string());
            let number = of().count();
            let _ =
                writeln!(text, "| {case} | `{semantics}` | {dt} s | {producer} | {number} | {spikes} | {shown} | {membranes} |");
            arrays += number;
            entries += spikes;
        }
    }
    let _ = writeln!(text, "\n{arrays} arrays in {} runs, {entries} entries of spikes or outputs.", runs.len());
    assert_eq!(arrays, outputs().len());
}

/// The neuron of the NIR paper, on each platform and by each of our semantics.
fn paper_table(text: &mut String, wrong: &mut Vec<String>) {
    // What a platform's column of v is in units of the membrane, and how many steps later it tells its state; the rule that is its own.
    const PLATFORMS: &[(&str, f64, usize, &str)] = &[
        ("exact", 1.0, 0, "nir-subtract"),
        ("norse", 1.0, 0, "norse"),
        ("snntorch", 25.0, 0, "snntorch"),
        // 25, less what its integer arithmetic takes.
        ("spinnaker2", 24.995091, 0, "spinnaker2"),
        ("nengo", 10.0, 0, "nengo"),
        ("sinabs", 1.0, 0, "rockpool,gain=step"),
        ("rockpool", 1.0, 0, "rockpool,gain=step"),
        ("spyx", 1.0, 0, "spyx,gain=step"),
        ("lava_cpu_float", 1.0, 1, "lava"),
        ("lava_cpu_fixed", 15859.292215, 1, "lava"),
        ("lava_loihi_fixed", 15837.203842, 1, "lava"),
    ];
    const OURS: &[&str] =
        &["nir", "nir-subtract", "norse", "snntorch", "nengo", "spinnaker2", "rockpool,gain=step", "spyx,gain=step", "lava"];
    let _ = writeln!(text, "| platform | {} |", OURS.map_names());
    let _ = writeln!(text, "|---{}|", "|---".repeat(OURS.len()));
    let file = data("nir/outputs/paper_lif.h5");
    let column = |platform: &str, c: usize| array(&file, platform).1.into_iter().skip(c).step_by(3).collect::<Vec<_>>();
    // One input for all: some platforms tell theirs after a gain of their own.
    let input = column("norse", 0);
    let steps = input.len();
    for (platform, scale, lag, own) in PLATFORMS {
        let (v, spikes) = (column(platform, 1), column(platform, 2));
        let _ = write!(text, "| {platform} |");
        for semantics in OURS {
            let net = compiled("nir/paper_lif_norse.nir", semantics, 1e-4);
            let at = net.populations.iter().position(|p| p.model.spec().name == "lif").unwrap();
            let out = net.readout.unwrap();
            let ours = run(&net, &input, steps, &[(at, "v".into()), (out, "spikes".into())]);
            let spiking = Difference::of(&ours[&(out, "spikes".to_owned())], &spikes, steps, true);
            let membrane = &ours[&(at, "v".to_owned())];
            let furthest = (*lag..steps).map(|t| (membrane[t - lag] - v[t] / scale).abs()).fold(0.0, f64::max);
            match spiking.first_step {
                None => {
                    let _ = write!(text, " equal, {} |", short(furthest));
                    // The threshold is 0.1: within 1e-5 of it, but for integers and for the trace called exact, which is told apart from our exact
                    // solution by a rounded time constant.
                    if own == semantics && furthest > 1e-6 && !platform.ends_with("fixed") && *platform != "exact" {
                        wrong.push(format!("paper: {platform} by {semantics} differs by {furthest}"));
                    }
                }
                Some(step) => {
                    let _ = write!(text, " {step} |");
                    if own == semantics {
                        wrong.push(format!("paper: {platform} by {semantics} differs in step {step}"));
                    }
                }
            }
        }
        text.push('\n');
    }
}

trait Names {
    fn map_names(&self) -> String;
}

impl Names for [&str] {
    fn map_names(&self) -> String {
        self.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" | ")
    }
}

fn plain_table(text: &mut String, head: &str, rows: &[Vec<String>]) {
    let _ = writeln!(text, "| {head} |\n|{}", "---|".repeat(head.split('|').count()));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | ").replace('`', "'"));
    }
}

#[test]
fn every_stored_output_is_reproduced() {
    let mut wrong = Vec::new();
    let mut text = String::from(
        "# Agreement with the peers\n\n\
         Written by `tests/nir_agreement.rs` from `tests/data/nir/outputs`; the test fails where this page is not what it finds, and where a spike\n\
         or a membrane differs. Run it with SPIKEWATT_WRITE_MANUAL=1 to write the page anew.\n\n\
         ## Every stored output\n\n\
         Spikes are compared entry by entry, the number of spikes of each neuron in each step. Membranes and other numbers are compared in parts\n\
         of the largest of their array; the last column is the furthest. Framework outputs are in single precision and must be within 1e-5;\n\
         those of the interpreter, which is in double precision, within 1e-9 where they are stored so (its membranes of `cross` are stored in single\n\
         precision).\n\n",
    );
    outputs_table(&mut text, &mut wrong);
    text.push_str("\n## Files that a framework refused\n\n");
    plain_table(&mut text, "file | importer | what it said", &rows("refusals.csv"));
    text.push_str(
        "\n## One neuron on the platforms of the NIR paper\n\n\
         `paper_lif_norse.nir` (tau 2.5 ms, r = 1, threshold 0.1) under the paper's input, steps of 0.1 ms, on each platform of the paper and by our\n\
         semantics. A cell says `equal` and the largest difference of membranes, or the first step in which the spikes differ. Columns of v are\n\
         brought to one scale (snnTorch and SpiNNaker2 hold tau/dt times the membrane, Nengo parts of the threshold, fixed-point Lava integers);\n\
         Lava tells its state one step later. Fixed-point platforms (lava_cpu_fixed, lava_loihi_fixed) round what we do not.\n\n",
    );
    paper_table(&mut text, &mut wrong);
    text.push_str(
        "\n## Accuracies that the paper's platforms reached\n\n\
         As the paper's files carry them. The N-MNIST test set and the Braille inputs are not in the paper's repository, so that there is no accuracy\n\
         of ours beside them.\n\n",
    );
    plain_table(&mut text, "network | platform | accuracy", &rows("accuracies.csv"));
    assert!(wrong.is_empty(), "{} arrays differ:\n{}", wrong.len(), wrong.join("\n"));
    let path = data("nir/AGREEMENT.md");
    if std::env::var_os("SPIKEWATT_WRITE_MANUAL").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let page = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(page == text, "AGREEMENT.md is not what the test finds: run it with SPIKEWATT_WRITE_MANUAL=1 to write it anew");
}

#[test]
fn who_wrote_a_file_is_guessed_from_its_parameters() {
    use spikewatt::format::nir::Known::{Guessed, Taken};
    for (file, writer, semantics, dt_ms, known) in [
        ("native/snntorch_leaky_mlp", "snnTorch", "snntorch", 0.1, (Guessed, Guessed)),
        ("native/snntorch_conv_leaky", "snnTorch", "snntorch", 0.1, (Guessed, Guessed)),
        ("native/snntorch_rsynaptic_rnn", "snnTorch", "snntorch", 0.1, (Guessed, Guessed)),
        ("native/rockpool_lif_mlp", "rockpool", "rockpool", 1.0, (Guessed, Guessed)),
        ("paper_lif_rockpool", "rockpool", "rockpool", 0.1, (Guessed, Guessed)),
        ("native/sinabs_lif_mlp", "sinabs", "sinabs-native", 1000.0, (Guessed, Guessed)),
        ("native/sinabs_iaf_conv", "norse, sinabs or spyx", "nir-unit", 1000.0, (Guessed, Guessed)),
        ("native/norse_iaf_conv", "norse, sinabs or spyx", "nir-unit", 1000.0, (Guessed, Guessed)),
        ("native/spyx_if_mlp", "norse, sinabs or spyx", "nir-unit", 1000.0, (Guessed, Guessed)),
        ("native/spyx_lif_mlp", "spyx", "spyx", 1.0, (Guessed, Guessed)),
        ("native/spikingjelly_cubalif", "SpikingJelly", "spikingjelly", 0.1, (Guessed, Guessed)),
        ("native/spikingjelly_if", "SpikingJelly", "spikingjelly", 0.1, (Guessed, Guessed)),
        ("native/spikingjelly_lif_no_decay_input", "SpikingJelly", "spikingjelly", 0.1, (Guessed, Guessed)),
        ("native/spikingjelly_lif_decay_input", "SpikingJelly with decay_input=True", "spikingjelly", 0.1, (Guessed, Taken)),
        // r = 1 and time constants of some ms: norse, or anybody.
        ("native/norse_lifbox_li", "", "nir", 0.1, (Taken, Taken)),
    ] {
        let graph = nir::read(data(&format!("nir/{file}.nir"))).unwrap();
        let meaning = nir::meaning(&graph, None, None).unwrap();
        assert_eq!(meaning.guess.as_ref().map_or("", |guess| guess.writer), writer, "{file}");
        assert_eq!((meaning.semantics.name, (meaning.dt * 1e6).round() / 1e3), (semantics, dt_ms), "{file}");
        assert_eq!((meaning.semantics_known, meaning.dt_known), known, "{file}");
        let network = nir::to_network(&graph, file, None, None).unwrap();
        assert_eq!((network.semantics, network.dt_ms.unwrap()), (meaning.semantics, meaning.dt * 1e3), "{file}");
        let told = network.notes.iter().any(|note| note.contains("choose with --semantics and --dt"));
        assert!(told, "{file}: {:?}", network.notes);
    }
}

/// What a node says and the rules leave out is told where it changes anything, and where a connection waits.
#[test]
fn what_is_left_out_is_told() {
    let graph = nir::read(data("nir/cross/lif_all_params.nir")).unwrap();
    let ignored = |semantics: &str| {
        let meaning = nir::meaning(&graph, semantics.parse().ok(), Some(1.0)).unwrap();
        meaning.nodes.into_iter().find(|node| node.kind == "LIF").unwrap().ignored
    };
    assert_eq!(ignored("nir"), Vec::<String>::new());
    assert_eq!(ignored("norse"), ["r", "v_reset"]);
    assert_eq!(ignored("spyx"), ["r", "v_leak", "v_reset"]);
    assert_eq!(ignored("snntorch"), ["v_leak", "v_reset"]);
    let graph = nir::read(data("nir/cross/rnn_cuba_flat.nir")).unwrap();
    for (semantics, from, to) in [("nir", "lif1.lif", "lif1.w_rec"), ("norse", "lif1.w_rec", "lif1.lif")] {
        let nodes = nir::meaning(&graph, semantics.parse().ok(), None).unwrap().nodes;
        let waits: Vec<_> = nodes.iter().flat_map(|node| node.waits.iter().map(|to| (node.node.as_str(), to.as_str()))).collect();
        assert_eq!(waits, [(from, to)], "{semantics}");
    }
    let spyx = nir::meaning(&graph, "spyx".parse().ok(), None).unwrap().nodes;
    assert_eq!(spyx.iter().find(|node| node.node == "lif1.w_rec").unwrap().ignored, ["bias"]);
}
