//! `.npy` and `.npz` files, by their first bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ugradsl::data::formats::arrays::{ArrayOptions, from_numpy};

fuzz_target!(|bytes: &[u8]| {
    let _ = from_numpy(&[("data", bytes)], &ArrayOptions::default(), None);
});
