//! Exact counts: since the reset, in the window, for each second of simulated time.

use super::{Home, Panel, PanelSpec};
use crate::bill::{counts_at, recorded, two};
use crate::number::grouped;
use crate::view::{Cx, Table};
use eframe::egui::{Grid, ScrollArea, Ui};
use spikewatt::counts::{EventCounts, PopulationCounts, ProjectionCounts};

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "counters",
    title: "Counters",
    about: "Spikes, synaptic events and neuron updates up to the moment, by population and projection",
    home: Home::Right,
    open: true,
    make: || Box::new(Counters::default()),
};

/// Of what stretch of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Over {
    /// Since the session was last reset.
    #[default]
    Reset,
    /// In the stretch that the charts show.
    Window,
}

#[derive(Default)]
struct Counters {
    over: Over,
    per_second: bool,
}

/// A column: its title, what it is, and its count.
type Column<C> = (&'static str, &'static str, fn(&C) -> u64);

const OF_POPULATION: &[Column<PopulationCounts>] = &[
    ("spikes", "Spikes that its neurons emitted", |c| c.spikes),
    ("from stimuli", "Events that stimuli brought it", |c| c.stimulus_events),
    ("updates driven", "Neuron-ticks in which something arrived", |c| c.neuron_updates_driven),
    ("updates clocked", "Neurons × ticks: what a clocked chip pays", |c| c.neuron_updates_clocked),
    ("dropped", "Synaptic events that met a refractory neuron and were dropped", |c| c.synaptic_events_dropped),
];

/// What is counted: of a recording, the spikes alone.
fn of_population(cx: &Cx<'_>) -> &'static [Column<PopulationCounts>] {
    if cx.scene.recorded.is_some() { &OF_POPULATION[..1] } else { OF_POPULATION }
}

const OF_PROJECTION: &[Column<ProjectionCounts>] = &[
    ("spikes in", "Spikes of its source that it carried", |c| c.spikes_in),
    ("synaptic events", "Delivered spikes × synapses", |c| c.synaptic_events),
    ("MACs", "Multiply-accumulates with analog inputs, zeros left out", |c| c.effective_macs),
    ("ACs", "Accumulates: spike × weight, zeros left out", |c| c.effective_acs),
    ("dense MACs", "Synapses × ticks: what a machine does that cannot pass over zeros", |c| c.dense_macs),
];

impl Panel for Counters {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        ui.horizontal_wrapped(|ui| {
            ui.selectable_value(&mut self.over, Over::Reset, "Since reset");
            ui.selectable_value(&mut self.over, Over::Window, "In the window")
                .on_hover_text("The stretch of time that the charts show");
            ui.checkbox(&mut self.per_second, "Per second").on_hover_text("For each second of simulated time");
        });
        let counts = self.counts(cx);
        let seconds = counts.ticks as f64 * cx.scene.dt_s();
        ScrollArea::both().auto_shrink(false).show(ui, |ui| {
            super::results::recorded(ui, cx, "nothing but spikes is counted");
            if cx.now.tick == 0 {
                ui.label("Nothing has run yet; press Run, or the space bar.");
            } else {
                ui.label(sparsity(cx, &counts).join("\n"));
            }
            ui.add_space(4.0);
            let mut all = PopulationCounts::default();
            let mut into = ProjectionCounts::default();
            for p in &counts.populations {
                all.spikes += p.spikes;
                all.stimulus_events += p.stimulus_events;
                all.neuron_updates_driven += p.neuron_updates_driven;
                all.neuron_updates_clocked += p.neuron_updates_clocked;
                all.synaptic_events_dropped += p.synaptic_events_dropped;
            }
            for p in &counts.projections {
                into.spikes_in += p.spikes_in;
                into.synaptic_events += p.synaptic_events;
                into.effective_macs += p.effective_macs;
                into.effective_acs += p.effective_acs;
                into.dense_macs += p.dense_macs;
            }
            let populations = cx.scene.net.populations.iter().map(|p| p.name.as_str()).zip(&counts.populations);
            let projections = cx.scene.net.projections.iter().map(|p| p.name.as_str()).zip(&counts.projections);
            self.grid(ui, "Population", of_population(cx), populations.chain([("all", &all)]), seconds);
            if !cx.scene.net.projections.is_empty() {
                ui.add_space(8.0);
                self.grid(ui, "Projection", OF_PROJECTION, projections.chain([("all", &into)]), seconds);
            }
        });
    }

    fn table(&self, cx: &Cx<'_>) -> Option<Table> {
        let columns = ["of", "name", "count", "since reset", "in the window"].map(String::from).to_vec();
        let (all, window) = (counts_at(cx), in_window(cx));
        let mut rows = Vec::new();
        let net = &cx.scene.net;
        for (at, p) in net.populations.iter().enumerate() {
            for (title, _, of) in of_population(cx) {
                let cells = [of(&all.populations[at]).to_string(), of(&window.populations[at]).to_string()];
                rows.push(["population".into(), p.name.clone(), (*title).into()].into_iter().chain(cells).collect());
            }
        }
        for (at, p) in net.projections.iter().enumerate() {
            for (title, _, of) in OF_PROJECTION {
                let cells = [of(&all.projections[at]).to_string(), of(&window.projections[at]).to_string()];
                rows.push(["projection".into(), p.name.clone(), (*title).into()].into_iter().chain(cells).collect());
            }
        }
        Some(Table { columns, rows })
    }
}

impl Counters {
    fn counts(&self, cx: &Cx<'_>) -> EventCounts {
        match self.over {
            Over::Reset => counts_at(cx),
            Over::Window => in_window(cx),
        }
    }

    fn grid<'c, C: 'c>(
        &self,
        ui: &mut Ui,
        what: &str,
        columns: &[Column<C>],
        rows: impl Iterator<Item = (&'c str, &'c C)>,
        seconds: f64,
    ) {
        Grid::new(what).striped(true).min_col_width(30.0).show(ui, |ui| {
            ui.strong(what);
            for (title, about, _) in columns {
                ui.strong(if self.per_second { format!("{title} /s") } else { (*title).to_owned() }).on_hover_text(*about);
            }
            ui.end_row();
            for (name, counts) in rows {
                ui.label(name);
                for (.., of) in columns {
                    let count = of(counts);
                    ui.label(match (self.per_second, seconds > 0.0) {
                        (false, _) => grouped(count),
                        (true, true) => grouped((count as f64 / seconds).round() as u64),
                        (true, false) => "–".into(),
                    });
                }
                ui.end_row();
            }
        });
    }
}

/// Counts of the stretch in view, up to the moment.
fn in_window(cx: &Cx<'_>) -> EventCounts {
    let until = cx.tick().min(cx.view.window.to.max(0.0) as u64);
    let end = if until >= cx.now.tick { counts_at(cx) } else { recorded(cx, until) };
    end.since(&recorded(cx, cx.view.window.from.max(0.0) as u64))
}

/// How little happens, in words.
fn sparsity(cx: &Cx<'_>, counts: &EventCounts) -> Vec<String> {
    let total = counts.total();
    let mut lines = vec![format!("{} ms in {} ticks", crate::chart::short(cx.scene.ms(counts.ticks)), grouped(counts.ticks))];
    let stateful = || cx.scene.net.populations.iter().zip(&counts.populations).filter(|(p, _)| !p.is_input());
    let (spikes, clocked) = stateful().fold((0, 0), |(s, c), (_, p)| (s + p.spikes, c + p.neuron_updates_clocked));
    let share = |part: u64, of: u64| (of > 0).then(|| part as f64 / of as f64 * 100.0);
    if let Some(active) = share(spikes, clocked) {
        lines.push(format!("activation sparsity {:.2} %: of all neuron-ticks {} % had a spike", 100.0 - active, two(active)));
    }
    let synapses = cx.scene.net.synapses();
    if synapses > 0 {
        let each = total.synaptic_events as f64 / synapses as f64;
        lines.push(format!("{} synaptic events for each of {} synapses", two(each), grouped(synapses)));
    }
    if let Some(done) = share(total.effective_acs + total.effective_macs, total.dense_macs) {
        lines.push(format!("{} % of the operations of a machine that cannot pass over zeros", two(done)));
    }
    lines
}
