use super::*;

fn option(missing: Missing) -> TableOptions {
    TableOptions { missing: Some(missing), ..Default::default() }
}

#[test]
fn columns_of_pixels_are_pixels() {
    let cell = |at: usize| (at * 37 % 256).to_string();
    let headings: [&dyn Fn(usize) -> String; 5] = [
        &|at| at.to_string(),
        &|at| format!("pixel{at}"),
        &|at| format!("p{}", at + 1),
        &|at| format!("{}x{}", at / 8 + 1, at % 8 + 1),
        &|at| format!("pixel_{}_{}", at / 8, at % 8),
    ];
    for heading in headings {
        let tables = good(&image(8, heading, cell), &TableOptions::default());
        let Values::Pixels { shape, values } = &tables.train.values else { panic!("{tables:?}") };
        assert_eq!((*shape, &values[..3], values.len()), ([1, 8, 8], &[0, 37, 74][..], 256));
    }
    let other = good(&image(8, |at| format!("gene{at}"), cell), &TableOptions::default());
    assert_eq!(numbers(&other).0.len(), 64);
    let few = good(&image(7, |at| format!("p{at}"), cell), &TableOptions::default());
    assert_eq!(numbers(&few).0.len(), 49);
    let kind = TableOptions { kind: Some(ValueKind::Features), ..Default::default() };
    assert_eq!(numbers(&good(&image(8, |at| format!("p{at}"), cell), &kind)).0.len(), 64);
}

#[test]
fn fractions_are_features_and_pixels_can_be_asked_for() {
    let unit = image(8, |at| format!("p{at}"), |at| format!("0.{}", at % 10));
    let tables = good(&unit, &TableOptions::default());
    assert_eq!(numbers(&tables).0.len(), 64);
    notes(&tables, &["are called like pixels, but `p1` holds `0.1` on line 2"]);
    let kind = TableOptions { kind: Some(ValueKind::Pixels), ..Default::default() };
    says(table(&unit, &kind), &["`p1` holds `0.1` on line 2", "more"]);
    let few = good("label,a,b,c\n0,1,2,3\n1,4,5,255\n", &kind);
    let values = Values::Pixels { shape: [3, 1, 1], values: vec![1, 2, 3, 4, 5, 255] };
    assert_eq!(few.train.values, values);
    let five = good("label,a,b\n0,1,2\n1,4,5\n", &kind);
    assert!(matches!(five.train.values, Values::Pixels { shape: [1, 1, 2], .. }));
    let binary = good(
        &image(8, |at| format!("p{at}"), |at| (at * 3 % 2).to_string()),
        &TableOptions::default(),
    );
    notes(&binary, &["all values are 0 or 1", "--values pixels"]);
}

#[test]
fn pixels_in_another_order_are_sorted_and_said() {
    let heading = |at: usize| format!("p{}", if at < 2 { 1 - at } else { at });
    let tables = good(&image(8, heading, |at| (at % 200).to_string()), &TableOptions::default());
    let Values::Pixels { values, .. } = &tables.train.values else { panic!("{tables:?}") };
    assert_eq!(values[..4], [1, 0, 2, 3]);
    notes(&tables, &["in the order of their headings: `p0`, `p1`, `p2`"]);
}

#[test]
fn a_number_that_stands_for_a_missing_value_is_said() {
    let rows = |values: [&str; 4]| {
        let lines = values.iter().enumerate();
        lines.map(|(i, value)| format!("{},{value},{i}\n", i % 2)).collect::<String>()
    };
    for (values, said) in [
        (["-999", "3", "4", "-999"], true),
        (["99999", "3", "4", "99999"], true),
        (["99", "3", "4", "99"], true),
        (["99", "31", "4", "99"], false),
        (["-1", "3", "4", "-1"], true),
        (["-1", "-3", "4", "-1"], false),
        (["-999", "3", "4", "5"], false),
        (["99999", "98000", "4", "99999"], false),
    ] {
        let tables = good(&format!("label,a,b\n{}", rows(values)), &TableOptions::default());
        let found = tables.notes.iter().any(|note| note.contains("stands for a missing value"));
        assert_eq!(found, said, "{values:?}: {:?}", tables.notes);
    }
}

#[test]
fn numbers_are_standardised_by_the_training_part() {
    let tables = both("label,x,c\n0,1,7\n1,3,7\n", "c,label,x\n8,1,5\n", &TableOptions::default());
    let tables = tables.expect("tables");
    assert_eq!(numbers(&tables), (strings(&["x"]), vec![-1.0, 1.0]));
    assert_eq!(numbers_of(tables.test.as_ref().expect("a test part")).1, [3.0]);
    notes(&tables, &["the same in every training row: `c`"]);
    says(by_default("label,c,d\n0,7,a\n1,7,a\n"), &["the same in every row: `c`, `d`"]);
    let huge = "label,x,z\n0,1e308,1\n1,-1e308,2\n";
    says(by_default(huge), &["too large", "`x`"]);
    says(
        by_default("label,x\n0,1\n1,inf\n0,-inf\n"),
        &["`x` holds `inf` on line 3", "`-inf` on line 4"],
    );
    let test = both("label,x\n0,1\n1,3\n", "label,x\n0,1\n1,inf\n0,a\n", &TableOptions::default());
    says(test, &["test table: not as in the rows", "`x` holds `a` on line 4"]);
}

#[test]
fn texts_become_categories_and_flags() {
    let train = "label,c,f\n0,red,yes\n1,blue,no\n0,red,True\n";
    let tables = both(train, "label,c,f\n1,green,no\n", &TableOptions::default()).expect("tables");
    let (names, values) = numbers(&tables);
    assert_eq!(names, ["c=blue", "c=red", "f"]);
    assert_eq!(values, [0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0]);
    assert_eq!(numbers_of(tables.test.as_ref().expect("a test part")).1, [0.0; 3]);
    notes(
        &tables,
        &["`c` became 2 categories: `blue`, `red`", "`green` in `c` (1 row)", "`f`: yes or true"],
    );
    let many = (0..80).map(|at| format!("{},v{},{}.5\n", at % 2, at % 40, at % 3));
    let text = format!("label,c,x\n{}", many.collect::<String>());
    says(by_default(&text), &["`c` has 40 different texts", "--ignore c"]);
}

#[test]
fn columns_that_are_neither_numbers_nor_text_are_refused() {
    let text = "label,age,price,when\n0,12,\"1,234.5\",2020-01-02\n1,old,\"2,000\",2020-01-03\n";
    says(
        by_default(text),
        &[
            "`age` holds `old` on line 3, but numbers in 1 row",
            "`price` holds `1,234.5`",
            "`when` holds `2020-01-02`",
            "--feature age",
        ],
    );
    let options =
        TableOptions { features: strings(&["age", "price", "when"]), ..Default::default() };
    assert_eq!(numbers(&good(text, &options)).0.len(), 6);
}

#[test]
fn missing_values_are_counted_and_handled_only_if_asked() {
    let text = "label,x,c\n0,1,a\n1,NA,b\n0,3,?\n1,null,a\n";
    says(
        by_default(text),
        &[
            "`x` in 2 rows (first on line 3)",
            "`c` in 1 row (first on line 4)",
            "--missing mean",
            "--missing drop",
        ],
    );
    let (_, values) = numbers(&good(text, &option(Missing::Mean)));
    assert_eq!(values, [-1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
    let kept = "label,x,c\n0,1,a\n1,NA,b\n0,3,?\n1,2,c\n";
    let tables = good(kept, &option(Missing::Drop));
    assert_eq!((&tables.train.labels[..], numbers(&tables).1.len()), (&[0, 1][..], 6));
    notes(&tables, &["2 of 4 rows were left out", "lines 3, 4"]);
    says(table("label,x\n0,NA\n1,NaN\n", &option(Missing::Drop)), &["in every row"]);
    says(table("label,x\n0,NA\n1,NaN\n", &option(Missing::Mean)), &["same in every row"]);
    let drop = both("label,x\n0,1\n1,2\n", "label,x\n0,\n1,2\n", &option(Missing::Drop));
    assert_eq!(drop.expect("tables").test.expect("a test part").labels, [1]);
    says(
        both("label,x\n0,1\n1,2\n", "label,x\n0,\n1,2\n", &TableOptions::default()),
        &["test table: values are missing"],
    );
}

#[test]
fn texts_are_guessed_or_named() {
    let text = "label,review\npos,what a very good film\nneg,\"not, so good at all\"\n";
    let tables = good(text, &TableOptions::default());
    let Values::Texts(texts) = &tables.train.values else { panic!("{tables:?}") };
    assert_eq!(texts, &["what a very good film", "not, so good at all"]);
    notes(&tables, &["`review` was taken as the text"]);
    let more = "label,stars,review\npos,5,good\nneg,1,bad\n";
    let options = TableOptions { text: Some("review".to_owned()), ..Default::default() };
    let tables = good(more, &options);
    assert!(matches!(&tables.train.values, Values::Texts(texts) if texts == &["good", "bad"]));
    notes(&tables, &["only the text is learnt from, not `stars`"]);
    assert_eq!(tables.train.columns[1], ("stars".to_owned(), strings(&["5", "1"])));
    says(table("label,review\na,x\nb,\n", &options), &["`review` is empty on line 3"]);
}
