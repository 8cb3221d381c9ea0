//! Why a network may answer badly on its own training rows: it might do well if its inputs
//! (normalisation, order of channels) or its outputs (numbers of the classes) were read in another
//! way. These are the usual mistakes when a network comes from another program.

use crate::{
    data::{Dataset, ImageSet, Normalisation, ResidentSet, Samples},
    device::Device,
    evaluate::{EvaluateError, logits, predicted},
    models::Classifier,
};

/// Number of training rows on which each reading is tried.
const TRIED: usize = 512;
/// Another reading wins if its accuracy (0..1) is higher by this much and at least [`WELL`].
const CLEARLY: f64 = 0.2;
/// From this training accuracy (0..1) on, the reading at hand is taken to be the right one.
pub(super) const WELL: f64 = 0.6;

/// A reading that fits better.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Better {
    /// What it is, in words.
    pub(super) how: String,
    /// Accuracy (0..1) with it.
    pub(super) accuracy: f64,
}

/// The reading that fits clearly better than the one at hand, if there is one.
pub(super) async fn better_reading<M: Classifier>(
    network: &M,
    dataset: &Dataset,
    normalisation: &Normalisation,
    device: &Device,
) -> Result<Option<Better>, EvaluateError> {
    let step = dataset.train.len().div_ceil(TRIED).max(1);
    let rows: Vec<u32> = (0..dataset.train.len() as u32).step_by(step).collect();
    let sample = dataset.train.select(&rows);
    let answers = |samples: Samples, normalisation: Normalisation| async move {
        let set = ResidentSet::try_new(&samples, &normalisation, device)?;
        let (values, classes) = logits(network, &set, &set.all_rows()).await?;
        Ok::<_, EvaluateError>(Answers::new(&values, classes, samples.labels()))
    };
    let here = answers(sample.clone(), normalisation.clone()).await?;
    let mut best = here.renumbered().map(|(accuracy, numbers)| Better {
        how: format!("answers that are numbered in another way: {}", in_words(&numbers, dataset)),
        accuracy,
    });
    for (how, samples, normalisation) in readings(&sample, normalisation, &dataset.normalisation) {
        let accuracy = answers(samples, normalisation).await?.accuracy();
        if best.as_ref().is_none_or(|best| accuracy > best.accuracy) {
            best = Some(Better { how, accuracy });
        }
    }
    // On few rows, chance alone finds a numbering that fits a little.
    let clearly = WELL.max(here.accuracy() + CLEARLY);
    Ok(best.filter(|best| best.accuracy >= clearly))
}

/// Other ways to read pixels.
fn readings(
    sample: &Samples,
    normalisation: &Normalisation,
    own: &Normalisation,
) -> Vec<(String, Samples, Normalisation)> {
    let Samples::Images(images) = sample else { return Vec::new() };
    let channels = images.shape()[0];
    let same = |mean: f32, std: f32| Normalisation {
        mean: vec![mean; channels],
        std: vec![std; channels],
    };
    let imagenet =
        Normalisation { mean: vec![0.485, 0.456, 0.406], std: vec![0.229, 0.224, 0.225] };
    let mut normalisations = vec![
        ("that of the data set", own.clone()),
        ("none: pixels from 0 to 1", same(0.0, 1.0)),
        ("none: pixels from 0 to 255", same(0.0, 1.0 / 255.0)),
        ("pixels from -1 to 1", same(0.5, 0.5)),
    ];
    if channels == 3 {
        normalisations.push(("that of ImageNet", imagenet));
    }
    let others = normalisations.into_iter().filter(|(_, other)| other != normalisation);
    let mut readings: Vec<_> = others
        .map(|(what, other)| (format!("the normalisation {other} ({what})"), sample.clone(), other))
        .collect();
    let mut rearranged = |how: &str, pixel: &dyn Fn(&[u8], [usize; 4]) -> u8| {
        if let Some(images) = rearrange(images, pixel) {
            readings.push((how.to_owned(), images.into(), normalisation.clone()));
        }
    };
    let [_, height, width] = images.shape();
    let at = move |c: usize, y: usize, x: usize| (c * height + y) * width + x;
    rearranged("inverted pictures", &|row, [c, y, x, _]| 255 - row[at(c, y, x)]);
    if height == width {
        rearranged("transposed pictures", &|row, [c, y, x, _]| row[at(c, x, y)]);
    }
    if channels == 3 {
        rearranged("channels in the order blue, green, red", &|row, [c, y, x, _]| {
            row[at(2 - c, y, x)]
        });
        rearranged("channels last", &|row, [.., place]| {
            row[at(place % 3, place / 3 / width, place / 3 % width)]
        });
    }
    readings
}

/// The images, with each pixel replaced by what `pixel` returns for the old image and the channel,
/// line, column and index of the pixel in it.
fn rearrange(images: &ImageSet, pixel: &dyn Fn(&[u8], [usize; 4]) -> u8) -> Option<ImageSet> {
    let [_, height, width] = images.shape();
    let size: usize = images.shape().iter().product();
    let new = (0..images.len()).flat_map(|row| {
        let row = images.row(row);
        (0..size).map(move |place| {
            let (c, y, x) = (place / (height * width), place / width % height, place % width);
            pixel(row, [c, y, x, place])
        })
    });
    ImageSet::new(images.shape(), new.collect(), images.labels().to_vec()).ok()
}

/// How often each class gets each answer.
struct Answers {
    /// `[classes][answers]`
    counts: Vec<Vec<usize>>,
    rows: usize,
}

impl Answers {
    fn new(logits: &[f32], outputs: usize, labels: &[u32]) -> Self {
        let outputs = outputs.max(1);
        let classes = labels.iter().max().map_or(0, |&label| label as usize + 1).max(outputs);
        let mut counts = vec![vec![0; outputs]; classes];
        for (logits, &label) in logits.chunks(outputs).zip(labels) {
            counts[label as usize][predicted(logits) as usize] += 1;
        }
        Self { counts, rows: labels.len().max(1) }
    }

    fn accuracy(&self) -> f64 {
        let right = self.counts.iter().enumerate().filter_map(|(class, counts)| counts.get(class));
        right.sum::<usize>() as f64 / self.rows as f64
    }

    /// Pairs classes with answers greedily, one to one; returns the accuracy under that pairing,
    /// and the answer paired with each class.
    fn renumbered(&self) -> Option<(f64, Vec<usize>)> {
        let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
        for (class, counts) in self.counts.iter().enumerate() {
            pairs.extend(counts.iter().enumerate().map(|(answer, &count)| (count, class, answer)));
        }
        pairs.sort_by_key(|&(count, class, answer)| (std::cmp::Reverse(count), class, answer));
        let mut answer_of = vec![None; self.counts.len()];
        let mut taken = vec![false; self.counts.first()?.len()];
        let mut right = 0;
        for (count, class, answer) in pairs {
            if answer_of[class].is_none() && !taken[answer] {
                (answer_of[class], taken[answer]) = (Some(answer), true);
                right += count;
            }
        }
        let answers: Option<Vec<usize>> = answer_of.into_iter().collect();
        Some((right as f64 / self.rows as f64, answers?))
    }
}

/// `its 0 is cat, its 1 is dog`.
fn in_words(answers: &[usize], dataset: &Dataset) -> String {
    const SHOWN: usize = 10;
    let name = |class: usize| dataset.class_names.get(class as u32).unwrap_or("?").to_owned();
    let mut by_answer: Vec<(usize, usize)> = answers.iter().copied().zip(0..).collect();
    by_answer.sort_unstable();
    let shown = by_answer.iter().take(SHOWN);
    let words: Vec<String> =
        shown.map(|&(answer, class)| format!("its {answer} is {}", name(class))).collect();
    let more = by_answer.len().saturating_sub(SHOWN);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{more}", words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Logits over three classes, one row per answer, in which that answer is the largest.
    fn choosing(answers: &[usize]) -> Vec<f32> {
        answers
            .iter()
            .flat_map(|&answer| (0..3).map(move |at| f32::from(u8::from(at == answer))))
            .collect()
    }

    #[test]
    fn another_numbering_is_found() {
        let labels = [0, 0, 1, 1, 2, 2];
        let reversed = Answers::new(&choosing(&[2, 2, 1, 1, 0, 0]), 3, &labels);
        assert!((reversed.accuracy() - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(reversed.renumbered(), Some((1.0, vec![2, 1, 0])));
        let constant = Answers::new(&choosing(&[0; 6]), 3, &labels);
        assert_eq!(constant.renumbered().map(|found| found.0), Some(1.0 / 3.0));
    }

    #[test]
    fn pixels_are_rearranged() {
        // Two lines of two pixels, three channels.
        let pixels: Vec<u8> = (0..12).collect();
        let images = ImageSet::new([3, 2, 2], pixels, vec![0]).expect("an image");
        let found =
            readings(&images.into(), &Normalisation::identity(3), &Normalisation::identity(3));
        let pixels = |how: &str| {
            let reading = found.iter().find(|(name, ..)| name == how).expect(how);
            reading.1.images().expect("images").pixels().to_vec()
        };
        assert_eq!(pixels("channels last"), [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
        assert_eq!(
            pixels("channels in the order blue, green, red"),
            [8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3]
        );
        assert_eq!(pixels("transposed pictures")[..4], [0, 2, 1, 3]);
        assert_eq!(pixels("inverted pictures")[..2], [255, 254]);
    }
}
