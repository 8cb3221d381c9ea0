//! The original's accuracy on samples that it was not trained on. It shows how far forgetting has
//! to go, and how much retained accuracy may be lost on the way.

use super::{
    estimate::{Answers, Estimate},
    proxy::Proxy,
};
use crate::{
    data::{ResidentSet, Split},
    evaluate::{EvaluateError, predict},
    models::Classifier,
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
    /// What a better estimate of `forget` needs.
    pub(super) on_test: Option<OnTest>,
}

/// What the original says of the test rows that are tested.
#[derive(Debug, Clone)]
pub(super) struct OnTest {
    test: ResidentSet,
    rows: Vec<u32>,
    answers: Answers,
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
        let on_test = predict(original, test, &test.all_rows()).await?;
        let forgotten = train.host_labels(&split.forget);
        let classes = on_test.classes();
        let (mut hits, mut rows) = (vec![0.0; classes], vec![0.0; classes]);
        let mut kept = Vec::new();
        for (row, (probabilities, label)) in on_test.rows().enumerate() {
            rows[label as usize] += 1.0;
            hits[label as usize] += f64::from(u8::from(on_test.predicted(row) == label));
            if !split.left_out.contains(&label) {
                kept.push(is_best_of_the_rest(probabilities, label, &split.left_out));
            }
        }
        let overall = hits.iter().sum::<f64>() / rows.iter().sum::<f64>().max(1.0);
        let expected = |label: u32| match rows[label as usize] {
            _ if split.left_out.contains(&label) => 0.0,
            0.0 => overall,
            n => hits[label as usize] / n,
        };
        let sum = forgotten.iter().map(|&label| expected(label)).sum::<f64>();
        let right = kept.iter().filter(|right| **right).count();
        let rows: Vec<usize> = split.test.iter().map(|row| *row as usize).collect();
        let answers = Answers::new(&on_test.select(&rows));
        let (test, rows) = (test.clone(), split.test.clone());
        Ok(Self {
            on_test: Some(OnTest { test, rows, answers }),
            forget: sum / forgotten.len().max(1) as f64,
            retain: (!kept.is_empty()).then(|| right as f64 / kept.len() as f64),
        })
    }
}

/// Whether no class outside `excluded` is more probable than `label`.
fn is_best_of_the_rest(probabilities: &[f32], label: u32, excluded: &[u32]) -> bool {
    let own = probabilities[label as usize];
    let others = (0..).zip(probabilities).filter(|(class, _)| !excluded.contains(class));
    others.into_iter().all(|(_, other)| *other <= own)
}

impl OnTest {
    /// What a network that never saw the rows that `proxy` has not seen can be expected to say of
    /// them; or why the proxy cannot tell.
    pub(super) async fn estimate<M: Classifier>(
        &self,
        proxy: &Proxy<M>,
        train: &ResidentSet,
    ) -> Result<Result<Estimate, String>, EvaluateError> {
        let network = proxy.model();
        let on_test = match predict(&network, &self.test, &self.rows).await {
            Err(EvaluateError::Probabilities(_)) => {
                return Ok(Err("its outputs are not finite".to_owned()));
            }
            predicted => Answers::new(&predicted?),
        };
        let [ours, theirs] = [&self.answers, &on_test].map(Answers::accuracy);
        if theirs < ours / 2.0 {
            let [ours, theirs] = [ours, theirs].map(|share| 100.0 * share);
            return Ok(Err(format!(
                "it is right on {theirs:.1} % of the test rows, the original on {ours:.1} %"
            )));
        }
        let on_forget = Answers::new(&predict(&network, train, &proxy.forget).await?);
        let forget = (proxy.forget.as_slice(), &on_forget);
        Ok(Ok(Estimate::new(&self.answers, &on_test, forget, &proxy.left_out)))
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
