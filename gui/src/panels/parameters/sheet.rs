//! What stands in the tables, line by line.

use super::stimuli;
use crate::knobs::{Knob, measured, of_param, of_weights, with_unit};
use crate::number::grouped;
use crate::session::Scene;
use spikewatt::neuron::{Input, ModelSpec};
use spikewatt::units::Dimension;

/// One table.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) title: &'static str,
    /// What one thing in it is called.
    pub(super) one: &'static str,
    /// How many of them there are.
    pub(super) things: usize,
    pub(super) columns: Vec<Column>,
    /// The column of what can be changed.
    pub(super) now: usize,
    pub(super) lines: Vec<Line>,
    /// Widths of the columns, once they are measured.
    pub(super) widths: Vec<f32>,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) title: &'static str,
    /// What it says, and why it cannot be changed where it cannot.
    pub(super) about: &'static str,
}

/// A line.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) cells: Vec<String>,
    pub(super) knob: Option<Knob>,
    /// What the value means, or why it cannot be changed.
    pub(super) about: String,
    /// It belongs to the thing of the line before.
    pub(super) again: bool,
}

/// Why something stays as it is.
pub(super) const FIXED: &str = "does not change while it runs: change the file, and open it again";

/// All tables of what is opened.
pub(super) fn sheets(scene: &Scene) -> Vec<Sheet> {
    vec![populations(scene), projections(scene), stimuli::sheet(scene)]
}

impl Sheet {
    pub(super) fn new(title: &'static str, one: &'static str, now: usize, columns: &[(&'static str, &'static str)]) -> Self {
        let columns = columns.iter().map(|&(title, about)| Column { title, about }).collect();
        Self { title, one, things: 0, columns, now, lines: Vec::new(), widths: Vec::new() }
    }

    /// The lines that have all words of a filter: a word that is the whole name of something means that alone, any other is a part of a name.
    pub(super) fn matching(&self, filter: &str) -> Vec<usize> {
        let words: Vec<String> = filter.split([' ', ',']).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
        let cells = |line: &Line| line.cells.iter().map(|cell| cell.to_lowercase()).collect::<Vec<_>>();
        let mut lines: Vec<_> = (0..self.lines.len()).collect();
        for word in &words {
            let is = |at: &usize| cells(&self.lines[*at]).iter().any(|cell| cell == word);
            let has = |at: &usize| cells(&self.lines[*at]).iter().any(|cell| cell.contains(word.as_str()));
            let named = (0..self.lines.len()).any(|at| is(&at));
            lines.retain(|at| if named { is(at) } else { has(at) });
        }
        lines
    }
}

fn populations(scene: &Scene) -> Sheet {
    let mut sheet = Sheet::new(
        "Populations",
        "population",
        2,
        &[
            ("population", "Its name"),
            ("parameter", "What of its neurons the line is about"),
            ("now", "The value as it runs: type a quantity with its unit, or a number in the unit shown"),
            (
                "in the file",
                "The value as the network was opened; where neurons have values of their own, the least and the largest",
            ),
            (
                "neurons",
                "How many neurons it has. Their number does not change while it runs: change the file, and open it again",
            ),
            ("model", "What its neurons are. It does not change while it runs: change the file, and open it again"),
            ("meaning", "What the parameter means"),
        ],
    );
    for (at, p) in scene.built.populations.iter().enumerate() {
        let spec = p.model.spec();
        let before = sheet.lines.len();
        for param in spec.params {
            let Some(knob) = of_param(scene, at, param) else { continue };
            let (file, about) = (knob.in_file(scene), knob.about.clone());
            let cells = [&p.name, param.name, &file, &file, &grouped(p.size as u64), spec.name, param.meaning].map(str::to_owned);
            let again = sheet.lines.len() > before;
            sheet.lines.push(Line { cells: cells.to_vec(), knob: Some(knob).filter(|_| !scene.net.exact), about, again });
        }
        if sheet.lines.len() == before {
            let what = if p.is_input() { "it spikes as it is told" } else { "it has no parameters" };
            let cells = [&p.name, "–", "–", "–", &grouped(p.size as u64), spec.name, what].map(str::to_owned);
            sheet.lines.push(Line {
                cells: cells.to_vec(),
                knob: None,
                about: "There is nothing to change".into(),
                again: false,
            });
        }
    }
    sheet.things = scene.built.populations.len();
    sheet
}

fn projections(scene: &Scene) -> Sheet {
    let mut sheet = Sheet::new(
        "Projections",
        "projection",
        1,
        &[
            ("projection", "Its name"),
            ("weight factor", "What all its weights are multiplied by, from now on"),
            ("weights", "Its weights as the file has them, before the factor"),
            ("delay", "From a spike to its arrival. It does not change while it runs: change the file, and open it again"),
            ("from", "The population that sends"),
            ("to", "The population that receives"),
            ("rule", "Who reaches whom. It does not change while it runs: change the file, and open it again"),
            ("synapses", "Connections, each with a place of its own. Their number does not change while it runs"),
            ("synapse model", "What an event does to a neuron that it reaches; it belongs to the neuron's model"),
        ],
    );
    // Those of the file and those that run are in one order.
    for (p, given) in scene.built.projections.iter().zip(&scene.network.projections) {
        let (from, to) = (&scene.built.populations[p.from], &scene.built.populations[p.to]);
        let spec = to.model.spec();
        let unit = measured(scene, spec.input.dimension()).unit();
        let weights = if given.connect.has_weights() { "its own".to_owned() } else { with_unit(&given.weight_words(), unit) };
        let knob = of_weights(&p.name);
        let cells = vec![
            p.name.clone(),
            knob.shown(knob.built),
            if p.bias.is_some() { format!("{weights}, and a bias") } else { weights },
            given.delay.words(),
            from.name.clone(),
            to.name.clone(),
            given.connect.words(),
            grouped(p.rows.synapses(from.size)),
            synapse(scene, spec),
        ];
        let about = knob.about.clone();
        sheet.lines.push(Line { cells, knob: Some(knob).filter(|_| !scene.net.exact), about, again: false });
    }
    sheet.things = sheet.lines.len();
    sheet
}

/// What an event does to a neuron.
fn synapse(scene: &Scene, spec: &ModelSpec) -> String {
    let what = match spec.input.dimension() {
        _ if spec.input == Input::None => return "none".into(),
        Dimension::Voltage if spec.variable("v").is_some() && !scene.network.unitless => "jump of the membrane",
        Dimension::Current => "current",
        Dimension::Conductance => "conductance",
        _ => "number",
    };
    let slow: Vec<_> = spec.params.iter().map(|p| p.name).filter(|name| name.starts_with("tau_syn")).collect();
    if slow.is_empty() { what.into() } else { format!("{what} with {}", slow.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_name_means_that_alone_and_a_part_all_that_have_it() {
        let mut sheet = Sheet::new("x", "x", 1, &[("population", ""), ("parameter", "")]);
        for (population, param) in [("e", "tau_m"), ("e", "v_th"), ("exc", "tau_m"), ("inner", "t_ref")] {
            let cells = vec![population.to_owned(), param.to_owned()];
            sheet.lines.push(Line { cells, knob: None, about: String::new(), again: false });
        }
        assert_eq!(sheet.matching(""), [0, 1, 2, 3]);
        assert_eq!(sheet.matching("e"), [0, 1]);
        assert_eq!(sheet.matching("TAU"), [0, 2]);
        assert_eq!(sheet.matching("e tau"), [0]);
        assert_eq!(sheet.matching("ex"), [2]);
        assert!(sheet.matching("nothing").is_empty());
    }
}
