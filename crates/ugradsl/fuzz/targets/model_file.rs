//! Model files, and weights from elsewhere in safetensors. What was read is written as it was read.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ugradsl::models::{ModelFile, ModelSpec, import::Weights};

fuzz_target!(|bytes: &[u8]| {
    let _ = Weights::from_safetensors(bytes);
    if let Ok(file) = ModelFile::<ModelSpec>::from_bytes(bytes) {
        let written = file.to_bytes().expect("it was read");
        let again = ModelFile::<ModelSpec>::from_bytes(&written).expect("it was written");
        assert_eq!(again.digest(), file.digest());
    }
});
