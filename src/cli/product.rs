//! Options that say what a network is to be part of: the system around a chip, a battery, a deadline.

use super::values;
use spikewatt::diagnostic::{Diagnostic, Diagnostics, Place, Result};
use spikewatt::energy::system::Battery;
use spikewatt::energy::{Device, Hertz, Joules, Range, Watts};
use spikewatt::study::{PowerOf, Product, Settings};

/// What stands around a chip, and what it must keep. What is not given is not priced, and listed as such.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "The product around the chip")]
pub(super) struct ProductOptions {
    /// Answers asked for in a second, such as 50Hz. With it every chip is priced with the system around it (tier 4)
    #[arg(long, value_name = "RATE")]
    rate: Option<String>,
    /// Power of the board around the chip, such as 0.94W or 0.5W..2W; ID=P for one device alone. Not added where a device's figures are of a board
    #[arg(long, value_name = "[ID=]P", value_delimiter = ',', allow_hyphen_values = true)]
    board: Vec<String>,
    /// Power of the host processor beside the chip; ID=P for one device alone
    #[arg(long, value_name = "[ID=]P", value_delimiter = ',', allow_hyphen_values = true)]
    host: Vec<String>,
    /// Power of the sensor
    #[arg(long, value_name = "[ID=]P", value_delimiter = ',', allow_hyphen_values = true)]
    sensor: Vec<String>,
    /// Power of bringing the sensor's data to the chip
    #[arg(long, value_name = "[ID=]P", value_delimiter = ',', allow_hyphen_values = true)]
    io: Vec<String>,
    /// Let chips sleep between answers, at this power; 0W switches them off. Waking up is not priced
    #[arg(long, value_name = "[ID=]P", value_delimiter = ',', allow_hyphen_values = true)]
    sleep: Vec<String>,
    /// Share of the drawn power that the regulators pass on, such as 85% or 80%..95%; by default 80% to 95%, as is common
    #[arg(long, value_name = "SHARE")]
    regulator: Option<String>,
    /// What the battery holds: 10Wh, 36000J or 2000mAh@3.7V
    #[arg(long, value_name = "ENERGY")]
    battery: Option<String>,
    /// The share of the battery that may be used, such as 80%; by default all of it
    #[arg(long, value_name = "SHARE")]
    depth_of_discharge: Option<String>,
    /// What else hangs on the battery, such as motors
    #[arg(long, value_name = "P")]
    other_power: Option<String>,
    /// The time within which an answer must come, such as 15ms
    #[arg(long, value_name = "T")]
    deadline: Option<String>,
    /// Tell the worst window of this length, such as 100ms, of a recording; without it samples are compared as a whole
    #[arg(long, value_name = "T")]
    window: Option<String>,
    /// Tell accuracy and energy by the step at which an answer is read, from the first to the last
    #[arg(long)]
    by_steps: bool,
}

impl ProductOptions {
    /// Whether anything is asked that answers are for.
    pub(super) fn is_asked(&self) -> bool {
        self.rate.is_some() || self.deadline.is_some() || self.window.is_some() || self.by_steps
    }

    /// Whether there is a system to price.
    pub(super) fn has_system(&self) -> bool {
        self.rate.is_some()
    }

    pub(super) fn has_battery(&self) -> bool {
        self.battery.is_some()
    }

    /// What a run keeps for the answers, or what is wrong with the window.
    pub(super) fn keep(&self, settings: &mut Settings) -> Result<()> {
        let window = self.window.as_deref().map(|text| named("--window", text, values::time_ms)).transpose()?;
        settings.each_sample = self.is_asked();
        settings.window_ms = window;
        settings.by_steps = self.by_steps;
        Ok(())
    }

    /// The product, or everything that is wrong with it. `devices` are those that it is priced on.
    pub(super) fn product(&self, devices: &[&Device]) -> Result<Product> {
        let mut wrong = Diagnostics::new();
        let powers = [
            ("--board", &self.board),
            ("--host", &self.host),
            ("--sensor", &self.sensor),
            ("--io", &self.io),
            ("--sleep", &self.sleep),
        ];
        let [board, host, sensor, io, sleep] =
            powers.map(|(name, given)| wrong.take(power_of(name, given, devices)).unwrap_or_default());
        let mut one = |name: &str, text: &Option<String>, read: fn(&str) -> std::result::Result<f64, String>| {
            text.as_deref().and_then(|text| wrong.take(named(name, text, read)))
        };
        let request_rate = one("--rate", &self.rate, values::rate_hz).map(Hertz);
        let energy = one("--battery", &self.battery, values::battery_j).map(Joules);
        let depth = one("--depth-of-discharge", &self.depth_of_discharge, above_zero_share);
        let deadline_s = one("--deadline", &self.deadline, values::time_ms).map(|ms| ms * 1e-3);
        let regulator = self.regulator.as_deref().and_then(|text| wrong.take(named("--regulator", text, values::efficiencies)));
        let other = self.other_power.as_deref().and_then(|text| wrong.take(named("--other-power", text, values::powers_w)));
        self.complain_of_company(&mut wrong);
        let battery = energy.map(|energy| Battery {
            energy: Range::point(energy),
            depth_of_discharge: depth.unwrap_or(1.0),
            other: other.map(range),
        });
        wrong.or(Product {
            request_rate,
            board,
            host,
            sensor,
            io,
            sleep,
            regulator_efficiency: regulator.map(|[low, nominal, high]| Range { low, nominal, high }),
            battery,
            deadline_s,
        })
    }

    /// Options that say nothing without others.
    fn complain_of_company(&self, wrong: &mut Diagnostics) {
        let mut without = |name: &str, what: &str, help: &str| {
            wrong.push(Diagnostic::new(what).place(Place::Argument(name.into())).help(help));
        };
        let of_a_system = [
            ("--board", !self.board.is_empty()),
            ("--host", !self.host.is_empty()),
            ("--sensor", !self.sensor.is_empty()),
            ("--io", !self.io.is_empty()),
            ("--sleep", !self.sleep.is_empty()),
            ("--regulator", self.regulator.is_some()),
            ("--battery", self.battery.is_some()),
        ];
        for (name, _) in of_a_system.into_iter().filter(|(_, given)| *given && self.rate.is_none()) {
            without(name, "a system's power depends on how often it is asked", "give --rate, such as --rate 50Hz");
        }
        let of_a_battery =
            [("--depth-of-discharge", self.depth_of_discharge.is_some()), ("--other-power", self.other_power.is_some())];
        for (name, _) in of_a_battery.into_iter().filter(|(_, given)| *given && self.battery.is_none()) {
            without(name, "it is said of a battery, and there is none", "give --battery, such as --battery 10Wh");
        }
    }
}

fn above_zero_share(text: &str) -> std::result::Result<f64, String> {
    values::share(text).and_then(|share| if share > 0.0 { Ok(share) } else { Err("it must be above zero".into()) })
}

fn range([low, nominal, high]: [f64; 3]) -> Range<Watts> {
    Range { low: Watts(low), nominal: Watts(nominal), high: Watts(high) }
}

/// A value of an option, or the complaint at it.
fn named<T>(name: &str, text: &str, read: impl Fn(&str) -> std::result::Result<T, String>) -> Result<T> {
    read(text).map_err(|message| Diagnostic::new(message).place(Place::Argument(name.into())).into())
}

/// Powers of all devices and of single ones.
fn power_of(name: &str, given: &[String], devices: &[&Device]) -> Result<PowerOf> {
    let mut wrong = Diagnostics::new();
    let mut power = PowerOf::default();
    for text in given {
        let (id, value) = match text.split_once('=') {
            Some((id, value)) => (Some(id.trim()), value),
            None => (None, text.as_str()),
        };
        let Some(watts) = wrong.take(named(name, value, values::powers_w)).map(range) else { continue };
        match id {
            None => power.all = Some(watts),
            Some(id) if devices.iter().any(|device| device.id == id) => {
                power.of.insert(id.to_owned(), watts);
            }
            Some(id) => wrong.push(
                Diagnostic::new(format!("`{id}` is none of the devices that are priced"))
                    .place(Place::Argument(name.into()))
                    .help("write ID=P with an id of --device, or P for all of them"),
            ),
        }
    }
    wrong.or(power)
}
