use super::*;

fn label(name: &str) -> TableOptions {
    TableOptions { label: Some(name.to_owned()), ..Default::default() }
}

#[test]
fn the_label_is_found_by_its_heading_or_the_option() {
    for name in ["label", "Target", "CLASS", "y"] {
        let tables = good(&format!("x,{name}\n1.5,0\n2.5,1\n"), &TableOptions::default());
        assert_eq!(
            (
                tables.train.labels,
                numbers(&by_default(&format!("x,{name}\n1.5,0\n2,1\n")).expect("a table")).0
            ),
            (vec![0, 1], strings(&["x"]))
        );
    }
    let two = "x,target,y\n1.5,0,1\n2.5,1,0\n";
    says(by_default(two), &["`target`, `y` could each be", "--label target or --label y"]);
    let options = TableOptions { ignore: strings(&["y"]), ..label("target") };
    assert_eq!(good(two, &options).train.labels, [0, 1]);
    says(by_default("a,b\n1.5,2\n"), &["no column is called label", "`a`, `b`", "--label NAME"]);
    assert_eq!(good("a,b\n1.5,x\n2,y\n", &label("b")).classes, ["x", "y"]);
    says(table("a,b\n1.5,x\n", &label("c")), &["not a column `c`"]);
    // Places are for tables without headings; here they would hide a mistake.
    says(table("a,b\n1.5,x\n", &label("last")), &["not a column `last`"]);
}

#[test]
fn without_headings_somebody_must_say_where_the_label_is() {
    let text = "5,1.5,0\n3,2.5,1\n5,3.5,0\n";
    says(
        by_default(text),
        &[
            "the first line is a row (`5`, `1.5`, `0`)",
            "(`5`, `3`): type --label first",
            "(`0`, `1`): type --label last",
            "--label 2",
        ],
    );
    for name in ["last", "2"] {
        let tables = good(text, &label(name));
        assert_eq!(
            (&tables.train.labels[..], tables.reading.label.as_str()),
            (&[0, 1, 0][..], "2")
        );
        notes(&tables, &["the first line begins with `5`, so it was read as a row"]);
    }
    assert_eq!(good(text, &label("first")).classes, ["3", "5"]);
    says(table(text, &label("3")), &["not a column `3`", "`0`, `1`, `2`"]);
    // Text in the label column alone does not make a heading.
    let iris = "5.1,3.5,setosa\n4.9,3.1,other\n";
    assert_eq!(good(iris, &label("last")).classes, ["other", "setosa"]);
    says(by_default(iris), &["the first line is a row"]);
    // Headings that are numbers.
    let counted = "0,1,2,3,4\n1.5,2.5,3.5,4.5,1\n2.5,1.5,2,1,0\n";
    assert_eq!(good(counted, &label("4")).train.labels, [1, 0]);
}

/// Cells, classes, labels, and what a note says.
type Case = (&'static [&'static str], &'static [&'static str], &'static [u32], &'static str);

#[test]
fn labels_become_classes_in_order() {
    let cases: [Case; 7] = [
        (&["0", "1.0", "1"], &["0", "1"], &[0, 1, 1], ""),
        (&["-1", "1", "-1"], &["-1", "1"], &[0, 1, 0], "classes 0 to 1, in this order: `-1`, `1`"),
        (&["10", "9", "8"], &["8", "9", "10"], &[2, 1, 0], "labels 8 to 10 became classes 0 to 2"),
        (&["1999", "2010"], &["1999", "2010"], &[0, 1], "`1999`, `2010`"),
        (&["pos", "neg"], &["neg", "pos"], &[1, 0], "`neg`, `pos`"),
        (&["0.5", "10.5", "2.5"], &["0.5", "2.5", "10.5"], &[0, 2, 1], "`0.5`, `2.5`, `10.5`"),
        (&["a", "a"], &["a"], &[0, 0], "all rows have the label `a`"),
    ];
    for (cells, classes, labels, note) in cases {
        let row = |(at, cell): (usize, &&str)| format!("{cell},{at}.5\n");
        let text: String = cells.iter().enumerate().map(row).collect();
        let tables = good(&format!("label,x\n{text}"), &TableOptions::default());
        assert_eq!(
            (&tables.classes[..], &tables.train.labels[..]),
            (&strings(classes)[..], labels)
        );
        notes(&tables, &[note]);
    }
}

#[test]
fn labels_like_ids_are_refused() {
    let text = |classes: usize, rows: usize| {
        let row = |at: usize| format!("{},{}.5\n", at % classes + 100, at % 7);
        format!("label,x\n{}", (0..rows).map(row).collect::<String>())
    };
    says(
        by_default(&text(21, 50)),
        &["21 different values in 50 rows", "`109` and 11 more", "id or a quantity"],
    );
    assert_eq!(good(&text(21, 105), &TableOptions::default()).classes.len(), 21);
    assert_eq!(good(&text(20, 20), &TableOptions::default()).classes.len(), 20);
}

#[test]
fn missing_and_unknown_labels_are_listed() {
    says(
        by_default("label,x\n0,1\n,2\nNA,3\n"),
        &["the label `label` is missing on line 3, line 4"],
    );
    let lines: String = (0..12).map(|_| ",1\n").collect();
    says(by_default(&format!("label,x\n{lines}")), &["line 11 and 2 more"]);
    let test = "label,x\n2,1\n0,1\n3,1\n2,1\n";
    let options = TableOptions::default();
    says(
        both("label,x\n0,1.5\n1,2\n", test, &options),
        &["test table: labels `2` (2 rows), `3` (1 row) are not", "trained: `0`, `1`"],
    );
    let one = both("label,x\n0,1.5\n1,2\n", "label,x\n1.0,1\n", &options).expect("1.0 is 1");
    assert_eq!(one.test.expect("a test part").labels, [1]);
}

#[test]
fn labels_written_in_several_ways_are_one_class_and_it_is_said() {
    let tables = good("label,x\n1,1.5\n1.0,2\n02,3\n2,4\n", &TableOptions::default());
    assert_eq!(tables.train.labels, [0, 0, 1, 1]);
    notes(&tables, &["the same number are one class", "`1`, `1.0`", "`02`, `2`"]);
}

#[test]
fn a_line_of_totals_is_not_a_row() {
    says(by_default("x,label\n1.5,a\n2.5,b\n4.0,Total\n"), &["line 4", "seems to sum up"]);
    assert!(by_default("x,label\n1.5,total\n2.5,b\n4.5,total\n").is_ok());
}

#[test]
fn a_feature_that_is_the_label_is_said() {
    let rows = |code: fn(usize) -> usize| {
        let lines = (0..24)
            .map(|at| format!("{},{},{}.5\n", ["a", "b", "c"][at % 3], code(at), at * at % 11));
        format!("label,code,x\n{}", lines.collect::<String>())
    };
    notes(
        &by_default(&rows(|at| at % 3 + 4)).expect("a table"),
        &["`code` tells the label of every row"],
    );
    let tables = by_default(&rows(|at| at % 4)).expect("a table");
    assert!(!tables.notes.join("\n").contains("tells the label"), "{:?}", tables.notes);
}
