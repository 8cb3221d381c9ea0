//! Pictures of every format.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ugradsl::data::formats::folder::{PictureReading, decode};

fuzz_target!(|bytes: &[u8]| {
    let _ = decode(bytes, &PictureReading::default());
});
