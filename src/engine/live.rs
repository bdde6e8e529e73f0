//! Changes while it runs: reading state without a recorder, kicking a neuron, and going on with other parameters.
//!
//! All of it happens between two ticks. What is not used costs a run nothing but one comparison a population and tick.

use super::{Body, Simulation};
use crate::compile::CompiledNetwork;
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use crate::neuron::{Kick, Output};
use std::sync::Arc;

impl Simulation {
    /// The values of a state variable (`v`; `output` for what an analog population gives) of some neurons, or of all where `ids` is empty,
    /// at the end of the last tick. They replace what is in `values`, one for each id in the order of `ids`; not a number where the execution
    /// keeps no such value.
    ///
    /// # Errors
    /// A population, variable or neuron that is not there; an execution in exact time, where state lies between events.
    pub fn value(&self, population: usize, variable: &str, ids: &[u32], values: &mut Vec<f64>) -> Result<()> {
        let net = &*self.net;
        values.clear();
        let p = known(net, population, ids)?;
        let spec = p.model.spec();
        if spec.variable(variable).is_none() && !(variable == "output" && spec.output != Output::Spikes) {
            let names: Vec<_> = spec.variables.iter().map(|v| v.name).collect();
            let told = Diagnostic::at(format!("population.{}", p.name), format!("it has no variable {}", quoted(variable)));
            return Err(told.help(format!("its variables are: {}", names.join(", "))).into());
        }
        values.resize(if ids.is_empty() { p.size } else { ids.len() }, f64::NAN);
        match &self.body {
            Body::Sliced(sliced) => sliced.value(population, variable, ids, values),
            Body::Reference(reference) => reference.value(population, variable, ids, values),
            Body::Exact(_) => return Err(not_in_exact_time("state is read between ticks")),
        }
        Ok(())
    }

    /// The threshold of a neuron at the end of the last tick, with the lift of a threshold that adapts; `None` where it has none.
    #[must_use]
    pub fn threshold(&self, population: usize, neuron: u32) -> Option<f64> {
        let (threshold, _) = self.net.threshold(population, neuron as usize)?;
        if self.net.populations[population].model.spec().variable("theta").is_none() {
            return Some(threshold);
        }
        let mut theta = Vec::new();
        self.value(population, "theta", &[neuron], &mut theta).ok()?;
        Some(threshold + theta.first()?)
    }

    /// Kicks a neuron: its membrane is lifted, between the last tick and the next, by exactly what it lacks to be at threshold at the end of the
    /// next tick, where only its leak, its currents, biases and current stimuli act until then. So it spikes in the next tick, unless
    /// inhibition arrives in it; what else excites it changes nothing. Gives the lift, in the unit of the membrane; it is 0 where the neuron is
    /// about to spike anyway. A neuron of an input population spikes in the next tick, and the lift is 0.
    ///
    /// A kick is one stimulus event in the counts; that of an input population is its spike. Kicks at the same ticks give the same bits on any
    /// number of threads.
    ///
    /// # Errors
    /// A population or neuron that is not there; a refractory neuron; one without a membrane that spikes, or whose next reset comes before its
    /// threshold is tested; an execution in which neurons are not stepped (event, exact).
    pub fn kick(&mut self, population: usize, neuron: u32) -> Result<f64> {
        let p = known(&self.net, population, &[neuron])?;
        let place = format!("population.{}", p.name);
        let lifted = match &mut self.body {
            Body::Sliced(sliced) if sliced.is_lazy() => return Err(not_stepped("a neuron is kicked")),
            Body::Sliced(sliced) => sliced.kick(population, neuron),
            Body::Reference(reference) => reference.kick(population, neuron),
            Body::Exact(_) => return Err(not_in_exact_time("a neuron is kicked")),
        };
        match lifted {
            Kick::Lifted(by) => Ok(by),
            Kick::Held(ticks) => {
                let message = format!("neuron {neuron} is refractory for {ticks} more ticks");
                Err(Diagnostic::at(place, message).help("kick it after that").into())
            }
            Kick::Unable => {
                let message = format!("neuron {neuron} has no membrane that could be lifted to a threshold in the next tick");
                Err(Diagnostic::at(place, message).help("kick a neuron that it hears").into())
            }
        }
    }

    /// Goes on with another compiled network of the same shape ([`CompiledNetwork::same_shape`]; from [`CompiledNetwork::with_live`], or
    /// compiled from a changed [`crate::network::Network`] on as many threads). The state stays: membranes, currents, refractoriness,
    /// spikes on their way, inputs that were set, the tick and the counts. From the next tick on, parameters, weights and stimuli are those of
    /// `net`, for spikes on their way too: a weight counts where a spike arrives. Who is refractory stays so for no longer than the new time.
    ///
    /// # Errors
    /// Another shape, a model that cannot take parameters while it runs, or an execution in which neurons are not stepped (event, exact).
    /// Nothing has changed then.
    pub fn adopt(&mut self, net: Arc<CompiledNetwork>) -> Result<()> {
        if Arc::ptr_eq(&self.net, &net) {
            return Ok(());
        }
        match &self.body {
            Body::Sliced(sliced) if sliced.is_lazy() => return Err(not_stepped("parameters change while it runs")),
            Body::Exact(_) => return Err(not_in_exact_time("parameters change while it runs")),
            Body::Sliced(_) | Body::Reference(_) => {}
        }
        self.net.same_shape(&net)?;
        renewable(&net)?;
        match &mut self.body {
            Body::Sliced(sliced) => sliced.adopt(net.clone()),
            Body::Reference(reference) => reference.adopt(net.clone()),
            Body::Exact(_) => {}
        }
        self.net = net;
        Ok(())
    }

    /// Ticks that lie before this run in the streams of random stimuli: what [`Simulation::reset`] was given.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        match &self.body {
            Body::Sliced(sliced) => sliced.epoch(),
            Body::Reference(reference) => reference.epoch(),
            Body::Exact(_) => 0,
        }
    }
}

/// The population, where it is there and has these neurons.
fn known<'a>(net: &'a CompiledNetwork, population: usize, ids: &[u32]) -> Result<&'a crate::compile::CompiledPopulation> {
    let Some(p) = net.populations.get(population) else {
        let message = format!("there is no population {population}; there are {}", net.populations.len());
        return Err(Diagnostic::at("population", message).into());
    };
    match ids.iter().find(|id| **id as usize >= p.size) {
        Some(id) => Err(Diagnostic::at(format!("population.{}", p.name), format!("no neuron {id}; it has {}", p.size)).into()),
        None => Ok(p),
    }
}

/// Whether all models take parameters while they run; asked of one neuron each.
fn renewable(net: &CompiledNetwork) -> Result<()> {
    let mut wrong = Diagnostics::new();
    for p in net.populations.iter().filter(|p| !p.is_input() && p.size > 0) {
        let able = p.with_block(net, 0..1, |block| p.model.renew(&mut *p.model.kernel(block), block));
        if !able {
            let message = format!("neurons of {} cannot take parameters while they run", quoted(p.model.spec().name));
            wrong.push(Diagnostic::at(format!("population.{}", p.name), message).help("start it anew"));
        }
    }
    wrong.or(())
}

fn not_stepped(what: &str) -> Diagnostics {
    let told = Diagnostic::at("engine", format!("{what} only where neurons are stepped, not where they are touched on demand"));
    told.help("use the clock execution").into()
}

fn not_in_exact_time(what: &str) -> Diagnostics {
    Diagnostic::at("dt", format!("{what} only on a grid, not in exact time")).help("give it a grid: dt = \"0.1 ms\"").into()
}
