//! Sequential minimal optimisation.

use ugradsl_kernels::Columns;

use super::TOLERANCE;
use super::unique_points::{PerSide, UniquePoints};

/// Smallest curvature, for two points that coincide. LIBSVM's value.
const TAU: f64 = 1e-12;
/// Kernel values that are cached (64 MiB).
const CACHE: usize = 16 << 20;
/// Steps per point after which the solver stops and returns what it has.
const STEPS: usize = 1000;

/// The coefficients of the points (positive: non-member), and the bias.
pub(super) fn solve(points: &UniquePoints) -> (Vec<f64>, f64) {
    Solver::new(points).solve()
}

/// The dual problem on its way to the optimum.
///
/// With u and v the dual variables of a point's non-members and members, f = sum (u - v) K is all
/// that the optimality conditions need: u may grow or v shrink where (1 or -1) - f is large, and
/// the reverse where it is small.
struct Solver {
    columns: Columns,
    gamma: f32,
    bounds: Vec<PerSide>,
    dual: Vec<PerSide>,
    f: Vec<f64>,
    /// Target of f at a point for growing u - v: 1 while u can grow, else -1 while v can shrink,
    /// else none.
    up: Vec<f64>,
    /// The same for shrinking u - v.
    down: Vec<f64>,
    cache: Vec<Option<Box<[f32]>>>,
    cache_rows: usize,
}

/// The worst violators at both ends.
struct Violation {
    up: usize,
    most: f64,
    down: usize,
    least: f64,
}

impl Solver {
    fn new(points: &UniquePoints) -> Self {
        let n = points.bounds.len();
        let mut solver = Self {
            columns: Columns::new(points.width, &points.rows),
            gamma: 1.0 / points.width as f32,
            bounds: points.bounds.clone(),
            dual: vec![PerSide::default(); n],
            f: vec![0.0; n],
            up: vec![0.0; n],
            down: vec![0.0; n],
            cache: vec![None; n],
            cache_rows: CACHE / n.max(1),
        };
        for point in 0..n {
            solver.set_targets(point);
        }
        solver
    }

    /// Coefficients u - v of the points, and the bias.
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
            self.step(&worst, &row_up, &row_down);
        }
        let bias = self.bias();
        let coefficients = self.dual.iter().map(|dual| dual.non_member - dual.member);
        (coefficients.collect(), bias)
    }

    /// The point where u - v should grow most, and the point that, paired with it, promises the
    /// largest decrease of the objective. Leaves the kernel row of the first in `row`.
    fn violation(&mut self, row: &mut [f32]) -> Option<Violation> {
        let (mut up, mut most) = (None, f64::NEG_INFINITY);
        for (point, (target, f)) in self.up.iter().zip(&self.f).enumerate() {
            let wish = target - f;
            if wish > most {
                (up, most) = (Some(point), wish);
            }
        }
        let up = up?;
        self.kernel_row(up, row);
        let (mut down, mut best, mut least) = (None, f64::NEG_INFINITY, f64::INFINITY);
        for (point, ((target, f), k)) in self.down.iter().zip(&self.f).zip(&*row).enumerate() {
            let wish = target - f;
            least = least.min(wish);
            let gap = most - wish;
            let gain = gap * gap / curvature(*k);
            if gap > 0.0 && gain > best {
                (down, best) = (Some(point), gain);
            }
        }
        Some(Violation { up, most, down: down?, least })
    }

    /// Moves the pair to its optimum, or as far as the bounds allow.
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

    fn set_targets(&mut self, point: usize) {
        let (bounds, dual) = (self.bounds[point], self.dual[point]);
        self.up[point] = if dual.non_member < bounds.non_member {
            1.0
        } else if dual.member > 0.0 {
            -1.0
        } else {
            f64::NEG_INFINITY
        };
        self.down[point] = if dual.member < bounds.member {
            -1.0
        } else if dual.non_member > 0.0 {
            1.0
        } else {
            f64::INFINITY
        };
    }

    /// Mean residual of f at the free variables; without any, the middle of what the bounds allow.
    fn bias(&self) -> f64 {
        let (mut free, mut sum) = (0u32, 0.0);
        let (mut most, mut least) = (f64::NEG_INFINITY, f64::INFINITY);
        for point in 0..self.f.len() {
            let (f, dual, bounds) = (self.f[point], self.dual[point], self.bounds[point]);
            if dual.non_member > 0.0 && dual.non_member < bounds.non_member {
                (free, sum) = (free + 1, sum + (1.0 - f));
            }
            if dual.member > 0.0 && dual.member < bounds.member {
                (free, sum) = (free + 1, sum + (-1.0 - f));
            }
            most = most.max(self.up[point] - f);
            least = least.min(self.down[point] - f);
        }
        if free > 0 { sum / f64::from(free) } else { (most + least) / 2.0 }
    }

    /// exp(-gamma |x_i - x|^2) for all points x, from the cache if it is there.
    fn kernel_row(&mut self, i: usize, row: &mut [f32]) {
        if let Some(known) = &self.cache[i] {
            row.copy_from_slice(known);
            return;
        }
        self.columns.gaussians(&self.columns.row(i), self.gamma, row);
        if self.cache_rows > 0 {
            self.cache_rows -= 1;
            self.cache[i] = Some(row.into());
        }
    }
}

/// Second derivative of the objective along a pair: K_ii + K_jj - 2 K_ij.
fn curvature(k: f32) -> f64 {
    (2.0 - 2.0 * f64::from(k)).max(TAU)
}
