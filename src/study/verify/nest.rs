//! Single neurons held to NEST: spike times equal on the grid, and within 1e-9 ms in exact time (`_ps` cases); membrane and currents within 1e-9
//! where both solve exactly, within the tolerance of NEST's solver where it integrates.

use super::neuron::{Ran, by_every_execution, in_exact_time, one_neuron, send};
use super::{Case, Finding};
use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use crate::network::Network;
use crate::neuron::{Values, model_by_name};
use crate::spike::EXACT_TICK_MS;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Where both solve exactly: mV, pA or nS, and a part of the value where that is above 1.
const EXACT: f64 = 1e-9;
/// NEST integrates the membrane of `iaf_cond_exp` by an adaptive Runge-Kutta-Fehlberg method that allows 1e-3 mV a step, and is better than that:
/// the largest differences found are 1e-13 mV and 5e-6 mV.
const INTEGRATED: f64 = 1e-7;

/// Spike times in exact time, ms.
const EXACT_MS: f64 = 1e-9;

/// A run that was stored.
struct Stored {
    name: &'static str,
    /// Its model in NEST, and what drives it.
    about: &'static str,
    /// Model, parameters, input and spikes.
    facts: &'static str,
    /// State at every step.
    trace: &'static str,
    allowed: f64,
}

macro_rules! stored {
    ($($name:literal $about:literal $allowed:expr),* $(,)?) => {
        &[$(Stored {
            name: $name,
            about: $about,
            facts: include_str!(concat!("data/nest/", $name, ".json")),
            trace: include_str!(concat!("data/nest/", $name, ".csv")),
            allowed: $allowed,
        }),*]
    };
}

const STORED: &[Stored] = stored![
    "delta_01_const" "iaf_psc_delta, a constant current" EXACT,
    "delta_02_brunel_spikes" "iaf_psc_delta, spikes as in Brunel's network" EXACT,
    "delta_04_refractory_input" "iaf_psc_delta that keeps its input while refractory" EXACT,
    "delta_05_vmin_dt1" "iaf_psc_delta with a lowest membrane, 1 ms" EXACT,
    "exp_01_const" "iaf_psc_exp, a constant current" EXACT,
    "exp_02_pd_spikes" "iaf_psc_exp, spikes as in the microcircuit" EXACT,
    "exp_04_tausyn_near_taum" "iaf_psc_exp, synapses nearly as slow as the membrane" EXACT,
    "alpha_01_const" "iaf_psc_alpha, a constant current" EXACT,
    "alpha_02_spikes" "iaf_psc_alpha, spikes" EXACT,
    "delta_ps_01_const" "iaf_psc_delta_ps, exact time, a constant current" EXACT,
    "delta_ps_02_offgrid_spikes" "iaf_psc_delta_ps, exact time, spikes" EXACT,
    "exp_ps_01_const" "iaf_psc_exp_ps, exact time, a constant current" EXACT,
    "exp_ps_02_offgrid_spikes" "iaf_psc_exp_ps, exact time, spikes" EXACT,
    "alpha_ps_01_const" "iaf_psc_alpha_ps, exact time, a constant current" EXACT,
    "alpha_ps_02_offgrid_spikes" "iaf_psc_alpha_ps, exact time, spikes" EXACT,
    "cond_01_const" "iaf_cond_exp, a constant current" INTEGRATED,
    "cond_02_coba_spikes" "iaf_cond_exp, spikes as in Vogels and Abbott's network" INTEGRATED,
];

/// NEST's models and ours.
const MODELS: &[(&str, &str)] = &[
    ("iaf_psc_delta", "lif_delta"),
    ("iaf_psc_exp", "lif_exp"),
    ("iaf_psc_alpha", "lif_alpha"),
    ("iaf_cond_exp", "lif_cond_exp"),
];

/// NEST's parameter names and ours.
const PARAMS: &[(&str, &str)] = &[
    ("tau_m", "tau_m"),
    ("C_m", "c_m"),
    ("E_L", "v_rest"),
    ("V_th", "v_th"),
    ("V_reset", "v_reset"),
    ("V_min", "v_min"),
    ("t_ref", "t_ref"),
    ("tau_syn_ex", "tau_syn_ex"),
    ("tau_syn_in", "tau_syn_in"),
    ("refractory_input", "refractory_input"),
    ("g_L", "g_l"),
    ("E_ex", "e_ex"),
    ("E_in", "e_in"),
];

/// NEST's variables and ours.
const VARIABLES: &[(&str, &str)] =
    &[("V_m", "v"), ("I_syn_ex", "i_ex"), ("I_syn_in", "i_in"), ("g_ex", "g_ex"), ("g_in", "g_in")];

pub(super) fn cases() -> Vec<Case> {
    let case = |stored: &'static Stored| {
        let check = move || Neuron::read(stored.facts, stored.trace)?.check(stored.allowed);
        Case::new("nest", stored.name, stored.about, "NEST 3.10", move |_, _| check())
    };
    STORED.iter().map(case).collect()
}

/// A neuron in NEST: how it was set up, and what it did.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Neuron {
    model: String,
    dt: f64,
    #[serde(rename = "T")]
    duration: f64,
    params_set: Map<String, Value>,
    params_full: Map<String, Value>,
    #[serde(rename = "I_e")]
    current: f64,
    inputs_time_weight_delay: Vec<[f64; 3]>,
    /// Times, ms.
    pub(super) spike_times: Vec<f64>,
    #[serde(skip)]
    columns: Vec<String>,
    /// Time, and each of `columns`.
    #[serde(skip)]
    pub(super) rows: Vec<Vec<f64>>,
}

impl Neuron {
    /// Reads a stored run.
    pub(super) fn read(facts: &str, trace: &str) -> Result<Self> {
        // Python writes an infinity that JSON does not have; NEST means "no lower bound" by it.
        let mut neuron: Self = serde_json::from_str(&facts.replace("-Infinity", "-1e308"))
            .map_err(|error| Diagnostic::new(format!("a stored run is not as it should be: {error}")))?;
        let mut lines = trace.lines();
        neuron.columns = lines.next().unwrap_or_default().split(',').skip(1).map(str::to_owned).collect();
        let number = |text: &str| text.parse().map_err(|_| Diagnostic::new(format!("`{text}` in a stored trace is no number")));
        let mut wrong = Diagnostics::new();
        for line in lines {
            let row: std::result::Result<Vec<f64>, Diagnostic> = line.split(',').map(number).collect();
            match row {
                Ok(row) if row.len() == neuron.columns.len() + 1 => neuron.rows.push(row),
                Ok(_) => wrong.push(Diagnostic::new(format!("the row `{line}` of a stored trace is too short or too long"))),
                Err(error) => wrong.push(error),
            }
        }
        wrong.or(neuron)
    }

    /// A parameter as it was set, else as it is by default.
    fn param(&self, name: &str) -> Option<f64> {
        let value = self.params_set.get(name).or_else(|| self.params_full.get(name))?;
        value.as_f64().or(value.as_bool().map(|on| f64::from(u8::from(on))))
    }

    /// Runs our neuron and compares.
    pub(super) fn check(&self, allowed: f64) -> Result<Vec<Finding>> {
        let ours = |list: &[(&str, &'static str)], name: &str| {
            let found = list.iter().find(|(theirs, _)| *theirs == name).map(|(_, ours)| *ours);
            found.ok_or_else(|| Diagnostic::new(format!("nothing of ours is NEST's `{name}`")))
        };
        // NEST's models of exact time are the same neurons; their grid is that of what was sampled.
        let (on_grid, exact) = self.model.strip_suffix("_ps").map_or((&self.model[..], false), |model| (model, true));
        let model = ours(MODELS, on_grid)?;
        let variables = self.columns.iter().map(|name| ours(VARIABLES, name)).collect::<std::result::Result<Vec<_>, _>>()?;
        let network = self.network(model)?;
        let mut findings = Vec::new();
        let ran = if exact {
            let ran = in_exact_time(&network, self.duration, &variables)?;
            findings.extend(self.times(&ran));
            vec![ran]
        } else {
            let ran = by_every_execution(&network, self.duration, &variables)?;
            let expected: Vec<u64> = self.spike_times.iter().map(|ms| self.tick(*ms)).collect();
            let mut spikes = Finding::new("spike times", "spikes", 0.0);
            for ran in &ran {
                spikes.note_lists(&ran.spikes.ticks, &expected, || format!("{}, ticks", ran.engine));
            }
            findings.push(spikes);
            ran
        };
        let mut state = Finding::new(variables.join(", "), "relative", allowed);
        for ran in &ran {
            for row in &self.rows {
                let Some(at) = (self.tick(row[0]) as usize).checked_sub(1) else { continue };
                for ((variable, trace), theirs) in variables.iter().zip(&ran.traces).zip(&row[1..]) {
                    let Some(ours) = trace.get(at) else { continue };
                    let off = (ours - theirs).abs() / theirs.abs().max(1.0);
                    state.note(off, || format!("{}, {variable} at step {}: {ours}, expected {theirs}", ran.engine, at + 1));
                }
            }
        }
        findings.push(state);
        Ok(findings)
    }

    /// The same neuron as a network of ours, on NEST's grid.
    fn network(&self, model: &str) -> Result<Network> {
        let has = |name: &str| model_by_name(model).is_some_and(|model| model.spec().param(name).is_some());
        let mut params = vec![("i_e", self.current)];
        for (theirs, ours) in PARAMS {
            if let Some(value) = self.param(theirs).filter(|_| has(ours)) {
                params.push((ours, if value <= -1e308 { f64::NEG_INFINITY } else { value }));
            }
        }
        let mut network = one_neuron(model, self.dt, &params)?;
        if let Some(v) = self.param("V_m") {
            network.populations[0].init.insert("v".into(), Values::One(v));
        }
        for [at_ms, weight, delay_ms] in &self.inputs_time_weight_delay {
            send(&mut network, *at_ms, *weight, *delay_ms);
        }
        Ok(network)
    }

    fn tick(&self, ms: f64) -> u64 {
        (ms / self.dt).round() as u64
    }

    /// Number and times of spikes in exact time.
    fn times(&self, ran: &Ran) -> [Finding; 2] {
        let mut number = Finding::new("number of spikes", "spikes", 0.0);
        let mut times = Finding::new("spike times", "ms", EXACT_MS);
        let found: Vec<f64> = ran.spikes.times().map(|tick| tick * EXACT_TICK_MS).collect();
        let expected = &self.spike_times;
        number.note(found.len().abs_diff(expected.len()) as f64, || format!("{}, expected {}", found.len(), expected.len()));
        for (ours, theirs) in found.iter().zip(expected) {
            times.note((ours - theirs).abs(), || format!("{ours} ms, expected {theirs} ms"));
        }
        [number, times]
    }
}
