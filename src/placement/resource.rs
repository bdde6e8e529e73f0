//! What a core can run out of.

use serde::{Deserialize, Serialize};

/// A resource of a core.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resource {
    /// Neurons (places, where a neuron takes several).
    Neurons,
    /// Synapses, of any width.
    Synapses,
    /// Memory for weights, bytes.
    SynapseMemory,
    /// Source neurons that the core hears.
    #[serde(rename = "input-axons")]
    AxonsIn,
    /// Cores that its neurons reach, added up.
    #[serde(rename = "output-axons")]
    AxonsOut,
}

impl Resource {
    /// Every value.
    pub const ALL: &'static [Self] = &[Self::Neurons, Self::Synapses, Self::SynapseMemory, Self::AxonsIn, Self::AxonsOut];

    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Neurons => "neurons",
            Self::Synapses => "synapses",
            Self::SynapseMemory => "synapse-memory",
            Self::AxonsIn => "input-axons",
            Self::AxonsOut => "output-axons",
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Neurons => "neurons",
            Self::Synapses => "synapses",
            Self::SynapseMemory => "bytes of synapse memory",
            Self::AxonsIn => "input axons",
            Self::AxonsOut => "output axons",
        }
    }
}

/// An amount of each resource.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Amounts([u64; Resource::ALL.len()]);

impl Amounts {
    pub(super) fn get(&self, resource: Resource) -> u64 {
        self.0[resource as usize]
    }

    pub(super) fn set(&mut self, resource: Resource, amount: u64) {
        self.0[resource as usize] = amount;
    }

    pub(super) fn add(&mut self, resource: Resource, amount: u64) {
        self.set(resource, self.get(resource) + amount);
    }
}

/// How much of a resource the cores hold, and how full they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Utilisation {
    /// The resource.
    pub resource: Resource,
    /// What one core holds.
    pub limit: u64,
    /// What the fullest core uses.
    pub fullest: u64,
    /// What all cores use.
    pub used: u64,
    /// What is used over what the cores that are in use hold, 0 to 1 (above 1 where the network does not fit).
    pub share: f64,
}
