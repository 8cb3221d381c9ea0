use super::*;

fn with(x: Vec<u8>, rows: usize) -> Result<Arrays, ArraysError> {
    pair(x, u1(&[rows], &vec![0; rows]))
}

fn asked(x: Vec<u8>, rows: usize, options: ArrayOptions) -> Result<Arrays, ArraysError> {
    let bytes = npz(&[("x", x), ("y", u1(&[rows], &vec![0; rows]))]);
    from_numpy(&[("set.npz", &bytes)], &options, None)
}

fn layout(layout: Layout) -> ArrayOptions {
    ArrayOptions { layout: Some(layout), meaning: None }
}

#[test]
fn pixels_of_every_type() {
    let halves = [0_u16, 0x3800, 0x3c00].map(u16::to_le_bytes).concat();
    let cases: [(Vec<u8>, [u8; 3]); 8] = [
        (u1(&[1, 1, 3], &[0, 1, 255]), [0, 1, 255]),
        (f4(&[1, 1, 3], &[0.0, 0.5, 1.0]), [0, 128, 255]),
        (f4(&[1, 1, 3], &[0.0, 7.0, 255.0]), [0, 7, 255]),
        (npy("<f2", &[1, 1, 3], &halves), [0, 128, 255]),
        (npy(">f8", &[1, 1, 3], &[0.2, 0.0, 1.0].map(f64::to_be_bytes).concat()), [51, 0, 255]),
        (npy("|b1", &[1, 1, 3], &[0, 1, 1]), [0, 255, 255]),
        (npy("<i8", &[1, 1, 3], &[0, 9, 255_i64].map(i64::to_le_bytes).concat()), [0, 9, 255]),
        (
            npy(">u2", &[1, 1, 3], &[0, 32768, 65535_u16].map(u16::to_be_bytes).concat()),
            [0, 128, 255],
        ),
    ];
    for (i, (x, expected)) in cases.into_iter().enumerate() {
        let arrays = with(x, 1).expect("pixels");
        assert_eq!(pixels(&arrays.train), ([1, 1, 3], &expected[..]), "{i}");
        assert_eq!(arrays.notes.is_empty(), [0, 1, 3, 4, 6].contains(&i), "{:?}", arrays.notes);
    }
}

#[test]
fn a_part_scaled_in_another_way_is_refused() {
    let bytes = u1(&[2, 1, 3], &[0, 9, 255, 1, 2, 3]);
    let unit = f4(&[2, 1, 3], &[0.0, 1.0, 1.0, 0.0, 0.0, 1.0]);
    let labels = || u1(&[2], &[0, 1]);
    for (train, test) in [(&bytes, &unit), (&unit, &bytes)] {
        let arrays = [("x_train", train.clone()), ("y_train", labels())];
        let tests = [("x_test", test.clone()), ("y_test", labels())];
        let set = npz(&[arrays, tests].concat());
        let error = from_numpy(&[("set.npz", &set)], &ArrayOptions::default(), None);
        let message = error.expect_err("two scales").to_string();
        assert!(message.contains("x_test") && message.contains("scale both"), "{message}");
    }
}

#[test]
fn pixels_out_of_range_are_refused() {
    refused(
        with(f4(&[1, 1, 3], &[-1.0, 0.0, 1.0]), 1),
        "between 0 and 1; these are not: -1 (row 0, pixel 0)",
    );
    refused(with(f4(&[1, 1, 3], &[0.0, 1.5, 200.0]), 1), "these are not: 1.5 (row 0, pixel 1)");
    refused(with(f4(&[1, 1, 2], &[0.0, f32::NAN]), 1), "not finite numbers: NaN (row 0, column 1)");
    let twelve = npy("<u2", &[1, 1, 2], &[0, 4000_u16].map(u16::to_le_bytes).concat());
    refused(
        with(twelve, 1),
        "the largest is 4000: they could have 12 bits or 16; save `(x / 4095)",
    );
    let wide = npy("<i4", &[1, 1, 2], &[0, 256_i32].map(i32::to_le_bytes).concat());
    refused(
        with(wide, 1),
        "whole numbers from 0 to 255, or fractions from 0 to 1; these are not: 256",
    );
    refused(with(npy("|S1", &[1, 1, 2], b"ab"), 1), "the values are texts");
}

#[test]
fn channels_are_found_or_asked_for() {
    let bytes: Vec<u8> = (0..12).collect();
    let planes = [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11];
    let last = with(u1(&[1, 2, 2, 3], &bytes), 1).expect("channels last");
    assert_eq!(pixels(&last.train), ([3, 2, 2], &planes[..]));
    let first = with(u1(&[1, 3, 2, 2], &bytes), 1).expect("channels first");
    assert_eq!(pixels(&first.train), ([3, 2, 2], &bytes[..]));
    refused(
        with(u1(&[1, 1, 4, 3], &bytes), 1),
        "the channels could come first (`--layout chw`) or last",
    );
    let x = u1(&[1, 1, 4, 3], &bytes);
    let last = asked(x.clone(), 1, layout(Layout::Hwc)).expect("last");
    assert_eq!(pixels(&last.train).0, [3, 1, 4]);
    assert_eq!(pixels(&asked(x, 1, layout(Layout::Chw)).expect("first").train).0, [1, 4, 3]);
    refused(
        with(u1(&[1, 2, 2, 4], &[0; 16]), 1),
        "pictures have 1 or 3 channels: save `x[..., :3]`",
    );
    refused(with(u1(&[1, 2, 2, 2, 2], &[0; 16]), 1), "of volumes and films");
    refused(with(u1(&[2], &[0; 2]), 2), "save `x.reshape(-1, 1)`");
    refused(with(u1(&[2, 0], &[]), 2), "its rows are empty");
}

#[test]
fn flat_pictures() {
    let grey = with(u1(&[1, 784], &[9; 784]), 1).expect("grey");
    assert_eq!(pixels(&grey.train), ([1, 28, 28], &[9; 784][..]));
    noted(&grey, "rows of 784 numbers are taken as grey pictures of 28 x 28");
    let grey = with(f4(&[1, 64], &[0.5; 64]), 1).expect("grey");
    assert_eq!(pixels(&grey.train), ([1, 8, 8], &[128; 64][..]));
    let bytes: Vec<u8> = (0..3072).map(|i| i as u8).collect();
    let x = u1(&[1, 3072], &bytes);
    refused(
        with(x.clone(), 1),
        "a row could be a picture of 3 x 32 x 32 (channels first: `--layout chw`), of 32 x 32 x 3",
    );
    let first = asked(x.clone(), 1, layout(Layout::Chw)).expect("first");
    assert_eq!(pixels(&first.train), ([3, 32, 32], &bytes[..]));
    let last = asked(x, 1, layout(Layout::Hwc)).expect("last");
    assert_eq!(pixels(&last.train).1[..3], [0, 3, 6]);
    let options = ArrayOptions { layout: None, meaning: Some(ValueKind::Features) };
    let x = u1(&[2, 64], &(0..128).collect::<Vec<_>>());
    assert_eq!(features(&asked(x, 2, options).expect("features").train).0.len(), 64);
}

#[test]
fn features_are_standardised_by_the_training_part() {
    let x = f4(&[2, 3], &[-1.0, 5.0, 0.5, 3.0, 5.0, 1.5]);
    let y = || u1(&[2], &[0, 1]);
    let test = f4(&[2, 3], &[1.0, 9.0, 1.0, 5.0, 0.0, 2.0]);
    let bytes = npz(&[("x_train", x), ("y_train", y()), ("x_test", test), ("y_test", y())]);
    let arrays = one(&bytes).expect("features");
    assert_eq!(features(&arrays.train), (vec!["0", "2"], &[-1.0, -1.0, 1.0, 1.0][..]));
    let test = arrays.test.as_ref().expect("a test part");
    assert_eq!(features(test), (vec!["0", "2"], &[0.0, 0.0, 2.0, 2.0][..]));
    noted(&arrays, "constant in the training part were left out: 1");
    noted(&arrays, "3 columns from -1 to 5 are taken as features, not as pixels");
    // Not a square; fewer than 8 x 8; whole numbers above 255.
    for x in [u1(&[2, 2], &[1, 2, 3, 4]), u1(&[2, 4], &[1, 2, 3, 4, 5, 6, 7, 8])] {
        noted(&with(x, 2).expect("features"), "they do not make a square picture of 8 x 8 or more");
    }
    let counts: Vec<u8> = (0..128_u32).flat_map(|i| (i * 9).to_le_bytes()).collect();
    let counts = with(npy("<u4", &[2, 64], &counts), 2).expect("features");
    assert_eq!(features(&counts.train).0.len(), 64);
}

#[test]
fn features_that_cannot_be_used() {
    let x = f4(&[2, 2], &[-1.0, f32::NAN, f32::INFINITY, 0.0]);
    refused(with(x, 2), "not finite numbers: NaN (row 0, column 1), inf (row 1, column 0); fill");
    refused(with(f4(&[2, 2], &[-1.0, 2.5, -1.0, 2.5]), 2), "all 2 columns are constant");
    let huge = npy("<f8", &[2, 1], &[-1e308, 1e308].map(f64::to_le_bytes).concat());
    refused(with(huge, 2), "columns with values too large to compute with: 0");
    refused(
        asked(
            f4(&[1, 2, 2], &[0.0; 4]),
            1,
            ArrayOptions { layout: None, meaning: Some(ValueKind::Features) },
        ),
        "x.reshape(len(x), -1)",
    );
}

#[test]
fn parts_are_alike() {
    let set = |x: Vec<u8>, test: Vec<u8>| {
        let y = || u1(&[1], &[0]);
        one(&npz(&[("x_train", x), ("y_train", y()), ("x_test", test), ("y_test", y())]))
    };
    let arrays = set(u1(&[1, 2, 2], &[1, 2, 3, 4]), u1(&[1, 2, 2, 1], &[1, 2, 3, 4]));
    assert_eq!(pixels(&arrays.expect("both grey").train).0, [1, 2, 2]);
    let arrays = set(u1(&[1, 64], &[9; 64]), u1(&[1, 8, 8, 1], &[9; 64]));
    assert_eq!(pixels(&arrays.expect("flat and not").train).0, [1, 8, 8]);
    refused(
        set(u1(&[1, 2, 2], &[0; 4]), u1(&[1, 2, 3], &[0; 6])),
        "pictures of [1, 2, 3] (channels, height, width), but training has [1, 2, 2]",
    );
    refused(
        set(f4(&[1, 2, 2], &[0.5; 4]), f4(&[1, 2, 2], &[200.0; 4])),
        "scale both in the same way",
    );
}
