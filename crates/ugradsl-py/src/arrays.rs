//! Arrays from Python and back, by the buffer protocol.

use std::collections::BTreeMap;

use pyo3::{
    buffer::{Element, PyBuffer},
    prelude::*,
    types::{PyByteArray, PyDict},
};
use ugradsl::burn::tensor::TensorData;

use crate::error::{Failure, Result};

/// A copy of an array's values, row-major.
pub(crate) fn values<T: Element>(array: &Bound<'_, PyAny>) -> PyResult<Vec<T>> {
    PyBuffer::<T>::get(array)?.to_vec(array.py())
}

/// The shape of an array of f32.
pub(crate) fn shape(array: &Bound<'_, PyAny>) -> PyResult<Vec<usize>> {
    Ok(PyBuffer::<f32>::get(array)?.shape().to_vec())
}

/// Named arrays of f32 as tensors.
pub(crate) fn tensors(arrays: &Bound<'_, PyDict>) -> PyResult<BTreeMap<String, TensorData>> {
    let tensor = |(name, array): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
        let data = TensorData::new(values::<f32>(&array)?, shape(&array)?);
        Ok((name.extract()?, data))
    };
    arrays.iter().map(tensor).collect()
}

/// The bytes of f32 values, which NumPy reads without a copy.
pub(crate) fn floats<'py>(py: Python<'py>, values: &[f32]) -> PyResult<Bound<'py, PyByteArray>> {
    let fill = |bytes: &mut [u8]| {
        for (place, value) in bytes.chunks_exact_mut(4).zip(values) {
            place.copy_from_slice(&value.to_ne_bytes());
        }
        Ok(())
    };
    PyByteArray::new_with(py, 4 * values.len(), fill)
}

/// Named tensors as pairs of bytes and shape.
pub(crate) fn state<'py>(
    py: Python<'py>,
    state: &BTreeMap<String, TensorData>,
) -> PyResult<Bound<'py, PyDict>> {
    let arrays = PyDict::new(py);
    for (name, data) in state {
        let bytes = floats(py, of_f32(name, data)?)?;
        arrays.set_item(name, (bytes, data.shape().to_vec()))?;
    }
    Ok(arrays)
}

fn of_f32<'a>(name: &str, data: &'a TensorData) -> Result<&'a [f32]> {
    let values = data.as_slice::<f32>();
    values.map_err(|error| Failure::network(format!("tensor {name:?}: {error:?}")))
}
