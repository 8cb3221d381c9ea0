use super::*;

#[test]
fn columns_called_like_ids_people_times_or_weights_are_refused() {
    let names = [
        "user_id",
        "patient_id",
        "customer",
        "timestamp",
        "date",
        "row",
        "index",
        "Unnamed: 0",
        "sample_weight",
        "weight",
        "split",
        "fold",
    ];
    for name in names {
        let text = with_column(name, |at| (at % 3).to_string());
        let quoted = if name.contains(' ') { format!("'{name}'") } else { name.to_owned() };
        says(
            by_default(&text),
            &[&format!("`{name}`"), &format!("--ignore {quoted}"), "--feature"],
        );
        let ignore = TableOptions { ignore: strings(&[name]), ..Default::default() };
        assert_eq!(numbers(&good(&text, &ignore)).0, ["x"]);
        let feature = TableOptions { features: strings(&[name]), ..Default::default() };
        assert_eq!(numbers(&good(&text, &feature)).0, ["x", name]);
    }
}

#[test]
fn all_suspicious_columns_are_in_one_message() {
    let text = "label,user_id,x,timestamp,fold\n0,a,1.5,8,0\n1,b,2.5,9,1\n";
    says(
        by_default(text),
        &["--group user_id", "--id user_id", "--ignore timestamp", "--ignore fold"],
    );
    let wide: String = (0..12).map(|at| format!(",a{at}_id")).collect();
    let text = format!("label{wide}\n0{}\n", ",5".repeat(12));
    says(by_default(&text), &["`a9_id`", "and 2 more"]);
}

#[test]
fn values_that_count_or_never_repeat_are_refused() {
    says(by_default(&with_column("n", |at| at.to_string())), &["`n` counts the rows", "--id n"]);
    says(by_default(&with_column("n", |at| (at + 1).to_string())), &["`n` counts the rows"]);
    says(by_default("label,n\n0,0\n1,1\n0,2\n1,3\n0,4\n"), &["`n` counts the rows"]);
    let shuffled = |at: usize| (at * 7 % 25 + 100).to_string();
    says(by_default(&with_column("n", shuffled)), &["`n` is different in every row"]);
    says(by_default(&with_column("n", |at| format!("k{at}"))), &["`n` is different in every row"]);
    says(
        by_default(&with_column("n", |at| format!("this is text {at}"))),
        &["--text n", "`n` holds a text"],
    );
    // Fractions that never repeat are what features look like.
    assert!(by_default(&with_column("n", |at| format!("{at}.25"))).is_ok());
    // A saved index without a name.
    says(by_default(",label,x\n0,1,2.5\n1,0,3.5\n"), &["--ignore 'Unnamed: 0'"]);
}

#[test]
fn ids_groups_and_columns_are_kept() {
    let text = "id,label,who,country,x\na1,0,ann,DE,1.5\na2,1,,FR,2\na3,0,bob,DE,4\n";
    let options = TableOptions {
        id: Some("id".to_owned()),
        group: Some("who".to_owned()),
        ignore: strings(&["country"]),
        ..Default::default()
    };
    let tables = good(text, &options);
    assert_eq!(tables.train.ids, Some(strings(&["a1", "a2", "a3"])));
    let groups = vec![Some("ann".to_owned()), None, Some("bob".to_owned())];
    assert_eq!(tables.train.groups, Some(groups));
    let names: Vec<&str> = tables.train.columns.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["id", "label", "who", "country", "x"]);
    assert_eq!(tables.train.columns[3].1, ["DE", "FR", "DE"]);
    assert_eq!(tables.train.columns[4].1, ["1.5", "2", "4"]);
    assert_eq!(numbers(&tables).0, ["x"]);

    let auto = good("label,Group,x\n0,ann,1.5\n1,,2\n", &TableOptions::default());
    assert_eq!(auto.train.groups, Some(vec![Some("ann".to_owned()), None]));
    notes(&auto, &["`Group` says whom a row belongs to"]);
}

#[test]
fn ids_must_be_there_and_differ() {
    let id = TableOptions { id: Some("k".to_owned()), ..Default::default() };
    let text = "k,label,x\na,0,1.5\nb,1,2\na,0,3\nb,1,4\nc,0,5\n";
    says(table(text, &id), &["the id `k`", "`a` on lines 2, 4", "`b` on lines 3, 5"]);
    says(table("k,label,x\na,0,1\n,1,2\n,0,3\n", &id), &["missing on line 3, line 4"]);
}

#[test]
fn options_must_name_columns_and_each_only_once() {
    let text = "label,a,b\n0,1.5,2.5\n1,2.5,1.5\n";
    let options = TableOptions { ignore: strings(&["c", "d"]), ..Default::default() };
    says(table(text, &options), &["`c`, `d`", "the columns are `label`, `a`, `b`"]);
    let options =
        TableOptions { ignore: strings(&["a"]), id: Some("a".to_owned()), ..Default::default() };
    says(table(text, &options), &["`a` is given as --id and as --ignore"]);
    let options = TableOptions { ignore: strings(&["a", "b"]), ..Default::default() };
    says(table(text, &options), &["not a column of features"]);
    // What only the test table has can be ignored, too.
    let options = TableOptions { ignore: strings(&["c"]), ..Default::default() };
    assert!(both(text, "c,a,b,label\n7,1,2,0\n", &options).is_ok());
}

#[test]
fn codes_with_leading_zeros_are_asked_about() {
    let text = with_column("postcode", |at| format!("0{}", 1067 + at % 3));
    let remedies = ["`postcode` has numbers with leading zeros", "--ignore postcode", "--group"];
    says(by_default(&text), &remedies);
    let wanted = TableOptions { features: strings(&["postcode"]), ..Default::default() };
    assert_eq!(numbers(&good(&text, &wanted)).0, ["x", "postcode"]);
    let plain = good(&with_column("zero", |at| (at % 2).to_string()), &TableOptions::default());
    assert_eq!(numbers(&plain).0, ["x", "zero"]);
}
