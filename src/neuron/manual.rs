//! The manual of all models, written from their specs.

use super::{Input, KEYS, MODELS, ModelSpec, Output, SEMANTICS, Semantics};
use crate::units::Dimension;
use std::fmt::Write;

/// Every built-in model and the semantics of trained networks, as Markdown: equation, parameters with units, what it counts, source. The
/// file `src/neuron/MODELS.md` is this text.
#[must_use]
pub fn manual() -> String {
    let mut text = String::from(
        "# Neuron models\n\n\
         Written from the specs in `src/neuron` by `neuron::manual`; a test holds the two together. `spikewatt inspect --models NAME` shows one\n\
         model in a terminal.\n\n\
         Every model counts its spikes, the synaptic and stimulus events that reach it, its driven updates (neuron-ticks in which something\n\
         arrived) and its clocked updates (all neuron-ticks). In the equations w is a weight, I a current from stimuli, x the sum that arrives\n\
         in a tick; v and w are in mV, pA or nS where a unit is given, and plain numbers in a network with `units = \"none\"`.\n\n\
         | model | what it is | weights | output |\n|---|---|---|---|\n",
    );
    let models: Vec<_> = MODELS.iter().map(|make| make()).collect();
    // Writing to a string cannot fail, so the results of `writeln!` are dropped.
    for model in &models {
        let spec = model.spec();
        let _ = writeln!(text, "| [`{0}`](#{0}) | {1} | {2} | {3} |", spec.name, spec.title, weights(spec), output(spec));
    }
    for model in &models {
        page(model.spec(), &mut text);
    }
    text.push_str("\n## Semantics of trained networks\n\n");
    text.push_str("How the models of trained networks step (`--semantics`); the other models have one meaning.\n\n");
    text.push_str("| name | what |\n|---|---|\n");
    for semantics in SEMANTICS {
        let _ = writeln!(text, "| `{}` | {} |", semantics.name, semantics.title);
    }
    text.push_str(
        "\nEach choice can be made by hand, after a name: `--semantics norse,reset=subtract,decay=exact`. In the rules, keep is what is left\n\
         after a step, and x the input. The variable `v` is the membrane at the end of a step: after a reset that happens at once, before one\n\
         that waits for the next step.\n\n\
         | key | what is chosen | values |\n|---|---|---|\n",
    );
    for key in KEYS {
        let values: Vec<_> = key.values().iter().map(|(value, words)| format!("`{value}`: {words}")).collect();
        let _ = writeln!(text, "| `{}` | {} | {} |", key.name, key.about, values.join("<br>"));
    }
    text.push_str("\nWhat each name chooses, where it is not as `nir`:\n\n| name | choices |\n|---|---|\n");
    for semantics in &SEMANTICS[1..] {
        let nir = Semantics::default();
        let other = KEYS.iter().filter(|key| key.value(semantics) != key.value(&nir));
        let choices: Vec<_> = other.map(|key| format!("{}={}", key.name, key.value(semantics))).collect();
        let _ = writeln!(text, "| `{}` | {} |", semantics.name, choices.join(", "));
    }
    text
}

/// What its weights measure.
fn weights(spec: &ModelSpec) -> String {
    let unit = match spec.input.dimension() {
        Dimension::None => "plain numbers".to_owned(),
        dimension => dimension.unit().to_owned(),
    };
    match spec.input {
        Input::Sum(_) => unit,
        Input::BySign(_) => format!("{unit}, by sign"),
        Input::None => "none".to_owned(),
    }
}

fn output(spec: &ModelSpec) -> &'static str {
    match spec.output {
        Output::Spikes => "spikes",
        Output::Analog => "numbers",
        Output::External => "what is put in",
    }
}

fn page(spec: &ModelSpec, text: &mut String) {
    let _ = write!(text, "\n## {}\n\n{}.\n\n```text\n", spec.name, sentence(spec.title));
    for line in spec.equation.split(";  ") {
        let _ = writeln!(text, "{line}");
    }
    text.push_str("```\n\n");
    for (what, words) in spec.facts() {
        let _ = writeln!(text, "- **{what}**: {words}");
    }
    if !spec.params.is_empty() {
        text.push_str("\n| parameter | unit | default | allowed | meaning |\n|---|---|---|---|---|\n");
        for p in spec.params {
            let default = p.default.map_or("required".to_owned(), |value| value.to_string());
            let (name, unit, allowed) = (p.name, p.dimension.unit(), p.check.words());
            let _ = writeln!(text, "| `{name}` | {unit} | {default} | {allowed} | {} |", p.meaning);
        }
    }
    if !spec.variables.is_empty() {
        text.push_str("\n| variable | unit | meaning |\n|---|---|---|\n");
        for v in spec.variables {
            let _ = writeln!(text, "| `{}` | {} | {} |", v.name, v.dimension.unit(), v.meaning);
        }
    }
}

impl ModelSpec {
    /// What there is to say of a model beside its equation, parameters and variables: (what, words).
    #[must_use]
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("weights", weights(self)),
            ("gives", output(self).to_owned()),
            ("spikes", self.threshold.words().to_owned()),
            ("step", self.integrator.to_owned()),
            ("refractory", self.refractoriness.to_owned()),
            ("counts", self.counts.to_owned()),
            ("state", format!("{} bytes a neuron, at 4 bytes a variable", self.state_bytes)),
            ("source", self.reference.to_owned()),
        ]
    }
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_models_is_what_the_specs_say() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/neuron/MODELS.md");
        if std::env::var_os("SPIKEWATT_WRITE_MANUAL").is_some() {
            std::fs::write(path, manual()).expect("the page can be written");
        }
        let page = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            page == manual(),
            "src/neuron/MODELS.md is not what the specs say: run the test with SPIKEWATT_WRITE_MANUAL=1 to write it anew"
        );
    }

    #[test]
    fn every_model_says_all_there_is_to_say() {
        for make in MODELS {
            let model = make();
            let spec = model.spec();
            for (what, words) in spec.facts() {
                assert!(!words.is_empty() && !words.contains('|'), "{}: {what}", spec.name);
            }
            assert!(!spec.title.ends_with('.') && spec.reference.contains(|c: char| c.is_ascii_digit()), "{}", spec.name);
        }
    }
}
