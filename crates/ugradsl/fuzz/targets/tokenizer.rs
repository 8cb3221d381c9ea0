//! `tokenizer.json` of other programs.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ugradsl::data::Tokenizer;

fuzz_target!(|text: &str| {
    let _ = Tokenizer::foreign(text);
});
