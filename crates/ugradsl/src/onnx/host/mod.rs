//! Small tensors on the host: shapes, indices and constants of a graph. They keep their 64-bit
//! integers, which a GPU does not have, and nothing has to be read back to know a shape.

mod arithmetic;
mod decode;

#[cfg(feature = "onnx")]
pub(crate) use arithmetic::{Binary, binary};

use super::shape::{Attempt, checked, count, from_end, strides};

/// Elements of one type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Elements {
    Ints(Vec<i64>),
    Floats(Vec<f32>),
    Bools(Vec<bool>),
}

/// A tensor on the host.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HostTensor {
    pub(crate) dims: Vec<usize>,
    pub(crate) elements: Elements,
}

/// The same done to the vector of each type.
macro_rules! each {
    ($elements:expr, $values:ident => $result:expr) => {
        match $elements {
            Elements::Ints($values) => Elements::Ints($result),
            Elements::Floats($values) => Elements::Floats($result),
            Elements::Bools($values) => Elements::Bools($result),
        }
    };
}

impl HostTensor {
    /// A list of integers.
    pub(crate) fn list(values: Vec<i64>) -> Self {
        Self { dims: vec![values.len()], elements: Elements::Ints(values) }
    }

    /// A single integer.
    pub(crate) fn int(value: i64) -> Self {
        Self { dims: Vec::new(), elements: Elements::Ints(vec![value]) }
    }

    /// Floats of this shape; there must be as many.
    pub(crate) fn floats(dims: Vec<usize>, values: Vec<f32>) -> Self {
        debug_assert_eq!(count(&dims), values.len());
        Self { dims, elements: Elements::Floats(values) }
    }

    /// Integers of this shape; there must be as many.
    pub(crate) fn ints(dims: Vec<usize>, values: Vec<i64>) -> Self {
        debug_assert_eq!(count(&dims), values.len());
        Self { dims, elements: Elements::Ints(values) }
    }

    /// Truth values of this shape; there must be as many.
    pub(crate) fn bools(dims: Vec<usize>, values: Vec<bool>) -> Self {
        debug_assert_eq!(count(&dims), values.len());
        Self { dims, elements: Elements::Bools(values) }
    }

    pub(crate) fn count(&self) -> usize {
        count(&self.dims)
    }

    pub(crate) fn to_ints(&self) -> Vec<i64> {
        match &self.elements {
            Elements::Ints(values) => values.clone(),
            Elements::Floats(values) => values.iter().map(|value| *value as i64).collect(),
            Elements::Bools(values) => values.iter().map(|value| i64::from(*value)).collect(),
        }
    }

    pub(crate) fn to_floats(&self) -> Vec<f32> {
        match &self.elements {
            Elements::Ints(values) => values.iter().map(|value| *value as f32).collect(),
            Elements::Floats(values) => values.clone(),
            Elements::Bools(values) => values.iter().map(|value| f32::from(*value)).collect(),
        }
    }

    pub(crate) fn to_bools(&self) -> Vec<bool> {
        match &self.elements {
            Elements::Ints(values) => values.iter().map(|value| *value != 0).collect(),
            Elements::Floats(values) => values.iter().map(|value| *value != 0.0).collect(),
            Elements::Bools(values) => values.clone(),
        }
    }

    /// The value, if there is exactly one.
    pub(crate) fn single(&self) -> Option<f32> {
        match self.to_floats().as_slice() {
            [value] => Some(*value),
            _ => None,
        }
    }

    /// The same values in another shape of as many elements.
    pub(crate) fn reshaped(&self, dims: Vec<usize>) -> Self {
        debug_assert_eq!(count(&dims), self.count());
        Self { dims, elements: self.elements.clone() }
    }

    /// The elements at these places, in this order.
    pub(crate) fn pick(&self, dims: Vec<usize>, places: &[usize]) -> Self {
        let elements =
            each!(&self.elements, values => places.iter().map(|place| values[*place]).collect());
        Self { dims, elements }
    }

    /// For each place of the result, the element at `place(coordinates)`.
    fn mapped(&self, dims: Vec<usize>, place: impl Fn(&[usize]) -> usize) -> Self {
        let mut places = Vec::with_capacity(count(&dims));
        let mut at = vec![0; dims.len()];
        for _ in 0..count(&dims) {
            places.push(place(&at));
            for axis in (0..dims.len()).rev() {
                at[axis] += 1;
                if at[axis] < dims[axis] {
                    break;
                }
                at[axis] = 0;
            }
        }
        self.pick(dims, &places)
    }

    /// Repeated along axes of length one, to `dims`, which it must broadcast to.
    pub(crate) fn expanded(&self, dims: &[usize]) -> Self {
        if self.dims == dims {
            return self.clone();
        }
        let (own, steps) = (&self.dims, strides(&self.dims));
        let front = dims.len() - own.len();
        self.mapped(dims.to_vec(), |at| {
            let place =
                |axis: usize| if own[axis] == 1 { 0 } else { at[axis + front] * steps[axis] };
            (0..own.len()).map(place).sum()
        })
    }

    /// Axes in another order.
    pub(crate) fn permuted(&self, order: &[usize]) -> Self {
        let steps = strides(&self.dims);
        let dims = order.iter().map(|axis| self.dims[*axis]).collect();
        self.mapped(dims, |at| order.iter().zip(at).map(|(axis, i)| i * steps[*axis]).sum())
    }

    /// Slices at `indices` along `axis`.
    pub(crate) fn gathered(&self, indices: &Self, axis: usize) -> Attempt<Self> {
        let length = self.dims[axis];
        let found: Option<Vec<usize>> =
            indices.to_ints().iter().map(|index| from_end(*index, length)).collect();
        let found = found.ok_or_else(|| format!("has indices beyond its {length} rows"))?;
        let dims = checked([&self.dims[..axis], &indices.dims, &self.dims[axis + 1..]].concat())?;
        let (outer, inner) = (count(&self.dims[..axis]), count(&self.dims[axis + 1..]));
        let mut places = Vec::with_capacity(count(&dims));
        for o in 0..outer {
            for index in &found {
                let start = (o * length + index) * inner;
                places.extend(start..start + inner);
            }
        }
        Ok(self.pick(dims, &places))
    }

    /// A part of it, given by start, length and step of each axis.
    pub(crate) fn sliced(&self, parts: &[Part]) -> Self {
        let steps = strides(&self.dims);
        let dims = parts.iter().map(|part| part.length).collect();
        self.mapped(dims, |at| {
            let place = |(axis, part): (usize, &Part)| part.place(at[axis]) * steps[axis];
            parts.iter().enumerate().map(place).sum()
        })
    }

    /// Several tensors of one type, one after another along `axis`.
    pub(crate) fn concatenated(parts: &[&Self], axis: usize) -> Attempt<Self> {
        let Some(first) = parts.first() else { return Err("has no inputs".to_owned()) };
        let mut dims = first.dims.clone();
        dims[axis] = parts.iter().map(|part| part.dims[axis]).sum();
        let dims = checked(dims)?;
        let outer = count(&dims[..axis]);
        let elements = match &first.elements {
            Elements::Ints(_) => Elements::Ints(joined(parts, axis, outer, Self::to_ints)),
            Elements::Floats(_) => Elements::Floats(joined(parts, axis, outer, Self::to_floats)),
            Elements::Bools(_) => Elements::Bools(joined(parts, axis, outer, Self::to_bools)),
        };
        Ok(Self { dims, elements })
    }
}

fn joined<T: Copy>(
    parts: &[&HostTensor],
    axis: usize,
    outer: usize,
    values: fn(&HostTensor) -> Vec<T>,
) -> Vec<T> {
    let parts: Vec<(Vec<T>, usize)> =
        parts.iter().map(|part| (values(part), count(&part.dims[axis..]))).collect();
    let mut all = Vec::new();
    for row in 0..outer {
        for (values, length) in &parts {
            all.extend_from_slice(&values[row * length..(row + 1) * length]);
        }
    }
    all
}

/// Every `step`th element of an axis from `start` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) start: usize,
    pub(crate) length: usize,
    pub(crate) step: i64,
}

impl Part {
    /// A whole axis.
    pub(crate) fn whole(length: usize) -> Self {
        Self { start: 0, length, step: 1 }
    }

    /// `length` neighbours from `start` on.
    pub(crate) fn range(start: usize, length: usize) -> Self {
        Self { start, length, step: 1 }
    }

    fn place(&self, index: usize) -> usize {
        self.start.wrapping_add_signed((index as i64 * self.step) as isize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> HostTensor {
        HostTensor::ints(vec![2, 3], vec![0, 1, 2, 3, 4, 5])
    }

    #[test]
    fn moves_elements_as_numpy_does() {
        assert_eq!(grid().permuted(&[1, 0]).to_ints(), [0, 3, 1, 4, 2, 5]);
        let row = HostTensor::list(vec![7, 8, 9]);
        assert_eq!(row.expanded(&[2, 3]).to_ints(), [7, 8, 9, 7, 8, 9]);
        let back = Part { start: 2, length: 2, step: -2 };
        assert_eq!(grid().sliced(&[Part::whole(2), back]).to_ints(), [2, 0, 5, 3]);
        let picked = grid().gathered(&HostTensor::list(vec![-1, 0]), 1).unwrap();
        assert_eq!(
            (picked.dims.as_slice(), picked.to_ints()),
            ([2, 2].as_slice(), vec![2, 0, 5, 3])
        );
        assert!(grid().gathered(&HostTensor::list(vec![3]), 1).is_err());
        let twice = HostTensor::concatenated(&[&grid(), &grid()], 1).unwrap();
        assert_eq!(twice.to_ints(), [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5]);
    }
}
