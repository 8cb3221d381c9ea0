//! Moving the weights: SGD with momentum, or AdamW, after clipping the gradient's global norm.
//!
//! burn's optimizers restore their state on the default device, which need not exist on the machine
//! (it is a GPU in builds that can use one), and read it back synchronously, which a browser cannot
//! (decision 1). This one keeps its state as plain tensors on the device of the model.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Gradients, Tensor};
use serde::{Deserialize, Serialize};

use super::{
    gradient_transform::{ActiveTransform, Mask},
    weights::flat_tensors,
};

/// The rule that moves the weights, by PyTorch's definitions.
///
/// ```
/// use ugradsl::train::OptimizerConfig;
///
/// let OptimizerConfig::Sgd { momentum, weight_decay } = OptimizerConfig::default() else {
///     panic!("the default is SGD");
/// };
/// assert_eq!((momentum, weight_decay), (0.9, 5e-4));
/// ```
/// A recipe writes its name, `"adamw"`, or a table, `{ name = "sgd", momentum = 0.5 }`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", try_from = "Written")]
pub enum OptimizerConfig {
    /// `g += weight_decay w; v = momentum v + g; w -= lr v`
    Sgd {
        /// Share of the last step that is kept; 0.9 where a recipe says nothing.
        momentum: f64,
        /// L2 penalty; 5e-4 where a recipe says nothing.
        weight_decay: f64,
    },
    /// Adam with decoupled weight decay, betas (0.9, 0.999), epsilon 1e-8.
    Adamw {
        /// Decoupled decay, times the learning rate; 0.01, as in PyTorch, where a recipe says
        /// nothing.
        weight_decay: f64,
    },
}

/// An optimizer as a recipe writes it.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "an optimizer is a name, sgd or adamw, or a table with name, momentum and weight_decay"
)]
enum Written {
    Name(Name),
    Table(Numbers),
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Name {
    Sgd,
    Adamw,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Numbers {
    name: Option<Name>,
    momentum: Option<f64>,
    weight_decay: Option<f64>,
}

impl TryFrom<Written> for OptimizerConfig {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let numbers = match written {
            Written::Name(name) => Numbers { name: Some(name), momentum: None, weight_decay: None },
            Written::Table(numbers) => numbers,
        };
        match numbers {
            Numbers { name: Some(Name::Adamw), momentum: Some(_), .. } => {
                Err("adamw has no momentum")
            }
            Numbers { name: None, momentum: None, .. } => {
                Err("an optimizer needs its name: name = \"sgd\" or name = \"adamw\"")
            }
            Numbers { name: Some(Name::Adamw), weight_decay: decay, .. } => {
                Ok(Self::Adamw { weight_decay: decay.unwrap_or(decoupled_decay()) })
            }
            Numbers { momentum: share, weight_decay: decay, .. } => Ok(Self::Sgd {
                momentum: share.unwrap_or(momentum()),
                weight_decay: decay.unwrap_or(weight_decay()),
            }),
        }
    }
}

const fn momentum() -> f64 {
    0.9
}

const fn weight_decay() -> f64 {
    5e-4
}

const fn decoupled_decay() -> f64 {
    0.01
}

impl Default for OptimizerConfig {
    fn default() -> Self {
        Self::Sgd { momentum: momentum(), weight_decay: weight_decay() }
    }
}

const BETAS: (f64, f64) = (0.9, 0.999);
const EPSILON: f64 = 1e-8;

/// The optimizer and its state: the moment tensors of each parameter, in the order of a visit.
#[derive(Debug, Clone)]
pub struct Optimizer {
    config: OptimizerConfig,
    /// Largest norm of the whole gradient; longer ones are scaled down to it.
    clip_norm: Option<f64>,
    pub(super) moments: Vec<Vec<Tensor<1>>>,
    pub(super) steps: usize,
}

impl Optimizer {
    /// An optimizer without state.
    pub fn new(config: OptimizerConfig, clip_norm: Option<f64>) -> Self {
        Self { config, clip_norm, moments: Vec::new(), steps: 0 }
    }

    /// One step of `model` along `gradients` with learning rate `lr`. Nothing is read back.
    pub fn step<M: Module>(&mut self, lr: f64, model: M, gradients: Gradients) -> M {
        self.transformed_step(lr, model, gradients, &ActiveTransform::None)
    }

    /// The same with a transformation of the gradients.
    pub(super) fn transformed_step<M: Module>(
        &mut self,
        lr: f64,
        model: M,
        gradients: Gradients,
        transform: &ActiveTransform,
    ) -> M {
        let mut collector = Collector { gradients, flat: Vec::new() };
        model.visit(&mut collector);
        let mut flat = collector.flat;
        match transform {
            ActiveTransform::None => {}
            ActiveTransform::L1(gamma) => add_signs(&model, &mut flat, *gamma),
            ActiveTransform::Mask(mask) => {
                for (gradient, mask) in flat.iter_mut().zip(&mask.0) {
                    *gradient = gradient
                        .take()
                        .zip(mask.clone())
                        .map(|(gradient, mask)| gradient.zeros_like().mask_where(mask, gradient));
                }
            }
        }
        if let Some(limit) = self.clip_norm {
            clip(&mut flat, limit);
        }
        self.moments.resize_with(flat.len(), Vec::new);
        self.steps += 1;
        let rule = Rule { config: self.config, lr, steps: self.steps };
        let mask = if let ActiveTransform::Mask(mask) = transform { Some(mask) } else { None };
        model.map(&mut Mover { rule, flat, moments: &mut self.moments, mask, position: 0 })
    }
}

/// Scales all gradients down so that their joint norm is at most `limit`, on the device.
fn clip(flat: &mut [Option<Tensor<1>>], limit: f64) {
    let squares: Vec<Tensor<1>> =
        flat.iter().flatten().map(|gradient| gradient.clone().square().sum()).collect();
    if squares.is_empty() {
        return;
    }
    let norm = Tensor::cat(squares, 0).sum().sqrt();
    let scale = (norm.add_scalar(1e-12).recip() * limit).clamp_max(1.0);
    for gradient in flat.iter_mut() {
        *gradient = gradient.take().map(|gradient| {
            let shape = gradient.dims();
            gradient * scale.clone().expand(shape)
        });
    }
}

/// Adds `gamma sign(w)` to the gradients.
fn add_signs<M: Module>(model: &M, flat: &mut [Option<Tensor<1>>], gamma: f64) {
    for (gradient, (_, weights)) in flat.iter_mut().zip(flat_tensors(model)) {
        *gradient = gradient.take().map(|gradient| gradient + weights.sign() * gamma);
    }
}

/// Takes the gradients out of the graph, flattened, `None` for parameters that have none.
struct Collector {
    gradients: Gradients,
    flat: Vec<Option<Tensor<1>>>,
}

impl ModuleVisitor for Collector {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let gradient = if param.is_require_grad() {
            param.val().grad_remove(&mut self.gradients)
        } else {
            None
        };
        self.flat.push(gradient.map(|gradient: Tensor<D>| {
            let elements = gradient.shape().num_elements();
            gradient.reshape([elements])
        }));
    }
}

#[derive(Clone, Copy)]
struct Rule {
    config: OptimizerConfig,
    lr: f64,
    steps: usize,
}

impl Rule {
    /// New weights from old weights and gradient; updates `moments`.
    fn apply(
        self,
        weights: Tensor<1>,
        gradient: Tensor<1>,
        moments: &mut Vec<Tensor<1>>,
    ) -> Tensor<1> {
        match self.config {
            OptimizerConfig::Sgd { momentum, weight_decay } => {
                let gradient = gradient + weights.clone() * weight_decay;
                let velocity = match moments.pop() {
                    Some(velocity) => velocity * momentum + gradient,
                    None => gradient,
                };
                moments.push(velocity.clone());
                weights - velocity * self.lr
            }
            OptimizerConfig::Adamw { weight_decay } => {
                let zero = || gradient.zeros_like();
                let second = moments.pop().unwrap_or_else(zero);
                let first = moments.pop().unwrap_or_else(zero);
                let first = first * BETAS.0 + gradient.clone() * (1.0 - BETAS.0);
                let second = second * BETAS.1 + gradient.square() * (1.0 - BETAS.1);
                let unbias = |beta: f64| 1.0 - beta.powi(self.steps as i32);
                let root = (second.clone() / unbias(BETAS.1)).sqrt() + EPSILON;
                let step = first.clone() / unbias(BETAS.0) / root;
                moments.extend([first, second]);
                weights.clone() - step * self.lr - weights * (self.lr * weight_decay)
            }
        }
    }
}

struct Mover<'a> {
    rule: Rule,
    flat: Vec<Option<Tensor<1>>>,
    moments: &'a mut [Vec<Tensor<1>>],
    mask: Option<&'a Mask>,
    position: usize,
}

impl ModuleMapper for Mover<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let position = self.position;
        self.position += 1;
        let Some(gradient) = self.flat[position].take() else {
            return param;
        };
        param.map(|weights| {
            let shape = weights.dims();
            let flat = weights.inner().reshape([shape.iter().product::<usize>()]);
            let held =
                self.mask.and_then(|mask| Some((mask.0.get(position)?.clone()?, flat.clone())));
            let moved = self.rule.apply(flat, gradient, &mut self.moments[position]);
            // A gradient of zero would not be enough: weight decay moves a weight, too.
            let moved = match held {
                Some((mask, flat)) => flat.mask_where(mask, moved),
                None => moved,
            };
            Tensor::from_inner(moved.reshape(shape)).require_grad()
        })
    }
}
