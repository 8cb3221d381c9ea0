use image::GenericImageView;
use proptest::prelude::*;

use super::*;

fn cell(shape: [usize; 3], pixels: &[u8]) -> Cell<'_> {
    Cell { shape, pixels, caption: "row 1".to_owned() }
}

fn decoded(cell: &Cell<'_>) -> image::DynamicImage {
    let picture = scale::fitting(cell).unwrap();
    image::load_from_memory(&encode(&picture).unwrap()).unwrap()
}

#[test]
fn pictures_come_back_as_they_were() {
    let grey = decoded(&cell([1, 1, 3], &[0, 128, 255]));
    assert_eq!(grey.to_luma8().into_raw(), [0, 128, 255]);
    // Planes of red, green and blue become pixels.
    let colour = decoded(&cell([3, 1, 2], &[1, 2, 10, 20, 100, 200]));
    assert_eq!(colour.to_rgb8().into_raw(), [1, 10, 100, 2, 20, 200]);
}

#[test]
fn small_pictures_grow_by_whole_numbers_and_large_ones_shrink() {
    for (side, shown) in [(1, 96), (8, 96), (28, 84), (32, 96), (64, 128), (97, 97), (160, 160)] {
        let (pixels, side) = (vec![7; side * side], side);
        let (_, size) = data_uri(&cell([1, side, side], &pixels)).unwrap();
        assert_eq!(size, [shown, shown], "{side}");
    }
    let pixels = vec![9; 3 * 400 * 200];
    assert_eq!(decoded(&cell([3, 400, 200], &pixels)).dimensions(), (80, 160));
    let line = vec![3; 100_000];
    assert_eq!(decoded(&cell([1, 1, 100_000], &line)).dimensions(), (160, 1));
}

#[test]
fn what_is_not_a_picture_has_a_caption_that_says_so() {
    for (shape, pixels) in [
        ([2, 1, 1], vec![0; 2]),
        ([4, 1, 1], vec![0; 4]),
        ([1, 0, 5], vec![]),
        ([1, 2, 2], vec![0; 3]),
        ([1, usize::MAX, 2], vec![0; 4]),
        ([3, usize::MAX, usize::MAX], vec![]),
    ] {
        let sheet = figures(&[cell(shape, &pixels)], 9);
        assert!(!sheet.contains("<img"), "{shape:?}");
        assert!(sheet.contains("<figcaption>row 1 (not drawn: "), "{sheet}");
    }
}

#[test]
fn what_is_left_off_is_counted() {
    let rows = vec![cell([1, 1, 1], &[0]); 40];
    let sheet = figures(&rows, 3);
    assert_eq!(sheet.matches("<img").count(), 3);
    assert!(sheet.contains("<p>and 37 more pictures</p>"), "{sheet}");
    assert!(figures(&rows, 39).contains("<p>and 1 more picture</p>"));
    assert!(!figures(&rows, 40).contains("more"));
    assert!(figures(&rows, 0).contains("<p>and 40 more pictures</p>"));
    assert!(!figures(&[], 5).contains("more"));
}

#[test]
fn captions_and_texts_are_escaped() {
    let hostile = "\"><script>alert(1)</script>\u{202E}".to_owned();
    let picture = Cell { caption: hostile.clone(), ..cell([1, 1, 1], &[0]) };
    let text = TextCell { text: hostile.clone(), caption: hostile };
    for sheet in [figures(&[picture], 1), texts(&[text], 1)] {
        assert!(!sheet.contains("<script") && !sheet.contains('\u{202E}'), "{sheet}");
        assert!(sheet.contains("&quot;&gt;&lt;script&gt;"), "{sheet}");
    }
}

#[test]
fn texts_are_cut_after_200_characters() {
    let quoted =
        |length: usize| texts(&[TextCell { text: "ä".repeat(length), caption: String::new() }], 1);
    assert!(quoted(200).contains(&format!("“{}”", "ä".repeat(200))));
    assert!(quoted(201).contains(&format!("“{}…”", "ä".repeat(200))));
}

proptest! {
    #[test]
    fn no_cell_makes_it_panic(
        shape in prop::array::uniform3(prop_oneof![0usize..40, Just(usize::MAX), Just(1usize << 33)]),
        pixels in prop::collection::vec(any::<u8>(), 0..4000),
        caption in any::<String>(),
    ) {
        let cell = Cell { shape, pixels: &pixels, caption };
        prop_assert_eq!(figures(std::slice::from_ref(&cell), 2), figures(&[cell], 2));
    }

    #[test]
    fn every_size_can_be_drawn(height in 1usize..400, width in 1usize..400) {
        let pixels = vec![200; height * width];
        let picture = decoded(&cell([1, height, width], &pixels));
        prop_assert!(picture.width() <= 160 && picture.height() <= 160);
        prop_assert!(picture.to_luma8().into_raw().iter().all(|&pixel| pixel == 200));
    }
}
