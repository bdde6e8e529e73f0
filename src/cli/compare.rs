//! `spikewatt compare`.

use super::devices::OwnDevices;
use super::product::ProductOptions;
use super::progress::Bar;
use super::run::{How, Opened};
use super::{Ending, account, interrupt, output, precision};
use spikewatt::dense::twin_of;
use spikewatt::diagnostic::{Diagnostic, Diagnostics, Place, Result};
use spikewatt::energy::{self, Catalogue, Device};
use spikewatt::format::open_dense;
use spikewatt::network::{DenseNetwork, Network, Record};
use spikewatt::report::write_html;
use spikewatt::study::{DEFAULT_DEVICES, Plan, answers, compare_at, dense_result, report, run, sha256_of_file};
use std::path::{Path, PathBuf};

/// Run a spiking network and a dense one on the same samples, and price both.
///
/// The first line of the report is the verdict, also where the spiking network loses.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  spikewatt compare networks/digits.nir --input datasets/digits.h5 --dense networks/digits-mlp.onnx
  spikewatt compare networks/digits.nir --input datasets/digits.h5 --device loihi1-sanafe,mcu-m4-l4r5 --json -
  spikewatt compare networks/digits.nir --input datasets/digits.h5 --html report.html
  spikewatt compare networks/digits.nir --input datasets/digits.h5 --device-precision loihi1-sanafe,odin --prune 0.5,0.9
  spikewatt compare networks/digits.nir --input datasets/digits.h5 --account keras-spiking,spiking-jelly
  spikewatt compare networks/digits.nir --input datasets/digits.h5 --rate 50Hz --board 0.5W --sensor 10mW --battery 10Wh --deadline 15ms
  spikewatt compare model.nir --input test.npy --dense auto --encode rate --steps 25")]
pub(super) struct Args {
    /// The spiking network: NIR or TOML
    network: PathBuf,
    #[command(flatten)]
    how: How,
    /// The dense network: ONNX or NIR, or `auto` for the spiking network's own layers with ReLU in place of its neurons
    #[arg(long, default_value = "auto", value_name = "MODEL|auto")]
    dense: PathBuf,
    /// Devices to price on (`spikewatt devices` lists them), or `all`
    #[arg(long, value_delimiter = ',', value_name = "ID,…")]
    device: Option<Vec<String>>,
    #[command(flatten)]
    own: OwnDevices,
    /// Price at one tier alone: 1 operations, 2 operations and memory, 3 a chip's profile, 4 the system around it (which --rate asks for);
    /// without it, at the highest each device has
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=4))]
    tier: Option<u8>,
    #[command(flatten)]
    product: ProductOptions,
    #[command(flatten)]
    in_bits: precision::InBits,
    #[command(flatten)]
    accounts: account::Accounts,
    /// Run the dense network also without these shares of its weights, the smallest of all layers; it is not trained again
    #[arg(long, value_delimiter = ',', value_name = "SHARE,…", allow_hyphen_values = true)]
    prune: Vec<String>,
    /// Write the report as JSON; `-` for standard output
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the report as a page of HTML that needs nothing else to be read
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Print no text and no progress
    #[arg(long)]
    quiet: bool,
}

impl Args {
    pub(super) fn run(&self) -> Result<Ending> {
        interrupt::listen(self.quiet)?;
        let mut wrong = Diagnostics::new();
        let catalogue = wrong.take(self.own.catalogue());
        let devices = catalogue.as_ref().and_then(|catalogue| wrong.take(self.devices(catalogue)));
        // Without samples there is a complaint of its own.
        let held = match &catalogue {
            Some(catalogue) => wrong.take(self.in_bits.devices(true, |id| catalogue.find(id))),
            None => None,
        };
        let shares = wrong.take(precision::shares(&self.prune));
        let product = wrong.take(self.product.product(devices.as_deref().unwrap_or_default()));
        let mut settings = self.how.settings();
        wrong.take(self.product.keep(&mut settings));
        self.complain_of_tier(&mut wrong);
        if self.how.input.is_none() {
            wrong.push(
                Diagnostic::new("a comparison needs samples that both networks run on")
                    .place(Place::Argument("--input".into()))
                    .help("give --input DATA, a data set in HDF5, NPY or CSV"),
            );
        }
        let opened = wrong.take(self.how.open(&self.network));
        let dense = match &opened {
            Some(opened) => wrong.take(self.dense_network(&opened.network)),
            // What is wrong with the dense file is told all the same.
            None if self.is_auto() => None,
            None => wrong.take(open_dense(&self.dense)),
        };
        if self.html.as_deref() == Some(Path::new("-")) {
            wrong.push(
                Diagnostic::new("a page of HTML is written to a file")
                    .place(Place::Argument("--html".into()))
                    .help("give it a name, such as --html report.html"),
            );
        }
        let (Some(devices), Some(held), Some(shares), Some(product)) = (devices, held, shares, product) else {
            return Err(wrong);
        };
        let (Some(Opened { network, dataset: Some(dataset), mut provenance }), Some(dense), true) =
            (opened, dense, wrong.is_empty())
        else {
            return Err(wrong);
        };
        settings.record = Some(Record::default());
        settings.digest = self.json.is_some() || self.html.is_some();
        settings.neuron_spikes = true;
        let in_file = |wrong: Diagnostics| wrong.in_file(&self.network);
        let plan = Plan::new(&network, Some(&dataset), &settings).map_err(in_file)?;
        let in_dense = |wrong: Diagnostics| if self.is_auto() { in_file(wrong) } else { wrong.in_file(&self.dense) };
        let mut dense = dense_result(dense, &dataset, &plan).map_err(in_dense)?;
        let outcome = run(&network, Some(&dataset), &plan, &Bar::new(self.quiet)).map_err(in_file)?;
        if interrupt::too_early(&outcome) {
            return Ok(Ending::Interrupted);
        }
        if outcome.partial {
            // Both sides tell of the same samples.
            dense = dense_result(dense.network, &dataset, &outcome.done).map_err(in_dense)?;
        }
        let dense = dense.with_variants(&dataset, &outcome.done, &shares).map_err(in_dense)?;
        let mut comparison = compare_at(self.tier.filter(|tier| *tier < 4), &devices, &dataset, &outcome, &dense);
        let mut answered = None;
        if self.product.is_asked() {
            let found = answers(&product, &devices, &comparison.estimates, &comparison.placements, &outcome, Some(&dataset))?;
            match self.tier {
                Some(4) => comparison.keep_systems(found.systems, &dataset, &outcome, &dense),
                _ => {
                    comparison.add_systems(found.systems);
                }
            }
            answered = Some(found.part);
        }
        if let Some(replay) = &mut provenance.replay {
            replay.dense = Some(self.dense.display().to_string());
        }
        if !self.is_auto() {
            provenance.dense_sha256 = Some(sha256_of_file(&self.dense)?);
        }
        let mut report = report(&network, Some(&dataset), &plan, &outcome, Some(&dense), Some(&comparison), &provenance);
        report.answers = answered;
        precision::add(&mut report, &held, &network, Some(&dataset), &plan.bare(), &outcome, &Bar::new(self.quiet))
            .map_err(in_file)?;
        self.accounts.add(&mut report, &outcome, &dense, &comparison);
        if let Some(path) = &self.html {
            write_html(&report, path)?;
        }
        output::give(&report, self.json.as_deref(), self.quiet)?;
        Ok(Ending::of(&outcome))
    }

    /// What tiers and the system ask of one another.
    fn complain_of_tier(&self, wrong: &mut Diagnostics) {
        let mut complain =
            |message: &str, help: &str| wrong.push(Diagnostic::new(message).place(Place::Argument("--tier".into())).help(help));
        match self.tier {
            Some(4) if !self.product.has_system() => {
                complain("tier 4 prices the system, and nobody said how often it is asked", "give --rate, such as --rate 50Hz");
            }
            Some(1 | 2) if self.product.has_system() => {
                complain("a system is built around a chip, whose profile is tier 3", "leave --tier out, or give --tier 4");
            }
            _ => {}
        }
    }

    fn is_auto(&self) -> bool {
        self.dense.as_os_str() == "auto"
    }

    fn dense_network(&self, network: &Network) -> Result<DenseNetwork> {
        if self.is_auto() { twin_of(network).map_err(|wrong| wrong.in_file(&self.network)) } else { open_dense(&self.dense) }
    }

    /// The devices to price on: those that were named, or the default ones and those that were added.
    fn devices<'c>(&self, catalogue: &'c Catalogue) -> Result<Vec<&'c Device>> {
        let ids: Vec<&str> = match &self.device {
            None => {
                let mut ids = DEFAULT_DEVICES.to_vec();
                ids.extend(catalogue.added().iter().map(String::as_str).filter(|id| !DEFAULT_DEVICES.contains(id)));
                ids
            }
            Some(ids) if ids.iter().any(|id| id == "all") => {
                catalogue.devices().iter().map(|device| device.id.as_str()).collect()
            }
            Some(ids) => ids.iter().map(String::as_str).collect(),
        };
        let mut wrong = Diagnostics::new();
        let found: Vec<&Device> = ids.iter().filter_map(|id| wrong.take(catalogue.find(id))).collect();
        if let Some(tier) = self.tier.map(|tier| tier.min(3))
            && wrong.is_empty()
            && !found.iter().any(|device| energy::tiers(device).contains(&tier))
        {
            let each: Vec<_> =
                found.iter().map(|device| format!("{} has {}", device.id, numbers(&energy::tiers(device)))).collect();
            wrong.push(
                Diagnostic::new(format!("none of the devices has a model of tier {tier}"))
                    .place(Place::Argument("--tier".into()))
                    .help(each.join(", ")),
            );
        }
        wrong.or(found)
    }
}

fn numbers(tiers: &[u8]) -> String {
    let tiers: Vec<_> = tiers.iter().map(u8::to_string).collect();
    tiers.join(" and ")
}
