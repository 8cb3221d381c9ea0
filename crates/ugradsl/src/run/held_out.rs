//! How the original answers on samples that it was not trained on, and on those to forget. This
//! shows how far forgetting has to go, and what it may cost.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Basis, Change, Evidence,
    estimate::{Answers, Estimate, MOSTLY_KEPT, ProxyAnswer},
    proxy::Proxy,
};
use crate::{
    data::{ResidentSet, Split},
    evaluate::{EvaluateError, Probabilities, predict},
    models::Classifier,
    verdict::is_as_expected,
};

/// Accuracies of the original on the test set, as the guards need them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct HeldOut {
    /// Estimated accuracy (0..1) on the forget set of a network that never saw it: the original's
    /// on test samples, class by class, and 0 for classes that are forgotten entirely.
    pub forget: f64,
    /// Accuracy (0..1) on test samples of all classes but those that are forgotten entirely, which
    /// are not allowed as predictions either. `None` where there are no such samples.
    pub retain: Option<f64>,
    /// What is needed for a better estimate of `forget`, and for the finding at the end.
    pub(super) original: Option<Original>,
}

/// Maximum number of retained rows that show whether a network is harmed.
const RETAINED: usize = 1024;

/// How the original answers on the rows that matter.
#[derive(Debug, Clone)]
pub(super) struct Original {
    pub(super) on_test: OnTest,
    forget: Vec<u32>,
    on_forget: Answers,
    /// The share of its training rows that each class of the forget rows keeps.
    kept: BTreeMap<u32, f64>,
    /// Held-out rows on which accuracy shows whether a network is harmed, without classes that
    /// lose most of their training rows: on those the retrained network is worse, too.
    held_out: Vec<u32>,
    /// The original's accuracy on them, 0..1.
    on_held_out: Option<f64>,
    /// Some retained rows, and the accuracy on them without the classes that are forgotten
    /// entirely.
    retained: Vec<u32>,
    on_retained: f64,
    /// The mean of the accuracies (0..1) on the classes of retained and forget rows.
    balanced: f64,
    /// Whether nothing is retained of any class of the forget rows.
    by_definition: bool,
}

/// The original's answers on the test rows that guards may see, without those of classes that are
/// forgotten entirely.
#[derive(Debug, Clone)]
pub(super) struct OnTest {
    test: ResidentSet,
    rows: Vec<u32>,
    answers: Answers,
    /// Number of classes.
    classes: usize,
}

impl HeldOut {
    /// Measures `original`.
    ///
    /// # Errors
    ///
    /// If the network's outputs cannot be read or are not finite.
    ///
    /// # Example
    ///
    /// ```
    /// use pollster::block_on;
    /// use ugradsl::data::{self, ForgetRequest, ResidentSet};
    /// use ugradsl::device::Device;
    /// use ugradsl::models::{Architecture, ModelSpec};
    /// use ugradsl::run::HeldOut;
    ///
    /// let device = Device::cpu();
    /// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?;
    /// let network = ModelSpec::fitting(Architecture::Mlp, &digits)?.init(0, &device)?;
    /// let set = |samples| ResidentSet::new(samples, &digits.normalisation, &device);
    /// let (train, test) = (set(&digits.train), set(&digits.test));
    /// let split = ForgetRequest::Class(3).split(&digits, 0)?;
    /// let held_out = block_on(HeldOut::of(&network, &train, &test, &split))?;
    /// assert_eq!(held_out.forget, 0.0); // a network that never saw a class does not recognise it
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn of<M: Classifier>(
        original: &M,
        train: &ResidentSet,
        test: &ResidentSet,
        split: &Split,
    ) -> Result<Self, EvaluateError> {
        let seen = match split.validation.is_empty() {
            true => test.all_rows(),
            false => split.validation.clone(),
        };
        let on_seen = predict(original, test, &seen).await?;
        let forgotten = train.host_labels(&split.forget);
        let classes = on_seen.classes();
        let (mut hits, mut rows) = (vec![0.0; classes], vec![0.0; classes]);
        for (row, (_, label)) in on_seen.rows().enumerate() {
            rows[label as usize] += 1.0;
            hits[label as usize] += f64::from(u8::from(on_seen.predicted(row) == label));
        }
        let overall = hits.iter().sum::<f64>() / rows.iter().sum::<f64>().max(1.0);
        let expected = |label: u32| match rows[label as usize] {
            _ if split.left_out.contains(&label) => 0.0,
            0.0 => overall,
            n => hits[label as usize] / n,
        };
        let sum = forgotten.iter().map(|&label| expected(label)).sum::<f64>();
        let kept: Vec<usize> =
            (0..seen.len()).filter(|at| !split.left_out.contains(&on_seen.labels()[*at])).collect();
        let on_kept = on_seen.select(&kept);
        let rows: Vec<u32> = kept.iter().map(|at| seen[*at]).collect();
        let answers = Answers::new(&on_kept);
        let on_test = OnTest { test: test.clone(), rows, answers, classes };
        Ok(Self {
            forget: sum / forgotten.len().max(1) as f64,
            retain: best_of_the_rest(&on_kept, &split.left_out),
            original: Some(Original::of(original, train, split, on_test).await?),
        })
    }
}

impl HeldOut {
    /// Whether nothing is retained of any class of the forget rows, so that none of them is
    /// expected to be recognised.
    pub(super) fn of_whole_classes(&self) -> bool {
        self.original.as_ref().map_or(self.forget == 0.0, |original| original.by_definition)
    }

    /// The original's accuracy (0..1) on its training rows, averaged over classes.
    pub(crate) fn on_training(&self) -> Option<f64> {
        self.original.as_ref().map(|original| original.balanced)
    }

    /// The original's accuracy (0..1) on its training rows, averaged over classes, if that is
    /// hardly more than 1/K with K classes: what guessing gives, or the same answer for every row.
    /// The bound is a tenth of the way from 1/K to 1, but at most 2/K.
    pub(crate) fn at_chance(&self) -> Option<f64> {
        let original = self.original.as_ref()?;
        let classes = original.on_test.classes as f64;
        let chance = (1.0 / classes + 0.1 * (1.0 - 1.0 / classes)).min(2.0 / classes);
        (original.balanced <= chance).then_some(original.balanced)
    }
}

impl Original {
    async fn of<M: Classifier>(
        original: &M,
        train: &ResidentSet,
        split: &Split,
        on_test: OnTest,
    ) -> Result<Self, EvaluateError> {
        let left_out = &split.left_out;
        let step = split.retain.len().div_ceil(RETAINED).max(1);
        let retained: Vec<u32> = split.retain.iter().copied().step_by(step).collect();
        let on_retained = predict(original, train, &retained).await?;
        let on_forget = predict(original, train, &split.forget).await?;
        let labels = train.host_labels(&split.forget);
        let kept = kept(&labels, &train.host_labels(&split.retain));
        let stays = |class: &u32| kept.get(class).is_none_or(|share| *share > MOSTLY_KEPT);
        let classes = on_test.test.host_labels(&on_test.rows);
        let held_out = on_test.rows.iter().zip(&classes).filter(|(_, class)| stays(class));
        let held_out: Vec<u32> = held_out.map(|(row, _)| *row).collect();
        let on_held_out = match held_out.is_empty() {
            true => None,
            false => {
                let predicted = predict(original, &on_test.test, &held_out).await?;
                Some(Answers::new(&predicted).accuracy())
            }
        };
        Ok(Self {
            held_out,
            on_held_out,
            on_test,
            on_forget: Answers::new(&on_forget),
            forget: split.forget.clone(),
            kept,
            balanced: balanced([&on_retained, &on_forget]),
            on_retained: Answers::new(&on_retained).accuracy(),
            retained,
            by_definition: labels.iter().all(|label| left_out.contains(label)),
        })
    }

    /// Accuracy (0..1) of `network` on up to `most` held-out rows, without the classes of
    /// `excluded` among its answers. `None` without rows.
    pub(super) async fn on_held_out<M: Classifier>(
        &self,
        network: &M,
        most: usize,
        excluded: &[u32],
    ) -> Result<Option<f64>, EvaluateError> {
        let step = self.held_out.len().div_ceil(most).max(1);
        let rows: Vec<u32> = self.held_out.iter().copied().step_by(step).collect();
        if rows.is_empty() {
            return Ok(None);
        }
        match predict(network, &self.on_test.test, &rows).await {
            Ok(predicted) => Ok(best_of_the_rest(&predicted, excluded)),
            // The guards notice outputs that are not finite by the loss.
            Err(EvaluateError::Probabilities(_)) => Ok(Some(0.0)),
            Err(error) => Err(error),
        }
    }

    /// Estimates by `proxy` what a network that never saw the forget rows would answer on them.
    pub(super) async fn estimate<M: Classifier>(
        &self,
        proxy: &Proxy<M>,
        train: &ResidentSet,
    ) -> Result<ProxyAnswer, EvaluateError> {
        let ProxyAnswer { known, estimate } =
            self.on_test.estimate(proxy, train, &self.kept).await?;
        // The original has seen the rows, so it knows them at least as well.
        let estimate = estimate.map(|estimate| estimate.at_most(self.on_forget.accuracy()));
        Ok(ProxyAnswer { known, estimate })
    }

    /// Whether most forget rows are of classes that lose most of their training rows. A proxy
    /// learns these late.
    pub(super) fn mostly_rare(&self) -> bool {
        let rare = |class: &u32| self.kept.get(class).is_some_and(|share| *share <= MOSTLY_KEPT);
        let rare = self.on_forget.labels().filter(rare).count();
        2 * rare > self.forget.len()
    }

    /// Whether the original already answers on the forget rows as `estimate` expects of a network
    /// that never saw them.
    pub(super) fn is_as_expected(&self, estimate: &Estimate) -> bool {
        let (accuracy, confidence) = (self.on_forget.accuracy(), self.on_forget.confidence());
        estimate.is_certain()
            && is_as_expected(
                self.forget.len(),
                (accuracy, confidence),
                (estimate.accuracy.into(), estimate.confidence()),
            )
    }

    /// The evidence about `network`, compared with the original. `expected` has the accuracy that
    /// is expected on the forget rows, and the proxy's estimate if there is one.
    pub(super) async fn evidence<M: Classifier>(
        &self,
        network: &M,
        train: &ResidentSet,
        expected: (f64, Option<&Estimate>),
    ) -> Result<Evidence, EvaluateError> {
        let (expected, estimate) = expected;
        let on_forget = Answers::new(&predict(network, train, &self.forget).await?);
        let on_retained = Answers::new(&predict(network, train, &self.retained).await?);
        let mut held_out = None;
        if let Some(before) = self.on_held_out {
            let predicted = predict(network, &self.on_test.test, &self.held_out).await?;
            held_out = Some(Change { before, after: Answers::new(&predicted).accuracy() });
        }
        let change = |before, after| Change { before, after };
        Ok(Evidence {
            rows: self.forget.len(),
            accuracy: change(self.on_forget.accuracy(), on_forget.accuracy()),
            expected: expected.min(self.on_forget.accuracy()),
            basis: match (self.by_definition, estimate) {
                (true, _) => Basis::Definition,
                (false, Some(_)) => Basis::Proxy,
                (false, None) => Basis::ClassAverage,
            },
            confidence: change(self.on_forget.confidence(), on_forget.confidence()),
            expected_confidence: match self.by_definition {
                true => Some(0.0),
                false => estimate.map(Estimate::confidence),
            },
            uncertainty: match self.by_definition {
                true => None,
                false => estimate.map(|estimate| estimate.uncertainty.into()),
            },
            retained: change(self.on_retained, on_retained.accuracy()),
            held_out,
        })
    }
}

/// The share of its rows that each class of `forgotten` labels keeps.
fn kept(forgotten: &[u32], retained: &[u32]) -> BTreeMap<u32, f64> {
    let count =
        |labels: &[u32], class| labels.iter().filter(|label| **label == class).count() as f64;
    let classes: BTreeSet<u32> = forgotten.iter().copied().collect();
    let share = |class| {
        let (gone, left) = (count(forgotten, class), count(retained, class));
        (class, left / (gone + left))
    };
    classes.into_iter().map(share).collect()
}

/// The mean over classes of the accuracy (0..1) on their rows.
fn balanced(sets: [&Probabilities; 2]) -> f64 {
    let mut classes: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for predicted in sets {
        for (row, (_, label)) in predicted.rows().enumerate() {
            let (hits, rows) = classes.entry(label).or_default();
            *hits += f64::from(u8::from(predicted.predicted(row) == label));
            *rows += 1.0;
        }
    }
    classes.values().map(|(hits, rows)| hits / rows).sum::<f64>() / classes.len().max(1) as f64
}

/// Accuracy (0..1) if the classes of `excluded` are not allowed as answers; `None` without rows.
fn best_of_the_rest(predicted: &Probabilities, excluded: &[u32]) -> Option<f64> {
    let right = predicted.rows().filter(|(row, label)| is_best_of_the_rest(row, *label, excluded));
    let (right, rows) = (right.count(), predicted.rows().count());
    (rows > 0).then(|| right as f64 / rows as f64)
}

/// Whether no class outside `excluded` is more probable than `label`.
fn is_best_of_the_rest(probabilities: &[f32], label: u32, excluded: &[u32]) -> bool {
    let own = probabilities[label as usize];
    let others = (0..).zip(probabilities).filter(|(class, _)| !excluded.contains(class));
    others.into_iter().all(|(_, other)| *other <= own)
}

impl OnTest {
    async fn estimate<M: Classifier>(
        &self,
        proxy: &Proxy<M>,
        train: &ResidentSet,
        kept: &BTreeMap<u32, f64>,
    ) -> Result<ProxyAnswer, EvaluateError> {
        let told = |known, estimate| Ok(ProxyAnswer { known, estimate });
        let not_finite = || Err("its outputs are not finite".to_owned());
        let network = proxy.model();
        let on_test = match predict(&network, &self.test, &self.rows).await {
            Err(EvaluateError::Probabilities(_)) => {
                return told(None, not_finite());
            }
            predicted => Answers::new(&predicted?),
        };
        let [ours, theirs] = [&self.answers, &on_test].map(Answers::accuracy);
        let known = Some(theirs / ours.max(f64::MIN_POSITIVE));
        if theirs < ours / 2.0 {
            let [ours, theirs] = [ours, theirs].map(|share| 100.0 * share);
            let reason = format!(
                "it is right on {theirs:.1} % of the test rows, the original on {ours:.1} %"
            );
            return told(known, Err(reason));
        }
        let on_forget = match predict(&network, train, &proxy.forget).await {
            Err(EvaluateError::Probabilities(_)) => {
                return told(None, not_finite());
            }
            predicted => Answers::new(&predicted?),
        };
        let forget = (proxy.forget.as_slice(), &on_forget);
        told(known, Ok(Estimate::new(&self.answers, &on_test, forget, kept)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excluded_classes_do_not_compete() {
        let row = [0.6, 0.3, 0.1];
        assert!(is_best_of_the_rest(&row, 0, &[]));
        assert!(!is_best_of_the_rest(&row, 1, &[]));
        assert!(is_best_of_the_rest(&row, 1, &[0]));
        assert!(!is_best_of_the_rest(&row, 2, &[0]));
        assert!(is_best_of_the_rest(&row, 2, &[0, 1]));
    }
}
