//! Tables, and that a table is read again by its own reading.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ugradsl::data::formats::table::{TableOptions, parse};

fuzz_target!(|bytes: &[u8]| {
    let options = TableOptions::default();
    if let Ok(tables) = parse(bytes, None, &options, None) {
        let again = parse(bytes, None, &options, Some(&tables.reading)).expect("read before");
        assert_eq!(again.train, tables.train);
    }
});
