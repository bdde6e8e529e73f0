//! Projections: rules that the populations can fulfil, weights, delays.

use super::Checker;
use crate::network::{Coefficients, Connect, Convolution, Delay, Matrix, Population, Projection};
use crate::neuron::{Check, Input, Values};

impl Checker<'_> {
    pub(super) fn projection(&mut self, projection: &Projection) {
        let at = format!("projection.{}", projection.name);
        let from = self.refer(&format!("{at}.from"), &projection.from);
        let to = self.refer(&format!("{at}.to"), &projection.to);
        let (Some(from), Some(to)) = (from, to) else { return };
        if self.sure(to) && to.model.spec().input == Input::None {
            self.complain_with_help(
                format!("{at}.to"),
                format!("population `{}` has the model `{}`, which takes no connections", to.name, to.model.spec().name),
                "project from it, or choose another model",
            );
        }
        if self.unsure.projections.contains(&projection.name) {
            return;
        }
        let own_weights = match &projection.connect {
            Connect::Dense(_) | Connect::Diagonal(_) | Connect::Convolution(_) => true,
            Connect::List(list) => !list.is_empty() && list.iter().all(|pair| pair.2.is_some()),
            _ => false,
        };
        if !own_weights {
            self.each_connection(format!("{at}.weight"), "weight", &projection.weight.0, Check::Finite, projection, to);
        }
        if let Delay::Ms(delay) = &projection.delay {
            self.each_connection(format!("{at}.delay"), "delay", delay, Check::NonNegative, projection, to);
        }
        if self.sized(from) && self.sized(to) {
            self.rule(&at, projection, from, to);
        }
        if let Some(bias) = &projection.bias {
            if self.sized(to) && bias.len() != to.size {
                let message =
                    format!("`bias` needs {} values, one for each neuron of `{}`, found {}", to.size, to.name, bias.len());
                self.complain(format!("{at}.bias"), message);
            }
            if let Some((at_value, value)) = bias.iter().enumerate().find(|(_, value)| !value.is_finite()) {
                self.complain(format!("{at}.bias"), format!("`bias` must be finite numbers, value {at_value} is {value}"));
            }
        }
    }

    /// Values of connections: one each only where connections have an order that a person can write down (all to all would be a matrix, and
    /// drawn connections have none).
    fn each_connection(&mut self, path: String, name: &str, values: &Values, check: Check, of: &Projection, to: &Population) {
        let connections = match &of.connect {
            Connect::OneToOne | Connect::Diagonal(_) if self.sized(to) => Some(to.size),
            Connect::List(list) => Some(list.len()),
            _ => None,
        };
        match (values, connections) {
            (Values::Each(_), None) => self.complain_with_help(
                path,
                format!("`{name}` has a value for each connection, but the rule gives connections no order"),
                "only one_to_one and list take an array; use one number, a distribution, a list with a weight and a delay for each pair, or a \
                 matrix of weights (dense)",
            ),
            _ => self.values(path, name, values, check, connections.unwrap_or(0)),
        }
    }

    fn finite(&mut self, path: &str, weights: &Coefficients) {
        if let Some((at, value)) = weights.not_finite() {
            self.complain(path, format!("`connect` must be finite numbers, value {at} is {value}"));
        }
    }

    fn rule(&mut self, at: &str, projection: &Projection, from: &Population, to: &Population) {
        let path = format!("{at}.connect");
        let not_self = u64::from(from.name == to.name && !projection.allow_self);
        let (sources, targets) = (from.size as u64, to.size as u64);
        // How many partners one neuron may have, and how many pairs there are.
        let pairs = if not_self == 1 { sources * (targets.saturating_sub(1)) } else { sources.saturating_mul(targets) };
        let reach = |wanted: u64, there: u64| wanted > 0 && (there == 0 || wanted > there && !projection.allow_multiple);
        match &projection.connect {
            Connect::AllToAll => {}
            Connect::OneToOne => self.equal_sizes(&path, from, to),
            Connect::FixedProbability(p) => {
                if !(0.0..=1.0).contains(p) {
                    self.complain(format!("{path}.p"), format!("a probability is between 0 and 1, found {p}"));
                }
            }
            Connect::FixedIndegree(wanted) => {
                let there = sources.saturating_sub(not_self);
                if reach(u64::from(*wanted), there) {
                    self.too_few(format!("{path}.indegree"), &format!("{wanted} sources for each target"), there);
                }
            }
            Connect::FixedOutdegree(wanted) => {
                let there = targets.saturating_sub(not_self);
                if reach(u64::from(*wanted), there) {
                    self.too_few(format!("{path}.outdegree"), &format!("{wanted} targets for each source"), there);
                }
            }
            Connect::FixedTotal(wanted) => {
                if reach(*wanted, pairs) {
                    self.too_few(format!("{path}.total"), &format!("{wanted} pairs"), pairs);
                }
            }
            Connect::List(list) => self.list(&path, list, projection, from, to),
            Connect::Dense(matrix) => self.matrix(&path, matrix, from, to),
            Connect::Diagonal(weights) => {
                self.equal_sizes(&path, from, to);
                if let Some(found) = weights.len().filter(|found| *found != to.size) {
                    self.complain(path.as_str(), format!("there are {found} weights for {} neurons", to.size));
                }
                self.finite(&path, weights);
            }
            Connect::Convolution(convolution) => self.convolution(&path, convolution, from, to),
        }
    }

    fn too_few(&mut self, path: String, wanted: &str, there: u64) {
        let help = if there == 0 {
            "a neuron alone has no partner but itself: set allow_self = true"
        } else {
            "ask for fewer, or set allow_multiple = true"
        };
        self.complain_with_help(path, format!("{wanted} are wanted, and {there} are there"), help);
    }

    fn equal_sizes(&mut self, path: &str, from: &Population, to: &Population) {
        if from.size != to.size {
            self.complain(
                path,
                format!(
                    "one to one needs two populations of one size: `{}` has {} neurons, `{}` has {}",
                    from.name, from.size, to.name, to.size
                ),
            );
        }
    }

    fn matrix(&mut self, path: &str, matrix: &Matrix, from: &Population, to: &Population) {
        let (targets, sources) = (matrix.targets, matrix.sources);
        if (targets, sources) != (to.size, from.size) {
            let message =
                format!("the matrix is {targets} × {sources}, where {} targets × {} sources are needed", to.size, from.size);
            if (targets, sources) == (from.size, to.size) {
                self.complain_with_help(path, message, "transpose it: one row per target");
            } else {
                self.complain(path, message);
            }
        } else if let Some(found) = matrix.values.len().filter(|found| *found != targets.saturating_mul(sources)) {
            self.complain(path, format!("the matrix is {targets} × {sources} and holds {found} values"));
        }
        self.finite(path, &matrix.values);
    }

    fn convolution(&mut self, path: &str, c: &Convolution, from: &Population, to: &Population) {
        let complaints = c.complaints();
        let fits = complaints.is_empty();
        complaints.into_iter().for_each(|complaint| self.complain(path, complaint));
        for (channels, [rows, columns], size, population) in
            [(c.channels_in, c.input, c.sources(), from), (c.channels_out, c.output, c.targets(), to)]
        {
            if fits && size != Some(population.size) {
                let message = format!(
                    "the convolution has {channels} × {rows} × {columns} neurons where `{}` has {}",
                    population.name, population.size
                );
                self.complain(path, message);
            }
        }
    }

    #[allow(clippy::type_complexity)] // the pairs are a tuple in the public type
    fn list(
        &mut self,
        path: &str,
        list: &[(u32, u32, Option<f64>, Option<f64>)],
        projection: &Projection,
        from: &Population,
        to: &Population,
    ) {
        for (which, population, ids) in
            [("source", from, list.iter().map(|pair| pair.0).max()), ("target", to, list.iter().map(|pair| pair.1).max())]
        {
            if let Some(id) = ids
                && id as usize >= population.size
            {
                let last = population.size - 1;
                self.complain(path, format!("there is no {which} {id} in population `{}`: ids are 0 to {last}", population.name));
            }
        }
        for (at, (source, target, weight, delay)) in list.iter().enumerate() {
            if weight.is_some_and(|weight| !weight.is_finite()) {
                self.complain(path, format!("the weight of pair {at} ({source} to {target}) is no finite number"));
                break;
            }
            if delay.is_some_and(|delay| !Check::NonNegative.allows(delay)) {
                self.complain(path, format!("the delay of pair {at} ({source} to {target}) must be zero or above, and finite"));
                break;
            }
        }
        if from.name == to.name
            && !projection.allow_self
            && let Some(pair) = list.iter().find(|pair| pair.0 == pair.1)
        {
            let message = format!("neuron {} is connected to itself, against allow_self = false", pair.0);
            self.complain(path, message);
        }
        if !projection.allow_multiple {
            let mut pairs: Vec<_> = list.iter().map(|pair| (pair.0, pair.1)).collect();
            pairs.sort_unstable();
            if let Some(twice) = pairs.windows(2).find(|two| two[0] == two[1]) {
                let (source, target) = twice[0];
                self.complain(path, format!("{source} to {target} stands here twice, against allow_multiple = false"));
            }
        }
    }
}
