use proptest::prelude::*;

use super::*;

#[test]
fn files_are_named() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let at = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    };
    let (train, test) = (at("a.csv", "label,x\n0,1\n1,2\n"), at("b.csv", "label,x\n7,1\n"));
    let options = TableOptions::default();
    assert!(read(&train, None, &options, None).is_ok());
    let error = read(&train, Some(&test), &options, None).expect_err("a class").to_string();
    assert!(error.starts_with(&format!("{}: label `7`", test.display())), "{error}");
    let error = read(dir.path(), None, &options, None).expect_err("a directory").to_string();
    assert!(error.starts_with(&dir.path().display().to_string()), "{error}");
}

fn any_options() -> impl Strategy<Value = TableOptions> {
    let name = || prop::option::of("[a-c0-2]|label|first|last");
    let names = || prop::collection::vec("[a-c0-2]", 0..2);
    let kind = prop::option::of(prop::bool::ANY);
    (name(), name(), names(), names(), kind.clone(), kind).prop_map(|it| TableOptions {
        label: it.0,
        id: it.1.filter(|_| it.2.len() == 1),
        ignore: it.2,
        features: it.3,
        kind: it.4.map(|yes| if yes { ValueKind::Pixels } else { ValueKind::Features }),
        missing: it.5.map(|yes| if yes { Missing::Mean } else { Missing::Drop }),
        ..Default::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>, options in any_options()) {
        for start in [&b""[..], b"label,a\n", b"\xff\xfe", b"\x1f\x8b", b"{\"label\":", b"label;a;b\n0;"] {
            let bytes = [start, &bytes[..]].concat();
            let _ = parse(&bytes, Some(&bytes), &options, None);
        }
    }

    #[test]
    fn no_table_makes_it_panic(
        rows in prop::collection::vec("(0|1|yes|no|x|NA|,5|\"[a,]\"|-1e308|inf|2020-1-1),(1|2.5||\"q\"),[a-c]?", 0..8),
        test in prop::collection::vec("[01],[0-9a.]{0,3},[a-d]?", 0..3),
        options in any_options(),
    ) {
        let part = |rows: &[String]| format!("label,a,b\n{}", rows.join("\n"));
        let (train, test) = (part(&rows), part(&test));
        if let Ok(tables) = parse(train.as_bytes(), Some(test.as_bytes()), &options, None) {
            let reading = &tables.reading;
            let again = parse(train.as_bytes(), Some(test.as_bytes()), &options, Some(reading));
            let again = again.expect("a reading reads its own table");
            prop_assert_eq!(again.train, tables.train);
            prop_assert_eq!(again.test, tables.test);
        }
    }

    #[test]
    fn hostile_readings_do_not_panic(mean: f64, deviation: f64, cells in "[0-9.e-]{0,9}", names in prop::collection::vec("[ab]", 0..3)) {
        let number = How::Number { mean, deviation };
        let feature = |column: &String| FeatureReading { column: column.clone(), how: number.clone() };
        for values in [
            ValuesReading::Features(names.iter().map(feature).collect()),
            ValuesReading::Pixels(names.clone()),
        ] {
            let reading = TableReading {
                headed: true, label: "label".to_owned(), classes: strings(&["0"]), id: None, group: None,
                ignored: strings(&["a", "b"]), missing: None, values,
            };
            let text = format!("label,a,b\n0,{cells},1\n");
            let _ = parse(text.as_bytes(), None, &TableOptions::default(), Some(&reading));
        }
    }
}
