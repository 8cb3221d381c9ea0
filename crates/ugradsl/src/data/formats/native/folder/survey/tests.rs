use super::*;
use crate::data::formats::native::folder::tests::{pictures, write};

fn advice_for(files: &[&str]) -> String {
    let root = tempfile::tempdir().expect("a temporary directory");
    files.iter().for_each(|name| write(root.path(), name, b"x"));
    survey(root.path()).advice
}

#[test]
fn the_nearest_thing_to_do_is_said() {
    let cases: [(&[&str], &str); 10] = [
        (&[], "The folder is empty"),
        (&[".DS_Store"], "The folder holds only what systems leave behind"),
        (&["x.zip"], "Only 1 archive: unpack it"),
        (&["a.png", "b.jpg"], "Pictures lie directly in the folder: put each class"),
        (&["a.heic"], "The pictures are in formats that cannot be read: convert"),
        (&["a.csv"], "This looks like tables; what is wrong"),
        (&["a.txt", "b.txt"], "Texts lie directly"),
        (&["old.csv", "a/b/c/d/e"], "Give the table"),
        (&["x/y/z/w/v.png"], "The files lie deeper"),
        (
            &["one.bin", "d/sub/cats/1.png", "d/sub/dogs/2.png", "e/f.bin"],
            "The data set seems to be in d",
        ),
    ];
    for (files, expected) in cases {
        let advice = advice_for(files);
        assert!(advice.starts_with(expected), "{files:?}: {advice}\nexpected {expected}");
    }
    assert!(survey(Path::new("/nowhere/at/all")).advice.starts_with("There is not a folder"));
}

#[test]
fn everything_is_counted() {
    let root = pictures(&["a/1.png", "a/2.png", "b/3.jpg"]);
    write(root.path(), "t.csv", b"x");
    write(root.path(), "a/Thumbs.db", b"x");
    let text = survey(root.path()).to_string();
    for line in [
        "  3 pictures (1 jpg, 2 png)",
        "  1 tables (1 csv)",
        "  sizes sampled: 3 of 2 x 3",
        "  1 left behind: system file",
        "  a/ with 2 files",
        "  b/ with 1 file",
        "This looks like class folders of pictures.",
    ] {
        assert!(text.lines().any(|found| found == line), "{text}\nexpected {line}");
    }
}

#[test]
fn links_in_a_circle_end() {
    let root = pictures(&["a/1.png"]);
    std::os::unix::fs::symlink("..", root.path().join("a/up")).expect("linked");
    assert!(survey(root.path()).of_form("pictures") >= 1);
}
