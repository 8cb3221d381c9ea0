//! Every parser with any bytes: none of them may panic. The fuzzer (`fuzz/`) and a short run of the tests call these.

use std::sync::LazyLock;

use ugradsl::data::{Dataset, ForgetRequest, ImageSet, Normalisation, RowNameKind, RowNames};

/// The idx files of MNIST and its relatives.
pub(crate) fn idx(bytes: &[u8]) {
    use ugradsl::data::formats::idx;
    let _ = (idx::parse_images(bytes), idx::parse_labels(bytes));
}

/// The binary files of CIFAR-10 and CIFAR-100.
pub(crate) fn cifar(bytes: &[u8]) {
    use ugradsl::data::formats::{CifarKind, cifar};
    let _ = (cifar::parse(bytes, CifarKind::Cifar10), cifar::parse(bytes, CifarKind::Cifar100));
}

/// `.npy` and `.npz` files, by their first bytes.
pub(crate) fn numpy(bytes: &[u8]) {
    use ugradsl::data::formats::arrays::{ArrayOptions, from_numpy};
    let _ = from_numpy(&[("data", bytes)], &ArrayOptions::default(), None);
}

/// MATLAB files of version 5.
pub(crate) fn mat(bytes: &[u8]) {
    use ugradsl::data::formats::arrays::{ArrayOptions, from_mat};
    let _ = from_mat(&[("data.mat", bytes)], &ArrayOptions::default(), None);
}

/// The pickles of CIFAR for Python.
pub(crate) fn pickle(bytes: &[u8]) {
    use ugradsl::data::formats::arrays::{ArrayOptions, from_cifar_python};
    let files = [("train", bytes), ("test", bytes), ("meta", bytes)];
    let _ = from_cifar_python(&files, &ArrayOptions::default(), None);
}

/// Tables, and that a table is read again by its own reading.
pub(crate) fn table(bytes: &[u8]) {
    use ugradsl::data::formats::table::{TableOptions, parse};
    let options = TableOptions::default();
    if let Ok(tables) = parse(bytes, None, &options, None) {
        let again = parse(bytes, None, &options, Some(&tables.reading)).expect("read before");
        assert_eq!(again.train, tables.train);
    }
}

/// Lists of the groups of rows.
pub(crate) fn groups(bytes: &[u8]) {
    use ugradsl::data::formats::groups_file;
    let _ = (groups_file::parse_text(bytes), groups_file::parse_csv(bytes));
}

/// Texts, and the headers, footers and quotes of messages.
pub(crate) fn text(bytes: &[u8]) {
    use ugradsl::data::formats::{folder, newsgroups};
    if let Ok((text, _)) = folder::parse_text(bytes.to_vec()) {
        newsgroups::strip(&text);
    }
}

/// Pictures of every format.
pub(crate) fn picture(bytes: &[u8]) {
    use ugradsl::data::formats::folder::{PictureReading, decode};
    let _ = decode(bytes, &PictureReading::default());
}

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

/// Requests, and lists of rows, ids and files.
pub(crate) fn ids(bytes: &[u8]) {
    if let Ok(request) = str::from_utf8(bytes) {
        let _ = ForgetRequest::parse_for(request, &DATA);
    }
    let list = std::env::temp_dir().join(format!("ugradsl-fuzz-{}", std::process::id()));
    std::fs::write(&list, bytes).expect("written");
    for kind in ["ids", "rows", "files"] {
        let _ = ForgetRequest::parse_for(&format!("{kind}:{}", list.display()), &DATA);
    }
}

/// `tokenizer.json` of other programs.
pub(crate) fn tokenizer(bytes: &[u8]) {
    use ugradsl::data::Tokenizer;
    let Ok(text) = str::from_utf8(bytes) else { return };
    let _ = Tokenizer::foreign(text);
}

/// Model files, and weights from elsewhere in safetensors. What was read is written as it was read.
pub(crate) fn model_file(bytes: &[u8]) {
    use ugradsl::models::{ModelFile, ModelSpec, import::Weights};
    let _ = Weights::from_safetensors(bytes);
    if let Ok(file) = ModelFile::<ModelSpec>::from_bytes(bytes) {
        let written = file.to_bytes().expect("it was read");
        let again = ModelFile::<ModelSpec>::from_bytes(&written).expect("it was written");
        assert_eq!(again.digest(), file.digest());
    }
}

/// Files of PyTorch.
pub(crate) fn pytorch(bytes: &[u8]) {
    use ugradsl::models::import::Weights;
    let path = std::env::temp_dir().join(format!("ugradsl-fuzz-{}.pt", std::process::id()));
    std::fs::write(&path, bytes).expect("written");
    let _ = Weights::read(&path);
}

/// Graphs in ONNX files. What was read is written as it was read.
pub(crate) fn onnx(bytes: &[u8]) {
    use std::collections::BTreeMap;
    use ugradsl::onnx::OnnxModel;
    if let Ok(model) = OnnxModel::from_bytes(bytes) {
        let written = model.write(&BTreeMap::new(), None).expect("it was read");
        assert_eq!(written, bytes, "nothing was changed");
    }
}

/// Recipes with their axes, and settings.
pub(crate) fn recipe(bytes: &[u8]) {
    use ugradsl::experiment::{resolve, split_sweep};
    let Ok(text) = str::from_utf8(bytes) else { return };
    let _ = resolve(None, &[text.to_owned()]);
    if let Ok((_, rest)) = split_sweep(text) {
        let _ = resolve(Some(&rest), &[]);
    }
}

/// Reports, and records of deletions.
pub(crate) fn report(bytes: &[u8]) {
    use ugradsl::{record::DeletionRecord, report::Report};
    let Ok(text) = str::from_utf8(bytes) else { return };
    if let Ok(report) = Report::from_json(text) {
        let _ = (report.to_markdown(), report.to_html(), report.to_csv());
    }
    let _ = DeletionRecord::from_json(text);
}

/// The name of a parser, and what gives it bytes.
type Target = (&'static str, fn(&[u8]));

/// All of them.
pub(crate) const ALL: &[Target] = &[
    ("idx", idx),
    ("cifar", cifar),
    ("numpy", numpy),
    ("mat", mat),
    ("pickle", pickle),
    ("table", table),
    ("groups", groups),
    ("text", text),
    ("picture", picture),
    ("ids", ids),
    ("tokenizer", tokenizer),
    ("model_file", model_file),
    ("pytorch", pytorch),
    ("onnx", onnx),
    ("recipe", recipe),
    ("report", report),
];
