//! Puts the rooms above together: train, forget, evaluate; events, checkpoints, guards.
//!
//! A [`Session`] makes one network forget; it is where an application begins. An [`Experiment`] is a table
//! (methods x seeds) with the original and the retrained network among them. Both consist of [`Run`]s, one
//! plan on one split each, and say what happens by [`Event`]s.

mod advice;
mod apart;
mod config;
mod drift;
mod event;
mod experiment;
mod forgetting;
mod grid;
mod guard;
mod memory;
mod probe;
mod recipe;
mod relearn;
mod run;
mod shadows;
mod store;

pub use advice::{Advice, Cost};
pub use config::{Expectation, ExperimentConfig, OriginalConfig};
pub use drift::{Drift, RETRAIN_LOSS, RETRAIN_SHARE};
pub use event::{Alarm, Event, StoppedBy};
pub use experiment::{
    Experiment, ExperimentError, HeldOut, HistoryPoint, Live, RunRecord, Unfit, is_reference,
};
pub use forgetting::Session;
pub use grid::{Axis, Cell, Grid, GridError, split_sweep};
pub use guard::GuardConfig;
pub use memory::MemoryMeter;
pub use probe::{LinearProbe, ProbeError, linear_probe};
pub use recipe::{RecipeError, resolve, to_toml};
pub use relearn::{RelearnError, RelearnTime, relearn};
pub use run::{Job, Outcome, Run, SessionError};
pub use shadows::{ShadowError, shadow_pairs};
pub use store::{FolderStore, MemoryStore, Store, StoreError, write_atomically};
