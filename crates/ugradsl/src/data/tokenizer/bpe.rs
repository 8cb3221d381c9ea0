//! Training and encoding with Hugging Face's `tokenizers`.

use std::collections::HashMap;

use rayon::prelude::*;
use serde::Deserialize;
use tokenizers::{
    AddedToken, DecoderWrapper, PostProcessorWrapper, TokenizerImpl,
    models::bpe::{BPE, BpeTrainer, Vocab},
    normalizers::BertNormalizer,
    pre_tokenizers::{bert::BertPreTokenizer, byte_level::ByteLevel, sequence::Sequence},
};

use super::{Tokenizer, TokenizerError, check_vocabulary};

/// The name of token [`Tokenizer::PADDING`]. The same characters in a text are ordinary text.
const PADDING: &str = "[PAD]";

type Pipeline = TokenizerImpl<BPE, BertNormalizer, Sequence, PostProcessorWrapper, DecoderWrapper>;

/// The part of the JSON that differs between tokenizers.
#[derive(Deserialize)]
struct Wire {
    model: WireModel,
}

#[derive(Deserialize)]
struct WireModel {
    vocab: HashMap<String, u32>,
    merges: Vec<(String, String)>,
}

impl Tokenizer {
    /// A tokenizer of at most `vocabulary` tokens, made of the most frequent pieces of `texts`. The
    /// same texts give the same tokenizer, bit for bit, in any order.
    ///
    /// # Errors
    /// When the vocabulary is too small for all bytes or needs more than 16 bits, or the texts are
    /// larger than a gigabyte.
    pub fn train(texts: &[String], vocabulary: usize) -> Result<Self, TokenizerError> {
        check_vocabulary(vocabulary)?;
        let bytes = texts.iter().map(String::len).fold(0, usize::saturating_add);
        if bytes > Self::MAX_TEXT {
            return Err(TokenizerError::TooMuch(bytes));
        }
        let mut trainer = BpeTrainer::builder()
            .vocab_size(vocabulary)
            .special_tokens(vec![AddedToken::from(PADDING, true)])
            .initial_alphabet(ByteLevel::alphabet().into_iter().collect())
            .show_progress(false)
            .build();
        let mut pipeline = pipeline(BPE::default())?;
        pipeline.train(&mut trainer, texts.iter()).map_err(failed)?;
        let vocabulary = pipeline.get_vocab_size(true);
        Ok(Self { vocabulary, json: pipeline.to_string(false).map_err(failed)?, padding: None })
    }

    /// The tokens of `texts`, `length` for each: longer texts are cut, shorter ones padded at the
    /// end.
    ///
    /// # Errors
    /// When the tokenizer itself is damaged.
    pub fn encode(&self, texts: &[String], length: usize) -> Result<Vec<u32>, TokenizerError> {
        if self.is_foreign() {
            return self.encode_foreign(texts, length);
        }
        let pipeline = self.pipeline()?;
        let rows = texts.par_iter().map(|text| {
            let encoding = pipeline.encode_fast(text.as_str(), false).map_err(failed)?;
            let tokens = encoding.get_ids().iter().take(length).copied();
            let padding = std::iter::repeat(Self::PADDING);
            Ok::<_, TokenizerError>(tokens.chain(padding).take(length).collect::<Vec<u32>>())
        });
        Ok(rows.collect::<Result<Vec<_>, _>>()?.concat())
    }

    /// The texts of rows of tokens, as far as they were kept: in lower case, without accents, cut
    /// at the length of a row.
    ///
    /// # Errors
    /// When the tokenizer itself is damaged.
    pub fn decode<'a>(
        &self,
        rows: impl IntoIterator<Item = &'a [u32]>,
    ) -> Result<Vec<String>, TokenizerError> {
        let padding = self.padding();
        let text = |row: &[u32]| row.iter().copied().filter(|&token| token != padding).collect();
        let rows: Vec<Vec<u32>> = rows.into_iter().map(text).collect();
        if self.is_foreign() {
            return self.decode_foreign(&rows);
        }
        let pipeline = self.pipeline()?;
        let decode =
            |row: &Vec<u32>| Ok(pipeline.decode(row, true).map_err(failed)?.trim().to_owned());
        rows.iter().map(decode).collect()
    }

    /// Rebuilds the pipeline. Only vocabulary and merges are taken from the JSON, and the rebuilt
    /// pipeline must give the same JSON: the library trusts its input more than a model file
    /// deserves.
    fn pipeline(&self) -> Result<Pipeline, TokenizerError> {
        let foreign = |problem: &dyn ToString| TokenizerError::Foreign(problem.to_string());
        self.check()?;
        let Wire { model: WireModel { vocab, merges } } =
            serde_json::from_str(&self.json).map_err(|error| foreign(&error))?;
        let mut numbers: Vec<u32> = vocab.values().copied().collect();
        numbers.sort_unstable();
        if numbers.len() != self.vocabulary || numbers.iter().zip(0..).any(|(&a, b)| a != b) {
            return Err(foreign(&format!(
                "its tokens are not numbered 0 to {}",
                self.vocabulary - 1
            )));
        }
        if let Some((left, right)) =
            merges.iter().find(|(left, right)| !vocab.contains_key(&format!("{left}{right}")))
        {
            return Err(foreign(&format!(
                "it merges {left:?} and {right:?} into an unknown token"
            )));
        }
        let vocab: Vocab = vocab.into_iter().collect();
        let model = BPE::builder().vocab_and_merges(vocab, merges).build();
        let mut pipeline = pipeline(model.map_err(|error| foreign(&error))?)?;
        let padding = [AddedToken::from(PADDING, true)];
        pipeline.add_special_tokens(padding).map_err(|error| foreign(&error))?;
        if pipeline.to_string(false).map_err(|error| foreign(&error))? != self.json {
            return Err(foreign(&"it has parts other than vocabulary and merges"));
        }
        pipeline.set_encode_special_tokens(true);
        Ok(pipeline)
    }
}

/// Lower case without accents, cut at white space and around punctuation; each piece begins with a
/// mark and goes into the model byte by byte.
fn pipeline(model: BPE) -> Result<Pipeline, TokenizerError> {
    let mut pipeline = Pipeline::new(model);
    let bytes = ByteLevel::default().use_regex(false);
    pipeline.with_pre_tokenizer(Some(Sequence::new(vec![BertPreTokenizer.into(), bytes.into()])));
    pipeline.with_decoder(Some(DecoderWrapper::ByteLevel(bytes)));
    let letters = BertNormalizer::new(true, true, Some(true), true);
    pipeline.with_normalizer(Some(letters)).map_err(failed)?;
    Ok(pipeline)
}

fn failed(error: impl ToString) -> TokenizerError {
    TokenizerError::Failed(error.to_string())
}
