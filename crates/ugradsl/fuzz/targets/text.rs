//! Texts, and the headers, footers and quotes of messages.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ugradsl::data::formats::{folder, newsgroups};

fuzz_target!(|bytes: &[u8]| {
    if let Ok((text, _)) = folder::parse_text(bytes.to_vec()) {
        newsgroups::strip(&text);
    }
});
