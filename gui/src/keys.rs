//! Every shortcut, in one list: it feeds what is heard, the texts beside menu entries, and the sheet.

use eframe::egui::{Context, Key, KeyboardShortcut, Modifiers};

/// What a shortcut does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// Lets time pass, or holds it.
    RunOrPause,
    /// Lets a tick pass.
    Tick,
    /// Lets a millisecond pass.
    Millisecond,
    /// Goes on until a neuron spikes.
    NextSpike,
    /// Back to the beginning, with nothing recorded.
    Reset,
    /// Looks at the present.
    Now,
    /// Looks at the beginning.
    Start,
    /// Looks a little earlier.
    Back,
    /// Looks a little later.
    Forward,
    /// Shows a shorter stretch of time.
    ZoomIn,
    /// Shows a longer one.
    ZoomOut,
    /// Asks for a file to open.
    Open,
    /// Saves the project.
    Save,
    /// Saves it under another name.
    SaveAs,
    /// Undoes the last change.
    Undo,
    /// Does it again.
    Redo,
    /// Exports the window as a picture.
    Export,
    /// Opens the panel of this place in the menu, or closes it.
    Panel(usize),
    /// Goes to the next open panel.
    NextPanel,
    /// Goes to the one before.
    PanelBefore,
    /// Shows the panel that was gone to last alone, or all again.
    Alone,
    /// Larger text.
    Larger,
    /// Smaller text.
    Smaller,
    /// Text of the usual size.
    UsualSize,
    /// In Why: goes to the next cause of the list.
    NextCause,
    /// In Why: goes to the cause before.
    PreviousCause,
    /// In Why: follows the cause that has the focus to its own causes.
    FollowCause,
    /// In Why: one step back in the chain.
    LeaveCause,
    /// Shows this list.
    Sheet,
}

impl Does {
    /// The panel that hears it while it is looked at; others are heard everywhere.
    #[must_use]
    pub fn panel(self) -> Option<&'static str> {
        matches!(self, Self::NextCause | Self::PreviousCause | Self::FollowCause | Self::LeaveCause).then_some("why")
    }
}

/// A shortcut.
#[derive(Debug, Clone, Copy)]
pub struct Shortcut {
    /// What it does.
    pub does: Does,
    /// The keys, any of which does it; the first is the one that is shown.
    pub keys: &'static [KeyboardShortcut],
    /// What it does, in words.
    pub about: &'static str,
}

const fn plain(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

const fn shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::SHIFT, key)
}

const fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

const fn ctrl_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

/// Every shortcut. Those with more modifiers stand before those with fewer.
pub const SHORTCUTS: &[Shortcut] = &[
    Shortcut { does: Does::RunOrPause, keys: &[plain(Key::Space)], about: "Run, or pause" },
    Shortcut { does: Does::Tick, keys: &[plain(Key::Period)], about: "Let one tick pass" },
    Shortcut { does: Does::Millisecond, keys: &[plain(Key::M)], about: "Let one millisecond pass" },
    Shortcut { does: Does::NextSpike, keys: &[plain(Key::N)], about: "Go on until a neuron spikes" },
    Shortcut { does: Does::Reset, keys: &[plain(Key::R)], about: "Reset: back to the beginning, with nothing recorded" },
    Shortcut { does: Does::Now, keys: &[plain(Key::End)], about: "Look at the present" },
    Shortcut { does: Does::Start, keys: &[plain(Key::Home)], about: "Look at the beginning" },
    Shortcut { does: Does::Back, keys: &[plain(Key::ArrowLeft)], about: "Look a fiftieth of the stretch in view earlier" },
    Shortcut { does: Does::Forward, keys: &[plain(Key::ArrowRight)], about: "Look a fiftieth of the stretch in view later" },
    Shortcut {
        does: Does::ZoomIn,
        keys: &[plain(Key::Plus), shift(Key::Plus), plain(Key::Equals)],
        about: "Show a shorter stretch of time",
    },
    Shortcut { does: Does::ZoomOut, keys: &[plain(Key::Minus)], about: "Show a longer stretch of time" },
    Shortcut { does: Does::Open, keys: &[ctrl(Key::O)], about: "Open a file" },
    Shortcut { does: Does::SaveAs, keys: &[ctrl_shift(Key::S)], about: "Save the project under another name" },
    Shortcut { does: Does::Save, keys: &[ctrl(Key::S)], about: "Save the project" },
    Shortcut { does: Does::Redo, keys: &[ctrl_shift(Key::Z), ctrl(Key::Y)], about: "Do again what was undone" },
    Shortcut { does: Does::Undo, keys: &[ctrl(Key::Z)], about: "Undo the last change" },
    Shortcut { does: Does::Export, keys: &[ctrl(Key::E)], about: "Export the window as a picture" },
    Shortcut { does: Does::Panel(0), keys: &[ctrl(Key::Num1)], about: "Open or close the first panel of the menu" },
    Shortcut { does: Does::Panel(1), keys: &[ctrl(Key::Num2)], about: "Open or close the second panel" },
    Shortcut { does: Does::Panel(2), keys: &[ctrl(Key::Num3)], about: "Open or close the third panel" },
    Shortcut { does: Does::Panel(3), keys: &[ctrl(Key::Num4)], about: "Open or close the fourth panel" },
    Shortcut { does: Does::Panel(4), keys: &[ctrl(Key::Num5)], about: "Open or close the fifth panel" },
    Shortcut { does: Does::Panel(5), keys: &[ctrl(Key::Num6)], about: "Open or close the sixth panel" },
    Shortcut { does: Does::Panel(6), keys: &[ctrl(Key::Num7)], about: "Open or close the seventh panel" },
    Shortcut { does: Does::Panel(7), keys: &[ctrl(Key::Num8)], about: "Open or close the eighth panel" },
    Shortcut { does: Does::Panel(8), keys: &[ctrl(Key::Num9)], about: "Open or close the ninth panel" },
    Shortcut { does: Does::PanelBefore, keys: &[shift(Key::F6)], about: "Go to the open panel before" },
    Shortcut { does: Does::NextPanel, keys: &[plain(Key::F6)], about: "Go to the next open panel" },
    Shortcut { does: Does::Alone, keys: &[plain(Key::F11)], about: "Show this panel alone, or all panels again" },
    Shortcut {
        does: Does::Larger,
        keys: &[ctrl(Key::Plus), ctrl_shift(Key::Plus), ctrl(Key::Equals)],
        about: "Larger text and marks",
    },
    Shortcut { does: Does::Smaller, keys: &[ctrl(Key::Minus)], about: "Smaller text and marks" },
    Shortcut { does: Does::UsualSize, keys: &[ctrl(Key::Num0)], about: "Text and marks of the usual size" },
    Shortcut { does: Does::NextCause, keys: &[plain(Key::ArrowDown)], about: "In Why: go to the next cause" },
    Shortcut { does: Does::PreviousCause, keys: &[plain(Key::ArrowUp)], about: "In Why: go to the cause before" },
    Shortcut { does: Does::FollowCause, keys: &[plain(Key::Enter)], about: "In Why: follow this cause back to its own causes" },
    Shortcut { does: Does::LeaveCause, keys: &[plain(Key::Backspace)], about: "In Why: one step back in the chain" },
    Shortcut {
        does: Does::Sheet,
        keys: &[plain(Key::F1), plain(Key::Questionmark), shift(Key::Questionmark)],
        about: "Show this list",
    },
];

/// The key of what is done, as a text.
#[must_use]
pub fn text(ctx: &Context, does: Does) -> String {
    let key = SHORTCUTS.iter().find(|s| s.does == does).and_then(|s| s.keys.first());
    key.map(|key| ctx.format_shortcut(key)).unwrap_or_default()
}

/// Whether the keys of a shortcut that a panel hears by itself were pressed in this frame; nobody else hears them then.
pub fn pressed(ctx: &Context, does: Does) -> bool {
    let keys = SHORTCUTS.iter().filter(|s| s.does == does).flat_map(|s| s.keys);
    ctx.input_mut(|input| keys.filter(|key| input.consume_shortcut(key)).count() > 0)
}

/// Hears shortcuts, and knows when a key is somebody else's.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ears {
    /// What has the focus was reached by the keyboard, so that the space bar presses it.
    by_keyboard: bool,
}

impl Ears {
    /// What was asked for by shortcuts in this frame; those keys are heard by nobody else. While a text is written, function keys alone.
    pub fn hear(&mut self, ctx: &Context) -> Vec<Does> {
        let (tab, pointer) = ctx.input(|i| (i.key_pressed(Key::Tab) || i.key_pressed(Key::F6), i.pointer.any_pressed()));
        self.by_keyboard = (self.by_keyboard || tab) && !pointer;
        let writing = ctx.text_edit_focused();
        let focused = ctx.egui_wants_keyboard_input();
        let by_keyboard = self.by_keyboard;
        let others = move |key: Key| match key {
            Key::F1 | Key::F6 | Key::F11 => false,
            _ if writing => true,
            // A chart or a slider that has the focus moves by them.
            Key::ArrowLeft | Key::ArrowRight | Key::Home | Key::End | Key::Plus | Key::Equals | Key::Minus => focused,
            Key::Space => focused && by_keyboard,
            _ => false,
        };
        let mut heard = Vec::new();
        ctx.input_mut(|input| {
            for shortcut in SHORTCUTS.iter().filter(|s| s.does.panel().is_none()) {
                let mine = shortcut.keys.iter().filter(|key| (!writing && !key.modifiers.is_none()) || !others(key.logical_key));
                // Every key is asked, so that none of them reaches anybody else.
                if mine.filter(|key| input.consume_shortcut(key)).count() > 0 {
                    heard.push(shortcut.does);
                }
            }
        });
        heard
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_key_does_two_things() {
        let mut seen = HashSet::new();
        for shortcut in SHORTCUTS {
            assert!(!shortcut.keys.is_empty() && !shortcut.about.is_empty());
            for key in shortcut.keys {
                assert!(seen.insert(*key), "{key:?} is given twice");
            }
        }
    }
}
