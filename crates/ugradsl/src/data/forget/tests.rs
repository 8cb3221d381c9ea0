use std::fs;

use proptest::prelude::*;

use super::super::class_names::ClassNames;
use super::super::dataset::Dataset;
use super::super::groups::Groups;
use super::super::image_set::ImageSet;
use super::super::normalisation::Normalisation;
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
        (
            "",
            "`` is not a forget request; use class:3, random:10%, ids:FILE, rows:FILE, group:NAME, ",
        ),
        ("3", "`3` is not a forget request"),
        ("ids:", "`ids:` is not a forget request; use class:3"),
        ("group: ", "`group: ` is not a forget request"),
        ("Class:3", "or where:COLUMN=VALUE (did you mean `class:`?)"),
        ("rnadom:5%", "did you mean `random:`?"),
        ("class:", "`` is not a class: write its number or its name, as in class:3"),
        ("class:-1", "`class:-1` can only be understood beside the data"),
        ("class:index=+1", "`index=+1` is not a class"),
        ("where:x", "write where:COLUMN=VALUE"),
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
fn classes_have_names_and_numbers() {
    let named = |names: &[&str]| {
        let names = ClassNames::new(names.iter().copied()).expect("names");
        data(3, &[0, 1, 2, 1], &[0, 1, 2]).with_class_names(names).expect("three names")
    };
    let words = named(&["cat", "dog", "2"]);
    // Folders 0, 10, 2 in the order of text.
    let numbers = named(&["0", "10", "2"]);
    let shifted = named(&["1", "2", "3"]);
    let ratings = named(&["0.5", "1.0", "1,5"]);
    let cases: [(&Dataset, &str, Result<u32, &str>); 21] = [
        (&ratings, "class:1", Ok(1)),
        (&ratings, "class:0", Err("no class is called `0`")),
        (&ratings, "class:2", Err("no class is called `2`")),
        (&ratings, "class:1.5", Ok(2)),
        (&words, "class:cat", Ok(0)),
        (&words, "class: dog ", Ok(1)),
        (&words, "class:1", Ok(1)),
        (&words, "class:2", Ok(2)),
        (&words, "class:name=dog", Ok(1)),
        (&words, "class:index=1", Ok(1)),
        (&words, "class:dgo", Err("did you mean dog?): the classes are cat, dog, 2")),
        (&words, "class:name=1", Err("no class is called `1`")),
        (&numbers, "class:10", Ok(1)),
        (&numbers, "class:2", Ok(2)),
        (&shifted, "class:3", Ok(2)),
        (
            &shifted,
            "class:2",
            Err("write class:index=2 for class 2 (3), or class:name=2 for class 1 (2)"),
        ),
        (&shifted, "class:name=2", Ok(1)),
        (&shifted, "class:index=", Err("`index=` is not a class")),
        (&shifted, "class:0", Err("no class is called `0`")),
        (&shifted, "class:02", Err("for class 2 (3)")),
        (&shifted, "class:index=0", Ok(0)),
    ];
    for (data, text, expected) in cases {
        let found = ForgetRequest::parse_for(text, data);
        match (found, expected) {
            (Ok(found), Ok(class)) => assert_eq!(found, ForgetRequest::Class(class), "{text}"),
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (found, expected) => panic!("{text}: {found:?}, expected {expected:?}"),
        }
    }
    let error = ForgetRequest::parse("class:cat").expect_err("no data").to_string();
    assert_eq!(error, "`class:cat` can only be understood beside the data it speaks of");
}

#[test]
fn several_requests_are_one() {
    let data = data(3, &[0, 1, 2, 1, 0], &[0, 1, 2]);
    let owners = [Some("ann and bob"), None, None, Some("eve"), None];
    let data = data.with_groups(Groups::new(&owners)).expect("one per row");
    let cases = [
        ("class:0 and class:1", vec![0, 1, 3, 4]),
        ("class:1 but not group:eve", vec![1]),
        ("group:ann and bob", vec![0]),
        ("group:ann and bob and class:2 and class:2", vec![0, 2]),
        ("class:0 and class:1 but not group:ann and bob but not group:eve", vec![1, 4]),
    ];
    for (text, rows) in cases {
        let request = ForgetRequest::parse_for(text, &data).expect(text);
        assert_eq!(request.rows(&data, 0).expect(text), rows, "{text}");
        assert_eq!(request.to_string(), text);
    }
    let nothing = ForgetRequest::parse("class:1 but not class:1").expect("a request");
    let error = nothing.rows(&data, 0).expect_err("nothing is left").to_string();
    assert_eq!(error, "the forget request names no rows");
    let joined = ForgetRequest::parse_for("class:0 but not class:1 and group:eve", &data);
    assert!(joined.is_err_and(|error| error.to_string().contains("read in two ways")));
    for text in ["class:0 and class:", "class:0 and random:7", "but not class:1"] {
        assert!(ForgetRequest::check_form(text).is_err(), "{text}");
    }
}

#[test]
fn rows_are_found_by_a_value_in_a_column() {
    let mut data = data(2, &[0, 1, 1], &[0, 1]);
    let column = ["DE", "FR", "DE"].map(str::to_owned).to_vec();
    data.columns.push("country", column);
    let cases = [
        ("where:country=DE", Ok(vec![0, 2])),
        ("where: country = FR ", Ok(vec![1])),
        (
            "where:country=De1",
            Err("no training row has `De1` in column `country` (did you mean DE?"),
        ),
        (
            "where:contry=DE",
            Err("no column `contry` (did you mean country?); its columns are country"),
        ),
        ("where:country", Err("write where:COLUMN=VALUE")),
    ];
    for (text, expected) in cases {
        match (ForgetRequest::parse_for(text, &data), expected) {
            (Ok(found), Ok(rows)) => assert_eq!(found, ForgetRequest::Found(rows), "{text}"),
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (found, expected) => panic!("{text}: {found:?}, expected {expected:?}"),
        }
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
    assert!(error.to_string().contains("line 2: `ÿþ`"), "{error}");
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
    }

    #[test]
    fn a_share_survives_being_shown(share in 1e-12_f64..1.0) {
        let request = ForgetRequest::Random(share);
        prop_assert_eq!(ForgetRequest::parse(&request.to_string()).expect("shown"), request);
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
    assert!(matches!(other, Err(ForgetError::UnknownId { rows: 5, .. })), "{other:?}");
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

#[test]
fn ids_agree_in_whatever_form_they_are_written() {
    use crate::data::{RowNameKind, RowNames};
    let rows = |labels: &[u32]| ImageSet::new([1, 1, 1], vec![7; labels.len()], labels.to_vec());
    let (train, test) = (rows(&[0, 1, 1]).expect("images"), rows(&[0, 1]).expect("images"));
    let names = |names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        RowNames::new(RowNameKind::Id, names).expect("names")
    };
    let set = Dataset::new("people", 2, train, test, Normalisation::identity(1)).expect("a set");
    let mut set = set.with_row_names(names(&["Zoe\u{308}", "3.0", "7"])).expect("as many");
    set.test_names = Some(names(&["tess", "tom"]));
    let found = |ids: &[&str]| ForgetRequest::by_ids(ids.iter().copied(), &set);
    let all = found(&["Zo\u{eb}", "3", "7.0"]).expect("ids of three rows");
    assert_eq!(all, ForgetRequest::Found(vec![0, 1, 2]));
    let error =
        found(&["tom", "max"]).expect_err("one of the test part, one of nobody").to_string();
    assert!(error.contains("tom (a row of the test part)") && error.contains("max"), "{error}");
}

#[test]
fn an_excluded_row_does_not_come_back_as_a_copy() {
    // All rows are the same picture.
    let data = data(2, &[0, 0, 1, 1], &[0, 1]);
    let rows = |request: &str| ForgetRequest::parse_for(request, &data)?.rows(&data, 0);
    let dir = tempfile::tempdir().expect("a temporary directory");
    let list = dir.path().join("rows");
    fs::write(&list, "1\n").expect("written");
    let request = format!("class:0 but not rows:{}", list.display());
    assert_eq!(rows(&request).expect("one row"), [0]);
    let error = rows(&format!("{request} with copies")).expect_err("both").to_string();
    assert!(error.contains("row 1 is excluded") && error.contains("exact copy"), "{error}");
}

#[test]
fn ids_and_row_numbers_are_not_taken_for_each_other() {
    use crate::data::{Columns, RowNameKind, RowNames};
    let dir = tempfile::tempdir().expect("a temporary directory");
    let list = dir.path().join("list.csv");
    let mut data = data(2, &[0, 1, 0, 1], &[0, 1]);
    let ids: Vec<String> = ["2", "0", "3", "1"].map(str::to_owned).to_vec();
    let mut columns = Columns::default();
    columns.push("customer_id".to_owned(), ids.clone());
    data.columns = columns;
    let asked = |kind: &str, text: &str, data: &Dataset| {
        fs::write(&list, text).expect("written");
        let request = ForgetRequest::parse_for(&format!("{kind}:{}", list.display()), data);
        request.and_then(|request| request.rows(data, 0)).map_err(|error| error.to_string())
    };
    let error = asked("ids", "2\n3\n", &data).expect_err("the ids were ignored");
    assert!(error.contains("--id customer_id") && error.contains("rows:"), "{error}");
    assert_eq!(asked("rows", "2\n3\n", &data), Ok(vec![2, 3]));

    data.row_names = Some(RowNames::new(RowNameKind::Id, ids).expect("names"));
    assert_eq!(asked("ids", "customer_id\n2\n3\n", &data), Ok(vec![0, 2]));
    assert_eq!(asked("rows", "2\n3\n", &data), Ok(vec![2, 3]));
    assert_eq!(asked("rows", "row,id\n2,3\n", &data), Ok(vec![2]));
    let error = asked("rows", "id\n2\n3\n", &data).expect_err("ids or rows");
    assert!(error.contains("headed `id`") && error.contains("ids:"), "{error}");
}
