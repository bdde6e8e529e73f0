//! Populations of nodes.

use super::components::{Components, Settings};
use super::config::Pair;
use super::members::{Members, Text, whole_numbers};
use super::models::{TEMPLATES, Template, template};
use super::types::Types;
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use crate::format::h5::H5File;
use crate::network::Population;
use crate::neuron::{Values, model_by_name};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The nodes of a population of a file, by ascending id.
pub(super) struct Nodes {
    pub(super) name: String,
    pub(super) members: Members,
    /// Ids, ascending.
    pub(super) ids: Vec<u64>,
    /// The member that each is.
    member_of: Vec<usize>,
    /// Nodes of one model; each becomes a population of the network.
    pub(super) parts: Vec<Part>,
    /// Part and place in it of each.
    pub(super) places: Vec<(u32, u32)>,
}

/// Nodes of one model.
pub(super) struct Part {
    /// Its name in the network.
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Its nodes, by their rank among the ids.
    pub(super) nodes: Vec<usize>,
}

/// What the nodes of a part do.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// They spike as a file says.
    Virtual,
    /// They are neurons.
    Neurons(&'static Template),
}

impl Kind {
    fn is(self, other: Self) -> bool {
        match (self, other) {
            (Self::Virtual, Self::Virtual) => true,
            (Self::Neurons(a), Self::Neurons(b)) => a.name == b.name,
            _ => false,
        }
    }

    pub(super) fn is_virtual(self) -> bool {
        matches!(self, Self::Virtual)
    }
}

/// Reads the populations of a file of nodes.
pub(super) fn read(pair: &Pair<'_>) -> Result<Vec<Nodes>> {
    let mut wrong = Diagnostics::new();
    let mut populations = Vec::new();
    let names = wrong.take(H5File::open(&pair.file).and_then(|h5| h5.members("/nodes")));
    for name in names.into_iter().flatten() {
        populations.extend(wrong.take(population(pair, name)));
    }
    wrong.or(populations)
}

fn population(pair: &Pair<'_>, name: String) -> Result<Nodes> {
    let h5 = H5File::open(&pair.file)?;
    let at = format!("/nodes/{name}");
    let types = pair.types.as_ref().map(|types| Types::read(types, "node_type_id")).transpose()?;
    let members = Members::read(h5, at.clone(), "node", types)?;
    let id_path = format!("{at}/node_id");
    let mut ids: Vec<u64> = (0..members.len() as u64).collect();
    if members.h5.exists(&id_path) {
        ids = whole_numbers(&members.h5, &id_path)?;
    }
    if ids.len() != members.len() {
        return Err(members.h5.complaint(&id_path, format!("has {} values for {} nodes", ids.len(), members.len())).into());
    }
    let mut member_of: Vec<usize> = (0..ids.len()).collect();
    member_of.sort_by_key(|&member| ids[member]);
    ids.sort_unstable();
    if let Some(twice) = ids.windows(2).find(|two| two[0] == two[1]) {
        return Err(members.h5.complaint(&id_path, format!("node {} stands here twice", twice[0])).into());
    }
    let mut nodes = Nodes { name, members, ids, member_of, parts: Vec::new(), places: Vec::new() };
    nodes.divide()?;
    Ok(nodes)
}

impl Nodes {
    /// The rank of an id.
    pub(super) fn rank(&self, id: u64) -> Option<usize> {
        // Nearly always ids are 0, 1, 2, …
        match self.ids.get(usize::try_from(id).ok()?) {
            Some(found) if *found == id => Some(id as usize),
            _ => self.ids.binary_search(&id).ok(),
        }
    }

    /// True where every node's place in the network is its id.
    pub(super) fn plain(&self) -> bool {
        self.parts.len() == 1 && self.ids.last().is_none_or(|last| *last as usize == self.ids.len() - 1)
    }

    /// Values of the nodes in the order of their ids.
    pub(super) fn numbers(&self, name: &str) -> Result<Vec<f64>> {
        let values = self.members.numbers(name)?;
        Ok(self.member_of.iter().map(|&member| values[member]).collect())
    }

    /// Texts of the nodes in the order of their ids.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<Text>> {
        let values = self.members.texts(name)?;
        Ok(self.member_of.iter().map(|&member| values[member].clone()).collect())
    }

    /// Divides the nodes by their models.
    fn divide(&mut self) -> Result<()> {
        let mut wrong = Diagnostics::new();
        let (kinds, templates) = (wrong.take(self.texts("model_type")), wrong.take(self.texts("model_template")));
        let (Some(kinds), Some(templates)) = (kinds, templates) else { return Err(wrong) };
        // One complaint for each kind of node that is none of ours.
        let mut known: Vec<((Text, Text), Option<Kind>)> = Vec::new();
        for (rank, key) in kinds.into_iter().zip(templates).enumerate() {
            let at = known.iter().position(|(other, _)| *other == key).unwrap_or_else(|| {
                let found = wrong.take(self.kind(rank, &key));
                known.push((key, found));
                known.len() - 1
            });
            let Some(kind) = known[at].1 else { continue };
            let part = self.parts.iter().position(|part| part.kind.is(kind)).unwrap_or_else(|| {
                self.parts.push(Part { name: self.name.clone(), kind, nodes: Vec::new() });
                self.parts.len() - 1
            });
            self.places.push((part as u32, self.parts[part].nodes.len() as u32));
            self.parts[part].nodes.push(rank);
        }
        if self.parts.len() > 1 {
            for part in &mut self.parts {
                let what = match part.kind {
                    Kind::Virtual => "virtual",
                    Kind::Neurons(template) => template.name.rsplit(':').next().unwrap_or(template.name),
                };
                part.name = format!("{}.{what}", self.name);
            }
        }
        wrong.or(())
    }

    fn kind(&self, rank: usize, (kind, template_name): &(Text, Text)) -> Result<Kind> {
        let complaint = |message: String| self.members.complaint(self.member_of[rank], message);
        let known: Vec<_> = TEMPLATES.iter().map(|template| template.name).collect();
        let help = format!("models that can be run are {}, and virtual nodes", known.join(", "));
        match kind.as_deref() {
            Some("virtual") => return Ok(Kind::Virtual),
            Some("point_process" | "point_neuron") => {}
            Some(other) => {
                let of = template_name.as_ref().map_or_else(String::new, |name| format!(" ({name})"));
                let message =
                    format!("population `{}` has nodes of the type {}{of}, which cannot be run", self.name, quoted(other));
                return Err(complaint(message).help(help).into());
            }
            None => {
                let message = format!("nothing says of what type the nodes of population `{}` are", self.name);
                return Err(complaint(message).help("the column model_type says it: point_neuron or virtual").into());
            }
        }
        let Some(name) = template_name.as_deref() else {
            let message = format!("nothing says of what model the nodes of population `{}` are", self.name);
            return Err(complaint(message).help(format!("the column model_template says it; {help}")).into());
        };
        match template(name) {
            Some(template) => Ok(Kind::Neurons(template)),
            None => {
                let message = format!("population `{}` has nodes of the model {}, which cannot be run", self.name, quoted(name));
                Err(complaint(message).help(help).into())
            }
        }
    }

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
