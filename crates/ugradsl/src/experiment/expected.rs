//! An estimate of the retrained network where none is trained, as for a pretrained network whose
//! training cannot be repeated.

use std::collections::BTreeSet;

use super::{Experiment, ExperimentError, PlannedRun, evaluate_error};
use crate::run::HeldOut;
use crate::{
    evaluate::{Measures, Mia, Predictions, attack, predict},
    models::NetworkSpec,
    unlearn::Method,
};

impl<S: NetworkSpec> Experiment<S> {
    /// Estimated measures of a network that never saw the forget set, from the predictions of the
    /// original. Forgotten rows count as if they were test rows of the same classes; rows of
    /// classes that are forgotten entirely count as wrong and as non-members by definition; on all
    /// other rows the estimate is that of the original. `None` for runs other than the original's,
    /// and where a network is retrained.
    pub(super) async fn expected(
        &self,
        task: &PlannedRun,
        original: &S::Network,
        predictions: &Predictions,
        measures: &Measures,
    ) -> Result<Option<Measures>, ExperimentError> {
        if self.config.retrain || task.method != Method::Original {
            return Ok(None);
        }
        let split = &task.split;
        let fail = |source| evaluate_error(task, source);
        let (train, test) = (&self.train, &self.test);
        let held_out = HeldOut::of(original, train, test, split).await.map_err(fail)?;
        let labels = train.host_labels(&split.forget);
        let known = labels.iter().filter(|label| !split.left_out.contains(label));
        let (rows, classes) = (known.clone().count(), known.collect::<BTreeSet<_>>());
        let mut non_members = 0.0;
        if rows > 0 {
            let labels = test.host_labels(&test.all_rows());
            let same_classes = test.all_rows().into_iter().zip(labels);
            let same_classes: Vec<u32> = same_classes
                .filter_map(|(row, label)| classes.contains(&label).then_some(row))
                .collect();
            let same_classes = predict(original, test, &same_classes).await.map_err(fail)?;
            let (members, others) = (&predictions.retain, &predictions.test);
            let outcome = attack(members, others, &same_classes, self.config.attack, task.seed);
            non_members = outcome.map_err(|source| fail(source.into()))?.mia.confidence;
        }
        let share = rows as f64 / split.forget.len().max(1) as f64;
        Ok(Some(Measures {
            ua: 100.0 * (1.0 - held_out.forget),
            ra: measures.ra,
            ta: measures.ta,
            mia: Mia {
                confidence: share * non_members + (1.0 - share) * 100.0,
                correctness: None,
                entropy: None,
                modified_entropy: None,
                probabilities: None,
            },
        }))
    }
}
