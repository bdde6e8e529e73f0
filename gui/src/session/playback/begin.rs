//! The beginning: what a file holds, and what it is a recording of.

use super::{BINS, BLOCK, LARGEST, MOST, Playback, Train};
use crate::session::opening::Telling;
use crate::session::{Recorded, Scene, Shared, Source, Wake};
use spikewatt::compile::CompiledNetwork;
use spikewatt::diagnostic::{Diagnostic, Result};
use spikewatt::network::{Network, Population};
use spikewatt::neuron::model_by_name;
use spikewatt::record::Results;
use spikewatt::report::{Report, from_json};
use spikewatt::study::{Progress, Steps};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

/// Places of a train at which its ids are looked at, and how many there.
const PLACES: (usize, usize) = (16, 2_000);

impl<'a> Playback<'a> {
    /// Opens a file; of its spikes only few are read, however many there are.
    pub(super) fn open(source: &Source, shared: &'a Shared, wake: &'a Wake) -> Result<Self> {
        Telling { shared, wake }.begin("reading what the file holds", 0, Steps::Things(""));
        let results = Results::open(&source.network)?;
        let mut complaints = Vec::new();
        let report: Option<Report> = results.report.as_deref().and_then(|text| {
            // Spikes are there to be seen whatever is said of them.
            from_json(text).map_err(|_| complaints.push("the file's report cannot be read; its spikes can".to_owned())).ok()
        });
        let name = source.network.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let mut network = Network::new(report.as_ref().map_or(name, |report| report.network.name.clone()));
        let dt_s = report.as_ref().and_then(|report| report.run.dt_s).filter(|dt| *dt > 0.0);
        // Without a grid, a microsecond.
        let dt_ms = dt_s.map_or(1e-3, |dt| (dt * 1e12).round() * 1e-9);
        network.dt_ms = Some(dt_ms);
        let (mut last_ms, mut told) = (0.0f64, Vec::new());
        for at in 0..results.trains.len() {
            let train = &results.trains[at];
            let known = report.as_ref().and_then(|report| report.network.populations.iter().find(|p| p.name == train.name));
            let size = match known {
                Some(known) => known.size,
                None => some_id(&results, at)?.map_or(0, |id| id + 1),
            };
            if size > LARGEST {
                let message = format!("has {size} neurons; at most {LARGEST} can be shown");
                return Err(Diagnostic::at(format!("spikes/{}", train.name), message).into());
            }
            let plain = || model_by_name("lif_delta");
            let named = known.and_then(|known| model_by_name(&known.model));
            let model = named.filter(|model| model.spec().params.iter().all(|p| p.default.is_some())).or_else(plain);
            let model = model.expect("the plain model is built in");
            told.push(known.is_some());
            let size = size.max(1) as usize;
            let (params, init) = (BTreeMap::new(), BTreeMap::new());
            network.populations.push(Population { name: train.name.clone(), size, shape: vec![size], model, params, init });
            let end = results.read(at, train.len.saturating_sub(BLOCK)..train.len)?;
            last_ms = end.times_ms.iter().copied().fold(last_ms, f64::max);
        }
        if network.populations.is_empty() {
            return Err(Diagnostic::at("spikes", "holds no population: nothing was recorded").into());
        }
        let net = Arc::new(CompiledNetwork::new(&network, Some(dt_ms), None)?);
        let run = report.as_ref().map(|report| &report.run);
        let sample_ms = run.map_or(last_ms, |run| run.duration_s * 1e3).max(last_ms);
        let sample = (sample_ms / dt_ms).ceil().clamp(1.0, 1e15) as u64;
        let end = sample.saturating_mul(run.map_or(1, |run| run.samples).max(1));
        let total: usize = results.trains.iter().map(|train| train.len).sum();
        let trains = told.into_iter().map(|told| Train { told, bins: vec![0; BINS], ..Train::default() }).collect();
        let membranes = super::membranes::neurons(&results, &net);
        if results.traces.iter().any(|trace| !results.trains.iter().any(|train| train.name == trace.population)) {
            complaints.push("membranes of populations without recorded spikes are in the file and not shown".to_owned());
        }
        let recorded = Some(Recorded { report: report.map(Arc::new), spikes: total, membranes });
        let scene = Scene {
            source: source.clone(),
            network: Arc::new(network),
            built: net.clone(),
            net,
            dataset: None,
            task: None,
            ticks: None,
            dense: None,
            notes: vec!["A recording: it is looked at, not simulated.".into()],
            recorded,
        };
        let mut playback = Self {
            shared,
            wake,
            results,
            scene: Arc::new(scene),
            trains,
            end,
            sample,
            thin: total.div_ceil(MOST).max(1),
            walked: (0, 0),
            told: Instant::now(),
            window: (0, end),
            shown: 1,
            complaints,
            too_many_rows: false,
            found: None,
        };
        playback.tell_counts();
        playback.tell();
        Ok(playback)
    }

    /// Makes a population as large as the ids that were met ask for. Its file tells no size.
    pub(super) fn grow(&mut self, train: usize, size: usize) -> Result<()> {
        let mut network = (*self.scene.network).clone();
        (network.populations[train].size, network.populations[train].shape) = (size, vec![size]);
        let net = Arc::new(CompiledNetwork::new(&network, network.dt_ms, None)?);
        let scene = Scene { network: Arc::new(network), built: net.clone(), net, ..(*self.scene).clone() };
        self.scene = Arc::new(scene);
        Ok(())
    }
}

/// The largest of some ids of a population, found all over the file; `None` where it has no spike.
fn some_id(results: &Results, train: usize) -> Result<Option<u64>> {
    let (places, many) = PLACES;
    let len = results.trains[train].len;
    let mut largest = None;
    for place in 0..places {
        let from = (len as f64 * place as f64 / places as f64) as usize;
        largest = largest.max(results.read(train, from..from + many)?.ids.into_iter().max());
    }
    Ok(largest)
}
