//! Resizing as PIL and torchvision do it: bilinear with antialias, in whole numbers.
//!
//! The arithmetic is that of PIL's `Resample.c` (weights of 22 bits, rows first, rounded to 8 bits
//! between the two passes), so results are the same to the bit as those of PIL 11. PIL 13 takes the
//! columns of some tall pictures first, which changes values by 1. Only what the crop keeps is
//! computed.

/// Bits behind the point in a weight, as in PIL.
const BITS: u32 = 22;

/// Interleaved pixels of 8 bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Raster {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) samples: usize,
    pub(crate) pixels: Vec<u8>,
}

/// The weights of the input pixels from `first` on for one output pixel.
struct Taps {
    first: usize,
    weights: Vec<i64>,
}

/// The short side to `side`, then the centre of `side` x `side`.
///
/// As torchvision's `Resize(side)` and `CenterCrop(side)`: the long side becomes the whole part of
/// side * long / short. The margin is rounded half to even, as Python's `round` does.
pub(crate) fn resize(raster: &Raster, side: usize) -> Raster {
    let (width, height) = (raster.width, raster.height);
    let short = width.min(height);
    if short == 0 || side == 0 {
        return raster.clone();
    }
    let scaled = |length: usize| (side as u128 * length as u128 / short as u128) as usize;
    let columns = taps(width, scaled(width), side);
    let rows = taps(height, scaled(height), side);
    let first = rows.iter().map(|taps| taps.first).min().unwrap_or(0);
    let last = rows.iter().map(|taps| taps.first + taps.weights.len()).max().unwrap_or(0);
    let narrow = across(raster, &columns, first, last);
    down(&narrow, &rows, first)
}

/// The margin before the centre: (size - side) / 2, rounded half to even.
fn margin(size: usize, side: usize) -> usize {
    let spare = size.saturating_sub(side);
    spare / 2 + usize::from(spare % 4 == 3)
}

/// The weights for the `side` central pixels of `output`, of which there are `input` before.
fn taps(input: usize, output: usize, side: usize) -> Vec<Taps> {
    let start = margin(output, side);
    let scale = input as f64 / output as f64;
    let support = scale.max(1.0);
    (start..start + side)
        .map(|at| {
            let centre = (at as f64 + 0.5) * scale;
            // Casts of floats saturate, so a negative bound is 0.
            let first = (centre - support + 0.5) as usize;
            let end = ((centre + support + 0.5) as usize).min(input);
            let first = first.min(end.saturating_sub(1));
            weights(first, end, centre, support)
        })
        .collect()
}

fn weights(first: usize, end: usize, centre: f64, support: f64) -> Taps {
    let triangle = |at: usize| {
        let distance = ((at as f64 - centre + 0.5) * (1.0 / support)).abs();
        (1.0 - distance).max(0.0)
    };
    let raw: Vec<f64> = (first..end).map(triangle).collect();
    let sum: f64 = raw.iter().sum();
    let scale = if sum == 0.0 { 1.0 } else { 1.0 / sum };
    let fixed = |weight: &f64| (0.5 + weight * scale * f64::from(1_u32 << BITS)) as i64;
    Taps { first, weights: raw.iter().map(fixed).collect() }
}

/// A weighted sum as 8 bits.
fn round(sum: i64) -> u8 {
    ((sum + (1 << (BITS - 1))) >> BITS).clamp(0, 255) as u8
}

/// Resizes the rows from `first` to `last`.
fn across(raster: &Raster, columns: &[Taps], first: usize, last: usize) -> Raster {
    let samples = raster.samples;
    let mut pixels = Vec::with_capacity(columns.len() * (last - first) * samples);
    let rows = raster.pixels.chunks_exact(raster.width * samples);
    for row in rows.skip(first).take(last - first) {
        for taps in columns {
            for sample in 0..samples {
                let values = row.iter().skip(taps.first * samples + sample).step_by(samples);
                let products = values.zip(&taps.weights).map(|(&v, w)| i64::from(v) * w);
                pixels.push(round(products.sum()));
            }
        }
    }
    Raster { width: columns.len(), height: last - first, samples, pixels }
}

/// Resizes the columns. The first row of `raster` has the number `first`.
fn down(raster: &Raster, rows: &[Taps], first: usize) -> Raster {
    let line = raster.width * raster.samples;
    let mut pixels = Vec::with_capacity(rows.len() * line);
    let mut sums = vec![0_i64; line];
    for taps in rows {
        sums.fill(0);
        let lines = raster.pixels.chunks_exact(line).skip(taps.first - first);
        for (values, weight) in lines.zip(&taps.weights) {
            for (sum, &value) in sums.iter_mut().zip(values) {
                *sum += i64::from(value) * weight;
            }
        }
        pixels.extend(sums.iter().map(|&sum| round(sum)));
    }
    Raster { width: raster.width, height: rows.len(), samples: raster.samples, pixels }
}

#[cfg(test)]
pub(crate) mod tests;
