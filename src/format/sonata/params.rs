//! What the nodes of a population have for parameters.

use super::components::{Components, Settings};
use super::members::Text;
use super::models::Template;
use super::nodes::{Kind, Nodes, Part};
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use crate::network::Population;
use crate::neuron::{Values, model_by_name};
use std::collections::BTreeMap;
use std::rc::Rc;

impl Nodes {
    /// A part as a population of the network.
    pub(super) fn population(&self, part: &Part, components: &mut Components<'_>, notes: &mut Vec<String>) -> Result<Population> {
        let size = part.nodes.len();
        let mut population = Population {
            name: part.name.clone(),
            size,
            shape: vec![size],
            model: model_by_name("input").expect("built in"),
            params: BTreeMap::new(),
            init: BTreeMap::new(),
        };
        let Kind::Neurons(template) = part.kind else { return Ok(population) };
        population.model = template.model();
        let mut wrong = Diagnostics::new();
        let files = self.texts("dynamics_params")?;
        let settings = self.settings(part, &files, template, components)?;
        let mut own: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for name in self.members.own_params()? {
            let path = format!("dynamics_params/{name}");
            let Some(values) = wrong.take(self.numbers(&path)) else { continue };
            // Nodes of another model may be in the same groups.
            if part.nodes.iter().all(|&node| values[node].is_nan()) {
                continue;
            }
            if !template.params.iter().any(|(theirs, ..)| *theirs == name) && name != template.initial.0 {
                let at = format!("{}/…/{path}", self.members.at);
                wrong.push(unknown(template, &name, |message| self.members.h5.complaint(&at, message)));
            }
            own.insert(name, values);
        }
        let of = |theirs: &str, node: usize, place: usize| -> Option<f64> {
            let own = own.get(theirs).map(|values| values[node]).filter(|value| !value.is_nan());
            own.or_else(|| settings[place].as_ref().and_then(|settings| settings.numbers.get(theirs).copied()))
        };
        let spec = population.model.spec();
        for (theirs, ours, factor) in template.params {
            let given: Vec<_> = part.nodes.iter().enumerate().map(|(place, &node)| of(theirs, node, place)).collect();
            if given.iter().all(Option::is_none) {
                continue;
            }
            let default = spec.param(ours).and_then(|param| param.default).unwrap_or(f64::NAN);
            let values = given.into_iter().map(|value| value.map_or(default, |value| value * factor)).collect();
            population.params.insert((*ours).to_owned(), few(values));
        }
        let (theirs, initial) = template.initial;
        let given: Vec<_> = part.nodes.iter().enumerate().map(|(place, &node)| of(theirs, node, place)).collect();
        if initial != 0.0 && population.params.contains_key("v_rest") && given.iter().any(Option::is_none) {
            notes.push(format!(
                "Nothing says where the potentials of `{}` begin: at {initial} mV, as NEST's do, whatever E_L is.",
                part.name
            ));
        }
        population.init.insert("v".into(), few(given.into_iter().map(|value| value.unwrap_or(initial)).collect()));
        wrong.or(population)
    }

    /// The file of parameters of each node of a part.
    fn settings(
        &self,
        part: &Part,
        files: &[Text],
        template: &Template,
        components: &mut Components<'_>,
    ) -> Result<Vec<Option<Rc<Settings>>>> {
        let mut wrong = Diagnostics::new();
        let mut found: BTreeMap<Rc<str>, Option<Rc<Settings>>> = BTreeMap::new();
        let mut all = Vec::with_capacity(part.nodes.len());
        for &node in &part.nodes {
            let Some(name) = &files[node] else {
                all.push(None);
                continue;
            };
            if !found.contains_key(name) {
                let read = components.read("point_neuron_models_dir", name, || {
                    self.members.complaint(self.member_of[node], format!("`dynamics_params` names {}", quoted(name)))
                });
                let settings = wrong.take(read);
                if let Some(settings) = &settings {
                    for key in settings.keys() {
                        if !template.params.iter().any(|(theirs, ..)| *theirs == key) && key != template.initial.0 {
                            wrong.push(unknown(template, key, |message| Diagnostic::at(key, message).file(&settings.file)));
                        }
                    }
                }
                found.insert(name.clone(), settings);
            }
            all.push(found.get(name).cloned().flatten());
        }
        wrong.or(all)
    }
}

/// One value where all are equal.
pub(super) fn few(values: Vec<f64>) -> Values {
    match values.split_first() {
        Some((first, rest)) if rest.iter().all(|value| value == first) => Values::One(*first),
        _ => Values::Each(values),
    }
}

fn unknown(template: &Template, name: &str, complaint: impl FnOnce(String) -> Diagnostic) -> Diagnostic {
    let known: Vec<_> = template.params.iter().map(|(theirs, ..)| *theirs).chain([template.initial.0]).collect();
    complaint(format!("{} has no parameter {} here", template.name, quoted(name))).help(crate::network::suggestion(
        name,
        "parameters",
        &known,
    ))
}
