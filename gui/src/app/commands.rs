//! What shortcuts and menus do.

use super::*;
use crate::config::SCALES;
use crate::panels::PANELS;
use crate::session::Scene;

/// What is asked for, and on which desk.
pub(super) type Asked = (usize, Action);

impl Viewer {
    pub(super) fn obey(&mut self, ctx: &Context, does: Does, actions: &mut Vec<Asked>) {
        let focus = self.focus;
        match does {
            Does::Open => self.begin_ask(ctx, Purpose::Open),
            Does::Sheet => self.show.sheet ^= true,
            Does::Larger => self.resize(ctx, ctx.zoom_factor() + 0.1),
            Does::Smaller => self.resize(ctx, ctx.zoom_factor() - 0.1),
            Does::UsualSize => self.resize(ctx, 1.0),
            Does::Export => self.begin_ask(ctx, Purpose::Screenshot),
            _ => {}
        }
        let Some(desk) = self.desks.get_mut(focus) else { return };
        let now = desk.now();
        let scene: Option<&Scene> = now.scene.as_deref();
        let mut send = |command| actions.push((focus, Action::Session(command)));
        match does {
            Does::RunOrPause | Does::Tick | Does::Millisecond | Does::NextSpike | Does::Reset => {
                // In a recording it is the moment that moves.
                if scene.is_none_or(|scene| scene.recorded.is_none()) {
                    desk.view.cursor = None;
                }
                if does == Does::Reset {
                    desk.view.spike = None;
                }
                send(match does {
                    Does::RunOrPause if now.playing => Command::Pause,
                    Does::RunOrPause => Command::Play,
                    Does::Tick => Command::Step(scene.map_or(1, Scene::small_step)),
                    Does::Millisecond => Command::StepMillisecond,
                    Does::NextSpike => Command::ToNextSpike,
                    _ => Command::Reset,
                });
            }
            Does::Now => desk.view.cursor = None,
            Does::Start | Does::Back | Does::Forward => {
                let (tick, step) = (desk.view.cursor.unwrap_or(now.tick), (desk.view.window.length() / 50.0).max(1.0) as u64);
                let tick = match does {
                    Does::Start => 0,
                    Does::Back => tick.saturating_sub(step),
                    _ => tick.saturating_add(step),
                };
                desk.view.cursor = (tick < now.tick).then_some(tick);
                if desk.view.cursor.is_some() && now.playing {
                    send(Command::Pause);
                }
                desk.view.window = reaching(desk.view.window, tick.min(now.tick) as f64);
            }
            Does::ZoomIn | Does::ZoomOut => {
                let window = desk.view.window;
                let share = if does == Does::ZoomIn { 1.0 / 1.5 } else { 1.5 };
                let fixed = match desk.view.cursor {
                    Some(cursor) => (cursor as f64).clamp(window.from, window.to),
                    None if window.follows => window.to,
                    None => (window.from + window.to) / 2.0,
                };
                let (from, to) = (fixed - (fixed - window.from) * share, fixed + (window.to - fixed) * share);
                desk.view.window = crate::view::Window { from, to, follows: window.follows }.within(now.tick);
            }
            Does::Save => match desk.project.clone() {
                Some(path) => {
                    self.save(ctx, &path);
                }
                None => self.begin_ask(ctx, Purpose::Save),
            },
            Does::SaveAs => self.begin_ask(ctx, Purpose::Save),
            Does::Undo => desk.undo(false),
            Does::Redo => desk.undo(true),
            Does::Panel(at) => {
                if let Some(spec) = PANELS.get(at) {
                    if desk.layout.is_open(spec.id) { desk.layout.close(spec.id) } else { desk.layout.open(spec.id) }
                }
            }
            Does::NextPanel | Does::PanelBefore => desk.layout.go_on(does == Does::PanelBefore),
            Does::Alone => {
                let layout = &mut desk.layout;
                layout.show_alone(if layout.alone().is_some() { None } else { Some(layout.current()) });
            }
            Does::Open | Does::Sheet | Does::Larger | Does::Smaller | Does::UsualSize | Does::Export => {}
            // The panel hears them.
            Does::NextCause | Does::PreviousCause | Does::FollowCause | Does::LeaveCause => {}
        }
    }

    /// Text and marks of another size.
    pub(super) fn resize(&mut self, ctx: &Context, scale: f32) {
        let scale = ((scale * 10.0).round() / 10.0).clamp(*SCALES.start(), *SCALES.end());
        ctx.set_zoom_factor(scale);
        self.config.scale = scale;
        self.config.keep();
        self.told = format!("Text and marks at {:.0} %", scale * 100.0);
    }
}

/// The same stretch, moved so far that a moment lies in it.
fn reaching(window: crate::view::Window, tick: f64) -> crate::view::Window {
    let by = if tick < window.from { tick - window.from } else { (tick - window.to).max(0.0) };
    let moved = by != 0.0;
    crate::view::Window { from: window.from + by, to: window.to + by, follows: window.follows && !moved }
}
