//! A sample as a picture: rows and columns where the data have them, two colours of polarity, else bars.

use crate::session::SampleMark;
use crate::theme::Tokens;
use crate::view::Cx;
use eframe::egui::{Color32, ColorImage, Rect, Role, Sense, TextureHandle, TextureOptions, Ui, WidgetInfo, pos2, vec2};
use spikewatt::dataset::{Dataset, Samples};

/// The picture as it was last drawn.
#[derive(Default)]
pub(super) struct Picture {
    /// Events and frames of the whole sample rather than those of the moment.
    whole: bool,
    made: Option<(Key, TextureHandle)>,
}

/// What a picture depends on: sample, step, whole, dark theme.
type Key = (usize, u64, bool, bool);

/// How the channels of a data set lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lie {
    width: usize,
    height: usize,
    polarities: usize,
}

/// Widest and highest picture that is drawn.
const MOST: usize = 2048;

impl Lie {
    /// How they lie; `None` where they have no rows and columns.
    pub(super) fn of(dataset: &Dataset) -> Option<Self> {
        let size = |name: &str| dataset.axes.iter().position(|axis| axis == name).map(|at| dataset.shape[at]);
        let (height, width) = (size("y")?, size("x")?);
        let polarities = size("polarity").or(size("channel")).unwrap_or(1);
        let whole = width * height * polarities == dataset.channels && width <= MOST && height <= MOST;
        whole.then_some(Self { width, height, polarities })
    }

    /// The channel of a pixel, with axes in the data set's order.
    fn channel(self, dataset: &Dataset, x: usize, y: usize, polarity: usize) -> usize {
        dataset.axes.iter().zip(&dataset.shape).fold(0, |channel, (axis, size)| {
            let at = match axis.as_str() {
                "x" => x,
                "y" => y,
                "polarity" | "channel" => polarity,
                _ => 0,
            };
            channel * size + at
        })
    }
}

/// The values of each channel at a tick of a sample of so many ticks (1 is the first), or of all of it.
pub(super) fn values(dataset: &Dataset, sample: usize, tick: u64, dt_ms: f64, whole: bool) -> Vec<f64> {
    let n = dataset.channels;
    let mut sums = vec![0.0; n];
    let step = (tick.max(1) - 1) as usize;
    match &dataset.samples {
        Samples::Values(all) => return all.slice(sample * n, n),
        Samples::Frames { steps, values } => {
            let row = |step: usize| values.slice((sample * steps + step) * n, n);
            if !whole {
                return row(step.min(steps - 1));
            }
            (0..*steps).for_each(|step| sums.iter_mut().zip(row(step)).for_each(|(sum, value)| *sum += value));
        }
        Samples::Raster(raster) => {
            let steps = if whole { 0..raster.steps() } else { step.min(raster.steps() - 1)..step.min(raster.steps() - 1) + 1 };
            steps.for_each(|step| raster.step(sample, step).iter().for_each(|c| sums[*c as usize] += 1.0));
        }
        Samples::Spikes(lists) => {
            /// Events are seen for so long, ms: a single tick would show next to nothing.
            const SEEN_MS: f64 = 20.0;
            let until = tick as f64 * dt_ms;
            let seen = |ms: f64| whole || (ms <= until && ms > until - SEEN_MS.max(dt_ms));
            lists.sample(sample).filter(|(s, _)| seen(s * 1e3)).for_each(|(_, c)| sums[c as usize] += 1.0);
        }
        _ => {}
    }
    sums
}

impl Picture {
    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, dataset: &Dataset, mark: &SampleMark, tick: u64) {
        let moves = !matches!(dataset.samples, Samples::Values(_));
        if moves {
            ui.checkbox(&mut self.whole, "Whole sample at once");
        }
        let within = tick.saturating_sub(mark.began).min(cx.scene.ticks.unwrap_or(u64::MAX)).max(1);
        let values = || values(dataset, mark.sample, within, cx.scene.net.dt_ms, self.whole);
        let said = |what: &str| {
            let when = if moves && !self.whole { format!(" at tick {within} of the sample") } else { String::new() };
            format!("Input sample {}{when}: {what}", mark.sample)
        };
        let Some(lie) = Lie::of(dataset) else {
            bars(ui, &values(), &said(&format!("{} channels as bars", dataset.channels)));
            return;
        };
        let key = (mark.sample, if moves && !self.whole { within } else { 0 }, self.whole, ui.visuals().dark_mode);
        let texture = match &self.made {
            Some((made, texture)) if *made == key => texture.clone(),
            _ => {
                let picture = paint(dataset, lie, &values(), Tokens::in_use(ui), ui.visuals().text_color());
                let texture = ui.ctx().load_texture("sample", picture, TextureOptions::NEAREST);
                self.made = Some((key, texture.clone()));
                texture
            }
        };
        let side = (ui.available_width()).min(180.0) / lie.width.max(lie.height) as f32;
        let size = vec2(lie.width as f32 * side, lie.height as f32 * side);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        let all = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter().image(texture.id(), rect, all, Color32::WHITE);
        let what = format!("{} × {} pixels", lie.width, lie.height);
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, said(&what)));
    }
}

/// The pixels: ink by value, or where there are two polarities one colour each.
fn paint(dataset: &Dataset, lie: Lie, values: &[f64], tokens: &Tokens, ink: Color32) -> ColorImage {
    let highest = values.iter().copied().fold(0.0, |a: f64, b| a.max(b.abs())).max(f64::MIN_POSITIVE);
    let mut pixels = Vec::with_capacity(lie.width * lie.height);
    for y in 0..lie.height {
        for x in 0..lie.width {
            let mut colour = tokens.ground;
            for polarity in 0..lie.polarities.min(2) {
                let value = values[lie.channel(dataset, x, y, polarity)] / highest;
                let towards = match (lie.polarities, polarity) {
                    (1, _) => ink,
                    (_, 0) => tokens.inhibitory,
                    _ => tokens.excitatory,
                };
                colour = colour.lerp_to_gamma(towards, value.abs() as f32);
            }
            pixels.push(colour);
        }
    }
    ColorImage::new([lie.width, lie.height], pixels)
}

/// Channels without rows and columns; of many, each bar is the highest of its neighbours.
fn bars(ui: &mut Ui, values: &[f64], said: &str) {
    let tokens = Tokens::in_use(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 90.0), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, tokens.ground);
    let highest = values.iter().copied().fold(0.0, |a: f64, b| a.max(b.abs()));
    let shown = (rect.width() / 2.0).max(1.0) as usize;
    let each = values.len().div_ceil(shown).max(1);
    let n = values.len().div_ceil(each).max(1);
    for (at, some) in values.chunks(each).enumerate() {
        let value = some.iter().copied().fold(0.0, |a: f64, b| if b.abs() > a.abs() { b } else { a });
        if highest > 0.0 && value != 0.0 {
            let (x, wide) = (rect.left() + at as f32 / n as f32 * rect.width(), rect.width() / n as f32);
            let top = rect.bottom() - (value.abs() / highest) as f32 * rect.height();
            let bar = Rect::from_min_max(pos2(x, top), pos2(x + wide, rect.bottom()));
            ui.painter().rect_filled(bar, 0.0, if value > 0.0 { tokens.excitatory } else { tokens.inhibitory });
        }
    }
    if each > 1 {
        ui.small(format!("each bar is the largest of {each} channels"));
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, said));
}

#[cfg(test)]
mod tests {
    use super::*;
    use spikewatt::dataset::{Raster, Values};

    #[test]
    fn pixels_are_found_in_any_order_of_axes() {
        let mut dataset = Dataset::new("a", 12, Samples::Values(Values::new((0..12).map(f64::from).collect())));
        assert_eq!(Lie::of(&dataset), None);
        dataset.shape = vec![2, 3, 2];
        dataset.axes = ["polarity", "y", "x"].map(String::from).to_vec();
        let lie = Lie::of(&dataset).expect("rows and columns");
        assert_eq!(lie.channel(&dataset, 1, 2, 1), 6 + 4 + 1);
        dataset.shape = vec![3, 2, 2];
        dataset.axes = ["y", "x", "polarity"].map(String::from).to_vec();
        let lie = Lie::of(&dataset).expect("rows and columns");
        assert_eq!(lie.channel(&dataset, 1, 2, 1), 2 * 4 + 2 + 1);
    }

    #[test]
    fn frames_are_those_of_the_moment() {
        let raster = Raster::new(2, 3, &[0, 1, 1, 0, 0, 2]);
        let dataset = Dataset::new("a", 3, Samples::Raster(raster));
        assert_eq!(values(&dataset, 0, 1, 1.0, false), [0.0, 1.0, 1.0]);
        assert_eq!(values(&dataset, 0, 2, 1.0, false), [0.0, 0.0, 2.0]);
        assert_eq!(values(&dataset, 0, 9, 1.0, false), [0.0, 0.0, 2.0], "the last one stays");
        assert_eq!(values(&dataset, 0, 1, 1.0, true), [0.0, 1.0, 3.0]);
    }
}
