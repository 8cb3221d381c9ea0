use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("writes to memory");
    encoder.finish().expect("writes to memory")
}

fn csv(text: &str) -> Table {
    parse(text.as_bytes(), b',').expect(text)
}

#[test]
fn labels_groups_and_values_are_told_apart_by_name() {
    let train = "a,Label,b,group,c,d\n0,3,255,anna, 7 ,1\n1,0,2, ,3,4\n";
    let test = "a,b,label,c,d\n9,8,1,7,6\n";
    let tables = pair(csv(train), csv(test)).expect("a data set");
    assert_eq!((tables.train.shape(), tables.train.labels()), ([1, 2, 2], &[3, 0][..]));
    assert_eq!(tables.train.pixels(), [0, 255, 7, 1, 1, 2, 3, 4]);
    assert_eq!((tables.test.pixels(), tables.test.labels()), (&[9, 8, 7, 6][..], &[1][..]));
    let groups = tables.groups.expect("a column of groups");
    assert_eq!((groups.rows("anna"), groups.len()), (Some(vec![0]), 2));

    // The same with tabs, packed, with a byte order mark and the line ends of Windows.
    let tabs = format!("\u{feff}{}", train.replace(',', "\t").replace('\n', "\r\n"));
    let packed = parse(&gz(tabs.as_bytes()), b'\t').expect("tabs");
    let again = pair(packed, csv(test)).expect("a data set");
    assert_eq!(again.train, tables.train);
}

#[test]
fn values_are_read_in_one_of_two_ways_for_both_parts() {
    let pixels = |train: &str, test: &str| {
        let part = |cells: &str| csv(&format!("label,x,y\n0,{cells}\n"));
        let tables = pair(part(train), part(test)).map_err(|error| error.to_string())?;
        Ok::<_, String>([tables.train.pixels(), tables.test.pixels()].concat())
    };
    assert_eq!(pixels("0,16", "255,1e1"), Ok(vec![0, 16, 255, 10]));
    assert_eq!(pixels("0,1", "1,0"), Ok(vec![0, 1, 1, 0]));
    // The test part alone would have been read the other way.
    assert_eq!(pixels("0.5,0.2", "1,0"), Ok(vec![128, 51, 255, 0]));
    let cases = [
        (
            "0.5,0",
            "0,7",
            "0.5 in row 0 of the training table, column `x`",
            "7 in row 0 of the test",
        ),
        (
            "0,7",
            "0,0.5",
            "0.5 in row 0 of the test table, column `y`",
            "7 in row 0 of the training",
        ),
        ("256,-1", "0,0", "(256 in row 0 of the", "(256 in row 0 of the"),
        ("nan,0", "0,0", "(NaN in row 0", "(NaN in row 0"),
        ("0,inf", "0,0", "(inf in row 0", "(inf in row 0"),
    ];
    for (train, test, whole, unit) in cases {
        let error = pixels(train, test).expect_err(train);
        let (first, second) = error.split_once(" nor all between 0 and 1 ").expect("both reasons");
        assert!(first.contains(whole) && second.contains(unit), "{error}");
    }
}

#[test]
fn a_square_number_of_values_is_an_image() {
    for (values, expected) in
        [(1, [1, 1, 1]), (64, [1, 8, 8]), (63, [1, 1, 63]), (784, [1, 28, 28])]
    {
        assert_eq!(shape(values), expected);
    }
}

#[test]
fn refuses_hostile_tables() {
    let cases: [(&str, &str); 17] = [
        ("", "the first line must name the columns, one of them `label`, but it begins with :"),
        ("0,0,5,13,9,0\n", "but it begins with 0,0,5,13: put a line of names on top"),
        ("label\n1\n", "there is no column of values besides `label`"),
        ("label,group\n1,a\n", "there is no column of values besides `label`"),
        ("label,x,LABEL\n", "several columns are called `label`"),
        ("label,group,x,group\n", "several columns are called `group`"),
        ("id,label,x\n0,1,2\n", "column 1 is called `id`, but rows are numbered by their position"),
        (",label,x\n0,1,2\n", "column 1 has no name (a saved index?"),
        ("label,x\n1\n", "row 0 has 1 cells, but there are 2 columns"),
        ("label,x\r\n1,2\r\n\r\n3,4,5\n", "row 1 has 3 cells, but there are 2 columns"),
        (
            "label,x\n1,2\n1.0,2\n",
            "row 1: `1.0` is not a label: labels are whole numbers from 0 to 65535",
        ),
        ("label,x\n-1,2\n", "row 0: `-1` is not a label"),
        ("label,x\n65536,2\n", "row 0: `65536` is not a label"),
        ("label,x\n99999999999999999999,2\n", "is not a label"),
        ("label,x\n,2\n", "row 0: `` is not a label"),
        ("label,x\n1,\n", "row 0, column `x`: `` is not a number"),
        ("label,x\n1,2;3\n", "row 0, column `x`: `2;3` is not a number"),
    ];
    for (text, message) in cases {
        for bytes in [text.as_bytes().to_vec(), gz(text.as_bytes())] {
            let error = parse(&bytes, b',').expect_err(message).to_string();
            assert!(error.contains(message), "{error}\nexpected {message}");
        }
    }
    let error = parse(b"label,group,x\n0,\xff\xfe,1\n", b',').expect_err("not text").to_string();
    assert_eq!(error, "row 0: the group is not UTF-8 text");
}

#[test]
fn parts_with_other_columns_are_refused() {
    let cases = [
        (
            "label,y\n0,1\n",
            "value 1 of a row is `x` in the training table, but `y` in the test table",
        ),
        (
            "label,x,y\n0,1,2\n",
            "value 2 of a row is missing in the training table, but `y` in the test",
        ),
    ];
    for (test, message) in cases {
        let error = pair(csv("label,x\n0,1\n"), csv(test)).expect_err(message).to_string();
        assert!(error.contains(message), "{error}\nexpected {message}");
    }
}

#[test]
fn damaged_streams_and_endless_lines_are_refused() {
    let text = format!("label,x\n{}", "1,2\n".repeat(5000));
    let packed = gz(text.as_bytes());
    for cut in [5, packed.len() / 2, packed.len() - 4] {
        let error = parse(&packed[..cut], b',').expect_err("cut").to_string();
        assert!(error.starts_with("reading failed: "), "{error}");
    }
    let endless = gz(&[b"label,x\n1,".to_vec(), vec![b'0'; (1 << 24) + 70_000]].concat());
    let error = parse(&endless, b',').expect_err("one line").to_string();
    assert_eq!(error, "reading failed: a line is longer than 16777216 bytes");
    let quoted = gz(&[b"label,x\n1,\"".to_vec(), vec![b'0'; (1 << 24) + 70_000]].concat());
    parse(&quoted, b',').expect_err("a quote that never ends");
}

#[test]
fn the_name_says_what_is_between_the_cells() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    for (name, text) in [("a.csv", "label,x\n1,2\n"), ("a.TSV", "label\tx\n1\t2\n")] {
        for (name, bytes) in [
            (name.to_owned(), text.as_bytes().to_vec()),
            (format!("{name}.gz"), gz(text.as_bytes())),
        ] {
            let path = dir.path().join(name);
            std::fs::write(&path, bytes).expect("written");
            assert_eq!(read(&path).expect("a table").labels, [1]);
        }
    }
    let path = dir.path().join("b.csv");
    std::fs::write(&path, "label,x\none,2\n").expect("written");
    let error = read(&path).expect_err("no number").to_string();
    assert!(error.starts_with(&format!("{}: row 0: `one`", path.display())), "{error}");
    let error = read(dir.path()).expect_err("a directory").to_string();
    assert!(error.contains(&dir.path().display().to_string()), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes: Vec<u8>, cells in "[0-9.,\"\n e+-]{0,80}") {
        for header in [&b""[..], b"label,x\n", b"group,label,x,y\n"] {
            let text = [header, cells.as_bytes()].concat();
            let bytes = [header, &bytes[..]].concat();
            for bytes in [gz(&bytes), [&[0x1f, 0x8b], &bytes[..]].concat(), bytes, text] {
                if let (Ok(a), Ok(b)) = (parse(&bytes, b','), parse(&bytes, b',')) {
                    let _ = pair(a, b);
                }
            }
        }
    }

    #[test]
    fn what_is_written_is_read(rows in prop::collection::vec((0_u32..9, any::<[u8; 4]>()), 1..20)) {
        let line = |(label, values): &(u32, [u8; 4])| {
            let cells: String = values.iter().map(|value| format!(",{value}")).collect();
            format!("{label}{cells}\n")
        };
        let text = format!("label,p0,p1,p2,p3\n{}", rows.iter().map(line).collect::<String>());
        let tables = pair(csv(&text), csv(&text)).expect("a data set");
        for (row, (label, values)) in rows.iter().enumerate() {
            prop_assert_eq!(tables.train.labels()[row], *label);
            prop_assert_eq!(tables.test.row(row), values);
        }
    }
}
