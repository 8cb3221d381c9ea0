use image::{ColorType, ExtendedColorType};

use super::*;

/// Writes a picture of one colour.
fn write(path: &Path, size: (u32, u32), color: ExtendedColorType, value: u8) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("created");
    let channels = if color == ExtendedColorType::L8 { 1 } else { 3 };
    let samples = vec![value; (size.0 * size.1) as usize * channels];
    image::save_buffer(path, &samples, size.0, size.1, color).expect("written");
}

/// Two classes: three and two pictures to train on, one each to test on, of 2 x 3 pixels.
fn folder() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a temporary directory");
    let files = [
        ("train/dog/b.png", 20),
        ("train/dog/a.png", 10),
        ("train/cat/z.png", 3),
        ("train/cat/y.WEBP", 2),
        ("train/cat/x.png", 1),
        ("test/cat/t.png", 4),
        ("test/dog/t.png", 30),
    ];
    for (file, value) in files {
        write(&root.path().join(file), (2, 3), ColorType::Rgb8.into(), value);
    }
    root
}

fn message(root: &Path) -> String {
    let error = read(root).expect_err("not a data set").to_string();
    error.replace(&format!("{}/", root.display()), "").replace(&root.display().to_string(), "ROOT")
}

#[test]
fn classes_and_rows_go_by_name() {
    let root = folder();
    fs::write(root.path().join("train/cat/.DS_Store"), "junk").expect("written");
    fs::write(root.path().join("train/README.txt"), "for people").expect("written");
    let found = read(root.path()).expect("a data set");
    assert_eq!(found.classes, ["cat", "dog"]);
    assert_eq!(found.train.shape(), [3, 3, 2]);
    assert_eq!(found.train.labels(), [0, 0, 0, 1, 1]);
    let values: Vec<u8> = (0..5).map(|row| found.train.row(row)[17]).collect();
    assert_eq!(values, [1, 2, 3, 10, 20]);
    assert_eq!((found.test.labels(), found.test.row(1)[0]), (&[0, 1][..], 30));
    assert_eq!(found.groups, None);
}

#[test]
fn val_stands_in_for_a_test_part_that_is_not_there() {
    let root = folder();
    fs::rename(root.path().join("test"), root.path().join("val")).expect("renamed");
    assert_eq!(read(root.path()).expect("a data set").test.row(0)[0], 4);
    write(&root.path().join("test/cat/t.png"), (2, 3), ColorType::Rgb8.into(), 77);
    write(&root.path().join("test/dog/t.png"), (2, 3), ColorType::Rgb8.into(), 78);
    assert_eq!(read(root.path()).expect("a data set").test.row(0)[0], 77);
}

#[test]
fn folders_within_a_class_are_groups() {
    let root = folder();
    for (file, value) in [("train/cat/anna/1.png", 5), ("train/dog/anna/2.png", 6)] {
        write(&root.path().join(file), (2, 3), ColorType::Rgb8.into(), value);
    }
    write(&root.path().join("test/cat/anna/3.png"), (2, 3), ColorType::Rgb8.into(), 7);
    let found = read(root.path()).expect("a data set");
    let groups = found.groups.expect("groups");
    assert_eq!(groups.names(), ["anna"]);
    // anna/1.png, x.png, y.WEBP, z.png; a.png, anna/2.png, b.png.
    assert_eq!(groups.rows("anna"), Some(vec![0, 5]));
    assert_eq!((found.train.row(0)[0], found.train.row(5)[0], groups.len()), (5, 6, 7));
    assert_eq!(found.test.len(), 3);
}

#[test]
fn what_does_not_belong_is_named() {
    type Spoil = fn(&Path);
    let cases: [(Spoil, &str); 12] = [
        (
            |root| write(&root.join("train/dog/c.png"), (3, 3), ExtendedColorType::Rgb8, 0),
            "train/dog/c.png is 3 x 3 pixels, but train/cat/x.png is 2 x 3 pixels: all pictures \
             must be of one size",
        ),
        (
            |root| write(&root.join("test/dog/t.png"), (2, 2), ExtendedColorType::Rgb8, 0),
            "test/dog/t.png is 2 x 2 pixels, but train/cat/x.png is 2 x 3 pixels",
        ),
        (
            |root| write(&root.join("train/dog/b.png"), (2, 3), ExtendedColorType::L8, 0),
            "train/dog/b.png is grey, but train/cat/x.png is in colour",
        ),
        (
            |root| write(&root.join("test/eel/t.png"), (2, 3), ExtendedColorType::Rgb8, 0),
            "train lacks a class that test has: eel",
        ),
        (
            |root| fs::remove_dir_all(root.join("test/dog")).expect("removed"),
            "test lacks a class that train has: dog",
        ),
        (
            |root| fs::remove_dir_all(root.join("test")).expect("removed"),
            "ROOT has a folder train, but neither test nor val",
        ),
        (
            |root| {
                fs::remove_dir_all(root.join("train")).expect("removed");
                fs::create_dir(root.join("train")).expect("created");
            },
            "train holds no folders; it needs one for each class",
        ),
        (
            |root| fs::create_dir(root.join("train/ant")).expect("created"),
            "train/ant holds no pictures",
        ),
        (
            |root| write(&root.join("train/lost.png"), (2, 3), ExtendedColorType::Rgb8, 0),
            "train/lost.png is not in the folder of a class",
        ),
        (
            |root| write(&root.join("train/cat/a/b/c.png"), (2, 3), ExtendedColorType::Rgb8, 0),
            "train/cat/a/b is nested too deeply",
        ),
        (
            |root| fs::write(root.join("train/cat/x.gif"), "GIF89a").expect("written"),
            "train/cat/x.gif is not named like a PNG, JPEG or WebP file",
        ),
        (
            |root| fs::write(root.join("train/dog/a.png"), "GIF89a").expect("written"),
            "train/dog/a.png: neither PNG nor JPEG nor WebP, whatever its name says",
        ),
    ];
    for (spoil, expected) in cases {
        let root = folder();
        spoil(root.path());
        let message = message(root.path());
        assert!(message.starts_with(expected), "{message}\nexpected {expected}");
    }
}
