//! Colours can be read, and told apart by everybody.

use super::*;

/// Red, green and blue without the curve of screens, 0 to 1.
fn linear(colour: Color32) -> [f64; 3] {
    [colour.r(), colour.g(), colour.b()].map(|c| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    })
}

/// Relative luminance, WCAG 2.1.
fn luminance(colour: Color32) -> f64 {
    let [r, g, b] = linear(colour);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: Color32, b: Color32) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn named(tokens: &Tokens) -> Vec<(&'static str, Color32)> {
    let own = [
        ("spiking", tokens.spiking),
        ("dense", tokens.dense),
        ("excitatory", tokens.excitatory),
        ("inhibitory", tokens.inhibitory),
        ("limit", tokens.limit),
        ("chosen", tokens.chosen),
        ("good", tokens.good),
        ("bad", tokens.bad),
        ("faint", tokens.faint),
    ];
    own.into_iter().chain(tokens.populations.map(|colour| ("population", colour))).collect()
}

/// WCAG 2.1 asks for 4.5 : 1 of text of usual size.
#[test]
fn every_text_can_be_read_on_its_ground() {
    let ctx = Context::default();
    install(&ctx);
    for theme in [Theme::Dark, Theme::Light] {
        let tokens = Tokens::of(theme);
        let visuals = ctx.style_of(theme).visuals.clone();
        let mut texts = named(tokens);
        texts.extend([
            ("text", visuals.text_color()),
            ("weak text", visuals.weak_text_color()),
            ("strong text", visuals.strong_text_color()),
            ("links", visuals.hyperlink_color),
            ("complaints", visuals.error_fg_color),
        ]);
        for (name, colour) in texts {
            for (ground, on) in [("charts", tokens.ground), ("panels", visuals.panel_fill), ("stripes", visuals.faint_bg_color)] {
                // Stripes are laid over the panel.
                let on = if on.a() < 255 { visuals.panel_fill.blend(on) } else { on };
                let found = contrast(colour, on);
                assert!(found >= 4.5, "{name} {colour:?} on {ground} in {theme:?}: {found:.2}");
            }
        }
        for (name, look) in
            [("button", visuals.widgets.inactive), ("hovered", visuals.widgets.hovered), ("pressed", visuals.widgets.active)]
        {
            let found = contrast(look.text_color(), look.weak_bg_fill);
            assert!(found >= 4.5, "text of a {name} in {theme:?}: {found:.2}");
        }
        let found = contrast(visuals.selection.stroke.color, visuals.selection.bg_fill);
        assert!(found >= 4.5, "what is selected in {theme:?}: {found:.2}");
    }
}

/// What people with a deficiency of one kind of cone see (Machado, Oliveira and Fernandes 2009, severity 1), in linear red, green and blue.
const SEEN: [(&str, [[f64; 3]; 3]); 4] = [
    ("everybody else", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    ("protanopes", [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]]),
    ("deuteranopes", [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]]),
    ("tritanopes", [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]]),
];

fn times(matrix: &[[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum())
}

/// L*, a* and b* of CIE 1976, under the white of screens.
fn lab(linear: [f64; 3]) -> [f64; 3] {
    const XYZ: [[f64; 3]; 3] =
        [[0.412_456, 0.357_576, 0.180_438], [0.212_673, 0.715_152, 0.072_175], [0.019_334, 0.119_192, 0.950_304]];
    let xyz = times(&XYZ, linear.map(|c| c.clamp(0.0, 1.0)));
    let [x, y, z] = [xyz[0] / 0.950_47, xyz[1], xyz[2] / 1.088_83]
        .map(|t| if t > 216.0 / 24_389.0 { t.cbrt() } else { (24_389.0 / 27.0 * t + 16.0) / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn distance(matrix: &[[f64; 3]; 3], a: Color32, b: Color32) -> f64 {
    let (a, b) = (lab(times(matrix, linear(a))), lab(times(matrix, linear(b))));
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}

/// A distance of about 2.3 can just be seen side by side; lines that cross a chart want several times that.
#[test]
fn colours_that_mean_different_things_are_told_apart_by_everybody() {
    const LINES: f64 = 12.0;
    const SIDES: f64 = 30.0;
    for theme in [Theme::Dark, Theme::Light] {
        let tokens = Tokens::of(theme);
        for (who, matrix) in &SEEN {
            for (at, a) in tokens.populations.iter().enumerate() {
                for (other, b) in tokens.populations.iter().enumerate().skip(at + 1) {
                    let found = distance(matrix, *a, *b);
                    assert!(found >= LINES, "populations {at} and {other} in {theme:?} for {who}: {found:.1}");
                }
            }
            let pairs = [("sides", tokens.spiking, tokens.dense), ("signs", tokens.excitatory, tokens.inhibitory)];
            for (name, a, b) in pairs {
                let found = distance(matrix, a, b);
                assert!(found >= SIDES, "{name} in {theme:?} for {who}: {found:.1}");
            }
        }
    }
}
