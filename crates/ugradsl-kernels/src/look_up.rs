//! Bytes that are looked up in tables.

use rayon::prelude::*;

/// The images numbered `rows` of `pixels` `[n, channels, plane]`, each byte replaced by its entry
/// in the table of its channel: `[rows, channels, plane]`.
///
/// ```
/// use std::array::from_fn;
/// use ugradsl_kernels::look_up;
///
/// let halves = from_fn(|byte| byte as f32 / 2.0);
/// assert_eq!(look_up(&[1, 2, 3, 4], &[halves], 2, &[1, 0]), [1.5, 2.0, 0.5, 1.0]);
/// ```
///
/// # Panics
///
/// If there is no image of a number, or no pixel in a plane.
pub fn look_up(pixels: &[u8], tables: &[[f32; 256]], plane: usize, rows: &[u32]) -> Vec<f32> {
    let size = tables.len() * plane;
    let mut values = vec![0.0; rows.len() * size];
    values.par_chunks_mut(size).zip(rows).for_each(|(values, &row)| {
        let image = &pixels[row as usize * size..][..size];
        let planes = values.chunks_exact_mut(plane).zip(image.chunks_exact(plane));
        for ((values, bytes), table) in planes.zip(tables) {
            values
                .iter_mut()
                .zip(bytes)
                .for_each(|(value, &byte)| *value = table[usize::from(byte)]);
        }
    });
    values
}
