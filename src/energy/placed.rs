//! What a placement on cores multiplies: the chips that are powered, and the places whose updates are paid.

use crate::counts::SpikingWork;

/// Chips that are powered: one where the network was not placed.
pub(super) fn chips(work: &SpikingWork) -> f64 {
    work.placed.as_ref().map_or(1.0, |placed| placed.chips.max(1) as f64)
}

/// Places on cores for each neuron: above 1 where some take several or have copies. Each pays for its updates.
pub(super) fn places(work: &SpikingWork) -> f64 {
    let each = |placed: &crate::counts::PlacedWork| (placed.places as f64 / work.neurons.max(1) as f64).max(1.0);
    work.placed.as_ref().map_or(1.0, each)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::super::testing::work;
    use super::super::{EnergyEstimate, Work, device, estimate};
    use crate::counts::{PlacedWork, SpikingWork};

    fn placed(chips: u64, hops: Option<f64>) -> SpikingWork {
        let placed = PlacedWork {
            cores: 3,
            chips,
            places: 100,
            messages: 900.0,
            hops,
            core_time_s: Some(2e-6),
            exact: true,
            why_not: Vec::new(),
        };
        SpikingWork { placed: Some(placed), ..work() }
    }

    fn price(id: &str, work: &SpikingWork) -> EnergyEstimate {
        estimate(device(id).unwrap(), &Work { spiking: Some(work), dense: None }).remove(0)
    }

    fn term(estimate: &EnergyEstimate, name: &str) -> f64 {
        estimate.terms.iter().find(|term| term.name == name).unwrap_or_else(|| panic!("{name}: {estimate:?}")).nominal_j.0
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-12 * a.abs().max(b.abs())
    }

    #[test]
    fn messages_hops_and_chips_are_charged() {
        // Two samples: 300 spikes, 900 messages, 500 hops; 10 ticks of 1 ms.
        let estimate = price("loihi1-sanafe", &placed(2, Some(500.0)));
        assert!(close(term(&estimate, "spikes"), 150.0 * 69.3e-12));
        assert!(close(term(&estimate, "messages"), 450.0 * 111e-12));
        assert!(close(term(&estimate, "hops"), 250.0 * 3.6e-12));
        assert!(close(term(&estimate, "static power"), 2.0 * 96.3e-3 * 0.01));
        assert!(!estimate.unpriced.iter().any(|text| text.contains("hops")), "{:?}", estimate.unpriced);
        assert!(estimate.caveats.iter().any(|text| text.starts_with("2 chips")), "{:?}", estimate.caveats);
        let unknown = price("loihi1-sanafe", &placed(1, None));
        assert!(unknown.unpriced.iter().any(|text| text.contains("is not known")), "{:?}", unknown.unpriced);
        assert!(close(term(&price("dynap-se", &placed(1, Some(0.0))), "broadcasts"), 450.0 * 6.84e-9));
        assert!(close(term(&price("spinnaker2", &placed(3, None)), "total power over the time of a sample"), 3.0 * 3.5 * 0.01));
    }

    #[test]
    fn copies_of_neurons_pay_for_their_updates() {
        let mut work = placed(1, None);
        let before = price("loihi1-sanafe", &work);
        work.placed.as_mut().unwrap().places = 150;
        let after = price("loihi1-sanafe", &work);
        // 1000 neuron-ticks a sample, 600 of them driven: half as many again stand idle.
        let idle = |estimate: &EnergyEstimate| term(estimate, "neuron updates, idle");
        assert!(close(idle(&before), 400.0 * 51.2e-12) && close(idle(&after), 900.0 * 51.2e-12));
    }

    #[test]
    fn the_slowest_core_sets_the_time_where_it_takes_longer_than_a_tick() {
        let mut work = placed(1, None);
        assert!(close(price("loihi1-sanafe", &work).latency.unwrap().0, 0.01));
        work.placed.as_mut().unwrap().core_time_s = Some(3e-3);
        let estimate = price("loihi1-sanafe", &work);
        // 3 ms and a barrier of 1.8 µs in each of ten ticks.
        assert!(close(estimate.latency.unwrap().0, 10.0 * (3e-3 + 1.8e-6)));
        assert!(close(term(&estimate, "static power"), 96.3e-3 * 10.0 * (3e-3 + 1.8e-6)));
        assert!(estimate.caveats.iter().any(|text| text.contains("longer than")), "{:?}", estimate.caveats);
    }

    #[test]
    fn a_placement_says_whether_the_network_fits() {
        let mut work = placed(1, None);
        assert!(price("reckon", &work).fits);
        work.placed.as_mut().unwrap().why_not = vec!["one thing".into(), "another".into()];
        assert_eq!(price("reckon", &work).why_not.as_deref(), Some("one thing; another"));
    }
}
