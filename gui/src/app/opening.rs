//! Opening: one file, several that are dropped, or a project; what is open stays until the new is ready.

use super::*;
use crate::layout::Layout;
use crate::lessons::Course;
use crate::open::{Wanted, gather};
use crate::panels::Pace;
use crate::view::Window as Stretch;

impl Viewer {
    /// Opens files: one network with its data and its dense network, or one of these for what is open; results; a project. What is
    /// wrong with them is told beside what is open.
    pub fn open_files(&mut self, paths: &[PathBuf]) {
        self.open_files_as(paths, false);
    }

    /// Opens a network with its data set and its dense network.
    pub fn open_together(&mut self, network: PathBuf, input: Option<PathBuf>, dense: Option<PathBuf>) {
        self.begin(Source { network, text: None, input, dense }, None, false);
    }

    /// Opens files as [`Viewer::open_files`] does, or beside what is open.
    pub fn open_files_as(&mut self, paths: &[PathBuf], beside: bool) {
        let open = self.desks.get(self.focus).map(|desk| desk.source.clone());
        match gather(paths, open.as_ref()) {
            Ok(Wanted::Source(source)) => self.begin(source, None, beside),
            Ok(Wanted::Project(path)) => match Project::read(&path) {
                Ok(project) => self.begin(project.source.clone(), Some((path, project)), beside),
                Err(wrong) => self.complain(wrong),
            },
            Err(wrong) => self.complain(wrong),
        }
    }

    pub(super) fn reopen(&mut self, recent: &Recent) {
        match recent {
            Recent::Project(path) => self.open_files(std::slice::from_ref(path)),
            Recent::Source(source) => {
                let gone = |path: &&PathBuf| !path.exists();
                let files = std::iter::once(&source.network).chain(&source.input).chain(&source.dense);
                let wrong: Diagnostics =
                    files.filter(gone).map(|path| Diagnostic::new("is no longer there").file(path)).collect();
                if wrong.is_empty() { self.open(source.clone()) } else { self.complain(wrong) }
            }
        }
    }

    pub(super) fn begin(&mut self, source: Source, project: Option<(PathBuf, Project)>, beside: bool) {
        if !beside && self.desks.get(self.focus).is_some_and(Desk::is_unsaved) {
            self.waiting = Some((source, project));
            self.show.closing = Some(Closing::Replaced);
            return;
        }
        self.begin_at_once(source, project, beside);
    }

    /// Begins to open what waited, whatever becomes of what is open.
    pub(super) fn begin_waiting(&mut self) {
        if let Some((source, project)) = self.waiting.take() {
            self.begin_at_once(source, project, false);
        }
    }

    fn begin_at_once(&mut self, source: Source, project: Option<(PathBuf, Project)>, beside: bool) {
        self.problems = Diagnostics::new();
        self.show.problems = false;
        let session = Session::open(source.clone(), self.wake.clone());
        self.opening = Some(Opening { session, source, project, beside, began: Instant::now() });
    }

    /// Takes what is ready, or tells what is wrong with it.
    pub(super) fn look_at_opening(&mut self, ctx: &Context) {
        let stage = self.opening.as_ref().map(|opening| opening.session.now().stage);
        match stage {
            None => {}
            // The time that it takes is shown.
            Some(Stage::Opening) => ctx.request_repaint_after(Duration::from_millis(250)),
            Some(Stage::Failed(wrong)) => {
                self.opening = None;
                self.complain(wrong);
            }
            Some(Stage::Ready) => {
                if let Some(opening) = self.opening.take() {
                    self.adopt(ctx, opening);
                }
            }
        }
    }

    /// What is being opened, what is done for it and for how long, and a way out.
    pub(super) fn opening_line(&mut self, ui: &mut Ui) {
        let Some(opening) = &self.opening else { return };
        let (doing, path) = (opening.session.now().doing.words(), opening.source.network.clone());
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let seconds = opening.began.elapsed().as_secs();
        let dash = if doing.is_empty() { "" } else { " – " };
        ui.label(format!("Opening {name}{dash}{doing} · {seconds} s")).on_hover_text(path.display().to_string());
        if ui.button("Cancel").on_hover_text("Give it up; what is open stays").clicked() {
            self.opening = None;
            self.told = format!("Gave up opening {name}");
        }
    }

    fn adopt(&mut self, ctx: &Context, opening: Opening) {
        let Opening { session, source, project, beside, .. } = opening;
        let remembered = match &project {
            Some((path, _)) => Recent::Project(path.clone()),
            None => Recent::Source(source.clone()),
        };
        self.config.remember(remembered);
        let mut view = View { course: Course::after(&self.config.done), ..View::default() };
        let mut pace = Pace::default();
        let scene = session.now().scene;
        if let Some(scene) = &scene {
            (view.window, pace) = (Stretch::first(scene), Pace::first(scene));
            view.watched.extend(scene.first_neuron());
        }
        let beside = beside && !self.desks.is_empty();
        if let Some(like) = self.desks.get(self.focus) {
            view.spiking_device = like.chosen_device().cloned().unwrap_or(view.spiking_device);
            view.dense_device.clone_from(&like.view.dense_device);
            if beside {
                pace = like.pace;
                let share = scene.zip(like.now().scene).map_or(1.0, |(here, there)| there.net.dt_ms / here.net.dt_ms);
                view.window = like.view.window.times(share);
            }
        }
        let layout = if beside {
            self.desks.truncate(1);
            self.desks[0].layout.narrow();
            let mut layout = Layout::new();
            layout.narrow();
            layout
        } else if self.desks.is_empty() {
            Layout::new()
        } else {
            // Panels stay as they are: a lesson opens its network from one.
            self.desks.remove(self.focus).layout
        };
        if source.is_results() {
            let end = session.now().tick as f64;
            view.window = Stretch { from: 0.0, to: end.max(2.0), follows: false };
        }
        let mut desk = Desk::new(session, source, view, layout, pace);
        if let Some((path, project)) = &project {
            desk.be(ctx, path.clone(), project);
            self.resize(ctx, project.scale);
        }
        self.focus = if beside { 1 } else { self.focus.min(self.desks.len()) };
        self.desks.insert(self.focus, desk);
        ctx.request_repaint();
    }

    pub(super) fn take_dropped(&mut self, ctx: &Context) {
        let dropped: Vec<PathBuf> =
            ctx.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect());
        if !dropped.is_empty() {
            self.open_files(&dropped);
        }
    }

    /// Saves the project of the desk that has the focus; true where it is saved.
    pub fn save(&mut self, ctx: &Context, path: &Path) -> bool {
        let Some(desk) = self.desks.get_mut(self.focus) else { return false };
        let path = if path.extension().is_some_and(|ending| ending == "toml") {
            path.to_owned()
        } else {
            PathBuf::from(format!("{}.{}", path.display(), crate::project::ENDING))
        };
        let project = desk.to_project(Some(ctx));
        match project.write(&path) {
            Ok(()) => {
                let kept = Project { theme: String::new(), scale: 1.0, ..project };
                desk.was_saved(path.clone(), kept);
                self.told = format!("Saved {}", path.display());
                self.config.remember(Recent::Project(path));
                true
            }
            Err(wrong) => {
                self.complain(wrong);
                false
            }
        }
    }
}
