//! What SONATA's model templates are called here, and how their parameters are.

use crate::neuron::{ModelRef, model_by_name};

/// A parameter file's name of a parameter, ours, and the factor from its unit to ours.
pub(super) type Param = (&'static str, &'static str, f64);

/// A model that templates name.
#[derive(Debug)]
pub(super) struct Template {
    /// Its name in `model_template`.
    pub(super) name: &'static str,
    /// Ours.
    model: &'static str,
    pub(super) params: &'static [Param],
    /// The parameter files' name of the membrane, and its value at the start where they do not give it.
    pub(super) initial: (&'static str, f64),
    /// Whether a model in exact time stands for it: NEURON's artificial cells know no steps, and NEST's models are stepped.
    pub(super) exact: bool,
}

impl Template {
    pub(super) fn model(&self) -> ModelRef {
        model_by_name(self.model).expect("templates stand for built-in models")
    }

    /// Ours of a variable that a report asks for.
    pub(super) fn variable(&self, name: &str) -> Option<&'static str> {
        VARIABLES.iter().find(|(theirs, ..)| *theirs == name).map(|(_, ours)| *ours).filter(|ours| {
            let model = self.model();
            model.spec().variable(ours).is_some()
        })
    }
}

/// Variables of reports and ours.
const VARIABLES: &[(&str, &str)] =
    &[("V_m", "v"), ("v", "v"), ("m", "v"), ("I_syn_ex", "i_ex"), ("I_syn_in", "i_in"), ("g_ex", "g_ex"), ("g_in", "g_in")];

/// Keys of parameter files that say nothing of the dynamics.
pub(super) const WORDS: &[&str] = &["type", "name", "model", "level_of_detail", "description"];

/// The potential at which NEST's integrate-and-fire neurons begin where nothing is said: they do not follow `E_L`.
const NEST_V_M: f64 = -70.0;

const C_M: Param = ("C_m", "c_m", 1.0);
const E_L: Param = ("E_L", "v_rest", 1.0);
const V_TH: Param = ("V_th", "v_th", 1.0);
const V_RESET: Param = ("V_reset", "v_reset", 1.0);
const T_REF: Param = ("t_ref", "t_ref", 1.0);
const I_E: Param = ("I_e", "i_e", 1.0);
const TAU_M: Param = ("tau_m", "tau_m", 1.0);
const TAU_EX: Param = ("tau_syn_ex", "tau_syn_ex", 1.0);
const TAU_IN: Param = ("tau_syn_in", "tau_syn_in", 1.0);
const V_MIN: Param = ("V_min", "v_min", 1.0);
const KEEPS: Param = ("refractory_input", "refractory_input", 1.0);

const CURRENTS: &[Param] = &[TAU_M, C_M, E_L, V_TH, V_RESET, T_REF, I_E, TAU_EX, TAU_IN];

/// Every template that can be run.
pub(super) const TEMPLATES: &[Template] = &[
    // The files have seconds (BMTK multiplies them by 1000).
    Template {
        name: "nrn:IntFire1",
        model: "intfire1",
        params: &[("tau", "tau_m", 1e3), ("refrac", "t_ref", 1e3)],
        initial: ("m", 0.0),
        exact: true,
    },
    Template { name: "nest:iaf_psc_alpha", model: "lif_alpha", params: CURRENTS, initial: ("V_m", NEST_V_M), exact: false },
    Template { name: "nest:iaf_psc_exp", model: "lif_exp", params: CURRENTS, initial: ("V_m", NEST_V_M), exact: false },
    Template {
        name: "nest:iaf_psc_delta",
        model: "lif_delta",
        params: &[TAU_M, C_M, E_L, V_TH, V_RESET, T_REF, I_E, V_MIN, KEEPS],
        initial: ("V_m", NEST_V_M),
        exact: false,
    },
    Template {
        name: "nest:iaf_cond_exp",
        model: "lif_cond_exp",
        params: &[
            ("g_L", "g_l", 1.0),
            C_M,
            E_L,
            V_TH,
            V_RESET,
            T_REF,
            I_E,
            TAU_EX,
            TAU_IN,
            ("E_ex", "e_ex", 1.0),
            ("E_in", "e_in", 1.0),
        ],
        initial: ("V_m", NEST_V_M),
        exact: false,
    },
];

/// The template of a name.
pub(super) fn template(name: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_name_what_their_models_have() {
        for template in TEMPLATES {
            let model = template.model();
            for (_, ours, _) in template.params {
                assert!(model.spec().param(ours).is_some(), "{}: {ours}", template.name);
            }
            assert_eq!(template.params.len(), model.spec().params.len(), "{}: every parameter has a name", template.name);
            assert_eq!(template.variable(template.initial.0), Some("v"), "{}", template.name);
        }
    }
}
