//! The samples themselves, held in as few bytes as they need.

/// What the samples of a data set are made of.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Samples {
    /// One value per channel and sample, without time: `samples × channels` values, sample by sample.
    Values(Values),
    /// A row of values per step: `samples × steps × channels` values, sample by sample and step by step.
    Frames {
        /// Steps of every sample.
        steps: usize,
        /// The values.
        values: Values,
    },
    /// Spikes at times in seconds.
    Spikes(SpikeLists),
    /// Spikes on a grid of steps.
    Raster(Raster),
}

/// Numbers as they are stored in a file, and what they are multiplied with.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// The numbers as stored.
    pub stored: Stored,
    /// A value is a stored number × `scale`.
    pub scale: f64,
}

/// Numbers in their narrowest lossless type.
#[derive(Debug, Clone, PartialEq)]
pub enum Stored {
    /// Whole numbers 0–255.
    Bytes(Vec<u8>),
    /// Numbers that 32 bits hold without loss.
    Singles(Vec<f32>),
    /// Any other numbers.
    Doubles(Vec<f64>),
}

impl Values {
    /// These values, in 32 bits each where that loses nothing.
    #[must_use]
    pub fn new(values: Vec<f64>) -> Self {
        let narrow = values.iter().all(|&value| f64::from(value as f32) == value);
        let stored =
            if narrow { Stored::Singles(values.iter().map(|&value| value as f32).collect()) } else { Stored::Doubles(values) };
        Self { stored, scale: 1.0 }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.stored {
            Stored::Bytes(all) => all.len(),
            Stored::Singles(all) => all.len(),
            Stored::Doubles(all) => all.len(),
        }
    }

    /// True where there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values `start..start + count`.
    ///
    /// # Panics
    /// The range lies outside.
    #[must_use]
    pub fn slice(&self, start: usize, count: usize) -> Vec<f64> {
        let range = start..start + count;
        let scale = self.scale;
        match &self.stored {
            Stored::Bytes(all) => all[range].iter().map(|&value| f64::from(value) * scale).collect(),
            Stored::Singles(all) => all[range].iter().map(|&value| f64::from(value) * scale).collect(),
            Stored::Doubles(all) => all[range].iter().map(|&value| value * scale).collect(),
        }
    }

    /// The index of the first value that is NaN or infinite.
    #[must_use]
    pub fn first_not_finite(&self) -> Option<usize> {
        let scale = self.scale;
        match &self.stored {
            Stored::Bytes(_) => None,
            Stored::Singles(all) => all.iter().position(|&value| !(f64::from(value) * scale).is_finite()),
            Stored::Doubles(all) => all.iter().position(|&value| !(value * scale).is_finite()),
        }
    }
}

/// The spikes of all samples, one sample behind the other; within a sample by time.
#[derive(Debug, Clone, PartialEq)]
pub struct SpikeLists {
    /// Sample `s` has the spikes `ends[s - 1]..ends[s]`.
    ends: Vec<usize>,
    times: Times,
    channels: Vec<u32>,
}

/// Times in seconds. Files often hold them in 16 or 32 bits; then so do we.
#[derive(Debug, Clone, PartialEq)]
enum Times {
    Singles(Vec<f32>),
    Doubles(Vec<f64>),
}

impl Default for SpikeLists {
    fn default() -> Self {
        Self { ends: Vec::new(), times: Times::Singles(Vec::new()), channels: Vec::new() }
    }
}

impl SpikeLists {
    /// No samples yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a sample of spikes (time in seconds, channel), which are put in order of time; spikes of one time stay in the
    /// order given.
    pub fn push(&mut self, mut spikes: Vec<(f64, u32)>) {
        spikes.sort_by(|a, b| a.0.total_cmp(&b.0));
        if let Times::Singles(narrow) = &self.times
            && spikes.iter().any(|&(time, _)| f64::from(time as f32) != time)
        {
            self.times = Times::Doubles(narrow.iter().copied().map(f64::from).collect());
        }
        match &mut self.times {
            Times::Singles(times) => times.extend(spikes.iter().map(|&(time, _)| time as f32)),
            Times::Doubles(times) => times.extend(spikes.iter().map(|&(time, _)| time)),
        }
        self.channels.extend(spikes.iter().map(|&(_, channel)| channel));
        self.ends.push(self.channels.len());
    }

    /// How many samples there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True where there are no samples.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The spikes of one sample by time: seconds and channel.
    ///
    /// # Panics
    /// There is no such sample.
    pub fn sample(&self, sample: usize) -> impl ExactSizeIterator<Item = (f64, u32)> {
        let start = if sample == 0 { 0 } else { self.ends[sample - 1] };
        (start..self.ends[sample]).map(|at| (self.time(at), self.channels[at]))
    }

    /// The latest time of any spike, in seconds.
    #[must_use]
    pub fn latest_s(&self) -> Option<f64> {
        (0..self.channels.len()).map(|at| self.time(at)).max_by(f64::total_cmp)
    }

    /// The largest channel of any spike.
    #[must_use]
    pub fn largest_channel(&self) -> Option<u32> {
        self.channels.iter().copied().max()
    }

    fn time(&self, at: usize) -> f64 {
        match &self.times {
            Times::Singles(times) => f64::from(times[at]),
            Times::Doubles(times) => times[at],
        }
    }
}

/// Spikes on a grid: which channels spike in which step of which sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Raster {
    steps: usize,
    /// Step `t` of sample `s` has the channels `ends[k - 1]..ends[k]`, k = s × steps + t.
    ends: Vec<usize>,
    channels: Vec<u32>,
}

impl Raster {
    /// A raster from `samples × steps × channels` bytes, sample by sample and step by step: how often each channel spikes.
    ///
    /// # Panics
    /// `steps` or `channels` is 0, or the length of `counts` is no multiple of their product.
    #[must_use]
    pub fn new(steps: usize, channels: usize, counts: &[u8]) -> Self {
        assert!(counts.len().is_multiple_of(steps * channels), "whole samples");
        let mut raster = Self { steps, ends: Vec::with_capacity(counts.len() / channels), channels: Vec::new() };
        for row in counts.chunks_exact(channels) {
            for (channel, &count) in row.iter().enumerate() {
                raster.channels.extend(std::iter::repeat_n(channel as u32, usize::from(count)));
            }
            raster.ends.push(raster.channels.len());
        }
        raster
    }

    /// How many samples there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len() / self.steps
    }

    /// True where there are no samples.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Steps of every sample.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The channels that spike in a step, ascending; a channel that spikes twice stands there twice.
    ///
    /// # Panics
    /// There is no such sample or step.
    #[must_use]
    pub fn step(&self, sample: usize, step: usize) -> &[u32] {
        assert!(step < self.steps, "a step of the sample");
        let row = sample * self.steps + step;
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.channels[start..self.ends[row]]
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn values_are_narrowed_only_without_loss() {
        let narrow = Values::new(vec![0.5, 0.25]);
        assert_eq!(narrow.stored, Stored::Singles(vec![0.5, 0.25]));
        let wide = Values::new(vec![0.1, 0.25]);
        assert_eq!(wide.stored, Stored::Doubles(vec![0.1, 0.25]));
        assert_eq!(Values { stored: Stored::Bytes(vec![0, 4, 16]), scale: 0.0625 }.slice(1, 2), [0.25, 1.0]);
        assert_eq!(Values::new(vec![1.0, f64::NAN]).first_not_finite(), Some(1));
    }

    #[test]
    fn lists_keep_every_time_when_they_widen() {
        let mut lists = SpikeLists::new();
        lists.push(vec![(0.5, 1), (0.25, 2), (0.25, 0)]);
        lists.push(vec![]);
        lists.push(vec![(0.1, 7)]);
        let sample = |s| lists.sample(s).collect::<Vec<_>>();
        assert_eq!(sample(0), [(0.25, 2), (0.25, 0), (0.5, 1)]);
        assert_eq!(sample(1), []);
        assert_eq!(sample(2), [(0.1, 7)]);
        assert_eq!((lists.latest_s(), lists.largest_channel()), (Some(0.5), Some(7)));
    }

    #[test]
    fn a_raster_gives_back_its_rows() {
        let raster = Raster::new(2, 3, &[0, 1, 1, 0, 0, 0, 2, 0, 1, 1, 0, 0]);
        assert_eq!((raster.len(), raster.steps()), (2, 2));
        assert_eq!(raster.step(0, 0), [1, 2]);
        assert!(raster.step(0, 1).is_empty());
        assert_eq!(raster.step(1, 0), [0, 0, 2]);
        assert_eq!(raster.step(1, 1), [0]);
    }
}
