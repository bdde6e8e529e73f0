//! Spikes and traces written to a file while they come, so that a run can be longer than memory.

use super::sonata::SonataFile;
use super::{Probe, Recorder, Selection};
use crate::compile::CompiledNetwork;
use crate::diagnostic::{Diagnostic, Result};
use std::path::{Path, PathBuf};

/// Writes what it hears to an HDF5 file in SONATA's layout. It holds a block of each dataset, however long the run is.
///
/// The file is written beside its place, with `.partial` at the end of its name, and appears whole when it is finished; dropped
/// unfinished, it goes.
#[derive(Debug)]
pub struct FileRecorder {
    file: SonataFile,
    place: PathBuf,
    probes: Vec<Probe>,
    /// Place of each population in the file.
    slot: Vec<Option<usize>>,
    /// What went wrong first. From then on nothing is kept.
    failure: Option<String>,
}

impl FileRecorder {
    /// Begins a file of what is selected.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn begin(path: &Path, net: &CompiledNetwork, selection: &Selection) -> Result<Self> {
        let file = SonataFile::begin(path, net, selection, false, true)?;
        let mut slot = vec![None; net.populations.len()];
        for (at, &population) in selection.spikes.iter().enumerate() {
            slot[population] = Some(at);
        }
        Ok(Self { file, place: path.into(), probes: selection.probes.clone(), slot, failure: None })
    }

    /// Completes the file, with the report as its root's attribute `spikewatt` and an attribute `partial` where the run was
    /// interrupted, and puts it into its place.
    ///
    /// # Errors
    /// Where it, or something before, cannot be written. Nothing is left at its place then that was not there before.
    pub fn finish(self, report_json: &str, partial: bool) -> Result<()> {
        self.check()?;
        self.file.finish(report_json, partial)
    }

    /// Tells what could not be written so far.
    ///
    /// # Errors
    /// Where something could not be written.
    pub fn check(&self) -> Result<()> {
        match &self.failure {
            None => Ok(()),
            Some(message) => Err(Diagnostic::new(format!("cannot be written: {message}")).file(&self.place).into()),
        }
    }

    fn keep(&mut self, write: impl FnOnce(&mut SonataFile) -> hdf5::Result<()>) {
        if self.failure.is_none()
            && let Err(error) = write(&mut self.file)
        {
            self.failure = Some(error.to_string());
        }
    }
}

impl Recorder for FileRecorder {
    fn wants_spikes(&self, population: usize) -> bool {
        self.slot[population].is_some()
    }

    fn spikes(&mut self, population: usize, tick: u64, ids: &[u32]) {
        if let Some(slot) = self.slot[population] {
            self.keep(|file| file.spikes(slot, std::iter::repeat_n(tick as f64, ids.len()), ids));
        }
    }

    fn exact_spike(&mut self, population: usize, tick: u64, fraction: f64, id: u32) {
        if let Some(slot) = self.slot[population] {
            self.keep(|file| file.spikes(slot, [tick as f64 + fraction], &[id]));
        }
    }

    fn probes(&self) -> &[Probe] {
        &self.probes
    }

    fn sample(&mut self, probe: usize, tick: u64, values: &[f64]) {
        self.keep(|file| file.row(probe, tick, values));
    }

    fn failed(&self) -> bool {
        self.failure.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Network, Population};
    use crate::neuron::model_by_name;
    use std::collections::BTreeMap;

    fn net(size: usize) -> CompiledNetwork {
        let mut network = Network::new("test");
        network.dt_ms = Some(0.5);
        network.populations.push(Population {
            name: "n".into(),
            size,
            shape: vec![size],
            model: model_by_name("lif_delta").expect("built in"),
            params: BTreeMap::new(),
            init: BTreeMap::new(),
        });
        CompiledNetwork::new(&network, None, None).expect("good")
    }

    fn probe(ids: std::ops::Range<u32>) -> Probe {
        Probe { population: 0, variable: "v".into(), ids: ids.collect(), every: 1 }
    }

    #[test]
    fn what_is_held_does_not_grow_with_the_run() {
        let net = net(1000);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out.h5");
        let selection = Selection { spikes: vec![0], probes: vec![probe(0..7)] };
        let mut recorder = FileRecorder::begin(&path, &net, &selection).expect("a file");
        let ids: Vec<u32> = (0..1000).collect();
        let mut rooms = Vec::new();
        let ticks = 2000;
        for tick in 1..=ticks {
            recorder.spikes(0, tick, &ids);
            recorder.sample(0, tick, &[tick as f64; 7]);
            rooms.push(recorder.file.room_and_bound());
        }
        let most = rooms.iter().map(|(room, _)| *room).max().expect("some");
        let (_, bound) = rooms[0];
        // A vector may take up to twice what it holds.
        assert!(most <= 2 * bound, "room for {most} values is taken, and {bound} are the bound");
        assert!(bound < 2 * ticks as usize * 1000 / 10, "the run is longer than the bound, or this test shows nothing");
        recorder.finish("{}", false).expect("written");
        let file = hdf5::File::open(&path).expect("HDF5");
        let times = file.dataset("spikes/n/timestamps").expect("there").read_raw::<f64>().expect("numbers");
        let node_ids = file.dataset("spikes/n/node_ids").expect("there").read_raw::<u64>().expect("numbers");
        assert_eq!(times.len(), 2_000_000);
        assert!(times.iter().enumerate().all(|(at, time)| *time == (at / 1000 + 1) as f64 * 0.5), "in order, none lost");
        assert!(node_ids.iter().enumerate().all(|(at, id)| *id == (at % 1000) as u64));
        let data = file.dataset("report/n/data").expect("there");
        assert_eq!(data.shape(), [2000, 7]);
        let values = data.read_raw::<f64>().expect("numbers");
        assert!(values.iter().enumerate().all(|(at, v)| *v == (at / 7 + 1) as f64));
        assert_eq!(file.dataset("report/n/mapping/time").expect("there").read_raw::<f64>().expect("numbers"), [0.5, 1000.5, 0.5]);
        assert!(file.attr("partial").is_err(), "whole");
    }

    #[test]
    fn rows_wider_than_a_block_are_written_one_by_one() {
        let net = net(100_000);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out.h5");
        let selection = Selection { spikes: vec![], probes: vec![probe(0..100_000)] };
        let mut recorder = FileRecorder::begin(&path, &net, &selection).expect("a file");
        for tick in 1..=3 {
            recorder.sample(0, tick, &(0..100_000).map(|id| f64::from(id) + tick as f64).collect::<Vec<_>>());
        }
        recorder.finish("{}", true).expect("written");
        let file = hdf5::File::open(&path).expect("HDF5");
        assert_eq!(file.attr("partial").expect("marked").read_scalar::<u8>().expect("a number"), 1);
        let data = file.dataset("report/n/data").expect("there");
        assert_eq!(data.shape(), [3, 100_000]);
        assert_eq!(data.read_raw::<f64>().expect("numbers")[299_999], 99_999.0 + 3.0);
    }

    #[test]
    fn an_unfinished_file_leaves_nothing() {
        let net = net(10);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out.h5");
        std::fs::write(&path, "older").expect("written");
        let mut recorder =
            FileRecorder::begin(&path, &net, &Selection { spikes: vec![0], probes: vec![] }).expect("a file beside");
        recorder.spikes(0, 1, &[1, 2]);
        drop(recorder);
        assert_eq!(std::fs::read_to_string(&path).expect("still there"), "older");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}
