//! Machine unlearning: make a trained classifier forget some of its training data, by gradient ascent
//! with negatively smoothed labels (UGradSL and UGradSL+, Di et al., ICLR 2026), on any GPU through
//! wgpu or on the CPU.
//!
//! # Concepts
//!
//! * The training set consists of the **retain set** and the **forget set**, see
//!   [`data::ForgetRequest`] and [`data::Split`].
//! * The **original** network was trained on both. The **retrained** network was trained on the
//!   retain set alone: it is what forgetting should lead to, and the only yardstick.
//! * A **method** ([`unlearn::Method`]) turns the original into something close to the retrained
//!   network, at a fraction of the cost. It is a [`train::Plan`] for the one loop of [`train`].
//! * An **experiment** ([`session::Experiment`]) runs methods over seeds beside the original and the
//!   retrained network, yields [`session::Event`]s, and ends in a [`report::Report`].
//!
//! # Example
//!
//! ```
//! use ugradsl::{data, device::Device, report::Report};
//! use ugradsl::session::{Experiment, MemoryStore, resolve};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Defaults, with a few settings over them; a recipe file could stand in for `None`.
//! let settings = ["architecture=mlp", "limit_train=300", "limit_test=100", "training.epochs=2"];
//! let config = resolve(None, &settings.map(str::to_owned))?;
//! let digits = data::open(&config.data, None)?.limit(config.limit_train, config.limit_test)?;
//! let requests = vec![data::ForgetRequest::parse("class:3")?];
//!
//! let mut store = MemoryStore::default();
//! let mut experiment = Experiment::new(config, digits, requests, Device::cpu(), false)?;
//! while let Some(event) = pollster::block_on(experiment.next(&mut store))? {
//!     let _ = event; // a front end draws it
//! }
//! let report = Report::new(&experiment);
//! assert_eq!(report.summary.len(), 4); // original, retrain, ugradsl, ugradsl-plus
//! # Ok(())
//! # }
//! ```
//!
//! In a browser everything is the same, with `.await` instead of `pollster`.

#![recursion_limit = "256"]

/// The burn that this crate is built on: for modules of one's own, whose types must be of the same version.
pub use burn;

pub mod data;
pub mod device;
pub mod evaluate;
mod kernel;
pub mod loss;
pub mod models;
pub mod report;
pub mod self_test;
pub mod session;
pub mod smoothing;
pub mod train;
pub mod unlearn;
