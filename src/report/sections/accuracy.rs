//! How well both networks answer.

use super::numbers::{count, share};
use super::table::{Column, Table};
use super::words::name;
use super::{Look, Page};
use crate::report::{Interval, Report, wilson};

/// Writes the accuracy of both networks, with the interval that so few samples leave.
pub(in crate::report) fn write(report: &Report, page: &mut dyn Page) {
    let dense = report.dense.as_ref();
    let task = report.task.as_ref();
    let mut table = Table::new(vec![
        Column::words("network"),
        Column::numbers("correct"),
        Column::numbers("accuracy"),
        Column::numbers("95 % interval").leaves(1),
        Column::words("from").cut_to(12).leaves(2),
    ]);
    let spiking_accuracy = task.and_then(|task| task.accuracy);
    let dense_accuracy = dense.and_then(|dense| dense.accuracy);
    if let (Some(task), Some(accuracy)) = (task, spiking_accuracy) {
        table.row(row("spiking", task.correct, task.samples, accuracy, &report.network.name));
    }
    if let (Some(dense), Some(accuracy)) = (dense, dense_accuracy) {
        table.row(row("dense", dense.correct, dense.samples, accuracy, &dense.source));
    }
    if table.is_empty() {
        return;
    }
    page.title("Accuracy", "");
    page.table(&table);
    let answers = |predictions: Option<&Vec<i64>>| predictions.filter(|predictions| !predictions.is_empty()).cloned();
    let ours = answers(task.map(|task| &task.predictions));
    let theirs = answers(dense.and_then(|dense| dense.predictions.as_ref()));
    if let (Some(ours), Some(theirs)) = (ours, theirs)
        && ours.len() == theirs.len()
    {
        let same = ours.iter().zip(&theirs).filter(|(a, b)| a == b).count();
        let text = format!("Both give the same answer to {} of {} samples.", count(same as u64), count(ours.len() as u64));
        page.paragraph(&text, Look::Faint);
    }
}

fn row(network: &str, correct: Option<u64>, samples: u64, accuracy: f64, from: &str) -> Vec<String> {
    vec![
        network.to_owned(),
        correct.map(|correct| format!("{} of {}", count(correct), count(samples))).unwrap_or_default(),
        share(accuracy, 2),
        interval(wilson(accuracy, samples)),
        name(from),
    ]
}

/// An interval of a share in per cent; nothing for none.
pub(in crate::report) fn interval(interval: Option<Interval>) -> String {
    interval.map(|Interval { low, high }| format!("{:.1} – {:.1} %", 100.0 * low, 100.0 * high)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_samples_leave_a_wide_interval() {
        // 15 of 20, worked by hand: (0.8460 ± 0.2127) / 1.1921.
        let Interval { low, high } = wilson(0.75, 20).expect("there are samples");
        assert!((low - 0.5313).abs() < 5e-4 && (high - 0.8881).abs() < 5e-4, "{low} {high}");
        assert_eq!(wilson(0.0, 10).map(|i| i.low), Some(0.0));
        assert_eq!((wilson(f64::NAN, 10), wilson(0.5, 0)), (None, None));
    }
}
