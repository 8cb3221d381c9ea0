//! An ONNX file that was read.

use std::{collections::BTreeMap, fmt, sync::Arc};

use burn::tensor::{Device, TensorData};
use rand::RngExt;

use super::{
    Inputs, OnnxError, OnnxNetwork, Role, external,
    network::{blank, values_in},
    program::{Parameter, Program},
    proto::{ModelProto, metadata},
    roles::Draw,
    wire::{Reader, Value},
    write::write,
};
use crate::random::{self, Stream};

/// A classifier in an ONNX file: what it reads, what of it is trained, and its bytes.
///
/// ```
/// use ugradsl::onnx::OnnxModel;
///
/// let error = OnnxModel::from_bytes(b"<!DOCTYPE html>").unwrap_err();
/// assert!(error.to_string().contains("not a"));
/// ```
#[derive(Clone)]
pub struct OnnxModel {
    file: Arc<Vec<u8>>,
    model: Arc<ModelProto>,
    program: Arc<Program>,
    frozen: Vec<String>,
    digest: String,
}

/// A tensor of the graph that is trained.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trained {
    /// Its name in the file.
    pub name: String,
    /// What it is to the network.
    pub role: Role,
    /// Its shape.
    pub shape: Vec<usize>,
    /// The module of PyTorch that it belongs to, where the exporter gave it a name of its own and
    /// noted the module.
    pub module: Option<String>,
}

impl OnnxModel {
    /// Whether `bytes` are laid out as an ONNX file is: fields of which one is a graph.
    pub fn is_onnx(bytes: &[u8]) -> bool {
        const GRAPH: u64 = 7;
        let mut reader = Reader::new(bytes, 0..bytes.len());
        let mut found = false;
        loop {
            match reader.next() {
                Ok(Some(field)) => {
                    found |= field.number == GRAPH && matches!(field.value, Value::Bytes(_))
                }
                Ok(None) => return found,
                Err(_) => return false,
            }
        }
    }

    /// Reads the bytes of a file whose values all lie inside.
    ///
    /// # Errors
    ///
    /// [`OnnxError`], with the node or tensor that cannot be used.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, OnnxError> {
        Self::with_files(bytes.to_vec(), &|_, _, _| {
            Err("cannot be read: only the bytes of the graph are at hand".to_owned())
        })
    }

    /// Reads a file, and the files beside it that it names. All values are inside of the model from
    /// then on.
    ///
    /// # Errors
    ///
    /// [`OnnxError`], with the node or tensor that cannot be used.
    #[cfg(not(target_family = "wasm"))]
    pub fn read(bytes: Vec<u8>, folder: &std::path::Path) -> Result<Self, OnnxError> {
        Self::with_files(bytes, &|name, offset, length| beside(folder, name, offset, length))
    }

    fn with_files(mut file: Vec<u8>, lookup: external::Lookup<'_>) -> Result<Self, OnnxError> {
        if cfg!(not(feature = "onnx")) {
            return Err(OnnxError::LeftOut);
        }
        let mut model = ModelProto::read(&file)?;
        if model.graph.is_none() {
            return Err(OnnxError::NoGraph);
        }
        if external::is_split(&model) {
            file = external::gather(&file, &model, lookup)?;
            model = ModelProto::read(&file)?;
        }
        let program = Program::compile(&file, &model, &[])?;
        let digest = graph_digest(&file, &model, &program);
        let (file, model, program) = (Arc::new(file), Arc::new(model), Arc::new(program));
        Ok(Self { file, model, program, frozen: Vec::new(), digest })
    }

    /// The same model, in which tensors are left as they are whose names fit one of `patterns`: `*`
    /// stands for any text, `?` for one character.
    ///
    /// # Errors
    ///
    /// [`OnnxError::Freeze`] if a pattern fits no trained tensor, and [`OnnxError::NoWeights`] if
    /// nothing is left to train.
    pub fn freeze(&self, patterns: &[String]) -> Result<Self, OnnxError> {
        let program = Program::compile(&self.file, &self.model, patterns)?;
        Ok(Self { program: Arc::new(program), frozen: patterns.to_vec(), ..self.clone() })
    }

    /// The patterns of what is not trained.
    pub fn frozen(&self) -> &[String] {
        &self.frozen
    }

    /// What the network reads.
    pub fn inputs(&self) -> &Inputs {
        &self.program.reader.reads
    }

    /// Number of different token ids that a network for texts knows, if the graph shows it.
    pub fn vocabulary(&self) -> Option<usize> {
        self.program.vocabulary
    }

    /// The tensors that are trained.
    pub fn trained(&self) -> Vec<Trained> {
        let described = |parameter: &Parameter| Trained {
            name: parameter.name.clone(),
            role: parameter.role,
            shape: parameter.dims.clone(),
            module: parameter
                .module
                .clone()
                .filter(|module| !parameter.name.starts_with(module.as_str())),
        };
        self.program.trained().map(described).collect()
    }

    /// The weights that are left as they are, by name and shape.
    pub fn untouched(&self) -> &[(String, Vec<usize>)] {
        &self.program.frozen
    }

    /// What was decided and what should be known of the graph, a sentence each.
    pub fn notes(&self) -> &[String] {
        &self.program.notes
    }

    /// The program that wrote the file.
    pub fn producer(&self) -> &str {
        &self.model.producer
    }

    /// The entry under `key` of a file's metadata, without looking at its graph.
    ///
    /// # Errors
    ///
    /// [`OnnxError::Format`] if `bytes` are not an ONNX file.
    pub fn metadata_of(bytes: &[u8], key: &str) -> Result<Option<String>, OnnxError> {
        Ok(metadata(bytes)?.into_iter().find(|(own, ..)| own == key).map(|(_, value, _)| value))
    }

    /// The entry of the file's metadata under `key`.
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.model.metadata.iter().find(|(own, ..)| own == key).map(|(_, value, _)| value.as_str())
    }

    /// Hex SHA-256 over all of the file but the trained weights and what this library notes in it:
    /// the same for networks that differ in their training alone.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The trained weights, by name.
    pub fn state(&self) -> BTreeMap<String, TensorData> {
        let named = |parameter: &Parameter| {
            let dims = if parameter.dims.is_empty() { vec![1] } else { parameter.dims.clone() };
            (parameter.name.clone(), TensorData::new(values_in(&self.file, parameter), dims))
        };
        self.program.trained().map(named).collect()
    }

    /// The network with the weights of the file, for inference on `device`. `padding` is the token
    /// that fills up short texts.
    pub fn load(&self, padding: u32, device: &Device) -> OnnxNetwork {
        OnnxNetwork::new(self.program.clone(), padding, device, &|parameter| {
            values_in(&self.file, parameter)
        })
    }

    /// The network with fresh weights, for inference on `device`: each drawn from `seed` as befits
    /// its role.
    pub fn init(&self, seed: u64, padding: u32, device: &Device) -> OnnxNetwork {
        let rng = std::cell::RefCell::new(random::rng(seed, Stream::Weights));
        OnnxNetwork::new(self.program.clone(), padding, device, &|parameter| {
            let n = parameter.dims.iter().product();
            let rng = &mut *rng.borrow_mut();
            match parameter.draw {
                Draw::Constant(value) => vec![value; n],
                Draw::Uniform(fan_in) => {
                    let bound = 1.0 / (fan_in as f32).sqrt();
                    (0..n).map(|_| rng.random_range(-bound..=bound)).collect()
                }
                Draw::Normal(std) => (0..n).map(|_| std * normal(rng)).collect(),
            }
        })
    }

    /// Tries the network on rows of this shape (channels, height, width), on the CPU: how many
    /// classes it tells apart.
    ///
    /// # Errors
    ///
    /// [`OnnxError`] with the node that cannot be computed, or if the network works for one number
    /// of rows only.
    pub fn classes(&self, shape: [usize; 3], padding: u32) -> Result<usize, OnnxError> {
        // Unusual numbers: a size that was written into the graph shows.
        const ROWS: [usize; 2] = [1, 3];
        let device = Device::flex();
        let network = self.load(padding, &device);
        let mut classes = 0;
        for rows in ROWS {
            let answers = network.answers(blank(rows, shape, padding, &device))?;
            classes = answers.logits.dims()[1];
        }
        Ok(classes)
    }

    /// The file with the weights of `state`, and with `entry` in its metadata.
    ///
    /// # Errors
    ///
    /// [`OnnxError::Place`] if a tensor has another size.
    pub fn write(
        &self,
        state: &BTreeMap<String, TensorData>,
        entry: Option<(&str, &str)>,
    ) -> Result<Vec<u8>, OnnxError> {
        write(&self.file, &self.model, &self.program, state, entry)
    }
}

/// Hash of what training does not change.
fn graph_digest(file: &[u8], model: &ModelProto, program: &Program) -> String {
    let mut left: Vec<std::ops::Range<usize>> =
        program.trained().map(|tensor| tensor.place.clone()).collect();
    let ours = model.metadata.iter().filter(|(key, ..)| key.starts_with("ugradsl."));
    left.extend(ours.map(|(.., whole)| whole.clone()));
    left.sort_by_key(|range| range.start);
    let mut digest = crate::digest::Digest::new();
    let mut at = 0;
    for range in left {
        digest.bytes(file.get(at..range.start).unwrap_or_default());
        at = at.max(range.end);
    }
    digest.bytes(file.get(at..).unwrap_or_default());
    digest.hex()
}

/// A standard normal number (Box and Muller).
fn normal(rng: &mut impl rand::Rng) -> f32 {
    let (u, v): (f32, f32) = (rng.random_range(f32::MIN_POSITIVE..1.0), rng.random_range(0.0..1.0));
    (-2.0 * u.ln()).sqrt() * (std::f32::consts::TAU * v).cos()
}

/// `length` bytes of a file beside the graph, from `offset` on; links must not lead out of the
/// folder. Says what the file is otherwise.
#[cfg(not(target_family = "wasm"))]
fn beside(
    folder: &std::path::Path,
    name: &str,
    offset: u64,
    length: usize,
) -> Result<Vec<u8>, String> {
    use std::io::{Read, Seek, SeekFrom};
    let folder = if folder.as_os_str().is_empty() { std::path::Path::new(".") } else { folder };
    let words = |error: std::io::Error| format!("cannot be read: {error}");
    let (folder, path) =
        (folder.canonicalize().map_err(words)?, folder.join(name).canonicalize().map_err(words)?);
    if !path.starts_with(&folder) {
        return Err("is a link that leaves the folder".to_owned());
    }
    let about = std::fs::metadata(&path).map_err(words)?;
    if !about.is_file() {
        return Err("is not a regular file".to_owned());
    }
    // Before memory is asked for.
    if offset.checked_add(length as u64).is_none_or(|end| end > about.len()) {
        return Err(format!("has only {} bytes", about.len()));
    }
    let mut file = std::fs::File::open(path).map_err(words)?;
    let mut bytes = vec![0; length];
    file.seek(SeekFrom::Start(offset)).map_err(words)?;
    file.read_exact(&mut bytes).map_err(words)?;
    Ok(bytes)
}

impl PartialEq for OnnxModel {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest && self.frozen == other.frozen
    }
}

impl fmt::Debug for OnnxModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnnxModel")
            .field("digest", &self.digest)
            .field("frozen", &self.frozen)
            .finish()
    }
}
