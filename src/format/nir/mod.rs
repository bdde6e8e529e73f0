//! NIR: trained networks from Python frameworks.
