use super::*;

const TRAIN: &str = "k,label,x,c,f\na,no,1,red,yes\nb,yes,3,blue,no\n";

fn options() -> TableOptions {
    TableOptions { id: Some("k".to_owned()), ..Default::default() }
}

fn again(text: &str, options: &TableOptions, reading: &TableReading) -> Result<Tables, String> {
    parse(text.as_bytes(), None, options, Some(reading)).map_err(|error| error.to_string())
}

#[test]
fn a_reading_survives_and_is_followed() {
    let reading = good(TRAIN, &options()).reading;
    let text = serde_json::to_string(&reading).expect("JSON");
    let reading: TableReading = serde_json::from_str(&text).expect("a reading");
    let none = TableOptions::default();
    let tables = again("f;c;x;label\nno;red;5,0;yes\n", &none, &reading).expect("a table");
    assert_eq!(
        numbers(&tables),
        (strings(&["x", "c=blue", "c=red", "f"]), vec![3.0, 0.0, 1.0, 0.0])
    );
    assert_eq!((&tables.train.labels[..], &tables.reading), (&[1][..], &reading));
    let same = again(TRAIN, &none, &reading).expect("a table");
    assert_eq!(same.train, good(TRAIN, &options()).train);
}

#[test]
fn what_a_reading_does_not_know_is_refused() {
    let reading = good(TRAIN, &options()).reading;
    let none = TableOptions::default();
    let missing = "label,x,g,h\nno,1,2,3\n";
    says(again(missing, &none, &reading), &["`c`, `f` missing; `g`, `h` not known"]);
    says(
        again("label,x,c,f\nmaybe,1,red,no\n", &none, &reading),
        &["label `maybe` (1 row) is not"],
    );
    says(again("label,x,c,f\nno,,red,no\n", &none, &reading), &["values are missing: `x`"]);
    says(again("no,1,red,no\n", &none, &reading), &["the first line is a row"]);
    let extra = "label,x,c,f,g\nno,1,red,no,7\n";
    let ignore = TableOptions { ignore: strings(&["g"]), ..Default::default() };
    assert!(again(extra, &ignore, &reading).is_ok());
    let ignore = TableOptions { ignore: strings(&["x"]), ..Default::default() };
    says(again(TRAIN, &ignore, &reading), &["--ignore `x` was asked for"]);
    let label = TableOptions { label: Some("c".to_owned()), ..Default::default() };
    says(again(TRAIN, &label, &reading), &["--label `c` was asked for", "trained with `label`"]);
    let kind = TableOptions { kind: Some(ValueKind::Pixels), ..Default::default() };
    says(again(TRAIN, &kind, &reading), &["--values `pixels`", "trained with features"]);
    let id = TableOptions { id: Some("nope".to_owned()), ..Default::default() };
    says(again(TRAIN, &id, &reading), &["not a column `nope`"]);
}

#[test]
fn the_test_part_has_the_same_columns() {
    let test = "label,x,z\nno,1,2\n";
    says(both(TRAIN, test, &options()), &["test table: ", "`c`, `f` missing; `z` not known"]);
}

#[test]
fn tables_without_headings_are_read_again() {
    let last = TableOptions { label: Some("last".to_owned()), ..Default::default() };
    let reading = good("1.5,4,0\n2.5,6,1\n", &last).reading;
    let tables = again("3.5,7,1\n", &last, &reading).expect("a table");
    assert_eq!(numbers(&tables).1, [3.0, 2.0]);
    says(again("a,b,label\n1,2,0\n", &TableOptions::default(), &reading), &["no names there"]);
    let first = TableOptions { label: Some("first".to_owned()), ..Default::default() };
    says(again("3.5,7,1\n", &first, &reading), &["--label `first`"]);
}
