//! The devices that come with the program, one file and one line each, and those that a person adds.

use super::device::Device;
use crate::diagnostic::{Diagnostic, Diagnostics, Result, quoted};
use std::io::Read;
use std::path::Path;
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
    "asic-45nm-memory",
    "asic-7nm-memory",
    "mcu-m4-l4r5",
    "mcu-m7-h7a3",
    "mcu-m33-u575",
    "syntiant-ndp9120",
    "max78000",
    "gap8",
    "edge-tpu",
    "hailo8",
    "eyeriss",
    "northpole",
    "jetson-nano",
    "jetson-tx1",
    "jetson-tx2",
    "jetson-orin-nano",
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
    find_in(devices(), id)
}

fn find_in<'d>(devices: &'d [Device], id: &str) -> Result<&'d Device> {
    devices.iter().find(|device| device.id == id).ok_or_else(|| {
        let ids: Vec<_> = devices.iter().map(|device| device.id.as_str()).collect();
        let message = format!("unknown device {}", quoted(id));
        Diagnostic::new(message).help(format!("devices are {}", ids.join(", "))).into()
    })
}

/// Devices to price on: the built-in ones, and those of a folder, which add to them or take their place.
#[derive(Debug, Clone)]
pub struct Catalogue {
    devices: Vec<Device>,
    /// Ids of the devices that came from a folder.
    added: Vec<String>,
}

/// A device file is a few kilobytes; what is much longer is something else.
const LONGEST_FILE: u64 = 1 << 20;

impl Catalogue {
    /// The built-in devices.
    #[must_use]
    pub fn built_in() -> Self {
        Self { devices: devices().to_vec(), added: Vec::new() }
    }

    /// The built-in devices and those of the `.toml` files of a folder, in the order of their names. A device with the id of a built-in one takes its
    /// place in the list; others come after.
    ///
    /// # Errors
    /// Where the folder cannot be read or holds no device file, and everything that is wrong with any of its files, with file and line: bad
    /// TOML, figures without source, grade or unit, ids that stand in two files.
    pub fn with_dir(path: &Path) -> Result<Self> {
        let mut files = Vec::new();
        let unreadable = |error: std::io::Error| {
            Diagnostic::new(format!("the folder cannot be read: {error}")).file(path).help("give a folder of device files")
        };
        for entry in std::fs::read_dir(path).map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.path();
            if file.extension().is_some_and(|extension| extension == "toml") {
                files.push(file);
            }
        }
        files.sort();
        if files.is_empty() {
            let help = "a device is a file like those of src/energy/devices: `spikewatt devices ID` shows what one holds";
            return Err(Diagnostic::new("the folder holds no .toml file").file(path).help(help).into());
        }
        let mut complaints = Diagnostics::new();
        let mut named = Vec::new();
        for file in &files {
            match read(file) {
                Ok(text) => named.push((file.display().to_string(), text)),
                Err(complaint) => complaints.push(complaint.file(file)),
            }
        }
        let texts: Vec<_> = named.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let own = complaints.take(parse_all(&texts)).unwrap_or_default();
        let mut catalogue = Self::built_in();
        catalogue.added = own.iter().map(|device| device.id.clone()).collect();
        for device in own {
            match catalogue.devices.iter_mut().find(|other| other.id == device.id) {
                Some(place) => *place = device,
                None => catalogue.devices.push(device),
            }
        }
        complaints.or(catalogue)
    }

    /// Every device, in the order of the list.
    #[must_use]
    pub fn devices(&self) -> &[Device] {
        &self.devices
    }

    /// The ids of the devices that came from a folder.
    #[must_use]
    pub fn added(&self) -> &[String] {
        &self.added
    }

    /// A device by its id.
    ///
    /// # Errors
    /// Where there is no such device; the help lists the ids.
    pub fn find(&self, id: &str) -> Result<&Device> {
        find_in(&self.devices, id)
    }
}

/// The text of a device file.
fn read(path: &Path) -> std::result::Result<String, Diagnostic> {
    let cannot = |error: std::io::Error| Diagnostic::new(format!("the file cannot be read: {error}"));
    let file = std::fs::File::open(path).map_err(cannot)?;
    let mut bytes = Vec::new();
    file.take(LONGEST_FILE + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > LONGEST_FILE {
        return Err(Diagnostic::new("the file is longer than 1 MiB").help("a device file is a few kilobytes of TOML"));
    }
    String::from_utf8(bytes).map_err(|_| Diagnostic::new("the file is no UTF-8 text").help("a device file is TOML"))
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
