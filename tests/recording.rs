//! What is recorded: the same in a file as in memory, and nothing that changes a result.

use spikewatt::dataset::Dataset;
use spikewatt::format::{OpenOptions, open_network};
use spikewatt::network::{Network, Record, TraceRequest};
use spikewatt::study::{Keep, Outcome, Plan, Progress, Quiet, Settings, Steps, run};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

fn network(name: &str) -> Network {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("networks").join(name);
    open_network(&path, &OpenOptions::default()).unwrap_or_else(|wrong| panic!("{wrong}"))
}

fn winner() -> (Network, Settings) {
    let network = network("04-winner-take-all.toml");
    let trace = |population: &str, every_ms| TraceRequest {
        population: population.into(),
        variable: "v".into(),
        ids: vec![3, 1],
        every_ms,
    };
    let record = Record {
        spikes: network.populations.iter().map(|p| p.name.clone()).collect(),
        traces: vec![trace("left", None), trace("inhibitory", Some(0.7))],
    };
    (network, Settings { duration_ms: Some(300.0), record: Some(record), ..Settings::default() })
}

fn kept(network: &Network, settings: &Settings, keep: Keep, threads: usize) -> Outcome {
    let settings = Settings { keep, threads: Some(threads), ..settings.clone() };
    let plan = Plan::new(network, None, &settings).unwrap_or_else(|wrong| panic!("{wrong}"));
    run(network, None, &plan, &Quiet).unwrap_or_else(|wrong| panic!("{wrong}"))
}

#[test]
fn recorders_change_no_result() {
    let (network, settings) = winner();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("out.h5");
    let nothing = kept(&network, &settings, Keep::Nothing, 1);
    assert!(nothing.recorded.is_empty() && nothing.file.is_none());
    assert!(nothing.counts.total().spikes > 100, "the network is alive");
    for threads in [1, 2] {
        let memory = kept(&network, &settings, Keep::Memory, threads);
        let mut file = kept(&network, &settings, Keep::File(path.clone()), threads);
        assert_eq!(nothing.counts, memory.counts);
        assert_eq!(nothing.counts, file.counts);
        file.write("{}").expect("written");
        let recorded = &memory.recorded[0];
        let read = hdf5::File::open(&path).expect("HDF5");
        for train in &recorded.trains {
            let group = read.group(&format!("spikes/{}", network.populations[train.population].name)).expect("spikes");
            let times = group.dataset("timestamps").expect("there").read_raw::<f64>().expect("numbers");
            assert_eq!(times, train.ticks.iter().map(|tick| *tick as f64 * 0.1).collect::<Vec<_>>());
            let ids = group.dataset("node_ids").expect("there").read_raw::<u64>().expect("numbers");
            assert_eq!(ids, train.ids.iter().map(|id| u64::from(*id)).collect::<Vec<_>>());
        }
        let spikes: u64 = recorded.trains.iter().map(|t| t.ids.len() as u64).sum();
        assert_eq!(spikes, nothing.counts.total().spikes, "every spike that is counted");
        for trace in &recorded.traces {
            let group = read.group(&format!("report/{}", network.populations[trace.probe.population].name)).expect("traces");
            let values = group.dataset("data").expect("there").read_raw::<f64>().expect("numbers");
            assert!(values.len() == trace.values.len() && !values.is_empty());
            assert!(values.iter().zip(&trace.values).all(|(a, b)| a.to_bits() == b.to_bits()));
            let time = group.dataset("mapping/time").expect("there").read_raw::<f64>().expect("numbers");
            let (first, every) = (trace.ticks[0] as f64 * 0.1, trace.probe.every as f64 * 0.1);
            assert_eq!(time, [first, first + every * trace.ticks.len() as f64, every]);
        }
    }
}

/// Asks a job to stop after so many steps.
struct StopAfter {
    left: AtomicU64,
}

impl Progress for StopAfter {
    fn begin(&self, _stage: &str, _total: u64, _steps: Steps) {}

    fn advance(&self, steps: u64) {
        let _ = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| Some(left.saturating_sub(steps)));
    }

    fn cancelled(&self) -> bool {
        self.left.load(Ordering::SeqCst) == 0
    }
}

#[test]
fn a_run_that_stops_early_is_the_beginning_of_the_whole_run() {
    let (network, settings) = winner();
    let plan = Plan::new(&network, None, &settings).unwrap_or_else(|wrong| panic!("{wrong}"));
    let stop = StopAfter { left: AtomicU64::new(1) };
    let part = run(&network, None, &plan, &stop).expect("good");
    assert!(part.partial && part.done.ticks > 0 && part.done.ticks < plan.ticks, "{} of {}", part.done.ticks, plan.ticks);
    let begun = Settings { duration_ms: None, steps: Some(part.done.ticks), ..settings };
    let whole = kept(&network, &begun, Keep::Memory, 2);
    assert!(!whole.partial);
    assert_eq!(part.counts, whole.counts);
    assert_eq!(part.recorded[0].trains, whole.recorded[0].trains);
    assert_eq!(part.recorded[0].traces, whole.recorded[0].traces);
}

#[test]
fn samples_that_are_done_are_those_of_the_whole_run() {
    let network = network("digits.nir");
    let data = Dataset::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/digits.h5")).expect("good");
    for threads in [1, 2] {
        // Many enough that the second thread has begun somewhere in the middle.
        let plan = Plan::new(&network, Some(&data), &Settings { threads: Some(threads), ..Settings::default() }).expect("good");
        let whole = run(&network, Some(&data), &plan, &Quiet).expect("good");
        let part = run(&network, Some(&data), &plan, &StopAfter { left: AtomicU64::new(200) }).expect("good");
        let (all, done) = (plan.task.as_ref().expect("samples"), part.done.task.as_ref().expect("samples"));
        assert!(part.partial && !whole.partial);
        assert!((200..200 + threads).contains(&done.samples.len()), "{} samples", done.samples.len());
        assert_eq!(part.counts.samples as usize, done.samples.len());
        let (whole, part) = (whole.task.expect("answers"), part.task.expect("answers"));
        for (sample, answer) in done.samples.iter().zip(&part.predictions) {
            let at = all.samples.iter().position(|s| s == sample).expect("it was planned");
            assert_eq!(*answer, whole.predictions[at], "sample {sample}");
        }
    }
}
