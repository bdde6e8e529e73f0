//! What peers were measured at, and what the engine is meant to reach.
//!
//! All figures are wall seconds, per simulated second or per sample as the case is ([`super::Work`]), construction apart, on a virtual machine with 2 cores (AMD EPYC,
//! Zen 3, 32 MiB of shared L3, 24 GiB): NEST 3.10.0, Brian2 2.9.0 (C++ standalone), GeNN 5.4.0 (CPU back end, one thread), Auryn 0.8.3, PyTorch 2.15.
//! Of each case the fastest peer stands here. On another machine they are a hint, no comparison.

use serde::Serialize;

/// The fastest peer at a case.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Peer {
    /// The case: bench and name.
    pub case: &'static str,
    /// The simulator.
    pub peer: &'static str,
    /// Its threads or ranks.
    pub threads: u32,
    /// Wall seconds per simulated second or per sample, the median of its runs.
    pub wall_s: f64,
    /// How it was measured.
    pub source: &'static str,
}

/// What the engine is meant to reach at a case, and what could be reached at best.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Goal {
    /// The case: bench and name.
    pub case: &'static str,
    /// Meant to be reached: wall seconds per simulated second or per sample on two cores of that machine.
    pub wall_s: f64,
    /// What the machine's limits allow, where it was estimated, by the same measure.
    pub limit_s: Option<f64>,
}

const fn peer(case: &'static str, peer: &'static str, threads: u32, wall_s: f64, source: &'static str) -> Peer {
    Peer { case, peer, threads, wall_s, source }
}

/// The fastest peer of each case that peers were measured at.
pub const PEERS: &[Peer] = &[
    peer("brunel/full", "Auryn", 2, 3.9, "best of 5 runs, 2 of them with both cores; 5.74 [5.67-5.80] on one"),
    peer("cuba-4k/full", "GeNN", 1, 0.19, "median [0.15-0.21]"),
    peer("cuba-40k/full", "GeNN", 1, 2.26, "median [2.05-2.62]"),
    peer("microcircuit-0.1/full", "GeNN", 1, 1.94, "median of runs at full clock [1.8-1.9]"),
    peer("microcircuit-1.0/full", "GeNN", 1, 57.0, "median [52-62]"),
    peer("sparse/1e4-0hz", "GeNN", 1, 0.31, "median [0.28-0.34]"),
    peer("sparse/1e4-0.1hz", "GeNN", 1, 0.27, "median of 2-3"),
    peer("sparse/1e4-1hz", "GeNN", 1, 0.33, "median [0.27-0.40]"),
    peer("sparse/1e4-10hz", "GeNN", 1, 0.46, "median [0.45-0.48]"),
    peer("sparse/1e5-0hz", "GeNN", 1, 3.15, "median [3.06-3.25]"),
    peer("sparse/1e5-0.1hz", "GeNN", 1, 3.7, "median [3.2-4.2]"),
    peer("sparse/1e5-1hz", "GeNN", 1, 3.8, "median [3.7-4.0]"),
    peer("sparse/1e5-10hz", "GeNN", 1, 5.9, "median [5.8-5.9]"),
    peer("sparse/1e6-0hz", "GeNN", 1, 33.6, "median [32-35]"),
    peer("sparse/1e6-0.1hz", "GeNN", 1, 52.0, "median [51.6-52.3], contended"),
    peer("sparse/1e6-1hz", "GeNN", 1, 43.0, "median [41-45]"),
    peer("sparse/1e6-10hz", "GeNN", 1, 62.0, "median [60-64]"),
    peer("silent/1e6", "GeNN", 1, 33.6, "sparse/1e6-0hz, with its synapses: median [32-35]"),
    peer("inference/act01-b1", "PyTorch", 2, 14.7e-3, "layer by layer, median [10-20]; snnTorch 104"),
    peer("inference/act05-b1", "PyTorch", 2, 13.4e-3, "layer by layer, median [11-23]; snnTorch 81"),
    peer("inference/act20-b1", "PyTorch", 2, 18.7e-3, "layer by layer, median [15-27]; snnTorch 91"),
    peer("inference/act01-b100", "PyTorch", 2, 3.9e-3, "layer by layer; snnTorch 7.4"),
    peer("inference/act05-b100", "PyTorch", 2, 4.3e-3, "layer by layer; snnTorch 7.6"),
    peer("inference/act20-b100", "PyTorch", 2, 4.9e-3, "layer by layer; snnTorch 6.8"),
];

const fn goal(case: &'static str, wall_s: f64, limit_s: Option<f64>) -> Goal {
    Goal { case, wall_s, limit_s }
}

/// Goals: of the sparse series 100, 30 and 10 times the fastest peer; of inference 20 and 5 times for one sample and 5 and 2 times for a
/// hundred, at 1 % and 20 % (its limits are of one core, so that two do half). Limits are estimates from that machine's figures: delivery at the rate of
/// read-modify-writes into an array that fits L2, neuron updates and Poisson numbers vectorised, no work for what nothing reaches.
pub const GOALS: &[Goal] = &[
    goal("brunel/full", 0.9, Some(0.6)),
    goal("cuba-4k/full", 0.04, None),
    goal("cuba-40k/full", 0.5, None),
    goal("microcircuit-0.1/full", 0.3, None),
    goal("microcircuit-1.0/full", 4.0, Some(2.5)),
    goal("sparse/1e6-0.1hz", 0.52, Some(0.1)),
    goal("sparse/1e6-1hz", 1.43, Some(0.8)),
    goal("sparse/1e6-10hz", 6.2, Some(4.0)),
    goal("inference/act01-b1", 0.735e-3, Some(0.15e-3)),
    goal("inference/act05-b1", 1.34e-3, Some(0.45e-3)),
    goal("inference/act20-b1", 3.74e-3, Some(1.6e-3)),
    goal("inference/act01-b100", 0.78e-3, Some(0.075e-3)),
    goal("inference/act05-b100", 1.43e-3, Some(0.225e-3)),
    goal("inference/act20-b100", 2.45e-3, Some(0.8e-3)),
];
