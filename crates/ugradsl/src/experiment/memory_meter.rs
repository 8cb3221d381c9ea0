//! How much memory a run needs: whoever owns the program's allocator can say, this library cannot.

/// Counts the host's memory, by whatever means the program has. It is the whole program's: experiments that run at once
/// see each other's.
pub trait MemoryMeter: Sync {
    /// A run begins: counts from here.
    fn reset(&self);

    /// Bytes at most in use at once since then, beyond what was in use then.
    fn peak(&self) -> u64;
}
