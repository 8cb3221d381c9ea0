use proptest::prelude::*;

use super::*;
use crate::data::formats::native::folder::find;
use crate::data::formats::native::folder::tests::write;

/// Two classes: three and one text to train on, one each to test on.
fn folder() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a temporary directory");
    let files: [(&str, &[u8]); 7] = [
        ("train/space/b.txt", b"rocket"),
        ("train/space/a", b"moon"),
        ("train/space/zoe/9.eml", "naïve".as_bytes()),
        ("train/cars/1", b"na\xefve brake"),
        ("train/cars/.hidden", b"no"),
        ("test/cars/1", b""),
        ("test/space/1", b"orbit"),
    ];
    files.iter().for_each(|(name, bytes)| write(root.path(), name, bytes));
    root
}

#[test]
fn classes_and_rows_go_by_name() {
    let root = folder();
    assert_eq!(find(root.path()), Some(Kind::Texts));
    let found = read_texts(root.path(), &FolderOptions::default()).expect("a data set");
    assert_eq!(found.classes, ["cars", "space"]);
    assert_eq!(found.train.rows, ["naïve brake", "moon", "rocket", "naïve"]);
    assert_eq!(found.train.paths[3], "space/zoe/9.eml");
    assert_eq!(found.train.groups.expect("groups")[3].as_deref(), Some("zoe"));
    assert_eq!(found.test.expect("a test part").rows, ["", "orbit"], "an empty text is a text");
    assert!(found.notes.contains(&"1 text: not UTF-8, read as Latin-1".to_owned()));
}

#[test]
fn texts_without_parts_are_found_by_their_names() {
    let root = tempfile::tempdir().expect("a temporary directory");
    write(root.path(), "neg/1_4.txt", b"bad");
    assert_eq!(find(root.path()), None, "one class");
    write(root.path(), "pos/2.178908", b"good");
    assert_eq!(find(root.path()), Some(Kind::Texts));
    let found = read_texts(root.path(), &FolderOptions::default()).expect("a data set");
    assert_eq!((found.train.labels, found.test), (vec![0, 1], None));
    write(root.path(), "pos/x.parquet", b"");
    assert_eq!(find(root.path()), None);
}

#[test]
fn what_is_out_of_place_is_named() {
    let root = folder();
    write(root.path(), "train/cars/x", b"GIF89a\0");
    write(root.path(), "train/cars/y", &vec![b'a'; (1 << 24) + 1]);
    let options = FolderOptions { skip_damaged: true, ..FolderOptions::default() };
    let message = read_texts(root.path(), &FolderOptions::default()).expect_err("two").to_string();
    assert!(message.starts_with("2 damaged files"), "{message}");
    assert!(message.contains("train/cars/x: byte 6 is zero"), "{message}");
    assert_eq!(read_texts(root.path(), &options).expect("a data set").skipped.len(), 2);
    write(root.path(), "test/cars/x.png", b"moon");
    assert_eq!(find(root.path()), Some(Kind::Texts));
    let message = read_texts(root.path(), &options).expect_err("mixed").to_string();
    assert!(message.contains("mix 1 picture and 2 other files"), "{message}");
    assert!(message.ends_with("Of the pictures: cars/x.png"), "{message}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
        let zero = bytes.contains(&0);
        prop_assert_eq!(parse_text(bytes).is_err(), zero);
    }
}

#[test]
fn texts_are_read_as_windows_writes_them() {
    let text = |bytes: &[u8]| parse_text(bytes.to_vec()).map(|(text, _)| text);
    assert_eq!(text(b"\xff\xfen\0a\0\xef\0v\0e\0"), Ok("naïve".to_owned()));
    assert_eq!(text(b"\xef\xbb\xbfmoon"), Ok("moon".to_owned()));
    assert_eq!(text(b"\xff\xfen"), Err(TextError::Utf16));
    assert_eq!(text(b"%PDF-1.7\nstream"), Err(TextError::Pdf));
}
