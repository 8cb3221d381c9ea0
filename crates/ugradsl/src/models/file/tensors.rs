//! Named tensors and metadata as the bytes of a safetensors file.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use burn::tensor::{DType, TensorData};
use safetensors::{Dtype, SafeTensors, View};

use super::error::ModelFileError;
use crate::digest::Digest;

struct Values<'a>(&'a TensorData, Vec<usize>);

impl View for Values<'_> {
    fn dtype(&self) -> Dtype {
        Dtype::F32
    }

    fn shape(&self) -> &[usize] {
        &self.1
    }

    fn data(&self) -> Cow<'_, [u8]> {
        self.0.as_bytes().into()
    }

    fn data_len(&self) -> usize {
        self.0.as_bytes().len()
    }
}

/// Named f32 tensors and metadata as safetensors bytes; the same input gives the same bytes.
pub(crate) fn encode(
    state: &BTreeMap<String, TensorData>,
    metadata: HashMap<String, String>,
) -> Result<Vec<u8>, ModelFileError> {
    let views = state.iter().map(|(name, data)| (name, Values(data, data.shape().to_vec())));
    Ok(safetensors::serialize(views, Some(metadata))?)
}

/// Named tensors of a safetensors file.
pub(crate) type State = BTreeMap<String, TensorData>;

/// Named f32 tensors and metadata of safetensors bytes.
pub(crate) fn decode(bytes: &[u8]) -> Result<(State, HashMap<String, String>), ModelFileError> {
    let (_, header) = SafeTensors::read_metadata(bytes)?;
    let metadata = header.metadata().clone().unwrap_or_default();
    let mut state = BTreeMap::new();
    for (name, view) in SafeTensors::deserialize(bytes)?.tensors() {
        if view.dtype() != Dtype::F32 {
            return Err(ModelFileError::DType { name, dtype: view.dtype() });
        }
        let data =
            TensorData::from_bytes_vec(view.data().to_vec(), view.shape().to_vec(), DType::F32);
        state.insert(name, data);
    }
    Ok((state, metadata))
}

/// Hex SHA-256 over names, shapes and values.
pub(crate) fn state_digest(state: &State) -> String {
    let mut digest = Digest::new();
    for (name, data) in state {
        digest.bytes(name.as_bytes());
        digest.bytes(format!("{:?}", data.shape().to_vec()).as_bytes());
        digest.bytes(data.as_bytes());
    }
    digest.hex()
}
