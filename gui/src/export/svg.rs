//! A panel as SVG 1.1: drawn off the screen, and each of its shapes written down.

use super::{base64, encode_png};
use crate::panels::PanelSpec;
use crate::theme;
use crate::view::Cx;
use eframe::egui::epaint::{ColorMode, ImageData, Mesh, PathStroke, Shape, TextShape};
use eframe::egui::{
    Color32, ColorImage, Context, FontFamily, Frame, Pos2, RawInput, Rect, Stroke, TextureId, Theme, Vec2, ViewportId,
};
use std::collections::HashMap;
use std::fmt::Write;

/// A mesh of more triangles is drawn without those that are smaller than a pixel.
const MANY: usize = 50_000;

/// Draws a panel of this size, in this theme, and gives it as SVG. The panel is a new one: what it shows is what the panels share, in its own
/// first state.
#[must_use]
pub fn of_panel(spec: &PanelSpec, cx: &mut Cx<'_>, size: Vec2, theme: Theme) -> String {
    let ctx = Context::default();
    theme::install(&ctx);
    ctx.set_theme(theme);
    let mut panel = (spec.make)();
    let rect = Rect::from_min_size(Pos2::ZERO, size);
    let mut writer = Writer::default();
    // Sizes are known after the first time, and what is computed beside the window after some more.
    const TIMES: u32 = 6;
    for time in 0..TIMES {
        let mut input = RawInput { screen_rect: Some(rect), time: Some(f64::from(time) / 60.0), ..RawInput::default() };
        input.viewports.entry(ViewportId::ROOT).or_default().native_pixels_per_point = Some(2.0);
        let out = ctx.run_ui(input, |ui| {
            Frame::central_panel(ui.style()).show(ui, |ui| {
                ui.set_min_size(ui.available_size());
                panel.ui(ui, cx);
            });
        });
        let mut textures = out.textures_delta;
        for (id, deltas) in std::mem::take(&mut textures.set) {
            for delta in deltas {
                writer.keep(id, delta.pos, &delta.image);
            }
        }
        textures.clear();
        if time + 1 == TIMES {
            for clipped in out.shapes {
                writer.clipped(clipped.clip_rect.intersect(rect), &clipped.shape);
            }
        } else {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
    let ground = paint("fill", ctx.style_of(theme).visuals.panel_fill);
    let title = escaped(&format!("{}: {}", spec.title, cx.scene.net.name));
    let (w, h) = (size.x, size.y);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"{w}\" height=\"{h}\" \
         viewBox=\"0 0 {w} {h}\">\n<title>{title}</title>\n<defs>{}</defs>\n<rect width=\"{w}\" height=\"{h}\"{ground}/>\n{}</svg>\n",
        writer.clips, writer.body
    )
}

#[derive(Default)]
struct Writer {
    body: String,
    clips: String,
    known: Vec<Rect>,
    textures: HashMap<TextureId, ColorImage>,
}

impl Writer {
    fn keep(&mut self, id: TextureId, at: Option<[usize; 2]>, image: &ImageData) {
        let ImageData::Color(image) = image;
        match at {
            None => {
                self.textures.insert(id, (**image).clone());
            }
            Some([x, y]) => {
                let Some(whole) = self.textures.get_mut(&id) else { return };
                let ([width, height], wide) = (image.size, whole.size[0]);
                if x + width > wide || y + height > whole.size[1] {
                    return;
                }
                for row in 0..height {
                    let to = (y + row) * wide + x;
                    whole.pixels[to..to + width].copy_from_slice(&image.pixels[row * width..][..width]);
                }
            }
        }
    }

    fn clipped(&mut self, clip: Rect, shape: &Shape) {
        if !clip.is_positive() {
            return;
        }
        let known = self.known.iter().position(|other| *other == clip);
        let at = known.unwrap_or_else(|| {
            self.known.push(clip);
            let (min, size, at) = (clip.min, clip.size(), self.known.len() - 1);
            let _ = write!(
                self.clips,
                "<clipPath id=\"c{at}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath>",
                min.x, min.y, size.x, size.y
            );
            at
        });
        let before = self.body.len();
        let open = format!("<g clip-path=\"url(#c{at})\">");
        self.body.push_str(&open);
        self.shape(shape);
        if self.body.len() == before + open.len() {
            self.body.truncate(before);
        } else {
            self.body.push_str("</g>\n");
        }
    }

    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        // A string takes whatever is written to it.
        let _ = self.body.write_fmt(text);
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Noop | Shape::Callback(_) => {}
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| self.shape(shape)),
            Shape::Circle(c) => {
                let (fill, line) = (paint("fill", c.fill), outline(c.stroke));
                self.put(format_args!("<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{fill}{line}/>", c.center.x, c.center.y, c.radius));
            }
            Shape::Ellipse(e) => {
                let (x, y, fill, line) = (e.center.x, e.center.y, paint("fill", e.fill), outline(e.stroke));
                let turn = e.angle.to_degrees();
                self.put(format_args!(
                    "<ellipse cx=\"{x}\" cy=\"{y}\" rx=\"{}\" ry=\"{}\" transform=\"rotate({turn} {x} {y})\"{fill}{line}/>",
                    e.radius.x, e.radius.y
                ));
            }
            Shape::LineSegment { points, stroke } => {
                let (a, b, line) = (points[0], points[1], outline(*stroke));
                self.put(format_args!("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"{line}/>", a.x, a.y, b.x, b.y));
            }
            Shape::Path(path) => self.path(&path.points, path.closed, path.fill, &path.stroke),
            Shape::Band(band) => {
                let above = band.points.iter().map(|p| Pos2::new(p.x, p.y.min));
                let below = band.points.iter().rev().map(|p| Pos2::new(p.x, p.y.max));
                let points: Vec<Pos2> = above.chain(below).collect();
                self.path(&points, true, band.fill, &band.stroke.into());
            }
            Shape::QuadraticBezier(curve) => {
                self.path(&curve.flatten(Some(0.1)), curve.closed, curve.fill, &curve.stroke);
            }
            Shape::CubicBezier(curve) => {
                for points in curve.flatten_closed(Some(0.1), None) {
                    self.path(&points, curve.closed, curve.fill, &curve.stroke);
                }
            }
            Shape::Rect(r) => {
                let (min, size) = (r.rect.min, r.rect.size());
                if let Some(brush) = &r.brush {
                    self.image(r.rect, brush.fill_texture_id, brush.uv, r.fill);
                }
                let fill = if r.brush.is_some() { Color32::TRANSPARENT } else { r.fill };
                if fill == Color32::TRANSPARENT && r.stroke.is_empty() {
                    return;
                }
                let (round, fill, line) = (r.corner_radius.nw, paint("fill", fill), outline(r.stroke));
                self.put(format_args!(
                    "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{round}\"{fill}{line}/>",
                    min.x,
                    min.y,
                    size.x.max(0.0),
                    size.y.max(0.0)
                ));
            }
            Shape::Text(text) => self.text(text),
            Shape::Mesh(mesh) => self.mesh(mesh),
        }
    }

    fn path(&mut self, points: &[Pos2], closed: bool, fill: Color32, stroke: &PathStroke) {
        if points.is_empty() {
            return;
        }
        let colour = match &stroke.color {
            ColorMode::Solid(colour) => *colour,
            ColorMode::UV(of) => of(Rect::from_points(points), points[0]),
        };
        let (fill, line) = (paint("fill", fill), outline(Stroke::new(stroke.width, colour)));
        let at: Vec<String> = points.iter().map(|p| format!("{},{}", p.x, p.y)).collect();
        let kind = if closed { "polygon" } else { "polyline" };
        self.put(format_args!("<{kind} points=\"{}\"{fill}{line}/>", at.join(" ")));
    }

    fn text(&mut self, text: &TextShape) {
        let job = &text.galley.job;
        // Where the rows' characters stand in the text, to find their section's format.
        let mut byte = 0;
        for row in &text.galley.rows {
            let mut from = 0;
            while from < row.glyphs.len() {
                let section = job.sections.iter().find(|s| s.byte_range.end.0 > byte).or(job.sections.last());
                let end_byte = section.map_or(usize::MAX, |s| s.byte_range.end.0);
                let mut words = String::new();
                let first = from;
                while from < row.glyphs.len() && (byte < end_byte || words.is_empty()) {
                    words.push(row.glyphs[from].chr);
                    byte += row.glyphs[from].chr.len_utf8();
                    from += 1;
                }
                if words.trim().is_empty() {
                    continue;
                }
                let Some(format) = section.map(|s| &s.format) else { return };
                let own = if format.color == Color32::PLACEHOLDER { text.fallback_color } else { format.color };
                let colour = text.override_text_color.unwrap_or(own).gamma_multiply(text.opacity_factor);
                let family = if format.font_id.family == FontFamily::Monospace { "monospace" } else { "sans-serif" };
                let size = format.font_id.size;
                let (first, last) = (&row.glyphs[first], &row.glyphs[from - 1]);
                let at = text.pos + row.pos.to_vec2() + first.pos.to_vec2();
                let length = last.pos.x + last.advance_width - first.pos.x;
                let turn = match text.angle.to_degrees() {
                    0.0 => String::new(),
                    // All of the text turns about its own beginning.
                    angle => format!(" transform=\"rotate({angle} {} {})\"", text.pos.x, text.pos.y),
                };
                self.put(format_args!(
                    "<text x=\"{}\" y=\"{}\" font-family=\"{family}\" font-size=\"{size}\" textLength=\"{length}\" \
                     lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\"{}{turn}>{}</text>",
                    at.x,
                    at.y,
                    paint("fill", colour),
                    escaped(&words)
                ));
            }
            byte += usize::from(row.ends_with_newline);
        }
    }

    fn mesh(&mut self, mesh: &Mesh) {
        let corner = |index: &u32| mesh.vertices.get(*index as usize);
        if mesh.texture_id != TextureId::default() && mesh.vertices.len() == 4 {
            let points: Vec<Pos2> = mesh.vertices.iter().map(|v| v.pos).collect();
            let uv: Vec<Pos2> = mesh.vertices.iter().map(|v| v.uv).collect();
            self.image(Rect::from_points(&points), mesh.texture_id, Rect::from_points(&uv), mesh.vertices[0].color);
            return;
        }
        let many = mesh.indices.len() / 3 > MANY;
        for three in mesh.indices.chunks_exact(3) {
            let [Some(a), Some(b), Some(c)] = [&three[0], &three[1], &three[2]].map(corner) else { continue };
            let area = ((b.pos - a.pos).x * (c.pos - a.pos).y - (b.pos - a.pos).y * (c.pos - a.pos).x).abs() / 2.0;
            if area == 0.0 || many && area < 0.5 {
                continue;
            }
            let mean = |of: fn(&Color32) -> u8| {
                ((u16::from(of(&a.color)) + u16::from(of(&b.color)) + u16::from(of(&c.color))) / 3) as u8
            };
            let colour = Color32::from_rgba_premultiplied(mean(Color32::r), mean(Color32::g), mean(Color32::b), mean(Color32::a));
            let fill = paint("fill", colour);
            self.put(format_args!(
                "<polygon points=\"{},{} {},{} {},{}\"{fill}/>",
                a.pos.x, a.pos.y, b.pos.x, b.pos.y, c.pos.x, c.pos.y
            ));
        }
    }

    /// A part of a texture, as a picture within the drawing.
    fn image(&mut self, rect: Rect, texture: TextureId, uv: Rect, tint: Color32) {
        let Some(whole) = self.textures.get(&texture) else { return };
        let [width, height] = whole.size;
        let pixel = |share: f32, of: usize| ((share * of as f32).round().max(0.0) as usize).min(of);
        let (x0, x1) = (pixel(uv.left(), width), pixel(uv.right(), width));
        let (y0, y1) = (pixel(uv.top(), height), pixel(uv.bottom(), height));
        if x0 >= x1 || y0 >= y1 {
            return;
        }
        let mut pixels = Vec::with_capacity((x1 - x0) * (y1 - y0));
        for y in y0..y1 {
            pixels.extend(whole.pixels[y * width + x0..y * width + x1].iter().map(|pixel| *pixel * tint));
        }
        let Ok(bytes) = encode_png(&ColorImage::new([x1 - x0, y1 - y0], pixels)) else { return };
        let (min, size) = (rect.min, rect.size());
        self.put(format_args!(
            "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" \
             xlink:href=\"data:image/png;base64,{}\"/>",
            min.x,
            min.y,
            size.x,
            size.y,
            base64(&bytes)
        ));
    }
}

/// A colour as an attribute, with its opacity where it is not opaque.
fn paint(what: &str, colour: Color32) -> String {
    let [r, g, b, a] = colour.to_srgba_unmultiplied();
    match a {
        0 => format!(" {what}=\"none\""),
        255 => format!(" {what}=\"#{r:02x}{g:02x}{b:02x}\""),
        a => format!(" {what}=\"#{r:02x}{g:02x}{b:02x}\" {what}-opacity=\"{:.3}\"", f32::from(a) / 255.0),
    }
}

fn outline(stroke: Stroke) -> String {
    if stroke.is_empty() { String::new() } else { format!("{} stroke-width=\"{}\"", paint("stroke", stroke.color), stroke.width) }
}

/// A text as XML has it; what XML has no way to say is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | ' '.. if !matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{7f}'..='\u{9f}') => out.push(c),
            _ => {}
        }
    }
    out
}
