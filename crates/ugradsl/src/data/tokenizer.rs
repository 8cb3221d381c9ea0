//! The tokenizer, which turns texts into numbers and is stored with a model.

#[cfg(all(feature = "text", not(target_family = "wasm")))]
mod bpe;
#[cfg(all(feature = "text", not(target_family = "wasm")))]
mod foreign;

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Cuts texts into tokens; in the JSON form of Hugging Face's `tokenizers`.
///
/// [Trained](Self::train) here it is a byte-level BPE over lower-cased words: it cuts at white
/// space and around punctuation, drops accents, and has a token for every byte, so it can encode
/// any text. Its token 0 is padding, which no text contains. That of a network from elsewhere is
/// [read](Self::foreign) from its file.
///
/// A tokenizer knows the words of the texts it was trained on. It is not retrained when some of
/// them are forgotten: it reveals that a word occurred often enough, but not in which text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokenizer {
    /// Number of tokens.
    vocabulary: usize,
    json: String,
    /// The token that fills up short texts, of a tokenizer that another program made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    padding: Option<u32>,
}

/// How the texts of a data set are cut into tokens. Not used for images.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextConfig {
    /// The most tokens in the vocabulary; few texts give fewer.
    pub vocabulary: usize,
    /// Tokens per row: longer texts are cut, shorter ones padded.
    pub length: usize,
    /// File of the tokenizer of a network from elsewhere (`tokenizer.json`), which cuts the texts.
    /// Without one, a tokenizer of at most `vocabulary` tokens is trained on the training
    /// texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokenizer: Option<String>,
}

impl Default for TextConfig {
    fn default() -> Self {
        Self { vocabulary: 8000, length: 128, tokenizer: None }
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
    /// A file that is not a tokenizer, or one that cannot be used.
    #[error("not a tokenizer.json that can be used: {0}")]
    Unusable(String),
    /// More tokens than a float counts exactly.
    #[error("a tokenizer of {0} tokens: there may be {most}", most = Tokenizer::MOST)]
    Most(usize),
    /// The `tokenizers` library failed.
    #[error("the texts cannot be tokenised: {0}")]
    Failed(String),
}

impl Tokenizer {
    /// Fills the rest of a row that is longer than its text, if the tokenizer was trained here.
    pub(crate) const PADDING: u32 = 0;
    /// Padding and every byte.
    const MIN_VOCABULARY: usize = 257;
    const MAX_VOCABULARY: usize = 1 << 16;
    /// Tokens of a tokenizer from elsewhere: a float, as which they reach a network, counts so far.
    const MOST: usize = 1 << 24;
    /// Bytes of training text: counts within the trainer have 31 bits.
    const MAX_TEXT: usize = 1 << 30;

    /// Number of tokens, padding included; token numbers are below it.
    pub fn vocabulary(&self) -> usize {
        self.vocabulary
    }

    /// The token that fills the rest of a row that is longer than its text.
    pub fn padding(&self) -> u32 {
        self.padding.unwrap_or(Self::PADDING)
    }

    /// Whether another program made it.
    pub fn is_foreign(&self) -> bool {
        self.padding.is_some()
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
        match self.padding {
            None => check_vocabulary(self.vocabulary),
            Some(_) if self.vocabulary > Self::MOST => Err(TokenizerError::Most(self.vocabulary)),
            Some(padding) if padding as usize >= self.vocabulary => Err(TokenizerError::Foreign(
                format!("its padding {padding} is not one of its {} tokens", self.vocabulary),
            )),
            Some(_) => Ok(()),
        }
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
