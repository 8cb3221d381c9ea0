use std::fs;
use std::path::{Path, PathBuf};

use image::ExtendedColorType::{self, L8, Rgb8};

use super::*;

mod refusals;

pub(crate) fn write(root: &Path, name: &str, bytes: &[u8]) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("created");
    fs::write(path, bytes).expect("written");
}

/// Writes a PNG of one value, whatever the extension says.
pub(crate) fn picture(
    root: &Path,
    name: &str,
    size: (u32, u32),
    color: ExtendedColorType,
    value: u8,
) {
    let channels = if color == L8 { 1 } else { 3 };
    let samples = vec![value; (size.0 * size.1) as usize * channels];
    let bytes = crate::data::formats::native::folder::picture::tests::file(
        image::ImageFormat::Png,
        size,
        color,
        &samples,
    );
    write(root, name, &bytes);
}

/// Pictures of 2 x 3 pixels with the values 1, 2, 3, …
pub(crate) fn pictures(names: &[&str]) -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a temporary directory");
    for (value, name) in (1..).zip(names) {
        picture(root.path(), name, (2, 3), Rgb8, value);
    }
    root
}

pub(crate) fn read(root: &Path) -> Folder<Images> {
    read_pictures(root, &FolderOptions::default()).expect("a data set")
}

/// The message, without the temporary path.
pub(crate) fn refused(root: &Path, options: &FolderOptions) -> String {
    let error = read_pictures(root, options).expect_err("not a data set").to_string();
    let name = root.display().to_string();
    error.replace(&format!("{name}/"), "").replace(&name, "ROOT")
}

fn values(part: &FolderPart<Images>) -> Vec<u8> {
    part.rows.pixels.iter().step_by(18).copied().collect()
}

pub(crate) const BOTH: [&str; 4] =
    ["train/cat/a.png", "train/dog/b.JFIF", "test/cat/c.bmp", "test/dog/d.Jpe"];

#[test]
fn rows_go_by_class_and_path() {
    let root = pictures(&[
        "train/dog/b.png",
        "train/dog/a.png",
        "train/cat/anna/1.png",
        "train/cat/x.png",
        "test/dog/t.png",
        "test/cat/bob/t.TIFF",
    ]);
    let found = read(root.path());
    assert_eq!(found.classes, ["cat", "dog"]);
    let names = ["cat/anna/1.png", "cat/x.png", "dog/a.png", "dog/b.png"];
    assert_eq!(
        (found.train.paths, found.train.labels),
        (names.map(Into::into).into(), vec![0, 0, 1, 1])
    );
    assert_eq!(found.train.groups, Some(vec![Some("anna".into()), None, None, None]));
    let test = found.test.expect("a test part");
    assert_eq!((values(&test), &test.labels[..]), (vec![6, 5], &[0, 1][..]));
    assert_eq!((found.train.rows.shape, found.train.rows.pixels.len()), ([3, 3, 2], 72));
    let groups = "the folders cat, dog are classes, and those within them groups: anna";
    assert_eq!(found.notes, ["test is the test part", groups]);
}

#[test]
fn names_of_formats_are_free() {
    let root = pictures(&BOTH);
    assert_eq!(read(root.path()).train.labels, [0, 1]);
    assert_eq!(find(root.path()), Some(Kind::Pictures));
}

#[test]
fn other_sizes_and_channels_are_counted_or_made_one() {
    let root = pictures(&BOTH);
    picture(root.path(), "train/dog/c.png", (5, 4), L8, 7);
    let message = refused(root.path(), &FolderOptions::default());
    assert_eq!(
        message,
        "1 picture is grey and 4 pictures are in colour, the rarer being \
        train/dog/c.png; make all of them one with --channels grey or --channels rgb"
    );
    let mut options = FolderOptions::default();
    options.pictures.channels = Some(Channels::Rgb);
    let message = refused(root.path(), &options);
    assert_eq!(
        message,
        "the pictures are of 2 sizes: 4 of 2 x 3 pixels, 1 of 5 x 4 pixels; with \
        --resize 2 all become 2 x 2 (the short side to 2, then the centre is cut out)"
    );
    options.pictures.resize = Some(2);
    let found = read_pictures(root.path(), &options).expect("a data set");
    assert_eq!((found.train.rows.shape, found.train.rows.pixels.len()), ([3, 2, 2], 36));
    assert_eq!(found.train.rows.pixels[24..], [7; 12]);
}

#[test]
fn damaged_files_are_listed_together_or_left_out() {
    let root = pictures(&BOTH);
    for i in 0..12 {
        write(root.path(), &format!("train/cat/z{i:02}.png"), b"junk");
    }
    std::os::unix::fs::symlink("/nowhere", root.path().join("test/dog/x.png")).expect("linked");
    let message = refused(root.path(), &FolderOptions::default());
    assert!(
        message.starts_with(
            "13 damaged files, which can be left out with --skip-damaged:\n  \
        train/cat/z00.png: not a PNG"
        ),
        "{message}"
    );
    assert!(message.ends_with("\n  and 3 more") && message.lines().count() == 12, "{message}");
    let options = FolderOptions { skip_damaged: true, ..FolderOptions::default() };
    let found = read_pictures(root.path(), &options).expect("a data set");
    assert_eq!((found.train.labels.len(), found.skipped.len()), (2, 13));
    assert_eq!(found.skipped[12].0, "test/dog/x.png");
    assert!(
        found
            .notes
            .iter()
            .any(|note| note.starts_with("left out: 13 damaged files (train/cat/z00"))
    );
    write(root.path(), "train/dog/b.JFIF", b"junk");
    let message = refused(root.path(), &options);
    assert_eq!(message, "without its damaged files, a class of train would be empty: dog");
}

#[test]
fn what_needs_a_decision_is_not_left_out_as_damaged() {
    let root = pictures(&BOTH);
    write(root.path(), "train/cat/h.jpg", b"\0\0\0\x18ftypheic\0\0\0\0");
    let options = FolderOptions { skip_damaged: true, ..FolderOptions::default() };
    let message = refused(root.path(), &options);
    assert_eq!(
        message,
        "1 file cannot be used:\n  train/cat/h.jpg: HEIC, which cannot be read: \
        convert it to PNG or JPEG"
    );
}

#[test]
fn what_systems_leave_behind_is_counted() {
    let root = pictures(&BOTH);
    for name in [
        "train/cat/.DS_Store",
        "train/cat/@eaDir/a.png",
        "train/Thumbs.db",
        "README.md",
        "train/cat/._a.png",
        "__MACOSX/x",
        "train/dog/b.tmp",
        "train/.ipynb_checkpoints/x.png",
    ] {
        write(root.path(), name, b"junk");
    }
    let found = read(root.path());
    assert_eq!(found.train.labels, [0, 1]);
    assert_eq!(
        found.notes[1],
        "not read: 8 entries (1 file for people, 3 hidden, 1 system file, \
        2 system folder, 1 unfinished or backup file)"
    );
}

#[test]
fn transparent_pictures_are_named_or_filled() {
    let root = pictures(&BOTH);
    for name in ["train/cat/t.png", "test/dog/t.png"] {
        let bytes = [0, 0, 0, 0].repeat(6);
        let color = ExtendedColorType::Rgba8;
        let png = crate::data::formats::native::folder::picture::tests::file(
            image::ImageFormat::Png,
            (2, 3),
            color,
            &bytes,
        );
        write(root.path(), name, &png);
    }
    let message = refused(root.path(), &FolderOptions::default());
    assert!(
        message.starts_with("2 files cannot be used:\n  train/cat/t.png: the pixel at column 0")
    );
    assert!(message.contains("\n  test/dog/t.png: "), "{message}");
    let mut options = FolderOptions::default();
    options.pictures.background = Some([200; 3]);
    let found = read_pictures(root.path(), &options).expect("a data set");
    assert_eq!(values(&found.train), [1, 200, 2]);
    let note = "2 pictures: transparent pixels put on the background".to_owned();
    assert!(found.notes.contains(&note), "{:?}", found.notes);
}

#[test]
fn a_pipe_does_not_hang() {
    let root = pictures(&BOTH);
    let pipe = root.path().join("train/cat/pipe.png");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if made.is_ok_and(|status| status.success()) {
        let message = refused(root.path(), &FolderOptions::default());
        assert!(message.ends_with("train/cat/pipe.png: cannot be read: not a regular file"));
        assert_eq!(survey(root.path()).of_form("pictures"), 5);
    }
}

#[test]
fn a_wrong_setting_is_refused_before_anything_is_read() {
    let mut options = FolderOptions::default();
    options.pictures.resize = Some(0);
    let message = refused(&PathBuf::from("/nowhere"), &options);
    assert!(message.starts_with("pictures cannot be resized to 0"), "{message}");
}

#[test]
fn results_do_not_depend_on_threads() {
    let names: Vec<String> = (0..40).map(|i| format!("train/{}/{i}.png", i % 3)).collect();
    let root = pictures(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| read(root.path()))
    };
    assert_eq!(with(1), with(3));
}
