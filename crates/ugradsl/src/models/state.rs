//! The weights of a module as named tensors on the host, and back.
//!
//! Names and layouts are PyTorch's (`fc1.weight` is `[outputs, inputs]`, normalisations have
//! `weight` and `bias`), so a state is a `state_dict` wherever it goes: checkpoints, model files,
//! hashes and moves between devices. Reading is asynchronous because a browser offers nothing else.

use std::collections::BTreeMap;

use burn::module::{Flag, Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{DType, ExecutionError, Tensor, TensorData};
use thiserror::Error;

use super::initialise::is_normalisation;

/// Why weights could not be written into a module.
#[derive(Debug, Error, Clone, PartialEq)]
#[non_exhaustive]
pub enum StateError {
    /// A tensor of the network is not in the state.
    #[error("tensor {0:?} is missing")]
    Missing(String),
    /// A tensor of the state belongs to no tensor of the network.
    #[error("tensor {0:?} belongs to no layer of this network")]
    Unexpected(String),
    /// Shapes differ.
    #[error("tensor {name:?} has shape {found:?}, the network needs {needed:?}")]
    Shape {
        /// Which tensor.
        name: String,
        /// Shape in the state.
        found: Vec<usize>,
        /// Shape in the network.
        needed: Vec<usize>,
    },
    /// A weight is not a finite f32 number.
    #[error("tensor {name:?} holds {value} at position {position}")]
    NotFinite {
        /// Which tensor.
        name: String,
        /// Index into the flattened tensor.
        position: usize,
        /// The value there.
        value: f32,
    },
}

/// Reads every float tensor of `module`, BatchNorm's running statistics included, by its path
/// (`conv1.weight`); enum variants leave no trace in the path. All values are f32.
///
/// # Errors
///
/// If the device cannot be read.
///
/// # Example
///
/// ```
/// use pollster::block_on;
/// use ugradsl::data;
/// use ugradsl::device::Device;
/// use ugradsl::models::{Architecture, ModelSpec, read_state};
///
/// let device = Device::cpu();
/// let digits = data::open("mnist-subset", &data::OpenOptions::new())?;
/// let spec = ModelSpec::fitting(Architecture::Mlp, &digits)?;
///
/// let state = block_on(read_state(&spec.init(0, &device)?))?;
/// let names: Vec<&str> = state.keys().map(String::as_str).collect();
/// assert_eq!(names[..2], ["fc1.bias", "fc1.weight"]);
/// assert_eq!(state["fc1.weight"].shape().to_vec(), [256, 28 * 28]); // PyTorch's `[outputs, inputs]`
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub async fn read_state<M: Module>(
    module: &M,
) -> Result<BTreeMap<String, TensorData>, ExecutionError> {
    let mut collector = Collector::default();
    module.visit(&mut collector);
    let mut state = BTreeMap::new();
    for (name, shape, flat) in collector.tensors {
        let data = flat.into_data_async().await?;
        state.insert(name, TensorData::from_bytes(data.into_bytes(), shape, DType::F32));
    }
    Ok(state)
}

/// Writes `state`, as [`read_state`] gives it, into `module`.
///
/// # Errors
///
/// [`StateError`] if names, shapes or values do not fit.
///
/// # Example
///
/// ```
/// use pollster::block_on;
/// use ugradsl::data;
/// use ugradsl::device::Device;
/// use ugradsl::models::{Architecture, ModelSpec, read_state, write_state};
///
/// let device = Device::cpu();
/// let digits = data::open("mnist-subset", &data::OpenOptions::new())?;
/// let spec = ModelSpec::fitting(Architecture::Mlp, &digits)?;
///
/// let mut state = block_on(read_state(&spec.init(0, &device)?))?;
/// let copy = write_state(spec.init(1, &device)?, state.clone())?;
/// assert_eq!(block_on(read_state(&copy))?, state);
/// state.remove("fc1.bias");
/// let error = write_state(copy, state).unwrap_err();
/// assert_eq!(error.to_string(), "tensor \"fc1.bias\" is missing");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_state<M: Module>(
    module: M,
    mut state: BTreeMap<String, TensorData>,
) -> Result<M, StateError> {
    for (name, data) in &state {
        let values = data.as_slice::<f32>().unwrap_or_default();
        if let Some(position) = values.iter().position(|value| !value.is_finite()) {
            let value = values[position];
            return Err(StateError::NotFinite { name: name.clone(), position, value });
        }
    }
    let mut writer = Writer { path: Path::default(), state: &mut state, error: None };
    let module = module.map(&mut writer);
    match (writer.error, state.into_keys().next()) {
        (Some(error), _) => Err(error),
        (None, Some(name)) => Err(StateError::Unexpected(name)),
        (None, None) => Ok(module),
    }
}

/// Names and shapes of all tensors of `module`, as [`read_state`] gives them. Draws no weights.
pub(crate) fn parameter_shapes<M: Module>(module: &M) -> Vec<(String, Vec<usize>)> {
    #[derive(Default)]
    struct Shapes(Path, Vec<(String, Vec<usize>)>);
    impl ModuleVisitor for Shapes {
        fn enter_module(&mut self, name: &str, container_type: &str) {
            self.0.enter(name, container_type);
        }

        fn exit_module(&mut self, _name: &str, _container_type: &str) {
            self.0.0.pop();
        }

        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let mut shape = param.lazy_shape().to_vec();
            if self.0.is_linear_weight(D) {
                shape.reverse();
            }
            self.1.push((self.0.name(), shape));
        }
    }
    let mut shapes = Shapes::default();
    module.visit(&mut shapes);
    shapes.1
}

/// Switches BatchNorm between batch statistics and its running ones, in training too.
pub(crate) fn set_batch_norm_training<M: Module>(module: M, enabled: bool) -> M {
    struct Switch(bool);
    impl ModuleMapper for Switch {
        fn map_flag(&mut self, flag: Param<Flag>) -> Param<Flag> {
            flag.map(|flag| flag.with(self.0))
        }
    }
    module.map(&mut Switch(enabled))
}

/// The modules around a parameter: name and container type of each, enum variants unnamed.
#[derive(Default)]
struct Path(Vec<(Option<String>, String)>);

impl Path {
    fn enter(&mut self, name: &str, container: &str) {
        let visible = !container.starts_with("Enum:");
        self.0.push((visible.then(|| name.to_owned()), container.to_owned()));
    }

    /// Linear layers hold `[inputs, outputs]` here and `[outputs, inputs]` in PyTorch.
    fn is_linear_weight(&self, rank: usize) -> bool {
        rank == 2 && self.0.last().is_some_and(|(_, container)| container == "Struct:Linear")
    }

    fn name(&self) -> String {
        let names: Vec<&str> = self.0.iter().filter_map(|(name, _)| name.as_deref()).collect();
        let name = names.join(".");
        match self.0.last() {
            Some((_, container)) if is_normalisation(container) => {
                name.replace(".gamma", ".weight").replace(".beta", ".bias")
            }
            _ => name,
        }
    }
}

#[derive(Default)]
struct Collector {
    path: Path,
    tensors: Vec<(String, Vec<usize>, Tensor<1>)>,
}

impl ModuleVisitor for Collector {
    fn enter_module(&mut self, name: &str, container_type: &str) {
        self.path.enter(name, container_type);
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.0.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let mut tensor = param.val().detach();
        if self.path.is_linear_weight(D) {
            tensor = tensor.transpose();
        }
        let shape = tensor.dims().to_vec();
        let elements = shape.iter().product::<usize>();
        self.tensors.push((self.path.name(), shape, tensor.reshape([elements])));
    }
}

struct Writer<'a> {
    path: Path,
    state: &'a mut BTreeMap<String, TensorData>,
    error: Option<StateError>,
}

impl ModuleMapper for Writer<'_> {
    fn enter_module(&mut self, name: &str, container_type: &str) {
        self.path.enter(name, container_type);
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.0.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let name = self.path.name();
        let mut needed = param.lazy_shape().to_vec();
        let transposed = self.path.is_linear_weight(D);
        if transposed {
            needed.reverse();
        }
        let Some(data) = self.state.remove(&name) else {
            self.error.get_or_insert(StateError::Missing(name));
            return param;
        };
        let found = data.shape().to_vec();
        if found != needed {
            self.error.get_or_insert(StateError::Shape { name, found, needed });
            return param;
        }
        // Transposed on the host: a transposed view on the device would take other code paths and
        // round differently than the weights that were saved.
        let data = if transposed { transpose(&data) } else { data };
        param.map(|old| {
            let tensor = Tensor::<D>::from_data(data, &old.device().without_autodiff());
            let tensor =
                if old.device().is_autodiff() { Tensor::from_inner(tensor) } else { tensor };
            tensor.set_require_grad(old.is_require_grad())
        })
    }
}

/// A matrix of f32 with rows and columns exchanged.
fn transpose(data: &TensorData) -> TensorData {
    let (rows, columns) = (data.shape()[0], data.shape()[1]);
    let values = data.as_slice::<f32>().unwrap_or_default();
    let column = |j: usize| values.iter().skip(j).step_by(columns).copied();
    TensorData::new((0..columns).flat_map(column).collect::<Vec<f32>>(), [columns, rows])
}
