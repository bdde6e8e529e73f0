//! Results as HDF5 in SONATA's layout (Dai et al., PLoS Comput. Biol. 16:e1007696, 2020; SONATA developer guide).

use super::MemoryRecorder;
use crate::compile::CompiledNetwork;
use crate::diagnostic::Result;
use crate::format::h5::H5File;
use crate::whole_file::write_whole;
use hdf5::types::VarLenUnicode;
use std::path::Path;
use std::str::FromStr;

/// SONATA's enumeration of how spikes are sorted.
#[derive(hdf5::H5Type, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(non_camel_case_types, dead_code)] // the names and the whole list are SONATA's
enum Sorting {
    none = 0,
    by_id = 1,
    by_time = 2,
}

/// What every SONATA file begins with.
const MAGIC: u32 = 0x0A7A;

/// Writes what was recorded, with the report as the root's attribute `spikewatt`.
///
/// Spikes of population P are under `/spikes/P` (`timestamps` in ms, `node_ids`), by time; traces under `/report/P` (`data`, one row a
/// sample, and `mapping`), those of another variable than `v` under `/report/P.VARIABLE`. Of several samples, each spike and each row
/// has its sample's number in `sample` beside it, and times count from the sample's start. The file appears whole or not at all.
///
/// # Errors
/// Where the file cannot be written.
pub fn write_results(path: &Path, net: &CompiledNetwork, samples: &[&MemoryRecorder], report_json: &str) -> Result<()> {
    write_whole(path, |beside| write(beside, net, samples, report_json).map_err(|error| error.to_string()))
}

/// The report in a result file, as JSON; `None` where the file is HDF5 and no result of ours.
///
/// # Errors
/// Where the file cannot be read.
pub fn read_report(path: &Path) -> Result<Option<String>> {
    H5File::open(path)?.attribute_string("/", "spikewatt")
}

fn write(path: &Path, net: &CompiledNetwork, samples: &[&MemoryRecorder], report_json: &str) -> hdf5::Result<()> {
    let file = hdf5::File::create(path)?;
    file.new_attr::<u32>().create("magic")?.write_scalar(&MAGIC)?;
    file.new_attr::<u32>().shape([2]).create("version")?.write_raw(&[0u32, 1])?;
    text_attribute(&file, "spikewatt", report_json)?;
    let Some(first) = samples.first() else { return Ok(()) };
    let many = samples.len() > 1;
    for (at, train) in first.trains.iter().enumerate() {
        let group = file.create_group(&format!("spikes/{}", net.populations[train.population].name))?;
        group.new_attr::<Sorting>().create("sorting")?.write_scalar(&Sorting::by_time)?;
        let trains = || samples.iter().map(|s| &s.trains[at]);
        let times: Vec<f64> = trains().flat_map(|t| &t.ticks).map(|tick| *tick as f64 * net.dt_ms).collect();
        let ids: Vec<u64> = trains().flat_map(|t| &t.ids).map(|id| u64::from(*id)).collect();
        array(&group, "timestamps", &times, &[times.len()])?;
        let dataset = group.dataset("timestamps")?;
        text_attribute(&dataset, "units", "ms")?;
        array(&group, "node_ids", &ids, &[ids.len()])?;
        if many {
            let sample: Vec<u64> = trains().enumerate().flat_map(|(s, t)| std::iter::repeat_n(s as u64, t.ids.len())).collect();
            array(&group, "sample", &sample, &[sample.len()])?;
        }
    }
    for (at, trace) in first.traces.iter().enumerate() {
        let population = &net.populations[trace.probe.population];
        let variable = &trace.probe.variable;
        let name = if variable == "v" { population.name.clone() } else { format!("{}.{variable}", population.name) };
        let group = file.create_group(&format!("report/{name}"))?;
        let neurons = trace.probe.ids.len();
        let values: Vec<f64> = samples.iter().flat_map(|s| &s.traces[at].values).copied().collect();
        array(&group, "data", &values, &[values.len() / neurons.max(1), neurons])?;
        let unit = population.model.spec().variable(variable).map_or("", |v| v.dimension.unit());
        let dataset = group.dataset("data")?;
        text_attribute(&dataset, "units", unit)?;
        let mapping = group.create_group("mapping")?;
        let ids: Vec<u64> = trace.probe.ids.iter().map(|id| u64::from(*id)).collect();
        array(&mapping, "node_ids", &ids, &[neurons])?;
        array(&mapping, "element_ids", &vec![0u64; neurons], &[neurons])?;
        array(&mapping, "index_pointer", &(0..=neurons as u64).collect::<Vec<_>>(), &[neurons + 1])?;
        let step = trace.probe.every as f64 * net.dt_ms;
        let start = trace.ticks.first().map_or(0.0, |tick| *tick as f64 * net.dt_ms);
        array(&mapping, "time", &[start, start + step * trace.ticks.len() as f64, step], &[3])?;
        let dataset = mapping.dataset("time")?;
        text_attribute(&dataset, "units", "ms")?;
        if many {
            let sample: Vec<u64> =
                samples.iter().enumerate().flat_map(|(s, r)| std::iter::repeat_n(s as u64, r.traces[at].ticks.len())).collect();
            array(&group, "sample", &sample, &[sample.len()])?;
        }
    }
    Ok(())
}

/// Long arrays are compressed; short ones are not worth a filter.
fn array<T: hdf5::H5Type>(group: &hdf5::Group, name: &str, values: &[T], shape: &[usize]) -> hdf5::Result<()> {
    const WORTH_A_FILTER: usize = 1024;
    let builder = group.new_dataset::<T>();
    let dataset = if values.len() >= WORTH_A_FILTER {
        builder.shuffle().deflate(4).shape(shape.to_vec()).create(name)?
    } else {
        builder.shape(shape.to_vec()).create(name)?
    };
    if values.is_empty() { Ok(()) } else { dataset.write_raw(values) }
}

fn text_attribute(place: &hdf5::Location, name: &str, text: &str) -> hdf5::Result<()> {
    // HDF5's strings end at a NUL; a report has none.
    let text = VarLenUnicode::from_str(&text.replace('\0', "")).map_err(|error| hdf5::Error::from(error.to_string()))?;
    place.new_attr::<VarLenUnicode>().create(name)?.write_scalar(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Drive, Network, Population, Record, Stimulus, Target, TraceRequest};
    use crate::neuron::model_by_name;
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
        write_results(&path, &net, &[&recorder], "{\"schema\":1}").expect("written");

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
