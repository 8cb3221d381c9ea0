use std::fs;

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

use super::*;

fn write(root: &Path, files: &[(&str, &[u8])]) {
    for (name, bytes) in files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        fs::write(path, bytes).expect("written");
    }
}

const FILES: [(&str, &[u8]); 5] = [
    ("20news-bydate-train/sci.space/9", b"From: a\n\nThe moon.\n\nAnna"),
    ("20news-bydate-train/sci.space/10", b"From: b\n\n> moon\nNo \xefce there.\n"),
    ("20news-bydate-train/rec.autos/7", b"no blank line"),
    ("20news-bydate-test/rec.autos/8", b"From: a\n\nBrakes.\n"),
    ("20news-bydate-test/sci.space/1", b"From: a\n\nOrbit.\n"),
];

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        tar.append_data(&mut header, name, *bytes).expect("added");
    }
    tar.into_inner().and_then(GzEncoder::finish).expect("packed")
}

#[test]
fn unpacked_or_not_it_is_the_same() {
    let root = tempfile::tempdir().expect("a temporary directory");
    assert_eq!(found(root.path()), None);
    let path = root.path().join("20news-bydate.tar.gz");
    fs::write(&path, archive(&FILES)).expect("written");
    assert_eq!(found(root.path()).as_ref(), Some(&path));
    let packed = read(&path).expect("a data set");
    assert_eq!(packed.classes, ["rec.autos", "sci.space"]);
    assert_eq!(packed.train.texts, ["", "No ïce there.\n", "The moon."]);
    assert_eq!(packed.train.labels, [0, 1, 1]);
    assert_eq!(packed.test.texts, ["Brakes.\n", "Orbit.\n"]);

    write(root.path(), &FILES);
    let folder = found(root.path()).expect("the folder");
    assert!(folder.ends_with("20news-bydate-train"), "the folder goes first");
    assert_eq!(read(&folder).expect("a data set"), packed);
}

#[test]
fn an_archive_that_is_too_large_is_refused_wherever_the_limit_falls() {
    let root = tempfile::tempdir().expect("a temporary directory");
    let path = root.path().join("20news-bydate.tar.gz");
    fs::write(&path, archive(&FILES)).expect("written");
    // A header and a block for each file; two more blocks mark the end.
    let files = FILES.len() as u64 * 1024;
    for largest in (0..=files).step_by(256) {
        archive::unpack(&path, largest).expect_err("cut");
    }
    assert!(archive::unpack(&path, files + 1025).is_ok());
}

#[test]
fn damaged_and_foreign_archives_are_named() {
    let root = tempfile::tempdir().expect("a temporary directory");
    let whole = archive(&FILES);
    let elsewhere = [("other/sci.space/1", &b"moon"[..]), ("../20news-bydate-train/a/1", b"moon")];
    let binary = [FILES[0], FILES[4], ("20news-bydate-train/sci.space/11", b"\0")];
    let cases: [(&str, Vec<u8>, &str); 7] = [
        ("cut.tar.gz", whole[..whole.len() / 2].to_vec(), "cannot read ROOT/cut.tar.gz: "),
        ("text.tar.gz", b"moon".to_vec(), "cannot read ROOT/text.tar.gz: "),
        ("text.tar.xz", b"moon".to_vec(), "cannot read ROOT/text.tar.xz: "),
        ("empty.tar.gz", archive(&[]), "ROOT/empty.tar.gz/20news-bydate-train holds no folders"),
        (
            "other.tar.gz",
            archive(&elsewhere[..1]),
            "ROOT/other.tar.gz/20news-bydate-train holds no folders",
        ),
        (
            "half.tar.gz",
            archive(&FILES[..4]),
            "ROOT/half.tar.gz/20news-bydate-test lacks newsgroups that \
             ROOT/half.tar.gz/20news-bydate-train has: sci.space",
        ),
        (
            "binary.tar.gz",
            archive(&binary),
            "ROOT/binary.tar.gz/20news-bydate-train/sci.space/11: byte 0 is zero",
        ),
    ];
    for (name, bytes, expected) in cases {
        let path = root.path().join(name);
        fs::write(&path, bytes).expect("written");
        let error = read(&path).expect_err(name).to_string();
        let message = error.replace(&root.path().display().to_string(), "ROOT");
        assert!(message.starts_with(expected), "{message}\nexpected {expected}");
    }
}

/// The digests were computed in Python with scikit-learn's three functions on the unpacked archive.
#[test]
fn the_original_is_stripped_as_scikit_learn_does() {
    let root = std::env::var_os("UGRADSL_DATA").map(PathBuf::from);
    let Some(found) = root.and_then(|root| found(&root)) else {
        #[allow(clippy::print_stderr, reason = "a skipped test says so")]
        {
            eprintln!("skipped: 20 Newsgroups is not there (UGRADSL_DATA)");
        }
        return;
    };
    let folder = read(&found).expect("20 Newsgroups");
    assert_eq!((folder.classes.len(), folder.classes[0].as_str()), (20, "alt.atheism"));
    let digest = |texts: &Texts| {
        let mut hasher = Sha256::new();
        for text in &texts.texts {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text);
        }
        let digest: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let empty = texts.texts.iter().filter(|text| text.trim().is_empty()).count();
        (texts.texts.len(), empty, digest)
    };
    let train = "c5f3e6757a8af927c29134bd1d72c54d814f8e20afef4a1f422c0ad34c301138";
    let test = "9ced69c8abd48eecc572f29de7daff823ff1cb5ffd71e36e1153261a91900682";
    assert_eq!(digest(&folder.train), (11_314, 300, train.to_owned()));
    assert_eq!(digest(&folder.test), (7_532, 215, test.to_owned()));
}
