//! Machine unlearning: make a trained classifier forget some of its training data, by gradient
//! ascent with negatively smoothed labels (UGradSL and UGradSL+, Di et al., ICLR 2026), on any GPU
//! through wgpu or on the CPU.
//!
//! # Concepts
//!
//! * The training set consists of the **retain set** and the **forget set**, see
//!   [`data::ForgetRequest`] and [`data::Split`].
//! * The **original** network was trained on both. The **retrained** network was trained on the
//!   retain set alone: it is what forgetting should lead to, and the only yardstick.
//! * A **method** ([`unlearn::Method`]) turns the original into something close to the retrained
//!   network, at a fraction of the cost. It is a [`train::Plan`] for the one loop of [`train`]:
//!   which rows come next, what loss they get, what is done to the gradients, what comes last.
//! * Ascent has no floor. **Guards** watch over it, go back when the retained rows suffer, and end
//!   the run when the network recognises the forgotten ones no more than one that never saw them
//!   would.
//! * Nothing here is "higher is better": [`evaluate::Measures`] are read against the retrained
//!   network.
//!
//! # Types
//!
//! | to | use |
//! |---|---|
//! | open a GPU, the CPU, or take the application's own wgpu device | [`device::Device`] |
//! | read data, or build it from memory | [`data::open`], [`data::Dataset`] |
//! | say what is to be forgotten | [`data::ForgetRequest`] |
//! | load and save a built-in network | [`models::ModelSpec`], [`models::ModelFile`] |
//! | use weights from PyTorch | [`models::import::Import`] |
//! | bring a network of one's own | [`models::Classifier`] for a module of [`burn`] |
//! | **make a saved network forget** | [`session::UnlearnModel`] |
//! | train one, run it, ask what forgetting would cost | [`session::TrainModel`], [`session::predict_model`], [`session::AdviseModel`] |
//! | **make a network in memory forget**, and measure it | [`session::Session`] |
//! | ask whether it has forgotten | [`audit::EvaluateModel`], [`audit::relearn()`], [`audit::linear_probe()`] |
//! | follow what happens | [`run::Event`] |
//! | stop and continue later | [`session::Session::checkpoint`] and a [`run::Store`] |
//! | bring a method of one's own | [`train::Plan`] and [`session::SessionBuilder::plan`] |
//! | compare networks and methods of one's own | [`models::NetworkSpec`], [`experiment::ExperimentBuilder::plan`] |
//! | compare methods over seeds with retraining | [`experiment::Experiment`] and [`report::Report`] |
//!
//! # Example
//!
//! ```
//! use std::sync::Arc;
//!
//! use pollster::block_on;
//! use ugradsl::data::{self, ForgetRequest};
//! use ugradsl::device::Device;
//! use ugradsl::models::{Architecture, ModelSpec};
//! use ugradsl::run::Event;
//! use ugradsl::session::Session;
//! use ugradsl::unlearn::Method;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let device = Device::cpu(); // `Device::best()` takes a GPU if there is one
//! let digits = Arc::new(data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(300), Some(100))?);
//! let spec = ModelSpec::fitting(Architecture::Mlp, &digits)?;
//!
//! // The original: trained here, usually read from a file.
//! let fresh = spec.init(0, &device)?;
//! let mut training = Session::builder(fresh, digits.clone(), device.clone()).method(Method::Original).build();
//! let original = block_on(training.run())?.model;
//!
//! let mut session = Session::builder(original, digits, device)
//!     .forget(ForgetRequest::Class(3))
//!     .method(Method::UGradSlPlus)
//!     .seed(1)
//!     .build();
//! while let Some(event) = block_on(session.next())? {
//!     if let Event::GuardCheck { step, forget_accuracy, .. } = event {
//!         println!("step {step}: {:.0} % of the forget set known", 100.0 * forget_accuracy);
//!     }
//! }
//! let forgotten = session.network();
//! let measures = block_on(session.measure(&forgotten))?;
//! println!("UA {:.1}, RA {:.1}, TA {:.1}", measures.ua, measures.ra, measures.ta);
//! # Ok(())
//! # }
//! ```
//!
//! Everything that waits for a device is asynchronous, because a browser offers nothing else, and
//! works with any run-time: natively block on it, as here, or await it. The directory `examples`
//! has a network and a method of one's own, and [`guide`] has the mathematics and longer
//! instructions.
//!
//! # In a larger program
//!
//! Sessions and their futures are [`Send`], and any number of them may run at once, on one device
//! or several. The crate keeps no global state; burn keeps one run-time per device, which lives as
//! long as the process. Dropping a session frees its memory on the device. Nothing is printed, and
//! errors are values.

//! # Features
//!
//! All but `fusion` are on by default; a program that only wants a [`session::Session`] turns them
//! off.
//!
//! | feature | with it | without it |
//! |---|---|---|
//! | `formats` | [`data::open`] reads folders of pictures and texts, tables, arrays and 20 Newsgroups | it reads idx and CIFAR, and says which formats it knows; row numbers to forget come as text only |
//! | `text` | `data::Tokenizer` can be trained and used | both are absent, and opening texts is an error |
//! | `import` | [`models::import`] reads what `torch.save` writes | it reads safetensors |
//! | `html` | reports have `to_html`; with `formats`, too, `record` writes the record of a deletion | these are absent |
//! | `onnx` | [`onnx`] evaluates the graphs of ONNX files | their files are refused |
//! | `fusion` | burn fuses kernels on the GPU | |
//!
//! In a browser `formats`, `text` and `import` change nothing: it has no folders.

#![recursion_limit = "256"]

/// The burn that this crate is built on: for modules of one's own, whose types must be of the
/// same version.
pub use burn;

pub mod audit;
pub mod data;
pub mod device;
mod digest;
pub mod evaluate;
pub mod experiment;
pub mod guide;
mod kernel;
pub mod layers;
pub mod loss;
pub mod models;
mod nearest;
pub mod onnx;
mod random;
#[cfg(all(feature = "html", feature = "formats", not(target_family = "wasm")))]
pub mod record;
pub mod report;
pub mod run;
pub mod self_test;
pub mod session;
mod setters;
pub mod smoothing;
pub mod train;
pub mod unlearn;
mod verdict;

/// The README's Rust, compiled as a test.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}
