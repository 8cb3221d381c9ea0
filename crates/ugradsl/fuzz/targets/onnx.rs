//! Graphs in ONNX files. What was read is written as it was read.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;

use ugradsl::onnx::OnnxModel;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(model) = OnnxModel::from_bytes(bytes) {
        let written = model.write(&BTreeMap::new(), None).expect("it was read");
        assert_eq!(written, bytes, "nothing was changed");
    }
});
