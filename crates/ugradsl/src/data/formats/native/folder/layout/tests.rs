use std::fs;

use crate::data::formats::native::folder::tests::{picture, pictures, read, refused, write};
use crate::data::formats::native::folder::{FolderOptions, Kind, find};

#[test]
fn parts_have_many_names() {
    for (train, test) in [
        ("train", "val"),
        ("train", "valid"),
        ("training", "validation"),
        ("Train", "Test"),
        ("TRAIN", "testing"),
        ("data/train", "data/test"),
        ("training_set", "test_set"),
        ("seg_train", "seg_test"),
        ("train_images", "val_images"),
        ("trainset", "testset"),
        ("train1", "test1"),
    ] {
        let names = [format!("{train}/a/1.png"), format!("{test}/a/2.png")];
        let root = pictures(&[&names[0], &names[1]]);
        let found = read(root.path());
        assert_eq!(found.test.expect("a test part").rows.pixels[0], 2, "{test}");
        let last = test.split('/').next_back().expect("a name");
        assert!(found.notes.contains(&format!("{last} is the test part")), "{:?}", found.notes);
        assert!(found.notes.contains(&"there is one class only: a".to_owned()));
        assert_eq!(find(root.path()), Some(Kind::Pictures));
    }
}

#[test]
fn a_third_part_is_said_to_be_unused() {
    let root = pictures(&["train/a/1.png", "val/a/2.png", "test/a/3.png", "extra/x/4.png"]);
    let found = read(root.path());
    assert_eq!(found.test.expect("a test part").rows.pixels[0], 3);
    assert_eq!(found.notes[..2], ["test is the test part", "not used: val, extra"]);
}

#[test]
fn a_class_called_like_a_part_is_a_class() {
    let root = pictures(&["steam_train/1.png", "bus/2.png", "car/3.png"]);
    let found = read(root.path());
    assert_eq!(found.classes, ["bus", "car", "steam_train"]);
}

#[test]
fn folders_without_parts_are_one_part() {
    let root = pictures(&["cats/1.png", "dogs/2.png"]);
    let found = read(root.path());
    assert_eq!((found.classes, found.test), (vec!["cats".to_owned(), "dogs".into()], None));
    assert_eq!(found.notes, ["neither train nor test folders: all rows are one part"]);

    let root = pictures(&["set/v2/cats/1.png", "set/v2/dogs/2.png"]);
    write(root.path(), "set/README", b"");
    write(root.path(), "set/v2/Thumbs.db", b"");
    let found = read(root.path());
    assert_eq!(found.train.paths, ["cats/1.png", "dogs/2.png"]);
    assert_eq!(
        found.notes[..2],
        ["the data set is in the folder set", "the data set is in the folder v2"]
    );
    assert_eq!(found.notes[3], "not read: 2 entries (1 file for people, 1 system file)");

    let root = pictures(&["train/cats/1.png", "train/dogs/2.png"]);
    let found = read(root.path());
    assert_eq!(
        (found.test, &found.notes[..]),
        (None, &["no test part: all rows are one part".to_owned()][..])
    );
}

#[test]
fn train_may_be_a_class() {
    let root = pictures(&["bus/1.png", "car/2.png", "train/3.png"]);
    let found = read(root.path());
    assert_eq!(found.classes, ["bus", "car", "train"]);
    assert_eq!(found.notes, ["neither train nor test folders: all rows are one part"]);
    assert_eq!(find(root.path()), Some(Kind::Pictures));

    let root = pictures(&["bus/1.png", "car/2.png", "train/steam/3.png"]);
    let message = refused(root.path(), &FolderOptions::default());
    assert_eq!(
        message,
        "ROOT has a folder train and beside it bus, car, but no test part: if train is the \
         training part, move the others elsewhere; if it is a class, rename it"
    );
    assert_eq!(find(root.path()), Some(Kind::Pictures));
}

#[test]
fn classes_may_lack_in_the_test_part_and_keep_their_numbers() {
    let root = pictures(&["train/a/1.png", "train/b/2.png", "train/c/3.png", "test/c/4.png"]);
    let found = read(root.path());
    assert_eq!(found.test.expect("a test part").labels, [2]);
    assert_eq!(found.notes[1], "the test part lacks 2 classes: a, b");
}

#[test]
fn numbers_are_classes_in_the_order_of_text() {
    let root = pictures(&[
        "train/10/1.png",
        "train/9/2.png",
        "train/0/3.png",
        "test/10/4.png",
        "test/9/5.png",
    ]);
    let found = read(root.path());
    assert_eq!(found.classes, ["0", "10", "9"]);
    assert_eq!(found.train.rows.pixels.iter().step_by(18).collect::<Vec<_>>(), [&3, &1, &2]);
    assert_eq!(found.test.expect("a test part").labels, [1, 2]);
    assert!(found.notes.iter().any(|note| note.contains("order of text")));
}

#[test]
fn names_match_across_parts_however_unicode_writes_them() {
    let root = pictures(&["train/caf\u{e9}/1.png", "test/cafe\u{301}/2.png"]);
    assert_eq!(read(root.path()).test.expect("a test part").labels, [0]);
}

#[test]
fn links_in_a_circle_end() {
    let root = pictures(&["train/a/1.png", "test/a/2.png"]);
    for (target, link) in [("..", "train/up"), (".", "train/a/self"), ("../..", "test/a/top")] {
        std::os::unix::fs::symlink(target, root.path().join(link)).expect("linked");
    }
    let found = read(root.path());
    assert_eq!(found.train.labels, [0]);
    assert_eq!(found.notes[1..][..1], ["there is one class only: a"]);
    assert_eq!(found.notes[2], "not read: 3 entries (3 link back to a folder above it)");

    // A link to a sibling that links back does not lead upwards, but the depth is bounded.
    let root = pictures(&["train/a/1.png", "train/b/2.png"]);
    for (target, link) in [("../b", "train/a/to"), ("../a", "train/b/to")] {
        std::os::unix::fs::symlink(target, root.path().join(link)).expect("linked");
    }
    let message = refused(root.path(), &FolderOptions::default());
    assert!(message.starts_with("train: nested too deeply"), "{message}");
}

/// Tiny ImageNet in miniature.
fn tiny() -> tempfile::TempDir {
    let root = pictures(&[
        "train/n01/images/n01_0.JPEG",
        "train/n02/images/n02_0.JPEG",
        "val/images/val_0.JPEG",
        "val/images/val_1.JPEG",
        "test/images/test_0.JPEG",
    ]);
    write(root.path(), "train/n01/n01_boxes.txt", b"n01_0.JPEG\t0\t0\t1\t1");
    write(root.path(), "words.txt", b"n00\tentity\nn01\tgoldfish, Carassius auratus\nn02\tnewt\n");
    let list = "val_0.JPEG\tn02\t0\t32\t44\t62\nval_1.JPEG\tn01\t0\t0\t1\t1\n";
    write(root.path(), "val/val_annotations.txt", list.as_bytes());
    root
}

#[test]
fn tiny_imagenet_is_read_by_its_lists() {
    let root = tiny();
    let found = read(root.path());
    assert_eq!(found.classes, ["goldfish, Carassius auratus", "newt"]);
    assert_eq!((found.train.groups, &found.train.paths[1][..]), (None, "n02/images/n02_0.JPEG"));
    let test = found.test.expect("a test part");
    assert_eq!((test.labels, &test.paths[0][..]), (vec![0, 1], "images/val_1.JPEG"));
    assert_eq!(found.notes[..2], ["val is the test part", "not used: test"]);
    let note = "each class has one folder, images, which is not taken for a group";
    assert!(found.notes.contains(&note.to_owned()));
    assert!(found.notes.contains(&"the classes are named by words.txt".to_owned()));

    picture(root.path(), "val/images/val_9.JPEG", (2, 3), image::ExtendedColorType::Rgb8, 0);
    let list = "val_0.JPEG\tn07\nval_1.JPEG\tn01\nval_1.JPEG\tn02\nval_7.JPEG\tn01\nnothing\n";
    write(root.path(), "val/val_annotations.txt", list.as_bytes());
    let message = refused(root.path(), &FolderOptions::default());
    assert_eq!(
        message,
        "val/val_annotations.txt: line 1: train has no class n07; line 3: \
        val_1.JPEG has two classes; line 5: not a file, a tab and a class; images/val_0.JPEG has no \
        line; images/val_9.JPEG has no line; images/val_7.JPEG is named, but does not exist"
    );
}

#[test]
fn what_is_not_class_folders_is_not_found() {
    let root = tempfile::tempdir().expect("a temporary directory");
    assert_eq!(find(root.path()), None);
    assert_eq!(find(&root.path().join("nowhere")), None);
    write(root.path(), "cifar-10-batches-py/data_batch_1", b"x");
    assert_eq!(find(root.path()), None);
    write(root.path(), "arrays/train.npy", b"x");
    assert_eq!(find(root.path()), None);
    fs::create_dir(root.path().join("train")).expect("created");
    assert_eq!(find(root.path()), None);
}

#[test]
fn parts_of_a_cross_validation_are_not_classes() {
    let root = pictures(&["fold1/a/1.png", "fold1/b/2.png", "fold2/a/3.png", "fold2/b/4.png"]);
    let error = refused(root.path(), &FolderOptions::default());
    assert!(error.contains("fold1, fold2") && error.contains("cross-validation"), "{error}");
    // Groups of classes differ, or have no folders at all.
    for names in [&["fold1/ann/1.png", "fold2/bob/2.png"][..], &["k1/1.png", "k2/2.png"]] {
        assert_eq!(read(pictures(names).path()).classes.len(), 2, "{names:?}");
    }
}
