//! Model files: safetensors with PyTorch's names, and in the metadata all that is needed to use the
//! model again: architecture, input shape, classes, normalisation, seed.

mod error;
mod tensors;

use std::collections::BTreeMap;

use burn::{module::Module, tensor::TensorData};
use safetensors::SafeTensors;
use serde::{Deserialize, Serialize};

pub use self::error::{ModelFileError, NotRetrained};
pub(crate) use self::tensors::{State, decode, encode, state_digest};
use super::{
    DataRecord, Ledger, ModelSpec, NetworkSpec, OtherData, SpecError, StateError, write_state,
};
use crate::data::{Dataset, ForgetRequest};
use crate::device::Device;
use crate::onnx::OnnxModel;

/// Metadata key under which the [`Header`] is stored, as JSON.
pub(super) const HEADER_KEY: &str = "ugradsl.model";

/// What a model file says beside its tensors.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound = "S: NetworkSpec")]
struct Header<S: NetworkSpec> {
    spec: S,
    seed: u64,
    /// Names in the file where they are not the network's own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    names: BTreeMap<String, String>,
    /// What the network has forgotten.
    #[serde(default, skip_serializing_if = "Ledger::is_empty")]
    ledger: Ledger,
    /// What it was trained on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    data: Option<DataRecord>,
    /// How it was trained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    training: Option<serde_json::Value>,
}

/// A network at rest: its description and its weights, on the host. `S` describes a network of
/// one's own.
///
/// ```
/// use pollster::block_on;
/// use ugradsl::data;
/// use ugradsl::device::Device;
/// use ugradsl::models::{Architecture, ModelFile, ModelSpec, read_state};
///
/// let device = Device::cpu();
/// let digits = data::open("mnist-subset", &data::OpenOptions::new())?;
/// let spec = ModelSpec::fitting(Architecture::Mlp, &digits)?;
/// let network = spec.init(1, &device)?;
/// let file = ModelFile::new(spec, 1, block_on(read_state(&network))?);
///
/// let bytes = file.to_bytes()?; // safetensors, with what is needed to use it again
/// let read = ModelFile::from_bytes(&bytes)?;
/// assert_eq!((read.seed, read.digest()), (1, file.digest()));
/// let network = read.load(&device)?;
/// # let _ = network;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ModelFile<S = ModelSpec> {
    /// What network it is.
    pub spec: S,
    /// Seed of the run that made it.
    pub seed: u64,
    /// Weights by name, f32, as [`read_state`](super::read_state) gives them.
    pub state: BTreeMap<String, TensorData>,
    /// Names that the weights have in the file, by the network's name, for a network that came
    /// from elsewhere; empty for our own.
    pub names: BTreeMap<String, String>,
    /// Tensors that travel along without being part of the network, such as a normalisation
    /// layer's.
    pub extra_tensors: BTreeMap<String, TensorData>,
    /// What the network has forgotten since it was trained.
    pub ledger: Ledger,
    /// What the network was trained on; unknown for one that came from elsewhere.
    pub data: Option<DataRecord>,
    /// How the network was trained, which
    /// [`TrainingConfig::of`](crate::unlearn::TrainingConfig::of) reads; unknown for one that
    /// came from elsewhere.
    pub training: Option<serde_json::Value>,
}

impl ModelFile {
    /// Whether the file says itself what network it holds, because [`to_bytes`](Self::to_bytes)
    /// wrote it.
    pub fn is_described(bytes: &[u8]) -> bool {
        match OnnxModel::is_onnx(bytes) {
            true => OnnxModel::metadata_of(bytes, HEADER_KEY).is_ok_and(|header| header.is_some()),
            false => SafeTensors::read_metadata(bytes).is_ok_and(|(_, header)| {
                header.metadata().as_ref().is_some_and(|entries| entries.contains_key(HEADER_KEY))
            }),
        }
    }

    /// Reads a file that this library wrote, or a classifier that another program exported to ONNX,
    /// for rows like those of `dataset`.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode) and [`of_onnx`](Self::of_onnx).
    pub fn for_data(bytes: &[u8], dataset: &Dataset) -> Result<Self, ModelFileError> {
        match OnnxModel::is_onnx(bytes) && !Self::is_described(bytes) {
            true => Self::of_onnx(OnnxModel::from_bytes(bytes)?, dataset),
            false => Self::from_bytes(bytes),
        }
    }

    /// The network of an ONNX file, for rows like those of `dataset`.
    ///
    /// # Errors
    ///
    /// If the network cannot be evaluated, or does not read such rows.
    pub fn of_onnx(model: OnnxModel, dataset: &Dataset) -> Result<Self, ModelFileError> {
        let state = model.state();
        Ok(Self::new(ModelSpec::of_onnx(model, dataset)?, 0, state))
    }

    /// The same network, of whose ONNX graph tensors are left as they are whose names fit one of
    /// `patterns`.
    ///
    /// # Errors
    ///
    /// If the network is not one of ONNX, or nothing fits a pattern.
    pub fn freeze(mut self, patterns: &[String]) -> Result<Self, ModelFileError> {
        let graph = self.spec.onnx.take().ok_or(SpecError::NoGraph)?;
        let graph = graph.freeze(&self.state, patterns)?;
        let trained: Vec<String> =
            graph.model()?.trained().into_iter().map(|tensor| tensor.name).collect();
        self.state.retain(|name, _| trained.contains(name));
        self.spec.onnx = Some(graph);
        Ok(self)
    }

    /// Reads the bytes of a file that holds a built-in network, or one of ONNX that this library
    /// wrote.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelFileError> {
        Self::decode(bytes)
    }
}

impl<S: NetworkSpec> ModelFile<S> {
    /// The bytes of the file.
    ///
    /// # Errors
    ///
    /// If a tensor cannot be serialised.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ModelFileError> {
        let header = self.header()?;
        if let Some(model) = self.spec.onnx() {
            return Ok(model.write(&self.state, Some((HEADER_KEY, &header)))?);
        }
        self.to_safetensors()
    }

    /// What the file says beside its tensors, as JSON.
    fn header(&self) -> Result<String, ModelFileError> {
        let (spec, names) = (self.spec.clone(), self.names.clone());
        let (ledger, data) = (self.ledger.clone(), self.data.clone());
        let (seed, training) = (self.seed, self.training.clone());
        let header = Header { spec, seed, names, ledger, data, training };
        serde_json::to_string(&header).map_err(|error| ModelFileError::Metadata {
            key: HEADER_KEY,
            problem: error.to_string(),
        })
    }

    /// The bytes of a safetensors file, whatever the network came from. That of an ONNX network has
    /// the names of the graph's tensors; it is for other programs, since the graph is not in
    /// it.
    ///
    /// # Errors
    ///
    /// If a tensor cannot be serialised.
    pub fn to_safetensors(&self) -> Result<Vec<u8>, ModelFileError> {
        let header = self.header()?;
        // A single entry: several would come out in another order each time.
        let metadata = [(HEADER_KEY.to_owned(), header)].into();
        match self.names.is_empty() {
            true => encode(&self.state, metadata),
            false => encode(&self.named_state(), metadata),
        }
    }

    /// The weights by the names that they have in the file, with the tensors that travel along:
    /// what the program that the network came from calls its `state_dict`.
    pub fn named_state(&self) -> BTreeMap<String, TensorData> {
        let renamed = self
            .state
            .iter()
            .map(|(ours, data)| (self.names.get(ours).unwrap_or(ours).clone(), data.clone()));
        renamed.chain(self.extra_tensors.clone()).collect()
    }

    /// Reads the bytes of a file that holds a network of kind `S`.
    ///
    /// # Errors
    ///
    /// [`ModelFileError`] naming the entry or tensor that is wrong.
    pub fn decode(bytes: &[u8]) -> Result<Self, ModelFileError> {
        if OnnxModel::is_onnx(bytes) {
            return Self::decode_onnx(bytes);
        }
        let (mut state, metadata) = decode(bytes)?;
        let invalid = |problem| ModelFileError::Metadata { key: HEADER_KEY, problem };
        let header = metadata
            .get(HEADER_KEY)
            .ok_or_else(|| invalid("is missing: the file was not written by ugradsl".to_owned()))?;
        let Header::<S> { spec, seed, names, ledger, data, training } =
            serde_json::from_str(header)
                .map_err(|error| invalid(format!("is damaged: {error}")))?;
        spec.check()?;
        ledger.check()?;
        let mut extra_tensors = State::new();
        if !names.is_empty() {
            extra_tensors = std::mem::take(&mut state);
            for (ours, theirs) in &names {
                let data = extra_tensors
                    .remove(theirs)
                    .ok_or_else(|| StateError::Missing(theirs.clone()))?;
                state.insert(ours.clone(), data);
            }
        }
        Ok(Self { spec, seed, state, names, extra_tensors, ledger, data, training })
    }

    fn decode_onnx(bytes: &[u8]) -> Result<Self, ModelFileError> {
        let invalid = |problem| ModelFileError::Metadata { key: HEADER_KEY, problem };
        let header = OnnxModel::metadata_of(bytes, HEADER_KEY)?
            .ok_or_else(|| invalid("is missing: the file was not written by ugradsl".to_owned()))?;
        let Header::<S> { spec, seed, ledger, data, training, .. } = serde_json::from_str(&header)
            .map_err(|error| invalid(format!("is damaged: {error}")))?;
        ledger.check()?;
        let spec = spec.with_onnx(OnnxModel::from_bytes(bytes)?)?;
        spec.check()?;
        let state = spec.onnx().map(OnnxModel::state).unwrap_or_default();
        Ok(Self { ledger, data, training, ..Self::new(spec, seed, state) })
    }

    /// A network of our own, with the names that it gives its tensors.
    pub fn new(spec: S, seed: u64, state: BTreeMap<String, TensorData>) -> Self {
        let (names, extra_tensors, ledger, data, training) = Default::default();
        Self { spec, seed, state, names, extra_tensors, ledger, data, training }
    }

    /// Notes what the network was trained on.
    pub fn trained_on(self, data: DataRecord) -> Self {
        Self { data: Some(data), ..self }
    }

    /// Checks that the classes of `dataset` are those of the data that the network was trained on,
    /// as far as the file says.
    ///
    /// # Errors
    ///
    /// [`OtherData`], with what differs.
    pub fn check_classes(&self, dataset: &Dataset) -> Result<(), OtherData> {
        self.data.as_ref().map_or(Ok(()), |data| data.check_classes(dataset))
    }

    /// Checks that `dataset` is what the network was trained on, as far as the file says: the same
    /// classes and the same training rows but for forgotten ones that are gone. The order of the
    /// rows matters to a request that names them by numbers.
    ///
    /// # Errors
    ///
    /// [`OtherData`], with what differs.
    pub fn check_data(&self, dataset: &Dataset, request: &ForgetRequest) -> Result<(), OtherData> {
        let Some(data) = &self.data else { return Ok(()) };
        data.check_classes(dataset)?;
        match data.check(dataset, &self.ledger) {
            Err(OtherData::Order { .. }) if !request.is_by_number() => Ok(()),
            checked => checked,
        }
    }

    /// Refuses this network as one that never saw `rows` of `dataset`, if its file says that it was
    /// trained on one of them.
    ///
    /// # Errors
    ///
    /// [`NotRetrained::Seen`]
    pub fn check_retrained(&self, dataset: &Dataset, rows: &[u32]) -> Result<(), NotRetrained> {
        match self.seen(dataset, rows) {
            0 => Ok(()),
            seen => Err(NotRetrained::Seen { seen, rows: rows.len() }),
        }
    }

    /// How many of `rows` of `dataset` the network was trained on, as far as the file says: all
    /// that its ledger does not call left out of a retraining, if it was trained on this data.
    fn seen(&self, dataset: &Dataset, rows: &[u32]) -> usize {
        let Some(data) = &self.data else { return 0 };
        if let Err(OtherData::Rows { .. }) = data.check(dataset, &self.ledger) {
            return 0;
        }
        match self.ledger.beside(dataset) {
            Ok(ledger) => {
                let left_out = ledger.never_seen();
                rows.iter().filter(|row| left_out.binary_search(row).is_err()).count()
            }
            Err(_) => 0,
        }
    }

    /// Checks that the weights fit the description.
    ///
    /// # Errors
    ///
    /// If the network cannot be built, or a tensor is missing, left over, of another shape or not
    /// finite.
    pub fn check(&self) -> Result<(), ModelFileError> {
        self.load(&Device::cpu()).map(drop)
    }

    /// Builds the network on `device`, ready for inference; `train()` makes it trainable.
    ///
    /// # Errors
    ///
    /// If the weights do not fit the description.
    pub fn load(&self, device: &Device) -> Result<S::Network, ModelFileError> {
        let network = self.spec.init(0, device)?;
        Ok(write_state(network, self.state.clone())?)
    }

    /// Builds the network on `device`, ready to be trained further.
    ///
    /// # Errors
    ///
    /// If the weights do not fit the description.
    pub fn load_trainable(&self, device: &Device) -> Result<S::Network, ModelFileError> {
        Ok(self.load(device)?.train())
    }

    /// Hex SHA-256 over names, shapes and values of all weights.
    pub fn digest(&self) -> String {
        state_digest(&self.state)
    }
}
