//! Counts × device → joules, as ranges with their provenance.
