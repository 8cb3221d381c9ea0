//! Classifiers: what the rest of the library asks of a network, and the built-in architectures.

mod architecture;
mod block;
mod bottleneck;
mod conv_net;
mod data_record;
mod dims;
mod file;
pub mod import;
mod initialise;
mod ledger;
mod lenet;
mod mlp;
mod mnist_cnn;
mod network_name;
mod network_spec;
mod resnet;
mod resnet_cifar;
mod small_cnn;
mod spec;
mod state;
mod text_transformer;
mod vgg;
mod vit;

use burn::module::Module;
use burn::tensor::Tensor;

pub use architecture::{Architecture, Network};
pub use conv_net::ConvNet;
pub use data_record::{DataRecord, OtherData};
pub use file::{ModelFile, ModelFileError, NotRetrained};
pub(crate) use file::{State, decode, encode, state_digest};
pub use initialise::initialise;
pub use ledger::{Forgotten, Ledger, LedgerError};
pub use lenet::LeNet;
pub use mlp::Mlp;
pub use mnist_cnn::MnistCnn;
pub use network_name::NetworkName;
pub use network_spec::NetworkSpec;
pub use resnet::ResNet;
pub use resnet_cifar::{BasicBlock, ResNetCifar};
pub use small_cnn::SmallCnn;
pub use spec::{ModelSpec, OnnxGraph, SpecError};
pub(crate) use state::set_batch_norm_training;
pub use state::{StateError, read_state, write_state};
pub use text_transformer::TextTransformer;
pub use vgg::Vgg;
pub use vit::Vit;

/// What a network makes of a batch.
#[derive(Debug, Clone)]
pub struct Activations {
    /// Penultimate, post-ReLU features `[n, d]`: non-negative, hence cosine distances in `[0, 1]`.
    pub features: Tensor<2>,
    /// Class scores before the softmax, `[n, K]`.
    pub logits: Tensor<2>,
}

/// What a layer of a network makes of a batch, for pictures of the network.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Layer {
    /// The layer whose weights made it, as in the names of the network's tensors: `conv1`.
    pub name: &'static str,
    /// `[n, maps, height, width]`; `[n, units, 1, 1]` of a layer without an extent in space.
    pub outputs: Tensor<4>,
}

impl Layer {
    /// Maps `[n, maps, height, width]`.
    pub fn maps(name: &'static str, outputs: Tensor<4>) -> Self {
        Self { name, outputs }
    }

    /// Units `[n, units]`.
    pub fn units(name: &'static str, outputs: Tensor<2>) -> Self {
        let [n, units] = outputs.dims();
        Self { name, outputs: outputs.reshape([n, units, 1, 1]) }
    }
}

/// A network that can be trained and made to forget. Implement it for a burn module of your own to
/// use everything in this crate with it.
///
/// ```
/// use ugradsl::burn; // burn's derive looks for this name
/// use ugradsl::burn::{
///     module::Module,
///     nn::{Linear, LinearConfig},
///     tensor::{Tensor, activation::relu},
/// };
/// use ugradsl::device::Device;
/// use ugradsl::models::{Activations, Classifier};
///
/// #[derive(Module, Debug)]
/// struct Net {
///     hidden: Linear,
///     output: Linear,
/// }
///
/// impl Classifier for Net {
///     fn forward(&self, images: Tensor<4>) -> Activations {
///         let features = relu(self.hidden.forward(images.flatten(1, 3)));
///         Activations { logits: self.output.forward(features.clone()), features }
///     }
///
///     fn has_batch_norm(&self) -> bool {
///         false
///     }
/// }
///
/// let device = Device::cpu();
/// let net = Net {
///     hidden: LinearConfig::new(2 * 2, 8).init(device.burn()),
///     output: LinearConfig::new(8, 3).init(device.burn()),
/// };
/// let images = Tensor::zeros([5, 1, 2, 2], device.burn());
/// assert_eq!(net.forward(images).logits.dims(), [5, 3]); // `[n, K]`
/// ```
pub trait Classifier: Module + 'static {
    /// Maps normalised images `[n, channels, height, width]` to features and logits; a network for
    /// texts the numbers of their tokens, `[n, 1, 1, length]`.
    fn forward(&self, images: Tensor<4>) -> Activations;

    /// The outputs of the layers that are worth a look, from the first to the features; of a
    /// network that does not say which, its features.
    fn layers(&self, images: Tensor<4>) -> Vec<Layer> {
        vec![Layer::units("features", self.forward(images).features)]
    }

    /// Whether statistics of the batch enter the result (BatchNorm): decides whether retained and
    /// forgotten rows may share a pass.
    fn has_batch_norm(&self) -> bool;
}
