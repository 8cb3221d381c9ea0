//! Requests, and lists of rows, ids and files.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

use ugradsl::data::{Dataset, ForgetRequest, ImageSet, Normalisation, RowNameKind, RowNames};

/// Six rows with names.
static DATA: LazyLock<Dataset> = LazyLock::new(|| {
    let images = |labels: Vec<u32>| ImageSet::new([1, 1, 1], vec![7; labels.len()], labels);
    let train = images(vec![0, 1, 0, 1, 0, 1]).expect("images");
    let test = images(vec![0, 1]).expect("images");
    let names = ["a/1.png", "a/2.png", "b/1.png", "b/2.png", "3.0", "Zo\u{eb}"].map(str::to_owned);
    let names = RowNames::new(RowNameKind::Id, names.to_vec()).expect("names");
    let data = Dataset::new("data", 2, train, test, Normalisation::identity(1)).expect("a set");
    data.with_row_names(names).expect("as many")
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(request) = str::from_utf8(bytes) {
        let _ = ForgetRequest::parse_for(request, &DATA);
    }
    let list = std::env::temp_dir().join(format!("ugradsl-fuzz-{}", std::process::id()));
    std::fs::write(&list, bytes).expect("written");
    for kind in ["ids", "rows", "files"] {
        let _ = ForgetRequest::parse_for(&format!("{kind}:{}", list.display()), &DATA);
    }
});
