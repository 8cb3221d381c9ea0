use std::fs;

use proptest::prelude::*;

use super::super::dataset::{Dataset, Normalisation};
use super::super::formats::npy::tests::file as npy_file;
use super::super::groups::Groups;
use super::super::image_set::ImageSet;
use super::*;

fn data(classes: usize, train: &[u32], test: &[u32]) -> Dataset {
    let images = |labels: &[u32]| {
        ImageSet::new([1, 1, 1], vec![0; labels.len()], labels.to_vec()).expect("a valid set")
    };
    let normalisation = Normalisation::identity(1);
    Dataset::new("x", classes, images(train), images(test), normalisation)
        .and_then(|data| data.with_validation(0.0))
        .expect("a valid data set")
}

fn hundred() -> Dataset {
    let labels: Vec<u32> = (0..100).map(|i| i % 4).collect();
    data(4, &labels, &[0, 1, 2, 3])
}

#[test]
fn requests_are_understood_and_shown_as_they_are_written() {
    let cases = [
        ("class:3", ForgetRequest::Class(3), "class:3"),
        ("class:007", ForgetRequest::Class(7), "class:7"),
        ("random:10%", ForgetRequest::Random(0.1), "random:10%"),
        ("random:0.1", ForgetRequest::Random(0.1), "random:10%"),
        ("random:7 %", ForgetRequest::Random(0.07), "random:7%"),
        ("random:0.5%", ForgetRequest::Random(0.005), "random:0.5%"),
        ("random:99.9%", ForgetRequest::Random(0.999), "random:99.9%"),
        ("random:0.3333333333", ForgetRequest::Random(0.333_333_333_3), "random:0.3333333333"),
        ("random:1e1%", ForgetRequest::Random(0.1), "random:10%"),
        ("random:1e-9", ForgetRequest::Random(1e-9), "random:0.0000001%"),
        ("group:anna", ForgetRequest::Group("anna".to_owned()), "group:anna"),
        ("group: a: b ", ForgetRequest::Group("a: b".to_owned()), "group:a: b"),
    ];
    for (text, request, shown) in cases {
        let parsed = ForgetRequest::parse(text).expect(text);
        assert_eq!(parsed, request, "{text}");
        assert_eq!(parsed.to_string(), shown);
        assert_eq!(ForgetRequest::parse(shown).expect(shown), request);
    }
    assert_eq!(ForgetRequest::Ids(vec![4, 2]).to_string(), "ids:2 rows");
}

#[test]
fn malformed_requests_are_refused() {
    let cases = [
        ("", "`` is not a forget request; use class:3, random:10%, ids:FILE or group:NAME"),
        ("3", "`3` is not a forget request"),
        ("ids:", "`ids:` is not a forget request; use class:3"),
        ("group: ", "`group: ` is not a forget request"),
        ("Class:3", "ids:FILE or group:NAME (did you mean `class:`?)"),
        ("rnadom:5%", "did you mean `random:`?"),
        ("class:", "`` is not a class: write its number, as in class:3"),
        ("class:-1", "`-1` is not a class"),
        ("class:+1", "`+1` is not a class"),
        ("class:cat", "`cat` is not a class"),
        ("class:4294967296", "`4294967296` is not a class"),
        ("random:", "`` is not a share: write random:10% or random:0.1"),
        ("random:%", "`%` is not a share"),
        ("random:ten", "`ten` is not a share"),
        (
            "random:10",
            "the share 10 (1000%) is not between 0 and 1; a share in per cent is written as in",
        ),
        ("random:100%", "the share 1 (100%) is not between 0 and 1"),
        ("random:0", "the share 0 (0%) is not between 0 and 1"),
        ("random:-5%", "is not between 0 and 1"),
        ("random:nan", "the share NaN"),
        ("random:nan%", "the share NaN"),
        ("random:inf", "the share inf"),
        ("ids:/no/such/file", "cannot read /no/such/file: "),
    ];
    for (text, message) in cases {
        let error = ForgetRequest::parse(text).expect_err(text).to_string();
        assert!(error.contains(message), "{error}\nexpected {message}");
    }
}

#[test]
fn lists_of_ids_are_read() {
    let cases = [
        ("5\n3\n9\n", vec![5, 3, 9]),
        ("\u{feff}id\r\n5\r\n3\r\n", vec![5, 3]),
        ("# rows of one person\n\nID # heading\n5, 3,9 # three\n\t7", vec![5, 3, 9, 7]),
        (" 1 2,,3, ", vec![1, 2, 3]),
    ];
    for (text, ids) in cases {
        assert_eq!(ids::parse(text, Path::new("f")).expect(text), ids);
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
        ("id,label\n1,2", "f, line 1: `id` is not a row number".to_owned()),
        ("# c\n-1", "f, line 2: `-1` is not a row number".to_owned()),
        ("1.0", "f, line 1: `1.0` is not a row number".to_owned()),
        ("1;2", "f, line 1: `1;2` is not a row number".to_owned()),
        ("4294967296", "f, line 1: `4294967296` is not a row number".to_owned()),
        (&long, format!("f, line 1: `{}` is not a row number", &long[..40])),
        ("", "f holds no row numbers".to_owned()),
        ("id\n# none\n", "f holds no row numbers".to_owned()),
    ];
    for (text, message) in cases {
        let error = ids::parse(text, Path::new("f")).expect_err(text);
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn tables_and_arrays_of_ids_are_read() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("ids");
    let read = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("written");
        ids::read(&path).map_err(|error| error.to_string())
    };
    assert_eq!(read(b"name,ID,why\n\"a, b\",7,x\r\n\nc, 2 ,y\n"), Ok(vec![7, 2]));
    let array = |descr, content: &[u8]| npy_file(descr, &[2], content);
    let ids: Vec<u8> = [258_i64, 3].iter().flat_map(|id| id.to_le_bytes()).collect();
    assert_eq!(read(&array("<i8", &ids)), Ok(vec![258, 3]));
    let cases: [(Vec<u8>, &str); 6] = [
        (b"id,label\r\n1,2\r\n\r\nx,3".to_vec(), "ids, line 4: `x` is not a row number"),
        (b"id,label\n".to_vec(), "ids holds no row numbers"),
        (b"id,label\n1".to_vec(), "found record with 1 fields"),
        (b"label,row\n1,2".to_vec(), "ids, line 1: `label` is not a row number"),
        (array("<i8", &[0xff; 16]), "ids: element 0 is -1, which is not between 0 and 4294967295"),
        (npy_file("<i8", &[0], &[]), "ids holds no row numbers"),
    ];
    for (bytes, message) in cases {
        let error = read(&bytes).expect_err(message);
        assert!(error.contains(message), "{error}\nexpected {message}");
    }
}

#[test]
fn a_group_is_forgotten_whatever_its_classes() {
    let owners = [Some("anna"), Some("bob"), None, Some("anna"), Some("Bobby")];
    let data = data(3, &[0, 1, 2, 1, 0], &[1, 0, 2]).with_groups(Groups::new(&owners));
    let data = data.expect("one per row");
    let group = |name: &str| ForgetRequest::Group(name.to_owned());
    let split = group("anna").split(&data, 0).expect("anna");
    // The task stays as it is: nothing is left out of the test.
    let expected = Split {
        retain: vec![1, 2, 4],
        forget: vec![0, 3],
        test: vec![0, 1, 2],
        validation: vec![],
        left_out: vec![],
    };
    assert_eq!(split, expected);
    let by_id = ForgetRequest::Ids(vec![3, 0]).split(&data, 0).expect("the same rows");
    assert_eq!((by_id.digest(), &by_id), (split.digest(), &split));

    let cases = [
        ("bib", "no group is called `bib`, did you mean bob? (of 3 groups)"),
        ("BOBBI", "no group is called `BOBBI`, did you mean Bobby, bob? (of 3 groups)"),
        (
            "zoroaster",
            "no group is called `zoroaster`, and none of the 3 groups is called anything like it",
        ),
    ];
    for (name, message) in cases {
        assert_eq!(group(name).split(&data, 0).expect_err(message).to_string(), message);
    }
    let cut = data.clone().limit(Some(3), None).expect("three rows");
    let error = group("Bobby").split(&cut, 0).expect_err("cut away").to_string();
    assert_eq!(error, "cannot forget group `Bobby`: none of the 3 training rows belongs to it");
    let error = group("anna").split(&hundred(), 0).expect_err("no groups").to_string();
    assert!(
        error.contains("the data set names no groups; add a column `group` to a table"),
        "{error}"
    );
}

#[test]
fn a_list_that_is_not_text_is_refused() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("ids");
    fs::write(&path, [b'1', b'\n', 0xff, 0xfe]).expect("written");
    let error = ForgetRequest::parse(&format!("ids:{}", path.display())).expect_err("not text");
    assert!(error.to_string().contains("line 2: `\u{fffd}\u{fffd}`"), "{error}");
}

#[test]
fn a_forgotten_class_is_left_out_of_the_test() {
    let data = data(4, &[0, 1, 2, 1, 0], &[1, 0, 3, 1, 2]);
    let split = ForgetRequest::Class(1).split(&data, 0).expect("class 1");
    // Class 3 has no training rows, but the request does not name it.
    let expected = Split {
        retain: vec![0, 2, 4],
        forget: vec![1, 3],
        test: vec![1, 2, 4],
        validation: vec![],
        left_out: vec![1],
    };
    assert_eq!(split, expected);
    assert!(split.whole_class());

    // Naming all rows of a class by number is the same request.
    let by_id = ForgetRequest::Ids(vec![3, 1]).split(&data, 0).expect("the same rows");
    assert_eq!(by_id, expected);

    let part = ForgetRequest::Ids(vec![4, 3]).split(&data, 0).expect("parts of two classes");
    let expected = Split {
        retain: vec![0, 1, 2],
        forget: vec![3, 4],
        test: (0..5).collect(),
        validation: vec![],
        left_out: vec![],
    };
    assert_eq!(part, expected);
    assert!(!part.whole_class());
    assert_ne!(part.digest(), split.digest());
    assert_eq!(split.digest(), by_id.digest());
}

#[test]
fn requests_that_the_data_cannot_fulfil_are_refused() {
    let mixed = data(4, &[0, 1, 2, 1], &[1, 1, 1]);
    let single = data(1, &[0, 0], &[0]);
    let cases = [
        (
            &mixed,
            ForgetRequest::Class(4),
            "cannot forget class 4: the data set has 4 classes (from 0)",
        ),
        (
            &mixed,
            ForgetRequest::Class(3),
            "cannot forget class 3 (of 4 classes): no training row belongs to it",
        ),
        (&mixed, ForgetRequest::Random(1.5), "the share 1.5 (150%) is not between 0 and 1"),
        (&mixed, ForgetRequest::Random(f64::NAN), "the share NaN (NaN%) is not between 0 and 1"),
        (
            &mixed,
            ForgetRequest::Random(0.1),
            "the share 0.1 of 4 training rows is less than one row",
        ),
        (
            &mixed,
            ForgetRequest::Random(0.9),
            "the forget request covers all 4 training rows: nothing would be retained",
        ),
        (
            &mixed,
            ForgetRequest::Ids(vec![0, 4]),
            "row 4 does not exist: the training set has 4 rows (from 0)",
        ),
        (
            &mixed,
            ForgetRequest::Ids(vec![2, 0, 2]),
            "row 2 is named more than once in the forget request",
        ),
        (&mixed, ForgetRequest::Ids(vec![]), "the forget request names no rows"),
        (
            &mixed,
            ForgetRequest::Ids(vec![3, 2, 1, 0]),
            "the forget request covers all 4 training rows: nothing would be retained",
        ),
        (
            &single,
            ForgetRequest::Class(0),
            "the forget request covers all 2 training rows: nothing would be retained",
        ),
        (
            &mixed,
            ForgetRequest::Class(1),
            "all 3 test rows belong to the forgotten classes [1]: nothing is left to test on",
        ),
    ];
    for (data, request, message) in cases {
        let error = request.split(data, 0).expect_err(message).to_string();
        assert!(error.starts_with(message), "{error}");
    }
}

/// These rows are a promise: a run that is repeated elsewhere forgets the same rows.
#[test]
fn the_draw_is_pinned() {
    let split = ForgetRequest::Random(0.05).split(&hundred(), 42).expect("five rows");
    assert_eq!(split.forget, [9, 28, 64, 74, 91]);
    // hashlib.sha256(struct.pack('<5I', 9, 28, 64, 74, 91)).hexdigest()
    let digest = "d7485e18b6860e6c88b28b8535bb094efa4d03a6623333374f95e5c159b605ee";
    assert_eq!(split.digest(), digest);
}

#[test]
fn every_row_is_drawn_about_as_often() {
    let data = hundred();
    let mut counts = [0_u32; 100];
    for seed in 0..2000 {
        for row in ForgetRequest::Random(0.1).split(&data, seed).expect("ten rows").forget {
            counts[row as usize] += 1;
        }
    }
    // Binomial with mean 200 and deviation 13.4: five deviations on each side.
    for (row, count) in counts.iter().enumerate() {
        assert!((133..=267).contains(count), "row {row} was drawn {count} times");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_never_panics(
        text: String,
        form in prop::sample::select(vec!["class:", "random:", "group:"]),
    ) {
        // Not `ids:`, which would open arbitrary paths.
        if !text.starts_with("ids:") {
            let _ = ForgetRequest::parse(&text);
        }
        let _ = ForgetRequest::parse(&format!("{form}{text}"));
        let _ = ids::parse(&text, Path::new("f"));
        let _ = ids::table(text.as_bytes(), Path::new("f"));
        let _ = ids::table(format!("id,x\n{text}").as_bytes(), Path::new("f"));
    }

    #[test]
    fn a_share_survives_being_shown(share in 1e-12_f64..1.0) {
        let request = ForgetRequest::Random(share);
        prop_assert_eq!(ForgetRequest::parse(&request.to_string()).expect("shown"), request);
    }

    #[test]
    fn ids_survive_being_listed(ids in prop::collection::vec(any::<u32>(), 1..50)) {
        let text: String = ids.iter().map(|id| format!("{id}\n")).collect();
        prop_assert_eq!(ids::parse(&text, Path::new("f")).expect("a list"), ids);
    }

    #[test]
    fn a_split_is_a_partition(
        labels in prop::collection::vec(0_u32..5, 1..80),
        share in 0.0_f64..1.0,
        class in 0_u32..6,
        ids in prop::collection::vec(0_u32..90, 0..10),
        seed: u64,
    ) {
        let data = data(5, &labels, &[0, 1, 2, 3, 4]);
        let random = ForgetRequest::Random(share);
        for request in [random.clone(), ForgetRequest::Class(class), ForgetRequest::Ids(ids)] {
            let Ok(split) = request.split(&data, seed) else { continue };
            prop_assert!(split.forget.is_sorted_by(|a, b| a < b));
            prop_assert!(split.retain.is_sorted_by(|a, b| a < b));
            let mut all = [&split.forget[..], &split.retain].concat();
            all.sort_unstable();
            prop_assert!(all.into_iter().eq(0..labels.len() as u32));
            let empty = [&split.forget, &split.retain, &split.test].map(Vec::is_empty);
            prop_assert_eq!(empty, [false; 3]);
            for label in 0..5 {
                let has = |rows: &[u32]| rows.iter().any(|&row| labels[row as usize] == label);
                let left_out = has(&split.forget) && !has(&split.retain);
                prop_assert_eq!(split.left_out.contains(&label), left_out);
                // Test row and label are the same number here.
                prop_assert_eq!(split.test.contains(&label), !left_out);
            }
            prop_assert_eq!(&request.split(&data, seed).expect("the same again"), &split);
            if request == random {
                let wanted = (share * labels.len() as f64).round() as usize;
                prop_assert_eq!(split.forget.len(), wanted);
            }
        }
    }
}

#[test]
fn what_was_forgotten_before_is_neither_retained_nor_forgotten_again() {
    let data = data(4, &[0, 1, 2, 1, 0], &[1, 0, 3, 1, 2]);
    // The rest of class 1 is forgotten: after the earlier rows, none of it is left.
    let split = ForgetRequest::Ids(vec![0, 1]).split_after(&[3, 0], &data, 0).expect("row 1");
    let expected = Split {
        retain: vec![2, 4],
        forget: vec![1],
        test: vec![1, 2, 4],
        validation: vec![],
        left_out: vec![1],
    };
    assert_eq!(split, expected);

    let again = ForgetRequest::Class(1).split_after(&[1, 3], &data, 0);
    assert!(matches!(again, Err(ForgetError::NothingNew { rows: 2 })), "{again:?}");
    let last = ForgetRequest::Class(1).split_after(&[0, 2, 4], &data, 0);
    assert!(matches!(last, Err(ForgetError::NothingRetained { rows: 5 })), "{last:?}");
    let other = ForgetRequest::Class(1).split_after(&[5], &data, 0);
    assert!(matches!(other, Err(ForgetError::UnknownId { id: 5, rows: 5 })), "{other:?}");
}

#[test]
fn each_kind_has_an_example_of_its_own() {
    for kind in ForgetRequest::KINDS {
        assert!(kind.example.starts_with(kind.prefix), "{kind:?}");
        // No file is opened, and no data are needed.
        ForgetRequest::check_form(kind.example).expect(kind.example);
        assert!(ForgetRequest::check_form(kind.prefix).is_err(), "{kind:?}");
    }
}
