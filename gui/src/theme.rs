//! Colours and sizes: the one place where they are chosen.
//!
//! Hues are those of Okabe and Ito ("Color Universal Design", 2008), which people with any of the common colour-vision deficiencies tell apart; on
//! a dark ground they are lightened, on a light one darkened, until text in them has a contrast of at least 4.5 : 1. Those of populations also differ in
//! lightness, since that is what is left where hues cannot be told apart.

use eframe::egui::{Color32, Context, FontFamily, FontId, TextStyle, Theme, Ui, Visuals};

/// The colours of one theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tokens {
    /// The spiking network, wherever the two sides stand beside one another.
    pub spiking: Color32,
    /// The dense network.
    pub dense: Color32,
    /// Weights above zero, events that lift the membrane.
    pub excitatory: Color32,
    /// Weights below zero.
    pub inhibitory: Color32,
    /// Thresholds and limits.
    pub limit: Color32,
    /// What is chosen: the neuron, the spike, the moment.
    pub chosen: Color32,
    /// What went well.
    pub good: Color32,
    /// What went wrong.
    pub bad: Color32,
    /// What stands back: axes, hints.
    pub faint: Color32,
    /// The ground of charts.
    pub ground: Color32,
    /// Populations in turn.
    pub populations: [Color32; 7],
}

const DARK: Tokens = Tokens {
    spiking: Color32::from_rgb(86, 180, 233),
    dense: Color32::from_rgb(240, 170, 40),
    excitatory: Color32::from_rgb(86, 180, 233),
    inhibitory: Color32::from_rgb(238, 119, 70),
    limit: Color32::from_rgb(220, 140, 190),
    chosen: Color32::from_rgb(240, 228, 66),
    good: Color32::from_rgb(40, 190, 140),
    bad: Color32::from_rgb(250, 120, 90),
    faint: Color32::from_rgb(150, 155, 160),
    ground: Color32::from_rgb(20, 22, 25),
    populations: [
        Color32::from_rgb(86, 180, 233),
        Color32::from_rgb(240, 170, 40),
        Color32::from_rgb(88, 152, 115),
        Color32::from_rgb(212, 170, 190),
        Color32::from_rgb(255, 251, 24),
        Color32::from_rgb(225, 107, 61),
        Color32::from_rgb(175, 234, 157),
    ],
};

const LIGHT: Tokens = Tokens {
    spiking: Color32::from_rgb(0, 102, 160),
    dense: Color32::from_rgb(160, 90, 0),
    excitatory: Color32::from_rgb(0, 102, 160),
    inhibitory: Color32::from_rgb(185, 70, 0),
    limit: Color32::from_rgb(160, 60, 125),
    chosen: Color32::from_rgb(130, 100, 0),
    good: Color32::from_rgb(0, 115, 84),
    bad: Color32::from_rgb(185, 50, 0),
    faint: Color32::from_rgb(95, 100, 105),
    ground: Color32::from_rgb(252, 252, 250),
    populations: [
        Color32::from_rgb(0, 102, 160),
        Color32::from_rgb(160, 90, 0),
        Color32::from_rgb(0, 129, 59),
        Color32::from_rgb(197, 55, 122),
        Color32::from_rgb(70, 60, 0),
        Color32::from_rgb(111, 21, 36),
        Color32::from_rgb(70, 75, 85),
    ],
};

impl Tokens {
    /// The colours of a theme.
    #[must_use]
    pub fn of(theme: Theme) -> &'static Self {
        match theme {
            Theme::Dark => &DARK,
            Theme::Light => &LIGHT,
        }
    }

    /// The colours of the theme that `ui` is drawn in.
    #[must_use]
    pub fn in_use(ui: &Ui) -> &'static Self {
        if ui.visuals().dark_mode { &DARK } else { &LIGHT }
    }

    /// The colour of a population.
    #[must_use]
    pub fn population(&self, index: usize) -> Color32 {
        self.populations[index % self.populations.len()]
    }
}

/// Sets fonts and spacing, once; themes follow the system until somebody chooses.
pub fn install(ctx: &Context) {
    for theme in [Theme::Dark, Theme::Light] {
        ctx.style_mut_of(theme, |style| readable(&mut style.visuals, Tokens::of(theme)));
    }
    ctx.all_styles_mut(|style| {
        style.spacing.item_spacing.y = 5.0;
        style.text_styles.insert(TextStyle::Heading, FontId::new(17.0, FontFamily::Proportional));
        style.text_styles.insert(TextStyle::Small, FontId::new(11.0, FontFamily::Proportional));
    });
}

/// Texts that stand back, and links, in colours that can be read: those of the library are fainter than 4.5 : 1.
fn readable(visuals: &mut Visuals, tokens: &Tokens) {
    visuals.weak_text_color = Some(tokens.faint);
    visuals.hyperlink_color = tokens.spiking;
    visuals.warn_fg_color = tokens.bad;
    visuals.error_fg_color = tokens.bad;
    let text = if visuals.dark_mode { Color32::from_gray(200) } else { Color32::from_gray(50) };
    visuals.widgets.noninteractive.fg_stroke.color = text;
    visuals.widgets.inactive.fg_stroke.color = text;
}

#[cfg(test)]
#[path = "theme_tests.rs"]
mod tests;
