//! The table of what drives a network from outside.

use super::sheet::{FIXED, Line, Sheet};
use crate::chart::short;
use crate::knobs::{Knob, of_samples, of_stimulus};
use crate::number::grouped;
use crate::session::Scene;
use spikewatt::network::{Drive, Stimulus};

pub(super) fn sheet(scene: &Scene) -> Sheet {
    let mut sheet = Sheet::new(
        "Stimuli",
        "stimulus",
        2,
        &[
            ("stimulus", "Its name"),
            ("quantity", "What of it the line is about"),
            ("now", "The value as it runs: type a quantity with its unit, or a number in the unit shown"),
            ("in the file", "The value as the network was opened"),
            ("stimulus kind", "What it brings. It does not change while it runs: change the file, and open it again"),
            ("target", "Whom it reaches. It does not change while it runs: change the file, and open it again"),
            ("when", "When it acts. It does not change while it runs: change the file, and open it again"),
            ("event delay", "From an event to its arrival. It does not change while it runs: change the file, and open it again"),
        ],
    );
    let (mut things, mut samples) = (0, false);
    for s in &scene.network.stimuli {
        let target = target(scene, s);
        if matches!(s.drive, Drive::Dataset) {
            sheet.lines.push(of_data(scene, &s.name, target));
            samples = true;
        } else {
            let knobs = of_stimulus(scene, s);
            sheet.lines.extend(knobs.into_iter().enumerate().map(|(at, knob)| line(scene, s, knob, &target, at > 0)));
        }
        things += 1;
    }
    // Networks of trained weights name their input and have no stimulus for it.
    if let Some(input) = scene.network.input.as_ref().filter(|_| !samples) {
        sheet.lines.push(of_data(scene, "samples", input.clone()));
        things += 1;
    }
    sheet.things = things;
    sheet
}

fn line(scene: &Scene, s: &Stimulus, knob: Knob, target: &str, again: bool) -> Line {
    let what = knob.label.strip_suffix(&format!(" of {}", s.name)).unwrap_or(&knob.label);
    let file = knob.shown(knob.built);
    let (when, delay) = when(&s.drive);
    let cells = [&s.name, what, &file, &file, s.drive.kind(), target, &when, &delay].map(str::to_owned).to_vec();
    let about = if knob.moves() {
        knob.about.clone()
    } else {
        format!("{}. It is changed by a factor, and nothing stays nothing: it {FIXED}", knob.about)
    };
    let knob = Some(knob).filter(|knob| knob.moves() && !scene.net.exact);
    Line { cells, knob, about, again }
}

/// The samples of a data set.
fn of_data(scene: &Scene, name: &str, target: String) -> Line {
    let (knob, about) = match of_samples(scene) {
        Ok(knob) => (Some(knob), String::new()),
        Err(why) => (None, why.to_owned()),
    };
    let knob = knob.filter(|_| !scene.net.exact);
    let file = knob.as_ref().map_or_else(|| "–".to_owned(), |knob| knob.shown(knob.built));
    let about = knob.as_ref().map_or(about, |knob| knob.about.clone());
    let kind = Drive::Dataset.kind();
    let cells = [name, "strength", &file, &file, kind, &target, "while a sample is shown", ""].map(str::to_owned).to_vec();
    Line { cells, knob, about, again: false }
}

fn target(scene: &Scene, s: &Stimulus) -> String {
    let size = scene.network.population(&s.to.population).map_or(0, |at| scene.network.populations[at].size);
    match s.to.ids.len() {
        0 => s.to.population.clone(),
        some => format!("{}, {} of {} neurons", s.to.population, grouped(some as u64), grouped(size as u64)),
    }
}

/// When it acts, and how late its events arrive.
fn when(drive: &Drive) -> (String, String) {
    let ms = |ms: f64| format!("{} ms", short(ms));
    let between = |(from, to): (Option<f64>, Option<f64>)| match (from, to) {
        (None, None) => "all along".to_owned(),
        (Some(from), None) => format!("from {}", ms(from)),
        (None, Some(to)) => format!("until {}", ms(to)),
        (Some(from), Some(to)) => format!("{} to {}", ms(from), ms(to)),
    };
    let span = |times: &mut dyn Iterator<Item = f64>, what: &str| {
        let (n, first, last) =
            times.fold((0usize, f64::INFINITY, f64::NEG_INFINITY), |(n, low, high), t| (n + 1, low.min(t), high.max(t)));
        match n {
            0 => "never".to_owned(),
            1 => format!("at {}", ms(first)),
            _ => format!("{} {what}, {} to {}", grouped(n as u64), ms(first), ms(last)),
        }
    };
    match drive {
        Drive::Poisson { window_ms, delay_ms, .. } => (between(*window_ms), ms(*delay_ms)),
        Drive::Regular { start_ms, delay_ms, .. } => (between((Some(*start_ms), None)), ms(*delay_ms)),
        Drive::Spikes { events, delay_ms, .. } => (span(&mut events.iter().map(|e| e.1), "events"), ms(*delay_ms)),
        Drive::Current(steps) if steps.len() == 1 => (between((Some(steps[0].at_ms), None)), String::new()),
        Drive::Current(steps) => (span(&mut steps.iter().map(|s| s.at_ms), "steps"), String::new()),
        Drive::Noise { window_ms, interval_ms, .. } => {
            (format!("{}, anew every {}", between(*window_ms), ms(*interval_ms)), String::new())
        }
        Drive::Dataset => (String::new(), String::new()),
    }
}
