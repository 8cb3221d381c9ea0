//! Principal component analysis: the two directions in which points vary most, to draw them on a
//! plane.

use nalgebra::{DMatrix, SymmetricEigen};

/// Mean and first two principal axes of some features.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PcaPlane {
    mean: Vec<f64>,
    axes: [Vec<f64>; 2],
}

impl PcaPlane {
    /// The plane of `values`, `[n, width]` row-major. Signs are fixed (the largest component of an
    /// axis is positive), so that the same features give the same picture.
    pub(crate) fn fit(values: &[f32], width: usize) -> Self {
        let (width, rows) = (width.max(1), values.len() / width.max(1));
        let mut points =
            DMatrix::from_row_iterator(rows, width, values.iter().map(|&value| f64::from(value)));
        let mean: Vec<f64> =
            points.column_iter().map(|column| column.sum() / rows.max(1) as f64).collect();
        for (mut column, mean) in points.column_iter_mut().zip(&mean) {
            column.add_scalar_mut(-mean);
        }
        let eigen = SymmetricEigen::new(points.transpose() * &points);
        let mut order: Vec<usize> = (0..width).collect();
        order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
        let axis = |rank: usize| -> Vec<f64> {
            let Some(&column) = order.get(rank) else { return vec![0.0; width] };
            let axis = eigen.eigenvectors.column(column);
            let sign = axis.iter().copied().max_by(|a, b| a.abs().total_cmp(&b.abs()));
            let sign = sign.unwrap_or(1.0).signum();
            axis.iter().map(|value| value * sign).collect()
        };
        let axes = [axis(0), axis(1)];
        Self { mean, axes }
    }

    /// `[n, width]` to `[n, 2]`, both row-major.
    pub(crate) fn project(&self, values: &[f32]) -> Vec<f32> {
        let rows = values.chunks_exact(self.mean.len());
        let on = |row: &[f32], axis: &[f64]| -> f32 {
            let centred = row.iter().zip(&self.mean).map(|(&value, mean)| f64::from(value) - mean);
            centred.zip(axis).map(|(value, weight)| value * weight).sum::<f64>() as f32
        };
        rows.flat_map(|row| [on(row, &self.axes[0]), on(row, &self.axes[1])]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_in_space_lies_on_the_first_axis() {
        // Points t (1, 2, -2) + (5, 5, 5): |(1, 2, -2)| = 3.
        let values: Vec<f32> =
            (0..5).flat_map(|t| [1.0, 2.0, -2.0].map(|d| t as f32 * d + 5.0)).collect();
        let plane = PcaPlane::fit(&values, 3);
        let points = plane.project(&values);
        for (t, point) in points.chunks(2).enumerate() {
            assert!((point[0].abs() - 3.0 * (t as f32 - 2.0).abs()).abs() < 1e-4, "{points:?}");
            assert!(point[1].abs() < 1e-4, "{points:?}");
        }
    }

    #[test]
    fn features_of_one_number_and_no_rows_have_a_plane_too() {
        assert_eq!(PcaPlane::fit(&[1.0, 3.0], 1).project(&[2.0]), [0.0, 0.0]);
        assert!(PcaPlane::fit(&[], 4).project(&[]).is_empty());
    }
}
