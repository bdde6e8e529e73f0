//! Sets of nodes by name: `node_sets.json`.

use super::config::Config;
use super::document::Document;
use super::nodes::Nodes;
use crate::diagnostic::{Diagnostics, Result, quoted};
use crate::network::suggestion;
use serde_json::Value;
use std::cell::RefCell;

use super::document::Item;

/// Nodes of some populations: place of the population, and ranks of its nodes, ascending.
pub(super) type Chosen = Vec<(usize, Vec<usize>)>;

/// The sets that a configuration names.
pub(super) struct NodeSets {
    document: Option<Document>,
    /// Sets that are being looked into, so that none goes in a circle.
    within: RefCell<Vec<String>>,
}

impl NodeSets {
    pub(super) fn read(config: &Config) -> Result<Self> {
        let document = match config.get("node_sets_file") {
            Some(item) => Some(Document::open(&item.file()?)?),
            None => None,
        };
        Ok(Self { document, within: RefCell::default() })
    }

    /// The nodes that `item` names: a set, a population, or a set written in place.
    pub(super) fn choose(&self, item: &Item<'_>, nodes: &[Nodes]) -> Result<Chosen> {
        match item.value {
            Value::Object(_) => self.matching(item, nodes),
            _ => self.named(item, item.text()?, nodes),
        }
    }

    fn named(&self, item: &Item<'_>, name: &str, nodes: &[Nodes]) -> Result<Chosen> {
        let Some(set) = self.document.as_ref().and_then(|document| document.get(name)) else {
            // Every population is a set of its own name.
            return match nodes.iter().position(|population| population.name == name) {
                Some(at) => Ok(vec![(at, (0..nodes[at].ids.len()).collect())]),
                None if name == "all" => Ok(nodes.iter().map(|n| (0..n.ids.len()).collect()).enumerate().collect()),
                None => {
                    let known: Vec<_> = nodes.iter().map(|population| population.name.as_str()).collect();
                    let message = format!("there is no node set and no population {}", quoted(name));
                    Err(item.complaint(message).help(suggestion(name, "populations", &known)).into())
                }
            };
        };
        if self.within.borrow().iter().any(|earlier| earlier == name) {
            return Err(set.complaint(format!("the node set {} holds itself", quoted(name))).into());
        }
        self.within.borrow_mut().push(name.to_owned());
        let found = match set.value {
            // Sets of sets.
            Value::Array(_) => set.list().and_then(|list| {
                let mut all: Chosen = Vec::new();
                for part in list {
                    for (at, ranks) in self.named(&part, part.text()?, nodes)? {
                        match all.iter_mut().find(|(other, _)| *other == at) {
                            Some((_, known)) => {
                                known.extend(ranks);
                                known.sort_unstable();
                                known.dedup();
                            }
                            None => all.push((at, ranks)),
                        }
                    }
                }
                Ok(all)
            }),
            _ => self.matching(&set, nodes),
        };
        self.within.borrow_mut().pop();
        found
    }

    /// Nodes that have all that a set asks for.
    fn matching(&self, set: &Item<'_>, nodes: &[Nodes]) -> Result<Chosen> {
        let mut wrong = Diagnostics::new();
        let mut chosen = Chosen::new();
        let rules = set.members()?;
        for (at, population) in nodes.iter().enumerate() {
            let mut there = vec![true; population.ids.len()];
            for (key, rule) in &rules {
                let wanted: Vec<&Value> = match rule.value {
                    Value::Array(values) => values.iter().collect(),
                    value => vec![value],
                };
                if let Some(odd) = wanted.iter().find(|value| value.is_object() || value.is_array()) {
                    wrong.push(rule.complaint(format!("expected a value or a list of values, found {odd}")));
                    continue;
                }
                match *key {
                    "population" => {
                        if !wanted.iter().any(|name| name.as_str() == Some(&population.name)) {
                            there.fill(false);
                        }
                    }
                    "node_id" | "gid" => {
                        let ids: Vec<u64> = wanted.iter().filter_map(|value| value.as_u64()).collect();
                        if ids.len() < wanted.len() {
                            wrong.push(rule.complaint("expected node ids, which are whole numbers from 0"));
                        }
                        let mut asked = vec![false; there.len()];
                        let mut missing = Vec::new();
                        for id in ids {
                            match population.rank(id) {
                                Some(rank) => asked[rank] = true,
                                None => missing.push(id),
                            }
                        }
                        // Of a population that is not meant, nothing is said.
                        let meant =
                            rules.iter().any(|(key, rule)| *key == "population" && rule.value.as_str() == Some(&population.name));
                        if let (Some(id), true) = (missing.first(), meant) {
                            wrong.push(rule.complaint(format!("population `{}` has no node {id}", population.name)));
                        }
                        there.iter_mut().zip(&asked).for_each(|(there, asked)| *there &= asked);
                    }
                    _ => {
                        let texts: Vec<&str> = wanted.iter().filter_map(|value| value.as_str()).collect();
                        let numbers: Vec<f64> = wanted.iter().filter_map(|value| value.as_f64()).collect();
                        let (mut as_text, mut as_number) = (vec![false; there.len()], vec![false; there.len()]);
                        // What is no text, or no number, is none that is asked for.
                        if let (false, Ok(found)) = (texts.is_empty(), population.texts(key)) {
                            as_text =
                                found.iter().map(|text| text.as_deref().is_some_and(|text| texts.contains(&text))).collect();
                        }
                        if let (false, Ok(found)) = (numbers.is_empty(), population.numbers(key)) {
                            as_number = found.iter().map(|number| numbers.contains(number)).collect();
                        }
                        for (rank, there) in there.iter_mut().enumerate() {
                            *there &= as_text[rank] || as_number[rank];
                        }
                    }
                }
            }
            let ranks: Vec<_> = (0..there.len()).filter(|rank| there[*rank]).collect();
            if !ranks.is_empty() {
                chosen.push((at, ranks));
            }
        }
        if let Some((_, rule)) = rules.iter().find(|(key, _)| *key == "population") {
            let names = match rule.value {
                Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
                value => value.as_str().into_iter().collect::<Vec<_>>(),
            };
            for name in names.into_iter().filter(|name| nodes.iter().all(|population| population.name != *name)) {
                let known: Vec<_> = nodes.iter().map(|population| population.name.as_str()).collect();
                wrong.push(rule.complaint(format!("there is no population {}", quoted(name))).help(suggestion(
                    name,
                    "populations",
                    &known,
                )));
            }
        }
        wrong.or(chosen)
    }
}
