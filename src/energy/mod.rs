//! Counts × device → joules, as ranges with their provenance.
//!
//! This floor reads [`crate::counts`] and device files, nothing else of a run.
//!
//! - **Devices** ([`Device`], [`Catalogue`]): published figures, one TOML file each in `src/energy/devices` or a person's own folder. Every
//!   figure has a source and a [`Grade`]; what is not published is absent. The one place where an interval is assumed is
//!   [`uncertainty_factor`].
//! - **Tier 0** ([`break_even`]): spikes per synapse against published break-evens, no joules.
//! - **Tiers 1 to 3** ([`estimate`], [`estimate_at`], [`tiers`]): operations; operations and memory traffic; a chip's profile. An estimate names
//!   its tier, its terms, the largest of them, the weakest grade it rests on, and, as *unpriced*, what costs energy and has no figure: that is
//!   never zero, and without a figure for anything that grows with the run there is no total.
//! - **Tier 4** ([`system::system`]): board, host, sensor, regulators, duty cycle and battery around a chip of tier 3.
//! - **Ranges** are the 5th and 95th percentile of a seeded Monte Carlo over the figures, [`TRIALS`] trials, the same bits everywhere. A figure
//!   published without an interval is log-normal with its factor as P5 and P95; published ends are bounds of a log-uniform where a meter or
//!   a maker stands behind them, and P5 and P95 of a log-normal where not. The nominal value is that of the nominal figures.
//! - **[`verdict`]**: who wins, like for like; **[`curve()`]**: at how many spikes per synapse that turns.
//! - **[`by_layer`]**: which layer takes what.
//! - **[`compat`]**: what KerasSpiking and SpikingJelly print for the same network, and where that parts from ours.
//!
//! How a spiking run is priced depends on what the figures of the device hold ([`Scope`]): per-term and incremental figures are
//! multiplied by their counts and added up, with the standing power of every chip for the time of the sample where the device has a tick;
//! an all-in figure stands alone and nothing is ever added to it. A device with total power and a time is priced as their
//! product.
//!
//! The like-for-like pairs: `asic-45nm-memory` and `asic-7nm-memory` price both kinds of network with operations and memory traffic, each in one
//! numeric type; `asic-45nm-arith` and `asic-7nm-arith` price operations alone. The generic event-driven core of the same node has
//! its memory inside one figure and prices spikes only, so it is no partner for them.
//!
//! The intervals are held against measured silicon: `src/energy/SILICON.md`.

mod arithmetic;
mod breakeven;
mod catalogue;
mod clock;
pub mod compat;
mod curve;
mod dense;
mod device;
mod estimate;
#[cfg(test)]
mod estimate_tests;
mod evidence;
mod figure;
mod fits;
mod form;
#[cfg(test)]
mod form_tests;
mod layers;
mod ledger;
mod memory;
mod page;
mod parse;
mod parse_figure;
mod placed;
mod placement;
mod quantity;
mod read;
#[cfg(test)]
mod silicon;
mod spiking;
pub mod system;
#[cfg(test)]
mod testing;
mod tier;
mod uncertainty;
mod verdict;
#[cfg(test)]
mod verdict_tests;

pub use breakeven::{BreakEven, Criterion, Outcome, break_even, spikes_per_synapse};
pub use catalogue::{Catalogue, DEVICE_FILES, device, devices, find, parse_all};
pub use clock::sample_time;
pub use curve::{Crossing, Curve, CurvePoint, Sweep, curve, like_for_like};
pub use device::{Boundary, Device, DeviceKind, Limit, Runs, Scope, Updates, ZeroSkipping, Zeros};
pub use estimate::{EnergyEstimate, PrecisionEstimate, ReuseEstimate, Term, Work, estimate, estimate_at};
pub use evidence::{BATCH_FACTOR, FigureKind, Grade, PEAK_FACTOR, Source, Tag, uncertainty_factor};
pub use figure::{ArithmeticFigure, Figure, FigureName, Includes, Precision};
pub use form::{DenseForm, FormEstimate, Utilisation, estimate_alike, estimate_form};
pub use layers::{LayerCounts, LayerEnergy, by_layer};
pub use page::DevicePage;
pub use placement::{Cores, core_time};
pub use quantity::{Hertz, Joules, Range, Seconds, Watts};
pub use tier::tiers;
pub use uncertainty::TRIALS;
pub use verdict::{Interval, Rival, Verdict, Winner, at_its_best, verdict};
