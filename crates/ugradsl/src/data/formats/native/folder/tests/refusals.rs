use super::*;

#[test]
fn what_is_out_of_place_is_refused_with_all_names() {
    type Spoil = fn(&Path);
    let cases: [(Spoil, &str); 13] = [
        (
            |root| picture(root, "test/eel/t.png", (2, 3), Rgb8, 0),
            "train lacks a class that test has: eel",
        ),
        (
            |root| {
                ["ant", "bee"].iter().for_each(|name| {
                    fs::create_dir(root.join("train").join(name)).expect("created")
                })
            },
            "2 of the 4 class folders of train hold no pictures: ant, bee; add some or remove them",
        ),
        (
            |root| picture(root, "train/lost.png", (2, 3), Rgb8, 0),
            "1 file lies beside the class folders of train: lost.png; move each",
        ),
        (
            |root| picture(root, "train/cat/a/b/c.png", (2, 3), Rgb8, 0),
            "train: nested too deeply: cat/a/b; pictures belong in class/ or class/group/",
        ),
        (
            |root| {
                ["heic", "NEF"]
                    .iter()
                    .for_each(|end| write(root, &format!("train/cat/x.{end}"), b""))
            },
            "2 pictures of train cannot be read; convert them to PNG or JPEG: cat/x.NEF (raw (NEF)), cat/x.heic (HEIC)",
        ),
        (
            |root| write(root, "train/cat/x.txt", b"hello"),
            "the class folders of train mix 2 pictures and 1 other file; move out what is not meant. Of the other files: cat/x.txt",
        ),
        (
            |root| {
                picture(root, "train/caf\u{e9}/x.png", (2, 3), Rgb8, 0);
                picture(root, "train/cafe\u{301}/x.png", (2, 3), Rgb8, 0);
            },
            "train has names that are equal but for the way Unicode writes them: café",
        ),
        (
            |root| fs::create_dir(root.join("Train")).expect("created"),
            "ROOT has Train and train for the training part: rename",
        ),
        (
            |root| fs::remove_dir_all(root.join("train")).expect("removed"),
            "ROOT has a folder test, but none named train",
        ),
        (
            |root| {
                fs::remove_dir_all(root.join("train")).expect("removed");
                fs::create_dir(root.join("train")).expect("created");
            },
            "train holds no folders; put each class in a folder of its own",
        ),
        (
            |root| {
                write(
                    root,
                    "train/cat/x.gif",
                    &crate::data::formats::native::folder::picture::tests::animation(),
                )
            },
            "1 file cannot be used:\n  train/cat/x.gif: GIF with several frames",
        ),
        (|root| fs::remove_dir_all(root).expect("removed"), "ROOT: "),
        (
            |root| {
                use std::os::unix::ffi::OsStrExt;
                let name = std::ffi::OsStr::from_bytes(b"train/cat/\xff.png");
                fs::write(root.join(name), "x").expect("written");
            },
            "train/cat: names that are not UTF-8: \u{fffd}.png",
        ),
    ];
    for (spoil, expected) in cases {
        let root = pictures(&BOTH);
        spoil(root.path());
        let message = refused(root.path(), &FolderOptions::default());
        assert!(message.starts_with(expected), "{message}\nexpected {expected}");
    }
}
