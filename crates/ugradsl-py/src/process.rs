//! What belongs to the process: its threads, and whether it may compute at all.

use std::sync::OnceLock;

use pyo3::prelude::*;

use crate::error::{Failure, Result};

/// The process that computed first.
static COMPUTES: OnceLock<u32> = OnceLock::new();

/// Refuses a process that was forked from one that has computed: the threads of the pool and the
/// device were not forked with it, and waiting for them would never end.
pub(crate) fn enter() -> Result<()> {
    let here = std::process::id();
    let first = *COMPUTES.get_or_init(|| here);
    match first == here {
        true => Ok(()),
        false => Err(Failure::new(
            "ForkError",
            format!(
                "process {here} was forked from process {first}, which had computed with ugradsl before: its threads \
                 and its device were not forked with it. Start the workers before anything is computed, or start new \
                 processes: multiprocessing.set_start_method(\"spawn\")"
            ),
        )),
    }
}

/// Sets how many threads compute on the CPU.
#[pyfunction]
pub(crate) fn set_num_threads(threads: i64) -> PyResult<()> {
    let refused = |problem: &str| Err(Failure::setting(problem).into());
    let Some(threads) =
        usize::try_from(threads).ok().filter(|threads| (1..=1024).contains(threads))
    else {
        return refused(&format!("{threads} threads: there must be 1 to 1024"));
    };
    enter()?;
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build_global() {
        Ok(()) => Ok(()),
        Err(_) if rayon::current_num_threads() == threads => Ok(()),
        Err(_) => refused(&format!(
            "{} threads are running already: set their number before anything is computed, or by the environment \
             variable RAYON_NUM_THREADS",
            rayon::current_num_threads()
        )),
    }
}
