//! Which samples come next: a pure function of the seed and the step number.
//!
//! Nothing is remembered between steps, so a run that is resumed at step 731 sees exactly the
//! batches that an uninterrupted run sees from there.

use serde::{Deserialize, Serialize};

use super::PlanError;
use crate::random::{self, Stream};

/// Which set an epoch goes over, and whether each batch comes with one of the other set.
///
/// ```
/// use ugradsl::train::{Sampling, Schedule};
///
/// let (retain, forget) = ([0, 1, 2, 3], [4, 5]);
/// let steps = |sampling| Schedule::new(sampling, 2, &retain, &forget, 0).steps_per_epoch();
/// assert_eq!(steps(Sampling::RetainWithForget), 2);
/// assert_eq!(steps(Sampling::ForgetWithRetain), 1);
/// assert_eq!(steps(Sampling::Together { retain_share: 1.0 }), 3);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Sampling {
    /// The retain set alone (training, fine-tuning).
    Retain,
    /// The forget set alone (gradient ascent).
    Forget,
    /// The retain set, each batch with an equally large one of the forget set (UGradSL+).
    RetainWithForget,
    /// The forget set, each batch with an equally large one of the retain set (UGradSL). If the
    /// whole forget set is smaller than a batch, it comes with a full batch of the retain set.
    ForgetWithRetain,
    /// Both sets shuffled together: chance decides how many rows of each are in a batch, and means
    /// are taken over the whole batch (random labels).
    Together {
        /// Share of the retain set that takes part, drawn once, 0..1.
        retain_share: f64,
    },
    /// All batches of the forget set, in the first epochs only, then all of the retain set (SCRUB).
    ForgetThenRetain {
        /// Epochs that begin with the forget set.
        forget_epochs: usize,
        /// Retained rows that end each epoch, one by one (influence functions).
        singles: usize,
    },
}

impl Sampling {
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
#[non_exhaustive]
pub struct Batch {
    /// Retained rows.
    pub retain: Vec<u32>,
    /// Forgotten rows.
    pub forget: Vec<u32>,
}

/// The epoch that a step belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Epoch {
    /// Its index, from 0.
    pub index: usize,
    /// Its first step.
    pub first_step: usize,
    /// Its number of steps.
    pub steps: usize,
}

/// The order of samples of a whole run.
///
/// ```
/// use ugradsl::train::{Sampling, Schedule};
///
/// let schedule = || Schedule::new(Sampling::RetainWithForget, 2, &[0, 1, 2, 3], &[4, 5], 7);
/// let mut straight = schedule();
/// let batches: Vec<_> = (0..4).map(|step| straight.batch(step)).collect();
/// assert_eq!((batches[3].retain.len(), batches[3].forget.len()), (2, 2));
/// // Nothing is remembered between steps: a resumed run sees the same rows.
/// assert_eq!(schedule().batch(3), batches[3]);
/// ```
#[derive(Debug, Clone)]
pub struct Schedule {
    sampling: Sampling,
    batch_size: usize,
    /// Whether a row that would be a batch of its own joins the batch before.
    merges_single: bool,
    retain: Order,
    forget: Order,
    /// Positions in the retain set (the share of it that takes part) followed by the forget set.
    both: Order,
}

impl Schedule {
    /// A schedule over `retain` and `forget` rows, reshuffled each epoch from `seed`.
    ///
    /// The set that `sampling` goes over must not be empty, nor the set that comes with it;
    /// `batch_size` is at least 1.
    pub fn new(
        sampling: Sampling,
        batch_size: usize,
        retain: &[u32],
        forget: &[u32],
        seed: u64,
    ) -> Self {
        let mut retain = Order::new(retain, seed, Stream::Retain);
        let mut both = Vec::new();
        if let Sampling::Together { retain_share } = sampling {
            let share = (retain.rows.len() as f64 * retain_share).round() as usize;
            if share < retain.rows.len() {
                let drawn = Order::new(&retain.rows, seed, Stream::RetainShare).take(0, share);
                retain = Order::new(&drawn, seed, Stream::Retain);
            }
            both = (0..(retain.rows.len() + forget.len()) as u32).collect();
        }
        Self {
            sampling,
            batch_size: batch_size.max(1),
            merges_single: false,
            retain,
            forget: Order::new(forget, seed, Stream::Forget),
            both: Order::new(&both, seed, Stream::Mixed),
        }
    }

    /// Whether a row that would be a batch of its own at the end of an epoch joins the batch
    /// before: BatchNorm has nothing to measure on one row.
    pub fn merging_single(self, merges_single: bool) -> Self {
        Self { merges_single, ..self }
    }

    /// Batches of an epoch over `rows` rows.
    pub(super) fn batches(&self, rows: usize) -> usize {
        let batches = rows.div_ceil(self.batch_size);
        let single = batches > 1 && rows % self.batch_size == 1;
        if self.merges_single && single { batches - 1 } else { batches }
    }

    /// Whether an epoch goes over the forget set and this is smaller than a batch: it then still
    /// comes with a full batch of retained rows.
    fn few_forgotten(&self) -> bool {
        self.sampling == Sampling::ForgetWithRetain && self.forget.rows.len() < self.batch_size
    }

    /// Number of rows in a step that takes as many of each set as it can.
    pub(crate) fn rows_of_a_step(sampling: Sampling, batch: usize, forget: usize) -> usize {
        match sampling {
            Sampling::Forget => batch.min(forget),
            Sampling::ForgetWithRetain => batch + batch.min(forget),
            Sampling::RetainWithForget => 2 * batch,
            Sampling::Retain | Sampling::Together { .. } | Sampling::ForgetThenRetain { .. } => {
                batch
            }
        }
    }

    /// Rows of the set that an epoch goes over.
    fn sampled(&self) -> usize {
        match self.sampling {
            Sampling::Retain | Sampling::RetainWithForget | Sampling::ForgetThenRetain { .. } => {
                self.retain.rows.len()
            }
            Sampling::Forget | Sampling::ForgetWithRetain => self.forget.rows.len(),
            Sampling::Together { .. } => self.both.rows.len(),
        }
    }

    /// Steps of the first epoch, nearly always of every epoch.
    pub fn steps_per_epoch(&self) -> usize {
        self.steps_of(0)
    }

    /// Batches of the forget set that epoch `epoch` begins with, where the sets take turns.
    pub(super) fn forget_steps(&self, epoch: usize) -> usize {
        match self.sampling {
            Sampling::ForgetThenRetain { forget_epochs, .. } if epoch < forget_epochs => {
                self.batches(self.forget.rows.len())
            }
            _ => 0,
        }
    }

    /// Retained rows that come one by one at the end of an epoch.
    pub(super) fn singles(&self) -> usize {
        match self.sampling {
            Sampling::ForgetThenRetain { singles, .. } => singles.min(self.retain.rows.len()),
            _ => 0,
        }
    }

    fn steps_of(&self, epoch: usize) -> usize {
        self.forget_steps(epoch) + self.batches(self.sampled()) + self.singles()
    }

    /// Steps of `epochs` epochs.
    pub fn steps(&self, epochs: usize) -> usize {
        let uneven = match self.sampling {
            Sampling::ForgetThenRetain { forget_epochs, .. } => forget_epochs.min(epochs),
            _ => 0,
        };
        uneven * self.steps_of(0) + (epochs - uneven) * self.steps_of(uneven)
    }

    /// The epoch of step `step`.
    pub fn epoch(&self, step: usize) -> Epoch {
        let uneven = match self.sampling {
            Sampling::ForgetThenRetain { forget_epochs, .. } => forget_epochs,
            _ => 0,
        };
        let early = self.steps_of(0);
        if uneven > 0 && step / early < uneven {
            let index = step / early;
            return Epoch { index, first_step: index * early, steps: early };
        }
        let steps = self.steps_of(uneven);
        let later = (step - uneven * early) / steps;
        Epoch { index: uneven + later, first_step: uneven * early + later * steps, steps }
    }

    /// The rows of step `step`, counted from 0 over the whole run.
    pub fn batch(&mut self, step: usize) -> Batch {
        let epoch = self.epoch(step);
        let at = step - epoch.first_step;
        match self.sampling {
            Sampling::Together { .. } => self.mixed(epoch.index, at),
            Sampling::ForgetThenRetain { .. } => self.in_turn(epoch.index, at),
            _ => self.paired(epoch.index, at),
        }
    }

    /// Batch `at` of an epoch over `len` rows: the position of its first row, and its number of
    /// rows.
    fn span(&self, at: usize, len: usize) -> (usize, usize) {
        let offset = at * self.batch_size;
        let is_last = at + 1 >= self.batches(len);
        (offset, if is_last { len - offset } else { self.batch_size })
    }

    fn paired(&mut self, epoch: usize, at: usize) -> Batch {
        let (offset, n) = self.span(at, self.sampled());
        let start = epoch * self.sampled() + offset;
        let (from, retained) = match self.few_forgotten() {
            true => {
                let batch = self.batch_size.min(self.retain.rows.len());
                (epoch * batch, batch)
            }
            false => (start, n),
        };
        let taken = |wanted: bool, order: &mut Order, start, n| {
            if wanted { order.take(start, n) } else { Vec::new() }
        };
        Batch {
            retain: taken(self.sampling != Sampling::Forget, &mut self.retain, from, retained),
            forget: taken(self.sampling != Sampling::Retain, &mut self.forget, start, n),
        }
    }

    fn mixed(&mut self, epoch: usize, at: usize) -> Batch {
        let (len, split) = (self.both.rows.len(), self.retain.rows.len());
        let (offset, n) = self.span(at, len);
        let mut batch = Batch::default();
        for position in self.both.take(epoch * len + offset, n) {
            match (position as usize).checked_sub(split) {
                None => batch.retain.push(self.retain.rows[position as usize]),
                Some(position) => batch.forget.push(self.forget.rows[position]),
            }
        }
        batch
    }

    fn in_turn(&mut self, epoch: usize, at: usize) -> Batch {
        let forgotten = self.forget_steps(epoch);
        if at < forgotten {
            let len = self.forget.rows.len();
            let (offset, n) = self.span(at, len);
            return Batch { forget: self.forget.take(epoch * len + offset, n), retain: Vec::new() };
        }
        let (at, len) = (at - forgotten, self.retain.rows.len());
        let batches = self.batches(len);
        let (offset, n) = if at < batches { self.span(at, len) } else { (at - batches, 1) };
        Batch { retain: self.retain.take(epoch * len + offset, n), forget: Vec::new() }
    }
}

/// An endless sequence of rows: one shuffled epoch after another.
#[derive(Debug, Clone)]
struct Order {
    rows: Vec<u32>,
    seed: u64,
    stream: Stream,
    /// The epoch shuffled last, kept because neighbouring steps need the same one.
    epoch: Option<(usize, Vec<u32>)>,
}

impl Order {
    fn new(rows: &[u32], seed: u64, stream: Stream) -> Self {
        Self { rows: rows.to_vec(), seed, stream, epoch: None }
    }

    fn take(&mut self, start: usize, n: usize) -> Vec<u32> {
        let len = self.rows.len();
        (start..start + n).map(|position| self.epoch(position / len)[position % len]).collect()
    }

    fn epoch(&mut self, index: usize) -> &[u32] {
        if self.epoch.as_ref().is_none_or(|(held, _)| *held != index) {
            let mut rows = self.rows.clone();
            random::shuffle(&mut rows, &mut random::rng_at(self.seed, self.stream, index));
            self.epoch = Some((index, rows));
        }
        self.epoch.as_ref().map_or(&[], |(_, rows)| rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(sampling: Sampling) -> Schedule {
        let (retain, forget): (Vec<u32>, Vec<u32>) = ((0..50).collect(), (50..57).collect());
        Schedule::new(sampling, 8, &retain, &forget, 3)
    }

    #[test]
    fn a_single_row_joins_the_batch_before() {
        let rows: Vec<u32> = (0..17).collect();
        let sizes = |batch_size, merges| {
            let schedule = Schedule::new(Sampling::Retain, batch_size, &rows, &[], 0);
            let mut schedule = schedule.merging_single(merges);
            let steps = schedule.steps_per_epoch();
            (0..2 * steps).map(|step| schedule.batch(step).retain.len()).collect::<Vec<_>>()
        };
        assert_eq!(sizes(8, true), [8, 9, 8, 9]);
        assert_eq!(sizes(8, false), [8, 8, 1, 8, 8, 1]);
        assert_eq!(sizes(20, true), [17, 17]);
        assert_eq!(sizes(5, true), [5, 5, 5, 2, 5, 5, 5, 2]);
    }

    #[test]
    fn an_epoch_visits_every_row_once_and_the_next_in_another_order() {
        let mut schedule = schedule(Sampling::Retain);
        let mut rows_of = |epoch: usize| -> Vec<u32> {
            let steps = schedule.steps_per_epoch();
            (0..steps).flat_map(|step| schedule.batch(epoch * steps + step).retain).collect()
        };
        let (first, second) = (rows_of(0), rows_of(1));
        assert_ne!(first, second);
        for mut rows in [first, second] {
            rows.sort_unstable();
            assert_eq!(rows, (0..50).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_other_set_comes_in_batches_of_equal_size_and_evenly() {
        for sampling in [Sampling::RetainWithForget, Sampling::ForgetWithRetain] {
            let mut schedule = schedule(sampling);
            let mut seen = [0_usize; 57];
            for step in 0..schedule.steps_per_epoch() * 7 {
                let batch = schedule.batch(step);
                // A forget set smaller than a batch comes with a full batch of retained rows.
                let few = sampling == Sampling::ForgetWithRetain;
                let sizes = if few { (8, 7) } else { (batch.forget.len(), batch.forget.len()) };
                assert_eq!((batch.retain.len(), batch.forget.len()), sizes);
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
        let mut in_order = schedule(Sampling::RetainWithForget);
        let batches: Vec<Batch> = (0..40).map(|step| in_order.batch(step)).collect();
        for step in [39, 0, 17] {
            assert_eq!(schedule(Sampling::RetainWithForget).batch(step), batches[step]);
        }
    }

    #[test]
    fn together_every_row_comes_once_per_epoch_and_a_share_is_always_the_same_one() {
        for (retain_share, retained) in [(1.0, 50), (0.3, 15)] {
            let mut schedule = schedule(Sampling::Together { retain_share });
            let steps = schedule.steps_per_epoch();
            assert_eq!(steps, (retained + 7_usize).div_ceil(8));
            let mut rows_of = |epoch: usize| {
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
            let first = rows_of(0);
            assert_eq!(first.0.len(), retained);
            assert!(first.0.iter().all(|row| *row < 50) && first.0.windows(2).all(|w| w[0] < w[1]));
            assert_eq!(first.1, (50..57).collect::<Vec<_>>());
            assert_eq!(rows_of(1), first);
        }
    }

    #[test]
    fn turns_follow_each_other_with_single_rows_last() {
        let mut schedule = schedule(Sampling::ForgetThenRetain { forget_epochs: 2, singles: 3 });
        // 1 + 7 + 3 steps, twice, then 7 + 3.
        assert_eq!((schedule.steps(1), schedule.steps(2), schedule.steps(4)), (11, 22, 42));
        for (index, first_step, steps) in [(0, 0, 11), (1, 11, 11), (2, 22, 10), (3, 32, 10)] {
            for step in [first_step, first_step + steps - 1] {
                assert_eq!(schedule.epoch(step), Epoch { index, first_step, steps });
            }
            let batches: Vec<Batch> =
                (first_step..first_step + steps).map(|step| schedule.batch(step)).collect();
            let sizes: Vec<(usize, usize)> =
                batches.iter().map(|batch| (batch.forget.len(), batch.retain.len())).collect();
            let retain = [8, 8, 8, 8, 8, 8, 2, 1, 1, 1].map(|n| (0, n));
            let forget: &[(usize, usize)] = if index < 2 { &[(7, 0)] } else { &[] };
            assert_eq!(sizes, [forget, &retain].concat());
            let mut rows: Vec<u32> =
                batches[..steps - 3].iter().flat_map(|batch| batch.retain.clone()).collect();
            rows.sort_unstable();
            assert_eq!(rows, (0..50).collect::<Vec<_>>());
        }
    }
}
