//! Whether two compiled networks have one shape, so that the state of one has a place in the other.

use crate::compile::{Bundle, BundleShard, CompiledNetwork, Rows};
use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use std::sync::Arc;

impl CompiledNetwork {
    /// Checks that `other` has the same populations and models, projections, connections and delays, whatever its weights, parameters
    /// and stimuli are: then it can go on from any state of this one. Rows that both share are not looked at.
    ///
    /// # Errors
    /// Everything that differs.
    pub fn same_shape(&self, other: &Self) -> Result<()> {
        let mut wrong = Diagnostics::new();
        let mut hold = |same: bool, place: String, what: &str| {
            if !same {
                wrong.push(Diagnostic::at(place, format!("{what} not those of the network that runs")).help("start it anew"));
            }
        };
        let whole = |name: &str| name.to_owned();
        hold(self.exact == other.exact && self.dt_ms == other.dt_ms, whole("dt"), "its ticks are");
        hold(self.semantics == other.semantics, whole("semantics"), "its semantics are");
        hold(self.shards == other.shards, whole("threads"), "its shards are");
        hold((self.input, self.readout) == (other.input, other.readout), whole("input"), "its input and readout are");
        hold(self.populations.len() == other.populations.len(), whole("population"), "its populations are");
        for (p, o) in self.populations.iter().zip(&other.populations) {
            let place = || format!("population.{}", p.name);
            hold(p.name == o.name && p.size == o.size, place(), "its name and size are");
            // A model has nothing but its name, or what it was made of.
            let same = Arc::ptr_eq(&p.model, &o.model) || format!("{:?}", p.model) == format!("{:?}", o.model);
            hold(same, format!("{}.model", place()), "its equations are");
        }
        hold(self.projections.len() == other.projections.len(), whole("projection"), "its projections are");
        for (p, o) in self.projections.iter().zip(&other.projections) {
            let place = || format!("projection.{}", p.name);
            hold((p.from, p.to) == (o.from, o.to), place(), "its populations are");
            let bias = p.bias.as_ref().map(Vec::len) == o.bias.as_ref().map(Vec::len);
            hold(bias && (Arc::ptr_eq(p, o) || rows(&p.rows, &o.rows)), place(), "its connections and delays are");
        }
        let bundles = self.bundles.len() == other.bundles.len()
            && self.bundles.iter().zip(&other.bundles).all(|(a, b)| bundle(a, b))
            && (self.min_delay, self.max_delay) == (other.min_delay, other.max_delay)
            && self.order == other.order;
        hold(bundles, whole("projection"), "its connections and delays are");
        wrong.or(())
    }
}

fn rows(a: &Rows, b: &Rows) -> bool {
    match (a, b) {
        (Rows::Dense { matrix: a, delay: d }, Rows::Dense { matrix: b, delay: e }) => {
            (a.targets, a.len(), d) == (b.targets, b.len(), e)
        }
        (Rows::Full { targets: a, delay: d, skip_self: s, .. }, Rows::Full { targets: b, delay: e, skip_self: t, .. }) => {
            (a, d, s) == (b, e, t)
        }
        (Rows::Diagonal { delay: d, .. }, Rows::Diagonal { delay: e, .. }) => d == e,
        (Rows::Sparse { offsets: a, targets: s, delays: d, .. }, Rows::Sparse { offsets: b, targets: t, delays: e, .. }) => {
            (a, s, d) == (b, t, e)
        }
        (Rows::Convolution(a), Rows::Convolution(b)) => {
            (a.channels, a.groups, a.input, a.output, a.kernel, &a.axes, a.delay)
                == (b.channels, b.groups, b.input, b.output, b.kernel, &b.axes, b.delay)
        }
        (Rows::Bundled { bundle: a, member: m, delays: d, .. }, Rows::Bundled { bundle: b, member: n, delays: e, .. }) => {
            (a, m, d) == (b, n, e)
        }
        _ => false,
    }
}

fn bundle(a: &Bundle, b: &Bundle) -> bool {
    let members = |bundle: &Bundle| bundle.members.iter().map(|m| (m.projection, m.to)).collect::<Vec<_>>();
    (a.from, a.kind, a.min_delay, a.max_delay) == (b.from, b.kind, b.min_delay, b.max_delay)
        && members(a) == members(b)
        && a.shards.len() == b.shards.len()
        && a.shards.iter().zip(&b.shards).all(|(a, b)| Arc::ptr_eq(a, b) || shard(a, b))
}

fn shard(a: &BundleShard, b: &BundleShard) -> bool {
    (a.first_delay, a.classes, &a.index, &a.delays) == (b.first_delay, b.classes, &b.index, &b.delays) && a.targets == b.targets
}
