//! Which samples come next: a pure function of the seed and the step number.
//!
//! Nothing is remembered between steps, so a run that is resumed at step 731 sees exactly the
//! batches that an uninterrupted run sees from there.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::PlanError;

/// Over which set a pass walks, and whether each batch brings along one of the other set.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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
    /// Both sets shuffled into one another: a batch holds as many rows of each as chance has it, and
    /// means go over the whole batch (random labels).
    Together {
        /// Share of the retain set that takes part, drawn once, 0..1.
        retain_share: f64,
    },
    /// All batches of the forget set, in the first passes only, then all of the retain set (SCRUB).
    ForgetThenRetain {
        /// Passes that begin with the forget set.
        forget_passes: usize,
        /// Retained rows that come last in each pass, one by one (influence functions).
        singles: usize,
    },
}

impl Walk {
    pub(super) fn check(self) -> Result<(), PlanError> {
        match self {
            Self::Together { retain_share: value } if !(0.0..=1.0).contains(&value) => {
                Err(PlanError::Range { name: "retain_share", value, range: "0 to 1" })
            }
            Self::ForgetThenRetain { singles, .. } if singles > 1_000_000 => {
                let (name, value) = ("samples", singles as f64);
                Err(PlanError::Range { name, value, range: "at most 1000000" })
            }
            _ => Ok(()),
        }
    }
}

/// Rows of the training set that one step uses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Retained rows.
    pub retain: Vec<u32>,
    /// Forgotten rows.
    pub forget: Vec<u32>,
}

/// The pass that a step belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass {
    /// Its number, from 0.
    pub number: usize,
    /// Its first step.
    pub first: usize,
    /// Its steps.
    pub steps: usize,
}

/// The order of samples of a whole run.
#[derive(Debug, Clone)]
pub struct Schedule {
    walk: Walk,
    batch_size: usize,
    retain: Stream,
    forget: Stream,
    /// Positions in the retain set (the share of it that takes part) followed by the forget set.
    both: Stream,
}

impl Schedule {
    /// A schedule over `retain` and `forget` rows, shuffled anew each pass from `seed`.
    ///
    /// The set that `walk` goes over must not be empty, nor the set it brings along; `batch_size` is
    /// at least 1.
    pub fn new(walk: Walk, batch_size: usize, retain: &[u32], forget: &[u32], seed: u64) -> Self {
        let mut retain = Stream::new(retain, seed, 1);
        let mut both = Vec::new();
        if let Walk::Together { retain_share } = walk {
            let share = (retain.rows.len() as f64 * retain_share).round() as usize;
            if share < retain.rows.len() {
                retain = Stream::new(&Stream::new(&retain.rows, seed, 4).take(0, share), seed, 1);
            }
            both = (0..(retain.rows.len() + forget.len()) as u32).collect();
        }
        Self {
            walk,
            batch_size: batch_size.max(1),
            retain,
            forget: Stream::new(forget, seed, 2),
            both: Stream::new(&both, seed, 3),
        }
    }

    /// Rows of the set that the walk goes over.
    fn walked(&self) -> usize {
        match self.walk {
            Walk::Retain | Walk::RetainWithForget | Walk::ForgetThenRetain { .. } => {
                self.retain.rows.len()
            }
            Walk::Forget | Walk::ForgetWithRetain => self.forget.rows.len(),
            Walk::Together { .. } => self.both.rows.len(),
        }
    }

    /// Steps of the first pass, nearly always of every pass.
    pub fn steps_per_epoch(&self) -> usize {
        self.steps_of(0)
    }

    /// Batches of the forget set that pass `number` begins with, where the sets take turns.
    pub(super) fn forget_steps(&self, number: usize) -> usize {
        match self.walk {
            Walk::ForgetThenRetain { forget_passes, .. } if number < forget_passes => {
                self.forget.rows.len().div_ceil(self.batch_size)
            }
            _ => 0,
        }
    }

    /// Retained rows that come one by one at the end of a pass.
    pub(super) fn singles(&self) -> usize {
        match self.walk {
            Walk::ForgetThenRetain { singles, .. } => singles.min(self.retain.rows.len()),
            _ => 0,
        }
    }

    fn steps_of(&self, number: usize) -> usize {
        self.forget_steps(number) + self.walked().div_ceil(self.batch_size) + self.singles()
    }

    /// Steps of `epochs` passes.
    pub fn steps(&self, epochs: usize) -> usize {
        let uneven = match self.walk {
            Walk::ForgetThenRetain { forget_passes, .. } => forget_passes.min(epochs),
            _ => 0,
        };
        uneven * self.steps_of(0) + (epochs - uneven) * self.steps_of(uneven)
    }

    /// The pass of step `step`.
    pub fn pass(&self, step: usize) -> Pass {
        let uneven = match self.walk {
            Walk::ForgetThenRetain { forget_passes, .. } => forget_passes,
            _ => 0,
        };
        let early = self.steps_of(0);
        if uneven > 0 && step / early < uneven {
            let number = step / early;
            return Pass { number, first: number * early, steps: early };
        }
        let steps = self.steps_of(uneven);
        let number = (step - uneven * early) / steps;
        Pass { number: uneven + number, first: uneven * early + number * steps, steps }
    }

    /// The rows of step `step`, counted from 0 over the whole run.
    pub fn batch(&mut self, step: usize) -> Batch {
        let pass = self.pass(step);
        let at = step - pass.first;
        match self.walk {
            Walk::Together { .. } => self.mixed(pass.number, at),
            Walk::ForgetThenRetain { .. } => self.in_turn(pass.number, at),
            _ => self.paired(pass.number, at),
        }
    }

    /// Rows `offset..` of a pass over `len` rows that belong to its batch `at`: offset and number.
    fn piece(&self, at: usize, len: usize) -> (usize, usize) {
        let offset = at * self.batch_size;
        (offset, self.batch_size.min(len - offset))
    }

    fn paired(&mut self, number: usize, at: usize) -> Batch {
        let (offset, n) = self.piece(at, self.walked());
        let start = number * self.walked() + offset;
        let with = |take: bool, stream: &mut Stream| {
            if take { stream.take(start, n) } else { Vec::new() }
        };
        Batch {
            retain: with(self.walk != Walk::Forget, &mut self.retain),
            forget: with(self.walk != Walk::Retain, &mut self.forget),
        }
    }

    fn mixed(&mut self, number: usize, at: usize) -> Batch {
        let (len, split) = (self.both.rows.len(), self.retain.rows.len());
        let (offset, n) = self.piece(at, len);
        let mut batch = Batch::default();
        for position in self.both.take(number * len + offset, n) {
            match (position as usize).checked_sub(split) {
                None => batch.retain.push(self.retain.rows[position as usize]),
                Some(position) => batch.forget.push(self.forget.rows[position]),
            }
        }
        batch
    }

    fn in_turn(&mut self, number: usize, at: usize) -> Batch {
        let forgotten = self.forget_steps(number);
        if at < forgotten {
            let len = self.forget.rows.len();
            let (offset, n) = self.piece(at, len);
            return Batch {
                forget: self.forget.take(number * len + offset, n),
                retain: Vec::new(),
            };
        }
        let (at, len) = (at - forgotten, self.retain.rows.len());
        let batches = len.div_ceil(self.batch_size);
        let (offset, n) = if at < batches { self.piece(at, len) } else { (at - batches, 1) };
        Batch { retain: self.retain.take(number * len + offset, n), forget: Vec::new() }
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

    #[test]
    fn together_every_row_comes_once_a_pass_and_a_share_is_always_the_same_one() {
        for (retain_share, retained) in [(1.0, 50), (0.3, 15)] {
            let mut schedule = schedule(Walk::Together { retain_share });
            let steps = schedule.steps_per_epoch();
            assert_eq!(steps, (retained + 7_usize).div_ceil(8));
            let mut pass = |epoch: usize| {
                let batches = (0..steps).map(|step| schedule.batch(epoch * steps + step));
                let (mut retain, mut forget): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
                for batch in batches {
                    retain.extend(batch.retain);
                    forget.extend(batch.forget);
                }
                retain.sort_unstable();
                forget.sort_unstable();
                (retain, forget)
            };
            let first = pass(0);
            assert_eq!(first.0.len(), retained);
            assert!(first.0.iter().all(|row| *row < 50) && first.0.windows(2).all(|w| w[0] < w[1]));
            assert_eq!(first.1, (50..57).collect::<Vec<_>>());
            assert_eq!(pass(1), first);
        }
    }

    #[test]
    fn turns_follow_each_other_with_single_rows_last() {
        let mut schedule = schedule(Walk::ForgetThenRetain { forget_passes: 2, singles: 3 });
        // 1 + 7 + 3 steps, twice, then 7 + 3.
        assert_eq!((schedule.steps(1), schedule.steps(2), schedule.steps(4)), (11, 22, 42));
        for (number, first, steps) in [(0, 0, 11), (1, 11, 11), (2, 22, 10), (3, 32, 10)] {
            for step in [first, first + steps - 1] {
                assert_eq!(schedule.pass(step), Pass { number, first, steps });
            }
            let batches: Vec<Batch> =
                (first..first + steps).map(|step| schedule.batch(step)).collect();
            let sizes: Vec<(usize, usize)> =
                batches.iter().map(|batch| (batch.forget.len(), batch.retain.len())).collect();
            let retain = [8, 8, 8, 8, 8, 8, 2, 1, 1, 1].map(|n| (0, n));
            let forget: &[(usize, usize)] = if number < 2 { &[(7, 0)] } else { &[] };
            assert_eq!(sizes, [forget, &retain].concat());
            let mut rows: Vec<u32> =
                batches[..steps - 3].iter().flat_map(|batch| batch.retain.clone()).collect();
            rows.sort_unstable();
            assert_eq!(rows, (0..50).collect::<Vec<_>>());
        }
    }
}
