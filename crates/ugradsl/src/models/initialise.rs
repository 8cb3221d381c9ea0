//! Initial weights, drawn on the host.
//!
//! burn's own initialisers give different numbers on different backends. These give the same
//! network for the same seed everywhere, with PyTorch's default distribution.

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{DType, Tensor, TensorData};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::random::{self, Stream};

/// Redraws all weights of `model` from `seed`: weights and biases of convolutions and linear layers
/// uniform in `±1/sqrt(fan_in)`, normalisation layers to the identity.
///
/// ```
/// use pollster::block_on;
/// use ugradsl::device::Device;
/// use ugradsl::models::{Mlp, initialise, read_state};
///
/// let device = Device::cpu();
/// let fresh = |seed| initialise(Mlp::new(4, 2, device.burn()), seed);
/// assert_eq!(block_on(read_state(&fresh(1)))?, block_on(read_state(&fresh(1)))?);
/// assert_ne!(block_on(read_state(&fresh(1)))?, block_on(read_state(&fresh(2)))?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn initialise<M: Module>(model: M, seed: u64) -> M {
    let rng = random::rng(seed, Stream::Weights);
    model.map(&mut Initialiser { rng, path: Vec::new(), fan_in: 1 })
}

/// Whether a module of this container type is one of burn's normalisation layers, which have scales
/// (`gamma`) and shifts (`beta`).
pub(super) fn is_normalisation(container: &str) -> bool {
    let layers = ["BatchNorm", "LayerNorm", "GroupNorm", "InstanceNorm", "RmsNorm"];
    container.strip_prefix("Struct:").is_some_and(|name| layers.contains(&name))
}

struct Initialiser {
    rng: ChaCha8Rng,
    /// Name and container type of the modules around a parameter, itself the last.
    path: Vec<(String, String)>,
    /// Of the weight visited last: its bias, visited next, is drawn from the same range.
    fan_in: usize,
}

impl ModuleMapper for Initialiser {
    fn enter_module(&mut self, name: &str, container_type: &str) {
        self.path.push((name.to_owned(), container_type.to_owned()));
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let shape = param.lazy_shape();
        if self.path.iter().any(|(_, container)| is_normalisation(container)) {
            let scales = |(name, _): &(String, String)| name == "gamma" || name == "running_var";
            let value = if self.path.last().is_some_and(scales) { 1.0 } else { 0.0 };
            return param.map(|old| {
                let tensor = Tensor::<D>::full(shape, value, (&old.device(), DType::F32));
                tensor.set_require_grad(old.is_require_grad())
            });
        }
        match D {
            1 => {}
            2 => self.fan_in = shape[0], // linear weights are [inputs, outputs]
            _ => self.fan_in = shape.iter().skip(1).product(), // convolutions: [out, in, h, w]
        }
        let bound = 1.0 / (self.fan_in as f32).sqrt();
        let values: Vec<f32> =
            (0..shape.num_elements()).map(|_| self.rng.random_range(-bound..=bound)).collect();
        param.map(|old| {
            let tensor = Tensor::<D>::from_data(TensorData::new(values, shape), &old.device());
            tensor.set_require_grad(old.is_require_grad())
        })
    }
}

#[cfg(test)]
mod tests {
    use burn::nn::{GroupNorm, GroupNormConfig, RmsNorm, RmsNormConfig};
    use pollster::block_on;

    use super::*;
    use crate::{device::Device, models::read_state};

    /// A network of one's own.
    #[derive(Module, Debug)]
    struct Norms {
        groups: GroupNorm,
        root: RmsNorm,
    }

    #[test]
    fn every_normalisation_layer_begins_as_the_identity_under_the_names_of_pytorch() {
        let device = Device::cpu();
        let groups = GroupNormConfig::new(2, 4).init(device.burn());
        let norms = Norms { groups, root: RmsNormConfig::new(4).init(device.burn()) };
        let state = block_on(read_state(&initialise(norms, 1))).expect("it can be read");
        let values = |name: &str| state[name].try_to_vec::<f32>().expect("floats");
        assert_eq!(state.len(), 3, "{:?}", state.keys());
        assert_eq!(values("groups.weight"), [1.0; 4]);
        assert_eq!(values("groups.bias"), [0.0; 4]);
        assert_eq!(values("root.weight"), [1.0; 4]);
    }
}
