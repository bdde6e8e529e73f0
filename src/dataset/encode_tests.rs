use proptest::prelude::*;

use super::*;
use crate::dataset::{Raster, Stored, Values};

fn values(channels: usize, all: Vec<f64>) -> Dataset {
    Dataset::new("a", channels, Samples::Values(Values::new(all)))
}

fn spikes(train: InputTrain) -> Vec<Vec<u32>> {
    match train {
        InputTrain::Spikes(ticks) => ticks,
        other => panic!("expected spikes, found {other:?}"),
    }
}

fn message(result: Result<InputTrain>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn sixteenths_fall_on_their_step() {
    let stored = Stored::Bytes((0..=16).collect());
    let dataset = Dataset::new("a", 17, Samples::Values(Values { stored, scale: 0.0625 }));
    let ticks = spikes(encode(&dataset, 0, Encoding::Latency, 17, 1.0, 1).unwrap());
    for k in 1..=16u32 {
        assert_eq!(ticks[16 - k as usize], [k]);
    }
    assert!(ticks[16].is_empty(), "zero gives no spike");
    // Half-way between two steps is the later one.
    let ticks = spikes(encode(&values(2, vec![0.5, 0.75]), 0, Encoding::Latency, 2, 1.0, 1).unwrap());
    assert_eq!(ticks, [vec![1], vec![0]]);
}

#[test]
fn direct_gives_the_value_in_every_step() {
    let dataset = values(2, vec![0.5, -3.0, 7.0, 0.0]);
    assert_eq!(encode(&dataset, 1, Encoding::Direct, 5, 1.0, 1).unwrap(), InputTrain::Constant(vec![7.0, 0.0]));
    let frames = Samples::Frames { steps: 2, values: Values::new(vec![1.0, 2.0, 3.0, 4.0]) };
    let dataset = Dataset::new("a", 2, frames);
    let train = encode(&dataset, 0, Encoding::Direct, 1, 1.0, 1).unwrap();
    assert_eq!(train, InputTrain::Frames { channels: 2, values: vec![1.0, 2.0] });
    assert!(message(encode(&dataset, 0, Encoding::Direct, 3, 1.0, 1)).contains("have 2 steps, and the run 3"));
    assert!(message(encode(&dataset, 0, Encoding::Latency, 2, 1.0, 1)).contains("time axis already"));
    assert!(message(encode(&dataset, 0, Encoding::Rate, 2, 1.0, 1)).contains("step 0, channel 1: 2 is outside"));
}

#[test]
fn values_outside_the_unit_range_are_named() {
    let dataset = values(3, vec![0.0, 0.0, 0.0, 0.0, 1.5, -1.0]);
    let error = message(encode(&dataset, 1, Encoding::Rate, 5, 1.0, 1));
    assert_eq!(error, "error: sample 1: channel 1: 1.5 is outside 0..=1, the range that rate encodes (1 more are, too)");
    assert!(message(encode(&dataset, 2, Encoding::Rate, 5, 1.0, 1)).contains("there are 2"));
    assert!(message(encode(&dataset, 0, Encoding::Rate, 0, 1.0, 1)).contains("0 steps"));
    assert!(message(encode(&dataset, 0, Encoding::Rate, u64::MAX, 1.0, 1)).contains("expected 1 to"));
    assert!(message(encode(&dataset, 0, Encoding::Rate, 5, f64::NAN, 1)).contains("NaN ms"));
}

#[test]
fn spikes_fall_into_their_step_and_late_ones_are_counted() {
    let mut lists = SpikeLists::new();
    lists.push(vec![]);
    lists.push(vec![(0.0003, 4), (0.00025, 3), (0.00025, 3), (0.0, 2), (0.0, 9), (0.0, 5), (0.0004, 1), (7.0, 1)]);
    let dataset = Dataset::new("a", 10, Samples::Spikes(lists));
    let ticks = spikes(encode(&dataset, 1, Encoding::Direct, 4, 0.1, 1).unwrap());
    assert_eq!(ticks, [vec![2, 5, 9], vec![], vec![3, 3], vec![4]]);
    assert_eq!(left_out(&dataset, 1, 4, 0.1), 2);
    assert_eq!(left_out(&dataset, 0, 4, 0.1), 0);
    assert!(message(encode(&dataset, 1, Encoding::Rate, 4, 0.1, 1)).contains("spikes already, so rate does not apply"));
}

#[test]
fn a_raster_goes_in_as_it_is() {
    let dataset = Dataset::new("a", 2, Samples::Raster(Raster::new(2, 2, &[0, 1, 1, 2])));
    let ticks = |steps| spikes(encode(&dataset, 0, Encoding::Direct, steps, 1.0, 1).unwrap());
    assert_eq!(ticks(3), [vec![1], vec![0, 1, 1], vec![]]);
    assert_eq!(ticks(1), [vec![1]]);
    assert_eq!(left_out(&dataset, 0, 1, 1.0), 3);
}

#[test]
fn rates_have_the_right_mean() {
    let steps = 20_000;
    let row = [0.0, 0.1, 0.5, 0.9, 1.0];
    let ticks = spikes(encode(&values(5, row.to_vec()), 0, Encoding::Rate, steps, 1.0, 3).unwrap());
    for (channel, &p) in row.iter().enumerate() {
        let count = ticks.iter().filter(|tick| tick.contains(&(channel as u32))).count() as f64;
        // Five standard deviations of the binomial; at 0 and 1 exact.
        let (mean, spread) = (p * steps as f64, (p * (1.0 - p) * steps as f64).sqrt());
        assert!((count - mean).abs() <= 5.0 * spread, "channel {channel}: {count} spikes, expected {mean}");
    }
}

#[test]
fn a_draw_has_its_published_address() {
    // Other programs may repeat a run: channel c in step t is draw t × channels + c of the sample's stream.
    let dataset = values(3, [vec![0.5; 3], vec![0.3; 3]].concat());
    let ticks = spikes(encode(&dataset, 1, Encoding::Rate, 50, 1.0, 9).unwrap());
    let stream = Stream::new(9, Purpose::Encode, 1);
    for (t, tick) in ticks.iter().enumerate() {
        for c in 0..3u64 {
            assert_eq!(tick.contains(&(c as u32)), stream.uniform(t as u64 * 3 + c) < 0.3);
        }
    }
}

#[test]
fn a_factor_multiplies_what_is_encoded() {
    let row = vec![0.0, 0.25, 0.5, 1.0];
    let dataset = values(4, row.clone());
    let scaled = |encoding, factor| encode_scaled(&dataset, 0, encoding, 9, 1.0, 1, factor);
    assert_eq!(scaled(Encoding::Direct, 3.0).unwrap(), InputTrain::Constant(vec![0.0, 0.75, 1.5, 3.0]));
    let halved = values(4, row.iter().map(|x| x / 2.0).collect());
    let doubled = values(4, row.iter().map(|x| f64::min(x * 2.0, 1.0)).collect());
    for encoding in [Encoding::Rate, Encoding::Latency] {
        assert_eq!(scaled(encoding, 0.5).unwrap(), encode(&halved, 0, encoding, 9, 1.0, 1).unwrap());
        assert_eq!(scaled(encoding, 2.0).unwrap(), encode(&doubled, 0, encoding, 9, 1.0, 1).unwrap());
        assert_eq!(scaled(encoding, 1.0).unwrap(), encode(&dataset, 0, encoding, 9, 1.0, 1).unwrap());
        assert!(spikes(scaled(encoding, 0.0).unwrap()).iter().all(Vec::is_empty));
    }
    assert!(message(scaled(Encoding::Direct, -1.0)).contains("zero or above"));
    let frames = Dataset::new("a", 2, Samples::Frames { steps: 2, values: Values::new(vec![1.0, 2.0, 3.0, 4.0]) });
    let train = encode_scaled(&frames, 0, Encoding::Direct, 2, 1.0, 1, 0.5).unwrap();
    assert_eq!(train.clone(), InputTrain::Frames { channels: 2, values: vec![0.5, 1.0, 1.5, 2.0] });
    assert_eq!(train.after(1), InputTrain::Frames { channels: 2, values: vec![1.5, 2.0] });
    let raster = Dataset::new("a", 2, Samples::Raster(Raster::new(1, 1, &[1, 1])));
    assert!(message(encode_scaled(&raster, 0, Encoding::Direct, 1, 1.0, 1, 0.5)).contains("no strength"));
    for (dataset, expected) in [(&dataset, [true, true, true]), (&frames, [true, true, false]), (&raster, [false; 3])] {
        assert_eq!(Encoding::ALL.iter().map(|(_, of)| of.scales(&dataset.samples)).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn names_lead_back() {
    for &(name, encoding) in Encoding::ALL {
        assert_eq!((Encoding::from_name(name), encoding.name()), (Some(encoding), name));
    }
}

proptest! {
    #[test]
    fn latency_gives_one_spike_per_channel_and_never_a_larger_value_later(
        row in prop::collection::vec(prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0f64], 1..20),
        steps in 1u64..60,
    ) {
        let ticks = spikes(encode(&values(row.len(), row.clone()), 0, Encoding::Latency, steps, 1.0, 1).unwrap());
        prop_assert_eq!(ticks.len() as u64, steps);
        let when = |channel: usize| -> Vec<usize> {
            (0..ticks.len()).flat_map(|t| ticks[t].iter().filter(move |&&c| c as usize == channel).map(move |_| t)).collect()
        };
        for (a, &x) in row.iter().enumerate() {
            prop_assert_eq!(when(a).len(), usize::from(x > 0.0));
            for (b, &y) in row.iter().enumerate().filter(|&(_, &y)| x > 0.0 && y >= x) {
                prop_assert!(when(b)[0] <= when(a)[0], "{} before {}", x, y);
            }
        }
    }

    #[test]
    fn rate_depends_on_seed_and_sample_alone(seed: u64, p in 0.2..0.8f64, steps in 40u64..60) {
        let dataset = values(8, vec![p; 16]);
        let train = |sample, steps, seed| spikes(encode(&dataset, sample, Encoding::Rate, steps, 1.0, seed).unwrap());
        let first = train(0, steps, seed);
        prop_assert_eq!(&first, &train(0, steps, seed));
        prop_assert_eq!(&first[..10], &train(0, 10, seed)[..], "a longer run begins as a shorter one");
        prop_assert!(first != train(1, steps, seed));
        prop_assert!(first != train(0, steps, seed.wrapping_add(1)));
        prop_assert!(first.iter().all(|tick| tick.is_sorted()));
        // More input adds spikes and takes none away.
        let more = spikes(encode_scaled(&dataset, 0, Encoding::Rate, steps, 1.0, seed, 1.2).unwrap());
        prop_assert!(first.iter().zip(&more).all(|(few, many)| few.iter().all(|channel| many.contains(channel))));
    }
}
