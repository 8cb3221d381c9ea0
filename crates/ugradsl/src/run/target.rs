//! What the guards of a run aim at: at first the accuracy on test rows of the same classes, then the
//! estimate of a proxy.

use std::sync::Arc;

use super::{
    Event, Run, SessionError,
    estimate::{Estimate, KNOWS_ENOUGH, ProxyAnswer},
    guard::Guard,
};
use crate::models::Classifier;

impl<M: Classifier> Run<M> {
    /// Trains the proxy a little further. Once it is trained, its estimate becomes the target.
    pub(super) async fn train_proxy(&mut self) -> Result<(), SessionError> {
        let Some(proxy) = &mut self.proxy else { return Ok(()) };
        self.events.push_back(Event::Working { step: 0 });
        if !proxy.advance().await? {
            return Ok(());
        }
        let original = self.spec.held_out.as_ref().and_then(|held_out| held_out.original.as_ref());
        if let Some(original) = original {
            let by_class = self.spec.held_out.as_ref().map(|held_out| held_out.forget);
            let ProxyAnswer { known, estimate } = original.estimate(proxy, &self.data).await?;
            if known.is_some_and(|known| known < KNOWS_ENOUGH)
                && let Some(more) = proxy.extend()
            {
                let rows = proxy.rows_of(more);
                self.pay_for_proxy(known.unwrap_or_default(), (more, rows));
                return Ok(());
            }
            match estimate {
                Ok(estimate) => {
                    let accuracy = estimate.accuracy.into();
                    self.events.push_back(Event::Target { accuracy, by_class });
                    self.aim(estimate);
                }
                Err(reason) => {
                    let message = format!(
                        "the proxy cannot tell what to aim at ({reason}): the target is the \
                         original's accuracy on test rows of the same classes; do the settings of \
                         `training` match the original?"
                    );
                    self.events.push_back(Event::Warning { message });
                }
            }
        }
        self.proxy = None;
        self.stop_if_nothing_is_to_do();
        Ok(())
    }

    /// Warns that the proxy, whose test accuracy is only the share `known` of the original's, is
    /// trained for `more` steps, and takes their cost, the gradients of `rows` rows, off what the
    /// run itself may cost.
    fn pay_for_proxy(&mut self, known: f64, (more, rows): (usize, usize)) {
        let message = format!(
            "the proxy is right on {:.0} % as many test rows as the original: it is trained for {more} \
             steps more",
            100.0 * known
        );
        self.events.push_back(Event::Warning { message });
        let least = self.spec.guards.as_ref().map_or(0, |guards| guards.least_steps);
        let left = self.guards.most_steps.saturating_sub(rows / self.rows_of_a_step.max(1));
        let least = least.max(self.spec.plan.min_steps);
        self.guards.most_steps = left.max(least).min(self.guards.most_steps);
        self.trainer.set_total_steps(self.guards.most_steps);
    }

    /// Makes `estimate` the target.
    pub(super) fn aim(&mut self, estimate: Estimate) {
        if let Some(guard) = &mut self.guard {
            guard.set_estimate(Arc::new(estimate));
            self.trainer.set_brake(guard.brake());
        }
    }

    /// Accuracy (0..1) on the forget set that the guards take as the target. `None` without guards,
    /// and while the proxy that will set it is in training.
    pub fn target(&self) -> Option<f64> {
        self.guard.as_ref().filter(|_| self.proxy.is_none()).and_then(Guard::target)
    }
}
