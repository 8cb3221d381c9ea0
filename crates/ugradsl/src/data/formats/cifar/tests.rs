use proptest::prelude::*;

use super::CifarKind::{Cifar10, Cifar100};
use super::*;

/// Records with the given labels; all pixels of record `i` are `i`.
fn file(kind: CifarKind, labels: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (i, &label) in labels.iter().enumerate() {
        if kind == Cifar100 {
            bytes.push(19);
        }
        bytes.push(label);
        bytes.extend([i as u8; PIXELS]);
    }
    bytes
}

#[test]
fn records_become_rows() {
    for (kind, labels) in [(Cifar10, [0, 9, 4]), (Cifar100, [0, 99, 40])] {
        let set = parse(&file(kind, &labels), kind).expect("three records");
        assert_eq!(set.shape(), [3, 32, 32]);
        assert_eq!(set.labels(), labels.map(u32::from));
        assert_eq!(set.row(2), [2; PIXELS]);
    }
}

#[test]
fn refuses_hostile_files() {
    let mut long = file(Cifar10, &[1, 2]);
    long.push(0);
    let mut short = file(Cifar100, &[1]);
    short.pop();
    let cases: [(CifarKind, Vec<u8>, &str); 6] = [
        (Cifar10, vec![], "the file is empty, but a record of 3073 bytes was expected"),
        (
            Cifar10,
            long,
            "6147 bytes are not a whole number of records of 3073 bytes: 1 are left over",
        ),
        (
            Cifar100,
            short,
            "3073 bytes are not a whole number of records of 3074 bytes: 3073 are left over",
        ),
        (
            Cifar100,
            file(Cifar10, &[1]),
            "3073 bytes are not a whole number of records of 3074 bytes: 3073 are left over",
        ),
        (
            Cifar10,
            file(Cifar10, &[9, 9, 10]),
            "record 2 (from 0) has label 10, but labels go from 0 to 9",
        ),
        (
            Cifar100,
            file(Cifar100, &[99, 100]),
            "record 1 (from 0) has label 100, but labels go from 0 to 99",
        ),
    ];
    for (kind, bytes, message) in cases {
        let error = parse(&bytes, kind).expect_err(message);
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn files_follow_each_other_and_are_named_in_errors() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let paths = ["a.bin", "b.bin"].map(|name| dir.path().join(name));
    std::fs::write(&paths[0], file(Cifar10, &[1, 2])).expect("written");
    std::fs::write(&paths[1], file(Cifar10, &[3])).expect("written");
    assert_eq!(read(&paths, Cifar10).expect("two files").labels(), [1, 2, 3]);

    std::fs::write(&paths[1], file(Cifar10, &[33])).expect("written");
    let error = read(&paths, Cifar10).expect_err("a bad label").to_string();
    assert!(error.starts_with(&format!("{}: record 0", paths[1].display())), "{error}");

    let error = read(&[dir.path().join("none.bin")], Cifar10).expect_err("no file").to_string();
    assert!(error.contains("none.bin"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes: Vec<u8>, records in 0_usize..3, fill: u8) {
        for kind in [Cifar10, Cifar100] {
            let _ = parse(&bytes, kind);
            let mut whole = vec![fill; records * kind.record()];
            let _ = parse(&whole, kind);
            whole.extend(&bytes);
            let _ = parse(&whole, kind);
        }
    }
}
