//! Makes a saved network forget. Its ledger is read and written here, so that rows it has forgotten
//! are not taught again.

mod difference;
mod run;
mod task;
mod unlearned;

pub use difference::Difference;
pub use run::UnlearnRun;
pub use task::UnlearnModel;
pub use unlearned::{SoFar, Unlearned};
