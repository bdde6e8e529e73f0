//! Counts as a picture: one texture, brighter where more spikes fall on a pixel.

use super::bands::Bands;
use super::grid::Grid;
use crate::theme::Tokens;
use eframe::egui::{Color32, ColorImage, TextureHandle, TextureOptions, Ui, lerp};

/// How bright a pixel with so many spikes is, of at most `max`: a single spike is well seen, and each doubling adds as much.
pub(super) fn brightness(count: u32, max: u32) -> f32 {
    const LEAST: f32 = 0.4;
    if max <= 1 { 1.0 } else { lerp(LEAST..=1.0, (count.max(1) as f32).ln() / (max as f32).ln()) }
}

/// A colour at some brightness before the ground.
pub(super) fn shade(tokens: &Tokens, population: usize, share: f32) -> Color32 {
    tokens.ground.lerp_to_gamma(tokens.population(population), share)
}

/// The picture, kept from frame to frame.
#[derive(Default)]
pub(super) struct Picture {
    texture: Option<TextureHandle>,
    dark: bool,
}

impl Picture {
    /// The texture of what was counted; made anew where counts or colours have changed.
    pub(super) fn texture(&mut self, ui: &Ui, grid: &mut Grid, bands: &Bands) -> TextureHandle {
        let dark = ui.visuals().dark_mode;
        let stale = grid.take_changed() || dark != self.dark || self.texture.is_none();
        self.dark = dark;
        match &mut self.texture {
            Some(texture) if !stale => texture.clone(),
            Some(texture) => {
                texture.set(draw(Tokens::in_use(ui), grid, bands), TextureOptions::NEAREST);
                texture.clone()
            }
            none => none
                .insert(ui.ctx().load_texture("raster", draw(Tokens::in_use(ui), grid, bands), TextureOptions::NEAREST))
                .clone(),
        }
    }

    /// Lets the texture go, which need not be kept while single spikes are drawn.
    pub(super) fn forget(&mut self) {
        self.texture = None;
    }
}

/// Colours for every pixel with a spike; the others are clear.
pub(super) fn draw(tokens: &Tokens, grid: &Grid, bands: &Bands) -> ColorImage {
    /// Brightnesses that are told apart.
    const LEVELS: u32 = 256;
    let (width, max) = (grid.width(), grid.max());
    let levels = max.clamp(1, LEVELS);
    // Colours by band, from one spike to the most.
    let level =
        |count: u32| if max <= LEVELS { count } else { (u64::from(count) * u64::from(LEVELS) / u64::from(max)).max(1) as u32 };
    let shades: Vec<Vec<Color32>> = bands
        .list
        .iter()
        .map(|band| {
            (0..=levels)
                .map(|l| shade(tokens, band.population, brightness(if max <= LEVELS { l } else { l * (max / LEVELS) }, max)))
                .collect()
        })
        .collect();
    let rows = bands.rows();
    let mut image = ColorImage::filled([width, bands.height], Color32::TRANSPARENT);
    for at in 0..width {
        let Some(counts) = grid.column(at) else { continue };
        for (pixel, row) in image.pixels[at..].iter_mut().step_by(width).zip(&rows) {
            if let Some((cell, band)) = *row
                && counts[cell] > 0
            {
                *pixel = shades[band][level(counts[cell]) as usize];
            }
        }
    }
    image
}

#[cfg(test)]
mod tests {
    use super::super::bands::Span;
    use super::*;
    use crate::session::Spikes;
    use crate::view::Window;
    use eframe::egui::Theme;
    use std::collections::BTreeSet;

    #[test]
    fn every_occupied_pixel_is_drawn_and_no_other() {
        let mut spikes = Spikes::default();
        spikes.extend(0, &[0, 0, 3, 3, 3, 50, 99], &[1, 400, 7, 7, 999, 0, 500]);
        spikes.extend(1, &[10, 99], &[0, 1]);
        let bands = Bands::new(&[1_000, 2], &BTreeSet::new(), Span::ALL, 120);
        let mut grid = Grid::default();
        grid.update(&spikes, &bands, Window { from: 0.0, to: 100.0, follows: false }, 98, 100);
        let tokens = Tokens::of(Theme::Dark);
        let image = draw(tokens, &grid, &bands);
        let drawn: BTreeSet<(usize, usize)> = (0..image.width())
            .flat_map(|x| (0..image.height()).map(move |y| (x, y)))
            .filter(|(x, y)| image[(*x, *y)] != Color32::TRANSPARENT)
            .collect();
        let mut expected = BTreeSet::new();
        let rows = bands.rows();
        for (population, tick, id) in [(0, 0, 1), (0, 0, 400), (0, 3, 7), (0, 3, 999), (0, 50, 0), (1, 10, 0)] {
            let cell = bands.of(population).and_then(|b| b.cell(id)).expect("in view");
            expected
                .extend(rows.iter().enumerate().filter(|(_, row)| row.is_some_and(|(c, _)| c == cell)).map(|(y, _)| (tick, y)));
        }
        assert_eq!(drawn, expected, "what comes after the present tick, 98, is not there either");
        let y = bands.of(0).expect("shown").centre(7) as usize;
        assert_eq!(image[(3, y)], tokens.population(0), "two spikes, the most here");
        assert_ne!(image[(50, bands.of(0).expect("shown").centre(0) as usize)], tokens.population(0), "one spike is fainter");
    }
}
