//! `[record]`.

use super::cursor::{Item, Table};
use super::stimulus::population_and_ids;
use crate::diagnostic::quoted;
use crate::network::{Record, Target, TraceRequest, suggestion};
use crate::neuron::MODELS;
use crate::units::Dimension;
use toml::de::DeValue;

/// Reads the section.
pub(super) fn read(root: &Table<'_>) -> Record {
    let mut record = Record::default();
    let Some(table) = root.get("record").and_then(|item| root.sub(&item, "[record]".to_owned())) else { return record };
    if let Some(names) = table.get("spikes").and_then(|item| item.all("write for instance [\"e\"]", Item::string)) {
        record.spikes = names.into_iter().map(str::to_owned).collect();
    }
    let every = table.get("every").and_then(|item| item.quantity(Some(Dimension::Time)));
    // Every other key is a state variable of some model. Whether it is one of the population's is seen later.
    let models: Vec<_> = MODELS.iter().map(|make| make()).collect();
    let mut known = vec!["spikes", "every"];
    for variable in models.iter().flat_map(|model| model.spec().variables) {
        if !known.contains(&variable.name) {
            known.push(variable.name);
        }
    }
    for item in table.items().filter(|item| !["spikes", "every"].contains(&item.key)) {
        if !known.contains(&item.key) {
            item.complain_of_key(format!("unknown key {} in [record]", quoted(item.key)), suggestion(item.key, "keys", &known));
            continue;
        }
        let help = "write for instance [\"e\"] or [{ population = \"e\", ids = [0, 1] }]";
        for (of, own) in item.all(help, trace).into_iter().flatten() {
            record.traces.push(TraceRequest {
                population: of.population,
                variable: item.key.to_owned(),
                ids: of.ids,
                every_ms: own.or(every),
            });
        }
    }
    record
}

/// Whom to sample, and how often where that is said.
fn trace(item: &Item<'_>) -> Option<(Target, Option<f64>)> {
    if let DeValue::String(name) = item.value {
        return Some((Target { population: name.to_string(), ids: Vec::new() }, None));
    }
    let table = item.table(item.label(), None)?;
    let every = table.get("every").map_or(Some(None), |item| item.quantity(Some(Dimension::Time)).map(Some));
    let target = population_and_ids(&table);
    table.finish();
    Some((target?, every?))
}
