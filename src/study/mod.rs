//! The main job, from opened files to a report: run a network, or compare it with its dense twin.
//!
//! The command line and the viewer both stand on this floor; it prints nothing and knows no terminal.

mod accounts;
mod answers;
mod assemble;
pub mod bench;
mod check;
mod compare;
mod curves;
mod forms;
mod layers;
mod lessons;
mod machine;
mod names;
mod pieces;
mod plain;
mod plan;
mod precision;
mod pricer;
mod progress;
mod replay;
mod run;
mod samples;
mod variants;
pub mod verify;
mod work;

pub use accounts::account_part;
pub use answers::{Answers, PowerOf, Product, answers};
pub use assemble::{Provenance, report};
pub use check::{BudgetLine, Budgets, Held, check};
pub use compare::{
    Comparison, DEFAULT_DEVICES, DenseResult, DenseVariant, OnCores, compare, compare_at, dense_result, estimates, priced,
};
pub use forms::FormPrices;
pub use layers::{dense_shares, layer_counts, layers};
pub use machine::{memory_bytes, peak_memory_bytes, reset_peak_memory, sha256_of_file};
pub use pieces::{Pieces, windows};
pub use plan::{Keep, Plan, Settings, TaskPlan};
pub use precision::{DevicePrecision, PrecisionResult, device_precision, precision_part, run_as_held};
pub use pricer::{Pricer, SoFar};
pub use progress::{Progress, Quiet, Steps};
pub use replay::{Repeated, held_to, run_again};
pub use run::{Outcome, TaskOutcome, run};
pub use work::{dense_input, spiking_work};
