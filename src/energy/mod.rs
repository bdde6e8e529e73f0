//! Counts × device → joules, as ranges with their provenance.
//!
//! This floor reads [`crate::counts`] and device files, nothing else of a run.
//!
//! - **Devices** ([`Device`], [`devices`]): published figures, one TOML file each in `src/energy/devices`. Every figure has a source
//!   and a [`Grade`]; what is not published is absent. The one place where an interval is assumed is
//!   [`uncertainty_factor`].
//! - **Tier 0** ([`break_even`]): spikes per synapse against published break-evens, no joules.
//! - **Tier 1** ([`estimate`]): events, updates, operations and static power times the figures of a device. An estimate is a
//!   range, the sum of its terms; what costs energy and has no figure is listed as *unpriced*, never zero; without a
//!   figure for anything that grows with the run there is no total.
//! - **[`verdict`]**: who wins, like for like.
//!
//! How a spiking run is priced depends on what the figures of the device hold ([`Scope`]): per-term and incremental figures are
//! multiplied by their counts and added up, with static power for the time of the sample where the device has a tick; an
//! all-in figure stands alone and nothing is ever added to it. A device with total power and a time is priced as their
//! product.
//!
//! The like-for-like pair: the arithmetic tables (`asic-45nm-arith`, `asic-7nm-arith`) price both kinds of network, each in one
//! numeric type, at the boundary of operations. The generic event-driven core of the same node includes its local memory, so
//! it is no partner for them.

mod arithmetic;
mod breakeven;
mod catalogue;
mod clock;
pub mod compat;
mod dense;
mod device;
mod estimate;
#[cfg(test)]
mod estimate_tests;
mod evidence;
mod figure;
mod fits;
mod ledger;
mod memory;
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
pub use device::{Boundary, Device, DeviceKind, Limit, Runs, Scope, Updates};
pub use estimate::{EnergyEstimate, PrecisionEstimate, ReuseEstimate, Term, Work, estimate, estimate_at};
pub use evidence::{BATCH_FACTOR, FigureKind, Grade, PEAK_FACTOR, Source, Tag, uncertainty_factor};
pub use figure::{ArithmeticFigure, Figure, FigureName, Includes, Precision};
pub use placement::{Cores, core_time};
pub use quantity::{Hertz, Joules, Range, Seconds, Watts};
pub use tier::tiers;
pub use uncertainty::TRIALS;
pub use verdict::{Interval, Verdict, Winner, verdict};
