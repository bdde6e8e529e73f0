//! What happened, in numbers, words and tables.
