//! Results as HDF5 in SONATA's layout (Dai et al., PLoS Comput. Biol. 16:e1007696, 2020; SONATA developer guide).
//!
//! Spikes of population P are under `/spikes/P` (`timestamps` in ms, `node_ids`), by time; traces under `/report/P` (`data`, one row a
//! sample, and `mapping`), those of another variable than `v` under `/report/P.VARIABLE`. Neurons have the ids that they have in the file they are
//! from ([`NodeIds`]), and spikes of the parts of a population there stand together. Of several samples of a data set, each spike and
//! each row has its sample's number in `sample` beside it, and times count from the sample's start. The root has the report as
//! its attribute `spikewatt`, and an attribute `partial` where the run was interrupted.

use super::column::{Column, array, text_attribute};
use super::{MemoryRecorder, Probe, Recorder, Selection};
use crate::compile::CompiledNetwork;
use crate::diagnostic::{Diagnostic, Result};
use crate::format::h5::H5File;
use crate::format::sonata::{MAGIC, Sorting};
use crate::whole_file::WholeFile;
use std::path::Path;

/// Values that all columns of a file hold together at most, wide rows apart.
const HELD: usize = 1 << 20;

/// Writes what was recorded of the samples of a data set (of one, as of a plain run), with the report as the root's attribute.
///
/// The file appears whole or not at all.
///
/// # Errors
/// Where the file cannot be written.
pub fn write_results(
    path: &Path,
    net: &CompiledNetwork,
    samples: &[&MemoryRecorder],
    report_json: &str,
    partial: bool,
) -> Result<()> {
    let selection = samples.first().map_or_else(Selection::default, |first| Selection {
        spikes: first.trains.iter().map(|train| train.population).collect(),
        probes: first.probes().to_vec(),
    });
    // Populations come one behind the other.
    let mut file = SonataFile::begin(path, net, &selection, samples.len() > 1, false)?;
    let failed = |error: hdf5::Error| Diagnostic::new(format!("cannot be written: {error}")).file(path);
    for (sample, recorder) in samples.iter().enumerate() {
        file.begin_sample(sample as u64);
        for (at, train) in recorder.trains.iter().enumerate() {
            file.spikes(at, train.times(), &train.ids).map_err(failed)?;
        }
        for (at, trace) in recorder.traces.iter().enumerate() {
            let neurons = trace.probe.ids.len();
            for (row, &tick) in trace.ticks.iter().enumerate() {
                file.row(at, tick, &trace.values[row * neurons..][..neurons]).map_err(failed)?;
            }
        }
    }
    file.finish(report_json, partial)
}

/// The report in a result file, as JSON; `None` where the file is HDF5 and no result of ours.
///
/// # Errors
/// Where the file cannot be read.
pub fn read_report(path: &Path) -> Result<Option<String>> {
    H5File::open(path)?.attribute_string("/", "spikewatt")
}

/// A result file on its way: it grows by blocks and appears when it is finished.
#[derive(Debug)]
pub(super) struct SonataFile {
    // The HDF5 file must be closed before it is renamed or removed, so it stands first.
    open: Open,
    whole: WholeFile,
}

#[derive(Debug)]
struct Open {
    file: hdf5::File,
    trains: Vec<Train>,
    /// The train that each selected population's spikes go to, and what its neurons are called there where not by their number.
    goes_to: Vec<(usize, Option<Vec<u64>>)>,
    traces: Vec<Rows>,
    sample: u64,
    dt_ms: f64,
}

#[derive(Debug)]
struct Train {
    times: Column<f64>,
    ids: Column<u64>,
    sample: Option<Column<u64>>,
}

#[derive(Debug)]
struct Rows {
    data: Column<f64>,
    mapping: hdf5::Group,
    sample: Option<Column<u64>>,
    every: u64,
    /// Tick of the first row and rows of the first sample.
    first: Option<u64>,
    rows: u64,
}

impl SonataFile {
    /// Begins a file of what is selected, of several samples where `many`; `by_time` where spikes of all populations come in the order of time.
    pub(super) fn begin(path: &Path, net: &CompiledNetwork, selection: &Selection, many: bool, by_time: bool) -> Result<Self> {
        let whole = WholeFile::begin(path)?;
        let open = Open::create(whole.path(), net, selection, many, by_time)
            .map_err(|error| Diagnostic::new(format!("cannot be written: {error}")).file(path))?;
        Ok(Self { open, whole })
    }

    /// What comes from now on is of this sample.
    pub(super) fn begin_sample(&mut self, sample: u64) {
        self.open.sample = sample;
    }

    /// Spikes of the `train`th population that is selected; times are in ticks.
    pub(super) fn spikes(&mut self, train: usize, times: impl IntoIterator<Item = f64>, ids: &[u32]) -> hdf5::Result<()> {
        let (dt_ms, sample) = (self.open.dt_ms, self.open.sample);
        let (train, names) = &self.open.goes_to[train];
        let train = &mut self.open.trains[*train];
        train.times.extend(times.into_iter().map(|time| time * dt_ms))?;
        match names {
            None => train.ids.extend(ids.iter().map(|id| u64::from(*id)))?,
            Some(names) => train.ids.extend(ids.iter().map(|id| names[*id as usize]))?,
        }
        train.sample.as_mut().map_or(Ok(()), |column| column.extend(std::iter::repeat_n(sample, ids.len())))
    }

    /// A row of the `trace`th probe.
    pub(super) fn row(&mut self, trace: usize, tick: u64, values: &[f64]) -> hdf5::Result<()> {
        let sample = self.open.sample;
        let trace = &mut self.open.traces[trace];
        trace.first.get_or_insert(tick);
        trace.rows += u64::from(sample == 0);
        trace.data.extend(values.iter().copied())?;
        trace.sample.as_mut().map_or(Ok(()), |column| column.extend([sample]))
    }

    /// Completes the file and puts it into its place.
    pub(super) fn finish(self, report_json: &str, partial: bool) -> Result<()> {
        let Self { open, whole } = self;
        open.close(report_json, partial)
            .map_err(|error| Diagnostic::new(format!("cannot be written: {error}")).file(whole.place()))?;
        whole.finish()
    }

    /// Values that are held and values that may be, over all columns.
    #[cfg(test)]
    pub(super) fn room_and_bound(&self) -> (usize, usize) {
        let open = &self.open;
        let floats = open.trains.iter().map(|t| &t.times).chain(open.traces.iter().map(|t| &t.data));
        let (mut room, mut bound) = floats.fold((0, 0), |(room, bound), c| (room + c.room(), bound + c.bound()));
        for ids in open.trains.iter().map(|t| &t.ids) {
            room += ids.room();
            bound += ids.bound();
        }
        (room, bound)
    }
}

impl Open {
    fn create(path: &Path, net: &CompiledNetwork, selection: &Selection, many: bool, by_time: bool) -> hdf5::Result<Self> {
        let file = hdf5::File::create(path)?;
        file.new_attr::<u32>().create("magic")?.write_scalar(&MAGIC)?;
        file.new_attr::<u32>().shape([2]).create("version")?.write_raw(&[0u32, 1])?;
        let columns = 3 * selection.spikes.len() + 2 * selection.probes.len();
        let block = (HELD / columns.max(1)).clamp(1 << 9, 1 << 16);
        let of_samples = |group: &hdf5::Group| many.then(|| Column::new(group, "sample", None, block)).transpose();
        let mut trains = Vec::with_capacity(selection.spikes.len());
        let mut goes_to: Vec<(usize, Option<Vec<u64>>)> = Vec::with_capacity(selection.spikes.len());
        let in_file = |population: usize| {
            let name = &net.populations[population].name;
            net.node_ids.get(name).map_or((name, None), |outside| (&outside.population, Some(&outside.ids)))
        };
        for (at, &population) in selection.spikes.iter().enumerate() {
            let (name, ids) = in_file(population);
            let before = selection.spikes[..at].iter().position(|other| in_file(*other).0 == name);
            goes_to.push((before.map_or(trains.len(), |before| goes_to[before].0), ids.cloned()));
            if before.is_some() {
                continue;
            }
            let alone = selection.spikes[at + 1..].iter().all(|other| in_file(*other).0 != name);
            let group = file.create_group(&format!("spikes/{name}"))?;
            let sorting = if by_time || alone { Sorting::by_time } else { Sorting::none };
            group.new_attr::<Sorting>().create("sorting")?.write_scalar(&sorting)?;
            let times = Column::new(&group, "timestamps", None, block)?;
            text_attribute(times.dataset(), "units", "ms")?;
            trains.push(Train { times, ids: Column::new(&group, "node_ids", None, block)?, sample: of_samples(&group)? });
        }
        let mut traces = Vec::with_capacity(selection.probes.len());
        for Probe { population, variable, ids, every } in &selection.probes {
            let population = &net.populations[*population];
            let name = if variable == "v" { population.name.clone() } else { format!("{}.{variable}", population.name) };
            let group = file.create_group(&format!("report/{name}"))?;
            let data = Column::new(&group, "data", Some(ids.len()), block)?;
            let unit = population.model.spec().variable(variable).map_or("", |v| v.dimension.unit());
            text_attribute(data.dataset(), "units", unit)?;
            let mapping = group.create_group("mapping")?;
            let names = net.node_ids.get(&population.name).map(|outside| &outside.ids);
            let name_of = |id: &u32| names.map_or(u64::from(*id), |names| names[*id as usize]);
            array(&mapping, "node_ids", &ids.iter().map(name_of).collect::<Vec<_>>())?;
            array(&mapping, "element_ids", &vec![0u64; ids.len()])?;
            array(&mapping, "index_pointer", &(0..=ids.len() as u64).collect::<Vec<_>>())?;
            traces.push(Rows { data, mapping, sample: of_samples(&group)?, every: *every, first: None, rows: 0 });
        }
        Ok(Self { file, trains, goes_to, traces, sample: 0, dt_ms: net.dt_ms })
    }

    fn close(mut self, report_json: &str, partial: bool) -> hdf5::Result<()> {
        for train in &mut self.trains {
            train.times.flush()?;
            train.ids.flush()?;
            train.sample.as_mut().map_or(Ok(()), Column::flush)?;
        }
        for trace in &mut self.traces {
            trace.data.flush()?;
            trace.sample.as_mut().map_or(Ok(()), Column::flush)?;
            let step = trace.every as f64 * self.dt_ms;
            let start = trace.first.map_or(0.0, |tick| tick as f64 * self.dt_ms);
            let time = array(&trace.mapping, "time", &[start, start + step * trace.rows as f64, step])?;
            text_attribute(&time, "units", "ms")?;
        }
        text_attribute(&self.file, "spikewatt", report_json)?;
        if partial {
            self.file.new_attr::<u8>().create("partial")?.write_scalar(&1u8)?;
        }
        // A full disk is told here and not where the file is closed.
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Drive, Network, Population, Record, Stimulus, Target, TraceRequest};
    use crate::neuron::model_by_name;
    use hdf5::types::VarLenUnicode;
    use std::collections::BTreeMap;
    use std::sync::Arc;

    #[test]
    fn results_have_sonatas_layout() {
        let mut network = Network::new("test");
        network.dt_ms = Some(0.5);
        network.populations.push(Population {
            name: "n".into(),
            size: 2,
            shape: vec![2],
            model: model_by_name("lif_delta").expect("built in"),
            params: BTreeMap::new(),
            init: BTreeMap::new(),
        });
        network.stimuli.push(Stimulus {
            name: "s".into(),
            to: Target { population: "n".into(), ids: vec![1] },
            drive: Drive::Spikes { events: vec![(None, 1.0)], weight: 20.0, delay_ms: 0.5 },
        });
        let net = Arc::new(CompiledNetwork::new(&network, None, None).expect("good"));
        let trace = TraceRequest { population: "n".into(), variable: "v".into(), ids: vec![1], every_ms: Some(1.0) };
        let record = Record { spikes: vec!["n".into()], traces: vec![trace] };
        let mut recorder = MemoryRecorder::new(&net, &record).expect("good");
        crate::engine::Simulation::new(net.clone(), 1).run(10, &mut recorder);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out.h5");
        write_results(&path, &net, &[&recorder], "{\"schema\":1}", false).expect("written");

        assert_eq!(read_report(&path).expect("HDF5").as_deref(), Some("{\"schema\":1}"));
        let file = hdf5::File::open(&path).expect("HDF5");
        assert_eq!(file.attr("magic").expect("there").read_scalar::<u32>().expect("u32"), MAGIC);
        assert_eq!(
            file.attr("spikewatt").expect("there").read_scalar::<VarLenUnicode>().expect("text").as_str(),
            "{\"schema\":1}"
        );
        let read = |name: &str| file.dataset(name).expect("there").read_raw::<f64>().expect("numbers");
        assert_eq!(read("spikes/n/timestamps"), [1.5]);
        assert_eq!(read("spikes/n/node_ids"), [1.0]);
        let sorting = file.group("spikes/n").expect("there").attr("sorting").expect("there");
        assert_eq!(sorting.read_scalar::<Sorting>().expect("an enumeration"), Sorting::by_time);
        assert_eq!(read("report/n/mapping/time"), [0.5, 5.5, 1.0]);
        assert_eq!(file.dataset("report/n/data").expect("there").shape(), [5, 1]);
        assert_eq!(read("report/n/mapping/node_ids"), [1.0]);
    }
}
