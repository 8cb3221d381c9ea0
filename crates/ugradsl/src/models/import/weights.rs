//! Named tensors of a file, whatever wrote it.

use std::collections::{BTreeMap, BTreeSet};

use burn::tensor::{DType, TensorData};
use safetensors::{Dtype, SafeTensors};

use super::ImportError;
use crate::models::{
    ModelFileError,
    file::{HEADER_KEY, State},
};

/// The float tensors of a file as f32, by name. Entries of nested dictionaries have dotted names.
#[derive(Debug, Clone)]
pub struct Weights {
    pub(super) tensors: State,
    /// Dictionaries on the outside, such as `state_dict`, that do not belong to the module's
    /// names.
    pub(super) containers: BTreeSet<String>,
    ours: bool,
}

impl Weights {
    /// Reads a safetensors file, or what `torch.save` writes: zip, legacy pickle or tar, a
    /// `state_dict` or dictionaries around one. The content decides, not the name. Pickles are
    /// parsed, never executed.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is damaged, or holds no tensor of floats; and for PyTorch's own
    /// formats without the feature `import`. A file that is something else is named.
    #[cfg(not(target_family = "wasm"))]
    pub fn read(path: &std::path::Path) -> Result<Self, ImportError> {
        use super::not_weights::{is_safetensors, what_is_wrong};
        use std::io::Read;
        let mut start = Vec::new();
        std::fs::File::open(path)?.take(9).read_to_end(&mut start)?;
        let read = match is_safetensors(&start) {
            true => Self::from_safetensors(&std::fs::read(path)?),
            false => Self::read_pytorch(path),
        };
        read.map_err(|problem| match what_is_wrong(path) {
            Some(kind) => ImportError::NotWeights { kind, problem: Box::new(problem) },
            None => problem,
        })
    }

    #[cfg(all(not(feature = "import"), not(target_family = "wasm")))]
    fn read_pytorch(_: &std::path::Path) -> Result<Self, ImportError> {
        Err(ImportError::NoPytorch)
    }

    #[cfg(all(feature = "import", not(target_family = "wasm")))]
    fn read_pytorch(path: &std::path::Path) -> Result<Self, ImportError> {
        let format = |error: &dyn std::fmt::Display| ImportError::Format(error.to_string());
        let reader = pytorch_reader::PytorchReader::new(path).map_err(|error| format(&error))?;
        let mut tensors = State::new();
        for (name, tensor) in reader.into_tensors() {
            let Some(dtype) = float(tensor.dtype()) else { continue };
            let bytes = tensor.read().map_err(|error| format(&error))?;
            tensors.insert(name, as_f32(bytes, tensor.shape().to_vec(), dtype));
        }
        let outermost =
            tensors.keys().filter_map(|name| name.split_once('.')).map(|(name, _)| name);
        let dictionary =
            |name: &&str| pytorch_reader::PytorchReader::with_top_level_key(path, name).is_ok();
        let outermost: BTreeSet<&str> = outermost.collect();
        let containers = outermost.into_iter().filter(dictionary).map(str::to_owned).collect();
        Self::of(tensors, containers)
    }

    /// The tensors of safetensors bytes.
    ///
    /// # Errors
    ///
    /// If the bytes are damaged or hold no tensor of floats.
    pub fn from_safetensors(bytes: &[u8]) -> Result<Self, ImportError> {
        let file = SafeTensors::deserialize(bytes).map_err(ModelFileError::from)?;
        let float = |dtype| match dtype {
            Dtype::F64 => Some(DType::F64),
            Dtype::F32 => Some(DType::F32),
            Dtype::F16 => Some(DType::F16),
            Dtype::BF16 => Some(DType::BF16),
            _ => None,
        };
        let tensors = file.tensors().into_iter().filter_map(|(name, view)| {
            let dtype = float(view.dtype())?;
            Some((name, as_f32(view.data().to_vec(), view.shape().to_vec(), dtype)))
        });
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(ModelFileError::from)?;
        let ours =
            header.metadata().as_ref().is_some_and(|entries| entries.contains_key(HEADER_KEY));
        Ok(Self { ours, ..Self::of(tensors.collect(), BTreeSet::new())? })
    }

    /// The tensors of a `state_dict` in memory.
    ///
    /// # Errors
    ///
    /// If there is none.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    ///
    /// use ugradsl::burn::tensor::TensorData;
    /// use ugradsl::models::import::Weights;
    ///
    /// let bias = TensorData::new(vec![0.0_f32, 1.0], [2]);
    /// let weights = Weights::from_tensors(BTreeMap::from([("fc.bias".to_owned(), bias)]))?;
    /// assert_eq!(weights.shapes().collect::<Vec<_>>(), [("fc.bias", vec![2])]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_tensors(tensors: BTreeMap<String, TensorData>) -> Result<Self, ImportError> {
        let as_f32 = |(name, data): (String, TensorData)| (name, data.convert::<f32>());
        Self::of(tensors.into_iter().map(as_f32).collect(), BTreeSet::new())
    }

    fn of(tensors: State, containers: BTreeSet<String>) -> Result<Self, ImportError> {
        if tensors.is_empty() {
            return Err(ImportError::Empty);
        }
        Ok(Self { tensors, containers, ours: false })
    }

    /// Whether [`ModelFile::to_bytes`](crate::models::ModelFile::to_bytes) wrote the file, which
    /// then says itself what network it holds.
    pub fn is_ours(&self) -> bool {
        self.ours
    }

    /// Names and shapes.
    pub fn shapes(&self) -> impl Iterator<Item = (&str, Vec<usize>)> {
        self.tensors.iter().map(|(name, data)| (name.as_str(), data.shape().to_vec()))
    }
}

fn as_f32(bytes: Vec<u8>, shape: Vec<usize>, dtype: DType) -> TensorData {
    TensorData::from_bytes_vec(bytes, shape, dtype).convert::<f32>()
}

#[cfg(all(feature = "import", not(target_family = "wasm")))]
fn float(dtype: pytorch_reader::DType) -> Option<DType> {
    match dtype {
        pytorch_reader::DType::F64 => Some(DType::F64),
        pytorch_reader::DType::F32 => Some(DType::F32),
        pytorch_reader::DType::F16 => Some(DType::F16),
        pytorch_reader::DType::BF16 => Some(DType::BF16),
        _ => None,
    }
}
