//! Which samples come next: a pure function of the seed and the step number.
//!
//! Nothing is remembered between steps, so a run that is resumed at step 731 sees exactly the
//! batches that an uninterrupted run sees from there.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// Over which set a pass walks, and whether each batch brings along one of the other set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Walk {
    /// The retain set alone (training, fine-tuning).
    Retain,
    /// The forget set alone (gradient ascent).
    Forget,
    /// The retain set, each batch with an equally large one of the forget set (UGradSL+).
    RetainWithForget,
    /// The forget set, each batch with an equally large one of the retain set (UGradSL).
    ForgetWithRetain,
}

/// Rows of the training set that one step uses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Retained rows.
    pub retain: Vec<u32>,
    /// Forgotten rows.
    pub forget: Vec<u32>,
}

/// The order of samples of a whole run.
#[derive(Debug, Clone)]
pub struct Schedule {
    walk: Walk,
    batch_size: usize,
    retain: Stream,
    forget: Stream,
}

impl Schedule {
    /// A schedule over `retain` and `forget` rows, shuffled anew each pass from `seed`.
    ///
    /// The set that `walk` goes over must not be empty, nor the set it brings along; `batch_size` is
    /// at least 1.
    pub fn new(walk: Walk, batch_size: usize, retain: &[u32], forget: &[u32], seed: u64) -> Self {
        Self {
            walk,
            batch_size: batch_size.max(1),
            retain: Stream::new(retain, seed, 1),
            forget: Stream::new(forget, seed, 2),
        }
    }

    /// Rows of the set that the walk goes over.
    fn walked(&self) -> usize {
        match self.walk {
            Walk::Retain | Walk::RetainWithForget => self.retain.rows.len(),
            Walk::Forget | Walk::ForgetWithRetain => self.forget.rows.len(),
        }
    }

    /// Steps of one pass; the last may be smaller than the others.
    pub fn steps_per_epoch(&self) -> usize {
        self.walked().div_ceil(self.batch_size)
    }

    /// The rows of step `step`, counted from 0 over the whole run.
    pub fn batch(&mut self, step: usize) -> Batch {
        let steps = self.steps_per_epoch();
        let (epoch, offset) = (step / steps, step % steps * self.batch_size);
        let n = self.batch_size.min(self.walked() - offset);
        let start = epoch * self.walked() + offset;
        let with = |take: bool, stream: &mut Stream| {
            if take { stream.take(start, n) } else { Vec::new() }
        };
        Batch {
            retain: with(self.walk != Walk::Forget, &mut self.retain),
            forget: with(self.walk != Walk::Retain, &mut self.forget),
        }
    }
}

/// An endless sequence of rows: one shuffled pass after another.
#[derive(Debug, Clone)]
struct Stream {
    rows: Vec<u32>,
    seed: u64,
    stream: u64,
    /// The pass shuffled last, kept because neighbouring steps need the same one.
    pass: Option<(usize, Vec<u32>)>,
}

impl Stream {
    fn new(rows: &[u32], seed: u64, stream: u64) -> Self {
        Self { rows: rows.to_vec(), seed, stream, pass: None }
    }

    fn take(&mut self, start: usize, n: usize) -> Vec<u32> {
        let len = self.rows.len();
        (start..start + n).map(|position| self.pass(position / len)[position % len]).collect()
    }

    fn pass(&mut self, number: usize) -> &[u32] {
        if self.pass.as_ref().is_none_or(|(held, _)| *held != number) {
            let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
            rng.set_stream(self.stream << 32 | number as u64);
            let mut rows = self.rows.clone();
            for i in (1..rows.len() as u32).rev() {
                rows.swap(i as usize, rng.random_range(0..=i) as usize);
            }
            self.pass = Some((number, rows));
        }
        self.pass.as_ref().map_or(&[], |(_, rows)| rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(walk: Walk) -> Schedule {
        let (retain, forget): (Vec<u32>, Vec<u32>) = ((0..50).collect(), (50..57).collect());
        Schedule::new(walk, 8, &retain, &forget, 3)
    }

    #[test]
    fn a_pass_visits_every_row_once_and_the_next_in_another_order() {
        let mut schedule = schedule(Walk::Retain);
        let mut pass = |epoch: usize| -> Vec<u32> {
            let steps = schedule.steps_per_epoch();
            (0..steps).flat_map(|step| schedule.batch(epoch * steps + step).retain).collect()
        };
        let (first, second) = (pass(0), pass(1));
        assert_ne!(first, second);
        for mut rows in [first, second] {
            rows.sort_unstable();
            assert_eq!(rows, (0..50).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_other_set_comes_in_batches_of_equal_size_and_evenly() {
        for walk in [Walk::RetainWithForget, Walk::ForgetWithRetain] {
            let mut schedule = schedule(walk);
            let mut seen = [0_usize; 57];
            for step in 0..schedule.steps_per_epoch() * 7 {
                let batch = schedule.batch(step);
                assert_eq!(batch.retain.len(), batch.forget.len());
                for row in batch.retain.iter().chain(&batch.forget) {
                    seen[*row as usize] += 1;
                }
            }
            for rows in [&seen[..50], &seen[50..]] {
                let (least, most) = (rows.iter().min(), rows.iter().max());
                assert!(most.zip(least).is_some_and(|(most, least)| most - least <= 1), "{rows:?}");
            }
        }
    }

    #[test]
    fn a_step_does_not_depend_on_the_steps_before_it() {
        let mut walked = schedule(Walk::RetainWithForget);
        let batches: Vec<Batch> = (0..40).map(|step| walked.batch(step)).collect();
        for step in [39, 0, 17] {
            assert_eq!(schedule(Walk::RetainWithForget).batch(step), batches[step]);
        }
    }
}
