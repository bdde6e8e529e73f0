//! From what the output population did to a class.

/// How a class is read off the output neurons, of which there is one per class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Decoding {
    /// The neuron with the most spikes.
    #[default]
    Count,
    /// The neuron that spikes first.
    FirstSpike,
    /// The neuron whose membrane rises highest.
    MaxMembrane,
}

impl Decoding {
    /// Every decoding and its name.
    pub const ALL: &[(&str, Self)] =
        &[("count", Self::Count), ("first_spike", Self::FirstSpike), ("max_membrane", Self::MaxMembrane)];

    /// The decoding of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(other, _)| *other == name).map(|&(_, decoding)| decoding)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::FirstSpike => "first_spike",
            Self::MaxMembrane => "max_membrane",
        }
    }
}

/// The class that the output neurons chose, or `None` where they chose none.
///
/// `counts` are the spikes of each neuron, `first` the tick of its first spike, `max_v` the highest membrane value it reached;
/// only the one that the decoding asks for is looked at, and the others may be empty. Where two neurons are equal, the lower
/// index wins. Where no neuron spiked, [`Decoding::Count`] gives class 0, as the argmax of the training frameworks does, so
/// that accuracies can be compared; [`Decoding::FirstSpike`] gives `None`. NaN never wins.
#[must_use]
pub fn decide(decoding: Decoding, counts: &[u64], first: &[Option<u64>], max_v: &[f64]) -> Option<usize> {
    match decoding {
        Decoding::Count => best(counts.iter().copied().enumerate(), |new, old| new > old),
        Decoding::FirstSpike => {
            best(first.iter().enumerate().filter_map(|(class, tick)| tick.map(|tick| (class, tick))), |new, old| new < old)
        }
        Decoding::MaxMembrane => best(max_v.iter().copied().enumerate().filter(|(_, v)| !v.is_nan()), |new, old| new > old),
    }
}

/// The first of the best.
fn best<T>(classes: impl Iterator<Item = (usize, T)>, better: impl Fn(&T, &T) -> bool) -> Option<usize> {
    classes.reduce(|old, new| if better(&new.1, &old.1) { new } else { old }).map(|(class, _)| class)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn ties_go_to_the_lower_index() {
        assert_eq!(decide(Decoding::Count, &[1, 3, 3], &[], &[]), Some(1));
        assert_eq!(decide(Decoding::FirstSpike, &[], &[None, Some(4), Some(2), Some(2)], &[]), Some(2));
        assert_eq!(decide(Decoding::MaxMembrane, &[], &[], &[-1.0, f64::NAN, 0.5, 0.5]), Some(2));
    }

    #[test]
    fn silence_is_class_zero_by_count_and_none_by_first_spike() {
        assert_eq!(decide(Decoding::Count, &[0, 0], &[], &[]), Some(0));
        assert_eq!(decide(Decoding::FirstSpike, &[], &[None, None], &[]), None);
        assert_eq!(decide(Decoding::MaxMembrane, &[], &[], &[f64::NAN]), None);
        assert_eq!(decide(Decoding::Count, &[], &[], &[]), None);
    }

    #[test]
    fn names_lead_back() {
        for &(name, decoding) in Decoding::ALL {
            assert_eq!((Decoding::from_name(name), decoding.name()), (Some(decoding), name));
        }
        assert_eq!(Decoding::from_name("vote"), None);
    }
}
