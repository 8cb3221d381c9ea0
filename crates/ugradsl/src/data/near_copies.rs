//! Rows that are almost the same: the same picture saved twice, a text with a word more. An exact
//! digest does not find them, so every pair is compared, which is done on demand only.

use rayon::prelude::*;
use serde::Serialize;

use super::{Dataset, Samples, Split};

/// Rows that stay and are almost the same as a forgotten row, each with the forgotten row that is
/// nearest to it. Exact copies are among them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NearCopies {
    /// Retained rows, ascending.
    pub retained: Vec<(u32, u32)>,
    /// Test rows, ascending.
    pub test: Vec<(u32, u32)>,
}

impl NearCopies {
    /// Finds the rows that differ from a forgotten row of `split` by at most `most` (0 to 1):
    /// pictures by the mean difference of their pixels as a share of their own contrast, which
    /// is the mean distance of a pixel to the mean of all (two digits on black differ in few
    /// pixels, but in most of the digit); texts by the share of tokens that only one of the two
    /// has; features by the mean difference in standard deviations.
    ///
    /// ```
    /// use ugradsl::data::{Dataset, ForgetRequest, ImageSet, NearCopies, Normalisation};
    ///
    /// let images = |pixels: Vec<u8>, labels: Vec<u32>| ImageSet::new([1, 1, 2], pixels, labels);
    /// let train = images(vec![100, 200, 101, 198, 0, 9], vec![0, 1, 1])?;
    /// let test = images(vec![200, 100, 0, 9], vec![0, 1])?;
    /// let data = Dataset::new("x", 2, train, test, Normalisation::identity(1))?;
    /// let split = ForgetRequest::Ids(vec![0]).split(&data, 0)?;
    /// let near = NearCopies::of(&data, &split, 0.05);
    /// assert_eq!((near.retained, near.test.len()), (vec![(1, 0)], 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(data: &Dataset, split: &Split, most: f64) -> Self {
        let (train, test) = (Rows::new(&data.train), Rows::new(&data.test));
        let forgotten = &split.forget;
        let find = |others: &Rows<'_>, rows: &[u32]| -> Vec<(u32, u32)> {
            let found = rows.par_iter().filter_map(|&row| {
                let mut nearest = None;
                let mut least = most;
                for &gone in forgotten {
                    if let Some(difference) = train.difference(gone, others, row, least)
                        && (nearest.is_none() || difference < least)
                    {
                        (nearest, least) = (Some(gone), difference);
                    }
                }
                nearest.map(|gone| (row, gone))
            });
            found.collect()
        };
        let all: Vec<u32> = (0..data.test.len() as u32).collect();
        Self { retained: find(&train, &split.retain), test: find(&test, &all) }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.retained.is_empty() && self.test.is_empty()
    }
}

/// Rows, and the contrast of each where they are pictures.
struct Rows<'a>(&'a Samples, Vec<f64>);

impl<'a> Rows<'a> {
    fn new(samples: &'a Samples) -> Self {
        let contrasts = match samples {
            Samples::Images(images) => {
                let rows: Vec<usize> = (0..images.len()).collect();
                rows.par_iter().map(|&row| contrast(images.row(row))).collect()
            }
            _ => Vec::new(),
        };
        Self(samples, contrasts)
    }

    /// The difference between `row` and row `other` of `others`, if it is at most `most`.
    fn difference(&self, row: u32, others: &Rows<'_>, other: u32, most: f64) -> Option<f64> {
        let (row, other) = (row as usize, other as usize);
        let found = match (self.0, others.0) {
            (Samples::Images(a), Samples::Images(b)) => {
                let contrast = (self.1[row] + others.1[other]) / 2.0;
                pixels(a.row(row), b.row(other), contrast, most)?
            }
            (Samples::Features(a), Samples::Features(b)) => {
                let pairs = a.row(row).iter().zip(b.row(other));
                let sum: f64 = pairs.map(|(a, b)| f64::from((a - b).abs())).sum();
                sum / a.row(row).len().max(1) as f64
            }
            (Samples::Texts(a), Samples::Texts(b)) => {
                tokens(a.row(row), b.row(other), a.tokenizer().padding())
            }
            // The parts of a data set are of one kind.
            _ => return None,
        };
        (found <= most).then_some(found)
    }
}

/// The sum of the distances of all pixels to their mean.
fn contrast(row: &[u8]) -> f64 {
    let mean = row.iter().map(|&pixel| f64::from(pixel)).sum::<f64>() / row.len().max(1) as f64;
    row.iter().map(|&pixel| (f64::from(pixel) - mean).abs()).sum()
}

/// The sum of the differences of pixels as a share of `contrast`; given up where it is more than
/// `most`.
fn pixels(a: &[u8], b: &[u8], contrast: f64, most: f64) -> Option<f64> {
    const CHUNK: usize = 64;
    let limit = (most * contrast).floor() as u64;
    let mut sum = 0;
    for (a, b) in a.chunks(CHUNK).zip(b.chunks(CHUNK)) {
        sum += a.iter().zip(b).map(|(a, b)| u64::from(a.abs_diff(*b))).sum::<u64>();
        if sum > limit {
            return None;
        }
    }
    Some(if sum == 0 { 0.0 } else { sum as f64 / contrast })
}

/// The share of tokens that only one of two texts has, each token as often as it occurs; padding
/// does not count.
fn tokens(a: &[u32], b: &[u32], padding: u32) -> f64 {
    let sorted = |text: &[u32]| {
        let mut text: Vec<u32> = text.iter().copied().filter(|token| *token != padding).collect();
        text.sort_unstable();
        text
    };
    let (a, b) = (sorted(a), sorted(b));
    let (mut i, mut j, mut both) = (0, 0, 0);
    while let (Some(one), Some(other)) = (a.get(i), b.get(j)) {
        both += usize::from(one == other);
        i += usize::from(one <= other);
        j += usize::from(other <= one);
    }
    let all = a.len() + b.len() - both;
    if all == 0 { 0.0 } else { (all - both) as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{ForgetRequest, ImageSet, Normalisation};

    #[test]
    fn each_row_has_its_nearest_forgotten_one() {
        let train = vec![0, 100, 0, 200, 0, 196, 200, 0];
        let train = ImageSet::new([1, 1, 2], train, vec![0, 0, 1, 1]).expect("images");
        let test = ImageSet::new([1, 1, 2], vec![0, 101, 9, 9], vec![0, 1]).expect("images");
        let data = Dataset::new("x", 2, train, test, Normalisation::identity(1)).expect("data");
        let split = ForgetRequest::Ids(vec![0, 1]).split(&data, 0).expect("a split");
        let near = |most| NearCopies::of(&data, &split, most);
        assert_eq!(near(0.03).retained, [(2, 1)]);
        assert_eq!(near(0.03).test, [(0, 0)]);
        assert!(near(0.0).is_empty());
    }

    /// Strokes on black: most pixels of both are black, and the strokes have nothing in common.
    #[test]
    fn two_strokes_on_black_are_no_copies() {
        let stroke =
            |at: usize| (0..100).map(|i| if i == at { 255 } else { 0 }).collect::<Vec<u8>>();
        let (a, b) = (stroke(3), stroke(50));
        assert_eq!(pixels(&a, &b, contrast(&a), 0.1), None);
        assert_eq!(pixels(&a, &a, contrast(&a), 0.0), Some(0.0));
        assert_eq!(pixels(&[7; 9], &[7; 9], 0.0, 0.1), Some(0.0));
        assert_eq!(pixels(&[7; 9], &[8; 9], 0.0, 0.1), None);
    }

    #[test]
    fn texts_differ_by_the_tokens_that_one_of_them_has() {
        assert_eq!(tokens(&[5, 6, 7, 0], &[7, 6, 5, 0], 0), 0.0);
        assert_eq!(tokens(&[5, 6, 7, 8], &[5, 6, 7, 9], 0), 0.4);
        assert_eq!(tokens(&[5, 5], &[5, 0], 0), 0.5);
        assert_eq!(tokens(&[0], &[0], 0), 0.0);
    }
}
