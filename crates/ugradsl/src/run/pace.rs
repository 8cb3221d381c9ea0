//! How many steps are taken before the caller gets control back: about half a second's work, so
//! that a slow run shows signs of life and can be saved often. It has no influence on any result.

use web_time::Instant;

/// Seconds after which control is given back.
const SECONDS: f64 = 0.5;

/// The speed of the steps so far.
#[derive(Debug, Default)]
pub(super) struct Pace {
    seconds_per_step: Option<f64>,
}

/// Some steps in a row.
#[derive(Debug)]
pub(super) struct Burst {
    start: Instant,
    most: usize,
    taken: usize,
}

impl Pace {
    /// Begins a burst of at most `wanted` steps.
    pub(super) fn begin(&self, wanted: usize) -> Burst {
        Burst { start: Instant::now(), most: steps_within(self.seconds_per_step, wanted), taken: 0 }
    }

    /// Ends a burst, all of whose steps are done.
    pub(super) fn end(&mut self, burst: &Burst) {
        if burst.taken > 0 {
            self.seconds_per_step = Some(burst.start.elapsed().as_secs_f64() / burst.taken as f64);
        }
    }
}

impl Burst {
    /// Whether another step belongs to it; counts that step. On a device that works in the
    /// background the clock shows nothing here, so there only the speed of the last burst sets the
    /// limit.
    pub(super) fn continues(&mut self) -> bool {
        let late = self.taken > 0 && self.start.elapsed().as_secs_f64() > SECONDS;
        let continues = self.taken < self.most && !late;
        self.taken += usize::from(continues);
        continues
    }
}

/// How many of the `wanted` steps fit into a burst: at least one.
fn steps_within(seconds_per_step: Option<f64>, wanted: usize) -> usize {
    let fitting = seconds_per_step.map_or(f64::INFINITY, |seconds| SECONDS / seconds);
    wanted.min((fitting as usize).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_steps_come_one_by_one_and_fast_ones_together() {
        for (seconds, wanted, expected) in [
            (None, 10, 10),
            (Some(1e-6), 10, 10),
            (Some(0.2), 10, 2),
            (Some(9.0), 10, 1),
            (Some(0.0), 3, 3),
        ] {
            assert_eq!(steps_within(seconds, wanted), expected, "{seconds:?}");
        }
    }

    #[test]
    fn a_burst_has_as_many_steps_as_were_asked_for_if_there_is_time() {
        let mut burst = Pace::default().begin(3);
        let mut steps = 0;
        while burst.continues() {
            steps += 1;
        }
        assert_eq!(steps, 3);
    }
}
