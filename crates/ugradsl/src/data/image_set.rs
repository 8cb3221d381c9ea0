//! Labelled images in one block of bytes, the form in which they are copied to the device.

use thiserror::Error;

/// Labelled images of one size: `u8` pixels in the order row, channel, line, column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageSet {
    shape: [usize; 3],
    pixels: Vec<u8>,
    labels: Vec<u32>,
}

/// Why numbers are not a set of labelled images.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ImageSetError {
    /// An image without pixels.
    #[error("images of shape {shape:?} (channels, height, width) have no pixels")]
    ZeroDimension {
        /// Channels, height, width.
        shape: [usize; 3],
    },
    /// The number of bytes does not fit the address space.
    #[error("{rows} images of shape {shape:?} do not fit into memory")]
    TooLarge {
        /// Channels, height, width.
        shape: [usize; 3],
        /// Number of images.
        rows: usize,
    },
    /// More rows than a `u32` can number.
    #[error("{rows} rows are more than the {} that can be numbered", u32::MAX)]
    TooManyRows {
        /// Number of images.
        rows: usize,
    },
    /// Pixels and labels do not match.
    #[error(
        "{rows} labels and images of shape {shape:?} need {expected} pixel values, found {found}"
    )]
    PixelCount {
        /// Number of labels.
        rows: usize,
        /// Channels, height, width.
        shape: [usize; 3],
        /// Pixel values that the labels and the shape require.
        expected: usize,
        /// Pixel values found.
        found: usize,
    },
    /// A pixel is not a number between 0 and 1.
    #[error("pixel {pixel} of row {row} is {value}, which is not between 0 and 1")]
    PixelRange {
        /// Row of the image.
        row: usize,
        /// Position within the image, counted through channels, lines and columns.
        pixel: usize,
        /// The value found.
        value: f32,
    },
    /// A row was asked for that the set does not have.
    #[error("row {row} is not in the set, which has {rows} rows")]
    UnknownRow {
        /// The row asked for.
        row: u32,
        /// Number of rows.
        rows: usize,
    },
}

impl ImageSet {
    /// A set of `labels.len()` images.
    ///
    /// # Shapes
    /// * `shape`: channels, height, width
    /// * `pixels`: `[labels.len(), channels, height, width]`, row-major, 0 to 255
    ///
    /// # Errors
    /// When a dimension is zero or the number of pixels is not what shape and labels require.
    ///
    /// # Example
    ///
    /// ```
    /// use ugradsl::data::ImageSet;
    ///
    /// // Two images of 1 x 2 x 2.
    /// let set = ImageSet::new([1, 2, 2], vec![0, 255, 0, 255, 9, 9, 9, 9], vec![0, 1])?;
    /// assert_eq!(set.row(1), [9, 9, 9, 9]);
    /// assert!(ImageSet::new([1, 2, 2], vec![0; 7], vec![0, 1]).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(
        shape: [usize; 3],
        pixels: Vec<u8>,
        labels: Vec<u32>,
    ) -> Result<Self, ImageSetError> {
        check(shape, pixels.len(), labels.len())?;
        Ok(Self { shape, pixels, labels })
    }

    /// As [`new`](Self::new), from pixels between 0 and 1, which are rounded to the nearest of 256
    /// steps.
    ///
    /// # Errors
    /// As [`new`](Self::new), and when a pixel is not a number or lies outside 0 to 1.
    pub fn from_f32(
        shape: [usize; 3],
        pixels: &[f32],
        labels: Vec<u32>,
    ) -> Result<Self, ImageSetError> {
        let size = check(shape, pixels.len(), labels.len())?;
        let quantised = pixels.iter().enumerate().map(|(i, &value)| {
            quantise(f64::from(value)).ok_or(ImageSetError::PixelRange {
                row: i / size,
                pixel: i % size,
                value,
            })
        });
        let pixels = quantised.collect::<Result<_, _>>()?;
        Ok(Self { shape, pixels, labels })
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no images.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Channels, height, width of every image.
    pub fn shape(&self) -> [usize; 3] {
        self.shape
    }

    /// All pixels, `[len, channels, height, width]`, row-major.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// One class number per row.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// The pixels of one image, `[channels, height, width]`.
    ///
    /// # Panics
    /// When there is no row `i`, as indexing a slice does.
    pub fn row(&self, i: usize) -> &[u8] {
        let size = self.row_size();
        &self.pixels[i * size..(i + 1) * size]
    }

    /// The given rows in the given order; a row may appear more than once.
    ///
    /// # Errors
    /// When a row is not in the set.
    pub fn select(&self, rows: &[u32]) -> Result<Self, ImageSetError> {
        match rows.iter().find(|&&row| row as usize >= self.len()) {
            Some(&row) => Err(ImageSetError::UnknownRow { row, rows: self.len() }),
            None => Ok(self.pick(rows)),
        }
    }

    /// Gives the images other class numbers.
    pub(super) fn relabel(&mut self, number: impl Fn(u32) -> u32) {
        self.labels.iter_mut().for_each(|label| *label = number(*label));
    }

    /// The given rows, which must exist, in the given order.
    pub(super) fn pick(&self, rows: &[u32]) -> Self {
        let pixels = rows.iter().flat_map(|&row| self.row(row as usize));
        let labels = rows.iter().map(|&row| self.labels[row as usize]);
        Self { shape: self.shape, pixels: pixels.copied().collect(), labels: labels.collect() }
    }

    fn row_size(&self) -> usize {
        self.shape.iter().product()
    }
}

/// Checks the counts against each other; returns the number of pixels of one image.
fn check(shape: [usize; 3], found: usize, rows: usize) -> Result<usize, ImageSetError> {
    if shape.contains(&0) {
        return Err(ImageSetError::ZeroDimension { shape });
    }
    if u32::try_from(rows).is_err() {
        return Err(ImageSetError::TooManyRows { rows });
    }
    let size = shape.iter().try_fold(1, |size: usize, &dim| size.checked_mul(dim));
    let both = size.and_then(|size| Some((size, size.checked_mul(rows)?)));
    let (size, expected) = both.ok_or(ImageSetError::TooLarge { shape, rows })?;
    if found != expected {
        return Err(ImageSetError::PixelCount { rows, shape, expected, found });
    }
    Ok(size)
}

/// A pixel between 0 and 1 as the nearest of 256 steps; `None` for any other value.
pub(super) fn quantise(value: f64) -> Option<u8> {
    // The cast cannot lose anything: the range check also refuses NaN.
    (0.0..=1.0).contains(&value).then(|| (value * 255.0).round() as u8)
}

#[cfg(test)]
mod tests;
