//! The network as a graph: populations and projections, activity on its way, and neurons from near.

mod activity;
mod cells;
mod draw;
mod keys;
mod layout;
mod links;

use crate::number::grouped;

use super::job::{Job, NetKey};
use super::{Home, Panel, PanelSpec};
use crate::session::{Command, Neuron};
use crate::theme::Tokens;
use crate::view::{Cx, Table};
use activity::{Activity, rate_text};
use cells::{Cells, on_screen};
use draw::{Frame, NEAR};
use eframe::egui::{self, Align2, FontId, Pos2, Rect, Response, Sense, Ui, Vec2, WidgetInfo, vec2};
use layout::Node;
use links::{Kind, Links};

/// This panel.
pub(super) const SPEC: PanelSpec = PanelSpec {
    id: "graph",
    title: "Network",
    about: "Populations and projections, and spikes on their way; zoom in to see neurons",
    home: Home::Middle,
    open: true,
    make: || Box::new(Graph::default()),
};

/// What is worked out once for a network.
struct Drawn {
    of: NetKey,
    nodes: Vec<Node>,
    cells: Vec<Cells>,
    courses: Vec<Vec<Pos2>>,
    kinds: Vec<Kind>,
}

#[derive(Default)]
struct Graph {
    drawn: Option<Drawn>,
    /// Points on the screen for one of the layout, and where its origin lies from the panel's corner; absent where all is to be seen.
    look: Option<(f32, Vec2)>,
    /// Where the keyboard is.
    at: Neuron,
    focused: bool,
    links: Job<(NetKey, Neuron), Links>,
}

impl Panel for Graph {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let size = ui.available_size().max(vec2(80.0, 60.0));
        let (outer, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
        let tokens = Tokens::in_use(ui);
        ui.painter().rect_filled(outer, 0.0, tokens.ground);
        self.prepare(cx);
        let Some(drawn) = self.drawn.take() else { return };
        self.move_about(ui, &response, &drawn, outer);
        let (scale, offset) = self.place(&drawn, outer);
        self.hear(&response, cx, &drawn, scale, offset);
        self.keys(ui, &response, cx, &drawn, outer);
        let activity = Activity::at(cx);
        let painter = ui.painter_at(outer);
        let frame = Frame { painter: &painter, tokens, text: ui.visuals().text_color(), scale, offset };
        for index in 0..drawn.courses.len() {
            frame.projection(cx, &drawn, &activity, index, cx.view.projection == index);
        }
        for index in 0..drawn.nodes.len() {
            frame.stimuli(cx, &drawn, index);
            frame.population(cx, self, &drawn, &activity, index);
        }
        let mut told = format!("spikes of the last {} ms on their way", crate::chart::short(cx.scene.ms(activity.glow)));
        if let Some(neuron) = cx.view.neuron {
            frame.mark(&drawn, neuron, tokens.chosen);
            if scale * 2.0 * drawn.nodes[neuron.population].half >= NEAR {
                let net = cx.scene.net.clone();
                let work = move || move |stop: &std::sync::atomic::AtomicBool| links::of_neuron(&net, neuron, stop);
                // Of what was built, so that a slider's drag does not ask anew each time.
                match self.links.get(ui.ctx(), (NetKey::of(&cx.scene.built), neuron), work) {
                    Some(links) => {
                        frame.links(&drawn, neuron, links);
                        told = links_told(&cx.scene.name_of(neuron), links);
                    }
                    None => told = format!("looking for the connections of {} …", cx.scene.name_of(neuron)),
                }
            }
        }
        if self.focused {
            frame.mark(&drawn, self.at, frame.text);
        }
        let hint = outer.left_bottom() + vec2(6.0, -4.0);
        painter.text(hint, Align2::LEFT_BOTTOM, &told, FontId::proportional(11.0), tokens.faint);
        let said = self.said(cx, &activity, &told);
        response.widget_info(|| WidgetInfo::labeled(egui::accesskit::Role::Canvas, true, &said));
        self.hover(&response, cx, &drawn, &activity, scale, offset);
        self.drawn = Some(drawn);
    }

    fn table(&self, cx: &Cx<'_>) -> Option<Table> {
        let activity = Activity::at(cx);
        let columns = ["population", "neurons", "model", "rate_hz"].map(String::from).to_vec();
        let rows = cx.scene.net.populations.iter().zip(&activity.rates).map(|(p, rate)| {
            let rate = rate.map_or_else(String::new, |rate| rate.to_string());
            vec![p.name.clone(), p.size.to_string(), p.model.spec().name.to_owned(), rate]
        });
        Some(Table { columns, rows: rows.collect() })
    }
}

fn links_told(name: &str, links: &Links) -> String {
    let all = links.inward + links.outward;
    let some =
        if links.strongest.len() < all { format!("; the {} strongest are drawn", links.strongest.len()) } else { String::new() };
    format!("{name}: {} connections in, {} out{some}", grouped(links.inward as u64), grouped(links.outward as u64))
}

impl Graph {
    /// Works out the layout where another network is shown.
    fn prepare(&mut self, cx: &Cx<'_>) {
        let of = NetKey::of(&cx.scene.built);
        if self.drawn.as_ref().is_none_or(|drawn| drawn.of != of) {
            let net = &*cx.scene.built;
            let nodes = layout::nodes(net);
            let courses = layout::courses(net, &nodes);
            let shape = |at: usize| cx.scene.network.populations.get(at).map_or(&[][..], |p| &p.shape);
            let cells = net.populations.iter().enumerate().map(|(at, p)| Cells::new(p.size, shape(at))).collect();
            *self = Self { drawn: Some(Drawn { of, nodes, cells, courses, kinds: links::kinds(net) }), ..Self::default() };
        }
        let there = cx.scene.net.populations.get(self.at.population).is_some_and(|p| (self.at.id as usize) < p.size);
        if !there {
            self.at = Neuron::default();
        }
    }

    /// Scale, and where the origin lies on the screen.
    fn place(&self, drawn: &Drawn, outer: Rect) -> (f32, Vec2) {
        let (scale, offset) = self.look.unwrap_or_else(|| {
            let all = drawn
                .nodes
                .iter()
                .fold(Rect::NOTHING, |all, n| all.union(Rect::from_center_size(n.centre, Vec2::splat(2.0 * n.half))));
            let all = drawn.courses.iter().flatten().fold(all, |all, p| all.union(Rect::from_pos(*p)));
            // Room for labels below and stimuli at the left.
            let all =
                if all.is_finite() { Rect::from_min_max(all.min - vec2(70.0, 20.0), all.max + vec2(60.0, 66.0)) } else { outer };
            let scale = (outer.width() / all.width()).min(outer.height() / all.height()).min(1.6);
            (scale, outer.size() / 2.0 - all.center().to_vec2() * scale)
        });
        (scale, offset + outer.min.to_vec2())
    }

    fn move_about(&mut self, ui: &Ui, response: &Response, drawn: &Drawn, outer: Rect) {
        let (scale, offset) = self.place(drawn, outer);
        let offset = offset - outer.min.to_vec2();
        if response.dragged() {
            self.look = Some((scale, offset + response.drag_delta()));
        }
        if let Some(pointer) = response.hover_pos() {
            let (scroll, zoom) = ui.input(|i| (i.smooth_scroll_delta().y, i.zoom_delta()));
            let zoom = zoom * (scroll * 0.005).exp();
            if zoom != 1.0 {
                self.zoom(zoom, pointer - outer.min, drawn, outer);
            }
        }
    }

    /// Zooms about a point of the panel.
    fn zoom(&mut self, by: f32, about: Vec2, drawn: &Drawn, outer: Rect) {
        let (scale, offset) = self.place(drawn, outer);
        let offset = offset - outer.min.to_vec2();
        let next = (scale * by).clamp(0.02, 400.0);
        self.look = Some((next, about - (about - offset) * (next / scale)));
    }

    /// Goes near to a population, until it fills the panel.
    fn go_near(&mut self, population: usize, drawn: &Drawn, outer: Rect) {
        let node = drawn.nodes[population];
        let scale = (outer.height() - 90.0).min(outer.width() - 40.0).max(NEAR) / (2.0 * node.half);
        self.look = Some((scale, outer.size() / 2.0 - vec2(0.0, 20.0) - node.centre.to_vec2() * scale));
    }

    /// What is drawn at a point: a population, and its neuron where that is near.
    fn under(drawn: &Drawn, point: Pos2, scale: f32, offset: Vec2) -> Option<(usize, Option<u32>)> {
        let found = (0..drawn.nodes.len()).rev().find(|at| on_screen(drawn.nodes[*at], scale, offset).contains(point))?;
        let rect = on_screen(drawn.nodes[found], scale, offset);
        Some((found, if rect.width() >= NEAR { drawn.cells[found].at(rect, point) } else { None }))
    }

    /// The projection that is drawn at a point.
    fn course_under(drawn: &Drawn, point: Pos2, scale: f32, offset: Vec2) -> Option<usize> {
        let distance = |course: &Vec<Pos2>| {
            course.iter().map(|p| (p.to_vec2() * scale + offset).to_pos2().distance(point)).fold(f32::INFINITY, f32::min)
        };
        let near = drawn.courses.iter().map(distance).enumerate().min_by(|a, b| a.1.total_cmp(&b.1))?;
        (near.1 < 8.0).then_some(near.0)
    }

    fn hear(&mut self, response: &Response, cx: &mut Cx<'_>, drawn: &Drawn, scale: f32, offset: Vec2) {
        let Some(point) = response.interact_pointer_pos() else { return };
        let found = Self::under(drawn, point, scale, offset);
        if response.clicked() {
            response.request_focus();
            match found {
                Some((population, Some(id))) => {
                    self.at = Neuron { population, id };
                    cx.choose(self.at);
                }
                Some((population, None)) => {
                    self.at = Neuron { population, id: 0 };
                    cx.view.population = population;
                }
                None => {
                    if let Some(projection) = Self::course_under(drawn, point, scale, offset) {
                        cx.view.projection = projection;
                    }
                }
            }
        }
        if response.double_clicked() {
            match found {
                Some((population, Some(id))) => cx.send(Command::Kick(Neuron { population, id })),
                Some((population, None)) => self.go_near(population, drawn, response.rect),
                None => self.look = None,
            }
        }
    }

    fn hover(&self, response: &Response, cx: &Cx<'_>, drawn: &Drawn, activity: &Activity, scale: f32, offset: Vec2) {
        let Some(point) = response.hover_pos() else { return };
        let text = match Self::under(drawn, point, scale, offset) {
            Some((population, Some(id))) => {
                let neuron = Neuron { population, id };
                let trace = cx.history.traces.of(neuron).and_then(|trace| trace.at(activity.tick));
                let dimension = cx.scene.net.populations[population].model.spec().variable("v").map(|v| v.dimension);
                let unit = dimension.map_or("", |d| crate::knobs::measured(cx.scene, d).unit());
                let v = trace.map_or_else(|| "not followed; click to follow it".into(), |v| format!("membrane {v:.3} {unit}"));
                format!("{}: {v}\nDouble click: kick", cx.scene.name_of(neuron))
            }
            Some((population, None)) => {
                let p = &cx.scene.net.populations[population];
                format!(
                    "{}: {} × {}\n{}\nDouble click: its neurons",
                    p.name,
                    grouped(p.size as u64),
                    p.model.spec().title,
                    rate_text(activity.rates[population])
                )
            }
            None => match Self::course_under(drawn, point, scale, offset) {
                Some(index) => {
                    let (p, kind) = (&cx.scene.net.projections[index], drawn.kinds[index]);
                    let name = |at: usize| &cx.scene.net.populations[at].name;
                    let above = (100.0 * kind.above).round();
                    let (from, to) = (name(p.from), name(p.to));
                    format!(
                        "{}: from {from} to {to}\n{} connections, {above} % of them above zero",
                        p.name,
                        grouped(kind.synapses)
                    )
                }
                None => return,
            },
        };
        response.clone().on_hover_text_at_pointer(text);
    }

    /// The graph in words.
    fn said(&self, cx: &Cx<'_>, activity: &Activity, told: &str) -> String {
        /// Populations that are named.
        const MOST: usize = 12;
        let net = &cx.scene.net;
        let mut text = format!("Network graph: {} populations, {} projections", net.populations.len(), net.projections.len());
        for (p, rate) in net.populations.iter().zip(&activity.rates).take(MOST) {
            text += &format!("; {}: {} × {}, {}", p.name, grouped(p.size as u64), p.model.spec().name, rate_text(*rate));
        }
        if net.populations.len() > MOST {
            text += &format!("; and {} more", net.populations.len() - MOST);
        }
        if self.focused {
            text += &format!("; at {}", cx.scene.name_of(self.at));
        }
        let over = crate::chart::short(cx.scene.ms(activity.rated));
        format!("{text}. Rates over {over} ms; {told}.")
    }
}
