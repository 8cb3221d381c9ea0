use std::{fs, io::Write, path::PathBuf};

use flate2::{Compression, write::GzEncoder};
use tar::{Builder, EntryType, Header};

use super::*;

const CONTENT: [(&str, u64); 2] = [("a.bin", 3), ("b.bin", 2)];

/// Names, kinds and contents.
type Entries<'a> = &'a [(&'a str, EntryType, &'a [u8])];

/// A gzipped archive of the given entries in a folder of its own.
fn archive(entries: Entries<'_>) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    for (name, kind, bytes) in entries {
        let mut header = Header::new_gnu();
        header.set_entry_type(*kind);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        // Not with `set_path`, which refuses the names that a hostile archive would have.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        if kind.is_symlink() {
            header.as_old_mut().linkname[..11].copy_from_slice(b"/etc/passwd");
        }
        header.set_cksum();
        builder.append(&header, *bytes).expect("an entry");
    }
    let bytes = builder.into_inner().expect("a tar").finish().expect("a gzip");
    let path = folder.path().join("archive.part");
    File::create(&path).and_then(|mut file| file.write_all(&bytes)).expect("written");
    (folder, path)
}

const FILE: EntryType = EntryType::Regular;

#[test]
fn the_wanted_files_are_unpacked_together() {
    let (root, path) = archive(&[
        ("set/", EntryType::Directory, b""),
        ("set/readme.html", FILE, b"about this set"),
        ("set/b.bin", FILE, b"bb"),
        ("elsewhere/a.bin", FILE, b"xxx"),
        ("../set/a.bin", FILE, b"yyy"),
        ("set/a.bin", FILE, b"aaa"),
    ]);
    let folder = root.path().join("set");
    assert!(!is_there(&folder, &CONTENT).expect("no folder yet"));
    unpack(&path, root.path(), "set", &CONTENT).expect("unpacked");
    assert!(is_there(&folder, &CONTENT).expect("a folder"));
    assert_eq!(fs::read(folder.join("a.bin")).expect("a"), b"aaa");
    assert_eq!(fs::read(folder.join("b.bin")).expect("b"), b"bb");
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 2);
    // Only the archive and the set: nothing temporary is left.
    assert_eq!(fs::read_dir(root.path()).expect("the root").count(), 2);

    fs::write(folder.join("b.bin"), "longer").expect("written");
    let error = is_there(&folder, &CONTENT).expect_err("another file").to_string();
    assert!(error.ends_with("(6 bytes, not 2): move it away first"), "{error}");
}

#[test]
fn archives_with_something_else_leave_nothing_behind() {
    let cases: [(Entries<'_>, &str); 4] = [
        (&[("set/a.bin", FILE, b"aaa")], "lacks b.bin"),
        (&[("set/a.bin", FILE, b"aa"), ("set/b.bin", FILE, b"bb")], "a.bin has 2 bytes, not 3"),
        (&[("set/a.bin", FILE, b"aaaa"), ("set/b.bin", FILE, b"bb")], "a.bin has 4 bytes or more"),
        (&[("set/a.bin", EntryType::Symlink, b""), ("set/b.bin", FILE, b"bb")], "lacks a.bin"),
    ];
    for (entries, message) in cases {
        let (root, path) = archive(entries);
        let error = unpack(&path, root.path(), "set", &CONTENT).expect_err(message).to_string();
        assert!(error.contains(message), "{error}");
        assert_eq!(fs::read_dir(root.path()).expect("the root").count(), 1);
    }
    let (root, path) = archive(&[("set/a.bin", FILE, b"aaa"), ("set/b.bin", FILE, b"bb")]);
    let bytes = fs::read(&path).expect("the archive");
    for damaged in [&bytes[..bytes.len() / 2], b"no archive at all", b""] {
        fs::write(&path, damaged).expect("written");
        unpack(&path, root.path(), "set", &CONTENT).expect_err("damaged");
        assert_eq!(fs::read_dir(root.path()).expect("the root").count(), 1);
    }
}
