//! The sizes of a network's inputs and outputs.

/// What a built-in network has to know of the data.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dims {
    /// Channels, height and width; for texts 1, 1 and their tokens.
    pub(super) shape: [usize; 3],
    /// Number of classes K.
    pub(super) classes: usize,
    /// Number of different tokens; 1 for images.
    pub(super) vocabulary: usize,
    /// The token that fills up short texts.
    pub(super) padding: u32,
}
