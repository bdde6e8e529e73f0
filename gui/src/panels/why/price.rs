//! What one spike costs on a chip: its events, the spike itself, and the updates that it causes.

use spikewatt::energy::{Device, FigureKind, FigureName, Scope, Updates};

/// One term of a spike's price, joules.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term {
    pub(super) what: String,
    pub(super) low: f64,
    pub(super) nominal: f64,
    pub(super) high: f64,
}

/// The price of a spike that reaches so many synapses, term by term; what has no published figure is left out and told in the second.
pub(super) fn price(device: &Device, fan_out: u64) -> (Vec<Term>, Vec<&'static str>) {
    let (mut terms, mut unpriced) = (Vec::new(), Vec::new());
    let mut add = |name: FigureName, times: u64, what: &str, missing: &'static str| match device.energy(name) {
        Some(figure) => {
            let range = figure.range(FigureKind::Energy);
            let n = times as f64;
            let (low, nominal, high) = (range.low.0 * n, range.nominal.0 * n, range.high.0 * n);
            terms.push(Term { what: format!("{times} {what}"), low, nominal, high });
        }
        None => unpriced.push(missing),
    };
    add(FigureName::SynapticEvent, fan_out, "synaptic events", "synaptic events");
    if device.scope != Some(Scope::AllIn) {
        add(FigureName::Spike, 1, "spike", "the spike's own message");
        if device.updates == Some(Updates::OnEvent) {
            add(FigureName::NeuronUpdate, fan_out, "updates of neurons", "updates of neurons");
        }
    }
    (terms, unpriced)
}
