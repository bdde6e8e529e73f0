//! Whether a network fits into memory, before any of it is taken.
//!
//! A nought too many in a size or an indegree is easily written. Without this, such a network would draw connections for hours
//! and then end the program, or the machine's other programs. Counted are the large arrays: neurons with what arrives at them, and
//! connections.

use crate::diagnostic::{Diagnostic, Result};
use crate::network::{Coefficients, Connect, Delay, Matrix, Network, Projection};
use crate::neuron::{Output, Values};

/// True where the system gives so many bytes at once. They are given back at once, untouched.
pub(crate) fn fits(bytes: f64) -> bool {
    let mut probe: Vec<u8> = Vec::new();
    // A probe that nobody looks at would be optimised away.
    bytes < isize::MAX as f64 && std::hint::black_box(&mut probe).try_reserve_exact(bytes as usize).is_ok()
}

/// A number of bytes for people.
pub(crate) fn shown(bytes: f64) -> String {
    if bytes >= 1e12 { format!("{:.1} TB", bytes / 1e12) } else { format!("{:.1} GB", bytes / 1e9) }
}

/// Refuses a network that does not fit, and names its largest part. The network must be valid.
pub(super) fn check(network: &Network) -> Result<()> {
    // Below this, nothing is worth a question.
    const SMALL: f64 = 1e8;
    let neurons = network.populations.iter().map(|p| {
        let spec = p.model.spec();
        // State is counted at 4 bytes a variable and kept in 8; a flag, an output, counts of arrivals.
        let own = 2.0 * f64::from(spec.state_bytes) + 16.0;
        // What arrives in a tick is summed for each channel, and counted.
        let arriving = if spec.output == Output::External { 0.0 } else { spec.input.channels() as f64 * 8.0 + 4.0 };
        (format!("population.{}.size", p.name), p.size as f64 * (own + arriving))
    });
    let size = |name: &str| network.population(name).map_or(0, |at| network.populations[at].size) as f64;
    let connections = network.projections.iter().map(|p| {
        // The engine may count events of one weight in an array of the bundle's own.
        let bytes = bytes_of(p, size(&p.from), size(&p.to)) + 4.0 * size(&p.to);
        (format!("projection.{}.connect", p.name), bytes)
    });
    let parts: Vec<(String, f64)> = neurons.chain(connections).collect();
    let total: f64 = parts.iter().map(|part| part.1).sum();
    if total < SMALL || fits(total) {
        return Ok(());
    }
    let (place, bytes) = parts.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).expect("a valid network has a population");
    let message =
        format!("needs about {} of memory ({} the whole network), which this machine does not give", shown(bytes), shown(total));
    Err(Diagnostic::at(place, message).help("is there a nought too many?").into())
}

/// How many connections a projection is expected to have.
pub(super) fn connections(p: &Projection, sources: f64, targets: f64) -> f64 {
    match &p.connect {
        Connect::AllToAll | Connect::Dense(_) => sources * targets,
        Connect::OneToOne | Connect::Diagonal(_) => sources,
        Connect::FixedProbability(p) => p * sources * targets,
        Connect::FixedIndegree(k) => f64::from(*k) * targets,
        Connect::FixedOutdegree(k) => f64::from(*k) * sources,
        Connect::FixedTotal(n) => *n as f64,
        Connect::List(list) => list.len() as f64,
        Connect::Convolution(c) => c.connections() as f64,
    }
}

/// Bytes of a projection's rows.
fn bytes_of(p: &Projection, sources: f64, targets: f64) -> f64 {
    let one_weight = matches!(p.weight.0, Values::One(_));
    let one_delay = matches!(p.delay, Delay::Ticks(_) | Delay::Ms(Values::One(_)));
    let number = connections(p, sources, targets);
    match &p.connect {
        Connect::AllToAll | Connect::OneToOne if one_weight && one_delay => return 0.0,
        Connect::Dense(Matrix { values: w, .. }) | Connect::Diagonal(w) if one_delay => {
            return number * if matches!(w, Coefficients::Double(_)) { 8.0 } else { 4.0 };
        }
        Connect::Convolution(c) if one_delay => return c.bytes(),
        _ => {}
    }
    let weight = match p.weight.0 {
        Values::One(_) => 0.0,
        Values::Drawn(_) => 4.0,
        Values::Each(_) => 8.0,
    };
    // Two bytes a target in shards that are small enough. An index and its copy while rows are filled, of as many entries as there are
    // delays, but no more than connections.
    let target = if targets <= 65_536.0 { 2.0 } else { 4.0 };
    let classes = if one_delay { 1.0 } else { 64.0 };
    number * (target + weight) + (sources * classes * 8.0).min(number * 8.0 + sources * 8.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::network::Weight;
    use crate::neuron::Distribution;

    #[test]
    fn what_the_system_cannot_give_is_refused() {
        assert!(fits(1e6));
        assert!(!fits(1e18) && !fits(1e30) && !fits(f64::INFINITY) && !fits(f64::NAN));
    }

    #[test]
    fn the_estimate_is_the_size_of_the_rows() {
        let mut p = Projection::new("p", "a", "b", Connect::FixedIndegree(100), Delay::Ticks(1));
        assert_eq!(bytes_of(&p, 10.0, 1000.0), 100.0 * 1000.0 * 2.0 + 80.0);
        p.weight = Weight(Values::Drawn(Distribution::uniform(0.0, 1.0)));
        assert_eq!(bytes_of(&p, 10.0, 1000.0), 100.0 * 1000.0 * 6.0 + 80.0);
        p.connect = Connect::AllToAll;
        assert_eq!(bytes_of(&p, 10.0, 1e5), 10.0 * 1e5 * 8.0 + 80.0);
        // Shared weights are kept once: 8 × 4 kernels of 3 × 3, and 3 · 30 − 2 taps along each side of the input.
        p.connect = Connect::Convolution(crate::network::Convolution {
            channels_in: 4,
            channels_out: 8,
            input: [30, 30],
            output: [30, 30],
            kernel: [3, 3],
            stride: [1, 1],
            padding: [1, 1],
            dilation: [1, 1],
            groups: 1,
            weights: Coefficients::Single(vec![1.0; 288]),
        });
        assert_eq!(bytes_of(&p, 3600.0, 7200.0), 288.0 * 4.0 + 2.0 * 88.0 * 8.0);
        assert_eq!(connections(&p, 3600.0, 7200.0), 32.0 * 88.0 * 88.0);
        p.connect = Connect::AllToAll;
        p.weight = Weight(Values::One(1.0));
        assert_eq!(bytes_of(&p, 1e9, 1e9), 0.0, "one weight for all takes no room");
    }
}
