//! Tokenizers of other programs, in the `tokenizer.json` of Hugging Face: WordPiece, byte-level
//! BPE, Unigram.

use rayon::prelude::*;
use tokenizers::{Tokenizer as Pipeline, TruncationParams};

use super::{Tokenizer, TokenizerError};

/// What tokenizers call the token that fills up short texts, if their file does not say. Those that
/// have none are used with the token that ends a text.
const PADDINGS: [&str; 6] = ["[PAD]", "<pad>", "<|pad|>", "<PAD>", "<|endoftext|>", "</s>"];

impl Tokenizer {
    /// A tokenizer that another program made, from the JSON of its file. It cuts texts as it does
    /// there: with the tokens that begin and end a text, which are kept where a text is cut.
    ///
    /// # Errors
    /// When the JSON is not a tokenizer, it has more than 2^24 tokens, or none that could fill up
    /// short texts.
    ///
    /// # Example
    ///
    /// ```
    /// use ugradsl::data::Tokenizer;
    ///
    /// let json = r#"{ "version": "1.0", "added_tokens": [], "normalizer": { "type": "Lowercase" },
    ///     "pre_tokenizer": { "type": "Whitespace" }, "post_processor": null, "decoder": null,
    ///     "model": { "type": "WordLevel", "vocab": { "[PAD]": 0, "[UNK]": 1, "moon": 2 }, "unk_token": "[UNK]" } }"#;
    /// let words = Tokenizer::foreign(json)?;
    /// assert_eq!(words.encode(&["Moon mission".to_owned()], 3)?, [2, 1, 0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn foreign(json: impl Into<String>) -> Result<Self, TokenizerError> {
        let json = json.into();
        let pipeline = read(&json)?;
        let vocabulary = vocabulary(&pipeline);
        let named = || PADDINGS.iter().find_map(|name| pipeline.token_to_id(name));
        let padding = pipeline.get_padding().map(|padding| padding.pad_id).or_else(named);
        let padding = padding.ok_or_else(|| {
            TokenizerError::Unusable(format!(
                "it names no token that fills up short texts, and has none of {}",
                PADDINGS.join(", ")
            ))
        })?;
        let tokenizer = Self { vocabulary, json, padding: Some(padding) };
        tokenizer.check()?;
        Ok(tokenizer)
    }

    /// The tokens of `texts`, by the pipeline that another program made.
    pub(super) fn encode_foreign(
        &self,
        texts: &[String],
        length: usize,
    ) -> Result<Vec<u32>, TokenizerError> {
        let mut pipeline = self.foreign_pipeline()?;
        let truncation = TruncationParams { max_length: length, ..TruncationParams::default() };
        pipeline.with_truncation(Some(truncation)).map_err(failed)?;
        let rows = texts.par_iter().map(|text| {
            let encoding = pipeline.encode_fast(text.as_str(), true).map_err(failed)?;
            let padding = std::iter::repeat(self.padding());
            let tokens = encoding.get_ids().iter().copied().take(length);
            Ok::<_, TokenizerError>(tokens.chain(padding).take(length).collect::<Vec<u32>>())
        });
        Ok(rows.collect::<Result<Vec<_>, _>>()?.concat())
    }

    /// The text of tokens, without special ones.
    pub(super) fn decode_foreign(&self, rows: &[Vec<u32>]) -> Result<Vec<String>, TokenizerError> {
        let pipeline = self.foreign_pipeline()?;
        rows.iter().map(|row| pipeline.decode(row, true).map_err(failed)).collect()
    }

    fn foreign_pipeline(&self) -> Result<Pipeline, TokenizerError> {
        self.check()?;
        let mut pipeline = read(&self.json)?;
        if vocabulary(&pipeline) != self.vocabulary {
            return Err(TokenizerError::Foreign("it has another number of tokens".to_owned()));
        }
        pipeline.with_padding(None);
        Ok(pipeline)
    }
}

fn read(json: &str) -> Result<Pipeline, TokenizerError> {
    let unusable = |error: tokenizers::Error| TokenizerError::Unusable(error.to_string());
    json.parse().map_err(unusable)
}

/// One more than the largest token: numbers may be left out.
fn vocabulary(pipeline: &Pipeline) -> usize {
    pipeline.get_vocab(true).into_values().max().map_or(0, |largest| largest as usize + 1)
}

fn failed(error: impl ToString) -> TokenizerError {
    TokenizerError::Failed(error.to_string())
}
