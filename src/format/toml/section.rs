//! The sections of one kind (`[[population]]`), each with its name.

use super::cursor::Table;
use crate::network::Population;
use crate::neuron::Input;
use crate::units::Dimension;
use std::collections::{BTreeMap, BTreeSet};
use toml::de::{DeTable, DeValue};

/// One section.
pub(super) struct Section<'a> {
    pub(super) table: Table<'a>,
    pub(super) name: String,
}

/// The kinds of sections.
pub(super) const KINDS: [&str; 3] = ["population", "stimulus", "projection"];

/// The names of sections: their own, or what they are and do, made unique.
pub(super) fn names(kind: &str, sections: &[&DeTable<'_>]) -> Vec<String> {
    let text = |table: &DeTable<'_>, key: &str| table.get(key).and_then(|value| value.get_ref().as_str().map(str::to_owned));
    let mut taken: BTreeSet<String> = sections.iter().filter_map(|table| text(table, "name")).collect();
    let mut numbers = BTreeMap::new();
    let mut name = |at: usize, table: &DeTable<'_>| {
        if let Some(name) = text(table, "name") {
            return name;
        }
        let joined = text(table, "from").zip(text(table, "to")).filter(|_| kind == "projection");
        let wish = joined.map_or_else(|| format!("{kind}_{}", at + 1), |(from, to)| format!("{from}_{to}"));
        let number = numbers.entry(wish.clone()).or_insert(1usize);
        let mut name = wish.clone();
        while taken.contains(&name) {
            *number += 1;
            name = format!("{wish}_{number}");
        }
        taken.insert(name.clone());
        name
    };
    sections.iter().enumerate().map(|(at, table)| name(at, table)).collect()
}

/// All sections of a kind, in order, each with its name.
pub(super) fn all<'a>(root: &Table<'a>, kind: &'static str) -> Vec<Section<'a>> {
    let Some(item) = root.get(kind) else { return Vec::new() };
    let elements: Vec<_> = if let DeValue::Array(_) = item.value {
        item.array("").into_iter().flatten().collect()
    } else {
        // A single one is read as well, so that nothing else is said for want of it.
        item.doc.complain_with_help(
            &item.span,
            format!("`{kind}` is a list of sections"),
            format!("write [[{kind}]] above each"),
        );
        if let DeValue::Table(_) = item.value { vec![item] } else { Vec::new() }
    };
    let mut tables = Vec::new();
    for element in elements {
        let Some(table) = element.table(kind.to_owned(), None) else { continue };
        // Others refer to a population by its name.
        if kind == "population" {
            table.need("name", "name = \"e\"");
        }
        tables.extend(element.value.as_table().map(|entries| (element.clone(), entries)));
    }
    let names = names(kind, &tables.iter().map(|(_, entries)| *entries).collect::<Vec<_>>());
    let mut sections = Vec::new();
    for ((element, _), name) in tables.iter().zip(names) {
        let what = format!("{kind} {}", crate::diagnostic::quoted(&name));
        let Some(table) = element.table(what, Some(format!("{kind}.{name}"))) else { continue };
        if let Some(item) = table.get("name") {
            item.string();
            // Of two with one name, the later is shown.
            table.doc.relocate(format!("{kind}.{name}.name"), item.span);
        }
        sections.push(Section { table, name });
    }
    sections
}

/// The populations of the file, for what refers to them.
pub(super) struct Populations<'a> {
    pub(super) all: &'a [Population],
    /// Those whose model or size is not known.
    pub(super) unsure: &'a BTreeSet<String>,
}

impl Populations<'_> {
    fn sure(&self, name: &str) -> Option<&Population> {
        self.all.iter().find(|p| p.name == name && !self.unsure.contains(name))
    }

    /// What a weight onto a population measures; `None` where that is not known.
    pub(super) fn weight(&self, name: &str) -> Option<Dimension> {
        self.sure(name).map(|p| p.model.spec().input.dimension())
    }

    /// What a current into a population measures: a current where its model knows any, the input of its equation otherwise.
    pub(super) fn current(&self, name: &str) -> Option<Dimension> {
        let spec = self.sure(name)?.model.spec();
        let knows_currents = spec.params.iter().any(|param| param.dimension == Dimension::Current);
        Some(if knows_currents { Dimension::Current } else { spec.input.dimension() })
    }

    /// True for a population that takes no connections: what reaches it is not weighed.
    pub(super) fn is_input(&self, name: &str) -> bool {
        self.sure(name).is_some_and(|p| p.model.spec().input == Input::None)
    }
}
