//! What is kept from one session to the next: recent files, theme and size.

use crate::session::Source;
use eframe::egui::ThemePreference;
use serde::{Deserialize, Serialize};
use spikewatt::whole_file::write_whole;
use std::path::{Path, PathBuf};

/// Files that are remembered.
const MOST: usize = 12;
/// Sizes of text and marks that can be chosen.
pub const SCALES: std::ops::RangeInclusive<f32> = 0.5..=2.5;

/// What is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// Size of text and marks, 1 as usual.
    pub scale: f32,
    /// What was opened, newest first.
    pub recent: Vec<Recent>,
    /// Ids of the lessons that are done.
    pub done: Vec<String>,
    /// Its file; nothing is kept without one.
    #[serde(skip)]
    place: Option<PathBuf>,
}

/// What was opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recent {
    /// A source.
    Source(Source),
    /// A project.
    Project(PathBuf),
}

impl Recent {
    /// Its file.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Source(source) => &source.network,
            Self::Project(path) => path,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self { theme: "system".into(), scale: 1.0, recent: Vec::new(), done: Vec::new(), place: None }
    }
}

impl Config {
    /// What a file keeps; the usual where there is none, or it cannot be read.
    #[must_use]
    pub fn of_file(path: &Path) -> Self {
        let kept: Self = std::fs::read_to_string(path).ok().and_then(|text| toml::from_str(&text).ok()).unwrap_or_default();
        let scale = if kept.scale.is_finite() { kept.scale.clamp(*SCALES.start(), *SCALES.end()) } else { 1.0 };
        let recent = kept.recent.into_iter().take(MOST).collect();
        Self { place: Some(path.into()), scale, recent, ..kept }
    }

    /// The file in the user's folder of settings, where there is such a folder.
    #[must_use]
    pub fn usual_place() -> Option<PathBuf> {
        let of = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let folder = of("XDG_CONFIG_HOME").or_else(|| of("APPDATA")).or_else(|| of("HOME").map(|home| home.join(".config")))?;
        Some(folder.join("spikewatt").join("viewer.toml"))
    }

    /// Remembers what was opened, first of all.
    pub fn remember(&mut self, opened: Recent) {
        // What comes with the program has no file of the person's to open again.
        if matches!(&opened, Recent::Source(source) if crate::lessons::is_own(source)) {
            return;
        }
        let full = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.into());
        let opened = match opened {
            Recent::Source(source) => Recent::Source(source.map_paths(full)),
            Recent::Project(path) => Recent::Project(full(&path)),
        };
        self.recent.retain(|other| *other != opened);
        self.recent.insert(0, opened);
        self.recent.truncate(MOST);
        self.keep();
    }

    /// Remembers lessons that are done.
    pub fn remember_done(&mut self, lessons: &[&str]) {
        let before = self.done.len();
        for id in lessons {
            if !self.done.iter().any(|other| other == id) {
                self.done.push((*id).to_owned());
            }
        }
        if self.done.len() != before {
            self.keep();
        }
    }

    /// Writes it, as well as that is possible: what cannot be kept is no reason to disturb anybody.
    pub fn keep(&self) {
        let Some(place) = &self.place else { return };
        let Ok(text) = toml::to_string(self) else { return };
        let _ = place.parent().map(std::fs::create_dir_all);
        let _ = write_whole(place, |beside| std::fs::write(beside, text).map_err(|error| error.to_string()));
    }

    /// The theme.
    #[must_use]
    pub fn preference(&self) -> ThemePreference {
        theme_of(&self.theme)
    }
}

/// Themes and what they are called.
pub const THEMES: [(ThemePreference, &str, &str); 3] = [
    (ThemePreference::System, "system", "As the system"),
    (ThemePreference::Light, "light", "Light"),
    (ThemePreference::Dark, "dark", "Dark"),
];

/// The theme of a name; the system's where there is none of it.
#[must_use]
pub fn theme_of(name: &str) -> ThemePreference {
    THEMES.iter().find(|theme| theme.1 == name).map_or(ThemePreference::System, |theme| theme.0)
}

/// The name of a theme.
#[must_use]
pub fn name_of(theme: ThemePreference) -> &'static str {
    THEMES.iter().find(|other| other.0 == theme).map_or("system", |other| other.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_opened_is_remembered_newest_first_and_not_for_ever() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new/viewer.toml");
        let mut config = Config::of_file(&path);
        for n in 0..30 {
            config.remember(Recent::Source(Source::of_network(format!("/{n}.toml"))));
        }
        config.remember(Recent::Project("/p.spikewatt.toml".into()));
        config.remember(Recent::Source(Source::of_network("/28.toml")));
        config.remember(Recent::Source(Source::of_text("built in", "")));
        config.remember_done(&["leak"]);
        config.remember_done(&["leak", "travel"]);
        let kept = Config::of_file(&path);
        assert_eq!(kept.done, ["leak", "travel"]);
        assert_eq!(kept, config);
        assert_eq!(kept.recent.len(), MOST);
        assert_eq!(kept.recent[0].path(), Path::new("/28.toml"));
        assert_eq!(kept.recent[1].path(), Path::new("/p.spikewatt.toml"));
        std::fs::write(&path, "scale = \"big\"").expect("written");
        assert_eq!(Config::of_file(&path).recent, []);
    }
}
