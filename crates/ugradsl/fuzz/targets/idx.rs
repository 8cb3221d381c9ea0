//! The idx files of MNIST and its relatives.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ugradsl::data::formats::idx;

fuzz_target!(|bytes: &[u8]| {
    let _ = (idx::parse_images(bytes), idx::parse_labels(bytes));
});
