//! One suite for every backend: the kernels, the training step and the weights must come out the
//! same on the CPU and on a GPU (a software one such as lavapipe counts), and the same as PyTorch.
//!
//! Every test walks a table of cases on every backend of this machine and reports all cases that
//! failed, not the first. Without a GPU adapter that half prints `skipped: no adapter`; with
//! `UGRADSL_REQUIRE_GPU=1` in the environment it fails instead.

#![recursion_limit = "256"]
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

// With fusion only the kernels are tested; whole networks are left to the run without it.
#[cfg(not(feature = "fusion"))]
mod architectures;
mod layers;
mod loss;
mod neighbours;
mod resident;
mod step;
mod support;
mod weights;
