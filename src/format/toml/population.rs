//! `[[population]]`.

use super::cursor::{Item, Table};
use super::section::Section;
use crate::diagnostic::quoted;
use crate::network::{Population, suggestion, unknown_param, unknown_variable};
use crate::neuron::{MODELS, ModelRef, ModelSpec, Values, model_by_name};
use crate::units::Dimension;
use std::collections::BTreeMap;

/// Reads one section. What cannot be read has a stand-in.
pub(super) fn read(section: &Section<'_>) -> Population {
    let table = &section.table;
    let size = table.get("size");
    let shape: Option<Vec<usize>> = table.get("shape").and_then(|item| item.all("write for instance [8, 8]", size_of));
    // A shape says the size too.
    let size = match (size, &shape) {
        (Some(size), _) => size_of(&size),
        (None, Some(shape)) => Some(shape.iter().fold(1, |product: usize, n| product.saturating_mul(*n))),
        (None, None) => table.need("size", "size = 100").and(None),
    };
    let model = table.need("model", "model = \"lif_delta\"").and_then(|item| model(&item));
    let spec = model.as_ref().map(|model| model.spec());
    let params = named(table, "params", spec, |spec, name| {
        spec.param(name).map(|param| param.dimension).ok_or_else(|| unknown_param(spec, name))
    });
    let init = named(table, "init", spec, |spec, name| {
        spec.variable(name).map(|variable| variable.dimension).ok_or_else(|| unknown_variable(spec, name))
    });
    table.finish();
    Population {
        name: section.name.clone(),
        size: size.unwrap_or(1),
        shape: shape.unwrap_or_default(),
        model: model.unwrap_or_else(|| MODELS[0]()),
        params,
        init,
    }
}

fn size_of(item: &Item<'_>) -> Option<usize> {
    item.whole(u64::MAX).and_then(|n| usize::try_from(n).ok())
}

fn model(item: &Item<'_>) -> Option<ModelRef> {
    let name = item.string()?;
    let found = model_by_name(name);
    if found.is_none() {
        let models: Vec<_> = MODELS.iter().map(|make| make()).collect();
        let known: Vec<_> = models.iter().map(|model| model.spec().name).collect();
        item.complain_with_help(format!("there is no neuron model {}", quoted(name)), suggestion(name, "models", &known));
    }
    found
}

/// The values of `params` or `init`. Without a model their names and dimensions are not known, and nothing is read.
fn named(
    of: &Table<'_>,
    key: &'static str,
    spec: Option<&ModelSpec>,
    dimension: impl Fn(&ModelSpec, &str) -> Result<Dimension, (String, String)>,
) -> BTreeMap<String, Values> {
    let mut found = BTreeMap::new();
    let table = of.get(key).and_then(|item| of.sub(&item, format!("`{key}` of {}", of.what)));
    let (Some(table), Some(spec)) = (table, spec) else { return found };
    for item in table.items() {
        match dimension(spec, item.key) {
            Ok(dimension) => {
                if let Some(values) = item.values(Some(dimension)) {
                    found.insert(item.key.to_owned(), values);
                }
            }
            Err((message, help)) => item.complain_of_key(message, help),
        }
    }
    found
}
