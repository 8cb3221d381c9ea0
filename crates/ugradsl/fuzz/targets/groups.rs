//! Lists of the groups of rows.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ugradsl::data::formats::groups_file;

fuzz_target!(|bytes: &[u8]| {
    let _ = (groups_file::parse_text(bytes), groups_file::parse_csv(bytes));
});
