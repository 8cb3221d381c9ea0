//! The pickles of CIFAR for Python.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ugradsl::data::formats::arrays::{ArrayOptions, from_cifar_python};

fuzz_target!(|bytes: &[u8]| {
    let files = [("train", bytes), ("test", bytes), ("meta", bytes)];
    let _ = from_cifar_python(&files, &ArrayOptions::default(), None);
});
