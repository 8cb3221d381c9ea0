//! Machine unlearning by gradient ascent with negative label smoothing, on any GPU.

#![recursion_limit = "256"]

pub mod data;
pub mod device;
pub mod evaluate;
mod kernel;
pub mod loss;
pub mod models;
pub mod session;
pub mod smoothing;
pub mod train;
pub mod unlearn;
pub mod report;
pub mod self_test;
