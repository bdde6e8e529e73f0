//! The viewer of Spikewatt: see spikes, see joules, see why.
//!
//! | module | what |
//! |---|---|
//! | [`app`] | the window: menus, panels side by side, what is done with what they ask for |
//! | [`panels`] | the panels, one file each, in one list |
//! | `desk`, `layout` | what is open with how it is looked at, and where its panels stand |
//! | [`chart`] | charts over time, on one axis |
//! | [`bill`] | what a session costs, priced beside the window |
//! | [`number`] | numbers in words |
//! | [`view`] | what panels share and what they are given |
//! | [`session`] | a network that runs on a thread of its own, and its past |
//! | `knobs` | what can be changed of a running network, and how it is by hand |
//! | `player` | recordings that are played |
//! | [`lessons`] | lessons, and whether their steps were done |
//! | [`project`] | what a person changed, done and undone |
//! | [`open`] | what files are |
//! | [`export`] | panels as pictures and tables |
//! | [`keys`] | every shortcut |
//! | [`config`] | what is kept from one session to the next |
//! | [`theme`] | colours and sizes |
//!
//! It stands on the public API of the library `spikewatt` alone.

pub mod app;
pub mod bill;
pub mod chart;
pub mod config;
mod desk;
pub mod export;
pub mod keys;
mod knobs;
mod layout;
pub mod lessons;
pub mod number;
pub mod open;
pub mod panels;
mod player;
pub mod project;
pub mod session;
pub mod theme;
pub mod view;
