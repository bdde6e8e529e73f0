//! A common logarithmic scale of energies, and bars with their ranges on it.

use eframe::egui::{Align2, Color32, FontId, Painter, Rect, Stroke, pos2};
use spikewatt::energy::Range;

/// Energies from one power of ten to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LogScale {
    /// The exponents of its ends.
    from: f64,
    to: f64,
}

/// A scale has no more decades than so many, counted from its high end.
const MOST: f64 = 12.0;

impl LogScale {
    /// The decades that hold all of these ranges; `None` where none is above zero.
    pub(crate) fn of(ranges: impl Iterator<Item = Range<f64>>) -> Option<Self> {
        let (mut low, mut high) = (f64::INFINITY, 0.0f64);
        for range in ranges {
            for end in [range.low, range.nominal, range.high] {
                if end > 0.0 && end.is_finite() {
                    low = low.min(end);
                    high = high.max(end);
                }
            }
        }
        if high <= 0.0 {
            return None;
        }
        let to = (high.log10() - 1e-9).ceil();
        let from = (low.log10() + 1e-9).floor().max(to - MOST).min(to - 1.0);
        Some(Self { from, to })
    }

    /// Where a value lies, 0 at the low end and 1 at the high one; what is below lies at 0.
    pub(crate) fn share(self, value: f64) -> f32 {
        if value <= 0.0 {
            return 0.0;
        }
        ((value.log10() - self.from) / (self.to - self.from)).clamp(0.0, 1.0) as f32
    }

    /// Powers of ten, at most about so many.
    pub(crate) fn marks(self, most: usize) -> Vec<f64> {
        let step = ((self.to - self.from) / most.max(1) as f64).ceil().max(1.0) as usize;
        (self.from as i32..=self.to as i32).step_by(step).map(|exponent| 10f64.powi(exponent)).collect()
    }

    /// Draws a bar up to the nominal value, with its range as a whisker.
    pub(crate) fn bar(self, painter: &Painter, rect: Rect, range: Range<f64>, colour: Color32, ink: Color32) {
        let x = |value: f64| rect.left() + self.share(value) * rect.width();
        painter.rect_filled(rect, 2.0, ink.gamma_multiply(0.08));
        let filled = Rect::from_min_max(rect.min, pos2(x(range.nominal), rect.bottom()));
        painter.rect_filled(filled.shrink2([0.0, 3.0].into()), 2.0, colour.gamma_multiply(0.75));
        let (a, b, y) = (x(range.low), x(range.high), rect.center().y);
        painter.hline(a..=b, y, Stroke::new(1.5, ink));
        for end in [a, b] {
            painter.vline(end, y - 5.0..=y + 5.0, Stroke::new(1.5, ink));
        }
        painter.vline(x(range.nominal), rect.y_range(), Stroke::new(2.0, ink));
    }

    /// Draws marks with their values below a rectangle.
    pub(crate) fn axis(self, painter: &Painter, rect: Rect, colour: Color32, unit: fn(f64) -> String) {
        for mark in self.marks((rect.width() / 70.0) as usize) {
            let x = rect.left() + self.share(mark) * rect.width();
            painter.vline(x, rect.y_range(), Stroke::new(1.0, colour.gamma_multiply(0.25)));
            let align = match x {
                x if x < rect.left() + 20.0 => Align2::LEFT_TOP,
                x if x > rect.right() - 20.0 => Align2::RIGHT_TOP,
                _ => Align2::CENTER_TOP,
            };
            painter.text(pos2(x, rect.bottom() + 1.0), align, unit(mark), FontId::proportional(10.5), colour);
        }
    }
}

/// A round energy, as `10 nJ`.
pub(crate) fn round_joules(value: f64) -> String {
    let text = crate::bill::joules(value);
    // `1.00 µJ` has digits that a mark does not need.
    match text.split_once(' ') {
        Some((number, unit)) => format!("{} {unit}", number.parse::<f64>().map_or(number.to_owned(), |n| format!("{n}"))),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_holds_its_ranges() {
        let range = |low, nominal, high| Range { low, nominal, high };
        let scale = LogScale::of([range(2e-9, 3e-9, 5e-9), range(1e-6, 2e-6, 1e-5)].into_iter()).expect("above zero");
        assert_eq!(scale, LogScale { from: -9.0, to: -5.0 });
        assert!((scale.share(1e-7) - 0.5).abs() < 1e-6 && scale.share(0.0) == 0.0);
        assert_eq!(scale.marks(2), [1e-9, 1e-7, 1e-5]);
        assert_eq!(LogScale::of([range(0.0, 0.0, 0.0)].into_iter()), None);
        assert_eq!(round_joules(1e-6), "1 µJ");
    }
}
