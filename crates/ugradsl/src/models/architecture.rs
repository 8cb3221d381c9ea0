//! The built-in architectures by name, and one module type that holds any of them.

use std::fmt;

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::dims::Dims;
use super::{
    Activations, Classifier, ConvNet, LeNet, Mlp, ResNet, ResNetCifar, SmallCnn, TextTransformer,
    Vgg, Vit, conv_net, lenet, small_cnn, vgg, vit,
};

/// What a network reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inputs {
    /// Images of at least so many pixels a side.
    Images { min_side: usize },
    /// Texts as tokens.
    Texts,
}

/// From one line per network: the enums [`Architecture`] and [`Network`] and all that is said of each.
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
        }

        impl Architecture {
            /// All names, in the order in which they are offered.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// The name used in files and on the command line.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            fn inputs(self) -> Inputs {
                match self { $(Self::$variant => $inputs,)+ }
            }
        }

        /// Any of the built-in networks.
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
        }

        impl Network {
            /// A network of these sizes, which have been checked. Its weights are burn's.
            pub(super) fn build(which: Architecture, dims: Dims, device: &Device) -> Self {
                match which {
                    $(Architecture::$variant => Self::$variant($build(dims, device)),)+
                }
            }
        }

        impl Classifier for Network {
            fn forward(&self, images: Tensor<4>) -> Activations {
                match self { $(Self::$variant(network) => network.forward(images),)+ }
            }

            fn has_batch_norm(&self) -> bool {
                match self { $(Self::$variant(network) => network.has_batch_norm(),)+ }
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
    /// [`SmallCnn`], with BatchNorm
    SmallCnn = "small-cnn": SmallCnn, Images { min_side: small_cnn::MIN_SIDE }, SmallCnn::build;
    /// [`ResNetCifar`] of 8 layers, with BatchNorm
    ResNet8 = "resnet8": ResNetCifar, Images { min_side: 1 }, ResNetCifar::build::<1>;
    /// [`ResNetCifar`] of 20 layers, with BatchNorm
    ResNet20 = "resnet20": ResNetCifar, Images { min_side: 1 }, ResNetCifar::build::<3>;
    /// [`ResNetCifar`] of 56 layers, with BatchNorm
    ResNet56 = "resnet56": ResNetCifar, Images { min_side: 1 }, ResNetCifar::build::<9>;
    /// [`ResNet`] of 18 layers, with BatchNorm
    ResNet18 = "resnet18": ResNet, Images { min_side: 1 }, ResNet::build;
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
            Texts => 1,
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
