//! The tokenizer, which turns texts into numbers and is stored with a model.

#[cfg(all(feature = "text", not(target_family = "wasm")))]
mod bpe;

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A byte-level BPE over lower-cased words, in the JSON form of Hugging Face's `tokenizers`.
///
/// It cuts at white space and around punctuation, drops accents, and has a token for every byte, so
/// it can encode any text. Token 0 is [padding](Self::PADDING), which no text contains.
///
/// A tokenizer knows the words of the texts it was trained on. It is not retrained when some of
/// them are forgotten: it reveals that a word occurred often enough, but not in which text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokenizer {
    /// Number of tokens.
    vocabulary: usize,
    json: String,
}

/// How the texts of a data set are cut into tokens. Not used for images.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextConfig {
    /// The most tokens in the vocabulary; few texts give fewer.
    pub vocabulary: usize,
    /// Tokens per row: longer texts are cut, shorter ones padded.
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
    /// Too few tokens to cover all bytes, or more than 16 bits can number.
    #[error(
        "a vocabulary of {0} tokens: it must be {least} to {most}",
        least = Tokenizer::MIN_VOCABULARY,
        most = Tokenizer::MAX_VOCABULARY
    )]
    Vocabulary(usize),
    /// More text than a tokenizer is trained on.
    #[error(
        "{0} bytes of text are more than the {most} that a tokenizer is trained on",
        most = Tokenizer::MAX_TEXT
    )]
    TooMuch(usize),
    /// Not what [`Tokenizer::json`] gives.
    #[error("the tokenizer is damaged or was not made by ugradsl: {0}")]
    Foreign(String),
    /// The `tokenizers` library failed.
    #[error("the texts cannot be tokenised: {0}")]
    Failed(String),
}

impl Tokenizer {
    /// Fills the rest of a row that is longer than its text.
    pub const PADDING: u16 = 0;
    /// Padding and every byte.
    const MIN_VOCABULARY: usize = 257;
    const MAX_VOCABULARY: usize = 1 << 16;
    /// Bytes of training text: counts within the trainer have 31 bits.
    const MAX_TEXT: usize = 1 << 30;

    /// Number of tokens, padding included; token numbers are below it.
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
    match (Tokenizer::MIN_VOCABULARY..=Tokenizer::MAX_VOCABULARY).contains(&vocabulary) {
        true => Ok(()),
        false => Err(TokenizerError::Vocabulary(vocabulary)),
    }
}

impl fmt::Debug for Tokenizer {
    /// The JSON is long, so its digest is shown instead.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tuple = f.debug_struct("Tokenizer");
        tuple.field("vocabulary", &self.vocabulary).field("sha256", &self.digest()).finish()
    }
}

#[cfg(all(test, feature = "text", not(target_family = "wasm")))]
mod tests;
