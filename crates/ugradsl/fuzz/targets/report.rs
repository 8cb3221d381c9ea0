//! Reports, and records of deletions.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ugradsl::{record::DeletionRecord, report::Report};

fuzz_target!(|text: &str| {
    if let Ok(report) = Report::from_json(text) {
        let _ = (report.to_markdown(), report.to_html(), report.to_csv());
    }
    let _ = DeletionRecord::from_json(text);
});
