//! MATLAB files of version 5.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ugradsl::data::formats::arrays::{ArrayOptions, from_mat};

fuzz_target!(|bytes: &[u8]| {
    let _ = from_mat(&[("data.mat", bytes)], &ArrayOptions::default(), None);
});
