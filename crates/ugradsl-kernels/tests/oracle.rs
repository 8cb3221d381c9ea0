//! The kernels against loops in f64 that say what they compute.

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ugradsl_kernels::{Conv, Metric, Norm, count_near};

fn numbers(seed: u64, count: usize) -> Vec<f32> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    (0..count).map(|_| random.random_range(-1.0..1.0_f32)).collect()
}

/// Calls `f` with the places of `x`, of the weight and of the output of every product.
fn products(conv: &Conv, mut f: impl FnMut(usize, usize, usize)) {
    let ([h, w], [kh, kw]) = (conv.image, conv.kernel);
    let [oh, ow] = conv.output().expect("sides");
    for n in 0..conv.images {
        for (o, c) in (0..conv.outputs).flat_map(|o| (0..conv.inputs).map(move |c| (o, c))) {
            for (i, j) in (0..oh).flat_map(|i| (0..ow).map(move |j| (i, j))) {
                for (r, s) in (0..kh).flat_map(|r| (0..kw).map(move |s| (r, s))) {
                    let (y, x) = (i * conv.stride + r, j * conv.stride + s);
                    let inside = |at: usize, pad: usize, side: usize| at >= pad && at - pad < side;
                    if inside(y, conv.pad[0], h) && inside(x, conv.pad[1], w) {
                        let (y, x) = (y - conv.pad[0], x - conv.pad[1]);
                        f(
                            ((n * conv.inputs + c) * h + y) * w + x,
                            ((o * conv.inputs + c) * kh + r) * kw + s,
                            ((n * conv.outputs + o) * oh + i) * ow + j,
                        );
                    }
                }
            }
        }
    }
}

#[track_caller]
fn close(what: &str, found: &[f32], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let size = expected.iter().fold(1.0_f64, |most, value| most.max(value.abs()));
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        let off = (f64::from(*found) - expected).abs() / size;
        assert!(off < 3e-6, "{what}: {found} instead of {expected} at {at}");
    }
}

fn check(conv: Conv, seed: u64) {
    let [oh, ow] = conv.output().expect("sides");
    let x = numbers(seed, conv.images * conv.inputs * conv.image[0] * conv.image[1]);
    let weights = numbers(seed + 1, conv.outputs * conv.inputs * conv.kernel[0] * conv.kernel[1]);
    let bias = numbers(seed + 2, conv.outputs);
    let dy = numbers(seed + 3, conv.images * conv.outputs * oh * ow);
    let mut y = vec![0.0; dy.len()];
    for (at, y) in y.iter_mut().enumerate() {
        *y = f64::from(bias[at / (oh * ow) % conv.outputs]);
    }
    let (mut dx, mut dw) = (vec![0.0; x.len()], vec![0.0; weights.len()]);
    products(&conv, |i, w, o| {
        let [xi, wi, di] = [x[i], weights[w], dy[o]].map(f64::from);
        y[o] += xi * wi;
        dx[i] += di * wi;
        dw[w] += di * xi;
    });
    let mut db = vec![0.0; conv.outputs];
    dy.iter().enumerate().for_each(|(at, d)| db[at / (oh * ow) % conv.outputs] += f64::from(*d));
    close("y", &conv.forward(&x, &weights, Some(&bias)), &y);
    close("dx", &conv.data_gradient(&dy, &weights), &dx);
    close("dw", &conv.weight_gradient(&x, &dy), &dw);
    close("db", &conv.bias_gradient(&dy), &db);
}

fn conv(
    images: usize,
    channels: [usize; 2],
    image: [usize; 2],
    kernel: [usize; 2],
    stride: usize,
    pad: [usize; 2],
) -> Conv {
    Conv { images, inputs: channels[0], outputs: channels[1], image, kernel, stride, pad }
}

#[test]
fn convolutions_of_networks_are_what_loops_compute() {
    for (at, case) in [
        conv(9, [1, 6], [28, 28], [5, 5], 1, [2, 2]),
        conv(3, [6, 16], [14, 14], [5, 5], 1, [0, 0]),
        conv(17, [3, 16], [32, 32], [3, 3], 1, [1, 1]),
        conv(2, [16, 32], [32, 32], [3, 3], 2, [1, 1]),
        conv(2, [16, 32], [15, 17], [1, 1], 2, [0, 0]),
        conv(2, [3, 8], [33, 31], [7, 7], 2, [3, 3]),
        conv(2, [64, 64], [8, 8], [3, 3], 1, [1, 1]),
        conv(1, [4, 7], [9, 9], [1, 7], 1, [0, 3]),
        conv(1, [5, 3], [11, 4], [4, 4], 4, [0, 0]),
        conv(2, [300, 50], [3, 3], [3, 3], 1, [1, 1]),
        // Vectors of images: rows too short to fill any, and a last unit that is not full.
        conv(19, [5, 9], [4, 4], [3, 3], 1, [1, 1]),
        conv(17, [6, 16], [14, 14], [5, 5], 1, [0, 0]),
        conv(33, [4, 6], [7, 5], [3, 3], 2, [1, 1]),
        conv(11, [130, 120], [4, 4], [3, 3], 1, [1, 1]),
    ]
    .into_iter()
    .enumerate()
    {
        check(case, 100 * at as u64);
    }
}

#[test]
fn a_kernel_that_does_not_fit_has_no_output() {
    assert_eq!(conv(1, [1, 1], [2, 2], [3, 3], 1, [0, 0]).output(), None);
    assert_eq!(conv(1, [1, 1], [2, 2], [3, 3], 1, [1, 1]).output(), Some([2, 2]));
    assert_eq!(conv(1, [1, 1], [0, 2], [1, 1], 1, [0, 0]).output(), None);
}

#[test]
fn no_images_are_no_outputs() {
    let none = conv(0, [2, 3], [4, 4], [3, 3], 1, [1, 1]);
    assert!(none.forward(&[], &[0.0; 54], None).is_empty());
    assert!(none.data_gradient(&[], &[0.0; 54]).is_empty());
    assert_eq!(none.weight_gradient(&[], &[]), vec![0.0; 54]);
}

#[test]
fn no_result_depends_on_the_number_of_threads() {
    let case = conv(21, [6, 16], [14, 14], [5, 5], 1, [0, 0]);
    let (x, weights) = (numbers(1, 21 * 6 * 14 * 14), numbers(2, 16 * 6 * 25));
    let dy = numbers(3, 21 * 16 * 100);
    let all = || {
        let mut all = case.forward(&x, &weights, None);
        all.extend(case.data_gradient(&dy, &weights));
        all.extend(case.weight_gradient(&x, &dy));
        let norm = Norm { images: 21, channels: 16, plane: 100, ..norm(&[1.0; 16], &[0.1; 16]) };
        let statistics = norm.statistics(&dy);
        let mut gradient = dy.clone();
        let others = norm.backward(&dy, None, &statistics, false, &mut gradient);
        [all, gradient, others.gamma, others.beta, statistics.mean, statistics.variance].concat()
    };
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(all).into_iter().map(f32::to_bits).collect::<Vec<_>>()
    };
    let one = with(1);
    assert!([2, 3, 8].into_iter().all(|threads| with(threads) == one));
}

fn norm<'a>(gamma: &'a [f32], beta: &'a [f32]) -> Norm<'a> {
    Norm { images: 1, channels: gamma.len(), plane: 1, gamma, beta, epsilon: 1e-5, relu: false }
}

/// Loss of the oracle: the outputs times `dy`, in f64.
struct Oracle<'a> {
    norm: Norm<'a>,
    /// Statistics that are not those of the batch.
    fixed: Option<[Vec<f64>; 2]>,
    dy: &'a [f32],
}

impl Oracle<'_> {
    fn outputs(&self, x: &[f64], skip: Option<&[f64]>, gamma: &[f64], beta: &[f64]) -> Vec<f64> {
        let (c, plane) = (self.norm.channels, self.norm.plane);
        let channel_values = |channel: usize| {
            x.chunks(plane).skip(channel).step_by(c).flatten().copied().collect::<Vec<f64>>()
        };
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let statistics: Vec<[f64; 2]> = (0..c)
            .map(|channel| match &self.fixed {
                Some([means, variances]) => [means[channel], variances[channel]],
                None => {
                    let values = channel_values(channel);
                    let m = mean(&values);
                    let squares: Vec<f64> = values.iter().map(|v| (v - m) * (v - m)).collect();
                    [m, mean(&squares)]
                }
            })
            .collect();
        let out = |(at, x): (usize, &f64)| {
            let channel = at / plane % c;
            let [m, v] = statistics[channel];
            let y = gamma[channel] * (x - m) / (v + self.norm.epsilon).sqrt() + beta[channel];
            let y = y + skip.map_or(0.0, |skip| skip[at]);
            if self.norm.relu { y.max(0.0) } else { y }
        };
        x.iter().enumerate().map(out).collect()
    }

    fn loss(&self, x: &[f64], skip: Option<&[f64]>, gamma: &[f64], beta: &[f64]) -> f64 {
        let out = self.outputs(x, skip, gamma, beta);
        out.iter().zip(self.dy).map(|(y, d)| y * f64::from(*d)).sum()
    }
}

/// Central differences of `f` at every place of `at`.
fn slopes(at: &[f64], f: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    const STEP: f64 = 1e-5;
    let slope = |i: usize| {
        let moved = |by: f64| {
            let mut moved = at.to_vec();
            moved[i] += by;
            f(&moved)
        };
        (moved(STEP) - moved(-STEP)) / (2.0 * STEP)
    };
    (0..at.len()).map(slope).collect()
}

fn check_norm(sizes: [usize; 3], relu: bool, shortcut: bool, fixed: bool, seed: u64) {
    let [images, channels, plane] = sizes;
    let count = images * channels * plane;
    let wide = |values: &[f32]| values.iter().copied().map(f64::from).collect::<Vec<f64>>();
    let x: Vec<f32> = numbers(seed, count).iter().map(|v| 3.0 * v + 1.0).collect();
    let (skip, dy) = (numbers(seed + 1, count), numbers(seed + 2, count));
    let (gamma, beta) = (numbers(seed + 3, channels), numbers(seed + 4, channels));
    let norm = Norm { images, channels, plane, relu, ..norm(&gamma, &beta) };
    let mut statistics = norm.statistics(&x);
    if fixed {
        statistics.mean.fill(0.3);
        statistics.variance.fill(2.5);
    }
    let fixed_at = fixed.then(|| [wide(&statistics.mean), wide(&statistics.variance)]);
    let oracle = Oracle { norm, fixed: fixed_at, dy: &dy };
    let given = shortcut.then_some(&skip[..]);
    let (x64, skip64) = (wide(&x), wide(&skip));
    let (gamma64, beta64) = (wide(&gamma), wide(&beta));
    let skip_at = shortcut.then_some(&skip64[..]);
    let y = norm.forward(&x, given, &statistics);
    close("y", &y, &oracle.outputs(&x64, skip_at, &gamma64, &beta64));
    let mut dx = dy.clone();
    let found = norm.backward(&x, shortcut.then_some(&y), &statistics, fixed, &mut dx);
    close("dx", &dx, &slopes(&x64, |x| oracle.loss(x, skip_at, &gamma64, &beta64)));
    close("dgamma", &found.gamma, &slopes(&gamma64, |g| oracle.loss(&x64, skip_at, g, &beta64)));
    close("dbeta", &found.beta, &slopes(&beta64, |b| oracle.loss(&x64, skip_at, &gamma64, b)));
    assert_eq!(found.skip.is_some(), shortcut);
    if let Some(skip) = found.skip {
        let by = |s: &[f64]| oracle.loss(&x64, Some(s), &gamma64, &beta64);
        close("dskip", &skip, &slopes(&skip64, by));
    }
}

#[test]
fn norms_and_their_gradients_are_what_differences_say() {
    for (at, bits) in (0..8_u64).enumerate() {
        let [relu, shortcut, fixed] = [1, 2, 4].map(|bit| bits & bit > 0);
        check_norm([3, 4, 5], relu, shortcut, fixed, 1000 + 10 * at as u64);
        check_norm([19, 3, 1], relu, shortcut, fixed, 2000 + 10 * at as u64);
        check_norm([2, 2, 37], relu, shortcut, fixed, 3000 + 10 * at as u64);
    }
}

#[test]
fn statistics_of_large_means_are_right_and_nan_stays() {
    let x: Vec<f32> = numbers(5, 4096).iter().map(|v| 1000.0 + v).collect();
    let norm = Norm { images: 64, plane: 64, relu: true, ..norm(&[1.0], &[0.0]) };
    let found = norm.statistics(&x);
    let mean = x.iter().copied().map(f64::from).sum::<f64>() / 4096.0;
    let variance = x.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / 4096.0;
    assert!((f64::from(found.variance[0]) - variance).abs() < 1e-6 * variance, "{found:?}");
    let mut broken = x;
    broken[7] = f32::NAN;
    let found = norm.statistics(&broken);
    assert!(norm.forward(&broken, None, &found).iter().all(|y| y.is_nan()));
}

/// The counts by the formula.
fn counted(rows: &[f32], others: &[f32], d: usize, beta: f32, metric: Metric) -> Vec<u32> {
    let near = |a: &[f32]| {
        let near = |b: &&[f32]| metric.between(a, b) < f64::from(beta);
        others.chunks_exact(d).filter(near).count() as u32
    };
    rows.chunks_exact(d).map(near).collect()
}

#[test]
fn counts_are_those_of_the_formula_at_any_size_of_numbers() {
    for (at, (f, r, d)) in
        [(5, 33, 84), (128, 128, 128), (1, 1, 1), (7, 100, 3)].into_iter().enumerate()
    {
        for scale in [1e-30, 1e-12, 1.0, 1e12, 1e30_f32] {
            let seed = 7 * at as u64;
            let scaled = |seed, count| numbers(seed, count).iter().map(|v| v * scale).collect();
            let (mut rows, others): (Vec<f32>, Vec<f32>) =
                (scaled(seed, f * d), scaled(seed + 1, r * d));
            // A row of the other set, a zero row, and thresholds that are distances themselves.
            rows[..d].copy_from_slice(&others[..d]);
            rows[(f - 1) * d..].fill(0.0);
            for metric in [Metric::Cosine, Metric::Euclidean] {
                let own = metric.between(&rows[(f / 2) * d..][..d], &others[(r / 2) * d..][..d]);
                for beta in [0.0, own as f32, scale, 1.0, -1.0, 5.0 * scale] {
                    let found = count_near(&rows, &others, d, beta, metric);
                    assert_eq!(found, counted(&rows, &others, d, beta, metric), "{beta} {scale}");
                }
            }
        }
    }
}

#[test]
fn what_is_not_a_number_is_near_nothing() {
    let others = [f32::NAN, 0.0, 1.0, 0.0];
    for metric in [Metric::Cosine, Metric::Euclidean] {
        for row in [[1.0, 0.0], [f32::INFINITY, 0.0], [f32::NAN, 1.0]] {
            let expected = counted(&row, &others, 2, 0.5, metric);
            assert_eq!(count_near(&row, &others, 2, 0.5, metric), expected, "{row:?}");
        }
    }
    assert_eq!(count_near(&[1.0, 2.0], &[], 2, 1.0, Metric::Cosine), [0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn any_convolution_is_what_loops_compute(
        images in 1..20_usize,
        channels in [1..10_usize, 1..14],
        image in [1..13_usize, 1..21],
        kernel in [1..6_usize, 1..6],
        stride in 1..5_usize,
        pad in [0..4_usize, 0..4],
        seed in 0..1000_u64,
    ) {
        let case = conv(images, channels, image, kernel, stride, pad);
        if case.output().is_some() {
            check(case, seed);
        }
    }
}
