//! One model: it is trained, or it forgets, and is measured.
//!
//! A [`Session`] makes one network forget; it is where an application begins. It drives one
//! [`Run`](crate::run::Run) and says what happens by [`Event`](crate::run::Event)s.

mod advice;
mod drift;
#[allow(clippy::module_inception, reason = "the room is named after what it holds")]
mod session;

pub use advice::{Advice, Cost};
pub use drift::{Drift, RETRAIN_LOSS, RETRAIN_SHARE};
pub use session::Session;
