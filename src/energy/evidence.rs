//! How a figure came about, and how far it is to be trusted.

use serde::Serialize;

/// A word list that is an enum: parsed from, written as and serialised as the same words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in files and reports.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// The value of a word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// How a figure came about, strongest first: the order is that of trust, so the weakest grade used is the maximum.
    Grade {
        /// A meter on a chip.
        MeasuredSilicon = "measured-silicon",
        /// Arithmetic on published figures, shown in the figure's note.
        Derived = "derived",
        /// A circuit or architecture simulation.
        Simulated = "simulated",
        /// Said by the maker, no independent measurement found.
        VendorClaim = "vendor-claim",
        /// Known of a paper that was not opened, whatever the paper says of its own figure.
        GeneralKnowledge = "general-knowledge",
        /// Nothing is published; scaled from another device, and said to be so.
        Guess = "guess",
    }
}

words! {
    /// How a source was seen.
    Tag {
        /// The text or data was opened.
        Seen = "S",
        /// Seen only as quoted by another document, which the source's text names.
        Quoted = "S2",
        /// From general knowledge of the named paper, not opened: to be checked.
        Known = "K",
        /// Arithmetic of ours on other sources, shown where it is used.
        Derived = "D",
    }
}

/// Where figures of a device file come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The name figures refer to it by.
    pub id: String,
    /// The citation.
    pub text: String,
    /// How it was seen.
    pub tag: Tag,
}

/// What kind of quantity a figure is; the uncertainty of a figure depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureKind {
    /// An energy of a chip's operation or event.
    Energy,
    /// An energy of a bare arithmetic operation: no memory, control or leakage.
    Arithmetic,
    /// An energy of an operation or of a memory access in a model that has both.
    Circuit,
    /// The energy of one inference of the maker's own task, charged for another network.
    Inference,
    /// A power.
    Power,
    /// A time or a plain number: set points, taken as exact.
    Exact,
}

/// The factor `f` of the range `nominal ÷ f … nominal × f` of a figure published without an interval.
///
/// A device file states only what is published; this table is the one place where an interval is *assumed*. The
/// factors are multiplicative P5–P95 spreads.
///
/// | figure | grade | factor | why |
/// |---|---|---|---|
/// | energy | measured-silicon | 3 | one network's figure used for another: chip profile, not calibrated, dynamic only |
/// | energy | derived, simulated, vendor-claim | 5 | as above, and not from a meter |
/// | energy | general-knowledge, guess | 10 | not checked against its paper: no narrower than a model of operations and memory |
/// | circuit | any | 4 | one operation or access of a table, on a real machine: a table with reuse gives 3 to 4 pJ per int16 MAC with its memory where Eyeriss measures 11.9 (65 nm); with the spread of traffic and reuse a total then spans about ×/÷ 10 |
/// | arithmetic | any | 30 | operations alone: analytic models of one network differ by 218 to 753 from least to most, ≈ 30² |
/// | inference | any | at least 10 | another task on the same chip: rate or rank-order coding alone is 10 on `MorphIC` |
/// | power | measured-silicon | 1.5 | a chip's idle power was read off a meter; it varies with the sample and the temperature |
/// | power | other | as energy | |
/// | time, plain number | any | 1 | a tick is a setting |
#[must_use]
pub fn uncertainty_factor(kind: FigureKind, grade: Grade) -> f64 {
    let by_grade = match grade {
        Grade::MeasuredSilicon => 3.0,
        Grade::Derived | Grade::Simulated | Grade::VendorClaim => 5.0,
        Grade::GeneralKnowledge | Grade::Guess => 10.0,
    };
    match kind {
        FigureKind::Exact => 1.0,
        FigureKind::Arithmetic => 30.0,
        FigureKind::Circuit => 4.0,
        FigureKind::Power if grade == Grade::MeasuredSilicon => 1.5,
        FigureKind::Energy | FigureKind::Power => by_grade,
        FigureKind::Inference => by_grade.max(10.0),
    }
}

/// How many times its peak figure (data-sheet TOPS/W, largest GSyOPS/W) a device may cost on a real network: 2 TOPS/W
/// promised and 16.7 pJ per MAC delivered (`MobileNet` v2 at 400 frames/s and 2 W) on the Edge TPU. A peak is a floor: the range
/// goes from the peak upwards.
pub const PEAK_FACTOR: f64 = 17.0;

/// How many times the energy per MAC may be at batch 1 where the batch of a figure is not stated: 18 (CPU), 41 (GPU) and
/// 55 (Jetson TX1) times that of batch 64, measured on one keyword spotter. The widest.
pub const BATCH_FACTOR: f64 = 55.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weaker_grades_never_narrow_a_range() {
        let kinds = [
            FigureKind::Energy,
            FigureKind::Arithmetic,
            FigureKind::Circuit,
            FigureKind::Inference,
            FigureKind::Power,
            FigureKind::Exact,
        ];
        for kind in kinds {
            let factors: Vec<_> = Grade::ALL.iter().map(|&grade| uncertainty_factor(kind, grade)).collect();
            assert!(factors.windows(2).all(|pair| 1.0 <= pair[0] && pair[0] <= pair[1]), "{kind:?}: {factors:?}");
        }
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for &grade in Grade::ALL {
            assert_eq!(Grade::from_word(grade.word()), Some(grade));
            assert_eq!(serde_json::to_value(grade).expect("plain data"), grade.word());
        }
        assert_eq!(Grade::from_word("measured"), None);
        assert_eq!(Grade::ALL.iter().max(), Some(&Grade::Guess));
    }
}
