//! `[[projection]]`.

use super::connect;
use super::section::{Populations, Section};
use crate::network::{Connect, Delay, Projection, Weight};
use crate::neuron::Values;
use crate::units::Dimension;

/// Reads one section; `None` where nothing can be said of what it joins. What else cannot be read has a stand-in.
pub(super) fn read(section: &Section<'_>, populations: &Populations<'_>) -> Option<Projection> {
    let table = &section.table;
    let from = table.need("from", "from = \"e\"").and_then(|item| item.string());
    let to = table.need("to", "to = \"e\"").and_then(|item| item.string());
    let dimension = to.and_then(|to| populations.weight(to));
    let connect = table.need("connect", "connect = \"all_to_all\"").and_then(|item| connect::read(table, &item, dimension));

    // A matrix brings its weights, and so may a list.
    let weighted = match &connect {
        Some(Connect::Dense(_)) => true,
        Some(Connect::List(list)) => !list.is_empty() && list.iter().all(|pair| pair.2.is_some()),
        _ => false,
    };
    let weight = match table.get("weight") {
        Some(item) if weighted => {
            item.complain_with_help("weights are given twice", "leave `weight` out: the connections bring their own");
            None
        }
        // An array has one for each connection; which rules have an order to give them in, the validation says.
        Some(item) => item.values(dimension),
        // Where the connections cannot be read, they may well have brought their weights.
        None if weighted || connect.is_none() => Some(Values::One(0.0)),
        None => table.need("weight", &format!("weight = {}", example(dimension, table.doc.unitless.get()))).and(None),
    };
    let delay = table.need("delay", "delay = \"1.5 ms\"").and_then(|item| item.delay());
    let choice = |key| table.get(key).map_or(Some(true), |item| item.boolean());
    let (allow_self, allow_multiple) = (choice("allow_self"), choice("allow_multiple"));
    table.finish();
    Some(Projection {
        name: section.name.clone(),
        from: from?.to_owned(),
        to: to?.to_owned(),
        connect: connect.unwrap_or(Connect::AllToAll),
        weight: Weight(weight.unwrap_or(Values::One(0.0))),
        delay: delay.unwrap_or(Delay::Ticks(1)),
        allow_self: allow_self.unwrap_or(true),
        allow_multiple: allow_multiple.unwrap_or(true),
        bias: None,
    })
}

fn example(dimension: Option<Dimension>, unitless: bool) -> &'static str {
    match dimension {
        _ if unitless => "0.5",
        Some(Dimension::Current) => "\"80 pA\"",
        Some(Dimension::Conductance) => "\"2 nS\"",
        Some(Dimension::None) => "0.5",
        _ => "\"0.1 mV\"",
    }
}
