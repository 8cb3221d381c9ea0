//! How texts become numbers, as a value that travels with a model.

#[cfg(all(feature = "text", not(target_family = "wasm")))]
mod bpe;

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A byte-level BPE over lower-cased words, in the JSON form of Hugging Face's `tokenizers`.
///
/// It cuts at white space and around punctuation, drops accents, and knows a token for every byte, so there is
/// no text that it cannot take. Token 0 is [padding](Self::PADDING) and stands for nothing in a text.
///
/// A tokenizer that was trained on texts knows their words. It is not made anew when some of them are
/// forgotten: what it gives away is that a word occurred often enough, not in which text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokenizer {
    /// Number of tokens.
    vocabulary: usize,
    json: String,
}

/// How the texts of a data set are cut into tokens. Images have no use for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextConfig {
    /// Tokens that the tokenizer may know, if there are as many to be found.
    pub vocabulary: usize,
    /// Tokens of a row: longer texts are cut, shorter ones padded.
    pub length: usize,
}

impl Default for TextConfig {
    fn default() -> Self {
        Self { vocabulary: 8000, length: 128 }
    }
}

impl TextConfig {
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Why texts cannot be turned into tokens.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenizerError {
    /// Too few tokens to know all bytes, or more than 16 bits can number.
    #[error(
        "a vocabulary of {0} tokens: it must be {least} to {most}",
        least = Tokenizer::LEAST,
        most = Tokenizer::MOST
    )]
    Vocabulary(usize),
    /// More than is trained on.
    #[error("{0} bytes of text are more than the {most} that a tokenizer is trained on", most = Tokenizer::MOST_TEXT)]
    TooMuch(usize),
    /// Not what [`Tokenizer::json`] gives.
    #[error("the tokenizer is not one of ugradsl's, or damaged: {0}")]
    Foreign(String),
    /// The library behind it failed.
    #[error("the texts cannot be tokenised: {0}")]
    Failed(String),
}

impl Tokenizer {
    /// What fills a row that is longer than its text.
    pub const PADDING: u16 = 0;
    /// Padding and every byte.
    const LEAST: usize = 257;
    const MOST: usize = 1 << 16;
    /// Counts within the trainer have 31 bits.
    const MOST_TEXT: usize = 1 << 30;

    /// Number of tokens, padding included: all of them are below.
    pub fn vocabulary(&self) -> usize {
        self.vocabulary
    }

    /// The JSON that Hugging Face's `tokenizers` reads.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// SHA-256 of the JSON, as 64 hexadecimal digits.
    pub fn digest(&self) -> String {
        crate::digest::bytes(self.json.as_bytes())
    }

    pub(crate) fn check(&self) -> Result<(), TokenizerError> {
        check_vocabulary(self.vocabulary)
    }
}

fn check_vocabulary(vocabulary: usize) -> Result<(), TokenizerError> {
    match (Tokenizer::LEAST..=Tokenizer::MOST).contains(&vocabulary) {
        true => Ok(()),
        false => Err(TokenizerError::Vocabulary(vocabulary)),
    }
}

impl fmt::Debug for Tokenizer {
    /// The JSON is long: its digest stands for it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tuple = f.debug_struct("Tokenizer");
        tuple.field("vocabulary", &self.vocabulary).field("sha256", &self.digest()).finish()
    }
}

#[cfg(all(test, feature = "text", not(target_family = "wasm")))]
mod tests;
