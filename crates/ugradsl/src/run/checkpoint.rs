//! Checkpoints: a run as a sequence of bytes, from which it continues to the same result.

use std::collections::HashMap;

use burn::tensor::TensorData;
use serde::{Deserialize, Serialize};
use web_time::Instant;

use super::{
    Event, Identity, Run, SessionError, StoppedBy, Store, differences, estimate::Estimate,
    guard::GuardState, listed,
};
use crate::{
    models::{Classifier, ModelFileError, State, decode, encode, state_digest},
    train::TrainerState,
};

/// Metadata key of a checkpoint.
const PROGRESS_KEY: &str = "ugradsl.progress";
/// Prefix of the tensors of the last good state, if that is earlier than the current one.
const GOOD: &str = "good.";
/// Prefix of the tensors of the best state.
const BEST: &str = "best.";
/// Prefix of the tensors of the proxy's training.
const PROXY: &str = "proxy.";
/// Name of the tensor of the smoothing rates that have not been read from the device yet.
const RATES: &str = "rates";
/// Smallest number of seconds between two checkpoints.
const PAUSE: f64 = 0.5;
/// Length of the pause between two checkpoints, as a multiple of the time that writing one takes:
/// writing then takes at most a twentieth of the time.
const PAUSE_PER_COST: f64 = 20.0;

/// What a checkpoint states besides the tensors.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Progress {
    identity: Identity,
    /// SHA-256 of the tensors: length and header alone would not show damaged values.
    tensors: String,
    step: usize,
    /// Step of the last good state, if that is earlier than the current one.
    good_step: Option<usize>,
    /// Steps of the plan, which may have been extended.
    total_steps: usize,
    /// Step of the best state, and its distance to what is expected.
    best: Option<(usize, f64)>,
    guards: GuardState,
    /// Distance below which a retained row counts as a neighbour.
    beta: f32,
    /// The step of a proxy in training, and the number of its steps.
    proxy_steps: Option<(usize, usize)>,
    /// The estimate that the proxy gave.
    estimate: Option<Estimate>,
    seconds: f64,
    /// A run that is over must not take further steps when it is resumed.
    stopped: Option<StoppedBy>,
}

/// Decides by time when a checkpoint is due, so that a run with slow steps loses no more than one
/// with fast steps. The pause is half a second at first, and later 20 times as long as the last
/// checkpoint took if that is longer.
///
/// ```
/// use std::time::Instant;
/// use ugradsl::run::CheckpointTimer;
///
/// let mut timer = CheckpointTimer::default();
/// assert!(!timer.is_due()); // half a second has to pass
/// # let mut checkpoints = 0;
/// # std::thread::sleep(std::time::Duration::from_millis(510));
/// if timer.is_due() {
///     let start = Instant::now();
///     // write the checkpoint here
/// #   checkpoints += 1;
///     timer.restart(start);
/// }
/// # assert_eq!((checkpoints, timer.is_due()), (1, false));
/// ```
#[derive(Debug)]
pub struct CheckpointTimer {
    last: Instant,
    pause: f64,
}

impl Default for CheckpointTimer {
    fn default() -> Self {
        Self { last: Instant::now(), pause: PAUSE }
    }
}

impl CheckpointTimer {
    /// Whether a checkpoint is due.
    pub fn is_due(&self) -> bool {
        self.last.elapsed().as_secs_f64() >= self.pause
    }

    /// Begins the next pause, after a checkpoint that was started at `start` and has been written.
    pub fn restart(&mut self, start: Instant) {
        self.pause = pause_after(start.elapsed().as_secs_f64());
        self.last = Instant::now();
    }
}

/// Seconds until the next checkpoint after one that took `cost` seconds.
fn pause_after(cost: f64) -> f64 {
    (cost * PAUSE_PER_COST).max(PAUSE)
}

impl<M: Classifier> Run<M> {
    /// Writes the run into `store` under `name`, so that it can be resumed from here.
    ///
    /// # Errors
    ///
    /// If its state cannot be read from the device or written, or if a call of `next` was dropped
    /// half-way.
    pub async fn checkpoint(
        &mut self,
        store: &mut dyn Store,
        name: &str,
    ) -> Result<Event, SessionError> {
        self.flight.check()?;
        let kept = self.write_checkpoint(store, name).await;
        kept.map_err(|error| self.naming_batch_size(error))
    }

    async fn write_checkpoint(
        &mut self,
        store: &mut dyn Store,
        name: &str,
    ) -> Result<Event, SessionError> {
        let good = self.good.tensors().await?;
        let (mut tensors, step, mut good_step) = (good, self.good.step(), None);
        if self.trainer.step() != step {
            let now = self.trainer.state().tensors().await?;
            // Without guards the network may have diverged since. Then only the last good state is
            // written, and a resumed run diverges again.
            if now.values().all(is_finite) {
                let earlier =
                    tensors.into_iter().map(|(name, data)| (format!("{GOOD}{name}"), data));
                good_step = Some(step);
                tensors = now.into_iter().chain(earlier).collect();
            }
        }
        let mut proxy_steps = None;
        if let Some(proxy) = &self.proxy {
            let (steps, state) = proxy.state().await?;
            proxy_steps = Some(steps);
            tensors.extend(state.into_iter().map(|(name, data)| (format!("{PROXY}{name}"), data)));
        }
        let mut best = None;
        if let Some((gap, state)) = &self.best {
            best = Some((state.step(), *gap));
            let state = state.tensors().await?;
            tensors.extend(state.into_iter().map(|(name, data)| (format!("{BEST}{name}"), data)));
        }
        if let Some(rates) = self.trainer.unread_rates().await? {
            tensors.insert(RATES.to_owned(), rates);
        }
        let estimate = self.guard.as_ref().and_then(|guard| guard.estimate());
        let step = if good_step.is_some() { self.trainer.step() } else { step };
        let progress = Progress {
            identity: self.identity.clone(),
            tensors: state_digest(&tensors),
            step,
            good_step,
            total_steps: self.trainer.total_steps(),
            best,
            guards: self.guards.clone(),
            beta: self.trainer.beta(),
            proxy_steps,
            estimate: estimate.map(|estimate| estimate.as_ref().clone()),
            seconds: self.seconds,
            stopped: self.stopped,
        };
        store.write(name, &to_bytes(&progress, &tensors).map_err(damaged(name))?)?;
        Ok(Event::Checkpointed { step })
    }

    /// Restores the state of the checkpoint `name`; returns whether there is one.
    pub(super) fn load_checkpoint(
        &mut self,
        store: &dyn Store,
        name: &str,
    ) -> Result<bool, SessionError> {
        let Some(bytes) = store.read(name)? else {
            return Ok(false);
        };
        let clash = |clash| SessionError::CheckpointMismatch { name: name.to_owned(), clash };
        let (progress, tensors) = from_bytes(&bytes, name)?;
        let differing = differences(&progress.identity, &self.identity);
        if !differing.is_empty() {
            return Err(clash(listed(&differing)));
        }
        if progress.tensors != state_digest(&tensors) {
            return Err(damaged(name)(invalid("does not match the tensors".to_owned())));
        }
        self.resume_at(progress, tensors).map_err(clash)?;
        Ok(true)
    }

    /// Continues from `progress` and its `tensors`, or says what does not fit.
    fn resume_at(&mut self, progress: Progress, mut tensors: State) -> Result<(), String> {
        let most = self.guards.most_steps;
        let total = progress.total_steps.min(self.trainer.total_steps().max(most));
        self.trainer.set_total_steps(total);
        if progress.step > total || progress.good_step > Some(progress.step) {
            return Err(format!("it is at step {} of {total}", progress.step));
        }
        if !progress.guards.is_sound() {
            return Err("its guards' state has numbers that no run reaches".to_owned());
        }
        let of_proxy = split_off(&mut tensors, PROXY);
        let rates = tensors.remove(RATES);
        self.resume_proxy(progress.proxy_steps, progress.estimate, of_proxy)?;
        let good = split_off(&mut tensors, GOOD);
        let best = split_off(&mut tensors, BEST);
        if let Some((step, gap)) = progress.best.filter(|best| best.0 <= total) {
            self.best = Some((gap, self.load_state(best, step)?));
        }
        let good = match progress.good_step {
            Some(step) => Some(self.load_state(good, step)?),
            None => None,
        };
        let now = self.load_state(tensors, progress.step)?;
        self.trainer.set_unread_rates(rates).map_err(|error| error.to_string())?;
        self.good = good.unwrap_or(now);
        (self.guards, self.seconds) = (progress.guards, progress.seconds);
        self.guards.most_steps = self.guards.most_steps.min(most);
        if self.guards.rates_raised > 0 {
            self.trainer.set_beta(progress.beta);
        }
        self.stopped = progress.stopped;
        Ok(())
    }

    /// Continues the training of the proxy, or takes over the estimate that it gave.
    fn resume_proxy(
        &mut self,
        steps: Option<(usize, usize)>,
        estimate: Option<Estimate>,
        tensors: State,
    ) -> Result<(), String> {
        match (&mut self.proxy, steps, estimate) {
            (None, None, None) => {}
            (Some(proxy), Some(steps), None) => {
                proxy.load(tensors, steps).map_err(|error| error.to_string())?;
            }
            (Some(_), None, estimate) => {
                self.proxy = None;
                // `None`: the proxy could not give one.
                if let Some(estimate) = estimate {
                    self.aim(estimate);
                }
            }
            _ => return Err("its proxy does not match".to_owned()),
        }
        Ok(())
    }

    /// Loads a state into the trainer, and returns it.
    fn load_state(&mut self, tensors: State, step: usize) -> Result<TrainerState<M>, String> {
        self.trainer.load(tensors, step).map_err(|error| error.to_string())?;
        Ok(self.trainer.state())
    }
}

/// Takes out the tensors whose names begin with `prefix`.
fn split_off(tensors: &mut State, prefix: &str) -> State {
    let (found, others): (State, State) =
        std::mem::take(tensors).into_iter().partition(|(name, _)| name.starts_with(prefix));
    *tensors = others;
    found.into_iter().map(|(name, data)| (name[prefix.len()..].to_owned(), data)).collect()
}

fn to_bytes(progress: &Progress, tensors: &State) -> Result<Vec<u8>, ModelFileError> {
    let text = serde_json::to_string(progress).map_err(|error| invalid(error.to_string()))?;
    encode(tensors, HashMap::from([(PROGRESS_KEY.to_owned(), text)]))
}

fn from_bytes(bytes: &[u8], name: &str) -> Result<(Progress, State), SessionError> {
    let (tensors, metadata) = decode(bytes).map_err(damaged(name))?;
    let text = metadata.get(PROGRESS_KEY).ok_or_else(|| invalid("is missing".to_owned()));
    let progress = serde_json::from_str(text.map_err(damaged(name))?);
    let progress = progress.map_err(|error| match error.is_data() {
        true => SessionError::CheckpointMismatch {
            name: name.to_owned(),
            clash: format!("it was written by another version: {error}"),
        },
        false => damaged(name)(invalid(error.to_string())),
    })?;
    Ok((progress, tensors))
}

fn invalid(problem: String) -> ModelFileError {
    ModelFileError::Metadata { key: PROGRESS_KEY, problem }
}

fn damaged(name: &str) -> impl Fn(ModelFileError) -> SessionError {
    move |source| SessionError::Checkpoint { name: name.to_owned(), source }
}

fn is_finite(data: &TensorData) -> bool {
    data.iter::<f32>().all(f32::is_finite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_checkpoints_takes_a_twentieth_of_the_time_at_most() {
        for (cost, pause) in [(0.0, 0.5), (0.01, 0.5), (0.1, 2.0), (3.0, 60.0)] {
            assert_eq!(pause_after(cost), pause, "{cost} s");
        }
    }

    #[test]
    fn a_checkpoint_is_due_after_the_pause() {
        let mut timer = CheckpointTimer { pause: 0.0, ..CheckpointTimer::default() };
        assert!(timer.is_due());
        timer.restart(Instant::now());
        assert!(!timer.is_due());
    }
}
