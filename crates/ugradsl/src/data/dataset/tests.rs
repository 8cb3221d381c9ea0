use super::*;
use crate::data::{ForgetRequest, ImageSet, TextSet, Tokenizer};

fn images(shape: [usize; 3], labels: &[u32]) -> ImageSet {
    let size: usize = shape.iter().product();
    let pixels = (0..size * labels.len()).map(|i| i as u8).collect();
    ImageSet::new(shape, pixels, labels.to_vec()).expect("a valid set")
}

fn small(name: &str) -> Dataset {
    let (train, test) = (images([1, 2, 2], &[0, 1, 2, 1]), images([1, 2, 2], &[2, 0]));
    Dataset::new(name, 3, train, test, Normalisation::identity(1)).expect("a valid data set")
}

#[test]
fn refuses_parts_that_clash() {
    let plain = [1, 2, 2];
    let long: Vec<u32> = (0..805).map(|i| if i == 804 { 12 } else { 0 }).collect();
    let cases: [(usize, ImageSet, ImageSet, usize, &str); 7] = [
        (
            10,
            images(plain, &[0]),
            images(plain, &long),
            1,
            "label 12 at row 804 of the test set, but the data set has 10 classes",
        ),
        (
            2,
            images(plain, &[0, 2]),
            images(plain, &[0]),
            1,
            "label 2 at row 1 of the training set, but the data set has 2 classes",
        ),
        (
            0,
            images(plain, &[0]),
            images(plain, &[0]),
            1,
            "label 0 at row 0 of the training set, but the data set has 0 classes",
        ),
        (2, images(plain, &[]), images(plain, &[0]), 1, "the training set is empty"),
        (2, images(plain, &[0]), images(plain, &[]), 1, "the test set is empty"),
        (
            2,
            images(plain, &[0]),
            images([1, 2, 3], &[0]),
            1,
            "the training images have shape [1, 2, 2], but the test images have shape [1, 2, 3]",
        ),
        (
            2,
            images(plain, &[0]),
            images(plain, &[0]),
            3,
            "normalisation: 3 means and 3 standard deviations are given for images of 1 channels",
        ),
    ];
    for (classes, train, test, channels, message) in cases {
        let normalisation = Normalisation::identity(channels);
        let error = Dataset::new("x", classes, train, test, normalisation).expect_err(message);
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn refuses_a_normalisation_that_cannot_be_applied() {
    let cases = [
        (vec![f32::NAN], vec![1.0], "the mean of channel 0 is NaN"),
        (vec![0.0], vec![0.0], "the standard deviation of channel 0 is 0, but it must be positive"),
        (
            vec![0.0],
            vec![-1.0],
            "the standard deviation of channel 0 is -1, but it must be positive",
        ),
        (
            vec![0.0],
            vec![f32::NAN],
            "the standard deviation of channel 0 is NaN, but it must be positive",
        ),
        (vec![0.0], vec![], "1 means and 0 standard deviations are given for images of 1 channels"),
    ];
    for (mean, std, message) in cases {
        let error = Normalisation { mean, std }.validate(1).expect_err(message);
        assert_eq!(error.to_string(), message);
    }
    assert_eq!(Normalisation::identity(3).validate(3), Ok(()));
}

/// ```python
/// a = numpy.array([[0, 255, 10, 20], [51, 51, 0, 0]]).reshape(2, 2, 1, 2) / 255
/// a.mean((0, 2, 3)), a.std((0, 2, 3))
/// ```
#[test]
fn measures_each_channel_by_itself() {
    let pixels = vec![0, 255, 10, 20, 51, 51, 0, 0];
    let set = ImageSet::new([2, 1, 2], pixels, vec![0, 0]).expect("a valid set");
    let found = Normalisation::measure(&set);
    for (found, expected) in found.mean.iter().zip([0.35, 0.029_411_765]) {
        assert!((found - expected).abs() < 1e-6, "mean {found}, expected {expected}");
    }
    for (found, expected) in found.std.iter().zip([0.384_057_3, 0.032_515_9]) {
        assert!((found - expected).abs() < 1e-6, "std {found}, expected {expected}");
    }
}

#[test]
fn limits_are_applied_exactly_or_refused() {
    let cut = small("x").limit(Some(3), None).expect("three of four");
    assert_eq!((cut.train.len(), cut.test.len()), (3, 2));
    let cut = small("x").limit(None, Some(1)).expect("one of two");
    assert_eq!((cut.train.len(), cut.test.len()), (4, 1));
    let cases = [
        (Some(5), None, "5 rows of the training set are asked for, but there must be 1 to 4"),
        (None, Some(3), "3 rows of the test set are asked for, but there must be 1 to 2"),
        (Some(0), None, "0 rows of the training set are asked for, but there must be 1 to 4"),
        (None, Some(0), "0 rows of the test set are asked for, but there must be 1 to 2"),
    ];
    for (train, test, message) in cases {
        let error = small("x").limit(train, test).expect_err(message);
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn rows_sorted_by_class_are_taken_from_all_classes() {
    let rows = |labels: &[u32]| images([1, 1, 2], labels);
    let data = |train: &[u32]| {
        let normalisation = Normalisation::identity(1);
        Dataset::new("x", 3, rows(train), rows(&[0, 1, 1, 2]), normalisation).expect("a data set")
    };
    let sorted = [0, 0, 0, 1, 1, 1, 2, 2, 2];
    let whole =
        data(&sorted).with_groups(Groups::new(&sorted.map(|label| Some(label.to_string()))));
    let cut = whole.expect("one per row").limit(Some(4), Some(2)).expect("four of nine");
    assert_eq!(cut.train.labels(), [0, 0, 1, 2], "rows 0, 2, 4 and 6");
    assert_eq!(cut.test.labels(), [0, 1]);
    let expected = data(&sorted).train.select(&[0, 2, 4, 6]);
    assert_eq!(cut.train, expected);
    assert_eq!(cut.groups.as_ref().and_then(|groups| groups.rows("2")), Some(vec![3]));
    assert!(cut.renumbered);
    let error = ForgetRequest::parse_for("ids:list.txt", &cut).expect_err("other numbers");
    assert!(error.to_string().starts_with("list.txt numbers the rows of the whole"), "{error}");
    assert_eq!(ForgetRequest::parse_for("class:1", &cut).expect("known"), ForgetRequest::Class(1));

    let whole = data(&sorted).limit(Some(9), Some(1)).expect("all of them");
    assert!(!whole.renumbered, "training rows keep their numbers");
    let mixed = data(&[2, 0, 1, 0, 1]).limit(Some(2), None).expect("two of five");
    assert_eq!((mixed.train.labels(), mixed.renumbered), (&[2, 0][..], false));
}

#[test]
fn groups_go_with_the_training_rows() {
    let groups = Groups::new(&[Some("a"), None, Some("b"), Some("a")]);
    let data = small("x").with_groups(groups.clone()).expect("one per row");
    assert_eq!(data.digest(), small("x").digest(), "they are not part of the images");
    let cut = data.limit(Some(3), Some(1)).expect("three of four").groups.expect("still there");
    assert_eq!((cut.len(), cut.rows("a"), cut.rows("b")), (3, Some(vec![0]), Some(vec![2])));
    let error = small("x").with_groups(Groups::new(&[Some("a")])).expect_err("one too few");
    assert_eq!(error.to_string(), "1 groups are given for 4 training rows");
}

#[test]
fn the_digest_sees_the_content_and_not_the_name() {
    let base = small("a").digest();
    assert_eq!(base.len(), 64);
    assert_eq!(base, small("b").digest());
    let mut other = small("a");
    other.normalisation = Normalisation { mean: vec![0.5], std: vec![0.5] };
    assert_eq!(base, other.digest(), "the normalisation is not part of the rows");

    let mut changed = [small("a"), small("a"), small("a"), small("a")];
    changed[0].classes = 4;
    changed[1].train = images([1, 2, 2], &[0, 1, 2, 2]).into();
    changed[2].test = images([1, 2, 2], &[2, 1]).into();
    let mut pixels = small("a").test.images().expect("images").pixels().to_vec();
    pixels[7] ^= 1;
    changed[3].test = ImageSet::new([1, 2, 2], pixels, vec![2, 0]).expect("a valid set").into();
    for (case, data) in changed.iter().enumerate() {
        assert_ne!(base, data.digest(), "case {case}");
    }
}

fn tokenizer(word: &str) -> Tokenizer {
    Tokenizer::train(&[word.to_owned()], 260).expect("a tokenizer")
}

fn texts(tokens: &[u32], tokenizer: &Tokenizer) -> TextSet {
    TextSet::new(2, tokens.to_vec(), vec![0, 1], tokenizer.clone()).expect("a valid set")
}

#[test]
fn texts_are_known_by_their_tokens() {
    let tokenizer = tokenizer("moon");
    let data = |tokens: [u32; 4]| {
        let (train, test) = (texts(&tokens, &tokenizer), texts(&[1, 2, 3, 4], &tokenizer));
        Dataset::new("x", 2, train, test, Normalisation::identity(1)).expect("a data set")
    };
    let one = data([1, 2, 258, 0]);
    assert_eq!((one.train.shape(), one.train.len()), ([1, 1, 2], 2));
    assert_eq!(one.digest(), data([1, 2, 258, 0]).digest());
    assert_ne!(one.digest(), data([1, 2, 2, 0]).digest(), "258 is more than its lower byte");
    let cut = one.limit(Some(1), None).expect("a row");
    assert_eq!(cut.train.texts().map(TextSet::tokens), Some(&[1, 2][..]));
}

#[test]
fn texts_mix_with_nothing_else() {
    let (one, other) = (tokenizer("moon"), tokenizer("rock"));
    let tokens = [0; 4];
    let new = |train: Samples, test: Samples, normalisation| {
        Dataset::new("x", 2, train, test, normalisation).expect_err("clashes").to_string()
    };
    let identity = Normalisation::identity(1);
    let kinds = "the training set and the test set are not of the same kind";
    let pictures = || images([1, 1, 2], &[0, 1]).into();
    assert_eq!(new(texts(&tokens, &one).into(), pictures(), identity.clone()), kinds);
    assert_eq!(new(pictures(), texts(&tokens, &one).into(), identity.clone()), kinds);
    assert_eq!(new(texts(&tokens, &one).into(), texts(&tokens, &other).into(), identity), kinds);
    let shifted = Normalisation { mean: vec![0.5], std: vec![1.0] };
    let message = new(texts(&tokens, &one).into(), texts(&tokens, &one).into(), shifted);
    assert_eq!(message, "normalisation: texts are not normalised, but 0.5/1 is given");
}

#[test]
fn numbers_that_are_not_texts_are_refused() {
    let tokenizer = tokenizer("moon");
    let new = |length, tokens: &[u32]| {
        let set = TextSet::new(length, tokens.to_vec(), vec![0, 1], tokenizer.clone());
        set.map(|set| set.len()).map_err(|error| error.to_string())
    };
    assert_eq!(new(2, &[0, 1, 2, 3]), Ok(2));
    assert!(new(0, &[]).is_err_and(|message| message.starts_with("rows of 0 tokens")));
    assert!(new(1025, &[0; 2050]).is_err_and(|message| message.ends_with("1 to 1024")));
    let count = "3 tokens do not fit 2 labels and texts of 2 tokens each";
    assert_eq!(new(2, &[0; 3]), Err(count.to_owned()));
    let vocabulary = tokenizer.vocabulary();
    let token = format!("token 9999 at position 1 of row 1, but the vocabulary has {vocabulary}");
    assert_eq!(new(2, &[0, 0, 0, 9999]), Err(token));
}
