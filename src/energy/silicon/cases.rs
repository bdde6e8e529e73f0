//! Each case of the file, priced by the code that prices a run.

use super::super::device::{Device, Scope};
use super::super::evidence::Grade;
use super::super::figure::{Figure, FigureName};
use super::super::quantity::{Joules, Range, Seconds, Watts};
use super::super::testing::{dense_work, work};
use super::super::uncertainty::{Slot, Spread, percentiles};
use super::super::{EnergyEstimate, Work, device, estimate};
use super::Row;
use crate::counts::{DenseWork, SpikingWork, TotalCounts};
use toml::Value;

/// The file of measurements.
pub(super) fn file() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/energy/silicon.toml");
    let text = std::fs::read_to_string(path).expect("the measurements are there");
    toml::from_str(&text).expect("TOML")
}

/// Every row, in the order of the file.
pub(super) fn rows() -> Vec<Row> {
    let file = file();
    let mut rows = Vec::new();
    for case in file["case"].as_array().expect("a list") {
        let of = |part: &str| Case { table: case.get(part).cloned().unwrap_or_else(|| Value::Table(toml::Table::new())) };
        let (inputs, assume, measured) = (of("inputs"), of("assume"), of("measured"));
        match case["id"].as_str().expect("an id") {
            "loihi-scaling" => loihi_scaling(&inputs, &assume, &measured, &mut rows),
            "microcircuit-gpu" => microcircuit(&inputs, &measured, &mut rows),
            "truenorth-benchmark" => truenorth(&inputs, &measured, &mut rows),
            "delft-drone" => drone(&inputs, &assume, &measured, &mut rows),
            "loihi2-shd" => loihi2(&inputs, &measured, &mut rows),
            "xylo-kws" => xylo(&inputs, &measured, &mut rows),
            "spiker-fpga" => spiker(&inputs, &measured, &mut rows),
            "mlperf-tiny-autoencoder" => autoencoder(&inputs, &measured, &mut rows),
            id => panic!("no code prices {id}"),
        }
    }
    rows
}

/// A table of numbers and lists of numbers.
struct Case {
    table: Value,
}

fn number(value: &Value) -> f64 {
    value.as_float().or_else(|| value.as_integer().map(|n| n as f64)).expect("a number")
}

impl Case {
    fn number(&self, key: &str) -> f64 {
        number(&self.table[key])
    }

    fn list(&self, key: &str) -> Vec<f64> {
        self.table[key].as_array().expect("a list").iter().map(number).collect()
    }

    fn range(&self, key: &str) -> [f64; 2] {
        self.list(key).try_into().expect("two ends")
    }
}

fn built_in(id: &str) -> Device {
    device(id).expect("built in").clone()
}

/// A figure that stands in for one that may not be used.
fn figure<T>(low: Option<T>, nominal: T, high: Option<T>, source: &str, grade: Grade) -> Figure<T> {
    Figure { low, nominal, high, source: source.into(), grade, peak: false, note: None }
}

fn spiking(device: &Device, work: &SpikingWork) -> EnergyEstimate {
    estimate(device, &Work { spiking: Some(work), dense: None }).remove(0)
}

/// Every trial of an estimate with its nominal value, joules.
fn trials(estimate: &EnergyEstimate) -> (f64, Vec<f64>) {
    let nominal = estimate.energy_per_sample.unwrap_or_else(|| panic!("{estimate:?}")).nominal.0;
    (nominal, estimate.trials.0.as_deref().expect("it was drawn").to_vec())
}

/// A run of one sample; counts as given.
fn run(neurons: f64, ticks: f64, tick_s: f64, spikes: f64, events: f64) -> SpikingWork {
    let mut work = work();
    work.counts = TotalCounts { spikes: spikes as u64, synaptic_events: events as u64, ..TotalCounts::default() };
    (work.samples, work.ticks_per_sample, work.dt_s) = (1, ticks as u64, tick_s);
    (work.neurons, work.neuron_spikes) = (neurons as u64, spikes as u64);
    work.neuron_updates_clocked = (neurons * ticks) as u64;
    // Each neuron has many inputs, so that something reaches it at every step.
    work.neuron_updates_driven = work.neuron_updates_clocked;
    work
}

/// The quantity of which two inputs are only known to lie between ends: counts are products of inputs, so that it is bilinear in them, and
/// its corners give every trial.
fn over(first: [f64; 2], second: [f64; 2], of: impl Fn(f64, f64) -> (f64, Vec<f64>)) -> Range<f64> {
    let corners = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(i, j)| of(first[i], second[j]));
    let place = |ends: [f64; 2], value: f64| if ends[1] > ends[0] { (value - ends[0]) / (ends[1] - ends[0]) } else { 0.0 };
    let mix = |x: f64, y: f64, c: [f64; 4]| (1.0 - y) * ((1.0 - x) * c[0] + x * c[1]) + y * ((1.0 - x) * c[2] + x * c[3]);
    let middle = |ends: [f64; 2]| (ends[0] * ends[1]).sqrt();
    let drawn = |ends: [f64; 2], index: usize| Spread::between(ends[0], middle(ends), ends[1]).factors(Slot::other(100 + index));
    let (xs, ys) = (drawn(first, 0), drawn(second, 1));
    let mut values: Vec<f64> = xs
        .zip(ys)
        .enumerate()
        .map(|(i, (x, y))| mix(place(first, x), place(second, y), [0, 1, 2, 3].map(|c| corners[c].1[i])))
        .collect();
    let nominal = mix(place(first, middle(first)), place(second, middle(second)), [0, 1, 2, 3].map(|c| corners[c].0));
    percentiles(&mut values, nominal)
}

fn scaled(range: Range<f64>, factor: f64) -> Option<Range<f64>> {
    Some(range.map(|x| x * factor))
}

fn energy(estimate: &EnergyEstimate) -> Range<f64> {
    estimate.energy_per_sample.unwrap_or_else(|| panic!("{estimate:?}")).map(|joules| joules.0)
}

fn loihi_scaling(inputs: &Case, assume: &Case, measured: &Case, rows: &mut Vec<Row>) {
    let (layers, width, steps) = (inputs.number("layers"), inputs.number("width"), inputs.number("steps_per_inference"));
    let tick = 1.0 / (steps * inputs.number("inferences_per_s"));
    let time = steps * tick;
    let mut chip = built_in("loihi1-sanafe");
    chip.times.insert(FigureName::TickTypical, figure(None, Seconds(tick), None, "davies-2018", Grade::Derived));
    // The idle power of the file is that of these very logs: another laboratory's is used.
    let frady = figure(None, Watts(0.1044), None, "abr-logs", Grade::MeasuredSilicon);
    chip.powers.insert(FigureName::StaticPower, frady);
    let mut bare = chip.clone();
    bare.powers.clear();
    let rate = assume.range("spikes_per_neuron_per_step");
    let priced = |chip: &Device, branches: f64| {
        over(rate, [1.0, 1.0], |rate, _| {
            let neurons = branches * layers * width;
            let spikes = neurons * rate * steps;
            // The layer that all branches end in has one more layer of neurons and no spikes that go on.
            trials(&spiking(chip, &run(neurons + width, steps, tick, spikes, spikes * width)))
        })
    };
    let powers = measured.list("total_power_mw");
    for (branches, power) in inputs.list("branches").into_iter().zip(powers) {
        rows.push(Row {
            case: "loihi-scaling",
            what: format!("total power, {branches} {}", if branches > 1.0 { "branches" } else { "branch" }),
            how: "SANA-FE's figures per event; static power of Frady et al. 2020 (104.4 mW), not of these logs; 2 to 20 % of neurons spike a step".into(),
            ours: scaled(priced(&chip, branches), 1e3 / time),
            measured: (power, power),
            unit: "mW",
            remark: "",
        });
    }
    let ends = [1.0, 10.0].map(|branches| priced(&bare, branches));
    // Both ends rest on the same draws and are linear in branches, so that their percentiles are those of one run but for the shared layer.
    let slope = Range {
        low: (ends[1].low - ends[0].low) / 9.0,
        nominal: (ends[1].nominal - ends[0].nominal) / 9.0,
        high: (ends[1].high - ends[0].high) / 9.0,
    };
    let power = measured.number("slope_mw_per_branch");
    rows.push(Row {
        case: "loihi-scaling",
        what: "power of one more branch".into(),
        how: "SANA-FE's figures per event alone".into(),
        ours: scaled(slope, 1e3 / time),
        measured: (power, power),
        unit: "mW",
        remark: "",
    });
}

/// A profile from a data sheet: power under load over the published time.
fn data_sheet(id: &str, speedup: f64, low: f64, nominal: f64, high: f64) -> Device {
    let text = format!(
        r#"
id = "{id}"
name = "{id} from its data sheet"
kind = "dense"
runs = ["spiking"]
scope = "all-in"
boundary = "board"
[figure.total_power]
low = "{low} W"
nominal = "{nominal} W"
high = "{high} W"
source = "sheet"
grade = "general-knowledge"
[figure.speedup]
nominal = {speedup}
source = "wall"
grade = "measured-silicon"
[[sources]]
id = "sheet"
tag = "K"
text = "data sheet"
[[sources]]
id = "wall"
tag = "D"
text = "the published time"
"#
    );
    Device::parse(&text, "data sheet").unwrap_or_else(|wrong| panic!("{wrong}"))
}

/// The data sheets: (name, total power, dynamic power), each low, nominal and high in watts.
///
/// The graphics cards draw 40 to 100 % of their board limit (235 W, 75 W) in a kernel bound by memory, 64 % in the middle; dynamic power is that less
/// an idle card (23 W, 6 W); the workstation around it draws 50 to 100 W. The TX2's module has modes of 7.5 and 15 W; its
/// development kit adds up to 5 W at the mains and idles at 2 to 5 W.
const SHEETS: [(&str, [f64; 3], [f64; 3]); 3] = [
    ("TX2", [7.5, 12.0, 20.0], [2.5, 6.0, 13.0]),
    ("K40c", [144.0, 220.0, 335.0], [71.0, 127.0, 212.0]),
    ("GTX 1050 Ti", [80.0, 118.0, 175.0], [24.0, 42.0, 69.0]),
];

fn microcircuit(inputs: &Case, measured: &Case, rows: &mut Vec<Row>) {
    let bio = inputs.number("bio_s");
    let events = inputs.number("synaptic_events_per_bio_s") * bio;
    let neurons = inputs.number("neurons");
    let dt = inputs.number("dt_ms") * 1e-3;
    let ran = run(neurons, bio / dt, dt, events / (inputs.number("synapses") / neurons), events);
    let published = [measured.list("total_uj_per_event"), measured.list("dynamic_uj_per_event")];
    for (index, (name, total, dynamic)) in SHEETS.iter().enumerate() {
        let wall = measured.list("wall_s")[index];
        for (which, watts) in [("total", total), ("dynamic", dynamic)].into_iter().enumerate() {
            let profile = data_sheet("sheet", bio / wall, watts.1[0], watts.1[1], watts.1[2]);
            let value = published[which][index];
            rows.push(Row {
                case: "microcircuit-gpu",
                what: format!("{} energy of an event, {name}", watts.0),
                how: format!("data sheet, {} to {} W (K), over the published {wall} s", watts.1[0], watts.1[2]),
                ours: scaled(energy(&spiking(&profile, &ran)), 1e6 / events),
                measured: (value, value),
                unit: "µJ",
                remark: "",
            });
        }
    }
}

fn truenorth(inputs: &Case, measured: &Case, rows: &mut Vec<Row>) {
    let (neurons, rate) = (inputs.number("neurons"), inputs.number("rate_hz"));
    let spikes = neurons * rate;
    let second = run(
        neurons,
        1e6 / inputs.number("tick_us"),
        inputs.number("tick_us") * 1e-6,
        spikes,
        spikes * inputs.number("active_synapses"),
    );
    let [low, high] = measured.range("range_mw");
    rows.push(Row {
        case: "truenorth-benchmark",
        what: "power".into(),
        how: "TrueNorth's own 26 pJ is this measurement: the all-in figure of ODIN, another digital core of 28 nm, in its place"
            .into(),
        ours: scaled(energy(&spiking(&built_in("odin"), &second)), 1e3),
        measured: (low, high),
        unit: "mW",
        remark: "",
    });
}

fn drone(inputs: &Case, assume: &Case, measured: &Case, rows: &mut Vec<Row>) {
    let (neurons, steps) = (inputs.number("neurons"), inputs.number("steps_per_s"));
    let mut chip = built_in("loihi1-sanafe");
    // What was measured is what comes on top of an idle board.
    chip.powers.clear();
    let added = over(assume.range("spikes_per_neuron_per_step"), [32.0, 512.0], |rate, fan_out| {
        let spikes = neurons * rate;
        let mut step = run(neurons, 1.0, 1.0 / steps, spikes, spikes * fan_out);
        // Most neurons are reached by no spike in a step of so quiet a network; the shares of the two prices are close.
        step.neuron_updates_driven = (step.neuron_updates_clocked as f64 * (rate * fan_out).min(1.0)) as u64;
        trials(&spiking(&chip, &step))
    });
    let [low, high] = measured.range("added_mw");
    rows.push(Row {
        case: "delft-drone",
        what: "power added to an idle board".into(),
        how: "SANA-FE's figures per event; 1 to 15 % of neurons spike a step; 32 to 512 synapses a neuron (not published: convolutions, K)".into(),
        ours: scaled(added, 1e3 * steps),
        measured: (low, high),
        unit: "mW",
        remark: "the meter stood at the board, where the embedded processors bring in events and read out answers 200 times a second; no figure for that is \
                 published, so our estimate of the chip names it as not priced and lies below",
    });
}

fn loihi2(inputs: &Case, measured: &Case, rows: &mut Vec<Row>) {
    let mut chip = built_in("loihi2");
    chip.energies.clear();
    chip.times.clear();
    chip.scope = Some(Scope::AllIn);
    let other_run = figure(None, Watts(0.05e-3 / 0.33e-3), None, "loihi2-pairs", Grade::Derived);
    chip.powers.insert(FigureName::TotalPower, other_run);
    chip.numbers.insert(FigureName::Speedup, figure(None, 1.0, None, "loihi2-pairs", Grade::Derived));
    let latency = inputs.list("latency_ms");
    for (network, index) in [("feed-forward", 0), ("recurrent", 1)] {
        let value = measured.list("total_mj")[index];
        rows.push(Row {
            case: "loihi2-shd",
            what: format!("energy of an inference, {network}"),
            how: format!("power of the chip in another laboratory's run (CLP-SNN, 0.05 mJ in 0.33 ms) over {} ms; the file's static power rests on this measurement", latency[index]),
            ours: scaled(energy(&spiking(&chip, &run(1.0, 1.0, latency[index] * 1e-3, 0.0, 0.0))), 1e3),
            measured: (value, value),
            unit: "mJ",
            remark: "",
        });
    }
    for (network, index) in [("feed-forward", 0), ("recurrent", 1)] {
        let value = measured.list("dynamic_mj")[index];
        rows.push(Row {
            case: "loihi2-shd",
            what: format!("dynamic energy, {network}"),
            how: String::new(),
            ours: None,
            measured: (value, value),
            unit: "mJ",
            remark: "neither the size of the network nor its spikes are given, and no figure per event of this chip is public",
        });
    }
}

fn xylo(inputs: &Case, measured: &Case, rows: &mut Vec<Row>) {
    let rate = inputs.number("inferences_per_s");
    let mut chip = built_in("xylo-audio2");
    // The low end of the file's idle power comes from this measurement.
    if let Some(power) = chip.powers.get_mut(&FigureName::StaticPower) {
        power.low = None;
    }
    let mut bare = chip.clone();
    bare.powers.clear();
    let second = run(inputs.number("neurons"), 1000.0, 1e-3, 0.0, 0.0);
    let dynamic = measured.number("dynamic_uw");
    let steps = "energy of a step in two other published tasks (93 and 341 nJ) at 1000 steps/s";
    rows.push(Row {
        case: "xylo-kws",
        what: "dynamic power".into(),
        how: steps.into(),
        ours: scaled(energy(&spiking(&bare, &second)), 1e6),
        measured: (dynamic, dynamic),
        unit: "µW",
        remark: "",
    });
    let active = measured.number("active_uj_per_inference");
    rows.push(Row {
        case: "xylo-kws",
        what: "energy of an inference, idle power included".into(),
        how: format!("{steps}, and idle power of those tasks; {rate} inferences/s"),
        ours: scaled(energy(&spiking(&chip, &second)), 1e6 / rate),
        measured: (active, active),
        unit: "µJ",
        remark: "",
    });
}

fn spiker(inputs: &Case, measured: &Case, rows: &mut Vec<Row>) {
    let powers = measured.list("power_mw");
    for (index, name, other) in [(0, "MNIST", 1), (1, "SHD", 0)] {
        let mut fpga = built_in("fpga-spikerplus");
        fpga.energies.clear();
        let power = figure(None, Watts(powers[other] * 1e-3), None, "carpegna-2024", Grade::Simulated);
        fpga.powers.insert(FigureName::TotalPower, power);
        fpga.numbers.insert(FigureName::Speedup, figure(None, 1.0, None, "carpegna-2024", Grade::Derived));
        let latency = inputs.list("latency_us")[index];
        let value = measured.list("uj_per_inference")[index];
        rows.push(Row {
            case: "spiker-fpga",
            what: format!("energy of an inference, {name}"),
            how: format!(
                "the power of the other network ({} mW) over {latency} µs; both are the tool's, not a meter's",
                powers[other]
            ),
            ours: scaled(energy(&spiking(&fpga, &run(1.0, 1.0, latency * 1e-6, 0.0, 0.0))), 1e6),
            measured: (value, value),
            unit: "µJ",
            remark: "",
        });
    }
}

/// Energy per MAC of the three other networks of the benchmark, pJ: keyword spotting, image classification, visual wake words.
const OTHERS: [(&str, [f64; 3]); 3] =
    [("mcu-m4-l4r5", [684.0, 554.0, 520.0]), ("mcu-m7-h7a3", [517.0, 407.0, 396.0]), ("mcu-m33-u575", [247.0, 206.0, 181.0])];

fn autoencoder(inputs: &Case, measured: &Case, rows: &mut Vec<Row>) {
    let ran = DenseWork { samples: 1, macs: inputs.number("macs") as u64, ..dense_work() };
    for ((id, others), value) in OTHERS.into_iter().zip(measured.list("uj_per_inference")) {
        let mut controller = built_in(id);
        let mean = others.iter().product::<f64>().cbrt();
        controller.macs[0].energy = figure(None, Joules(mean * 1e-12), None, "mlperf-macs", Grade::MeasuredSilicon);
        let found = estimate(&controller, &Work { spiking: None, dense: Some(&ran) }).remove(0);
        rows.push(Row {
            case: "mlperf-tiny-autoencoder",
            what: format!("energy of an inference, {id}"),
            how: format!("energy per MAC of the three other networks of the benchmark (mean {mean:.0} pJ), not of this one"),
            ours: scaled(energy(&found), 1e6),
            measured: (value, value),
            unit: "µJ",
            remark: "",
        });
    }
}
