//! The sample that is shown, and the decision that builds up on it.

mod image;
mod votes;

use super::{Home, Panel, PanelSpec};
use crate::bill::right_answers;
use crate::session::{Command, SampleMark};
use crate::theme::Tokens;
use crate::view::{Cx, Table};
use eframe::egui::{DragValue, RichText, ScrollArea, Ui};
use image::Picture;

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "sample",
    title: "Sample",
    about: "The input sample, its label, and the output's decision as it builds up beside the dense network's answer",
    home: Home::Left,
    open: true,
    make: || Box::new(Sample { keep_going: true, picture: Picture::default() }),
};

struct Sample {
    keep_going: bool,
    picture: Picture,
}

/// The name of a class.
fn class_name(cx: &Cx<'_>, class: usize) -> String {
    let names = cx.scene.dataset.as_ref().map(|dataset| dataset.class_names.as_slice()).unwrap_or_default();
    names.get(class).cloned().unwrap_or_else(|| class.to_string())
}

/// The answer of a sample at the moment that is looked at: that of the record where the sample had ended, else what spikes tell so far.
fn answer_at(cx: &Cx<'_>, mark: &SampleMark, tick: u64) -> Option<usize> {
    let latest = cx.view.cursor.is_none() || cx.scene.ticks.is_some_and(|ticks| mark.ended && tick >= mark.began + ticks);
    if latest { mark.answer } else { votes::decided(cx, mark, tick) }
}

impl Panel for Sample {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let (Some(task), Some(dataset)) = (cx.scene.task.clone(), cx.scene.dataset.clone()) else {
            ui.label("No data set is open, so there are no samples: open one together with a network that takes samples.");
            return;
        };
        self.choose(ui, cx, &task.samples);
        let tick = cx.tick();
        let Some(mark) = cx.history.sample_at(tick).cloned() else {
            ui.label("No sample has been shown yet.");
            return;
        };
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let tokens = Tokens::in_use(ui);
            if let Some(label) = mark.label {
                ui.label(RichText::new(format!("Label: {}", class_name(cx, label as usize))).strong());
            }
            answers(ui, cx, &mark, tick);
            self.picture.ui(ui, cx, &dataset, &mark, tick);
            votes::bars(ui, cx, &mark, tick);
            votes::curves(ui, cx, &mark);
            if let Some((spiking, dense, n)) = right_answers(cx, tick) {
                let share = |right: usize| format!("{right} of {n} right ({:.1} %)", right as f64 / n as f64 * 100.0);
                ui.label(RichText::new(format!("Spiking so far: {}", share(spiking))).color(tokens.spiking));
                if let Some(dense) = dense {
                    ui.label(RichText::new(format!("Dense so far: {}", share(dense))).color(tokens.dense));
                }
            }
        });
    }

    fn table(&self, cx: &Cx<'_>) -> Option<Table> {
        cx.scene.task.as_ref()?;
        let columns = ["sample", "began, ms", "label", "answer", "dense answer", "ended", "votes"].map(String::from).to_vec();
        let or_empty = |value: Option<usize>| value.map_or(String::new(), |v| v.to_string());
        let row = |mark: &SampleMark| {
            let votes: Vec<_> = mark.votes.iter().map(u64::to_string).collect();
            vec![
                mark.sample.to_string(),
                cx.scene.ms(mark.began).to_string(),
                or_empty(mark.label.map(|label| label as usize)),
                or_empty(mark.answer),
                or_empty(mark.dense_answer),
                mark.ended.to_string(),
                votes.join(" "),
            ]
        };
        Some(Table { columns, rows: cx.history.samples.iter().map(row).collect() })
    }
}

impl Sample {
    /// Which sample comes next.
    fn choose(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, samples: &[usize]) {
        let here = cx.now.sample.and_then(|sample| samples.iter().position(|s| *s == sample)).unwrap_or(0);
        let last = samples.len().saturating_sub(1);
        let mut place = here;
        ui.horizontal_wrapped(|ui| {
            if ui.button("Previous sample").clicked() {
                place = here.checked_sub(1).unwrap_or(last);
            }
            if ui.button("Next sample").clicked() {
                place = if here == last { 0 } else { here + 1 };
            }
            let label = ui.label("Place");
            ui.add(DragValue::new(&mut place).range(0..=last).speed(0.1).update_while_editing(false)).labelled_by(label.id);
            ui.label(format!("of {} (number {} in the data set)", samples.len(), samples.get(here).copied().unwrap_or(0)));
            if ui
                .checkbox(&mut self.keep_going, "Go on by itself")
                .on_hover_text("Show the next sample when one has ended")
                .changed()
            {
                cx.send(Command::KeepGoing(self.keep_going));
            }
        });
        if place != here {
            cx.view.cursor = None;
            cx.send(Command::Sample(place));
        }
    }
}

/// What both networks answer, and whether that is right.
fn answers(ui: &mut Ui, cx: &Cx<'_>, mark: &SampleMark, tick: u64) {
    let tokens = Tokens::in_use(ui);
    let ended = mark.ended && cx.scene.ticks.is_none_or(|ticks| tick >= mark.began + ticks);
    let told = |answer: Option<usize>, so_far: bool| {
        let right = match (answer, mark.label) {
            (Some(answer), Some(label)) if answer == label as usize => ", right",
            (Some(_), Some(_)) => ", wrong",
            _ => "",
        };
        let when = if so_far { " so far" } else { "" };
        format!("{}{when}{right}", answer.map_or("no answer".into(), |answer| class_name(cx, answer)))
    };
    // Before the first vote, whoever is told first would lead.
    let spiking = if !ended && votes::are_missing(cx, mark, tick) {
        "no output has spiked yet".into()
    } else {
        told(answer_at(cx, mark, tick), !ended)
    };
    ui.label(RichText::new(format!("Spiking: {spiking}")).color(tokens.spiking));
    if mark.dense_answer.is_some() {
        ui.label(RichText::new(format!("Dense: {}", told(mark.dense_answer, false))).color(tokens.dense));
    }
}
