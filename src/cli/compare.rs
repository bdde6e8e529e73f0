//! `spikewatt compare`.

use super::devices::OwnDevices;
use super::progress::Bar;
use super::run::{How, Opened};
use super::{Ending, account, interrupt, output, precision};
use spikewatt::dense::twin_of;
use spikewatt::diagnostic::{Diagnostic, Diagnostics, Place, Result};
use spikewatt::energy::{self, Catalogue, Device};
use spikewatt::format::open_dense;
use spikewatt::network::{DenseNetwork, Network, Record};
use spikewatt::report::write_html;
use spikewatt::study::{DEFAULT_DEVICES, Plan, compare_at, dense_result, report, run, sha256_of_file};
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
    /// Price at one tier alone: 1 operations, 2 operations and memory, 3 a chip's profile; without it, at the highest each device has
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=3))]
    tier: Option<u8>,
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
        let (Some(devices), Some(held), Some(shares)) = (devices, held, shares) else { return Err(wrong) };
        let (Some(Opened { network, dataset: Some(dataset), mut provenance }), Some(dense), true) =
            (opened, dense, wrong.is_empty())
        else {
            return Err(wrong);
        };
        let mut settings = self.how.settings();
        settings.record = Some(Record::default());
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
        let comparison = compare_at(self.tier, &devices, &dataset, &outcome, &dense);
        if !self.is_auto() {
            provenance.dense_sha256 = Some(sha256_of_file(&self.dense)?);
        }
        let mut report = report(&network, Some(&dataset), &plan, &outcome, Some(&dense), Some(&comparison), &provenance);
        precision::add(&mut report, &held, &network, Some(&dataset), &plan, &outcome, &Bar::new(self.quiet)).map_err(in_file)?;
        self.accounts.add(&mut report, &outcome, &dense, &comparison);
        if let Some(path) = &self.html {
            write_html(&report, path)?;
        }
        output::give(&report, self.json.as_deref(), self.quiet)?;
        Ok(Ending::of(&outcome))
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
        if let Some(tier) = self.tier
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
