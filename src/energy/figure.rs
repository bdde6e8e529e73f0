//! One published figure of a device, and the names figures have.

use super::evidence::{BATCH_FACTOR, FigureKind, Grade, PEAK_FACTOR, uncertainty_factor, words};
use super::quantity::{Joules, Range};
use super::uncertainty::{Spread, Tail};
use crate::numerics::{exp, ln};
use crate::units::Dimension;
use serde::Serialize;
use std::ops::{Div, Mul};

/// A published figure: a value, the interval published with it, and where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure<T> {
    /// The published low end, if any.
    pub low: Option<T>,
    /// The published value.
    pub nominal: T,
    /// The published high end, if any.
    pub high: Option<T>,
    /// The source's id.
    pub source: String,
    /// How the figure came about.
    pub grade: Grade,
    /// A best case that a real network does not reach.
    pub peak: bool,
    /// What to know about it: conditions, arithmetic.
    pub note: Option<String>,
}

impl<T: Copy + Mul<f64, Output = T> + Div<f64, Output = T>> Figure<T> {
    /// The interval to compute with: the published ends, and where one is missing [`uncertainty_factor`]; of a peak
    /// figure the low end is the peak itself, and the high end at least [`PEAK_FACTOR`] times it.
    #[must_use]
    pub fn range(&self, kind: FigureKind) -> Range<T> {
        let factor = uncertainty_factor(kind, self.grade);
        let (down, up) = if self.peak { (1.0, factor.max(PEAK_FACTOR)) } else { (factor, factor) };
        Range {
            low: self.low.unwrap_or(self.nominal / down),
            nominal: self.nominal,
            high: self.high.unwrap_or(self.nominal * up),
        }
    }

    /// How the figure spreads between and beyond those ends (see [`super::uncertainty`]).
    pub(super) fn spread(&self, kind: FigureKind) -> Spread<T> {
        let confirmed = self.grade <= Grade::Derived || self.grade == Grade::VendorClaim;
        let tail = |end: Option<T>| if end.is_some() && confirmed { Tail::LogUniform } else { Tail::LogNormal };
        Spread { range: self.range(kind), below: tail(self.low), above: tail(self.high) }
    }
}

impl<T> Figure<T> {
    /// The same figure with its values in another type.
    pub(super) fn map<U>(self, f: impl Fn(T) -> U) -> Figure<U> {
        Figure {
            low: self.low.map(&f),
            nominal: f(self.nominal),
            high: self.high.map(&f),
            source: self.source,
            grade: self.grade,
            peak: self.peak,
            note: self.note,
        }
    }
}

words! {
    /// The numeric type of an arithmetic operation.
    Precision {
        /// 8-bit integer.
        Int8 = "int8",
        /// 16-bit integer.
        Int16 = "int16",
        /// 32-bit integer.
        Int32 = "int32",
        /// IEEE half precision.
        Fp16 = "fp16",
        /// Brain float, 16 bit.
        Bf16 = "bf16",
        /// IEEE single precision.
        Fp32 = "fp32",
    }
}

words! {
    /// What a measured energy of a device holds.
    Includes {
        /// Idle power subtracted.
        Dynamic = "dynamic",
        /// Idle power and all.
        Total = "total",
    }
}

/// A figure of one arithmetic operation (multiply-accumulate or accumulate).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArithmeticFigure {
    /// The numeric type; absent where not stated.
    pub precision: Option<Precision>,
    /// Inferences run together when it was measured; absent where not stated, or where it makes no difference.
    pub batch: Option<u64>,
    /// Whether idle power is inside; absent where not stated, or where it makes no difference.
    pub includes: Option<Includes>,
    /// What ran.
    pub workload: Option<String>,
    /// Multiply-accumulates of one inference of that workload.
    pub workload_macs: Option<u64>,
    /// The figure.
    pub energy: Figure<Joules>,
}

impl ArithmeticFigure {
    /// The spread at a batch: that of the figure up to its own end, and bounds where the batch widens it.
    pub(super) fn spread_at(&self, batch: u32) -> Spread<Joules> {
        let (own, range) = (self.energy.spread(FigureKind::Energy), self.range_at(batch));
        let times = |range: Range<Joules>| range.high / self.energy.nominal;
        // The 95th percentile of bounds is a tenth short of the end: they take the place of a percentile that is lower.
        let wider = match own.above {
            Tail::LogUniform => times(range) > times(own.range),
            Tail::LogNormal => exp(0.9 * ln(times(range))) > times(own.range),
        };
        if wider { Spread { range, below: own.below, above: Tail::LogUniform } } else { own }
    }

    /// The interval at batch 1 (see [`Self::range_at`]).
    #[must_use]
    pub fn range_at_batch_1(&self) -> Range<Joules> {
        self.range_at(1)
    }

    /// The interval at a batch of b. A batch of B costs at least what b of its inferences alone would, so a batch of b costs at
    /// most B / b times as much per operation, and never less than once; where the batch is not stated, B is [`BATCH_FACTOR`].
    #[must_use]
    pub fn range_at(&self, batch: u32) -> Range<Joules> {
        let range = self.energy.range(FigureKind::Energy);
        let of_figure = self.batch.map_or(BATCH_FACTOR, |batch| batch as f64);
        let most = (of_figure / f64::from(batch.max(1))).max(1.0);
        let high = self.energy.nominal * most;
        range.covering(Range { high, ..range })
    }
}

/// A list of figure names: word, dimension, meaning.
macro_rules! figure_names {
    ($(#[$doc:meta])* $name:ident { $($(#[doc = $text:literal])+ $variant:ident = $word:literal, $dimension:ident;)+ }) => {
        words! { $(#[$doc])* $name { $($(#[doc = $text])+ $variant = $word,)+ } }

        impl $name {
            /// What the figure measures.
            #[must_use]
            pub fn dimension(self) -> Dimension {
                match self {
                    $(Self::$variant => Dimension::$dimension,)+
                }
            }

            /// The meaning, one line.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($text),+).trim_ascii(),)+
                }
            }
        }
    };
}

figure_names! {
    /// The names of figures in device files, as in `[figure.synaptic_event]`.
    FigureName {
        /// One delivered spike at one synapse.
        SynapticEvent = "synaptic_event", Energy;
        /// The same with idle power subtracted, where `synaptic_event` is all-in.
        SynapticEventIncremental = "synaptic_event_incremental", Energy;
        /// One plastic update of one weight.
        SynapticUpdate = "synaptic_update", Energy;
        /// One neuron in one tick, touched by an event (the only update figure: touched or not).
        NeuronUpdate = "neuron_update", Energy;
        /// One neuron in one tick that nothing reaches.
        NeuronUpdateIdle = "neuron_update_idle", Energy;
        /// One emitted spike, its messages left out where `message` is given.
        Spike = "spike", Energy;
        /// One message that takes a spike to one destination core.
        Message = "message", Energy;
        /// One spike written to all neurons of one core.
        Broadcast = "broadcast", Energy;
        /// One spike over one hop of the network on chip.
        Hop = "hop", Energy;
        /// One bit read from a core's memory.
        SramBit = "sram_bit", Energy;
        /// One bit between neighbouring cores.
        LinkBit = "link_bit", Energy;
        /// One bit over the chip's edge.
        OffchipBit = "offchip_bit", Energy;
        /// 64 bits from an 8 KB SRAM.
        Sram8Kb = "sram_8kb_64b", Energy;
        /// 64 bits from a 32 KB SRAM.
        Sram32Kb = "sram_32kb_64b", Energy;
        /// 64 bits from a 1 MB SRAM.
        Sram1Mb = "sram_1mb_64b", Energy;
        /// 64 bits from DRAM.
        Dram = "dram_64b", Energy;
        /// 64 bits from high-bandwidth memory.
        Hbm = "hbm_64b", Energy;
        /// One time step of the whole chip.
        TimeStep = "time_step", Energy;
        /// One inference of the maker's own task (see the operating point).
        Inference = "inference", Energy;
        /// Power with nothing to do: leakage, clocks, idle processors.
        StaticPower = "static_power", Power;
        /// Power of host processors that `static_power` leaves out.
        HostPower = "host_power", Power;
        /// All the power of the device's boundary at its operating point.
        TotalPower = "total_power", Power;
        /// Power of the board the chip sits on.
        BoardPower = "board_power", Power;
        /// The length of a tick, fixed by the chip.
        Tick = "tick", Time;
        /// The length of a tick as the chip is commonly run; the chip itself leaves it free.
        TickTypical = "tick_typical", Time;
        /// The shortest tick reached.
        TickMin = "tick_min", Time;
        /// The time of one synaptic event in one core.
        SynapticEventTime = "synaptic_event_time", Time;
        /// The time of one neuron update in one core.
        NeuronUpdateTime = "neuron_update_time", Time;
        /// The barrier at the end of a tick.
        Barrier = "barrier", Time;
        /// Simulated time over wall time where the chip sets it: 1 for real time, 1000 for BrainScaleS-2.
        Speedup = "speedup", None;
        /// Mean firing rate at the operating point of an all-in figure.
        OperatingRate = "operating_rate", Frequency;
        /// Mean active synapses per spike at the operating point of an all-in figure.
        OperatingFanOut = "operating_fan_out", None;
        /// One call of a dense network on a processor, whatever its size and batch: starting the work, and idle power meanwhile.
        Launch = "launch", Energy;
        /// One weight read from where it lies, once a call whatever the batch.
        WeightRead = "weight_read", Energy;
        /// One more multiply-accumulate in a call, launch and weights left out.
        MacMarginal = "mac_marginal", Energy;
        /// The time of one call of a dense network, its multiply-accumulates left out.
        LaunchTime = "launch_time", Time;
        /// The time of one multiply-accumulate at the rate reached in large calls.
        MacTime = "mac_time", Time;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(grade: Grade, peak: bool) -> Figure<Joules> {
        Figure { low: None, nominal: Joules(6.0), high: Some(Joules(8.0)), source: "a".into(), grade, peak, note: None }
    }

    #[test]
    fn published_ends_come_before_assumed_ones() {
        let range = figure(Grade::MeasuredSilicon, false).range(FigureKind::Energy);
        assert_eq!(range, Range { low: Joules(2.0), nominal: Joules(6.0), high: Joules(8.0) });
    }

    #[test]
    fn a_peak_is_a_floor() {
        let mut peak = figure(Grade::VendorClaim, true);
        peak.high = None;
        let range = peak.range(FigureKind::Energy);
        assert_eq!(range, Range { low: Joules(6.0), nominal: Joules(6.0), high: Joules(102.0) });
    }

    #[test]
    fn a_batch_widens_the_high_end_alone() {
        let mut mac = ArithmeticFigure {
            precision: Some(Precision::Int8),
            batch: Some(4),
            includes: None,
            workload: None,
            workload_macs: None,
            energy: figure(Grade::MeasuredSilicon, false),
        };
        assert_eq!(mac.range_at_batch_1(), Range { low: Joules(2.0), nominal: Joules(6.0), high: Joules(24.0) });
        assert_eq!(mac.range_at(2).high, Joules(12.0));
        assert_eq!(mac.range_at(64), mac.energy.range(FigureKind::Energy), "a larger batch than the figure's costs no more");
        mac.batch = None;
        assert_eq!(mac.range_at_batch_1().high, Joules(330.0));
        assert_eq!(mac.range_at(64).high, Joules(8.0));
        mac.batch = Some(1);
        assert_eq!(mac.range_at_batch_1().high, Joules(8.0));
    }

    #[test]
    fn names_have_meanings() {
        for &name in FigureName::ALL {
            assert!(name.meaning().ends_with('.'), "{name}");
            assert_eq!(FigureName::from_word(name.word()), Some(name));
        }
    }
}
