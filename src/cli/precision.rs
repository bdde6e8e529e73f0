//! Options that change what a network is held in: the bits of devices, and weights left out.

use spikewatt::dataset::Dataset;
use spikewatt::diagnostic::{Diagnostic, Diagnostics, Place, Result};
use spikewatt::energy::Device;
use spikewatt::network::Network;
use spikewatt::report::Report;
use spikewatt::study::{DevicePrecision, Outcome, Plan, Progress, device_precision, precision_part, run_as_held};

/// Devices whose precision a network is run in.
#[derive(Debug, clap::Args)]
pub(super) struct InBits {
    /// Run the network again with weights, and state where it is published, in the bits of these devices, and tell the accuracy that remains
    #[arg(long, value_delimiter = ',', value_name = "ID,…")]
    device_precision: Vec<String>,
}

/// A device and how it holds weights.
pub(super) type Held<'d> = (&'d Device, DevicePrecision);

impl InBits {
    /// The devices as `find` finds them, or everything that is wrong with them.
    pub(super) fn devices<'d>(&self, has_input: bool, find: impl Fn(&str) -> Result<&'d Device>) -> Result<Vec<Held<'d>>> {
        let mut wrong = Diagnostics::new();
        if !self.device_precision.is_empty() && !has_input {
            wrong.push(
                Diagnostic::new("what a device's precision leaves is told by answers, and no data set is given")
                    .place(Place::Argument("--device-precision".into()))
                    .help("give --input DATA, a data set in HDF5, NPY or CSV"),
            );
        }
        let mut devices = Vec::new();
        for id in &self.device_precision {
            let Some(device) = wrong.take(find(id)) else { continue };
            devices.extend(wrong.take(device_precision(device)).map(|held| (device, held)));
        }
        wrong.or(devices)
    }
}

/// Puts what is left of the network on devices into the report.
pub(super) fn add(
    report: &mut Report,
    devices: &[Held<'_>],
    network: &Network,
    dataset: Option<&Dataset>,
    plan: &Plan,
    outcome: &Outcome,
    progress: &dyn Progress,
) -> Result<()> {
    if let (Some(dataset), false) = (dataset, devices.is_empty() || outcome.partial) {
        let results = run_as_held(devices, network, dataset, plan, progress)?;
        report.precision = precision_part(&results, dataset, outcome);
    }
    Ok(())
}

/// Shares of weights to leave out, each 0 to 1, or everything that is wrong with them.
pub(super) fn shares(given: &[String]) -> Result<Vec<f64>> {
    let mut wrong = Diagnostics::new();
    let mut shares = Vec::new();
    for text in given {
        match text.trim().parse::<f64>() {
            Ok(share) if (0.0..=1.0).contains(&share) => shares.push(share),
            _ => wrong.push(
                Diagnostic::new(format!("expected a share of weights from 0 to 1, found `{text}`"))
                    .place(Place::Argument("--prune".into()))
                    .help("write shares such as --prune 0.5,0.9"),
            ),
        }
    }
    wrong.or(shares)
}
