//! The devices that come with the program: one file and one line each.

use super::device::Device;
use crate::diagnostic::{Diagnostic, Diagnostics, Result};
use std::sync::OnceLock;

/// The list of built-in device files. To add a device, write `devices/ID.toml` and add its id here.
macro_rules! device_files {
    ($($id:literal,)+) => {
        /// Name and text of every built-in device file, in the order in which devices are listed.
        pub const DEVICE_FILES: &[(&str, &str)] = &[$((concat!($id, ".toml"), include_str!(concat!("devices/", $id, ".toml")))),+];
    };
}

device_files! {
    "loihi1-table2",
    "loihi1-sanafe",
    "loihi2",
    "truenorth",
    "spinnaker1",
    "spinnaker2-santos28",
    "spinnaker2",
    "brainscales2",
    "dynap-se",
    "dynap-se2",
    "speck",
    "xylo-audio2",
    "akida-akd1000",
    "odin",
    "morphic",
    "reckon",
    "ubrain",
    "tianjic",
    "innatera-t1",
    "darwin3",
    "darwin-wafer",
    "fpga-spikerplus",
    "fpga-neuroaix",
    "generic-digital-45nm-event",
    "human-brain",
    "cl1",
    "asic-45nm-arith",
    "asic-7nm-arith",
    "mcu-m4-l4r5",
    "mcu-m7-h7a3",
    "mcu-m33-u575",
    "syntiant-ndp9120",
    "max78000",
    "edge-tpu",
    "hailo8",
    "eyeriss",
    "northpole",
    "jetson-tx1",
    "movidius-ncs",
    "cpu-xeon-e5-2630",
    "gpu-quadro-k4000",
    "gpu-a100",
    "gpu-h100",
    "gpu-tx2-event",
    "cpu-nest-epyc",
}

/// Every built-in device, in the order of the list.
///
/// # Panics
/// Never: a test reads every built-in file.
#[must_use]
pub fn devices() -> &'static [Device] {
    static DEVICES: OnceLock<Vec<Device>> = OnceLock::new();
    DEVICES.get_or_init(|| match parse_all(DEVICE_FILES) {
        Ok(devices) => devices,
        Err(complaints) => panic!("a test reads every built-in device file:\n{complaints}"),
    })
}

/// A built-in device by its id.
#[must_use]
pub fn device(id: &str) -> Option<&'static Device> {
    devices().iter().find(|device| device.id == id)
}

/// A built-in device by its id, for a person who may have misspelt it.
///
/// # Errors
/// Where there is no such device; the help lists the ids.
pub fn find(id: &str) -> Result<&'static Device> {
    device(id).ok_or_else(|| {
        let ids: Vec<_> = devices().iter().map(|device| device.id.as_str()).collect();
        let message = format!("unknown device {}", crate::diagnostic::quoted(id));
        Diagnostic::new(message).help(format!("devices are {}", ids.join(", "))).into()
    })
}

/// Reads several device files, given as (name, text).
///
/// # Errors
/// Everything that is wrong with any of them, and ids that stand in two.
pub fn parse_all(files: &[(&str, &str)]) -> Result<Vec<Device>> {
    let mut complaints = Diagnostics::new();
    let mut devices: Vec<Device> = Vec::new();
    for (file, text) in files {
        let Some(device) = complaints.take(Device::parse(text, file)) else { continue };
        if devices.iter().any(|other| other.id == device.id) {
            complaints.push(Diagnostic::at("id", format!("device `{}` is declared twice", device.id)).file(file));
        }
        devices.push(device);
    }
    complaints.or(devices)
}
