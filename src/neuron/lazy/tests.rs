//! Lazy kernels held to the stepped ones: same input, tick by tick.

use super::*;
use crate::neuron::{Block, Column, Input, Kernel, ModelRef, Semantics, Tick, model_by_name};
use crate::rng::{Purpose, Stream};
use proptest::prelude::*;

const NEURONS: usize = 6;

/// Numbers drawn in turn.
struct Draws(Stream, u64);

impl Draws {
    fn unit(&mut self) -> f64 {
        self.1 += 1;
        self.0.uniform(self.1)
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    fn likely(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    fn column(&mut self, own: bool, mut draw: impl FnMut(&mut Self) -> f64) -> Column {
        if own { Column::from_each((0..NEURONS).map(|_| draw(self)).collect()) } else { Column::One(draw(self)) }
    }
}

/// Both forms of a random block: parameters of its own for each neuron where `own`, some of them above threshold by their constant
/// current alone where `driven`.
fn both(
    model: &ModelRef,
    draws: &mut Draws,
    own: bool,
    driven: bool,
    dt_ms: f64,
) -> Option<(Box<dyn Kernel>, Box<dyn LazyKernel>)> {
    let spec = model.spec();
    let params: Vec<Column> = spec
        .params
        .iter()
        .map(|p| {
            let draw = |d: &mut Draws| match p.name {
                "tau_m" => d.between(2.0, 30.0),
                "c_m" => d.between(100.0, 300.0),
                "v_rest" => d.between(-75.0, -65.0),
                "v_th" => d.between(-55.0, -50.0),
                "v_reset" => d.between(-80.0, -60.0),
                "v_min" if d.likely(0.5) => d.between(-85.0, -58.0),
                "v_min" => f64::NEG_INFINITY,
                "t_ref" => d.between(0.0, 3.0),
                "i_e" if driven => d.between(-300.0, 600.0),
                "tau_theta" => d.between(3.0, 200.0),
                "theta_jump" => d.between(0.0, 6.0),
                "refractory_input" => f64::from(u8::from(d.likely(0.3))),
                "tau_syn_ex" | "tau_syn_in" => d.between(0.3, 12.0),
                _ => p.default.unwrap_or(0.0),
            };
            draws.column(own, draw)
        })
        .collect();
    let mut init = vec![("v".to_owned(), draws.column(true, |d| d.between(-80.0, -51.0)))];
    if spec.variable("theta").is_some() {
        init.push(("theta".to_owned(), draws.column(true, |d| d.between(0.0, 3.0))));
    }
    let block = Block { len: NEURONS, dt_ms, semantics: &Semantics::default(), params: &params, init: &init, spec };
    Some((model.kernel(&block), model.lazy(&block)?))
}

/// One random run of both; gives the number of spikes.
fn compare(model: &str, seed: u64, own: bool, driven: bool, injected: bool, long: bool) -> Result<usize, TestCaseError> {
    let model = model_by_name(model).expect("built in");
    let mut draws = Draws(Stream::new(seed, Purpose::Init, 0), 0);
    let dt_ms = [0.1, 0.5, 1.0][(draws.unit() * 3.0) as usize];
    let Some((mut clock, mut lazy)) = both(&model, &mut draws, own, driven, dt_ms) else { return Ok(0) };
    let unit = if model.spec().input == Input::Sum(crate::units::Dimension::Voltage) { 4.0 } else { 400.0 };
    let mut current = vec![0.0; NEURONS];
    let mut expected = PopulationCounts::default();
    let mut counts = PopulationCounts::default();
    let mut spikes = 0;
    let (mut busy, mut chance) = (0, 0.0);
    for now in 1..=if long { 6000 } else { 600 } {
        if busy == 0 {
            busy = draws.between(1.0, if long { 3000.0 } else { 100.0 }) as u64;
            chance = [0.0, 0.05, 0.5, 1.0][(draws.unit() * 4.0) as usize];
        }
        busy -= 1;
        let mut sums = [[0.0; NEURONS]; 2];
        let mut arrivals = [0u32; NEURONS];
        if injected && draws.likely(0.02) {
            let n = (draws.unit() * NEURONS as f64) as usize;
            current[n] = if draws.likely(0.3) { 0.0 } else { draws.between(-300.0, 600.0) };
            lazy.inject(now, n, current[n]);
        }
        while draws.likely(chance * 0.7) {
            let mut targets: Vec<u32> = (0..NEURONS as u32).collect();
            targets.retain(|_| draws.likely(0.5));
            let mut weights: Vec<f64> = targets.iter().map(|_| draws.between(-unit, unit * 1.3)).collect();
            let kind = (draws.unit() * 4.0) as usize;
            let singles: Vec<f32> = weights.iter().map(|w| *w as f32).collect();
            let whole: Vec<i32> = weights.iter().map(|w| (w * 10.0) as i32).collect();
            let one = draws.between(-unit, unit);
            weights = match kind {
                0 => vec![one; targets.len()],
                1 => whole.iter().map(|n| f64::from(*n) * 0.1).collect(),
                2 => singles.iter().map(|w| f64::from(*w)).collect(),
                _ => weights,
            };
            let row = match kind {
                0 => EventWeights::One(one),
                1 => EventWeights::Units { values: &whole, unit: 0.1 },
                2 => EventWeights::Single(&singles),
                _ => EventWeights::Double(&weights),
            };
            let narrow: Vec<u16> = targets.iter().map(|t| *t as u16 + 7).collect();
            let (stored, base) = if draws.likely(0.5) { (Targets::Narrow(&narrow), 7) } else { (Targets::Wide(&targets), 0) };
            lazy.receive(now, &Events { targets: stored, base, weights: row }, &mut counts);
            for (t, w) in targets.iter().zip(&weights) {
                let channel = usize::from(model.spec().input.channels() == 2 && *w < 0.0);
                sums[channel][*t as usize] += w;
                arrivals[*t as usize] += 1;
            }
        }
        expected.neuron_updates_driven += arrivals.iter().filter(|a| **a > 0).count() as u64;
        let mut theirs = Vec::new();
        clock.step(&mut Tick {
            number: now,
            first: 0,
            membrane_updates: false,
            input: [&sums[0], &sums[1]],
            current: if injected { &current } else { &[] },
            arrivals: &arrivals,
            spikes: &mut theirs,
            output: &mut [],
            counts: &mut expected,
        });
        let mut ours = Vec::new();
        lazy.finish(now, &mut ours, &mut counts);
        prop_assert_eq!(&ours, &theirs, "tick {}", now);
        spikes += ours.len();
        for variable in model.spec().variables {
            let theirs = clock.variable(variable.name).expect("its own variable");
            for n in 0..NEURONS {
                let v = lazy.value(now, n, variable.name).expect("its own variable");
                let tolerance = 1e-9 * theirs[n].abs().max(1.0);
                prop_assert!((v - theirs[n]).abs() <= tolerance, "{} of {n}, tick {now}: {v}, {}", variable.name, theirs[n]);
            }
        }
    }
    prop_assert_eq!(counts, expected);
    Ok(spikes)
}

proptest! {
    #[test]
    fn lazy_neurons_do_what_stepped_ones_do(seed: u64, own: bool, driven: bool, injected: bool, which in 0usize..4, long in prop::bool::weighted(0.1)) {
        compare(["lif_delta", "lif_exp", "lif_alpha", "lif_adaptive"][which], seed, own, driven, injected, long)?;
    }
}

#[test]
fn the_comparison_sees_spikes() {
    for model in ["lif_delta", "lif_exp", "lif_alpha", "lif_adaptive"] {
        for driven in [false, true] {
            let spikes: usize = (0..20).map(|seed| compare(model, seed, false, driven, false, false).expect("equal")).sum();
            assert!(spikes > 50, "{model}: {spikes}");
        }
    }
}

/// Nanoseconds an event, of a million neurons and rows of 50, for each model at rest and near threshold.
#[test]
#[ignore = "a measurement, not a test: cargo test --release --lib lazy::tests::speed -- --ignored --nocapture"]
fn speed() {
    const N: usize = 1_000_000;
    let stream = Stream::new(1, Purpose::Connect, 0);
    let rows: Vec<Vec<u32>> = (0..20_000u64)
        .map(|r| {
            let mut row: Vec<u32> = (0..50).map(|i| stream.below(r * 50 + i, N as u64) as u32).collect();
            row.sort_unstable();
            row
        })
        .collect();
    for (name, i_e) in [("lif_delta", 0.0), ("lif_exp", 0.0), ("lif_exp", 340.0), ("lif_alpha", 0.0), ("lif_alpha", 340.0)] {
        let model = model_by_name(name).expect("built in");
        let spec = model.spec();
        let value = |p: &crate::neuron::ParamSpec| if p.name == "i_e" { i_e } else { p.default.unwrap_or(0.0) };
        let params: Vec<Column> = spec.params.iter().map(|p| Column::One(value(p))).collect();
        let block = Block { len: N, dt_ms: 0.1, semantics: &Semantics::default(), params: &params, init: &[], spec };
        let mut lazy = model.lazy(&block).expect("lazy");
        let weight = if name == "lif_delta" { 0.1 } else { 20.0 };
        let mut counts = PopulationCounts::default();
        let mut spikes = Vec::new();
        for round in 0..3 {
            let start = std::time::Instant::now();
            for tick in 0..200u64 {
                let now = round * 200 + tick + 1;
                for row in &rows[tick as usize * 100..][..100] {
                    let weights = EventWeights::One(if row[0] % 5 == 0 { -4.0 * weight } else { weight });
                    lazy.receive(now, &Events { targets: Targets::Wide(row), base: 0, weights }, &mut counts);
                }
                lazy.finish(now, &mut spikes, &mut counts);
            }
            let each = start.elapsed().as_nanos() as f64 / 1e6;
            eprintln!("{name} at {i_e} pA: {each:.1} ns an event, {} spikes", spikes.len());
        }
    }
}
