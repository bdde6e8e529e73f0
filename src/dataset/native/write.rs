//! The native layout, written.

use std::path::Path;

use hdf5::types::{VarLenArray, VarLenUnicode};

use super::{Samples, VERSION};
use crate::dataset::{Dataset, Raster, SpikeLists, Stored, Values};
use crate::diagnostic::{Diagnostic, Result};

/// Bytes of a chunk of frames, about.
const CHUNK: usize = 1 << 16;

/// Writes beside the target, then renames, so that the file appears whole or not at all.
pub(crate) fn write(dataset: &Dataset, path: &Path) -> Result<()> {
    let unwritable = |why: String| Diagnostic::new(format!("cannot be written: {why}")).file(path);
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = tempfile::Builder::new().prefix(".spikewatt-").tempdir_in(parent);
    let folder = folder.map_err(|error| unwritable(error.to_string()))?;
    let beside = folder.path().join("data.h5");
    hdf5::silence_errors(true);
    fill(dataset, &beside).map_err(|error| unwritable(error.to_string()))?;
    std::fs::rename(&beside, path).map_err(|error| unwritable(error.to_string()))?;
    Ok(())
}

fn fill(dataset: &Dataset, path: &Path) -> hdf5::Result<()> {
    let file = hdf5::File::create(path)?;
    file.new_attr::<i64>().create("spikewatt_dataset")?.write_scalar(&VERSION)?;
    let texts =
        [("title", &dataset.title), ("licence", &dataset.licence), ("source", &dataset.source), ("citation", &dataset.citation)];
    for (name, text) in texts {
        if let Some(text) = text {
            attribute(&file, name, text)?;
        }
    }
    match &dataset.samples {
        Samples::Values(values) => numbers(&file, dataset, None, values)?,
        Samples::Frames { steps, values } => numbers(&file, dataset, Some(*steps), values)?,
        Samples::Raster(raster) => counts(&file, dataset, raster)?,
        Samples::Spikes(spikes) => lists(&file, dataset, spikes)?,
    }
    if let Some(labels) = &dataset.labels {
        file.new_dataset_builder().with_data(labels).create("labels")?;
    }
    if !dataset.class_names.is_empty() {
        let names: Vec<_> = dataset.class_names.iter().map(|name| text(name)).collect::<hdf5::Result<_>>()?;
        file.create_group("extra")?.new_dataset_builder().with_data(&names).create("keys")?;
    }
    if let Some(split) = &dataset.split {
        let data = file.new_dataset_builder().with_data(&split.of).create("split")?;
        attribute(&data, "names", &split.names.join(","))?;
    }
    file.close()
}

fn numbers(file: &hdf5::File, dataset: &Dataset, steps: Option<usize>, values: &Values) -> hdf5::Result<()> {
    let data = match &values.stored {
        Stored::Bytes(all) => frames(file, dataset, steps, all),
        Stored::Singles(all) => frames(file, dataset, steps, all),
        Stored::Doubles(all) => frames(file, dataset, steps, all),
    }?;
    data.new_attr::<f64>().create("scale")?.write_scalar(&values.scale)
}

fn counts(file: &hdf5::File, dataset: &Dataset, raster: &Raster) -> hdf5::Result<()> {
    let (steps, channels) = (raster.steps(), dataset.channels);
    let mut all = vec![0u8; raster.len() * steps * channels];
    for (row, counts) in all.chunks_exact_mut(channels).enumerate() {
        for &channel in raster.step(row / steps, row % steps) {
            let count = counts[channel as usize].checked_add(1);
            counts[channel as usize] = count.ok_or("a channel spikes more than 255 times in a step")?;
        }
    }
    let data = frames(file, dataset, Some(steps), &all)?;
    attribute(&data, "kind", "spikes")
}

/// `/frames` with its axes.
fn frames<T: hdf5::H5Type>(file: &hdf5::File, dataset: &Dataset, steps: Option<usize>, all: &[T]) -> hdf5::Result<hdf5::Dataset> {
    let (mut shape, mut axes) = (vec![dataset.len()], vec!["sample"]);
    if let Some(steps) = steps {
        shape.push(steps);
        axes.push("step");
    }
    shape.extend(&dataset.shape);
    axes.extend(dataset.axes.iter().map(String::as_str));
    let row = shape[1..].iter().product::<usize>() * size_of::<T>();
    let mut chunk = shape.clone();
    chunk[0] = (CHUNK / row.max(1)).clamp(1, shape[0].max(1));
    let builder = file.new_dataset::<T>().chunk(chunk).shuffle().deflate(6);
    let data = builder.shape(shape).create("frames")?;
    data.write_raw(all)?;
    attribute(&data, "axes", &axes.join(","))?;
    Ok(data)
}

fn lists(file: &hdf5::File, dataset: &Dataset, spikes: &SpikeLists) -> hdf5::Result<()> {
    let group = file.create_group("spikes")?;
    let each = 0..spikes.len();
    let times: Vec<_> = each.clone().map(|at| spikes.sample(at).map(|(time, _)| time).collect::<Vec<f64>>()).collect();
    let units: Vec<_> = each.map(|at| spikes.sample(at).map(|(_, channel)| channel).collect::<Vec<u32>>()).collect();
    let times: Vec<_> = times.iter().map(|times| VarLenArray::from_slice(times)).collect();
    let units: Vec<_> = units.iter().map(|units| VarLenArray::from_slice(units)).collect();
    group.new_dataset_builder().with_data(&times).create("times")?;
    let units = group.new_dataset_builder().with_data(&units).create("units")?;
    units.new_attr::<u64>().create("channels")?.write_scalar(&(dataset.channels as u64))
}

fn attribute(owner: &hdf5::Location, name: &str, value: &str) -> hdf5::Result<()> {
    owner.new_attr::<VarLenUnicode>().create(name)?.write_scalar(&text(value)?)
}

fn text(value: &str) -> hdf5::Result<VarLenUnicode> {
    value.parse().map_err(|_| format!("{value:?} holds a NUL character").into())
}
