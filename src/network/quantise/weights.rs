//! The weights of a projection, whatever it connects by: out of it and back into it.

use crate::network::{Coefficients, Connect, Projection};
use crate::neuron::Values;

/// The weights that a projection keeps, each once; `None` where it has none of its own: it pools, passes on what it gets, or draws them when it
/// is built.
pub(super) fn given(p: &Projection) -> Option<Vec<f64>> {
    let of = |values: &Coefficients, number: usize| match values {
        Coefficients::One(w) => vec![*w],
        values => (0..values.len().unwrap_or(number)).map(|i| values.at(i)).collect(),
    };
    match &p.connect {
        Connect::Dense(matrix) => Some(of(&matrix.values, 1)),
        Connect::Diagonal(values) => Some(of(values, 1)),
        Connect::Convolution(c) if c.weights.len().is_none() => None,
        Connect::Convolution(c) => Some(of(&c.weights, 1)),
        Connect::OneToOne if p.weight.0 == Values::One(1.0) => None,
        Connect::List(pairs) => {
            let mut all: Vec<f64> = pairs.iter().filter_map(|pair| pair.2).collect();
            if all.len() < pairs.len() {
                all.extend(common(&p.weight.0)?);
            }
            Some(all)
        }
        _ => common(&p.weight.0),
    }
}

fn common(values: &Values) -> Option<Vec<f64>> {
    match values {
        Values::One(w) => Some(vec![*w]),
        Values::Each(w) => Some(w.clone()),
        Values::Drawn(_) => None,
    }
}

/// What is to be said of a projection whose weights are left as they are; nothing where it has none.
pub(super) fn left(p: &Projection) -> Option<String> {
    let drawn = matches!(p.weight.0, Values::Drawn(_)) && !matches!(p.connect, Connect::Convolution(_));
    drawn.then(|| format!("The weights of {} are drawn when the network is built; they were not rounded.", p.name))
}

/// Puts weights back in the order of [`given`].
pub(super) fn put(p: &mut Projection, rounded: Vec<f64>) {
    match &mut p.connect {
        Connect::Dense(matrix) => put_coefficients(&mut matrix.values, rounded),
        Connect::Diagonal(values) => put_coefficients(values, rounded),
        Connect::Convolution(c) => put_coefficients(&mut c.weights, rounded),
        Connect::List(pairs) => {
            let mut rounded = rounded.into_iter();
            for weight in pairs.iter_mut().filter_map(|pair| pair.2.as_mut()) {
                *weight = rounded.next().unwrap_or(*weight);
            }
            put_common(&mut p.weight.0, rounded.collect());
        }
        _ => put_common(&mut p.weight.0, rounded),
    }
}

fn put_common(values: &mut Values, rounded: Vec<f64>) {
    match (values, rounded.as_slice()) {
        (Values::One(w), [one]) => *w = *one,
        (Values::Each(w), all) if all.len() == w.len() => w.copy_from_slice(all),
        _ => {}
    }
}

fn put_coefficients(values: &mut Coefficients, rounded: Vec<f64>) {
    *values = match values {
        Coefficients::One(_) => Coefficients::One(rounded.first().copied().unwrap_or_default()),
        // In single precision where that loses nothing: it is half the memory.
        _ if rounded.iter().all(|w| f64::from(*w as f32) == *w) => {
            Coefficients::Single(rounded.into_iter().map(|w| w as f32).collect())
        }
        _ => Coefficients::Double(rounded),
    };
}

/// The target neuron of the weight at a place of [`given`]; of a convolution its channel, whose neurons share their weights. Where
/// one weight stands for all, one neuron stands for all.
pub(super) fn neuron_of(p: &Projection, place: usize) -> usize {
    match &p.connect {
        Connect::Dense(matrix) => place / matrix.sources.max(1),
        Connect::Diagonal(_) => place,
        Connect::Convolution(c) => place / (c.kernel_weights().unwrap_or(0) / c.channels_out.max(1)).max(1),
        Connect::List(pairs) => {
            let own = pairs.iter().filter(|pair| pair.2.is_some());
            own.clone().nth(place).map_or(usize::MAX, |pair| pair.1 as usize)
        }
        _ => 0,
    }
}
