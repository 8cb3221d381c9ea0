use super::*;

fn with(y: Vec<u8>, rows: usize) -> Result<Arrays, ArraysError> {
    pair(u1(&[rows, 1, 1], &vec![0; rows]), y)
}

fn read(y: Vec<u8>, rows: usize) -> (Vec<u32>, Vec<String>) {
    let arrays = with(y, rows).expect("labels");
    (arrays.train.labels, arrays.classes)
}

fn classes(n: usize) -> Vec<String> {
    (0..n).map(|class| class.to_string()).collect()
}

#[test]
fn whole_numbers_of_every_type() {
    let numbers = [1_u8, 0, 2];
    let wide = |size: usize, big: bool| -> Vec<u8> {
        let number = |value: u8| {
            let mut bytes = vec![0; size];
            bytes[if big { size - 1 } else { 0 }] = value;
            bytes
        };
        numbers.into_iter().flat_map(number).collect()
    };
    let floats: [(&str, Vec<u8>); 4] = [
        ("<f2", [0x3c00_u16, 0, 0x4000].map(u16::to_le_bytes).concat()),
        ("<f4", [1.0_f32, 0.0, 2.0].map(f32::to_le_bytes).concat()),
        (">f4", [1.0_f32, 0.0, 2.0].map(f32::to_be_bytes).concat()),
        (">f8", [1.0_f64, 0.0, 2.0].map(f64::to_be_bytes).concat()),
    ];
    let whole = ["|u1", "|i1", "<u2", ">i2", "<i4", ">i4", "<u8", "<i8", ">i8"].map(|descr| {
        let size = usize::from(descr.as_bytes()[2] - b'0');
        (descr, wide(size, descr.starts_with('>')))
    });
    for (descr, bytes) in whole.into_iter().chain(floats) {
        for dims in [&[3][..], &[3, 1]] {
            assert_eq!(read(npy(descr, dims, &bytes), 3), (vec![1, 0, 2], classes(3)), "{descr}");
        }
    }
    assert_eq!(read(npy("|b1", &[3], &[1, 0, 1]), 3), (vec![1, 0, 1], classes(2)));
}

#[test]
fn one_hot_and_several() {
    let y = f4(&[3, 3], &[0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
    assert_eq!(read(y, 3), (vec![1, 0, 1], classes(3)));
    refused(
        with(u1(&[2, 3], &[1, 1, 0, 0, 0, 0]), 2),
        "3 columns of 0 and 1, but these rows do not have one 1: row 0 has 2, row 1 has 0; several",
    );
    refused(
        with(f4(&[2, 2], &[0.5, 0.5, 1.0, 0.0]), 2),
        "2 columns of labels that are not 0 or 1: 0.5 (row 0, column 0), 0.5 (row 0, column 1)",
    );
    refused(with(u1(&[2, 1, 2], &[0; 4]), 2), "labels of shape [2, 1, 2]");
}

#[test]
fn numbers_become_classes_in_order() {
    let arrays = with(u1(&[3], &[10, 2, 1]), 3).expect("labels");
    assert_eq!(
        (arrays.train.labels.clone(), arrays.classes.join(" ")),
        (vec![2, 1, 0], "1 2 10".into())
    );
    noted(&arrays, "labels 1, 2, 10 became classes 0 to 2");
    let arrays = with(u1(&[10], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), 10).expect("labels");
    noted(&arrays, "labels 1 to 10 became classes 0 to 9");
    let arrays = with(npy("<i4", &[2], &[-1_i32, 1].map(i32::to_le_bytes).concat()), 2);
    assert_eq!(arrays.expect("labels").classes, ["-1", "1"]);
}

#[test]
fn texts_are_names() {
    let wide =
        |text: &str| -> Vec<u8> { text.chars().flat_map(|c| (c as u32).to_be_bytes()).collect() };
    let y = npy(">U3", &[2], &[wide("dög"), wide("at\0")].concat());
    assert_eq!(read(y, 2), (vec![1, 0], vec!["at".to_owned(), "dög".to_owned()]));
    let y = npy("|S3", &[2], b"dogat\0");
    assert_eq!(read(y, 2).1, ["at", "dog"]);
    refused(with(npy("|S3", &[2], b"dog\0\0\0"), 2), "labels are missing: row 1");
    refused(with(npy("|S1", &[2], b"\xffa"), 2), "not texts (UTF-8): row 0");
    refused(with(npy("|S0", &[1 << 31], b""), 2), "the elements are \"|S0\"");
}

#[test]
fn names_may_come_beside() {
    let x = u1(&[2, 1, 1], &[0, 0]);
    let names = npy("|S3", &[3], b"catdogeel");
    let set = |y: Vec<u8>| one(&npz(&[("x", x.clone()), ("y", y), ("class_names", names.clone())]));
    let arrays = set(u1(&[2], &[2, 0])).expect("names");
    assert_eq!((arrays.classes.join(" "), arrays.train.labels), ("cat dog eel".into(), vec![2, 0]));
    refused(set(u1(&[2], &[3, 0])), "3 names of classes, but labels up to 3");
}

#[test]
fn what_are_not_classes_is_refused() {
    refused(with(f4(&[2], &[0.5, 1.0]), 2), "not whole numbers: 0.5 (row 0); a number");
    refused(with(f4(&[2], &[f32::NAN, 1.0]), 2), "labels are missing: row 0");
    refused(with(f4(&[2], &[f32::INFINITY, 1.0]), 2), "not whole numbers: inf (row 0)");
    let many: Vec<u8> = (0..99).map(|row| row % 21).collect();
    refused(with(u1(&[99], &many), 99), "21 different labels in 99 rows, more than one in five");
    let few: Vec<u8> = (0..20).collect();
    assert_eq!(read(u1(&[20], &few), 20).1.len(), 20);
    let many: Vec<u8> = (0..105).map(|row| row % 21).collect();
    assert_eq!(read(u1(&[105], &many), 105).1.len(), 21);
    let broken: Vec<f32> = (0..12).map(|row| row as f32 + 0.5).collect();
    refused(with(f4(&[12], &broken), 12), "9.5 (row 9) and 2 more;");
}

#[test]
fn parts_have_the_same_classes() {
    let x = || u1(&[2, 1, 1], &[0, 0]);
    let set = |test: Vec<u8>| {
        let y = u1(&[2], &[0, 1]);
        one(&npz(&[("x_train", x()), ("y_train", y), ("x_test", x()), ("y_test", test)]))
    };
    let arrays = set(u1(&[2], &[1, 2])).expect("a class only for testing");
    noted(&arrays, "these classes do not occur in the training part: 2");
    assert_eq!(arrays.test.expect("a test part").labels, [1, 2]);
    refused(set(npy("|S1", &[2], b"ab")), "are numbers in array `y_train` of set.npz and texts in");
}
