use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;

const TABLE: &str = "label,x,c\n0,1.5,ä\n1,2.5,b\n";

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("writes to memory");
    encoder.finish().expect("writes to memory")
}

fn bytes(bytes: &[u8]) -> Result<Tables, String> {
    let options = TableOptions::default();
    parse(bytes, None, &options, None).map_err(|error| error.to_string())
}

#[test]
fn all_encodings_give_the_same_table() {
    let expected = by_default(TABLE).expect("a table").train;
    let utf16 = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("\u{feff}{TABLE}").encode_utf16().flat_map(unit).collect()
    };
    let latin: Vec<u8> = TABLE.chars().map(|char| char as u8).collect();
    let forms = [
        TABLE.as_bytes().to_vec(),
        format!("\u{feff}{TABLE}").into_bytes(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        TABLE.replace('\n', "\r\n").into_bytes(),
        TABLE.replace('\n', "\r").into_bytes(),
        TABLE.replace('\n', "\n\n").into_bytes(),
        TABLE.trim_end().as_bytes().to_vec(),
        TABLE.replace(',', " , ").into_bytes(),
        TABLE.replace("ä", "\"ä\"").into_bytes(),
        latin.clone(),
    ];
    for form in forms {
        assert_eq!(bytes(&form).expect("a table").train, expected);
        assert_eq!(bytes(&gz(&form)).expect("a table").train, expected);
    }
    notes(&bytes(&latin).expect("a table"), &["not UTF-8 (line 2)", "Latin-1"]);
    let windows = bytes(b"label,x\n\x80,1\nb,2\n").expect("a table");
    assert_eq!(windows.classes, ["b", "€"]);
}

#[test]
fn separators_are_told_apart() {
    let expected = by_default(TABLE).expect("a table").train;
    for (separator, name) in [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")] {
        let tables = by_default(&TABLE.replace(',', separator)).expect("a table");
        assert_eq!(tables.train, expected);
        notes(&tables, &[&format!("separated by {name}")]);
    }
    let german = by_default("label;x;c\n0;1,5;ä\n1;2,5;b\n").expect("a table");
    assert_eq!(german.train.values, expected.values);
    notes(&german, &["the comma is a decimal mark, as where `x` holds `1,5` on line 2"]);
    says(by_default("label;x\n0;1,5\n1;2.5\n"), &["`x` holds `1,5`", "points are decimal marks"]);
    let points = by_default("label;w\n0;12.500\n1;950\n0;1.000\n");
    says(points, &["`w` holds `12.500` on line 2", "thousands or decimals", "--feature w"]);
    assert!(by_default("label;w\n0;12.500\n1;950.5\n0;1.000\n").is_ok(), "decimals");
    assert!(by_default("label;w\n0;0.125\n1;2\n0;1.500\n").is_ok(), "decimals");
    let thousands = by_default("label;x;price\n0;1,5;1.234\n1;2,5;2.500\n");
    says(thousands, &["`price` holds `1.234` on line 2", "`x` holds `1,5`", "--ignore"]);
    let options = TableOptions { label: Some("last".to_owned()), ..Default::default() };
    let bare = good("1,5;2,5;0\n2,5;1,5;1\n", &options);
    assert_eq!(numbers(&bare).1, [-1.0, 1.0, 1.0, -1.0]);
    let quoted = by_default("label,\"a;b\",\"c\"\"d\"\n0,1.5,2\n1,2,3.5\n").expect("a table");
    assert_eq!(numbers(&quoted).0, ["a;b", "c\"d"]);
    says(by_default("label;a,b;c\nu;v,w;x\n"), &["separated by commas or by semicolons"]);
}

#[test]
fn damaged_files_are_refused_with_the_place() {
    says(bytes(b""), &["training table: the file is empty"]);
    says(bytes(b"\n \n"), &["the file is empty"]);
    says(by_default("label,x\n"), &["heading line (`label`, `x`)", "no rows"]);
    says(
        by_default("label,x\n1\n0,1\n1,2,3\n"),
        &["first line has 2 cells", "line 2 has 1, line 4 has 3"],
    );
    says(by_default("label,x,x,y,y\n1,2,3,4,5\n"), &["`x` (columns 2, 3), `y` (columns 4, 5)"]);
    says(by_default("label,x\n1,\"2\n0,1\n"), &["line 2, column 2", "never closed"]);
    says(by_default("label,x\n\n1,\"2\"3\n"), &["line 3, column 2", "closing quote"]);
    says(bytes(b"label,x\n1,\0\n"), &["line 2 holds a zero byte"]);
    says(bytes(b"PK\x03\x04abc"), &["Excel workbook"]);
    says(bytes(&[0xff, 0xfe, 0x41]), &["UTF-16"]);
    let packed = gz(TABLE.repeat(99).as_bytes());
    says(bytes(&packed[..packed.len() / 2]), &["unpacking failed"]);
}

#[test]
fn lines_in_quotes_count() {
    let text =
        "label,review\r\na,\"one two\r\nthree four\"\r\nb,five six seven eight\r\n,x y z w\r\n";
    says(by_default(text), &["missing on line 5"]);
}

#[test]
fn json_lines_are_tables() {
    let text = "{\"text\": \"a, \\\"b\\\" c d e\", \"label\": \"pos\"}\n\n{\"label\": \"neg\", \"text\": \"q r s t\"}\n";
    let tables = by_default(text).expect("a table");
    let Values::Texts(texts) = &tables.train.values else { panic!("{tables:?}") };
    assert_eq!(
        (texts.as_slice(), &tables.train.labels[..]),
        (&strings(&["a, \"b\" c d e", "q r s t"])[..], &[1, 0][..])
    );
    let numeric =
        by_default("{\"x\":1.5,\"f\":true,\"label\":1}\n{\"x\":2,\"f\":false,\"label\":0}\n");
    assert_eq!(numbers(&numeric.expect("a table")).1, [-1.0, 1.0, 1.0, 0.0]);
    says(
        by_default("{\"x\":null,\"label\":1}\n{\"x\":2,\"label\":0}"),
        &["missing: `x` in 1 row (first on line 1)"],
    );
    says(by_default("{\"x\":[1],\"label\":1}"), &["line 1: `x` holds a list"]);
    says(
        by_default("{\"x\":1,\"label\":1}\n{\"x\":1}\n{\"z\":1,\"x\":1,\"label\":1}"),
        &["line 2 lacks `label`, line 3 has also `z`"],
    );
    says(by_default("{\"x\":1,\"x\":1}"), &["`x` is there twice"]);
    says(by_default("{\"x\":1,\n"), &["line 1 is not a JSON object"]);
    let array = "[\n {\"x\": 1.5, \"label\": \"a]{\"},\n {\"label\": \"b\", \"x\": 2}\n]\n";
    let lines = "{\"x\": 1.5, \"label\": \"a]{\"}\n{\"label\": \"b\", \"x\": 2}\n";
    assert_eq!(by_default(array).expect("a table"), by_default(lines).expect("a table"));
    says(by_default("[{\"x\":1,\"label\":1},\n{\"x\":1}]"), &["line 2 lacks `label`"]);
    says(by_default("[{\"x\":1,\"label\":1},\n{\"x\":1,}]"), &["line 2 is not as an array"]);
    says(
        by_default("[{\"x\":1,\"label\":1},\n7]"),
        &["line 2 is not as an array", "an object such as"],
    );
    says(by_default("[[1,2],[3,4]]"), &["JSON array of lists", "lines=True"]);
    says(by_default("{}\n{}\n"), &["no column is called label"]);
}

/// What pandas 3.1 writes of one data frame: `to_csv(index=False)` with options, and `to_json`.
const PANDAS: [&str; 6] = [
    "label,x,t,flag,n\npos,1.5,\"a \"\"q\"\", b\",True,3\nneg,,\"l1\nl2\",False,-2\npos,1e-07, s ,True,1000000000000\n",
    "label\tx\tt\tflag\tn\npos\t1.5\t\"a \"\"q\"\", b\"\tTrue\t3\nneg\t\t\"l1\nl2\"\tFalse\t-2\npos\t1e-07\t s \tTrue\t1000000000000\n",
    "label;x;t;flag;n\npos;1,5;\"a \"\"q\"\", b\";True;3\nneg;;\"l1\nl2\";False;-2\npos;1e-07; s ;True;1000000000000\n",
    "\"label\",\"x\",\"t\",\"flag\",\"n\"\n\"pos\",\"1.5\",\"a \"\"q\"\", b\",\"True\",\"3\"\n\"neg\",\"\",\"l1\nl2\",\"False\",\"-2\"\n\"pos\",\"1e-07\",\" s \",\"True\",\"1000000000000\"\n",
    "label,x,t,flag,n\r\npos,1.5,\"a \"\"q\"\", b\",True,3\r\nneg,,\"l1\nl2\",False,-2\r\npos,1e-07, s ,True,1000000000000\r\n",
    "{\"label\":\"pos\",\"x\":1.5,\"t\":\"a \\\"q\\\", b\",\"flag\":true,\"n\":3}\n{\"label\":\"neg\",\"x\":null,\"t\":\"l1\\nl2\",\"flag\":false,\"n\":-2}\n{\"label\":\"pos\",\"x\":0.0000001,\"t\":\" s \",\"flag\":true,\"n\":1000000000000}\n",
];

#[test]
fn what_pandas_writes_is_read() {
    let missing = Some(Missing::Mean);
    let options = TableOptions { ignore: strings(&["t"]), missing, ..Default::default() };
    let first = good(PANDAS[0], &options);
    assert_eq!(numbers(&first).0, ["x", "flag", "n"]);
    assert_eq!((numbers(&first).1[3], &first.train.labels[..]), (0.0, &[1, 0, 1][..]));
    for form in PANDAS {
        let tables = good(form, &options);
        assert_eq!(
            (&tables.train.values, &tables.train.labels),
            (&first.train.values, &first.train.labels),
            "{form}"
        );
        assert_eq!(tables.train.columns[2].1[..2], ["a \"q\", b", "l1\nl2"]);
    }
}

#[test]
fn numbers_are_those_of_numpy() {
    // ((x - x.mean()) / x.std()).astype('f4')
    let text = "label,x\n0,0.1\n1,7.25\n0,-3\n1,1e6\n";
    let expected = [-0.577_353_36, -0.577_336_85, -0.577_360_6, 1.732_050_8_f32];
    assert_eq!(numbers(&by_default(text).expect("a table")).1, expected);
}

#[test]
fn a_line_of_separators_does_not_fill_the_memory() {
    says(by_default(&format!("label,x\n0,1\n{}", ",".repeat(1 << 20))), &["line 3 has more than"]);
    let empty = "{}\n{\"label\":1}\n";
    says(by_default(empty), &["line 2 has also `label`"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn quoted_cells_are_read_as_they_are(cells in prop::collection::vec("[^\0]{1,9}", 1..9)) {
        let quoted = |cell: &String| format!("0,\"{}\",1\n1,b,2\n", cell.replace('"', "\"\""));
        let text = format!("label,t,x\n{}", cells.iter().map(quoted).collect::<String>());
        let options = TableOptions { ignore: strings(&["t"]), ..Default::default() };
        let tables = good(&text, &options);
        let found: Vec<&String> = tables.train.columns[1].1.iter().step_by(2).collect();
        prop_assert_eq!(found, cells.iter().collect::<Vec<_>>());
    }
}

#[test]
fn quotes_of_a_text_swallow_no_line() {
    let row = |text: &str, label: &str| format!("{text},{label}\n");
    let others: String = (0..6).map(|at| row(&format!("screen {at}"), "long")).collect();
    let stray = format!("text,label\n{others}\"5 inch,long\n6 inch\",long\n");
    says(
        by_default(&stray),
        &["lines 8 to 9 are one row", "write quotes that belong to a text twice"],
    );
    // Texts that do have lines are one row each.
    let lines = format!("text,label\n{others}\"5 inch\nor 6\",long\n\"a, b\nc, d\",long\n");
    assert_eq!(by_default(&lines).expect("a table").train.labels.len(), 8);
}

#[test]
fn rows_that_r_has_named_are_read() {
    let table = "label,x\n\"anna\",0,1.5\n\"bert\",1,2.5\n\"cleo\",1,3.5\n";
    says(by_default(table), &["Unnamed: 0"]);
    let options = TableOptions { id: Some("Unnamed: 0".to_owned()), ..TableOptions::default() };
    let tables = parse(table.as_bytes(), None, &options, None).expect("a table");
    assert_eq!(tables.train.ids, Some(strings(&["anna", "bert", "cleo"])));
    notes(&tables, &["one cell more than there are headings"]);
    says(by_default("label,x\n0,1.5,\n1,2.5,\n"), &["line 2 has 3"]);
}
