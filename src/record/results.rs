//! Reading results back piece by piece, so that a file may be larger than memory.

use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use crate::format::h5::H5File;
use crate::format::sonata::holds_spikes;
use std::ops::Range;
use std::path::Path;

/// A file of results in SONATA's layout, opened for reading piece by piece: nothing of its spikes is held.
#[derive(Debug)]
pub struct Results {
    file: H5File,
    /// The report of the run, as JSON, where the file has one.
    pub report: Option<String>,
    /// Populations with spikes.
    pub trains: Vec<RecordedTrain>,
    /// State variables of some neurons over time.
    pub traces: Vec<RecordedTrace>,
}

/// Spikes of a population in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedTrain {
    /// The population.
    pub name: String,
    /// Number of its spikes.
    pub len: usize,
    /// Each spike has its sample's number beside it.
    pub samples: bool,
    /// The file has times in seconds; they are told in milliseconds all the same.
    pub seconds: bool,
}

/// A state variable of some neurons of a population in a file: rows of values, one row a sampling.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedTrace {
    /// Its place below `report` in the file.
    place: String,
    /// The population.
    pub population: String,
    /// The variable, such as `v`.
    pub variable: String,
    /// The neurons, by their ids in the file, in the order of the values of a row.
    pub ids: Vec<u64>,
    /// Number of rows.
    pub rows: usize,
    /// The moment of a sample's first row, ms from its beginning.
    pub start_ms: f64,
    /// From row to row, ms.
    pub step_ms: f64,
    /// Rows of one sample; those of a plain run are all of one.
    pub rows_of_sample: usize,
}

/// Some spikes of a population, in the file's order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecordedSpikes {
    /// Times, ms, from the beginning of the run or of the sample.
    pub times_ms: Vec<f64>,
    /// Neurons, by their ids in the file.
    pub ids: Vec<u64>,
    /// The sample of each; empty where there are none.
    pub samples: Vec<u64>,
}

impl Results {
    /// True where the file at `path` is HDF5 with spikes in SONATA's layout.
    #[must_use]
    pub fn is_one(path: &Path) -> bool {
        H5File::sniff(path) && holds_spikes(path)
    }

    /// Opens a file and reads what spikes it holds, but none of them.
    ///
    /// # Errors
    /// Where it is no such file; every complaint at once.
    pub fn open(path: &Path) -> Result<Self> {
        let file = H5File::open(path)?;
        if !file.is_group("spikes") {
            return Err(Diagnostic::at("spikes", "is missing: the file holds no results")
                .file(path)
                .help("results are written by `spikewatt run --out FILE.h5`")
                .into());
        }
        let mut wrong = Diagnostics::new();
        let mut trains = Vec::new();
        for name in file.members("spikes")? {
            let group = format!("spikes/{name}");
            if !file.is_group(&group) {
                continue;
            }
            let lengths = ["timestamps", "node_ids", "sample"].map(|column| {
                let at = format!("{group}/{column}");
                let there = column != "sample" || file.exists(&at);
                there.then(|| wrong.take(length(&file, &at))).flatten()
            });
            let [Some(len), Some(ids), samples] = lengths else { continue };
            if ids != len || samples.is_some_and(|n| n != len) {
                wrong.push(file.complaint(&group, format!("has {len} timestamps and {ids} node ids; they must be as many")));
            }
            let unit = wrong.take(file.attribute_string(&format!("{group}/timestamps"), "units")).flatten();
            let seconds = matches!(unit.as_deref(), Some("s" | "second" | "seconds"));
            trains.push(RecordedTrain { name, len, samples: samples.is_some(), seconds });
        }
        let traces = wrong.take(traces(&file, &trains)).unwrap_or_default();
        let report = wrong.take(file.attribute_string("/", "spikewatt")).flatten();
        wrong.or(Self { file, report, trains, traces })
    }

    /// Reads some rows of a trace, by its place in [`traces`](Self::traces), one behind another; what lies beyond the end is left out.
    ///
    /// # Errors
    /// Where the file is damaged there.
    pub fn read_trace(&self, trace: usize, rows: Range<usize>) -> Result<Vec<f64>> {
        let RecordedTrace { place, rows: all, .. } = &self.traces[trace];
        let end = rows.end.min(*all);
        if rows.start >= end {
            return Ok(Vec::new());
        }
        self.file.rows_in(&format!("report/{place}/data"), rows.start..end)
    }

    /// Reads some spikes of a population, by its place in [`trains`](Self::trains); what lies beyond the end is left out.
    ///
    /// # Errors
    /// Where the file is damaged there.
    pub fn read(&self, train: usize, range: Range<usize>) -> Result<RecordedSpikes> {
        let RecordedTrain { name, len, samples, seconds } = &self.trains[train];
        let end = range.end.min(*len);
        let range = range.start.min(end)..end;
        if range.is_empty() {
            return Ok(RecordedSpikes::default());
        }
        let whole = |values: Vec<f64>| values.into_iter().map(|value| value as u64).collect();
        let column = |column: &str| self.file.floats_in(&format!("spikes/{name}/{column}"), range.clone());
        let mut times_ms = column("timestamps")?;
        if *seconds {
            times_ms.iter_mut().for_each(|time| *time *= 1e3);
        }
        Ok(RecordedSpikes {
            times_ms,
            ids: whole(column("node_ids")?),
            samples: if *samples { whole(column("sample")?) } else { Vec::new() },
        })
    }
}

/// What the file holds below `report`; groups that are no traces in SONATA's layout are left out.
fn traces(file: &H5File, trains: &[RecordedTrain]) -> Result<Vec<RecordedTrace>> {
    let (mut traces, mut wrong) = (Vec::new(), Diagnostics::new());
    if !file.is_group("report") {
        return Ok(traces);
    }
    for place in file.members("report")? {
        let at = |name: &str| format!("report/{place}/{name}");
        if ![at("data"), at("mapping/node_ids"), at("mapping/time")].iter().all(|at| file.exists(at)) {
            continue;
        }
        let found = file.dims(&at("data")).and_then(|dims| {
            let (_, ids) = file.ints(&at("mapping/node_ids"))?;
            let (_, time) = file.floats(&at("mapping/time"))?;
            match (&dims[..], &time[..]) {
                ([rows, columns], [start, stop, step]) if *columns == ids.len() && *step > 0.0 && start.is_finite() => {
                    let of_sample = if file.exists(&at("sample")) { ((stop - start) / step).round() as usize } else { *rows };
                    Ok((*rows, ids, *start, *step, of_sample.clamp(1, (*rows).max(1))))
                }
                _ => Err(file
                    .complaint(&at("data"), format!("has the shape {dims:?}, for {} neurons and the times {time:?}", ids.len()))
                    .into()),
            }
        });
        let Some((rows, ids, start_ms, step_ms, rows_of_sample)) = wrong.take(found) else { continue };
        // A population may have a dot in its name.
        let whole = trains.iter().any(|train| train.name == place);
        let parts = place.rsplit_once('.').filter(|_| !whole).unwrap_or((&place, "v"));
        let (population, variable) = (parts.0.to_owned(), parts.1.to_owned());
        let ids = ids.into_iter().map(|id| id as u64).collect();
        traces.push(RecordedTrace { place, population, variable, ids, rows, start_ms, step_ms, rows_of_sample });
    }
    wrong.or(traces)
}

fn length(file: &H5File, at: &str) -> Result<usize> {
    match file.dims(at)?[..] {
        [len] => Ok(len),
        ref other => Err(file.complaint(at, format!("expected a list, found the shape {other:?}")).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::CompiledNetwork;
    use crate::record::{FileRecorder, Recorder, Selection};

    #[test]
    fn traces_are_read_by_rows() {
        use crate::record::Probe;
        let text = "name = \"t\"\ndt = \"0.5 ms\"\n[[population]]\nname = \"a.b\"\nsize = 10\nmodel = \"lif_exp\"\n";
        let network = crate::format::toml::parse(text, Path::new("t.toml"), ".").expect("good");
        let net = CompiledNetwork::new(&network, None, None).expect("good");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out.h5");
        let probe =
            |variable: &str, ids: &[u32], every| Probe { population: 0, variable: variable.into(), ids: ids.into(), every };
        let probes = vec![probe("v", &[1, 7], 2), probe("i_ex", &[3], 1)];
        let mut recorder = FileRecorder::begin(&path, &net, &Selection { spikes: vec![0], probes }).expect("a file");
        for tick in 1..=9u64 {
            if tick % 2 == 1 {
                recorder.sample(0, tick, &[tick as f64, 10.0 * tick as f64]);
            }
            recorder.sample(1, tick, &[-(tick as f64)]);
        }
        recorder.finish("{}", false).expect("written");
        let results = Results::open(&path).expect("good");
        let told: Vec<_> =
            results.traces.iter().map(|t| (t.population.as_str(), t.variable.as_str(), &t.ids[..], t.rows)).collect();
        assert_eq!(told, [("a.b", "v", &[1, 7][..], 5), ("a.b", "i_ex", &[3], 9)]);
        let v = &results.traces[0];
        assert_eq!((v.start_ms, v.step_ms, v.rows_of_sample), (0.5, 1.0, 5));
        assert_eq!(results.read_trace(0, 1..3).expect("there"), [3.0, 30.0, 5.0, 50.0]);
        assert_eq!(results.read_trace(1, 7..100).expect("cut"), [-8.0, -9.0]);
        assert!(results.read_trace(1, 9..100).expect("nothing").is_empty());
    }

    #[test]
    fn results_are_read_piece_by_piece() {
        let text = "name = \"t\"\ndt = \"0.5 ms\"\n[[population]]\nname = \"n\"\nsize = 10\nmodel = \"lif_delta\"\nparams = { tau_m = \"10 ms\", v_th = \"1 mV\" }\n";
        let network = crate::format::toml::parse(text, Path::new("t.toml"), ".").expect("good");
        let net = CompiledNetwork::new(&network, None, None).expect("good");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out.h5");
        let mut recorder = FileRecorder::begin(&path, &net, &Selection { spikes: vec![0], probes: Vec::new() }).expect("a file");
        for tick in 1..=100 {
            recorder.spikes(0, tick, &[1, 7]);
        }
        recorder.finish("{}", false).expect("written");
        assert!(Results::is_one(&path));
        let results = Results::open(&path).expect("good");
        assert_eq!(results.report.as_deref(), Some("{}"));
        assert_eq!(results.trains, [RecordedTrain { name: "n".into(), len: 200, samples: false, seconds: false }]);
        let some = results.read(0, 3..6).expect("there");
        assert_eq!((some.times_ms, some.ids), (vec![1.0, 1.5, 1.5], vec![7, 1, 7]));
        assert_eq!(results.read(0, 198..1_000_000).expect("cut").ids, [1, 7]);
        assert!(results.read(0, 500..600).expect("nothing").ids.is_empty());
        assert!(Results::open(&folder.path().join("no.h5")).is_err());
        assert!(results.traces.is_empty());
        std::fs::write(&path, "name = 1").expect("written");
        assert!(!Results::is_one(&path) && Results::open(&path).is_err());
    }
}
