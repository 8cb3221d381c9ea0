//! How a data set is opened.

use std::path::{Path, PathBuf};

use super::super::read_config::ReadConfig;
use super::super::reading::Reading;
use super::super::tokenizer::{TextConfig, Tokenizer};

/// How a data set is opened: where named sets are stored, and how texts become tokens.
#[derive(Debug, Clone, Default)]
pub struct OpenOptions {
    pub(super) text: TextConfig,
    pub(super) tokenizer: Option<Tokenizer>,
    pub(super) root: Option<PathBuf>,
    pub(super) read: ReadConfig,
    /// What the user says now, where a network read its rows before.
    pub(super) said: ReadConfig,
    pub(super) saved: Option<Reading>,
}

impl OpenOptions {
    /// No directory for named sets; texts are cut as in [`TextConfig::default`], by a tokenizer
    /// trained on them.
    pub fn new() -> Self {
        Self::default()
    }

    /// The directory that holds the named data sets.
    pub fn root(mut self, root: impl AsRef<Path>) -> Self {
        self.root = Some(root.as_ref().to_owned());
        self
    }

    /// How data are read, where the data themselves leave it open.
    pub fn read(mut self, read: ReadConfig) -> Self {
        self.read = read;
        self
    }

    /// How the rows of a trained network were read, as
    /// [`Dataset::reading`](crate::data::Dataset::reading) says: others are read in the same
    /// way. What [`read`](Self::read) says, which comes before, is refused where it says
    /// otherwise.
    pub fn as_before(mut self, reading: Reading) -> Self {
        self.said = self.read.clone();
        self.read = self.read.or(&reading.said);
        self.saved = Some(reading);
        self
    }

    /// How texts are cut into tokens.
    pub fn text(mut self, text: TextConfig) -> Self {
        self.text = text;
        self
    }

    /// The tokenizer of a trained network, to cut texts with. Without it one is trained on all
    /// training texts of the data set.
    pub fn tokenizer(mut self, tokenizer: Tokenizer) -> Self {
        self.tokenizer = Some(tokenizer);
        self
    }
}
