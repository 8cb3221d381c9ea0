//! Recipes with their axes, and settings.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ugradsl::experiment::{resolve, split_sweep};

fuzz_target!(|text: &str| {
    let _ = resolve(None, &[text.to_owned()]);
    if let Ok((_, rest)) = split_sweep(text) {
        let _ = resolve(Some(&rest), &[]);
    }
});
