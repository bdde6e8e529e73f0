//! The sections of one kind (`[[population]]`), each with its name.

use super::cursor::Table;
use crate::network::Population;
use crate::neuron::Input;
use crate::units::Dimension;
use std::collections::{BTreeMap, BTreeSet};
use toml::de::DeValue;

/// One section.
pub(super) struct Section<'a> {
    pub(super) table: Table<'a>,
    pub(super) name: String,
}

/// All sections of a kind, in order. One without a name takes `name_it`'s, made unique.
pub(super) fn all<'a>(root: &Table<'a>, kind: &'static str, name_it: impl Fn(&Table<'a>) -> Option<String>) -> Vec<Section<'a>> {
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
    let bare: Vec<_> =
        elements.into_iter().filter_map(|element| element.table(kind.to_owned(), None).map(|table| (element, table))).collect();
    let given = |table: &Table<'a>| table.peek("name").and_then(|name| name.value.as_str().map(str::to_owned));
    let mut taken: BTreeSet<String> = bare.iter().filter_map(|(_, table)| given(table)).collect();
    let mut numbers = BTreeMap::new();
    let mut sections = Vec::new();
    for (number, (element, table)) in bare.iter().enumerate() {
        let name = given(table).unwrap_or_else(|| {
            let wish = name_it(table).unwrap_or_else(|| format!("{kind}_{}", number + 1));
            let number = numbers.entry(wish.clone()).or_insert(1usize);
            let mut name = wish.clone();
            while taken.contains(&name) {
                *number += 1;
                name = format!("{wish}_{number}");
            }
            taken.insert(name.clone());
            name
        });
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
