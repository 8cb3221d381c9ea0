//! The module behind `import ugradsl`: the library's use cases for Python, as thin as `ugradsl-web`
//! is for JavaScript.
//!
//! Arrays come in by Python's buffer protocol and are copied once, into the library's own memory.
//! Events, results and settings cross the border as JSON, which the package in `python/ugradsl`
//! turns into typed values. The interpreter's lock is free while something is computed or read.

#![recursion_limit = "256"]

mod arrays;
mod checkpoint;
mod comparison;
mod data;
mod device;
mod error;
mod measure;
mod network;
mod process;
mod record;
mod report;
mod request;
mod run;
mod settings;
mod source;
mod untrained;

use std::ffi::OsString;

use pyo3::prelude::*;

/// Runs the command line `arguments`, the program's name first, and returns its exit code.
#[pyfunction]
fn cli(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| ugradsl_cli::main_with(arguments))
}

/// Refuses to compile a class whose values Python's allocator would not align.
const fn is_aligned<T>() {
    assert!(align_of::<T>() <= 16, "put what is aligned to more than 16 bytes into a box");
}

const _: () = {
    is_aligned::<comparison::Comparison>();
    is_aligned::<data::Dataset>();
    is_aligned::<network::Network>();
    is_aligned::<report::Report>();
    is_aligned::<run::Run>();
    is_aligned::<record::Trained>();
    is_aligned::<record::Unlearned>();
};

/// What the package calls.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<comparison::Comparison>()?;
    module.add_class::<data::Dataset>()?;
    module.add_class::<network::Network>()?;
    module.add_class::<report::Report>()?;
    module.add_class::<run::Run>()?;
    module.add_class::<record::Trained>()?;
    module.add_class::<record::Unlearned>()?;
    module.add_function(wrap_pyfunction!(cli, module)?)?;
    module.add_function(wrap_pyfunction!(device::describe, module)?)?;
    module.add_function(wrap_pyfunction!(measure::advise, module)?)?;
    module.add_function(wrap_pyfunction!(measure::evaluate, module)?)?;
    module.add_function(wrap_pyfunction!(measure::fitted, module)?)?;
    module.add_function(wrap_pyfunction!(measure::predict, module)?)?;
    module.add_function(wrap_pyfunction!(process::set_num_threads, module)?)?;
    module.add_function(wrap_pyfunction!(settings::defaults, module)?)?;
    Ok(())
}
