//! The built-in architectures by name, and one module type that holds any of them.

use std::fmt;

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::dims::Dims;
use super::{
    Activations, Classifier, ConvNet, Layer, LeNet, Mlp, MnistCnn, ResNet, ResNetCifar, SmallCnn,
    TextTransformer, Vgg, Vit, conv_net, lenet, mnist_cnn, small_cnn, vgg, vit,
};
use crate::onnx::OnnxNetwork;

/// What a network reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inputs {
    /// Images of at least so many pixels a side.
    Images { min_side: usize },
    /// Texts as tokens.
    Texts,
    /// What its graph says.
    Graph,
}

/// From one line per network: the enums [`Architecture`] and [`Network`] and all that is said of
/// each.
macro_rules! networks {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal: $module:ident, $inputs:expr, $build:expr;)+) => {
        /// Name of a built-in network.
        ///
        /// ```
        /// use ugradsl::models::Architecture;
        ///
        /// assert_eq!("resnet18".parse::<Architecture>()?, Architecture::ResNet18);
        /// assert!(Architecture::TextTransformer.is_for_text());
        /// let error = "resnet19".parse::<Architecture>().unwrap_err();
        /// assert!(error.to_string().contains("resnet18")); // it lists what there is
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Architecture {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $variant,)+
            /// A graph in an ONNX file: an [`OnnxNetwork`]. It cannot be built from its name.
            #[serde(rename = "onnx")]
            Onnx,
        }

        impl Architecture {
            /// The names of the built-in networks, in the order in which they are offered.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// The name used in files and on the command line.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ Self::Onnx => "onnx" }
            }

            fn inputs(self) -> Inputs {
                match self { $(Self::$variant => $inputs,)+ Self::Onnx => Inputs::Graph }
            }
        }

        /// Any of the built-in networks, or one from an ONNX file.
        #[derive(Module, Debug)]
        #[allow(
            missing_docs,
            reason = "the derive writes undocumented items; the variants are their types"
        )]
        #[allow(
            clippy::large_enum_variant,
            reason = "a handful of tensor handles; the derive takes no boxes"
        )]
        pub enum Network {
            $($variant($module),)+
            Onnx(OnnxNetwork),
        }

        impl Network {
            /// A built-in network of these sizes, which have been checked. Its weights are burn's.
            pub(super) fn build(which: Architecture, dims: Dims, device: &Device) -> Option<Self> {
                match which {
                    $(Architecture::$variant => Some(Self::$variant($build(dims, device))),)+
                    Architecture::Onnx => None,
                }
            }
        }

        impl Classifier for Network {
            fn forward(&self, images: Tensor<4>) -> Activations {
                match self {
                    $(Self::$variant(network) => network.forward(images),)+
                    Self::Onnx(network) => network.forward(images),
                }
            }

            fn layers(&self, images: Tensor<4>) -> Vec<Layer> {
                match self {
                    $(Self::$variant(network) => network.layers(images),)+
                    Self::Onnx(network) => network.layers(images),
                }
            }

            fn has_batch_norm(&self) -> bool {
                match self {
                    $(Self::$variant(network) => network.has_batch_norm(),)+
                    Self::Onnx(network) => network.has_batch_norm(),
                }
            }
        }
    };
}

use Inputs::{Images, Texts};

networks! {
    /// [`Mlp`]
    Mlp = "mlp": Mlp, Images { min_side: 1 }, Mlp::build;
    /// [`LeNet`]
    LeNet = "lenet": LeNet, Images { min_side: lenet::MIN_SIDE }, LeNet::build;
    /// [`ConvNet`]
    ConvNet = "convnet": ConvNet, Images { min_side: conv_net::MIN_SIDE }, ConvNet::build;
    /// [`LeNet`] without padding: the network of PyTorch's tutorial "Training a Classifier"
    CifarNet = "cifar-net": LeNet, Images { min_side: lenet::MIN_SIDE_UNPADDED }, LeNet::build_unpadded;
    /// [`MnistCnn`]
    MnistCnn = "mnist-cnn": MnistCnn, Images { min_side: mnist_cnn::MIN_SIDE }, MnistCnn::build;
    /// [`SmallCnn`], with BatchNorm
    SmallCnn = "small-cnn": SmallCnn, Images { min_side: small_cnn::MIN_SIDE }, SmallCnn::build;
    /// [`ResNetCifar`] of 8 layers, with BatchNorm
    ResNet8 = "resnet8": ResNetCifar, Images { min_side: 1 }, ResNetCifar::build::<1>;
    /// [`ResNetCifar`] of 20 layers, with BatchNorm
    ResNet20 = "resnet20": ResNetCifar, Images { min_side: 1 }, ResNetCifar::build::<3>;
    /// [`ResNetCifar`] of 32 layers, with BatchNorm
    ResNet32 = "resnet32": ResNetCifar, Images { min_side: 1 }, ResNetCifar::build::<5>;
    /// [`ResNetCifar`] of 44 layers, with BatchNorm
    ResNet44 = "resnet44": ResNetCifar, Images { min_side: 1 }, ResNetCifar::build::<7>;
    /// [`ResNetCifar`] of 56 layers, with BatchNorm
    ResNet56 = "resnet56": ResNetCifar, Images { min_side: 1 }, ResNetCifar::build::<9>;
    /// [`ResNet`] of 18 layers for small images, with BatchNorm
    ResNet18 = "resnet18": ResNet, Images { min_side: 1 }, ResNet::build;
    /// [`ResNet`] of 18 layers for large images, with BatchNorm
    ResNet18ImageNet = "resnet18-imagenet": ResNet, Images { min_side: 1 }, ResNet::build18;
    /// [`ResNet`] of 34 layers for large images, with BatchNorm
    ResNet34ImageNet = "resnet34-imagenet": ResNet, Images { min_side: 1 }, ResNet::build34;
    /// [`ResNet`] of 50 layers for large images, with BatchNorm
    ResNet50ImageNet = "resnet50-imagenet": ResNet, Images { min_side: 1 }, ResNet::build50;
    /// [`Vgg`] of 16 layers, with BatchNorm
    Vgg16 = "vgg16-bn": Vgg, Images { min_side: vgg::MIN_SIDE }, Vgg::build;
    /// [`Vit`]
    Vit = "vit": Vit, Images { min_side: vit::MIN_SIDE }, Vit::build;
    /// [`TextTransformer`], for texts
    TextTransformer = "text-transformer": TextTransformer, Texts, TextTransformer::build;
}

impl Architecture {
    /// Whether it reads texts rather than images.
    pub fn is_for_text(self) -> bool {
        self.inputs() == Texts
    }

    /// The smallest height and width of images that it can take, in pixels.
    pub fn min_side(self) -> usize {
        match self.inputs() {
            Images { min_side } => min_side,
            Texts | Inputs::Graph => 1,
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
