//! The allocator: it counts the memory in use, for the reports, and keeps freed memory, for speed.

use std::alloc::System;

use peakmem_alloc::{INSTRUMENTED_SYSTEM, PeakMemAlloc, PeakMemAllocTrait};
use ugradsl::experiment::MemoryMeter;

#[global_allocator]
static ALLOCATOR: &PeakMemAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The counting allocator of this program.
pub(crate) struct Allocator;

impl MemoryMeter for Allocator {
    fn reset(&self) {
        ALLOCATOR.reset_peak_memory();
    }

    fn peak(&self) -> u64 {
        ALLOCATOR.get_peak_memory() as u64
    }
}

/// Tells glibc to keep freed memory for the next layer. Tensors of a network are large and live
/// briefly; by default each of them is mapped, cleared page by page and unmapped, which took a
/// third of training's time on the CPU (docs/benchmarks.md). On other systems this does nothing.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "glibc offers this setting in C only")]
pub(crate) fn keep() {
    const TOP_PAD: libc::c_int = 256 << 20;
    // SAFETY: three settings of the allocator, made before the program has a second thread. A
    // setting that glibc refuses changes nothing.
    unsafe {
        libc::mallopt(libc::M_MMAP_MAX, 0);
        libc::mallopt(libc::M_TRIM_THRESHOLD, libc::c_int::MAX);
        libc::mallopt(libc::M_TOP_PAD, TOP_PAD);
    }
}

/// Does nothing: this system does not use glibc.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn keep() {}
