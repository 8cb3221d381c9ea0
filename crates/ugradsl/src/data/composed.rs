//! Names as people compare them: systems write `é` as one character or as two.

/// `text` with accents as parts of their letters (Unicode's NFC).
#[cfg(all(feature = "formats", not(target_family = "wasm")))]
pub(in crate::data) fn composed(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfc().collect()
}

/// Where no file is read, names are compared as they are.
#[cfg(not(all(feature = "formats", not(target_family = "wasm"))))]
pub(in crate::data) fn composed(text: &str) -> String {
    text.to_owned()
}
