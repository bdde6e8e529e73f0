//! Delays: times that must not vanish on the grid.

use super::cursor::Item;
use crate::network::Delay;
use crate::neuron::{Shape, Values};
use crate::spike::EXACT_TICK_MS;
use crate::units::Dimension;
use toml::de::DeValue;

impl Item<'_> {
    /// The delay of a stimulus.
    pub(super) fn delay_ms(&self) -> Option<f64> {
        let ms = self.quantity(Some(Dimension::Time))?;
        self.fits_grid(ms);
        Some(ms)
    }

    /// The delay of a projection: a time, one for each connection (an array), a distribution of times, or `{ ticks = 1 }`.
    pub(super) fn delay(&self) -> Option<Delay> {
        if let DeValue::Table(entries) = self.value
            && entries.contains_key("ticks")
        {
            let table = self.table("`delay`".to_owned(), None)?;
            let ticks = table.get("ticks").and_then(|ticks| ticks.index());
            table.finish();
            return ticks.map(Delay::Ticks);
        }
        if let DeValue::Table(_) = self.value {
            let mut distribution = self.distribution(Some(Dimension::Time))?;
            // Draws below one tick have no meaning, so without a limit of its own one tick is the least.
            if distribution.min == f64::NEG_INFINITY && !matches!(distribution.shape, Shape::Uniform { .. }) {
                distribution.min = self.tick_ms();
            }
            let (least, _) = distribution.bounds();
            if least < self.tick_ms() / 2.0 {
                self.complain_with_help(
                    format!("draws reach {least} ms, below half a tick of {} ms", self.tick_ms()),
                    "let the least delay be one tick or more",
                );
            }
            return Some(Delay::Ms(Values::Drawn(distribution)));
        }
        if let DeValue::Array(_) = self.value {
            return self.all("", Item::delay_ms).map(|all| Delay::Ms(Values::Each(all)));
        }
        self.delay_ms().map(|ms| Delay::Ms(Values::One(ms)))
    }

    fn tick_ms(&self) -> f64 {
        self.doc.dt_ms.get().filter(|dt| *dt > 0.0).unwrap_or(EXACT_TICK_MS)
    }

    /// Complains where a delay would be lost by rounding; notes where it is changed.
    fn fits_grid(&self, ms: f64) {
        let tick = self.tick_ms();
        if ms > 0.0 && ms < tick / 2.0 {
            self.complain_with_help(
                format!("{ms} ms is less than half a tick of {tick} ms and would be lost"),
                format!("write \"{tick} ms\", or \"0 ms\" for delivery within the tick"),
            );
            return;
        }
        let rounded = (ms / tick).round() * tick;
        // The quotient of two decimals is off by a few rounding errors where it is whole.
        if ms > 0.0 && rounded.is_finite() && (rounded / ms - 1.0).abs() > 1e-9 {
            // Shown without the errors of multiplying by a decimal.
            let shown = (rounded * 1e6).round() / 1e6;
            self.doc.note(format!(
                "{}: delay of {ms} ms rounded to {shown} ms, a whole number of ticks",
                self.doc.whereabouts(&self.span)
            ));
        }
    }
}
