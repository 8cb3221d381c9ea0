//! Estimates what forgetting would cost, from a few steps of each method on this network, data and
//! device, and advises a method.

use std::num::NonZeroUsize;

use serde::Serialize;
use web_time::Instant;

use super::{Drift, Session};
use crate::run::{Event, SessionError};
use crate::{models::Classifier, unlearn::Method};

/// Steps between two readings of the clock. Those before the first reading compile kernels and fill
/// caches: they do not count.
const WARM_UP: NonZeroUsize = NonZeroUsize::MIN.saturating_add(4);
/// UGradSL+, which comes closer, is advised if it takes less than this share of retraining's time.
const WORTH: f64 = 0.5;

/// What a method would cost.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Cost {
    /// The method.
    pub method: Method,
    /// Steps of its schedule; guards may end it sooner or extend it.
    pub steps: usize,
    /// Steps that were timed.
    pub timed_steps: usize,
    /// Seconds before the first step, the training of a proxy included.
    pub setup_seconds: f64,
    /// Seconds per step, checks of the guards included.
    pub seconds_per_step: f64,
    /// Seconds of the whole run, extrapolated.
    pub seconds: f64,
}

impl Cost {
    /// Times `session`, which is set to `method` and has not begun: it takes steps until `timed` of
    /// them have been timed or the run is over.
    ///
    /// # Errors
    ///
    /// As [`Session::next`].
    pub async fn of<M: Classifier>(
        method: Method,
        session: &mut Session<M>,
        timed: usize,
    ) -> Result<Self, SessionError> {
        session.set_read_every(Some(WARM_UP));
        let begin = Instant::now();
        let (mut steps, mut setup_seconds) = (0, 0.0);
        let (mut warm, mut last) = (None, (0, 0.0));
        while let Some(event) = session.next().await? {
            let now = begin.elapsed().as_secs_f64();
            match event {
                Event::Started { steps: planned, .. } => {
                    (steps, setup_seconds) = (planned, now);
                    last = (0, now);
                }
                // The training of a proxy is part of what a run needs before its first step.
                Event::Target { .. } | Event::Working { step: 0 } => {
                    setup_seconds = now;
                    last = (0, now);
                }
                Event::Step { step, .. } => {
                    last = (step, now);
                    let (first, _) = *warm.get_or_insert(last);
                    if step >= first + timed.max(1) {
                        break;
                    }
                }
                _ => {}
            }
        }
        // If a run ends at its first reading, its first steps are timed.
        let (first, since) =
            warm.filter(|(first, _)| last.0 > *first).unwrap_or((0, setup_seconds));
        let timed_steps = last.0 - first;
        let seconds_per_step = (last.1 - since) / timed_steps.max(1) as f64;
        let seconds = setup_seconds + seconds_per_step * steps as f64;
        Ok(Self { method, steps, timed_steps, setup_seconds, seconds_per_step, seconds })
    }
}

/// The method to choose, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Advice {
    /// The method.
    pub method: Method,
    /// Why, in one sentence with its numbers.
    pub reason: String,
}

impl Advice {
    /// Chooses between UGradSL, UGradSL+ and retraining. Retraining is exact: it is advised where
    /// the network has drifted too far, and where it costs no more than the cheaper of the other
    /// two. Otherwise UGradSL+, which comes closer, is advised if it takes less than half of
    /// retraining's time, and the cheaper of the two if not.
    pub fn choose(ugradsl: &Cost, plus: &Cost, retraining: &Cost, drift: &Drift) -> Self {
        let cheaper = if plus.seconds < ugradsl.seconds { plus } else { ugradsl };
        let full = retraining.seconds;
        let share = |cost: &Cost| 100.0 * cost.seconds / full;
        if !drift.retrain_because.is_empty() {
            return Self { method: Method::Retrain, reason: drift.retrain_because.join("; ") };
        }
        if full <= cheaper.seconds {
            let reason = format!(
                "it is exact, and its {full:.1} s are no more than the {:.1} s of {}",
                cheaper.seconds, cheaper.method
            );
            return Self { method: Method::Retrain, reason };
        }
        let (method, reason) = if plus.seconds < WORTH * full {
            let bound = 100.0 * WORTH;
            let share = share(plus);
            (
                plus.method,
                format!(
                    "it comes closer, at {share:.1} % of retraining's time (below {bound:.0} %)"
                ),
            )
        } else {
            (cheaper.method, format!("it takes {:.1} % of retraining's time", share(cheaper)))
        };
        Self { method, reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{Forgotten, Ledger};

    fn cost(method: Method, seconds: f64) -> Cost {
        let (steps, timed_steps, setup_seconds) = (10, 5, 0.0);
        Cost {
            method,
            steps,
            timed_steps,
            setup_seconds,
            seconds_per_step: seconds / 10.0,
            seconds,
        }
    }

    #[test]
    fn each_way_is_chosen_where_its_rule_holds() {
        let choose = |ugradsl, plus, full, forgotten: u32| {
            let mut ledger = Ledger::default();
            ledger.push(Forgotten::new("ids", (0..forgotten).collect(), "abc", "ugradsl", 0));
            let [ugradsl, plus, full] =
                [(Method::UGradSl, ugradsl), (Method::UGradSlPlus, plus), (Method::Retrain, full)]
                    .map(|(method, seconds)| cost(method, seconds));
            Advice::choose(&ugradsl, &plus, &full, &Drift::of(&ledger, 100)).method
        };
        assert_eq!(choose(1.0, 4.0, 10.0, 1), Method::UGradSlPlus);
        assert_eq!(choose(1.0, 6.0, 10.0, 1), Method::UGradSl);
        assert_eq!(choose(8.0, 6.0, 10.0, 1), Method::UGradSlPlus);
        assert_eq!(choose(11.0, 10.0, 10.0, 1), Method::Retrain);
        assert_eq!(choose(1.0, 4.0, 10.0, 50), Method::Retrain);
    }
}
