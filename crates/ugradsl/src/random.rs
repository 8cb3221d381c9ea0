//! Every use of chance, in one place.
//!
//! A draw is a pure function of a seed, of what it is for, and of a number such as the step:
//! nothing is remembered, so a resumed run draws what an uninterrupted one draws. The arithmetic is
//! our own, because `rand` does not promise the same values in its next version.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a draw is for. Two uses with the same number do not compile.
///
/// The low 32 bits of the numbers up to [`Augmentation`](Self::Augmentation) are free for an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub(crate) enum Stream {
    /// Initial weights.
    Weights = 0,
    /// The order of the retain set, by epoch.
    Retain = 1 << 32,
    /// The order of the forget set, by epoch.
    Forget = 2 << 32,
    /// The order of both sets shuffled into one another, by epoch.
    Mixed = 3 << 32,
    /// The share of the retain set that takes part.
    RetainShare = 4 << 32,
    /// Random labels, by epoch.
    Relabel = 5 << 32,
    /// Noise on the weights.
    Noise = 6 << 32,
    /// Labels drawn from the network, by step.
    SampledLabels = 7 << 32,
    /// Crops and mirrored images, by step.
    Augmentation = 8 << 32,
    /// Rows of a random forget request (ASCII "forget").
    ForgetRequest = 0x666f_7267_6574,
    /// Forgotten rows that the relearn attack shows (ASCII "relearn").
    Relearn = 0x0072_656c_6561_726e,
    /// Rows that a linear probe is trained on (ASCII "probe").
    LinearProbe = 0x0070_726f_6265,
    /// Test rows that the guards see (ASCII "validate").
    Validation = 0x7661_6c69_6461_7465,
    /// Members that the membership attack is trained on (ASCII "member").
    Members = 0x6d65_6d62_6572,
    /// Non-members that it is trained on (ASCII "outsider").
    NonMembers = 0x6f75_7473_6964_6572,
}

/// The generator of one use.
pub(crate) fn rng(seed: u64, stream: Stream) -> ChaCha8Rng {
    rng_at(seed, stream, 0)
}

/// The generator of one use at an epoch or a step.
pub(crate) fn rng_at(seed: u64, stream: Stream, index: usize) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream as u64 | index as u64);
    rng
}

/// Seeds for whole parts of a run that use all the streams again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub(crate) enum Derived {
    /// The sample that the guards check.
    GuardSample = 0x9d2c_5680_0f0f_0f0f,
    /// The weights of an untrained teacher (ASCII "Untraine").
    UntrainedTeacher = 0x556e_7472_6169_6e65,
    /// A proxy of the retrained network (ASCII "Proxy").
    Proxy = 0x50_726f_7879,
    /// The last layer's row of a shadow class (ASCII "Shadow").
    ShadowClass = 0x5368_6164_6f77,
}

impl Derived {
    /// The seed of this part in a run of `seed`.
    pub(crate) fn seed(self, seed: u64) -> u64 {
        seed ^ self as u64
    }
}

/// Shuffles all `rows`, from the last to the first (Fisher-Yates).
pub(crate) fn shuffle(rows: &mut [u32], rng: &mut impl Rng) {
    for i in (1..rows.len() as u32).rev() {
        rows.swap(i as usize, rng.random_range(0..=i) as usize);
    }
}

/// `wanted` of `rows` without replacement in the order drawn, and the others: the first steps of a
/// Fisher-Yates shuffle. The draws are of `u32`, because a draw of `usize` could differ between 32
/// and 64 bits.
pub(crate) fn draw<T>(mut rows: Vec<T>, wanted: usize, rng: &mut impl Rng) -> (Vec<T>, Vec<T>) {
    let wanted = wanted.min(rows.len());
    let len = rows.len() as u32;
    for i in 0..wanted {
        rows.swap(i, rng.random_range(i as u32..len) as usize);
    }
    let rest = rows.split_off(wanted);
    (rows, rest)
}

/// `n` standard normal numbers (Box-Muller).
pub(crate) fn standard_normal(n: usize, rng: &mut impl Rng) -> Vec<f32> {
    let mut pair = || {
        let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
        let (sin, cos) = (std::f64::consts::TAU * rng.random::<f64>()).sin_cos();
        [(radius * cos) as f32, (radius * sin) as f32]
    };
    let mut values: Vec<f32> = (0..n.div_ceil(2)).flat_map(|_| pair()).collect();
    values.truncate(n);
    values
}

/// One number of the standard Gumbel distribution.
pub(crate) fn gumbel(rng: &mut impl Rng) -> f32 {
    -(-(1.0 - rng.random::<f64>()).ln()).max(f64::MIN_POSITIVE).ln() as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_uses_draw_the_same_numbers() {
        use Stream::*;
        let uses = [
            Weights,
            Retain,
            Forget,
            Mixed,
            RetainShare,
            Relabel,
            Noise,
            SampledLabels,
            Validation,
            Augmentation,
            ForgetRequest,
            Relearn,
            LinearProbe,
            Members,
            NonMembers,
        ];
        let indices =
            |stream: Stream| if stream as u64 <= Augmentation as u64 { 0..50 } else { 0..1 };
        let mut drawn: Vec<u64> = uses
            .into_iter()
            .filter(|stream| *stream != Weights)
            .flat_map(|stream| indices(stream).map(move |index| rng_at(3, stream, index).random()))
            .collect();
        drawn.push(rng(3, Weights).random());
        drawn.sort_unstable();
        let all = drawn.len();
        drawn.dedup();
        assert_eq!(drawn.len(), all, "two uses of a seed meet");
    }

    #[test]
    fn values_are_those_that_published_figures_were_made_with() {
        let mut rows: Vec<u32> = (0..10).collect();
        shuffle(&mut rows, &mut rng_at(3, Stream::Retain, 1));
        let (drawn, rest) =
            draw((0..10).collect::<Vec<u32>>(), 3, &mut rng(3, Stream::ForgetRequest));
        assert_eq!(rows, [3, 6, 4, 9, 8, 5, 2, 1, 0, 7]);
        assert_eq!((drawn, rest), (vec![9, 4, 1], vec![3, 2, 5, 6, 7, 8, 0]));
    }

    /// Mean and variance of 100,000 numbers; the bounds are four standard errors.
    #[test]
    fn normal_numbers_are_normal() {
        let n = 100_000;
        let values = standard_normal(n, &mut rng(1, Stream::Noise));
        let mean = values.iter().map(|&x| f64::from(x)).sum::<f64>() / n as f64;
        let variance = values.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / n as f64;
        assert!(mean.abs() < 4.0 / (n as f64).sqrt(), "{mean}");
        assert!((variance - 1.0).abs() < 4.0 * (2.0 / n as f64).sqrt(), "{variance}");
    }
}
