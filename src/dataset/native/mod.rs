//! Data sets in HDF5: the native layout, and that of the Spiking Heidelberg Digits, which it contains.
//!
//! | path | what |
//! |---|---|
//! | `/@spikewatt_dataset` | 1, the layout's version; absent in the files of others |
//! | `/@title`, `@licence`, `@source`, `@citation` | text, each optional |
//! | `/frames` | numbers, of rank 2 or more; a value is the stored number × `@scale` (1 by default) |
//! | `/frames@axes` | names of its axes with commas, `sample` first, then `step` where there is time, then those that make up the channel, such as `sample,y,x`; by default a sample and channels |
//! | `/frames@kind` | `values` (the default), or `spikes` where the numbers say how often a channel spikes in a step |
//! | `/spikes/times`, `/spikes/units` | instead of frames: for every sample a list of times in seconds and one of channels |
//! | `/spikes/units@channels` | number of channels; by default one more than the largest in the file |
//! | `/labels` | optional: each sample's class |
//! | `/split`, `/split@names` | optional: each sample's part as a number, and the names of the parts with commas |
//! | `/extra/keys` | optional: names of the classes |
//!
//! The lists, `/labels` and `/extra/keys` are laid out as in Cramer et al., IEEE TNNLS 33:2744, 2022.

mod frames;
mod spikes;
mod write;

use std::path::Path;

pub(super) use write::write;

use super::{Dataset, DatasetFormat, Samples, Split, no_axes};
use crate::diagnostic::{Diagnostics, Result, quoted};
use crate::format::h5::H5File;

pub(super) const FORMAT: DatasetFormat = DatasetFormat {
    name: "hdf5",
    about: "HDF5 with /frames or /spikes: this program's own layout, and that of SHD and SSC",
    extensions: &["h5", "hdf5"],
    sniff: |path, _| H5File::sniff(path),
    read,
};

/// The layout's version.
const VERSION: i64 = 1;

fn read(path: &Path, axes: Option<&str>) -> Result<Dataset> {
    no_axes(axes)?;
    let h5 = H5File::open(path)?;
    let mut wrong = Diagnostics::new();
    if let Some(Some(version)) = wrong.take(h5.attribute_int("/", "spikewatt_dataset"))
        && version != VERSION
    {
        let message = format!("is version {version} of the layout; this program reads version {VERSION}");
        wrong.push(h5.complaint("/@spikewatt_dataset", message));
    }
    let samples = match (h5.exists("/frames"), h5.exists("/spikes")) {
        (true, false) => frames::read(&h5),
        (false, true) => spikes::read(&h5),
        (true, true) => Err(h5.complaint("/", "holds both /frames and /spikes; expected one of them").into()),
        (false, false) => Err(h5
            .complaint("/", "holds no samples: neither /frames nor /spikes is there")
            .help("a data set has /frames, or lists /spikes/times and /spikes/units as SHD has them")
            .into()),
    };
    // Without samples nothing else can be judged.
    let Some(mut dataset) = wrong.take(samples) else { return Err(wrong) };
    let mut text = |name| wrong.take(h5.attribute_string("/", name)).flatten().filter(|text| !text.is_empty());
    dataset.title = text("title");
    dataset.licence = text("licence");
    dataset.source = text("source");
    dataset.citation = text("citation");
    dataset.class_names = wrong.take(class_names(&h5)).unwrap_or_default();
    dataset.labels = wrong.take(labels(&h5, dataset.len(), dataset.class_names.len())).flatten();
    dataset.split = wrong.take(split(&h5, dataset.len())).flatten();
    wrong.take(dataset.checked()).map_or(Err(wrong.clone()), |dataset| wrong.or(dataset))
}

fn class_names(h5: &H5File) -> Result<Vec<String>> {
    const AT: &str = "/extra/keys";
    if !h5.exists(AT) {
        return Ok(Vec::new());
    }
    let (shape, names) = h5.strings(AT)?;
    one_axis(h5, AT, &shape)?;
    Ok(names)
}

fn labels(h5: &H5File, samples: usize, names: usize) -> Result<Option<Vec<u32>>> {
    const AT: &str = "/labels";
    if !h5.exists(AT) {
        return Ok(None);
    }
    let (shape, labels) = h5.ints(AT)?;
    one_per_sample(h5, AT, &shape, samples)?;
    let largest = if names > 0 { names as i64 - 1 } else { i64::from(u32::MAX) };
    if let Some(at) = labels.iter().position(|label| !(0..=largest).contains(label)) {
        let bound = if names > 0 { format!("one of the {names} in /extra/keys") } else { "a class number".into() };
        return Err(h5.complaint(AT, format!("sample {at} has the label {}; expected {bound}", labels[at])).into());
    }
    Ok(Some(labels.into_iter().map(|label| label as u32).collect()))
}

fn split(h5: &H5File, samples: usize) -> Result<Option<Split>> {
    const AT: &str = "/split";
    if !h5.exists(AT) {
        return Ok(None);
    }
    let Some(names) = h5.attribute_string(AT, "names")? else {
        let complaint = h5.complaint("/split@names", "is missing: the names of the parts");
        return Err(complaint.help("write \"train,test\"").into());
    };
    let names: Vec<String> = names.split(',').map(|name| name.trim().to_owned()).collect();
    let (shape, of) = h5.ints(AT)?;
    one_per_sample(h5, AT, &shape, samples)?;
    let parts = names.len().min(256) as i64;
    if let Some(at) = of.iter().position(|part| !(0..parts).contains(part)) {
        let names = quoted(&names.join(","));
        let message = format!("sample {at} is in part {}, but the parts {names} are 0 to {}", of[at], parts - 1);
        return Err(h5.complaint(AT, message).into());
    }
    Ok(Some(Split { names, of: of.into_iter().map(|part| part as u8).collect() }))
}

fn one_axis(h5: &H5File, at: &str, shape: &[usize]) -> Result<()> {
    if shape.len() == 1 {
        return Ok(());
    }
    Err(h5.complaint(at, format!("expected one axis, found the shape {shape:?}")).into())
}

fn one_per_sample(h5: &H5File, at: &str, shape: &[usize], samples: usize) -> Result<()> {
    one_axis(h5, at, shape)?;
    if shape[0] == samples {
        return Ok(());
    }
    Err(h5.complaint(at, format!("has {} entries for {samples} samples", shape[0])).into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;
