//! Tables made like well-known ones.

use super::*;

#[test]
fn passengers() {
    let row = |at: usize| {
        let sex = if at.is_multiple_of(3) { "male" } else { "female" };
        let age = if at.is_multiple_of(5) { String::new() } else { format!("{}.5", at % 40) };
        let cabin = if at.is_multiple_of(2) { "" } else { "C85" };
        format!("{},{},{},\"Doe, Mr. {at}\",{sex},{age},{cabin}\n", at + 1, at % 2, at % 3 + 1)
    };
    let rows: String = (0..60).map(row).collect();
    let text = format!("PassengerId,Survived,Pclass,Name,Sex,Age,Cabin\n{rows}");
    says(by_default(&text), &["no column is called label", "`Survived`"]);
    let mut options = TableOptions { label: Some("Survived".to_owned()), ..Default::default() };
    says(table(&text, &options), &["`PassengerId`", "`Name`", "--id PassengerId", "--ignore Name"]);
    options.id = Some("PassengerId".to_owned());
    options.ignore = strings(&["Name"]);
    says(table(&text, &options), &["`Age` in 12 rows (first on line 2)", "`Cabin` in 30 rows"]);
    options.missing = Some(Missing::Mean);
    options.ignore.push("Cabin".to_owned());
    let tables = good(&text, &options);
    assert_eq!(numbers(&tables).0, ["Pclass", "Sex=female", "Sex=male", "Age"]);
    let repeated = tables.notes.iter().filter(|note| note.contains("missing values")).count();
    assert_eq!(repeated, 1);
    assert_eq!(tables.train.ids.expect("ids").len(), 60);
}

#[test]
fn flowers_and_incomes_without_headings() {
    let iris =
        "5.1,3.5,1.4,0.2,Iris-setosa\n4.9,3.0,1.3,0.3,Iris-setosa\n7.0,3.2,4.7,1.4,Iris-other\n\n";
    says(by_default(iris), &["--label first", "--label last", "`Iris-setosa`, `Iris-other`"]);
    let last = TableOptions { label: Some("last".to_owned()), ..Default::default() };
    assert_eq!(good(iris, &last).classes, ["Iris-other", "Iris-setosa"]);
    let adult = "39, State-gov, 77516, Bachelors, <=50K\n50, ?, 83311, Bachelors, >50K\n38, Private, 215646, HS-grad, <=50K\n";
    says(table(adult, &last), &["missing: `1` in 1 row (first on line 2)"]);
    let drop = TableOptions { missing: Some(Missing::Drop), ..last };
    assert_eq!(good(adult, &drop).train.labels, [0, 0]);
}

#[test]
fn wines_with_semicolons() {
    let text = "\"fixed acidity\";\"pH\";\"quality\"\n7.4;3.51;5\n7.8;3.2;6\n";
    let options = TableOptions { label: Some("quality".to_owned()), ..Default::default() };
    let tables = good(text, &options);
    assert_eq!(numbers(&tables).0, ["fixed acidity", "pH"]);
    assert_eq!(tables.classes, ["5", "6"]);
    notes(&tables, &["separated by semicolons", "in this order: `5`, `6`"]);
}

#[test]
fn marks_within_cells_are_not_categories() {
    says(
        by_default("label,x\n0,1;5\n1,2;5\n"),
        &["`x` holds `1;5`", "not a number as it is written"],
    );
    says(by_default("label,x\n0,1'500\n1,2'500\n"), &["`x` holds `1'500`"]);
}
