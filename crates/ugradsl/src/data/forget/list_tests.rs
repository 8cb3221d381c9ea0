use std::fs;

use proptest::prelude::*;

use super::*;
use crate::data::ForgetRequest;

/// A `.npy` file.
fn npy_file(descr: &str, dims: &[usize], content: &[u8]) -> Vec<u8> {
    let dims: String = dims.iter().map(|dim| format!("{dim}, ")).collect();
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({dims}), }}\n");
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), content].concat()
}

fn parse(text: &str) -> Result<Vec<u32>, ForgetError> {
    let path = Path::new("f");
    let entries = entries(text.as_bytes(), IDS, Kind::Numbers, path)?;
    numbers(entries, path).map(|numbers| numbers.rows)
}

#[test]
fn lists_of_ids_are_read() {
    let cases = [
        ("5\n3\n9\n", vec![5, 3, 9]),
        ("\u{feff}id\r\n5\r\n3\r\n", vec![5, 3]),
        ("# rows of one person\n\nID # heading\n5, 3,9 # three\n\t7", vec![5, 3, 9, 7]),
        (" 1 2,,3, ", vec![1, 2, 3]),
        ("\"4\";'2'\n3.0\n", vec![4, 2, 3]),
        ("3-5, 9", vec![3, 4, 5, 9]),
    ];
    for (text, ids) in cases {
        assert_eq!(parse(text).expect(text), ids);
    }
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("ids: a list.csv");
    fs::write(&path, "id\n1\n0\n").expect("written");
    let request = ForgetRequest::parse(&format!("ids:{}", path.display())).expect("a list");
    assert_eq!(request, ForgetRequest::Ids(vec![1, 0]));
}

#[test]
fn bad_lists_of_ids_are_refused_with_line_and_token() {
    let long = "x".repeat(100);
    let cases = [
        ("1\n2,x3\n", "f, line 2: `x3` is not a row number".to_owned()),
        ("1\nid\n", "f, line 2: `id` is not a row number".to_owned()),
        ("id\nid\n1", "f, line 2: `id` is not a row number".to_owned()),
        ("# c\n-1", "f, line 2: `-1` is not a row number".to_owned()),
        ("1.5", "f, line 1: `1.5` is not a row number".to_owned()),
        ("7-3", "f, line 1: `7-3` is not a row number".to_owned()),
        (
            "0-4294967295",
            "f: with 0-4294967295, the ranges of the list name more than 16777216 rows".to_owned(),
        ),
        ("x\ny\nz", "f, line 1: `x` is not a row number and 2 more".to_owned()),
        ("4294967296", "f, line 1: `4294967296` is not a row number".to_owned()),
        (&long, format!("f, line 1: `{}` is not a row number", &long[..40])),
        ("", "f names no rows".to_owned()),
        ("id\n# none\n", "f names no rows".to_owned()),
    ];
    for (text, message) in cases {
        let error = parse(text).expect_err(text);
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn tables_and_arrays_of_ids_are_read() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("ids");
    let read = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("written");
        rows(&path).map_err(|error| error.to_string())
    };
    assert_eq!(read(b"name,ID,why\n\"a, b\",7,x\r\n\nc, 2 ,y\n"), Ok(vec![7, 2]));
    assert_eq!(read(b"\xff\xfe4\x007\0\r\0\n\08\0"), Ok(vec![47, 8]), "PowerShell's UTF-16");
    assert!(read(b"\xff\xfe4\x007").is_err_and(|message| message.contains("UTF-16")));
    let array = |descr, content: &[u8]| npy_file(descr, &[2], content);
    let ids: Vec<u8> = [258_i64, 3].iter().flat_map(|id| id.to_le_bytes()).collect();
    assert_eq!(read(&array("<i8", &ids)), Ok(vec![258, 3]));
    let cases: [(Vec<u8>, &str); 5] = [
        (b"id,label\r\n1,2\r\n\r\nx,3".to_vec(), "ids, line 4: `x` is not a row number"),
        (b"id,label\n".to_vec(), "ids names no rows"),
        (b"id,label\n1".to_vec(), "found record with 1 fields"),
        (array("<i8", &[0xff; 16]), "ids, line 1: `-1` is not a row number and 1 more"),
        (npy_file("<i8", &[0], &[]), "ids names no rows"),
    ];
    for (bytes, message) in cases {
        let error = read(&bytes).expect_err(message);
        assert!(error.contains(message), "{error}\nexpected {message}");
    }
}

#[test]
fn ranges_do_not_fill_the_memory() {
    let lines = |count: usize| "0-1000000\n".repeat(count);
    assert_eq!(parse(&lines(2)).expect("a list").len(), 2_000_002);
    for text in [lines(100_000), "0-4294967295".to_owned()] {
        let error = parse(&text).expect_err("too many").to_string();
        assert!(error.contains("name more than 16777216 rows"), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_never_panics(text: String) {
        let path = Path::new("f");
        for text in [text.clone(), format!("id,x\n{text}"), format!("id;file\n{text}")] {
            for kind in [Kind::Numbers, Kind::Ids, Kind::Paths] {
                let _ = entries(text.as_bytes(), IDS, kind, path);
            }
            let _ = parse(&text);
        }
    }

    #[test]
    fn ids_survive_being_listed(ids in prop::collection::vec(any::<u32>(), 1..50)) {
        let text: String = ids.iter().map(|id| format!("{id}\n")).collect();
        prop_assert_eq!(parse(&text).expect("a list"), ids);
    }
}

#[test]
fn ids_are_read_as_people_write_them() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("ids.txt");
    let read = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("written");
        ids(&path, Some("name")).expect("a list").texts
    };
    assert_eq!(
        read(b"name\n\"Smith, John\"\n\"Doe, Ann\",'bob'\n"),
        ["Smith, John", "Doe, Ann", "bob"]
    );
    assert_eq!(read(b"Zo\xeb\nna\xefve\n"), ["Zoë", "naïve"]);
}
