//! `/frames`: numbers, with or without a time axis.

use crate::dataset::{Dataset, Raster, Samples, Stored, Values, axes};
use crate::diagnostic::{Diagnostics, Result, quoted};
use crate::format::h5::H5File;

const AT: &str = "/frames";

pub(super) fn read(h5: &H5File) -> Result<Dataset> {
    let shape = h5.dims(AT)?;
    if shape.len() < 2 {
        let message = format!("expected a sample axis and at least one more, found the shape {shape:?}");
        return Err(h5.complaint(AT, message).into());
    }
    let mut wrong = Diagnostics::new();
    let axes = wrong.take(axes_of(h5, shape.len()));
    let scale = wrong.take(scale(h5));
    let counts = wrong.take(counts_spikes(h5));
    let (Some(axes), Some(scale), Some(counts)) = (axes, scale, counts) else { return Err(wrong) };
    let timed = axes[1] == "step";
    let first = if timed { 2 } else { 1 };
    let channels: usize = shape[first..].iter().product();
    if channels == 0 || (timed && shape[1] == 0) {
        return Err(h5.complaint(AT, format!("has the shape {shape:?}: an axis is empty")).into());
    }
    let samples = if counts {
        let bytes = h5.bytes(AT)?.filter(|_| timed && scale == 1.0);
        let message = "is of kind spikes, which needs unsigned bytes, an axis `step` and no scale";
        let (_, bytes) = bytes.ok_or_else(|| h5.complaint(AT, message))?;
        Samples::Raster(Raster::new(shape[1], channels, &bytes))
    } else {
        let values = values(h5, &shape, scale)?;
        if timed { Samples::Frames { steps: shape[1], values } } else { Samples::Values(values) }
    };
    let mut dataset = Dataset::new("", channels, samples);
    dataset.shape = shape[first..].to_vec();
    dataset.axes = axes[first..].to_vec();
    Ok(dataset)
}

fn values(h5: &H5File, shape: &[usize], scale: f64) -> Result<Values> {
    let stored = if let Some((_, bytes)) = h5.bytes(AT)? {
        Stored::Bytes(bytes)
    } else if h5.fits_f32(AT)? {
        Stored::Singles(h5.floats32(AT)?.1)
    } else {
        Stored::Doubles(h5.floats(AT)?.1)
    };
    let values = Values { stored, scale };
    let Some(mut flat) = values.first_not_finite() else { return Ok(values) };
    let found = values.slice(flat, 1)[0];
    let mut place = vec![0; shape.len()];
    for (index, &size) in place.iter_mut().zip(shape).rev() {
        (*index, flat) = (flat % size, flat / size);
    }
    Err(h5.complaint(AT, format!("holds {found} at {place:?}; expected finite numbers")).into())
}

fn axes_of(h5: &H5File, rank: usize) -> Result<Vec<String>> {
    match h5.attribute_string(AT, "axes")? {
        Some(text) => axes::parse(&text, rank, false, |message| h5.complaint("/frames@axes", message)),
        None => Ok(default_axes(rank)),
    }
}

fn default_axes(rank: usize) -> Vec<String> {
    let rest: &[&str] = match rank {
        3 => &["y", "x"],
        4 => &["channel", "y", "x"],
        _ => &[],
    };
    let rest = if rest.is_empty() { vec!["channel"; rank - 1] } else { rest.to_vec() };
    ["sample"].into_iter().chain(rest).map(str::to_owned).collect()
}

fn scale(h5: &H5File) -> Result<f64> {
    let scale = h5.attribute_float(AT, "scale")?.unwrap_or(1.0);
    if scale.is_finite() {
        return Ok(scale);
    }
    Err(h5.complaint("/frames@scale", format!("is {scale}; expected a finite number")).into())
}

fn counts_spikes(h5: &H5File) -> Result<bool> {
    match h5.attribute_string(AT, "kind")?.as_deref() {
        None | Some("values") => Ok(false),
        Some("spikes") => Ok(true),
        Some(other) => {
            let complaint = h5.complaint("/frames@kind", format!("is {}; expected `values` or `spikes`", quoted(other)));
            Err(complaint.into())
        }
    }
}
