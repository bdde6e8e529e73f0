//! Populations: sizes, parameters, initial values.

use super::{Checker, suggestion, values};
use crate::diagnostic::quoted;
use crate::network::{MAX_NEURONS, Population};
use crate::neuron::{Block, Check, Column, ModelSpec, Values};

/// Message and help for a parameter that a model has not.
pub(crate) fn unknown_param(spec: &ModelSpec, name: &str) -> (String, String) {
    let known: Vec<_> = spec.params.iter().map(|p| p.name).collect();
    (format!("`{}` has no parameter {}", spec.name, quoted(name)), suggestion(name, "parameters", &known))
}

/// Message and help for a state variable that a model has not.
pub(crate) fn unknown_variable(spec: &ModelSpec, name: &str) -> (String, String) {
    let known: Vec<_> = spec.variables.iter().map(|v| v.name).collect();
    (format!("`{}` has no state variable {}", spec.name, quoted(name)), suggestion(name, "variables", &known))
}

impl Checker<'_> {
    pub(super) fn population(&mut self, population: &Population) {
        if !self.sure(population) {
            return;
        }
        let at = format!("population.{}", population.name);
        let size = population.size;
        if size == 0 {
            self.complain(format!("{at}.size"), format!("population `{}` has no neurons", population.name));
        } else if size as u64 > MAX_NEURONS {
            self.complain(format!("{at}.size"), format!("{size} neurons are too many: at most {MAX_NEURONS} are possible"));
        }
        let product = population.shape.iter().try_fold(1usize, |product, n| product.checked_mul(*n));
        if !population.shape.is_empty() && product != Some(size) {
            let shape: Vec<_> = population.shape.iter().map(usize::to_string).collect();
            self.complain(format!("{at}.shape"), format!("the shape {} does not hold {size} neurons", shape.join(" × ")));
        }

        let before = self.complaints.iter().count();
        let spec = population.model.spec();
        for (name, values) in &population.params {
            let path = format!("{at}.params.{name}");
            match spec.param(name) {
                None => {
                    let (message, help) = unknown_param(spec, name);
                    self.complain_with_help(path, message, help);
                }
                Some(param) => self.values(path, name, values, param.check, size),
            }
        }
        for param in spec.params {
            if param.default.is_none() && !population.params.contains_key(param.name) {
                self.complain_with_help(
                    format!("{at}.params.{}", param.name),
                    format!("population `{}` needs the parameter `{}`: {}", population.name, param.name, param.meaning),
                    format!("`{}` has no default for it", spec.name),
                );
            }
        }
        for (name, values) in &population.init {
            let path = format!("{at}.init.{name}");
            match spec.variable(name) {
                None => {
                    let (message, help) = unknown_variable(spec, name);
                    self.complain_with_help(path, message, help);
                }
                Some(variable) => self.values(path, name, values, variable.check, size),
            }
        }
        if self.complaints.iter().count() == before {
            self.together(&at, population);
        }
    }

    pub(super) fn values(&mut self, path: String, name: &str, values: &Values, check: Check, len: usize) {
        if let Some(complaint) = values::complaint(name, values, check, len) {
            self.complaints.push(complaint.place(crate::diagnostic::Place::Path(path)));
        }
    }

    /// What the model says of its parameters taken together. Drawn ones are known only once they are drawn.
    fn together(&mut self, at: &str, population: &Population) {
        let spec = population.model.spec();
        let mut len = 1;
        let mut columns = Vec::with_capacity(spec.params.len());
        for param in spec.params {
            columns.push(match population.params.get(param.name) {
                Some(Values::Drawn(_)) => return,
                Some(Values::Each(values)) => {
                    len = population.size;
                    Column::Each(values.clone())
                }
                Some(Values::One(value)) => Column::One(*value),
                None => match param.default {
                    Some(value) => Column::One(value),
                    None => return,
                },
            });
        }
        let dt_ms = self.network.dt_ms.filter(|dt| dt.is_finite() && *dt > 0.0).unwrap_or(1.0);
        let block = Block { len, dt_ms, semantics: &self.network.semantics, params: &columns, init: &[], spec };
        for complaint in population.model.complaints(&block) {
            self.complain(format!("{at}.params"), format!("population `{}`: {complaint}", population.name));
        }
    }
}
