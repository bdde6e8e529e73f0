//! What a session costs: its counts at any moment, priced beside the window, so that no frame waits.
//!
//! The spiking side is priced as [`spikewatt::study::compare()`] prices it, with the network placed on the chosen chip once. The dense side is the dense
//! network's run over the samples that have begun, or, without such a network, the same synapses evaluated at every tick ([`DenseRuns`]).

mod course;
mod even;
mod lane;
mod moment;
mod outcome;
mod prices;
mod ran;
mod shelf;
mod side;
mod words;

pub use course::{Course, Line};
pub use even::Even;
pub use moment::Moment;
pub use outcome::{Outcome, two, what};
pub use ran::{DenseRuns, Ran};
pub use shelf::Priced;
pub use side::{Part, Side};
pub use words::{joules, span, watts};

use crate::view::Cx;
use eframe::egui::Context;
use lane::Lane;
use prices::Prices;
use spikewatt::compile::CompiledNetwork;
use spikewatt::counts::EventCounts;
use spikewatt::energy::{Device, Runs};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The network, the two devices and what ran: what an answer is about.
type Asked = (Net, String, String, Ran);

/// A network, by its identity.
#[derive(Clone)]
struct Net(Arc<CompiledNetwork>);

impl PartialEq for Net {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// What a session costs.
pub struct Bill {
    prices: Arc<Prices>,
    moment: Lane<(Asked, Ran), Moment>,
    course: Lane<(Net, String, String, Vec<u64>, Ran), Course>,
    even: Lane<Asked, Even>,
    shelf: Lane<(Net, Ran), Vec<Priced>>,
    fits: Lane<Net, BTreeMap<String, String>>,
    best: Lane<(Net, String), Option<String>>,
}

impl Default for Bill {
    fn default() -> Self {
        Self {
            prices: Arc::default(),
            moment: Lane::new(25),
            course: Lane::new(100),
            even: Lane::new(250),
            shelf: Lane::new(500),
            fits: Lane::new(0),
            best: Lane::new(0),
        }
    }
}

impl std::fmt::Debug for Bill {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bill").finish_non_exhaustive()
    }
}

/// The exact counts up to the moment that is looked at: those of the last moment on record.
#[must_use]
pub fn counts_at(cx: &Cx<'_>) -> EventCounts {
    match cx.view.cursor {
        Some(tick) => recorded(cx, tick),
        None => whole(cx, cx.now.counts.clone()),
    }
}

/// The counts on record at a tick, or zeros.
#[must_use]
pub fn recorded(cx: &Cx<'_>, tick: u64) -> EventCounts {
    whole(cx, cx.history.counts.at(tick).cloned().unwrap_or_default())
}

/// Counts of a session that has not begun have no populations yet.
fn whole(cx: &Cx<'_>, counts: EventCounts) -> EventCounts {
    let net = &cx.scene.net;
    if counts.populations.len() == net.populations.len() && counts.projections.len() == net.projections.len() {
        return counts;
    }
    EventCounts::zero(net.populations.len(), net.projections.len())
}

/// Right answers among the samples that have ended up to a tick, of the spiking and of the dense network, and how many samples that were.
#[must_use]
pub fn right_answers(cx: &Cx<'_>, tick: u64) -> Option<(usize, Option<usize>, usize)> {
    // A sample that is looked at before its end has not answered yet.
    let tried = cx.history.tried_whole(cx.scene.ticks.unwrap_or(0), tick);
    let dense = (tried.dense.0 > 0).then_some(tried.dense.1 as usize);
    (tried.answered > 0).then_some((tried.right as usize, dense, tried.answered as usize))
}

impl Bill {
    /// Both sides at the moment that is looked at, on the chosen devices: the last answer, of this moment or of one shortly before.
    #[must_use]
    pub fn moment(&self, ctx: &Context, cx: &Cx<'_>) -> Option<Arc<Moment>> {
        let (spiking, dense) = chosen(cx)?;
        let ran = Ran::until(cx.scene, cx.history, counts_at(cx), cx.tick());
        let start = ran.counts.ticks.saturating_sub(cx.view.window.length().max(1.0) as u64);
        let before = Ran::until(cx.scene, cx.history, recorded(cx, start), start);
        let accuracy = right_answers(cx, cx.tick()).and_then(|(s, d, n)| Some((s as f64 / n as f64, d? as f64 / n as f64, n)));
        let key = ((Net(cx.scene.built.clone()), spiking.id.clone(), dense.id.clone(), ran), before);
        self.moment.ask(ctx, &key, || {
            let ((_, _, _, ran), before) = key.clone();
            let (prices, scene, spiking, dense) = (self.prices.clone(), cx.scene.clone(), spiking.clone(), dense.clone());
            Box::new(move || {
                let asked = moment::Question { scene: &scene, spiking: &spiking, dense: &dense, ran, before, accuracy };
                moment::price(&prices, asked)
            })
        })
    }

    /// The last moment that was priced.
    #[must_use]
    pub fn last_moment(&self) -> Option<Arc<Moment>> {
        self.moment.last()
    }

    /// Energy over the time in view, and up to the present.
    #[must_use]
    pub fn course(&self, ctx: &Context, cx: &Cx<'_>) -> Option<Arc<Course>> {
        let (spiking, dense) = chosen(cx)?;
        let window = cx.view.window;
        let moments = course::moments(cx.scene, cx.history, window.from.max(0.0) as u64, window.to.max(0.0) as u64);
        let last = moments.last()?.clone();
        let ticks = moments.iter().map(|ran| ran.counts.ticks).collect();
        let key = (Net(cx.scene.built.clone()), spiking.id.clone(), dense.id.clone(), ticks, last);
        self.course.ask(ctx, &key, || {
            let inferences = course::inferences(cx.scene, cx.history, window.to.max(0.0) as u64 + 1);
            let (prices, scene, spiking, dense) = (self.prices.clone(), cx.scene.clone(), spiking.clone(), dense.clone());
            Box::new(move || course::course(&prices, &scene, &spiking, &dense, &moments, &inferences))
        })
    }

    /// The last course that was priced.
    #[must_use]
    pub fn last_course(&self) -> Option<Arc<Course>> {
        self.course.last()
    }

    /// The break-even of the chosen devices.
    #[must_use]
    pub fn even(&self, ctx: &Context, cx: &Cx<'_>) -> Option<Arc<Even>> {
        let (spiking, dense) = chosen(cx)?;
        let ran = Ran::until(cx.scene, cx.history, counts_at(cx), cx.tick());
        let key = (Net(cx.scene.built.clone()), spiking.id.clone(), dense.id.clone(), ran.clone());
        self.even.ask(ctx, &key, || {
            let last = last_sample(cx);
            let (prices, scene, spiking, dense) = (self.prices.clone(), cx.scene.clone(), spiking.clone(), dense.clone());
            Box::new(move || even::even(&prices, &scene, &spiking, &dense, &ran, last.as_ref()))
        })
    }

    /// The last break-even that was found.
    #[must_use]
    pub fn last_even(&self) -> Option<Arc<Even>> {
        self.even.last()
    }

    /// Every device with what the present sample takes there.
    #[must_use]
    pub fn shelf(&self, ctx: &Context, cx: &Cx<'_>) -> Option<Arc<Vec<Priced>>> {
        chosen(cx)?;
        let sample = present_sample(cx);
        let key = (Net(cx.scene.built.clone()), sample.clone());
        self.shelf.ask(ctx, &key, || {
            let (prices, scene, devices) = (self.prices.clone(), cx.scene.clone(), cx.catalogue.devices().to_vec());
            Box::new(move || shelf::shelf(&prices, &scene, &devices, &sample))
        })
    }

    /// The last table of devices.
    #[must_use]
    pub fn last_shelf(&self) -> Option<Arc<Vec<Priced>>> {
        self.shelf.last()
    }

    /// Why the network does not fit, for each device that it does not fit.
    #[must_use]
    pub fn misfits(&self, ctx: &Context, cx: &Cx<'_>) -> Option<Arc<BTreeMap<String, String>>> {
        chosen(cx)?;
        self.fits.ask(ctx, &Net(cx.scene.built.clone()), || {
            let (prices, scene, devices) = (self.prices.clone(), cx.scene.clone(), cx.catalogue.devices().to_vec());
            Box::new(move || {
                devices.iter().filter_map(|device| Some((device.id.clone(), prices.why_not(&scene, device)?))).collect()
            })
        })
    }

    /// The chosen chip where the network fits it, else the one that it fits whose figures rest on the best evidence; the inner `None` where it
    /// fits none.
    #[must_use]
    pub fn best_fit(&self, ctx: &Context, cx: &Cx<'_>) -> Option<Arc<Option<String>>> {
        if cx.scene.recorded.is_some() {
            return Some(Arc::new(None));
        }
        let key = (Net(cx.scene.built.clone()), cx.view.spiking_device.clone());
        self.best.ask(ctx, &key, || {
            let (prices, scene) = (self.prices.clone(), cx.scene.clone());
            let mut devices = cx.catalogue.devices().to_vec();
            devices.retain(|device| device.runs(Runs::Spiking));
            devices.sort_by_key(|device| (device.id != cx.view.spiking_device, device.weakest_grade()));
            Box::new(move || devices.into_iter().find(|device| prices.why_not(&scene, device).is_none()).map(|device| device.id))
        })
    }
}

/// The devices that are chosen.
fn chosen<'a>(cx: &'a Cx<'_>) -> Option<(&'a Device, &'a Device)> {
    // A recording has no synapses to price; what it took stands in its report.
    if cx.scene.recorded.is_some() {
        return None;
    }
    let find = |id: &str| cx.catalogue.devices().iter().find(|device| device.id == id);
    find(&cx.view.spiking_device).zip(find(&cx.view.dense_device))
}

/// What ran of the sample that is looked at, up to the moment; all of a plain run.
#[must_use]
pub fn present_sample(cx: &Cx<'_>) -> Ran {
    let ran = Ran::until(cx.scene, cx.history, counts_at(cx), cx.tick());
    match cx.history.sample_at(ran.counts.ticks).filter(|_| cx.scene.task.is_some()) {
        Some(mark) => ran.since(&Ran::until(cx.scene, cx.history, recorded(cx, mark.began), mark.began)),
        None => ran,
    }
}

/// What ran of the last sample that had ended by the moment; `None` where the record is too coarse to tell.
fn last_sample(cx: &Cx<'_>) -> Option<Ran> {
    let ticks = cx.scene.task.as_ref().and(cx.scene.ticks)?;
    let tick = cx.tick();
    let marks = &cx.history.samples;
    let over = &marks[..marks.partition_point(|mark| mark.began + ticks <= tick)];
    let mark = ran::shown(over).rev().find(|mark| mark.ended)?;
    let (begin, end) = (recorded(cx, mark.began), recorded(cx, mark.began + ticks));
    if begin.ticks != mark.began || end.ticks != mark.began + ticks {
        return None;
    }
    let until = |counts: EventCounts| {
        let tick = counts.ticks;
        Ran::until(cx.scene, cx.history, counts, tick)
    };
    Some(until(end).since(&until(begin)))
}
