use super::*;

#[test]
fn what_systems_leave_behind_is_known() {
    for folder in [
        "@eaDir",
        "__MACOSX",
        "thumbnails",
        ".thumbnails",
        ".ipynb_checkpoints",
        ".git",
        "lost+found",
        "$RECYCLE.BIN",
    ] {
        assert!(left_behind(folder, true, false).is_some(), "{folder}");
    }
    for file in [
        ".DS_Store",
        "._x.jpg",
        "Thumbs.db",
        "desktop.ini",
        "a.tmp",
        "b.crdownload",
        "c.txt~",
        "Icon\r",
    ] {
        assert!(left_behind(file, false, false).is_some(), "{file}");
    }
    for file in ["README.md", "LICENSE", "_metadata.json"] {
        assert!(left_behind(file, false, true).is_some(), "{file}");
        assert!(left_behind(file, false, false).is_none(), "{file} in a class");
    }
    assert!(left_behind("cat.png", false, true).is_none());
    assert!(left_behind("licences", true, true).is_none(), "a class");
}

#[test]
fn numbers_are_known() {
    assert!(are_numbers(["10", "2", "007", "99999999999999999999999"].into_iter()));
    assert!(!are_numbers(["1", "two"].into_iter()) && !are_numbers(["1", ""].into_iter()));
}

#[test]
fn ten_are_shown() {
    let names: Vec<String> = (0..12).map(|i| i.to_string()).collect();
    assert_eq!(listed(&names, ","), "0,1,2,3,4,5,6,7,8,9,and 2 more");
    assert_eq!((count(1, "file"), count(2, "file")), ("1 file".into(), "2 files".into()));
}
