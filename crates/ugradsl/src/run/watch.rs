//! Watches a run: what happens after a check of its guards, when its plan is too short, when its
//! rates are almost zero, and when it diverges without guards.

use super::{
    Alarm, Event, Run, SessionError, StoppedBy,
    guard::{Check, Decision},
};
use crate::{
    data::Split,
    evaluate::{EvaluateError, predict},
    models::Classifier,
    smoothing::Smoothing,
};

/// Where rates are almost zero, beta becomes these quantiles of the distances, one after the other.
const QUANTILES: [f64; 2] = [0.5, 0.9];

impl<M: Classifier> Run<M> {
    /// Lets the guards check the network. Returns whether it is still the network that was checked:
    /// it is not if they went back to another state.
    pub(super) async fn check(&mut self) -> Result<bool, SessionError> {
        let Some(guard) = &self.guard else {
            return Ok(true);
        };
        let step = self.trainer.step();
        let mut check = guard.check(&self.trainer.model(), &self.data).await?;
        if guard.compares_modes(&check, &self.guards) {
            check.forgotten_in_training = self.trainer.looks_forgotten_in_training().await?;
        }
        let Check { retain_loss, retain_accuracy, forget_accuracy, .. } = check;
        let event = Event::GuardCheck { step, retain_loss, retain_accuracy, forget_accuracy };
        self.events.push_back(event);
        let (gap, slow_down) = (guard.gap(&check), guard.config.slow_down);
        match guard.decide(check, &mut self.guards) {
            Decision::Continue => self.note_best(gap),
            // The state is not good enough to return to.
            Decision::Heal { loss, limit, begins } => {
                return Ok(self.heal((loss, limit), begins, slow_down));
            }
            Decision::FollowInference => {
                self.trainer.reset_running_accuracy();
                let message = format!(
                    "the forget set looks forgotten in training mode but not at inference: after \
                     step {step} its rows pass BatchNorm in inference mode"
                );
                self.events.push_back(Event::Warning { message });
            }
            Decision::Stop(stopped_by) => {
                self.stopped = Some(stopped_by);
                if stopped_by == StoppedBy::NoCloser {
                    self.note_best(gap);
                    self.take_best();
                    return Ok(step == self.trainer.step());
                }
            }
            Decision::RollBack { alarm, last } => {
                self.roll_back(alarm);
                // What changes the weights once would do the same again.
                if last || self.is_one_shot() {
                    self.stopped = Some(StoppedBy::Guard);
                    self.take_best();
                }
                return Ok(false);
            }
        }
        self.good = self.trainer.state();
        Ok(true)
    }

    /// Returns to the last good state.
    fn roll_back(&mut self, alarm: Alarm) {
        let step = self.trainer.step();
        self.trainer.restore(&self.good);
        self.events.push_back(Event::RolledBack {
            step,
            to_step: self.trainer.step(),
            alarm,
            rate_scale: self.guards.learning_rate_scale,
        });
    }

    /// Continues with retained rows alone because the retained loss is above its limit (both in
    /// nats), with a warning if this `begins` here; returns whether the run continues. If no step
    /// is left to bring the loss back, rolls back and ends the run.
    fn heal(&mut self, (loss, limit): (f64, f64), begins: bool, slow_down: f64) -> bool {
        let step = self.trainer.step();
        if step >= self.trainer.total_steps() && !self.extend() {
            self.guards.roll_back(slow_down);
            self.roll_back(Alarm::RetainLoss { loss, limit });
            self.stopped = Some(StoppedBy::Plan);
            self.take_best();
            return false;
        }
        if begins {
            let message = format!(
                "the retained loss is {loss:.3}, above {limit:.3}: from step {step} on only retained rows \
                 are used, until the loss has fallen"
            );
            self.events.push_back(Event::Warning { message });
        }
        true
    }

    /// Doubles the steps of a plan that was not enough, as far as the budget goes; returns whether
    /// it did.
    pub(super) fn extend(&mut self) -> bool {
        let watched = self.guard.is_some() && self.spec.held_out.is_some();
        if !watched || self.is_one_shot() {
            return false;
        }
        let (steps, most) = (self.trainer.total_steps(), self.guards.most_steps);
        if most <= steps {
            return false;
        }
        self.trainer.set_total_steps(most.min(2 * steps));
        self.events.push_back(Event::Extended { steps: self.trainer.total_steps() });
        true
    }

    /// Keeps the state at a check if it is the nearest so far to what is expected.
    pub(super) fn note_best(&mut self, gap: Option<f64>) {
        let Some(gap) = gap else { return };
        if self.best.as_ref().is_none_or(|best| gap < best.0) {
            self.best = Some((gap, self.trainer.state()));
        }
    }

    /// Goes back to the best state that a check has seen, for a run that did not reach its target.
    pub(super) fn take_best(&mut self) {
        let Some((_, best)) = self.best.take() else { return };
        let (step, now) = (best.step(), self.trainer.step());
        if step == now {
            return;
        }
        self.trainer.restore(&best);
        self.good = best;
        let message = format!(
            "the run did not end at its target: the network of step {step} is kept, which was nearer \
             to it than that of step {now}"
        );
        self.events.push_back(Event::Warning { message });
    }

    /// Warns if the labels of forgotten rows are smoothed the wrong way round.
    pub(super) fn warn_of_a_positive_rate(&mut self) {
        let objective = &self.spec.plan.objective;
        let Smoothing::Constant(rate) = objective.smoothing else { return };
        if rate > 0.0 && objective.forget_weight < 0.0 {
            let message = format!(
                "alpha = {rate} is positive, which is ordinary label smoothing: UGradSL and UGradSL+ \
                 unlearn by negative rates"
            );
            self.events.push_back(Event::Warning { message });
        }
    }

    /// Warns if retraining, which is exact, costs less than the steps that this run may take.
    pub(super) fn warn_of_cheap_retraining(&mut self, split: &Split) {
        let steps = self.trainer.total_steps().max(self.guards.most_steps);
        if let Some((run, retraining)) = self.spec.cheaper_retraining(steps, split) {
            let message = format!(
                "this run may cost up to {run} gradients of rows ({steps} steps), and retraining only \
                 {retraining}: retraining, which is exact, may be the better choice here"
            );
            self.events.push_back(Event::Warning { message });
        }
    }

    /// Raises beta to a larger quantile because the self-adaptive rates are almost zero, and warns
    /// of it. If no larger quantile is left, or beta or the quantile is given, warns of that once.
    pub(super) async fn raise_rates(&mut self) -> Result<(), SessionError> {
        let step = self.trainer.step();
        while let Some(quantile) = QUANTILES.get(self.guards.rates_raised) {
            self.guards.rates_raised += 1;
            if self.trainer.raise_quantile(*quantile).await? {
                let message = format!(
                    "the self-adaptive smoothing rates are almost zero: from step {step} on beta is \
                     the {quantile} quantile of the distances"
                );
                self.events.push_back(Event::Warning { message });
                return Ok(());
            }
        }
        if self.guards.rates_raised == QUANTILES.len() {
            self.guards.rates_raised += 1;
            let message = "the self-adaptive smoothing rates are almost zero, so the method is the \
                           same as NegGrad+ here; set a larger quantile, or alpha";
            self.events.push_back(Event::Warning { message: message.to_owned() });
        }
        Ok(())
    }

    /// Without guards: saves the state if the network's outputs are finite. If not, ends the run
    /// with the state saved before, so that a method that destroys its network still has a row in
    /// the table and does not end the comparison.
    pub(super) async fn save_if_finite(&mut self) -> Result<(), SessionError> {
        match predict(&self.trainer.model(), &self.data, &self.sample).await {
            Ok(_) => self.good = self.trainer.state(),
            Err(EvaluateError::Probabilities(_)) => {
                let step = self.trainer.step();
                self.trainer.restore(&self.good);
                self.stopped = Some(StoppedBy::Diverged);
                let message = format!(
                    "diverged: the outputs were not finite after step {step}, so the network of step \
                     {} is kept",
                    self.trainer.step()
                );
                self.events.push_back(Event::Warning { message });
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}
