//! How much memory a run needs: only the owner of the program's allocator can count it.

/// Counts the host's memory, by whatever means the program has. It is the whole program's: experiments that run at once
/// see each other's.
pub trait MemoryMeter: Sync {
    /// A run begins: counts from here.
    fn reset(&self);

    /// The largest number of bytes in use at once since then, beyond what was in use then.
    fn peak(&self) -> u64;
}
