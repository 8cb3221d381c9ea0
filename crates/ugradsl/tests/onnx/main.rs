//! Graphs of ONNX files against other programs: ONNX's own test cases of operators, and exported
//! networks against onnxruntime and PyTorch.
//!
//! Small networks lie in the repository. The rest needs files that scripts make
//! (`scripts/onnx_node_tests.py`, `scripts/export_networks.py`): where the environment does not
//! name their folder, a test says that it is skipped. `cargo xtask test` (step `onnx`) makes the
//! first.

#![recursion_limit = "256"]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "counts and differences are what these tests are run for"
)]

mod networks;
mod nodes;
mod support;
