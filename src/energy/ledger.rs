//! Where an estimate is summed: terms, each in every trial, with the figures they rest on.

use super::device::{Device, Runs};
use super::estimate::{EnergyEstimate, PrecisionEstimate, ReuseEstimate, Term, Trials};
use super::evidence::{FigureKind, Grade};
use super::figure::{Figure, FigureName};
use super::quantity::{Joules, Range, Seconds, Watts};
use super::uncertainty::{Slot, TRIALS, percentiles};

/// A term in every trial.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) nominal: Joules,
    pub(super) trials: Vec<f64>,
    pub(super) standing: bool,
}

impl Entry {
    fn term(&self) -> Term {
        let Range { low, nominal, high } = percentiles(&mut self.trials.clone(), self.nominal.0).map(Joules);
        Term { name: self.name.clone(), low_j: low, nominal_j: nominal, high_j: high, standing: self.standing }
    }
}

/// The sum of an estimate.
pub(super) struct Ledger<'d> {
    device: &'d Device,
    runs: Runs,
    tier: u8,
    pub(super) entries: Vec<Entry>,
    /// True once something that grows with the run was priced.
    dynamic: bool,
    used: Vec<(&'d str, Grade)>,
    pub(super) unpriced: Vec<String>,
    pub(super) caveats: Vec<String>,
    /// The time from the first sample of a batch to its answer.
    pub(super) latency: Option<Seconds>,
    /// Samples that run together.
    pub(super) batch: u32,
    pub(super) by_precision: Vec<PrecisionEstimate>,
    pub(super) by_reuse: Vec<ReuseEstimate>,
    /// The high end is at least this, whatever the terms say.
    pub(super) high_at_least: Option<Joules>,
    pub(super) why_not: Option<String>,
}

impl<'d> Ledger<'d> {
    pub(super) fn new(device: &'d Device, runs: Runs, tier: u8) -> Self {
        Self {
            device,
            runs,
            tier,
            entries: Vec::new(),
            dynamic: false,
            used: Vec::new(),
            unpriced: Vec::new(),
            caveats: Vec::new(),
            latency: None,
            batch: 1,
            by_precision: Vec::new(),
            by_reuse: Vec::new(),
            high_at_least: None,
            why_not: None,
        }
    }

    /// Charges `count` times an energy of the device's file.
    pub(super) fn charge(&mut self, name: &str, count: f64, figure: (FigureName, &'d Figure<Joules>), kind: FigureKind) {
        let (slot, figure) = (Slot::figure(figure.0), figure.1);
        let nominal = figure.nominal * count;
        self.add(name, nominal, figure.spread(kind).relative().factors(slot).map(|factor| nominal.0 * factor));
        self.rests_on(name, figure);
        self.dynamic = true;
    }

    /// Charges a power of the device's file over a time. Power is no price of what the run did, so `dynamic` says whether it may stand alone.
    pub(super) fn charge_power(&mut self, name: &str, time: Seconds, figure: (FigureName, &'d Figure<Watts>), dynamic: bool) {
        let (slot, figure) = (Slot::figure(figure.0), figure.1);
        let nominal = figure.nominal * time;
        self.add(name, nominal, figure.spread(FigureKind::Power).relative().factors(slot).map(|factor| nominal.0 * factor));
        if let Some(last) = self.entries.last_mut() {
            last.standing = !dynamic;
        }
        self.rests_on(name, figure);
        self.dynamic |= dynamic;
    }

    /// Adds a term, given in every trial.
    pub(super) fn add(&mut self, name: &str, nominal: Joules, trials: impl Iterator<Item = f64>) {
        let trials: Vec<f64> = trials.collect();
        debug_assert_eq!(trials.len(), TRIALS, "{name}");
        self.entries.push(Entry { name: name.to_owned(), nominal, trials, standing: false });
    }

    /// Notes that a term rests on a figure.
    pub(super) fn rests_on<T>(&mut self, name: &str, figure: &'d Figure<T>) {
        self.uses(&figure.source, figure.grade);
        if figure.peak {
            self.caveats.push(format!("{name}: a peak figure, which no real network reaches; the range goes up from it"));
        }
    }

    /// Says that a term that grows with the run was added with [`Self::add`].
    pub(super) fn mark_dynamic(&mut self) {
        self.dynamic = true;
    }

    /// Notes a figure that the estimate rests on.
    pub(super) fn uses(&mut self, source: &'d str, grade: Grade) {
        self.used.push((source, grade));
    }

    pub(super) fn caveat(&mut self, text: impl Into<String>) {
        self.caveats.push(text.into());
    }

    pub(super) fn unpriced(&mut self, text: impl Into<String>) {
        self.unpriced.push(text.into());
    }

    /// The sum of all terms in every trial.
    fn sum(&self) -> Vec<f64> {
        let mut sum = vec![0.0; TRIALS];
        for entry in &self.entries {
            sum.iter_mut().zip(&entry.trials).for_each(|(sum, trial)| *sum += trial);
        }
        sum
    }

    /// The estimate.
    pub(super) fn close(mut self) -> EnergyEstimate {
        for text in &self.device.unpriced {
            if !self.unpriced.contains(text) {
                self.unpriced.push(text.clone());
            }
        }
        let priced = self.dynamic && !self.entries.is_empty();
        let trials = priced.then(|| self.sum());
        let energy = trials.as_ref().map(|trials| {
            let nominal = self.entries.iter().map(|entry| entry.nominal).sum::<Joules>();
            let sum = percentiles(&mut trials.clone(), nominal.0).map(Joules);
            let high = self.high_at_least.unwrap_or(sum.high);
            sum.covering(Range { high, ..sum })
        });
        if energy.is_none() && !self.entries.is_empty() {
            self.caveats.push("what is priced does not depend on the run, so there is no total".to_owned());
        }
        let power =
            energy.zip(self.latency).map(|(energy, latency)| (energy / latency).map(|watts| watts * f64::from(self.batch)));
        let mut sources: Vec<String> = Vec::new();
        for (id, _) in &self.used {
            let tag = self.device.source(id).map_or_else(String::new, |source| format!(" ({})", source.tag));
            let short = format!("{id}{tag}");
            if !sources.contains(&short) {
                sources.push(short);
            }
        }
        // The first of equals, as files and formulas have them in order.
        let dominant = self.entries.iter().reduce(|a, b| if b.nominal.0 > a.nominal.0 { b } else { a });
        EnergyEstimate {
            device: self.device.id.clone(),
            name: self.device.name.clone(),
            kind: self.device.kind,
            runs: self.runs,
            tier: self.tier,
            boundary: self.device.boundary,
            batch: self.batch,
            fits: self.why_not.is_none(),
            why_not: self.why_not,
            energy_per_sample: energy,
            power,
            latency: self.latency,
            dominant_term: dominant.map(|entry| entry.name.clone()),
            terms: self.entries.iter().map(Entry::term).collect(),
            unpriced: self.unpriced,
            evidence: self.used.iter().map(|&(_, grade)| grade).max(),
            source: sources.join(", "),
            caveats: self.caveats,
            by_precision: self.by_precision,
            by_reuse: self.by_reuse,
            trials: Trials(trials.map(Into::into)),
        }
    }
}
