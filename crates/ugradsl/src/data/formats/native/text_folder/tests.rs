use std::fs;

use super::*;

pub(crate) fn write(root: &Path, files: &[(&str, &[u8])]) {
    for (name, bytes) in files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        fs::write(path, bytes).expect("written");
    }
}

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
    write(root.path(), &files);
    root
}

#[test]
fn classes_and_rows_go_by_name() {
    let root = folder();
    assert_eq!(train_folder(root.path()), Some(root.path().join("train")));
    let found = read(root.path()).expect("a data set");
    assert_eq!(found.classes, ["cars", "space"]);
    assert_eq!(found.train.texts, ["naïve brake", "moon", "rocket", "naïve"]);
    assert_eq!((found.train.labels, found.test.labels), (vec![0, 1, 1, 1], vec![0, 1]));
    assert_eq!(found.test.texts, ["", "orbit"], "an empty text is a text");
    assert_eq!(found.groups.and_then(|groups| groups.rows("zoe")), Some(vec![3]));
}

#[test]
fn folders_of_pictures_or_of_nothing_are_not_folders_of_texts() {
    let root = folder();
    fs::write(root.path().join("train/space/zoe/10.PNG"), "moon").expect("written");
    assert_eq!(train_folder(root.path()), None);
    let empty = tempfile::tempdir().expect("a temporary directory");
    assert_eq!(train_folder(empty.path()), None);
    fs::create_dir_all(empty.path().join("train/space")).expect("created");
    assert_eq!(train_folder(empty.path()), None);
    fs::write(empty.path().join("train/README"), "for people").expect("written");
    assert_eq!(train_folder(empty.path()), None);
}

#[test]
fn what_does_not_belong_is_named() {
    type Spoil = fn(&Path);
    let cases: [(Spoil, &str); 9] = [
        (
            |root| fs::remove_dir_all(root.join("test/cars")).expect("removed"),
            "test lacks a class that train has: cars",
        ),
        (|root| write(root, &[("test/art/1", b"paint")]), "train lacks a class that test has: art"),
        (
            |root| fs::remove_dir_all(root.join("test")).expect("removed"),
            "ROOT has a folder train, but neither test nor val",
        ),
        (
            |root| fs::create_dir(root.join("train/art")).expect("created"),
            "train/art holds no texts",
        ),
        (
            |root| write(root, &[("train/lost", b"moon")]),
            "train/lost is not in the folder of a class",
        ),
        (
            |root| write(root, &[("train/cars/a/b/c", b"moon")]),
            "train/cars/a/b is nested too deeply: texts belong in class/ or class/group/",
        ),
        (
            |root| write(root, &[("test/cars/x.png", b"moon")]),
            "test/cars/x.png is named like a picture, but is among texts",
        ),
        (
            |root| write(root, &[("train/cars/x.gif", b"GIF89a\0")]),
            "train/cars/x.gif: byte 6 is zero, so this is not plain text",
        ),
        (
            |root| write(root, &[("train/cars/novel", &vec![b'a'; (1 << 24) + 1])]),
            "train/cars/novel: longer than the 16777216 bytes",
        ),
    ];
    for (spoil, expected) in cases {
        let root = folder();
        spoil(root.path());
        let error = read(root.path()).expect_err(expected).to_string();
        let name = root.path().display().to_string();
        let message = error.replace(&format!("{name}/"), "").replace(&name, "ROOT");
        assert!(message.starts_with(expected), "{message}\nexpected {expected}");
    }
}
