//! An ONNX graph as a module of burn: its weights are parameters under the names of their
//! initializers.

use std::sync::Arc;

use burn::backend::{Dispatch, ops::*};
use burn::module::{
    Content, Devices, Module, ModuleDisplay, ModuleDisplayDefault, ModuleMapper, ModuleVisitor,
    Param, RunningState,
};
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::tensor::{Device, Scalar, Tensor, TensorData};

use super::{
    OnnxError,
    head::Cut,
    host::HostTensor,
    program::{Norm, Parameter, Program},
    shape::count,
    value::{Context, Uploads, Value, dims, shape},
    weight::Weight,
};

/// A classifier that somebody exported to ONNX. [`OnnxModel`](super::OnnxModel) builds it.
#[derive(Debug, Clone)]
pub struct OnnxNetwork {
    program: Arc<Program>,
    weights: Vec<Weight>,
    norms: Vec<BatchNorm>,
    /// The token that fills up short texts.
    padding: u32,
    /// Constants that are on the network's device. A copy for another device begins anew.
    uploads: Arc<Uploads>,
}

/// The type of container that a visitor of the module is told around each weight.
const CONTAINER: &str = "Struct:OnnxNetwork";

/// Logits `[n, K]` and features `[n, d]`.
pub(crate) struct Answers {
    pub(crate) logits: Tensor<2>,
    pub(crate) features: Tensor<2>,
}

impl OnnxNetwork {
    /// The network on `device`, with the values that `values` gives for each weight.
    pub(crate) fn new(
        program: Arc<Program>,
        padding: u32,
        device: &Device,
        values: &dyn Fn(&Parameter) -> Vec<f32>,
    ) -> Self {
        let weight =
            |parameter: &Parameter| Weight::new(&parameter.dims, values(parameter), device);
        let weights = program.parameters.iter().map(weight).collect();
        let norms = program.norms.iter().map(|norm| batch_norm(norm, device, values)).collect();
        let uploads = Arc::new(Uploads::new(device));
        Self { program, weights, norms, padding, uploads }
    }

    /// Whether a layer takes statistics of the batch.
    pub(crate) fn normalises_batches(&self) -> bool {
        !self.norms.is_empty()
    }

    /// What the network answers to `rows`, `[n, channels, height, width]`.
    pub(crate) fn answers(&self, rows: Tensor<4>) -> Result<Answers, OnnxError> {
        let (device, n) = (rows.device(), rows.dims()[0]);
        self.program.code.with_context(&device, &self.uploads, |context| {
            let input = |problem| OnnxError::Graph(format!("its input {problem}"));
            let inputs = self.program.reader.feed(rows, self.padding, context).map_err(input)?;
            let weight = |number: usize| self.weights[number].value();
            let answers = self.program.code.run(inputs, &weight, &self.norms, context)?;
            let mut answers = answers.into_iter();
            let made = answers.next().flatten();
            let made = made.ok_or_else(|| OnnxError::Graph("it makes no output".to_owned()))?;
            let logits = self.logits(made, n, context)?;
            let features =
                answers.next().flatten().and_then(|features| features_of(features, n, context));
            let features = features.unwrap_or_else(|| logits.clone());
            let features = Tensor::from_dispatch(Dispatch::relu(features.into_dispatch()));
            Ok(Answers { logits, features })
        })
    }

    /// The output as `[n, K]`.
    fn logits(
        &self,
        value: Value,
        n: usize,
        context: &Context<'_>,
    ) -> Result<Tensor<2>, OnnxError> {
        let sides = value.dims();
        let fail = |problem: String| OnnxError::Output { name: "logits".to_owned(), problem };
        if sides.first() != Some(&n) {
            let what = format!("of {n} rows it makes an output of shape {sides:?}");
            return Err(OnnxError::FixedBatch { what });
        }
        let classes = count(&sides[1..]);
        let one_axis = sides[1..].iter().filter(|side| **side > 1).count() <= 1;
        if !one_axis || classes == 0 {
            return Err(fail(format!("has the shape {sides:?}, not one number for each class")));
        }
        let x = Dispatch::float_reshape(context.floats(&value), shape(&[n, classes]));
        match (classes, self.program.cut) {
            (1, _) => Ok(two_classes(x)),
            (_, Some(Cut::Sigmoid)) => Err(fail(format!(
                "is {classes} answers of yes or no, not one class of {classes}: networks for several labels are not supported"
            ))),
            _ => Ok(Tensor::from_dispatch(x)),
        }
    }
}

/// One logit as two, whose softmax is its sigmoid.
fn two_classes(x: burn::backend::DispatchTensor) -> Tensor<2> {
    let zero = Dispatch::float_mul_scalar(x.clone(), Scalar::Float(0.0));
    Tensor::from_dispatch(Dispatch::float_cat(vec![zero, x], 1))
}

/// What the last layer is given as `[n, d]`: places and tokens are averaged.
fn features_of(value: Value, n: usize, context: &Context<'_>) -> Option<Tensor<2>> {
    let sides = value.dims();
    if sides.first() != Some(&n) || count(&sides) == 0 {
        return None;
    }
    let x = context.floats(&value);
    let flat = match sides.len() {
        2 => x,
        3 => Dispatch::float_mean_dim(x, 1),
        4.. => {
            let places = [n, sides[1], count(&sides[2..])];
            Dispatch::float_mean_dim(Dispatch::float_reshape(x, shape(&places)), 2)
        }
        _ => return None,
    };
    let d = count(&dims(&flat)) / n;
    Some(Tensor::from_dispatch(Dispatch::float_reshape(flat, shape(&[n, d]))))
}

fn batch_norm(norm: &Norm, device: &Device, values: &dyn Fn(&Parameter) -> Vec<f32>) -> BatchNorm {
    let tensor = |k: usize| {
        let parameter = &norm.tensors[k];
        Tensor::<1>::from_data(TensorData::new(values(parameter), parameter.dims.clone()), device)
    };
    let config = BatchNormConfig::new(count(&norm.tensors[0].dims));
    let mut layer = config.with_epsilon(norm.epsilon).with_momentum(norm.momentum).init(device);
    layer.gamma = Param::from_tensor(tensor(0));
    layer.beta = Param::from_tensor(tensor(1));
    layer.running_mean = RunningState::new(tensor(2));
    layer.running_var = RunningState::new(tensor(3));
    layer
}

impl Module for OnnxNetwork {
    fn collect_devices(&self, devices: Devices) -> Devices {
        let devices =
            self.weights.iter().fold(devices, |devices, weight| weight.collect_devices(devices));
        self.norms.iter().fold(devices, |devices, norm| norm.collect_devices(devices))
    }

    fn fork(self, device: &Device) -> Self {
        let weights = self.weights.into_iter().map(|weight| weight.fork(device)).collect();
        let norms = self.norms.into_iter().map(|norm| norm.fork(device)).collect();
        Self { weights, norms, uploads: Arc::new(Uploads::new(device)), ..self }
    }

    fn to_device(self, device: &Device) -> Self {
        let weights = self.weights.into_iter().map(|weight| weight.moved_to(device)).collect();
        let norms = self.norms.into_iter().map(|norm| norm.to_device(device)).collect();
        Self { weights, norms, uploads: Arc::new(Uploads::new(device)), ..self }
    }

    fn train(self) -> Self {
        let weights = self.weights.into_iter().map(Weight::train).collect();
        let norms = self.norms.into_iter().map(Module::train).collect();
        Self { weights, norms, ..self }
    }

    fn valid(&self) -> Self {
        let weights = self.weights.iter().map(Weight::valid).collect();
        let norms = self.norms.iter().map(Module::valid).collect();
        Self { weights, norms, ..self.clone() }
    }

    fn materialize(self) -> Self {
        let weights = self.weights.into_iter().map(Weight::materialize).collect();
        let norms = self.norms.into_iter().map(Module::materialize).collect();
        Self { weights, norms, ..self }
    }

    fn visit<V: ModuleVisitor>(&self, visitor: &mut V) {
        for (parameter, weight) in self.program.parameters.iter().zip(&self.weights) {
            visitor.enter_module(&parameter.name, CONTAINER);
            weight.visit(visitor);
            visitor.exit_module(&parameter.name, CONTAINER);
        }
        for (norm, layer) in self.program.norms.iter().zip(&self.norms) {
            let [gamma, beta, mean, var] = &norm.tensors;
            visit(visitor, gamma, &layer.gamma);
            visit(visitor, beta, &layer.beta);
            layer.training.visit(visitor);
            visit(visitor, mean, &layer.running_mean);
            visit(visitor, var, &layer.running_var);
        }
    }

    fn map<M: ModuleMapper>(self, mapper: &mut M) -> Self {
        let program = self.program.clone();
        let mut weights = Vec::with_capacity(self.weights.len());
        for (parameter, weight) in program.parameters.iter().zip(self.weights) {
            mapper.enter_module(&parameter.name, CONTAINER);
            weights.push(weight.map(mapper));
            mapper.exit_module(&parameter.name, CONTAINER);
        }
        let mut norms = Vec::with_capacity(self.norms.len());
        for (norm, layer) in program.norms.iter().zip(self.norms) {
            let [gamma, beta, mean, var] = &norm.tensors;
            norms.push(BatchNorm {
                gamma: mapped(mapper, gamma, layer.gamma),
                beta: mapped(mapper, beta, layer.beta),
                training: Module::map(layer.training, mapper),
                running_mean: mapped(mapper, mean, layer.running_mean),
                running_var: mapped(mapper, var, layer.running_var),
                momentum: layer.momentum,
                epsilon: layer.epsilon,
            });
        }
        Self { weights, norms, ..self }
    }
}

fn visit<V: ModuleVisitor>(visitor: &mut V, parameter: &Parameter, module: &impl Module) {
    visitor.enter_module(&parameter.name, CONTAINER);
    module.visit(visitor);
    visitor.exit_module(&parameter.name, CONTAINER);
}

fn mapped<M: ModuleMapper, T: Module>(mapper: &mut M, parameter: &Parameter, module: T) -> T {
    mapper.enter_module(&parameter.name, CONTAINER);
    let module = module.map(mapper);
    mapper.exit_module(&parameter.name, CONTAINER);
    module
}

impl ModuleDisplayDefault for OnnxNetwork {
    fn content(&self, content: Content) -> Option<Content> {
        let tensors = self.program.trained().count();
        content.add_formatted(&format!("OnnxNetwork {{tensors: {tensors}}}")).optional()
    }
}

impl ModuleDisplay for OnnxNetwork {}

/// The values of a weight in its file.
pub(crate) fn values_in(file: &[u8], parameter: &Parameter) -> Vec<f32> {
    let raw = &file[parameter.place.clone()];
    match parameter.kind {
        super::proto::ElementType::F64 => {
            raw.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes) as f32).collect()
        }
        _ => raw.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(),
    }
}

/// Rows of zeros, or of the padding token, to try a network with.
pub(crate) fn blank(n: usize, [c, h, w]: [usize; 3], token: u32, device: &Device) -> Tensor<4> {
    let rows = HostTensor::floats(vec![n, c, h, w], vec![token as f32; n * c * h * w]);
    Tensor::from_data(TensorData::new(rows.to_floats(), [n, c, h, w]), device)
}
