use super::*;

fn three() -> ImageSet {
    ImageSet::new([1, 1, 2], vec![1, 2, 3, 4, 5, 6], vec![7, 8, 9]).expect("a valid set")
}

#[test]
fn refuses_counts_that_clash() {
    let cases: [([usize; 3], usize, usize, &str); 5] = [
        ([1, 2, 2], 7, 2, "2 labels and images of shape [1, 2, 2] need 8 pixel values, found 7"),
        ([1, 2, 2], 8, 1, "1 labels and images of shape [1, 2, 2] need 4 pixel values, found 8"),
        ([0, 2, 2], 0, 2, "images of shape [0, 2, 2] (channels, height, width) have no pixels"),
        ([3, 2, 0], 0, 0, "images of shape [3, 2, 0] (channels, height, width) have no pixels"),
        ([usize::MAX, 2, 1], 0, 1, "do not fit into memory"),
    ];
    for (shape, pixels, labels, message) in cases {
        let error = ImageSet::new(shape, vec![0; pixels], vec![0; labels]).expect_err(message);
        assert!(error.to_string().contains(message), "{error}");
        let error =
            ImageSet::from_f32(shape, &vec![0.0; pixels], vec![0; labels]).expect_err(message);
        assert!(error.to_string().contains(message), "{error}");
    }
}

#[test]
fn floats_are_rounded_to_the_nearest_step() {
    let floats = [0.0, -0.0, 1.0, 0.5, 0.4 / 255.0, 0.6 / 255.0];
    let set = ImageSet::from_f32([1, 1, 2], &floats, vec![0; 3]).expect("all in range");
    assert_eq!(set.pixels(), [0, 0, 255, 128, 0, 1]);
}

#[test]
fn every_step_survives_the_way_through_floats() {
    let bytes: Vec<u8> = (0..=255).collect();
    let floats: Vec<f32> = bytes.iter().map(|&b| f32::from(b) / 255.0).collect();
    let set = ImageSet::from_f32([1, 16, 16], &floats, vec![0]).expect("all in range");
    assert_eq!(set.pixels(), bytes);
}

#[test]
fn floats_out_of_range_are_named() {
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -0.001, 1.000_1, 255.0] {
        let error = ImageSet::from_f32([1, 1, 2], &[0.0, 0.5, 1.0, value], vec![0; 2])
            .expect_err("a value out of range");
        let message = format!("pixel 1 of row 1 is {value}, which is not between 0 and 1");
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn rows_are_read_cut_and_selected() {
    let set = three();
    assert_eq!((set.len(), set.is_empty(), set.shape()), (3, false, [1, 1, 2]));
    assert_eq!(set.row(1), [3, 4]);
    let picked = set.select(&[2, 0, 2]).expect("known rows");
    assert_eq!(picked.pixels(), [5, 6, 1, 2, 5, 6]);
    assert_eq!(picked.labels(), [9, 7, 9]);
    let error = set.select(&[0, 3]).expect_err("an unknown row");
    assert_eq!(error.to_string(), "row 3 is not in the set, which has 3 rows");
}
