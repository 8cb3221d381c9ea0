//! The loss kernel against PyTorch and against its oracle.
//!
//! How far two results may lie apart. With `d_j = z_j - max(z)` and `R = max(z) - min(z)` a loss is
//! the sum `w (log sum exp(d) - d_y + a (d_y - mean(d)))`, whose terms are at most
//! `|w| max(1, ln K, (1 + |a|) R)`; a gradient is the difference `w (p - t)`, whose terms are at
//! most `|w| (1 + |a|)`. In f32 a sum cannot be more exact than its largest term: 1e-5 of that term
//! is the bound of every row (1 stands in for the logarithm, which hardware computes with an
//! absolute error). There is no absolute allowance: rows of weight 0 must be exactly 0.

use burn::tensor::{DType, Device as BurnDevice, Int, Tensor, TensorData};
use serde::Deserialize;
use ugradsl::{
    device::Device,
    loss::{gls_cross_entropy, gls_cross_entropy_reference},
};

use crate::support::{Draw, all, compare, golden, on_every_backend, same};

const TOLERANCE: f64 = 1e-5;

#[derive(Deserialize)]
struct Golden {
    cases: Vec<GoldenCase>,
}

#[derive(Deserialize)]
struct GoldenCase {
    #[serde(flatten)]
    rows: Rows,
    loss: Vec<f64>,
    grad: Vec<f64>,
}

/// The inputs of one call.
#[derive(Clone, Deserialize)]
struct Rows {
    name: String,
    n: usize,
    #[serde(rename = "k")]
    classes: usize,
    logits: Vec<f32>,
    targets: Vec<i64>,
    #[serde(rename = "alpha")]
    rates: Vec<f32>,
    #[serde(rename = "weight")]
    weights: Vec<f32>,
}

/// Losses `[n]` and gradients `[n * K]`, in the precision of the computation.
struct Results<T> {
    losses: Vec<T>,
    gradients: Vec<T>,
}

impl Rows {
    /// Rates of every kind (0, 1, mild, down to -100), signed weights with zeros among them, and
    /// logits between -`spread` and `spread`.
    fn draw(n: usize, classes: usize, spread: f32) -> Self {
        let mut draw = Draw::new((n * 1_000_003 + classes) as u64);
        let mut rates = draw.uniform(n, -100.0, 1.0);
        let mild = draw.uniform(n, -1.0, 1.0);
        for (i, rate) in rates.iter_mut().enumerate() {
            match i % 8 {
                0 | 2 | 4 => *rate = mild[i],
                3 => *rate = 0.0,
                5 => *rate = 1.0,
                7 => *rate = -100.0,
                _ => {}
            }
        }
        let mut weights = draw.uniform(n, -2.0, 2.0);
        weights.iter_mut().skip(6).step_by(11).for_each(|weight| *weight = 0.0);
        Self {
            name: format!("{n} x {classes}, spread {spread:e}"),
            n,
            classes,
            logits: draw.uniform(n * classes, -spread, spread),
            targets: draw.below(n, classes),
            rates,
            weights,
        }
    }

    fn row(&self, i: usize) -> &[f32] {
        &self.logits[i * self.classes..(i + 1) * self.classes]
    }

    /// Largest term of the loss of row `i`.
    fn loss_scale(&self, i: usize) -> f64 {
        let (low, high) = self
            .row(i)
            .iter()
            .fold((f32::MAX, f32::MIN), |(low, high), &z| (low.min(z), high.max(z)));
        let range = f64::from(high) - f64::from(low);
        let terms = (1.0 + f64::from(self.rates[i]).abs()) * range;
        f64::from(self.weights[i]).abs() * terms.max((self.classes as f64).ln()).max(1.0)
    }

    /// Largest term of the gradients of row `i`.
    fn gradient_scale(&self, i: usize) -> f64 {
        f64::from(self.weights[i]).abs() * (1.0 + f64::from(self.rates[i]).abs())
    }

    fn check(&self, found: &Results<f32>, expected: &Results<f64>) -> Result<(), String> {
        all([
            compare("losses", &found.losses, &expected.losses, |i| TOLERANCE * self.loss_scale(i)),
            compare("gradients", &found.gradients, &expected.gradients, |i| {
                TOLERANCE * self.gradient_scale(i / self.classes)
            }),
        ])
    }

    /// As [`check`](Self::check), for gradients of `sum_i upstream_i loss_i`.
    fn check_scaled(
        &self,
        found: &Results<f32>,
        expected: &Results<f64>,
        upstream: &[f32],
    ) -> Result<(), String> {
        let factor = |i: usize| f64::from(upstream[i / self.classes]);
        let scaled: Vec<f64> =
            expected.gradients.iter().enumerate().map(|(i, g)| g * factor(i)).collect();
        compare("gradients with a factor", &found.gradients, &scaled, |i| {
            TOLERANCE * self.gradient_scale(i / self.classes) * factor(i).abs()
        })
    }

    fn targets(&self, device: &BurnDevice) -> Tensor<1, Int> {
        // The device's own integers: i32 on GPUs, i64 on the CPU.
        Tensor::from_data(TensorData::new(self.targets.clone(), [self.n]), device)
    }

    /// Losses and gradients of the kernel, the logits being a view that `layout` makes.
    fn kernel(&self, device: &Device, layout: Layout, upstream: Option<&[f32]>) -> Results<f32> {
        let (autodiff, plain) = (device.autodiff(), device.burn());
        let leaf = layout.base(self, &autodiff).require_grad();
        let losses = gls_cross_entropy(
            layout.view(leaf.clone(), self),
            self.targets(plain),
            vector(&self.rates, plain),
            vector(&self.weights, plain),
        );
        let total = match upstream {
            Some(upstream) => (losses.clone() * vector(upstream, &autodiff)).sum(),
            None => losses.clone().sum(),
        };
        let gradients = leaf.grad(&total.backward()).expect("the logits have a gradient");
        Results { losses: floats(losses.inner()), gradients: floats(layout.view(gradients, self)) }
    }

    /// The oracle in f64, on the CPU.
    fn oracle(&self) -> Results<f64> {
        let (autodiff, shape) = (Device::cpu().autodiff(), [self.n, self.classes]);
        let wide = |values: &[f32]| values.iter().copied().map(f64::from).collect::<Vec<_>>();
        let vector = |values: &[f32]| {
            Tensor::<1>::from_data(TensorData::new(wide(values), [self.n]), (&autodiff, DType::F64))
        };
        let logits = TensorData::new(wide(&self.logits), shape);
        let logits = Tensor::<2>::from_data(logits, (&autodiff, DType::F64)).require_grad();
        let losses = gls_cross_entropy_reference(
            logits.clone(),
            self.targets(&autodiff),
            vector(&self.rates),
            vector(&self.weights),
        );
        let gradients = logits.grad(&losses.clone().sum().backward()).unwrap();
        Results {
            losses: losses.into_data().try_to_vec().unwrap(),
            gradients: gradients.into_data().try_to_vec().unwrap(),
        }
    }
}

fn vector(values: &[f32], device: &BurnDevice) -> Tensor<1> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), device)
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

/// How the logits lie in memory.
#[derive(Clone, Copy, Debug)]
enum Layout {
    /// Row by row.
    Plain,
    /// Class by class.
    Transposed,
    /// Rows in the middle of a larger tensor.
    MiddleRows,
    /// Columns in the middle of a larger tensor.
    MiddleColumns,
}

/// Rows or columns around the view, and what they hold: it must not be read.
const MARGIN: usize = 3;
const POISON: f32 = 1e30;

impl Layout {
    const ALL: [Self; 4] = [Self::Plain, Self::Transposed, Self::MiddleRows, Self::MiddleColumns];

    /// The tensor in memory.
    fn base(self, rows: &Rows, device: &BurnDevice) -> Tensor<2> {
        let (n, classes, logits) = (rows.n, rows.classes, &rows.logits);
        let (values, shape) = match self {
            Self::Plain => (logits.clone(), [n, classes]),
            Self::Transposed => {
                let column = |j| logits.iter().skip(j).step_by(classes).copied();
                ((0..classes).flat_map(column).collect(), [classes, n])
            }
            Self::MiddleRows => {
                let margin = vec![POISON; MARGIN * classes];
                ([&margin[..], logits, &margin].concat(), [n + 2 * MARGIN, classes])
            }
            Self::MiddleColumns => {
                let margin = [POISON; MARGIN];
                let row = |row: &[f32]| [&margin[..], row, &margin].concat();
                (logits.chunks(classes).flat_map(row).collect(), [n, classes + 2 * MARGIN])
            }
        };
        Tensor::from_data(TensorData::new(values, shape), device)
    }

    /// The logits `[n, K]` in it.
    fn view(self, base: Tensor<2>, rows: &Rows) -> Tensor<2> {
        let (n, classes) = (rows.n, rows.classes);
        match self {
            Self::Plain => base,
            Self::Transposed => base.transpose(),
            Self::MiddleRows => base.slice([MARGIN..MARGIN + n, 0..classes]),
            Self::MiddleColumns => base.slice([0..n, MARGIN..MARGIN + classes]),
        }
    }
}

/// Factors for the rows: signed, zero among them.
fn factors(n: usize) -> Vec<f32> {
    (0..n).map(|i| [1.5, -0.25, 0.0, 3.0, -1.0][i % 5]).collect()
}

#[test]
fn losses_and_gradients_are_those_of_pytorch() {
    let golden: Golden = golden!("gls_cross_entropy");
    on_every_backend(|device, findings| {
        for GoldenCase { rows, loss, grad } in &golden.cases {
            let expected = Results { losses: loss.clone(), gradients: grad.clone() };
            findings.case(&rows.name, || {
                rows.check(&rows.kernel(device, Layout::Plain, None), &expected)
            });
            findings.case(format!("{}, scaled", rows.name), || {
                let upstream = factors(rows.n);
                let found = rows.kernel(device, Layout::Plain, Some(&upstream));
                rows.check_scaled(&found, &expected, &upstream)
            });
        }
    });
}

/// The oracle earns its name: in f64 it differs from PyTorch by the digits of the file, and by the
/// factor 1 / K of the mean, which burn's backward pass rounds to f32.
#[test]
fn the_oracle_agrees_with_pytorch() {
    let golden: Golden = golden!("gls_cross_entropy");
    for GoldenCase { rows, loss, grad } in &golden.cases {
        let found = rows.oracle();
        let near = |found: &[f64], expected: &[f64], scale: &dyn Fn(usize) -> f64| {
            let mut pairs = found.iter().zip(expected).enumerate();
            found.len() == expected.len()
                && pairs.all(|(i, (a, b))| (a - b).abs() <= 1e-7 * scale(i))
        };
        assert!(near(&found.losses, loss, &|i| rows.loss_scale(i)), "losses of {}", rows.name);
        let scale = |i| rows.gradient_scale(i / rows.classes);
        assert!(near(&found.gradients, grad, &scale), "gradients of {}", rows.name);
    }
}

#[test]
fn random_rows_agree_with_the_oracle() {
    let mut table = Vec::new();
    for n in [1, 37, 300] {
        for classes in [2, 3, 10, 33, 257, 1_000] {
            table.push(Rows::draw(n, classes, 8.0));
        }
    }
    // A single class, and every number of lanes that may share a row.
    for classes in [1, 4, 5, 9, 17, 64, 65, 100, 129, 512, 513] {
        table.push(Rows::draw(37, classes, 8.0));
    }
    // Differences of 2e4, where exponentials vanish, and no differences at all.
    for classes in [2, 10, 257] {
        table.push(Rows::draw(37, classes, 1e4));
        table.push(Rows::draw(37, classes, 0.0));
    }
    // Many classes; more rows than a dispatch has workgroups along one axis.
    table.push(Rows::draw(2, 50_000, 8.0));
    table.push(Rows::draw(70_000, 2, 8.0));
    let expected: Vec<Results<f64>> = table.iter().map(Rows::oracle).collect();
    on_every_backend(|device, findings| {
        for (rows, expected) in table.iter().zip(&expected) {
            findings.case(&rows.name, || {
                rows.check(&rows.kernel(device, Layout::Plain, None), expected)
            });
        }
    });
}

#[test]
fn logits_may_be_views() {
    // 64 classes make a row of 256 bytes, at which a GPU tensor may begin without a copy.
    let table = [(37, 10), (37, 64), (5, 257)].map(|(n, classes)| Rows::draw(n, classes, 8.0));
    let expected = table.each_ref().map(Rows::oracle);
    on_every_backend(|device, findings| {
        for (rows, expected) in table.iter().zip(&expected) {
            for layout in Layout::ALL {
                findings.case(format!("{}, {layout:?}", rows.name), || {
                    let upstream = factors(rows.n);
                    let plain = rows.kernel(device, layout, None);
                    let scaled = rows.kernel(device, layout, Some(&upstream));
                    let scaled = rows.check_scaled(&scaled, expected, &upstream);
                    all([rows.check(&plain, expected), scaled])
                });
            }
        }
    });
}

/// A shader that binds one buffer twice is refused in browsers: arguments may share their memory.
#[test]
fn arguments_may_share_memory() {
    let mut same_vector = Rows::draw(300, 10, 8.0);
    same_vector.weights.clone_from(&same_vector.rates);
    let mut one_number = Rows::draw(37, 10, 8.0);
    one_number.rates = vec![-0.5; one_number.n];
    one_number.weights.clone_from(&one_number.rates);
    let mut all_one = Rows::draw(37, 1, 1.0);
    all_one.rates.clone_from(&all_one.logits);
    all_one.weights.clone_from(&all_one.logits);
    let mut halves = Rows::draw(64, 10, 8.0);
    halves.name = "halves".into();
    let losses = |rows: &Rows, logits, targets, rates, weights, expected: &Results<f64>| {
        let losses = floats(gls_cross_entropy(logits, targets, rates, weights));
        compare("losses", &losses, &expected.losses, |i| TOLERANCE * rows.loss_scale(i))
    };
    on_every_backend(|device, findings| {
        let plain = device.burn();
        findings.case("one tensor as rates and weights", || {
            let shared = vector(&same_vector.rates, plain);
            let logits = Layout::Plain.base(&same_vector, plain);
            let targets = same_vector.targets(plain);
            losses(&same_vector, logits, targets, shared.clone(), shared, &same_vector.oracle())
        });
        findings.case("one number, expanded, as rates and weights", || {
            let shared = vector(&[-0.5], plain).expand([one_number.n]);
            let logits = Layout::Plain.base(&one_number, plain);
            let targets = one_number.targets(plain);
            losses(&one_number, logits, targets, shared.clone(), shared, &one_number.oracle())
        });
        findings.case("one tensor as logits, rates and weights", || {
            let logits = Layout::Plain.base(&all_one, plain);
            let shared: Tensor<1> = logits.clone().reshape([all_one.n]);
            let targets = all_one.targets(plain);
            losses(&all_one, logits, targets, shared.clone(), shared, &all_one.oracle())
        });
        findings.case("rates and weights as halves of one tensor", || {
            let both = vector(&[&halves.rates[..], &halves.weights].concat(), plain);
            let (rates, weights) = (both.clone().slice(0..64), both.slice(64..128));
            let logits = Layout::Plain.base(&halves, plain);
            losses(&halves, logits, halves.targets(plain), rates, weights, &halves.oracle())
        });
    });
}

/// The same logits in two objectives: the gradients add up.
#[test]
fn gradients_of_two_calls_add_up() {
    let rows = Rows::draw(37, 10, 8.0);
    let mut other = rows.clone();
    other.rates.reverse();
    other.weights.reverse();
    let (first, second) = (rows.oracle(), other.oracle());
    let sum = first.gradients.iter().zip(&second.gradients).map(|(a, b)| a + b);
    let sum: Vec<f64> = sum.collect();
    on_every_backend(|device, findings| {
        findings.case("two calls", || {
            let leaf = Layout::Plain.base(&rows, &device.autodiff()).require_grad();
            let plain = device.burn();
            let total = [&rows, &other].map(|rows| {
                let (rates, weights) = (vector(&rows.rates, plain), vector(&rows.weights, plain));
                gls_cross_entropy(leaf.clone(), rows.targets(plain), rates, weights).sum()
            });
            let [a, b] = total;
            let gradients = floats(leaf.grad(&(a + b).backward()).unwrap());
            compare("gradients", &gradients, &sum, |i| {
                let row = i / rows.classes;
                TOLERANCE * (rows.gradient_scale(row) + other.gradient_scale(row))
            })
        });
    });
}

#[test]
fn no_rows_give_no_losses() {
    on_every_backend(|device, findings| {
        for classes in [1, 10, 1_000] {
            findings.case(format!("0 x {classes}"), || {
                let rows = Rows::draw(0, classes, 1.0);
                let found = rows.kernel(device, Layout::Plain, None);
                let logits = Tensor::<2>::zeros([0, classes], device.burn());
                let none = || Tensor::<1>::zeros([0], device.burn());
                let losses = gls_cross_entropy(logits, rows.targets(device.burn()), none(), none());
                all([
                    same("losses", found.losses, vec![]),
                    same("gradients", found.gradients, vec![]),
                    same("shape", losses.dims(), [0]),
                ])
            });
        }
    });
}

/// More workgroups than one axis of a dispatch may have: they are folded into two.
#[test]
fn more_workgroups_than_an_axis_holds() {
    // A row this wide has a workgroup of its own. All rows are multiples of one, so that a handful
    // of rows shows what every row must be.
    const ROWS: usize = 65_600;
    const CLASSES: usize = 513;
    const PERIOD: usize = 16;
    let mut few = Rows::draw(PERIOD, CLASSES, 1.0);
    let factors: Vec<f32> = (0..PERIOD).map(|i| i as f32 - 7.0).collect();
    let base = few.row(0).to_vec();
    few.logits = factors.iter().flat_map(|f| base.iter().map(move |z| f * z)).collect();
    let oracle = few.oracle();
    on_every_backend(|device, findings| {
        let bytes = (ROWS * CLASSES * size_of::<f32>()) as u64;
        let limits = &device.info().limits;
        let limit = limits.iter().find(|(name, _)| name == "maxStorageBufferBindingSize");
        if limit.is_some_and(|&(_, limit)| limit < bytes) {
            return;
        }
        findings.case(format!("{ROWS} x {CLASSES}"), || {
            let plain = device.burn();
            fn cycle<T: Clone>(values: &[T]) -> Vec<T> {
                values.iter().cycle().take(ROWS).cloned().collect()
            }
            let column: Tensor<2> = vector(&cycle(&factors), plain).reshape([ROWS, 1]);
            let logits = column * vector(&base, plain).reshape([1, CLASSES]);
            let targets = TensorData::new(cycle(&few.targets), [ROWS]);
            let losses = floats(gls_cross_entropy(
                logits,
                Tensor::from_data(targets, plain),
                vector(&cycle(&few.rates), plain),
                vector(&cycle(&few.weights), plain),
            ));
            compare("losses", &losses, &cycle(&oracle.losses), |i| {
                TOLERANCE * few.loss_scale(i % PERIOD)
            })
        });
    });
}
