//! What convolutions and pooling share: a window that moves over the places of a tensor.

use burn::backend::{Dispatch, DispatchTensor, ops::*};
use burn::tensor::ops::PadMode;

use super::Call;
use crate::onnx::shape::{Attempt, checked};

/// A window for each axis of the places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) kernel: Vec<usize>,
    pub(super) stride: Vec<usize>,
    pub(super) dilation: Vec<usize>,
    /// Padding before and after.
    pub(super) padding: Vec<(usize, usize)>,
    /// Whether a window that begins inside and ends beyond counts.
    pub(super) ceil: bool,
}

/// The largest stride, dilation or padding that is believed.
const MOST: i64 = 1 << 20;

impl Window {
    /// The window of `call` over places of these sizes.
    pub(super) fn of(call: &Call<'_>, kernel: &[usize], places: &[usize]) -> Attempt<Self> {
        let axes = kernel.len();
        if axes != places.len() || axes == 0 {
            return Err(format!("has a window of {axes} axes over {} axes", places.len()));
        }
        let sizes = |name: &str| {
            let given = call.node.ints(name).map_or_else(|| vec![1; axes], <[i64]>::to_vec);
            let sizes =
                given.iter().map(|size| (1..=MOST).contains(size).then_some(*size as usize));
            let sizes: Option<Vec<usize>> = sizes.collect();
            sizes.filter(|sizes| sizes.len() == axes).ok_or_else(|| format!("has {name} {given:?}"))
        };
        let (stride, dilation) = (sizes("strides")?, sizes("dilations")?);
        let ceil = call.node.is_set("ceil_mode");
        let mut window = Self { kernel: kernel.to_vec(), stride, dilation, padding: vec![], ceil };
        window.padding = match call.node.text("auto_pad").unwrap_or("NOTSET") {
            "NOTSET" | "" => given_padding(call, axes)?,
            "VALID" => vec![(0, 0); axes],
            "SAME_UPPER" => window.same(places, false),
            "SAME_LOWER" => window.same(places, true),
            other => return call.unknown("auto_pad", other),
        };
        window.check(places)?;
        Ok(window)
    }

    /// Padding after which there are as many windows as places, divided by the stride.
    fn same(&self, places: &[usize], lower: bool) -> Vec<(usize, usize)> {
        let axis = |axis: usize| {
            let windows = places[axis].div_ceil(self.stride[axis]).max(1);
            let needed = (windows - 1) * self.stride[axis] + self.reach(axis);
            let all = needed.saturating_sub(places[axis]);
            if lower { (all - all / 2, all / 2) } else { (all / 2, all - all / 2) }
        };
        (0..places.len()).map(axis).collect()
    }

    /// Places between the first and the last one under a window, both counted.
    pub(super) fn reach(&self, axis: usize) -> usize {
        (self.kernel[axis].max(1) - 1) * self.dilation[axis] + 1
    }

    fn check(&self, places: &[usize]) -> Attempt<()> {
        let fits = |axis: usize| {
            let (before, after) = self.padding[axis];
            self.kernel[axis] > 0 && places[axis] + before + after >= self.reach(axis)
        };
        match (0..places.len()).all(fits) {
            true => Ok(()),
            false => Err(format!("has a window of {:?} over only {places:?} places", self.kernel)),
        }
    }

    /// Number of windows along each axis.
    pub(super) fn windows(&self, places: &[usize]) -> Vec<usize> {
        let count = |axis: usize| {
            let (before, after) = self.padding[axis];
            let (stride, room) =
                (self.stride[axis], places[axis] + before + after - self.reach(axis));
            match self.ceil {
                false => room / stride + 1,
                // The last window must begin inside, or in the padding before.
                true => {
                    let windows = room.div_ceil(stride) + 1;
                    let begins_beyond = (windows - 1) * stride >= places[axis] + before;
                    windows - usize::from(begins_beyond)
                }
            }
        };
        (0..places.len()).map(count).collect()
    }

    /// Padding after which the windows fit exactly, ceil mode or not.
    pub(super) fn full_padding(&self, places: &[usize]) -> Vec<(usize, usize)> {
        let windows = self.windows(places);
        let axis = |axis: usize| {
            let (before, after) = self.padding[axis];
            let needed = (windows[axis] - 1) * self.stride[axis] + self.reach(axis);
            (before, after.max(needed.saturating_sub(places[axis] + before)))
        };
        (0..places.len()).map(axis).collect()
    }

    /// The padding, if it is the same before and after.
    pub(super) fn even(&self) -> Option<Vec<usize>> {
        let even = |(before, after): &(usize, usize)| (before == after).then_some(*before);
        self.padding.iter().map(even).collect()
    }
}

fn given_padding(call: &Call<'_>, axes: usize) -> Attempt<Vec<(usize, usize)>> {
    let given = call.node.ints("pads").map_or_else(|| vec![0; 2 * axes], <[i64]>::to_vec);
    let sizes = given.iter().map(|size| (0..=MOST).contains(size).then_some(*size as usize));
    let sizes: Option<Vec<usize>> = sizes.collect();
    match sizes.filter(|sizes| sizes.len() == 2 * axes) {
        Some(sizes) => Ok((0..axes).map(|axis| (sizes[axis], sizes[axis + axes])).collect()),
        None => Err(format!("has pads {given:?} for {axes} axes")),
    }
}

/// Padding of the places; examples and channels get none.
pub(super) fn pad_places(
    x: DispatchTensor,
    dims: &[usize],
    padding: &[(usize, usize)],
    value: f32,
) -> Attempt<DispatchTensor> {
    if padding.iter().all(|pair| *pair == (0, 0)) {
        return Ok(x);
    }
    let mut all = vec![(0, 0); dims.len() - padding.len()];
    all.extend(padding);
    checked(dims.iter().zip(&all).map(|(side, (before, after))| side + before + after).collect())?;
    Ok(Dispatch::float_pad(x, &all, PadMode::Constant(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(stride: usize, padding: (usize, usize), ceil: bool) -> Window {
        Window {
            kernel: vec![3],
            stride: vec![stride],
            dilation: vec![1],
            padding: vec![padding],
            ceil,
        }
    }

    #[test]
    fn counts_windows_as_onnx_does() {
        // AveragePool, "output_spatial_shape" of ONNX's operator documentation.
        assert_eq!(window(2, (0, 0), false).windows(&[4]), [1]);
        assert_eq!(window(2, (0, 0), true).windows(&[4]), [2]);
        assert_eq!(window(2, (1, 1), true).windows(&[4]), [3]);
        // A fourth window would begin in the padding behind.
        assert_eq!(window(3, (1, 1), true).windows(&[5]), [2]);
        assert_eq!(window(2, (0, 0), true).full_padding(&[4]), [(0, 1)]);
    }

    #[test]
    fn same_padding_is_uneven_on_the_side_that_it_names() {
        let even = Window { kernel: vec![2], ..window(1, (0, 0), false) };
        assert_eq!(even.same(&[4], false), [(0, 1)]);
        assert_eq!(even.same(&[4], true), [(1, 0)]);
    }
}
