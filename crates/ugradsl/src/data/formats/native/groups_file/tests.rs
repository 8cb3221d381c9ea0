use proptest::prelude::*;

use super::*;

#[test]
fn one_name_per_row() {
    let texts = ["anna\n\n bob \nanna", "\u{feff}anna\r\n\r\nbob\r\nanna\r\n"];
    let csvs = ["group\nanna\n\"\"\nbob\nanna\n", "\u{feff}Group\r\nanna\r\n\" \"\r\nbob\r\nanna"];
    let expected = Groups::new(&[Some("anna"), None, Some("bob"), Some("anna")]);
    for text in texts {
        assert_eq!(parse_text(text.as_bytes()).expect(text), expected);
    }
    for text in csvs {
        assert_eq!(parse_csv(text.as_bytes()).expect(text), expected);
    }
}

#[test]
fn refuses_hostile_lists() {
    let error = parse_text(b"a\nb\n\xff\n").expect_err("not text").to_string();
    assert_eq!(error, "line 3 is not UTF-8 text");
    let cases: [(&[u8], &str); 4] = [
        (b"", "the first line must be `group`, the only column, but it reads "),
        (b"anna\nbob\n", "but it reads anna"),
        (b"id,group\n0,anna\n", "but it reads id,group"),
        (b"group\nanna,bob\n", "found record with 2 fields"),
    ];
    for (bytes, message) in cases {
        let error = parse_csv(bytes).expect_err(message).to_string();
        assert!(error.contains(message), "{error}\nexpected {message}");
    }
    parse_csv(b"group\n\xff\xfe\n").expect_err("not text");

    let dir = tempfile::tempdir().expect("a temporary directory");
    for (name, text) in [("groups.txt", "a\nb\n"), ("groups.csv", "group\na\nb\n")] {
        let path = dir.path().join(name);
        std::fs::write(&path, text).expect("written");
        assert_eq!(read(&path, 2).expect("two").len(), 2);
        let error = read(&path, 3).expect_err("one too few").to_string();
        let message =
            "2 groups for 3 training rows: there must be one name per row, in the same order";
        assert_eq!(error, format!("{}: {message}", path.display()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
        let _ = parse_text(&bytes);
        let _ = parse_csv(&bytes);
        let _ = parse_csv(&[b"group\n", &bytes[..]].concat());
    }
}
