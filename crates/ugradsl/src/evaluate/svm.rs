//! A support vector machine that is fast enough to be run after every experiment.
//!
//! The attack of the literature is LIBSVM's C-SVC with C = 3, the kernel exp(-gamma |x - x'|^2), gamma =
//! 1/features, and the stopping tolerance 1e-3. On 10,000 + 10,000 rows LIBSVM needs half a minute, and
//! fewer rows give another answer, because the number of rows acts on the penalty. This is LIBSVM's
//! algorithm (sequential minimal optimisation, second-order choice of the working set: Fan, Chen & Lin, JMLR
//! 6, 2005) with one addition: rows at the same place are one place with a larger upper bound, which
//! leaves the problem as it is. What a network says about most rows is nearly the same, so a fine grid
//! makes few places of many rows. The tests compare with LIBSVM itself.
//!
//! It prints nothing and has no global state.

use std::cmp::Ordering;

/// Upper bound of the dual variable of one row.
const PENALTY: f64 = 3.0;
/// Largest violation of the optimality conditions that is left.
const TOLERANCE: f64 = 1e-3;
/// Least curvature, where two places coincide. LIBSVM's value.
const TAU: f64 = 1e-12;
/// Number of places at which the grid is fine enough.
const PLACES: usize = 2048;
/// Binary digits after the point of the finest and of the coarsest grid.
const DIGITS: std::ops::RangeInclusive<i32> = 10..=30;
/// Kernel values that are kept (64 MiB).
const CACHE: usize = 16 << 20;
/// Steps per place after which the solver gives up and answers with what it has.
const STEPS: usize = 1000;

/// Class of a training row. LIBSVM lets the second class win where the machine is undecided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The first class: decision > 0.
    NonMember,
    /// The second class: decision <= 0.
    Member,
}

/// A trained machine.
#[derive(Debug, Clone)]
pub(super) struct Svm {
    width: usize,
    gamma: f64,
    /// Places with a coefficient, row-major.
    support: Vec<f32>,
    coefficients: Vec<f64>,
    bias: f64,
}

impl Svm {
    /// Separates two sets of rows, each row-major with `width` finite features. The result does not depend
    /// on the order of the rows.
    pub(super) fn train(width: usize, non_members: &[f32], members: &[f32]) -> Self {
        let places = Places::new(width, non_members, members);
        let gamma = 1.0 / width as f64;
        let (coefficients, bias) = Solver::new(&places, gamma).solve();
        let mut svm = Self {
            width,
            gamma,
            support: Vec::new(),
            coefficients: Vec::new(),
            bias,
        };
        for (place, coefficient) in places.rows.chunks_exact(width).zip(coefficients) {
            if coefficient != 0.0 {
                svm.support.extend_from_slice(place);
                svm.coefficients.push(coefficient);
            }
        }
        svm
    }

    pub(super) fn size(&self)->usize{self.coefficients.len()}

    /// f(x) = sum_i c_i exp(-gamma |x_i - x|^2) + bias.
    pub(super) fn decision(&self, row: &[f32]) -> f64 {
        let places = self.support.chunks_exact(self.width).zip(&self.coefficients);
        let sum: f64 = places
            .map(|(place, c)| c * (-self.gamma * squared_distance(place, row)).exp())
            .sum();
        sum + self.bias
    }

    /// The side of each row. Equal neighbours are computed once, so sorted queries are fast.
    pub(super) fn predict(&self, rows: &[f32]) -> Vec<Side> {
        let mut last: Option<(&[f32], Side)> = None;
        let mut sides = Vec::with_capacity(rows.len() / self.width);
        for row in rows.chunks_exact(self.width) {
            let side = match last {
                Some((same, side)) if same == row => side,
                _ if self.decision(row) > 0.0 => Side::NonMember,
                _ => Side::Member,
            };
            last = Some((row, side));
            sides.push(side);
        }
        sides
    }
}

fn squared_distance(a: &[f32], b: &[f32]) -> f64 {
    let pairs = a.iter().zip(b);
    pairs.map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum()
}

/// The training rows, with those at the same place taken together.
struct Places {
    width: usize,
    /// Row-major, ascending, no two equal.
    rows: Vec<f32>,
    /// Upper bounds of the dual variables: how many rows of each side lie there, times the penalty.
    bounds: Vec<Bounds>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Bounds {
    non_member: f64,
    member: f64,
}

impl Places {
    /// On the finest grid that leaves at most [`PLACES`], or else on the coarsest. Steps of 2^-10 and
    /// less are far below the width of the kernel, and queries are never rounded.
    fn new(width: usize, non_members: &[f32], members: &[f32]) -> Self {
        let outside = non_members.len() / width;
        let rows = [non_members, members].concat();
        let exact = Self::merge(width, &rows, outside);
        if exact.bounds.len() <= PLACES {
            return exact;
        }
        let mut merged = exact;
        for digits in DIGITS.rev().step_by(2) {
            let on_grid: Vec<f32> = rows.iter().map(|&x| rounded(x, digits)).collect();
            merged = Self::merge(width, &on_grid, outside);
            if merged.bounds.len() <= PLACES {
                break;
            }
        }
        merged
    }

    /// Takes equal rows together; the first `outside` rows are the non-members.
    fn merge(width: usize, rows: &[f32], outside: usize) -> Self {
        let row = |i: usize| &rows[i * width..][..width];
        let mut order: Vec<usize> = (0..rows.len() / width).collect();
        order.sort_unstable_by(|&a, &b| compare(row(a), row(b)));
        let mut places = Self {
            width,
            rows: Vec::new(),
            bounds: Vec::new(),
        };
        for same in order.chunk_by(|&a, &b| compare(row(a), row(b)).is_eq()) {
            let non_members = same.iter().filter(|&&i| i < outside).count();
            places.rows.extend_from_slice(row(same[0]));
            places.bounds.push(Bounds {
                non_member: PENALTY * non_members as f64,
                member: PENALTY * (same.len() - non_members) as f64,
            });
        }
        places
    }
}

fn compare(a: &[f32], b: &[f32]) -> Ordering {
    let pairs = a.iter().zip(b);
    pairs.map(|(a, b)| a.total_cmp(b)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
}

fn rounded(x: f32, digits: i32) -> f32 {
    let scale = 2f64.powi(digits);
    ((f64::from(x) * scale).round() / scale) as f32
}

/// Sequential minimal optimisation of the dual problem.
///
/// With u and v the dual variables of a place's non-members and members, f = sum (u - v) K is all that
/// the optimality conditions need: u may grow or v shrink where (1 or -1) - f is large, and the reverse
/// where it is small.
struct Solver {
    /// Column-major, for a kernel row that is computed many places at a time.
    columns: Vec<f32>,
    gamma: f32,
    bounds: Vec<Bounds>,
    dual: Vec<Bounds>,
    f: Vec<f64>,
    /// Target of f at a place for growing u - v: 1 while u can grow, else -1 while v can shrink, else none.
    up: Vec<f64>,
    /// The same for shrinking u - v.
    down: Vec<f64>,
    cache: Vec<Option<Box<[f32]>>>,
    room: usize,
    steps: usize,
}

/// Where the solver stands: the worst violators on both ends.
struct Violation {
    up: usize,
    most: f64,
    down: usize,
    least: f64,
}

impl Solver {
    fn new(places: &Places, gamma: f64) -> Self {
        let n = places.bounds.len();
        let columns = (0..places.width)
            .flat_map(|k| places.rows.iter().skip(k).step_by(places.width).copied())
            .collect();
        let mut solver = Self {
            columns,
            gamma: gamma as f32,
            bounds: places.bounds.clone(),
            dual: vec![Bounds::default(); n],
            f: vec![0.0; n],
            up: vec![0.0; n],
            down: vec![0.0; n],
            cache: vec![None; n],
            room: CACHE / n.max(1), steps: 0,
        };
        for place in 0..n {
            solver.set_targets(place);
        }
        solver
    }

    /// Coefficients u - v of the places, and the bias.
    fn solve(mut self) -> (Vec<f64>, f64) {
        let n = self.f.len();
        let (mut row_up, mut row_down) = (vec![0.0; n], vec![0.0; n]);
        for _ in 0..STEPS * n {
            let Some(worst) = self.violation(&mut row_up) else {
                break;
            };
            if worst.most - worst.least < TOLERANCE {
                break;
            }
            self.kernel_row(worst.down, &mut row_down);
            self.steps+=1;
            self.step(&worst, &row_up, &row_down);
        }
        if std::env::var("DBG").is_ok() { eprintln!("places {n} steps {}", self.steps); }
        let bias = self.bias();
        let coefficients = self.dual.iter().map(|dual| dual.non_member - dual.member);
        (coefficients.collect(), bias)
    }

    /// The place where growth is wanted most, and the place which, paired with it, promises the largest
    /// decrease of the objective. Leaves the kernel row of the first in `row`.
    fn violation(&mut self, row: &mut [f32]) -> Option<Violation> {
        let (mut up, mut most) = (None, f64::NEG_INFINITY);
        for (place, (target, f)) in self.up.iter().zip(&self.f).enumerate() {
            let wish = target - f;
            if wish > most {
                (up, most) = (Some(place), wish);
            }
        }
        let up = up?;
        self.kernel_row(up, row);
        let (mut down, mut best, mut least) = (None, f64::NEG_INFINITY, f64::INFINITY);
        for (place, ((target, f), k)) in self.down.iter().zip(&self.f).zip(&*row).enumerate() {
            let wish = target - f;
            least = least.min(wish);
            let gap = most - wish;
            let gain = gap * gap / curvature(*k);
            if gap > 0.0 && gain > best {
                (down, best) = (Some(place), gain);
            }
        }
        Some(Violation {
            up,
            most,
            down: down?,
            least,
        })
    }

    /// Moves the pair to its optimum, or as far as the bounds let it.
    fn step(&mut self, worst: &Violation, row_up: &[f32], row_down: &[f32]) {
        let (up, down) = (worst.up, worst.down);
        let gap = (self.up[up] - self.f[up]) - (self.down[down] - self.f[down]);
        let wanted = gap / curvature(row_up[down]);
        let (grows, shrinks) = (self.up[up] > 0.0, self.down[down] > 0.0);
        let room_up = if grows {
            self.bounds[up].non_member - self.dual[up].non_member
        } else {
            self.dual[up].member
        };
        let room_down = if shrinks {
            self.dual[down].non_member
        } else {
            self.bounds[down].member - self.dual[down].member
        };
        let length = wanted.min(room_up).min(room_down);
        // Bounds are reached exactly, or the same pair would be chosen again for a rounding error.
        let (full_up, full_down) = (length >= room_up, length >= room_down);
        let (bounds, dual) = (self.bounds[up], &mut self.dual[up]);
        match (grows, full_up) {
            (true, true) => dual.non_member = bounds.non_member,
            (true, false) => dual.non_member += length,
            (false, true) => dual.member = 0.0,
            (false, false) => dual.member -= length,
        }
        let (bounds, dual) = (self.bounds[down], &mut self.dual[down]);
        match (shrinks, full_down) {
            (true, true) => dual.non_member = 0.0,
            (true, false) => dual.non_member -= length,
            (false, true) => dual.member = bounds.member,
            (false, false) => dual.member += length,
        }
        self.set_targets(up);
        self.set_targets(down);
        for ((f, a), b) in self.f.iter_mut().zip(row_up).zip(row_down) {
            *f += length * f64::from(a - b);
        }
    }

    fn set_targets(&mut self, place: usize) {
        let (bounds, dual) = (self.bounds[place], self.dual[place]);
        self.up[place] = if dual.non_member < bounds.non_member {
            1.0
        } else if dual.member > 0.0 {
            -1.0
        } else {
            f64::NEG_INFINITY
        };
        self.down[place] = if dual.member < bounds.member {
            -1.0
        } else if dual.non_member > 0.0 {
            1.0
        } else {
            f64::INFINITY
        };
    }

    /// What f lacks at the free variables, on average; without any, the middle of what the bounds allow.
    fn bias(&self) -> f64 {
        let (mut free, mut sum) = (0u32, 0.0);
        let (mut most, mut least) = (f64::NEG_INFINITY, f64::INFINITY);
        for place in 0..self.f.len() {
            let (f, dual, bounds) = (self.f[place], self.dual[place], self.bounds[place]);
            if dual.non_member > 0.0 && dual.non_member < bounds.non_member {
                (free, sum) = (free + 1, sum + (1.0 - f));
            }
            if dual.member > 0.0 && dual.member < bounds.member {
                (free, sum) = (free + 1, sum + (-1.0 - f));
            }
            most = most.max(self.up[place] - f);
            least = least.min(self.down[place] - f);
        }
        if free > 0 {
            sum / f64::from(free)
        } else {
            (most + least) / 2.0
        }
    }

    /// exp(-gamma |x_i - x|^2) for all places x, from the cache if it is there.
    fn kernel_row(&mut self, i: usize, row: &mut [f32]) {
        if let Some(known) = &self.cache[i] {
            row.copy_from_slice(known);
            return;
        }
        row.fill(0.0);
        for column in self.columns.chunks_exact(row.len()) {
            let center = column[i];
            for (sum, x) in row.iter_mut().zip(column) {
                let difference = x - center;
                *sum += difference * difference;
            }
        }
        for value in row.iter_mut() {
            *value = exp_minus(self.gamma * *value);
        }
        if self.room > 0 {
            self.room -= 1;
            self.cache[i] = Some(row.into());
        }
    }
}

/// Second derivative of the objective along a pair: K_ii + K_jj - 2 K_ij.
fn curvature(k: f32) -> f64 {
    (2.0 - 2.0 * f64::from(k)).max(TAU)
}

/// exp(-x) for x >= 0, to 2e-7 of its value, and about 1e-38 where it is smaller than that.
///
/// The standard library calls the platform's function, which is slow in a loop and not the same everywhere.
fn exp_minus(x: f32) -> f32 {
    // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let power = (-x * std::f32::consts::LOG2_E).max(-126.0);
    let shifted = power + ROUND;
    let r = (power - (shifted - ROUND)) * std::f32::consts::LN_2;
    let tail = 1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0 + r * (1.0 / 720.0)));
    let fraction = 1.0 + r * (1.0 + r * (0.5 + r * tail));
    let integer = shifted.to_bits().wrapping_sub(ROUND.to_bits());
    fraction * f32::from_bits(integer.wrapping_add(127) << 23)
}

#[cfg(test)]
mod tests;
