//! The training rows, merged into as few points as the problem allows.

use std::cmp::Ordering;

use super::PENALTY;

/// How far rows of one feature are merged. Above the first number of points they are rounded to the
/// finest grid that leaves no more points than that. The second number is that of
/// binary digits after the point in the coarsest grid, whose steps are still far below the width
/// of the kernel.
const SCALARS: (usize, i32) = (1024, 6);
/// The same for several features, whose rounding errors add up.
const VECTORS: (usize, i32) = (4096, 10);
/// Binary digits after the point of the finest grid.
const FINEST: i32 = 30;

/// The training rows, with equal ones merged.
pub(super) struct UniquePoints {
    pub(super) width: usize,
    /// Row-major, ascending, no two equal.
    pub(super) rows: Vec<f32>,
    /// Upper bounds of the dual variables: how many rows of each side a point has, times their
    /// penalty.
    pub(super) bounds: Vec<PerSide>,
}

/// A number for each side.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PerSide {
    pub(super) non_member: f64,
    pub(super) member: f64,
}

impl UniquePoints {
    /// The rows as they are if few are distinct, else rounded to a grid. Queries are not rounded.
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

    /// Merges equal rows; the first `outside` rows are the non-members.
    fn merge(width: usize, rows: &[f32], outside: usize) -> Self {
        let row = |i: usize| &rows[i * width..][..width];
        let mut order: Vec<usize> = (0..rows.len() / width).collect();
        order.sort_unstable_by(|&a, &b| compare(row(a), row(b)));
        let [one_outside, one_inside] = penalties(outside, order.len() - outside);
        let mut points = Self { width, rows: Vec::new(), bounds: Vec::new() };
        for same in order.chunk_by(|&a, &b| compare(row(a), row(b)).is_eq()) {
            let non_members = same.iter().filter(|&&i| i < outside).count();
            points.rows.extend_from_slice(row(same[0]));
            points.bounds.push(PerSide {
                non_member: one_outside * non_members as f64,
                member: one_inside * (same.len() - non_members) as f64,
            });
        }
        points
    }
}

/// The penalty per row of each side. The penalties of both sides add up to the same total, that of
/// the smaller side.
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
