//! Files of PyTorch.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ugradsl::models::import::Weights;

fuzz_target!(|bytes: &[u8]| {
    let path = std::env::temp_dir().join(format!("ugradsl-fuzz-{}.pt", std::process::id()));
    std::fs::write(&path, bytes).expect("written");
    let _ = Weights::read(&path);
});
