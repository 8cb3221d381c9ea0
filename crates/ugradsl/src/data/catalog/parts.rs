//! What is odd about the two parts of a data set beside each other: parts that were scaled in
//! different ways, and classes that no training row has.

use super::super::{class_names::ClassNames, feature_set::FeatureSet, samples::Samples};
use super::error::DataError;

/// The brightest pixel of one part is so many times brighter than that of the other: no two halves
/// of one set of pictures are like that.
const APART: u32 = 64;
/// The pictures of one part are so many times brighter, which is said.
const BRIGHTER: f64 = 4.0;
/// Standard deviations of the training part; a mean of the test part beyond them is far away.
const FAR: f64 = 8.0;

/// Refuses pictures of which one part must be scaled in another way.
pub(super) fn same_scale(name: &str, train: &Samples, test: &Samples) -> Result<(), DataError> {
    let (Some(train), Some(test)) = (train.images(), test.images()) else { return Ok(()) };
    let brightest = |pixels: &[u8]| pixels.iter().copied().max().unwrap_or_default();
    let (training, testing) = (brightest(train.pixels()), brightest(test.pixels()));
    let (low, high) = (training.min(testing), training.max(testing));
    match low > 0 && u32::from(low) * APART <= u32::from(high) {
        true => Err(DataError::Scales { name: name.to_owned(), training, testing }),
        false => Ok(()),
    }
}

/// Notes on what may be wrong with the parts.
pub(super) fn notes(train: &Samples, test: &Samples, classes: &ClassNames) -> Vec<String> {
    let scale = match (train, test) {
        (Samples::Images(train), Samples::Images(test)) => {
            brightness(mean(train.pixels()), mean(test.pixels()))
        }
        (Samples::Features(train), Samples::Features(test)) => far_away(train, test),
        _ => None,
    };
    scale.into_iter().chain(empty_classes(train.labels(), classes)).collect()
}

fn mean(pixels: &[u8]) -> f64 {
    pixels.iter().map(|&pixel| f64::from(pixel)).sum::<f64>() / pixels.len().max(1) as f64
}

fn brightness(train: f64, test: f64) -> Option<String> {
    let apart = train.max(test) > BRIGHTER * train.min(test);
    apart.then(|| {
        format!(
            "the pictures for training have a mean of {train:.1} of 255, those of the test part {test:.1}: \
             are both scaled in the same way?"
        )
    })
}

/// Features that lie elsewhere in the test part.
fn far_away(train: &FeatureSet, test: &FeatureSet) -> Option<String> {
    let columns = train.names().len();
    if test.names().len() != columns {
        return None;
    }
    let is_far = |column: &usize| {
        let values = |set: &FeatureSet| -> Vec<f64> {
            let cells = set.values().iter().skip(*column).step_by(columns);
            cells.map(|&value| value.into()).collect()
        };
        let (train, test) = (values(train), values(test));
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
        let middle = mean(&train);
        let squares: Vec<f64> = train.iter().map(|value| (value - middle).powi(2)).collect();
        let deviation = mean(&squares).sqrt();
        deviation > 0.0 && (mean(&test) - middle).abs() > FAR * deviation
    };
    let far: Vec<&str> =
        (0..columns).filter(is_far).map(|column| train.names()[column].as_str()).collect();
    (!far.is_empty()).then(|| {
        format!(
            "in the test part these features are on average more than {FAR} standard deviations from the \
             training part: {}; are both scaled in the same way?",
            shortened(&far)
        )
    })
}

/// The first few of `names`.
fn shortened(names: &[&str]) -> String {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(SHOWN) {
        Some(more @ 1..) => format!("{shown} and {more} more"),
        _ => shown,
    }
}

/// Classes below the highest label that no training row has, where classes are numbered.
fn empty_classes(labels: &[u32], classes: &ClassNames) -> Option<String> {
    let mut rows = vec![0_usize; classes.len()];
    for &label in labels {
        if let Some(count) = rows.get_mut(label as usize) {
            *count += 1;
        }
    }
    let empty = classes.all().iter().zip(&rows).filter(|(_, rows)| **rows == 0);
    let empty: Vec<&str> = empty.map(|(name, _)| name.as_str()).collect();
    let plural = if empty.len() == 1 { "class" } else { "classes" };
    (!empty.is_empty()).then(|| {
        format!(
            "no training row has the {plural} {}, for which the network has outputs",
            shortened(&empty)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::ImageSet;

    fn pictures(pixels: [u8; 4], labels: [u32; 2]) -> Samples {
        ImageSet::new([1, 1, 2], pixels.to_vec(), labels.to_vec()).expect("two pictures").into()
    }

    #[test]
    fn a_part_that_is_nearly_black_is_refused_and_a_dark_one_is_said() {
        let usual = pictures([0, 200, 100, 255], [0, 1]);
        let classes = ClassNames::numbered(2);
        for (test, refused, said) in [
            (pictures([0, 1, 1, 0], [0, 1]), true, true),
            (pictures([9, 40, 20, 30], [0, 1]), false, true),
            (pictures([90, 140, 20, 30], [0, 1]), false, false),
            // All black: there is nothing to compare.
            (pictures([0; 4], [0, 1]), false, true),
        ] {
            assert_eq!(same_scale("set", &usual, &test).is_err(), refused);
            assert_eq!(same_scale("set", &test, &usual).is_err(), refused);
            assert_eq!(!notes(&usual, &test, &classes).is_empty(), said);
        }
    }

    #[test]
    fn labels_that_begin_with_one_are_said() {
        let train = pictures([0, 200, 100, 255], [1, 2]);
        let found = notes(&train, &train, &ClassNames::numbered(3));
        let words = "no training row has the class 0, for which the network has outputs";
        assert_eq!(found, [words]);
    }

    #[test]
    fn features_of_another_scale_are_said() {
        let set = |offset: f32| -> Samples {
            let values = (0..8).map(|at| at as f32 + offset).collect();
            FeatureSet::new(vec!["a".into(), "b".into()], values, vec![0, 1, 0, 1])
                .expect("four rows")
                .into()
        };
        let classes = ClassNames::numbered(2);
        assert_eq!(notes(&set(0.0), &set(5.0), &classes), Vec::<String>::new());
        assert!(notes(&set(0.0), &set(500.0), &classes)[0].contains("training part: a, b;"));
    }
}
