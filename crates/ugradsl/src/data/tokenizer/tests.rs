use proptest::prelude::*;

use super::*;

fn corpus() -> Vec<String> {
    let words = ["moon", "rocket", "orbit", "engine", "Brake", "naïve", "wheel's", "x-ray"];
    let text = |i: usize| {
        (0..30).map(|j| words[(i * 7 + j * j) % words.len()]).collect::<Vec<_>>().join(" ")
    };
    (0..40).map(text).collect()
}

fn trained() -> Tokenizer {
    Tokenizer::train(&corpus(), 300).expect("a tokenizer")
}

#[test]
fn the_same_texts_give_the_same_tokenizer() {
    let first = trained();
    assert!((280..=300).contains(&first.vocabulary()), "{}", first.vocabulary());
    let backwards: Vec<String> = corpus().into_iter().rev().collect();
    for _ in 0..8 {
        assert_eq!(trained().json(), first.json());
        let other = Tokenizer::train(&backwards, 300).expect("a tokenizer");
        assert_eq!(other.digest(), first.digest());
    }
    assert_ne!(Tokenizer::train(&corpus()[..1], 300).expect("a tokenizer"), first);
}

#[test]
fn frequent_words_are_tokens_whatever_their_case_and_accents() {
    let tokenizer = trained();
    let one = |text: &str| tokenizer.encode(&[text.to_owned()], 4).expect("tokens");
    let moon = one("moon");
    assert_eq!(moon[1..], [0, 0, 0], "one token, then padding");
    assert!(moon[0] > 256, "not a byte: {moon:?}");
    for same in ["MOON", " moon\n", "\u{feff}moon", "mo\u{301}on"] {
        assert_eq!(one(same), moon, "{same:?}");
    }
    assert_eq!(one("rocket moon moon moon moon")[1..], [moon[0]; 3], "cut");
    assert_ne!(one("amoon")[1], moon[0], "a word's beginning is marked");
}

#[test]
fn no_text_is_unknown_and_none_is_padding() {
    let tokenizer = trained();
    let rows = ["", " \n", "[PAD] [PAD]", "月 🚀 \u{1}"].map(str::to_owned);
    let tokens = tokenizer.encode(&rows, 30).expect("tokens");
    let count = |row: usize| tokens[row * 30..][..30].iter().filter(|&&token| token > 0).count();
    assert_eq!((count(0), count(1)), (0, 0));
    assert!(count(2) >= 6, "the letters of the padding's name are text: {tokens:?}");
    // Their UTF-8 bytes, and a mark in front of each.
    assert_eq!(count(3), 3 + 1 + 4 + 1);
    assert_eq!(tokenizer.encode(&[], 30), Ok(Vec::new()));
}

#[test]
fn few_texts_give_a_small_vocabulary() {
    let tokenizer = Tokenizer::train(&["a b".to_owned()], 8000).expect("a tokenizer");
    assert!((257..262).contains(&tokenizer.vocabulary()), "{}", tokenizer.vocabulary());
    let tokenizer = Tokenizer::train(&[], 8000).expect("a tokenizer");
    assert_eq!(tokenizer.vocabulary(), 257);
    assert!(tokenizer.encode(&corpus(), 8).is_ok());
}

#[test]
fn a_vocabulary_has_its_bounds() {
    for vocabulary in [0, 256, 65_537] {
        let error = Tokenizer::train(&corpus(), vocabulary).expect_err("out of bounds");
        assert_eq!(error, TokenizerError::Vocabulary(vocabulary));
    }
    assert!(Tokenizer::train(&corpus(), 257).is_ok());
}

/// The `tokenizers` library would panic on some of these.
#[test]
fn a_tokenizer_that_was_tampered_with_is_refused() {
    let good = trained();
    type Spoil = fn(&str) -> String;
    let cases: [(Spoil, &str); 7] = [
        (|_| "{".to_owned(), "EOF"),
        (
            |_| "{\"model\":{\"type\":\"WordLevel\",\"vocab\":{}}}".to_owned(),
            "missing field `merges`",
        ),
        (
            |json| json.replacen("\"merges\":[", "\"merges\":[[\"Ġmoon\",\"Ġmoon\"],", 1),
            "into an unknown token",
        ),
        (
            |json| json.replacen("\"merges\":[", "\"merges\":[[\"nothing\",\"\"],", 1),
            "into an unknown token",
        ),
        (|json| json.replacen("\"[PAD]\":0", "\"[PAD]\":7", 1), "not numbered 0 to"),
        (
            |json| json.replacen("\"lowercase\":true", "\"lowercase\":false", 1),
            "it has parts other than",
        ),
        (
            |json| json.replacen("\"truncation\":null", "\"truncation\":{}", 1),
            "it has parts other than",
        ),
    ];
    for (spoil, expected) in cases {
        let json = spoil(good.json());
        assert_ne!(json, good.json(), "{expected}");
        let bad = Tokenizer { json, ..good.clone() };
        let error = bad.encode(&corpus(), 4).expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}\nexpected {expected}");
    }
    let bad = Tokenizer { vocabulary: 301, ..good };
    assert!(bad.encode(&corpus(), 4).is_err());
}

#[test]
fn it_survives_serialisation_and_its_debug_form_is_short() {
    let tokenizer = trained();
    let saved = serde_json::to_string(&tokenizer).expect("JSON");
    assert_eq!(serde_json::from_str::<Tokenizer>(&saved).expect("a tokenizer"), tokenizer);
    let shown = format!("{tokenizer:?}");
    assert!(shown.len() < 120 && shown.contains(&tokenizer.digest()), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_tokens(bytes in prop::collection::vec(1_u8.., 0..200), length in 1_usize..40) {
        let text = crate::data::formats::folder::parse_text(bytes).expect("no zero").0;
        let tokens = trained().encode(&[text.clone(), text], length).expect("tokens");
        prop_assert_eq!(tokens.len(), 2 * length);
        prop_assert_eq!(&tokens[..length], &tokens[length..]);
        prop_assert!(tokens.iter().all(|&token| token < 300));
        // Padding only at the end.
        let end = tokens[..length].iter().position(|&token| token == 0).unwrap_or(length);
        prop_assert!(tokens[end..length].iter().all(|&token| token == 0));
    }

    #[test]
    fn any_texts_train_a_tokenizer(texts in prop::collection::vec("\\PC{0,40}", 0..6)) {
        let tokenizer = Tokenizer::train(&texts, 400).expect("a tokenizer");
        prop_assert_eq!(Tokenizer::train(&texts, 400).expect("the same"), tokenizer.clone());
        prop_assert!(tokenizer.encode(&texts, 20).is_ok());
    }
}

/// A WordPiece tokenizer as `tokenizers` writes it: texts begin with [CLS] and end with [SEP].
fn word_piece() -> String {
    let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "moon", "##s", "rock", "##et"];
    let numbers = pieces.iter().zip(0..).map(|(piece, number)| format!("{piece:?}: {number}"));
    let vocab = numbers.collect::<Vec<_>>().join(", ");
    format!(
        r###"{{ "version": "1.0", "truncation": null, "padding": null,
        "added_tokens": [
            {{ "id": 2, "content": "[CLS]", "single_word": false, "lstrip": false, "rstrip": false,
               "normalized": false, "special": true }}],
        "normalizer": {{ "type": "Lowercase" }}, "pre_tokenizer": {{ "type": "Whitespace" }},
        "post_processor": {{ "type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2] }},
        "decoder": {{ "type": "WordPiece", "prefix": "##", "cleanup": true }},
        "model": {{ "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                   "max_input_chars_per_word": 100, "vocab": {{ {vocab} }} }} }}"###
    )
}

#[test]
fn another_programs_tokenizer_keeps_the_tokens_at_both_ends() {
    let tokenizer = Tokenizer::foreign(word_piece()).expect("a tokenizer");
    assert_eq!((tokenizer.vocabulary(), tokenizer.padding()), (8, 0));
    let texts = ["Moons rocket", "moon moon moon moon", "xyz"].map(str::to_owned);
    let tokens = tokenizer.encode(&texts, 6).expect("tokens");
    assert_eq!(tokens[..6], [2, 4, 5, 6, 7, 3]);
    assert_eq!(tokens[6..12], [2, 4, 4, 4, 4, 3]);
    assert_eq!(tokens[12..], [2, 1, 3, 0, 0, 0]);
    assert_eq!(tokenizer.encode(&texts[1..2], 4), Ok(vec![2, 4, 4, 3]), "cut, with its end");
    let text = tokenizer.decode([&tokens[..6]]).expect("a text");
    assert!(text[0].contains("moon") && !text[0].contains("[CLS]"), "{text:?}");
    // What a model file holds is the same tokenizer.
    let saved = serde_json::to_string(&tokenizer).expect("JSON");
    assert_eq!(serde_json::from_str::<Tokenizer>(&saved).expect("a tokenizer"), tokenizer);
}

#[test]
fn what_is_no_tokenizer_is_said() {
    let padless = word_piece().replace("[PAD]", "[X]");
    let cases = [
        ("{}", "not a tokenizer.json"),
        ("[1, 2", "not a tokenizer.json"),
        (padless.as_str(), "names no token that fills up short texts"),
    ];
    for (json, expected) in cases {
        let error = Tokenizer::foreign(json).expect_err(json).to_string();
        assert!(error.contains(expected), "{error}");
    }
    let forged = |from: &str, to: &str| {
        let tokenizer = Tokenizer::foreign(word_piece()).expect("a tokenizer");
        let json = serde_json::to_string(&tokenizer).expect("JSON").replace(from, to);
        let forged: Tokenizer = serde_json::from_str(&json).expect("a tokenizer");
        forged.encode(&["moon".to_owned()], 4).expect_err("forged").to_string()
    };
    assert!(forged("\"padding\":0", "\"padding\":99").contains("padding 99"));
    assert!(forged("\"vocabulary\":8", "\"vocabulary\":9").contains("another number"));
}
