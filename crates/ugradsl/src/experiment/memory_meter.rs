//! How much memory a run needs: only the owner of the program's allocator can count it.

/// Counts the host's memory, by whatever means the program has. The count is that of the whole
/// program: experiments that run at the same time see each other's memory.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use ugradsl::experiment::MemoryMeter;
///
/// /// What a program's allocator counts.
/// #[derive(Default)]
/// struct Counter {
///     in_use: AtomicU64,
///     most: AtomicU64,
///     before: AtomicU64,
/// }
///
/// impl MemoryMeter for Counter {
///     fn reset(&self) {
///         let now = self.in_use.load(Ordering::Relaxed);
///         self.before.store(now, Ordering::Relaxed);
///         self.most.store(now, Ordering::Relaxed);
///     }
///
///     fn peak(&self) -> u64 {
///         self.most.load(Ordering::Relaxed).saturating_sub(self.before.load(Ordering::Relaxed))
///     }
/// }
///
/// let counter = Counter::default();
/// counter.in_use.store(100, Ordering::Relaxed);
/// counter.reset();
/// counter.most.store(150, Ordering::Relaxed); // as the allocator does
/// assert_eq!(counter.peak(), 50);
/// ```
pub trait MemoryMeter: Sync {
    /// Starts counting anew, at the beginning of a run.
    fn reset(&self);

    /// The largest number of bytes in use at once since the [`reset`](Self::reset), beyond those in
    /// use at the reset.
    fn peak(&self) -> u64;
}
