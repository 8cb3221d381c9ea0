use super::*;

fn x(n: usize) -> Vec<u8> {
    u1(&[n, 1, 2], &(0..2 * n as u8).collect::<Vec<_>>())
}

fn y(n: usize) -> Vec<u8> {
    u1(&[n], &(0..n as u8).map(|i| i % 2).collect::<Vec<_>>())
}

fn rows(arrays: &Arrays) -> [Option<usize>; 3] {
    let rows = |part: &Part| part.labels.len();
    [
        Some(rows(&arrays.train)),
        arrays.test.as_ref().map(rows),
        arrays.validation.as_ref().map(rows),
    ]
}

#[test]
fn all_parts_in_one_file() {
    let keras = npz(&[("x_train", x(3)), ("y_train", y(3)), ("x_test", x(2)), ("y_test", y(2))]);
    let arrays = one(&keras).expect("Keras");
    assert_eq!(rows(&arrays), [Some(3), Some(2), None]);
    assert_eq!(pixels(&arrays.train), ([1, 1, 2], &[0, 1, 2, 3, 4, 5][..]));
    let med = npz(&[
        ("train_images", x(4)),
        ("train_labels", u1(&[4, 1], &[0, 1, 0, 1])),
        ("val_images", x(3)),
        ("val_labels", u1(&[3, 1], &[0, 1, 0])),
        ("test_images", x(2)),
        ("test_labels", u1(&[2, 1], &[0, 1])),
    ]);
    let arrays = one(&med).expect("MedMNIST");
    assert_eq!(rows(&arrays), [Some(4), Some(2), Some(3)]);
    assert_eq!(arrays.train.labels, [0, 1, 0, 1]);
}

#[test]
fn names_of_values_and_labels() {
    for [values, labels] in [
        ["X", "y"],
        ["x", "Y"],
        ["data", "labels"],
        ["data", "target"],
        ["images", "labels"],
        ["X_train", "y_train"],
        ["train_x", "train_y"],
        ["trainX", "trainY"],
        ["embeddings", "targets"],
        ["arr_0", "arr_1"],
    ] {
        let arrays = one(&npz(&[(values, x(3)), (labels, y(3))])).expect(values);
        assert_eq!(rows(&arrays), [Some(3), None, None], "{values}");
    }
}

#[test]
fn parts_in_files_of_their_own() {
    let (train, test) = (npz(&[("x", x(3)), ("y", y(3))]), npz(&[("x", x(2)), ("y", y(2))]));
    let files = [("a/train.npz", &train[..]), ("a/test.npz", &test[..])];
    let arrays = from_numpy(&files, &ArrayOptions::default(), None).expect("two files");
    assert_eq!(rows(&arrays), [Some(3), Some(2), None]);
    let bytes = [x(3), y(3), x(2), y(2)];
    for names in [
        ["train-images.npy", "train-labels.npy", "test-images.npy", "test-labels.npy"],
        ["x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"],
    ] {
        let files: Vec<_> = names.into_iter().zip(bytes.iter().map(|bytes| &bytes[..])).collect();
        let arrays = from_numpy(&files, &ArrayOptions::default(), None).expect(names[0]);
        assert_eq!(rows(&arrays), [Some(3), Some(2), None]);
    }
    let clash = npz(&[("x_test", x(3)), ("y_test", y(3))]);
    refused(
        from_numpy(&[("train.npz", &clash)], &ArrayOptions::default(), None),
        "array `x_test` of train.npz: the file is called train and the array test",
    );
}

#[test]
fn what_is_missing_or_twice_is_refused() {
    let none: [(Vec<u8>, &str); 6] = [
        (
            npz(&[("x", x(3))]),
            "there is not an array of labels for the part `train`; found: array `x`",
        ),
        (npz(&[("y", y(3))]), "there is not an array of values for the part `train`"),
        (
            npz(&[("x_test", x(3)), ("y_test", y(3))]),
            "there is not an array of values for training",
        ),
        (
            npz(&[("x", x(3)), ("images", x(3)), ("y", y(3))]),
            "array `images` of set.npz and array `x` of set.npz mean the same: keep one of them",
        ),
        (
            npz(&[("x", x(3)), ("y", y(2))]),
            "array `x` of set.npz has 3 rows, but array `y` of set.npz has 2",
        ),
        (npz(&[("x", x(0)), ("y", y(0))]), "array `x` of set.npz has no rows"),
    ];
    for (bytes, message) in none {
        refused(one(&bytes), message);
    }
}

#[test]
fn other_arrays_are_named() {
    let bytes = npz(&[("x", x(3)), ("y", y(3)), ("weird", b"whatever".to_vec())]);
    noted(&one(&bytes).expect("x and y"), "not used: array `weird` of set.npz");
    let bytes = npz(&[("data", x(3)), ("labels", y(3)), ("x_test", x(2)), ("y_test", y(2))]);
    let arrays = one(&bytes).expect("x and y");
    assert_eq!(rows(&arrays), [Some(3), Some(2), None]);
    noted(&arrays, "array `data` of set.npz is taken for training");
    let bytes = npz(&[("data", x(3)), ("x_train", x(2)), ("y_train", y(2))]);
    noted(&one(&bytes).expect("x and y"), "others are named for training: array `data`");
}

#[test]
fn only_the_file_has_a_name() {
    let (x, y) = (npz(&[("arr_0", x(3))]), npz(&[("arr_0", y(3))]));
    let files = [("x_train.npz", &x[..]), ("y_train.npz", &y[..])];
    let arrays = from_numpy(&files, &ArrayOptions::default(), None).expect("two archives");
    assert_eq!(rows(&arrays), [Some(3), None, None]);
    refused(
        one(&x),
        "there is not an array of values for training; found: array `arr_0` of set.npz",
    );
}

#[test]
fn ids_and_groups_are_taken() {
    let ids = npy("|S2", &[3], b"a1b\0c3");
    let groups = npy("<f8", &[3], &[7.0, f64::NAN, 7.0].map(f64::to_le_bytes).concat());
    let bytes = npz(&[("x", x(3)), ("y", y(3)), ("ids", ids), ("groups", groups)]);
    let train = one(&bytes).expect("columns").train;
    assert_eq!(train.ids, Some(vec!["a1".into(), "b".into(), "c3".into()]));
    assert_eq!(train.groups, Some(vec![Some("7".into()), None, Some("7".into())]));
    let bytes = npz(&[("x", x(3)), ("y", y(3)), ("ids", u1(&[3], &[5, 6, 5]))]);
    refused(one(&bytes), "ids that occur more than once: \"5\" (row 2)");
    let bytes = npz(&[("x", x(3)), ("y", y(3)), ("ids", u1(&[2], &[5, 6]))]);
    refused(one(&bytes), "has 3 rows, but array `ids` of set.npz has 2");
    let bytes = npz(&[("x", x(3)), ("y", y(3)), ("groups", f4(&[3], &[0.5, 1.0, 2.0]))]);
    refused(one(&bytes), "not whole: 0.5 (row 0)");
}

#[test]
fn a_reading_is_used_again() {
    let train = f4(&[4, 2], &[0.0, -1.0, 2.0, 1.0, 0.0, -1.0, 2.0, 1.0]);
    let first = pair(train, u1(&[4], &[3, 5, 3, 5])).expect("features");
    let text = serde_json::to_string(&first.reading).expect("a text");
    let reading: ArrayReading = serde_json::from_str(&text).expect("a reading");
    assert_eq!(reading, first.reading);
    let other = npz(&[("x", f4(&[1, 2], &[1.0, 3.0])), ("y", u1(&[1], &[5]))]);
    let read = from_numpy(&[("o.npz", &other)], &ArrayOptions::default(), Some(&reading));
    let read = read.expect("the same columns");
    assert_eq!((features(&read.train).1, &read.train.labels[..]), (&[0.0, 3.0][..], &[1][..]));
    let other = npz(&[("x", f4(&[1, 2], &[1.0, 3.0])), ("y", u1(&[1], &[4]))]);
    let read = from_numpy(&[("o.npz", &other)], &ArrayOptions::default(), Some(&reading));
    refused(read, "labels that training did not have: 4; the known ones are: 3, 5");
    let other = npz(&[("x", f4(&[1, 3], &[1.0, 3.0, 4.0])), ("y", u1(&[1], &[5]))]);
    let read = from_numpy(&[("o.npz", &other)], &ArrayOptions::default(), Some(&reading));
    refused(read, "shape [1, 3], but training has [n, 2]");
}
