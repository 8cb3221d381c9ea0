//! Where the training rows lie, with as few places as the problem allows.

use std::cmp::Ordering;

use super::PENALTY;

/// How far one feature may be merged: places above which a grid is laid, the finest that leaves no more, and
/// the binary digits after the point of the coarsest grid. Its steps are far below the width of the kernel.
const SCALARS: (usize, i32) = (1024, 6);
/// The same for several features, whose rounding errors add up.
const VECTORS: (usize, i32) = (4096, 10);
/// Binary digits after the point of the finest grid.
const FINEST: i32 = 30;

/// The training rows, with those at the same place taken together.
pub(super) struct UniquePoints {
    pub(super) width: usize,
    /// Row-major, ascending, no two equal.
    pub(super) rows: Vec<f32>,
    /// Upper bounds of the dual variables: how many rows of each side lie there, times their penalty.
    pub(super) bounds: Vec<PerSide>,
}

/// A number for each side.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PerSide {
    pub(super) non_member: f64,
    pub(super) member: f64,
}

impl UniquePoints {
    /// As they are if these are few places, else on a grid. What is asked later is not rounded.
    pub(super) fn new(width: usize, non_members: &[f32], members: &[f32]) -> Self {
        let outside = non_members.len() / width;
        let rows = [non_members, members].concat();
        let mut merged = Self::merge(width, &rows, outside);
        let (most, coarsest) = if width == 1 { SCALARS } else { VECTORS };
        for digits in (coarsest..=FINEST).rev().step_by(2) {
            if merged.bounds.len() <= most {
                break;
            }
            let on_grid: Vec<f32> = rows.iter().map(|&x| rounded(x, digits)).collect();
            merged = Self::merge(width, &on_grid, outside);
        }
        merged
    }

    /// Takes equal rows together; the first `outside` rows are the non-members.
    fn merge(width: usize, rows: &[f32], outside: usize) -> Self {
        let row = |i: usize| &rows[i * width..][..width];
        let mut order: Vec<usize> = (0..rows.len() / width).collect();
        order.sort_unstable_by(|&a, &b| compare(row(a), row(b)));
        let [one_outside, one_inside] = penalties(outside, order.len() - outside);
        let mut places = Self { width, rows: Vec::new(), bounds: Vec::new() };
        for same in order.chunk_by(|&a, &b| compare(row(a), row(b)).is_eq()) {
            let non_members = same.iter().filter(|&&i| i < outside).count();
            places.rows.extend_from_slice(row(same[0]));
            places.bounds.push(PerSide {
                non_member: one_outside * non_members as f64,
                member: one_inside * (same.len() - non_members) as f64,
            });
        }
        places
    }
}

/// Penalty of a row of either side, so that both sides add up to that of the smaller one.
fn penalties(non_members: usize, members: usize) -> [f64; 2] {
    let smaller = non_members.min(members) as f64;
    [non_members, members].map(|rows| PENALTY * smaller / rows.max(1) as f64)
}

fn compare(a: &[f32], b: &[f32]) -> Ordering {
    let pairs = a.iter().zip(b);
    pairs.map(|(a, b)| a.total_cmp(b)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
}

fn rounded(x: f32, digits: i32) -> f32 {
    let scale = 2f64.powi(digits);
    ((f64::from(x) * scale).round() / scale) as f32
}

/// UniquePoints, column-major: many distances are computed at a time.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    places: usize,
    values: Vec<f32>,
}

impl Columns {
    pub(super) fn new(width: usize, rows: &[f32]) -> Self {
        let column = |k| rows.iter().skip(k).step_by(width).copied();
        Self { places: rows.len() / width, values: (0..width).flat_map(column).collect() }
    }

    /// |place - row|^2 for all places. Differences of near numbers are exact, so that small distances lose
    /// nothing to `f32`.
    pub(super) fn squared_distances(&self, row: impl Iterator<Item = f32>, distances: &mut [f32]) {
        distances.fill(0.0);
        for (column, center) in self.values.chunks_exact(self.places).zip(row) {
            for (sum, x) in distances.iter_mut().zip(column) {
                *sum += (x - center) * (x - center);
            }
        }
    }

    pub(super) fn row(&self, place: usize) -> impl Iterator<Item = f32> {
        self.values.iter().skip(place).step_by(self.places).copied()
    }
}
