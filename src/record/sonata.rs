//! Results as HDF5 in SONATA's layout.
