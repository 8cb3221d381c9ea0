//! What is drawn. A view reads the state and sends commands; it computes nothing and waits for
//! nothing.

mod controls;
mod curves;
mod networks;
mod samples;
mod style;

pub(crate) use controls::{controls, progress};
pub(crate) use curves::curves;
pub(crate) use networks::networks;
pub(crate) use samples::Samples;
pub(crate) use style::dress;
