//! What a person says of a product: the system around a chip, and what it must keep.

use crate::energy::system::{Battery, SystemEstimate, SystemSettings, idle_power, system};
use crate::energy::{Boundary, Device, DeviceKind, EnergyEstimate, Hertz, Range, Watts};
use std::collections::BTreeMap;

/// A power of every device, with those of single devices in its place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PowerOf {
    /// Of every device that has none of its own.
    pub all: Option<Range<Watts>>,
    /// Of single devices, by id.
    pub of: BTreeMap<String, Range<Watts>>,
}

impl PowerOf {
    fn on(&self, device: &str) -> Option<Range<Watts>> {
        self.of.get(device).copied().or(self.all)
    }
}

/// What a person says of a product. What is absent is not priced, and not asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Product {
    /// Answers a second; without it there is no system.
    pub request_rate: Option<Hertz>,
    /// Board; left out where the figures of a device are those of a board.
    pub board: PowerOf,
    /// Host processor beside the chip.
    pub host: PowerOf,
    /// Sensor.
    pub sensor: PowerOf,
    /// Bringing the sensor's data to the chip.
    pub io: PowerOf,
    /// What a chip draws where it sleeps between answers.
    pub sleep: PowerOf,
    /// Efficiency of the regulators; 0.8 to 0.95 where nobody says.
    pub regulator_efficiency: Option<Range<f64>>,
    /// The battery.
    pub battery: Option<Battery>,
    /// The time within which an answer must come, seconds.
    pub deadline_s: Option<f64>,
}

impl Product {
    /// The system around a device; `None` without a rate of requests, without a price of tier 3, and for living tissue.
    fn settings(&self, device: &Device, estimate: &EnergyEstimate) -> Option<SystemSettings> {
        let rate = self.request_rate?;
        if estimate.tier != 3 || estimate.energy_per_sample.is_none() || estimate.kind == DeviceKind::Biological {
            return None;
        }
        let on = |power: &PowerOf| power.on(&estimate.device);
        let at = SystemSettings::at(rate);
        let is_system = estimate.boundary == Boundary::System;
        let beside = |power: &PowerOf| on(power).filter(|_| !is_system);
        Some(SystemSettings {
            board: on(&self.board).filter(|_| estimate.boundary == Boundary::Chip),
            host: beside(&self.host),
            sensor: on(&self.sensor),
            io: beside(&self.io),
            sleep: on(&self.sleep),
            idle: idle_power(device),
            // What is measured at the plug has its regulators inside.
            regulator_efficiency: match self.regulator_efficiency {
                _ if is_system => Range::point(1.0),
                Some(given) => given,
                None => at.regulator_efficiency,
            },
            battery: self.battery,
            ..at
        })
    }

    /// The system around the device of an estimate, where there is one to be priced.
    ///
    /// # Errors
    /// Where a power, an efficiency or a battery is none.
    pub fn system(&self, device: &Device, estimate: &EnergyEstimate) -> crate::diagnostic::Result<Option<SystemEstimate>> {
        let mut found = self.settings(device, estimate).map(|settings| system(estimate, &settings)).transpose()?;
        if let Some(found) = &mut found
            && estimate.boundary != Boundary::Chip
            && self.board.on(&estimate.device).is_some()
        {
            found.caveats.push(format!("the figures of this device are of a {}: no board was added", estimate.boundary));
        }
        Ok(found)
    }
}
