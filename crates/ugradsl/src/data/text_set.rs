//! Labelled texts as rows of tokens.

use thiserror::Error;

use super::tokenizer::Tokenizer;

/// Labelled texts, all of the same length in tokens: token numbers in the order row,
/// position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextSet {
    length: usize,
    tokens: Vec<u32>,
    labels: Vec<u32>,
    tokenizer: Tokenizer,
}

/// Why numbers are not a set of labelled texts.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TextSetError {
    /// A length that no network takes.
    #[error("rows of {0} tokens: there must be 1 to {most}", most = TextSet::LONGEST)]
    Length(usize),
    /// More rows than a `u32` can number.
    #[error("{0} rows are more than the {most} that can be numbered", most = u32::MAX)]
    TooManyRows(usize),
    /// Tokens and labels do not match.
    #[error("{found} tokens do not fit {rows} labels and texts of {length} tokens each")]
    Count {
        /// Number of labels.
        rows: usize,
        /// Tokens per row.
        length: usize,
        /// Tokens found.
        found: usize,
    },
    /// A token that the tokenizer does not have.
    #[error(
        "token {token} at position {position} of row {row}, but the vocabulary has {vocabulary}"
    )]
    Token {
        /// The token.
        token: u32,
        /// Where in its row, from 0.
        position: usize,
        /// Row of the text, from 0.
        row: usize,
        /// Number of tokens in the vocabulary.
        vocabulary: usize,
    },
}

impl TextSet {
    /// The most tokens that a row may have: the memory of attention grows with their square.
    pub const LONGEST: usize = 1024;

    /// A set of `labels.len()` texts, cut into tokens by `tokenizer`.
    ///
    /// # Shapes
    /// * `tokens`: `[labels.len(), length]`, row-major
    ///
    /// # Errors
    /// When the length is zero or above [`LONGEST`](Self::LONGEST), the number of tokens does not
    /// match length and labels, or a token is not in the tokenizer's vocabulary.
    pub fn new(
        length: usize,
        tokens: Vec<u32>,
        labels: Vec<u32>,
        tokenizer: Tokenizer,
    ) -> Result<Self, TextSetError> {
        let (rows, found, vocabulary) = (labels.len(), tokens.len(), tokenizer.vocabulary());
        if !(1..=Self::LONGEST).contains(&length) {
            return Err(TextSetError::Length(length));
        }
        if u32::try_from(rows).is_err() {
            return Err(TextSetError::TooManyRows(rows));
        }
        if rows.checked_mul(length) != Some(found) {
            return Err(TextSetError::Count { rows, length, found });
        }
        match tokens.iter().position(|&token| token as usize >= vocabulary) {
            Some(at) => {
                let (row, position, token) = (at / length, at % length, tokens[at]);
                Err(TextSetError::Token { token, position, row, vocabulary })
            }
            None => Ok(Self { length, tokens, labels, tokenizer }),
        }
    }

    /// Number of texts.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no texts.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Tokens of every row, padding included.
    pub fn length(&self) -> usize {
        self.length
    }

    /// All tokens, `[len, length]`, row-major.
    pub fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    /// The tokens of one text, padding included.
    ///
    /// # Panics
    /// When there is no row `i`, as indexing a slice does.
    pub fn row(&self, i: usize) -> &[u32] {
        &self.tokens[i * self.length..(i + 1) * self.length]
    }

    /// One class number per row.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// The tokenizer that cut the texts.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// Gives the texts other class numbers.
    pub(super) fn relabel(&mut self, number: impl Fn(u32) -> u32) {
        self.labels.iter_mut().for_each(|label| *label = number(*label));
    }

    /// The given rows, which must exist, in the given order.
    pub(super) fn select(&self, rows: &[u32]) -> Self {
        let tokens = rows.iter().flat_map(|&row| {
            let start = row as usize * self.length;
            &self.tokens[start..start + self.length]
        });
        Self {
            length: self.length,
            tokens: tokens.copied().collect(),
            labels: rows.iter().map(|&row| self.labels[row as usize]).collect(),
            tokenizer: self.tokenizer.clone(),
        }
    }
}
