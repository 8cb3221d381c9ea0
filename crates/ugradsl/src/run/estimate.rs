//! What a network that never saw the forget rows would say of these very rows.
//!
//! A *proxy*, a fresh network trained for a small share of the original's epochs on the retain set,
//! has not seen them either. It knows less than a fully trained network, so its answers are
//! translated by ranks. The rank of a forget row is the place of the proxy's probability of its
//! true class among those that the proxy gives to the true classes of test rows. The test rows are
//! then ranked by the original's probabilities, and the retrained network is expected to answer on
//! the forget row as the original does on the test row of the same rank: a row that the original
//! has not seen.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{evaluate::Probabilities, verdict::UNCERTAIN};

/// Only on classes that keep more than this share of their training rows is the retrained network
/// expected to be as good as the original.
pub(super) const MOSTLY_KEPT: f64 = 0.5;

/// Base-2 logarithm of the largest exponent that is applied to ranks.
const MOST_BENT: f64 = 5.0;

/// Share of the rows, on each side of a rank, whose hits are averaged.
const WINDOW: f64 = 0.05;

/// Share of the original's accuracy on test rows at which a proxy knows enough to be asked.
pub(super) const KNOWS_ENOUGH: f64 = 0.85;

/// Largest uncertainty that is added where the proxy is unsure of the forget rows, as a multiple of
/// the mean probability that it gives to their true classes.
const MAX_UNSURE: f64 = 3.0;

/// What can be expected of the retrained network on the forget set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Estimate {
    /// Accuracy, 0..1.
    pub(super) accuracy: f32,
    /// How far that may be off, 0..1, as far as can be told.
    pub(super) uncertainty: f32,
    /// Probability of the true class of each row.
    pub(super) rows: BTreeMap<u32, f32>,
}

impl Estimate {
    /// From the `original`'s and the `proxy`'s answers on the same test rows, and the proxy's on
    /// the `forget` rows. `retained` is the share of training rows that each class keeps; at 0
    /// a class is not recognised at all.
    pub(super) fn new(
        original: &Answers,
        proxy: &Answers,
        forget: (&[u32], &Answers),
        retained: &BTreeMap<u32, f64>,
    ) -> Self {
        let (rows, answers) = forget;
        let translation = Translation::new(original, proxy);
        let by = |bent: f64| -> Vec<AtRank> {
            let at = |&(probability, _, label): &(f64, bool, u32)| match retained
                .get(&label)
                .copied()
                .unwrap_or_default()
            {
                0.0 => AtRank::default(),
                share => translation.of(probability, label, (share, bent)),
            };
            answers.0.iter().map(at).collect()
        };
        let mut ranks = by(1.0);
        let wanted = Ordinary::of(original, proxy, answers)
            .filter(|_| retained.values().all(|share| *share > MOSTLY_KEPT))
            .map(|ordinary| ordinary.accuracy(mean_hit(&ranks)));
        if let Some(wanted) = wanted
            && (wanted - mean_hit(&ranks)).abs() * rows.len() as f64 >= 1.0
        {
            ranks = by(bent_to(wanted, |bent| mean_hit(&by(bent))));
        }
        let accuracy = mean_hit(&ranks);
        let probabilities = ranks.iter().map(|at| at.probability as f32);
        let expected = rows.iter().copied().zip(probabilities).collect();
        // As an f32, which survives being written to a checkpoint as text and read again.
        let uncertainty = uncertainty(accuracy, original, proxy, answers) as f32;
        Self { accuracy: accuracy as f32, uncertainty, rows: expected }
    }
}

/// The mean probability that a row is recognised.
fn mean_hit(ranks: &[AtRank]) -> f64 {
    ranks.iter().map(|at| at.hit).sum::<f64>() / ranks.len().max(1) as f64
}

/// The exponent for all ranks that brings `mean` nearest to `wanted`. Ranks are at most 1, so a
/// larger exponent lowers them.
fn bent_to(wanted: f64, mean: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (-MOST_BENT, MOST_BENT);
    for _ in 0..24 {
        let middle = f64::midpoint(low, high);
        match mean(middle.exp2()) > wanted {
            true => low = middle,
            false => high = middle,
        }
    }
    f64::midpoint(low, high).exp2()
}

/// How far an estimated `accuracy` may be off, as the sum of three terms. The first is its distance
/// to a simpler estimate: the proxy's accuracy on the `forget` rows, divided by the share of the
/// original's test accuracy that the proxy reaches. The second is how far this share is below
/// [`KNOWS_ENOUGH`]. The third is how much less sure the proxy is of the forget rows than of test
/// rows, because two networks disagree about atypical rows; it is limited to the multiple
/// [`MAX_UNSURE`] of the mean probability that the proxy gives to their true classes.
fn uncertainty(accuracy: f64, original: &Answers, proxy: &Answers, forget: &Answers) -> f64 {
    let known = proxy.accuracy() / original.accuracy().max(f64::MIN_POSITIVE);
    let simple = (forget.accuracy() / known.max(f64::MIN_POSITIVE)).min(1.0);
    let unsure = (proxy.1 - forget.1).clamp(0.0, MAX_UNSURE * forget.confidence());
    (accuracy - simple).abs() + (KNOWS_ENOUGH - known).max(0.0) + unsure
}

impl Estimate {
    /// Mean probability of the true class.
    pub(super) fn confidence(&self) -> f64 {
        let sum: f64 = self.rows.values().copied().map(f64::from).sum();
        sum / self.rows.len().max(1) as f64
    }

    /// Whether it is certain enough to decide that no step is needed.
    pub(super) fn is_certain(&self) -> bool {
        f64::from(self.uncertainty) <= UNCERTAIN
    }

    /// The same, but with an accuracy of at most `accuracy`.
    pub(super) fn at_most(self, accuracy: f64) -> Self {
        Self { accuracy: self.accuracy.min(accuracy as f32), ..self }
    }
}

/// What a proxy reveals.
pub(super) struct ProxyAnswer {
    /// Its accuracy on test rows as a share of the original's; `None` if its outputs are not
    /// finite.
    pub(super) known: Option<f64>,
    /// What to expect according to the proxy, or why it cannot tell.
    pub(super) estimate: Result<Estimate, String>,
}

/// For each row, the probability of the true class, whether this class is the answer, and the
/// class. Then how sure the network is of its answers: the mean of the largest probabilities.
#[derive(Debug, Clone)]
pub(super) struct Answers(Vec<(f64, bool, u32)>, f64);

impl Answers {
    pub(super) fn new(predicted: &Probabilities) -> Self {
        let answer = |(at, (row, label)): (usize, (&[f32], u32))| {
            (row[label as usize].into(), predicted.predicted(at) == label, label)
        };
        let largest = |(row, _): (&[f32], u32)| f64::from(row.iter().copied().fold(0.0, f32::max));
        let sure = predicted.rows().map(largest).sum::<f64>();
        let rows: Vec<_> = predicted.rows().enumerate().map(answer).collect();
        let sure = sure / rows.len().max(1) as f64;
        Self(rows, sure)
    }

    /// Share of the rows for which the true class is the answer.
    pub(super) fn accuracy(&self) -> f64 {
        self.0.iter().filter(|row| row.1).count() as f64 / self.0.len().max(1) as f64
    }

    /// The true class of each row.
    pub(super) fn labels(&self) -> impl Iterator<Item = u32> {
        self.0.iter().map(|row| row.2)
    }

    /// Mean probability of the true class.
    pub(super) fn confidence(&self) -> f64 {
        self.0.iter().map(|row| row.0).sum::<f64>() / self.0.len().max(1) as f64
    }

    fn ranked(&self, class: Option<u32>) -> Ranked {
        let rows = self.0.iter().filter(|row| class.is_none_or(|class| class == row.2));
        let mut ranks: Vec<(f64, bool)> = rows.map(|row| (row.0, row.1)).collect();
        ranks.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ranked(ranks)
    }
}

/// What is expected of the network on one row.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct AtRank {
    /// Probability of the true class.
    probability: f64,
    /// Probability that the true class is the answer.
    hit: f64,
}

impl AtRank {
    /// The point at `share` (0..1) of the way to `other`.
    fn towards(self, other: Self, share: f64) -> Self {
        let between = |from: f64, to: f64| from + share * (to - from);
        Self {
            probability: between(self.probability, other.probability),
            hit: between(self.hit, other.hit),
        }
    }
}

/// Probabilities and hits of rows, by ascending probability.
struct Ranked(Vec<(f64, bool)>);

impl Ranked {
    /// The rank (0..1) of `probability`.
    fn rank(&self, probability: f64) -> f64 {
        let below = self.0.partition_point(|at| at.0 < probability);
        let up_to = self.0.partition_point(|at| at.0 <= probability);
        (below + up_to) as f64 / 2.0 / self.0.len().max(1) as f64
    }

    fn at(&self, rank: f64) -> AtRank {
        let rows = self.0.len();
        let Some(last) = rows.checked_sub(1) else { return AtRank::default() };
        let place = ((rank * rows as f64) as usize).min(last);
        let reach = (WINDOW * rows as f64) as usize;
        let near = &self.0[place.saturating_sub(reach)..(place + reach + 1).min(rows)];
        let hits = near.iter().filter(|at| at.1).count();
        AtRank { probability: self.0[place].0, hit: hits as f64 / near.len() as f64 }
    }

    fn accuracy(&self) -> f64 {
        self.0.iter().filter(|at| at.1).count() as f64 / self.0.len().max(1) as f64
    }
}

/// What is expected if the forget rows are ordinary: the accuracy of the original on test rows to
/// which the proxy gives similar probabilities. After short training some ordinary rows look odd by
/// chance; ranks alone overstate how many are odd.
struct Ordinary {
    /// Accuracy (0..1) if they are ordinary.
    accuracy: f64,
    /// How much (0..1) of their distance to ordinary rows cannot be explained by chance, judging
    /// by the mean of their ranks.
    odd: f64,
}

impl Ordinary {
    /// `None` without test rows.
    fn of(original: &Answers, proxy: &Answers, forget: &Answers) -> Option<Self> {
        let by_proxy = proxy.ranked(None);
        let both = proxy.0.iter().zip(&original.0);
        let mut hits: Vec<(f64, bool)> = both.map(|(proxy, row)| (proxy.0, row.1)).collect();
        hits.sort_by(|a, b| a.0.total_cmp(&b.0));
        let hits = Ranked(hits);
        let ranks: Vec<f64> = forget.0.iter().map(|row| by_proxy.rank(row.0)).collect();
        let rows = ranks.len() as f64;
        if ranks.is_empty() || hits.0.is_empty() {
            return None;
        }
        let accuracy = ranks.iter().map(|rank| hits.at(*rank).hit).sum::<f64>() / rows;
        // Ranks of ordinary rows are uniform: mean 1/2, variance 1/12.
        let mean = ranks.iter().sum::<f64>() / rows;
        let squared = 12.0 * rows * (mean - 0.5).powi(2);
        Some(Self { accuracy, odd: (1.0 - 1.0 / squared).max(0.0) })
    }

    /// The accuracy to expect, where ranks alone give `by_rank`.
    fn accuracy(&self, by_rank: f64) -> f64 {
        self.accuracy + self.odd * (by_rank - self.accuracy)
    }
}

/// Translates the proxy's answers into the original's: by all test rows, and class by class.
struct Translation {
    all: [Ranked; 2],
    classes: BTreeMap<u32, [Ranked; 2]>,
}

impl Translation {
    fn new(original: &Answers, proxy: &Answers) -> Self {
        let ranked = |class| [proxy.ranked(class), original.ranked(class)];
        let labels = original.0.iter().map(|row| row.2);
        Self {
            all: ranked(None),
            classes: labels.map(|label| (label, ranked(Some(label)))).collect(),
        }
    }

    /// What is expected on a row whose class keeps the share `retained` of its rows; ranks are
    /// raised to the power `bent`.
    fn of(&self, probability: f64, label: u32, (retained, bent): (f64, f64)) -> AtRank {
        let translated =
            |[proxy, original]: &[Ranked; 2]| original.at(proxy.rank(probability).powf(bent));
        let overall = translated(&self.all);
        match self.classes.get(&label) {
            // The proxy has not learned this class yet, so it tells little. The retrained network
            // learns it as well as the original if all of it is retained, else less well.
            Some(class) if class[0].accuracy() < class[1].accuracy() / 2.0 => {
                overall.towards(translated(class), retained.sqrt())
            }
            _ => overall,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twenty test rows of class 0: the original is right on `right` of them, surest on the last.
    fn answers(right: usize, top: f64) -> Answers {
        let row = |at: usize| (top * (at + 1) as f64 / 20.0, at >= 20 - right, 0);
        Answers((0..20).map(row).collect(), 0.9)
    }

    fn estimate(forget: &[(f64, bool, u32)], retained: f64) -> Estimate {
        let rows: Vec<u32> = (100..).take(forget.len()).collect();
        let (original, proxy) = (answers(18, 1.0), answers(12, 0.6));
        let retained = BTreeMap::from([(0, retained)]);
        Estimate::new(&original, &proxy, (&rows, &Answers(forget.to_vec(), 0.9)), &retained)
    }

    #[test]
    fn a_row_gets_what_the_original_says_of_the_test_row_of_its_rank() {
        // The proxy's 0.6 is its highest: rank 19.5 of 20, where the original says 1.
        let sure = estimate(&[(0.6, true, 0)], 0.9);
        assert_eq!((sure.rows[&100], sure.accuracy), (1.0, 1.0));
        // Below everything that the proxy says of test rows.
        let unlike = estimate(&[(0.0, false, 0)], 0.9);
        assert_eq!((unlike.rows[&100], unlike.accuracy), (0.05, 0.0));
    }

    #[test]
    fn ordinary_rows_are_expected_to_be_as_right_as_test_rows() {
        let ordinary = estimate(&answers(12, 0.6).0, 0.9);
        assert!((ordinary.accuracy - 0.9).abs() < 0.04, "{}", ordinary.accuracy);
    }

    #[test]
    fn an_estimate_is_uncertain_where_a_simpler_one_differs_or_the_proxy_knows_little() {
        for (proxy, accuracy, sure, expected) in
            [(18, 0.6, 0.9, 0.0), (18, 0.9, 0.9, 0.3), (9, 1.0, 0.9, 0.35), (18, 0.6, 0.7, 0.2)]
        {
            let forget = Answers(answers(12, 0.6).0, sure);
            let found = uncertainty(accuracy, &answers(18, 1.0), &answers(proxy, 0.6), &forget);
            assert!((found - expected).abs() < 1e-6, "{found} {expected}");
        }
    }

    #[test]
    fn rows_that_look_odd_by_chance_are_expected_to_be_ordinary_and_odd_ones_are_not() {
        // The proxy does not know which test rows the original recognises.
        let test: Vec<(f64, bool, u32)> =
            (0..100).map(|at| (f64::from(at) / 100.0, true, 0)).collect();
        let known = |at: usize| !at.is_multiple_of(5);
        let original = (0..100).map(|at| if known(at) { 0.9 } else { 0.1 }).enumerate();
        let original = Answers(original.map(|(at, p)| (p, known(at), 0)).collect(), 0.9);
        let proxy = Answers(test, 0.9);
        let kept = BTreeMap::from([(0, 0.9)]);
        let accuracy = |from: f64, to: f64| {
            let at = |row: usize| from + (to - from) * (row as f64 + 0.5) / 20.0;
            let forget = Answers((0..20).map(|row| (at(row), true, 0)).collect(), 0.9);
            let rows: Vec<u32> = (0..20).collect();
            Estimate::new(&original, &proxy, (&rows, &forget), &kept).accuracy
        };
        let (ordinary, a_little, odd) =
            (accuracy(0.0, 1.0), accuracy(0.0, 0.9), accuracy(0.0, 0.1));
        assert!((ordinary - 0.8).abs() < 0.05, "{ordinary}");
        assert!((a_little - 0.8).abs() < 0.05, "{a_little}");
        assert!(odd < 0.1, "{odd}");
    }

    #[test]
    fn nothing_is_expected_of_classes_that_are_gone() {
        let gone = estimate(&[(0.6, true, 0)], 0.0);
        assert_eq!((gone.rows[&100], gone.accuracy), (0.0, 0.0));
    }

    #[test]
    fn a_class_that_the_proxy_has_not_learned_is_between_two_estimates() {
        let rows = |from: f64, to: f64, wrong: usize, label: u32| -> Vec<(f64, bool, u32)> {
            let probability = |at: usize| from + (to - from) * (at + 1) as f64 / 20.0;
            (0..20).map(|at| (probability(at), at >= wrong, label)).collect()
        };
        let original = Answers([rows(0.0, 0.4, 15, 0), rows(0.5, 1.0, 0, 1)].concat(), 0.9);
        let proxy = Answers([rows(0.0, 0.7, 6, 0), rows(0.0, 0.01, 20, 1)].concat(), 0.9);
        let middle = Answers(vec![(0.0055, false, 1)], 0.9);
        // Rank 1/4 of all rows, where nothing is right, and rank 1/2 of the class, where all is.
        for (retained, expected) in [(1.0, 1.0), (0.25, 0.5), (0.01, 0.1)] {
            let retained = BTreeMap::from([(1, retained)]);
            let found = Estimate::new(&original, &proxy, (&[5], &middle), &retained);
            assert!((found.accuracy - expected).abs() < 1e-6, "{}", found.accuracy);
        }
    }
}
