//! The built-in architectures by name, and one module type that holds any of them.

use std::{fmt, str::FromStr};

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    Activations, Classifier, ConvNet, LeNet, Mlp, ResNet, ResNetCifar, SmallCnn, TextTransformer,
    Vgg, Vit, conv_net, initialise, lenet, small_cnn, vgg, vit,
};
use crate::data::{Dataset, Normalisation, TextSet, Tokenizer, TokenizerError};

/// Name of a built-in network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Architecture {
    /// [`Mlp`]
    Mlp,
    /// [`LeNet`]
    #[serde(rename = "lenet")]
    LeNet,
    /// [`ConvNet`]
    #[serde(rename = "convnet")]
    ConvNet,
    /// [`SmallCnn`], with BatchNorm
    SmallCnn,
    /// [`ResNetCifar`] of 8 layers, with BatchNorm
    #[serde(rename = "resnet8")]
    ResNet8,
    /// [`ResNetCifar`] of 20 layers, with BatchNorm
    #[serde(rename = "resnet20")]
    ResNet20,
    /// [`ResNetCifar`] of 56 layers, with BatchNorm
    #[serde(rename = "resnet56")]
    ResNet56,
    /// [`ResNet`] of 18 layers, with BatchNorm
    #[serde(rename = "resnet18")]
    ResNet18,
    /// [`Vgg`] of 16 layers, with BatchNorm
    #[serde(rename = "vgg16-bn")]
    Vgg16,
    /// [`Vit`]
    Vit,
    /// [`TextTransformer`], for texts
    TextTransformer,
}

impl Architecture {
    /// All names, in the order in which they are offered.
    pub const ALL: [Self; 11] = [
        Self::Mlp,
        Self::LeNet,
        Self::ConvNet,
        Self::SmallCnn,
        Self::ResNet8,
        Self::ResNet20,
        Self::ResNet56,
        Self::ResNet18,
        Self::Vgg16,
        Self::Vit,
        Self::TextTransformer,
    ];

    /// The name used in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mlp => "mlp",
            Self::LeNet => "lenet",
            Self::ConvNet => "convnet",
            Self::SmallCnn => "small-cnn",
            Self::ResNet8 => "resnet8",
            Self::ResNet20 => "resnet20",
            Self::ResNet56 => "resnet56",
            Self::ResNet18 => "resnet18",
            Self::Vgg16 => "vgg16-bn",
            Self::Vit => "vit",
            Self::TextTransformer => "text-transformer",
        }
    }

    /// Whether it reads texts rather than images.
    pub fn is_for_text(self) -> bool {
        self == Self::TextTransformer
    }

    /// The smallest height and width of images that it can take, in pixels.
    pub fn min_side(self) -> usize {
        match self {
            Self::Mlp | Self::ResNet8 | Self::ResNet20 | Self::ResNet56 | Self::ResNet18 => 1,
            Self::TextTransformer => 1,
            Self::LeNet => lenet::MIN_SIDE,
            Self::ConvNet => conv_net::MIN_SIDE,
            Self::SmallCnn => small_cnn::MIN_SIDE,
            Self::Vgg16 => vgg::MIN_SIDE,
            Self::Vit => vit::MIN_SIDE,
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Architecture {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        let found = Self::ALL.into_iter().find(|architecture| architecture.name() == text);
        let known = || Self::ALL.map(Self::name).join(", ");
        found.ok_or_else(|| SpecError::Unknown { name: text.to_owned(), known: known() })
    }
}

/// Why no network can be built.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SpecError {
    /// The name is not one of the built-in architectures.
    #[error("unknown architecture {name:?}: choose one of {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The images are too small for the layers.
    #[error("{architecture} needs images of at least {min} x {min} pixels, not {height} x {width}")]
    TooSmall {
        /// The network asked for.
        architecture: Architecture,
        /// Smallest side it can take.
        min: usize,
        /// Height of the images.
        height: usize,
        /// Width of the images.
        width: usize,
    },
    /// A classifier needs something to choose from.
    #[error("a classifier needs at least 2 classes, not {0}")]
    Classes(usize),
    /// A network for images and texts.
    #[error("{0} is a network for images, but the data are texts: choose text-transformer")]
    Texts(Architecture),
    /// A network for texts and images, or a model file without a tokenizer.
    #[error("{0} is a network for texts, but the data are images or come without a tokenizer")]
    Images(Architecture),
    /// Rows that are no texts: one row of a bounded number of tokens.
    #[error("texts of shape {0:?}: it must be [1, 1, tokens] with 1 to {most} tokens", most = TextSet::LONGEST)]
    TextShape([usize; 3]),
    /// Data that the network cannot read, or whose classes are not its own.
    #[error("the model takes {takes}, but {name} has {has}")]
    Data {
        /// What the network was made for.
        takes: String,
        /// The data set.
        name: String,
        /// What it has instead.
        has: String,
    },
    /// Texts in another network's tokens.
    #[error(
        "the model's tokenizer is not the one that the texts are cut by: networks that are compared must share it"
    )]
    OtherTokenizer,
    /// A tokenizer that cannot be one.
    #[error(transparent)]
    Tokenizer(#[from] TokenizerError),
    /// The shape is empty or its size does not fit.
    #[error("images of shape {0:?} (channels, height, width) are empty or too large")]
    Shape([usize; 3]),
}

/// Everything needed to rebuild a network, its weights excepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSpec {
    /// Which network.
    pub architecture: Architecture,
    /// Channels, height and width of an image; for texts 1, 1 and their tokens.
    pub shape: [usize; 3],
    /// Number of classes K.
    pub classes: usize,
    /// How pixels are normalised before they enter the network; the identity for texts.
    pub normalisation: Normalisation,
    /// What cuts texts into the tokens that the network knows; `None` for images.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokenizer: Option<Tokenizer>,
}

/// Largest number of values in an image: keeps a lying header from asking for absurd layers.
const MAX_INPUTS: usize = 1 << 24;

impl ModelSpec {
    /// The network of this architecture for images or texts like those of `dataset`.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    pub fn fitting(architecture: Architecture, dataset: &Dataset) -> Result<Self, SpecError> {
        let spec = Self {
            architecture,
            shape: dataset.train.shape(),
            classes: dataset.classes,
            normalisation: dataset.normalisation.clone(),
            tokenizer: dataset.train.texts().map(|texts| texts.tokenizer().clone()),
        };
        spec.check()?;
        Ok(spec)
    }

    /// Checks that the network can be built.
    ///
    /// # Errors
    ///
    /// [`SpecError`] with the values that clash.
    pub fn check(&self) -> Result<(), SpecError> {
        let [channels, height, width] = self.shape;
        let inputs = channels.checked_mul(height).and_then(|area| area.checked_mul(width));
        if !inputs.is_some_and(|inputs| (1..=MAX_INPUTS).contains(&inputs)) {
            return Err(SpecError::Shape(self.shape));
        }
        if self.classes < 2 {
            return Err(SpecError::Classes(self.classes));
        }
        match &self.tokenizer {
            Some(_) if !self.architecture.is_for_text() => {
                return Err(SpecError::Texts(self.architecture));
            }
            None if self.architecture.is_for_text() => {
                return Err(SpecError::Images(self.architecture));
            }
            Some(_) if channels * height != 1 || width > TextSet::LONGEST => {
                return Err(SpecError::TextShape(self.shape));
            }
            Some(tokenizer) => tokenizer.check()?,
            None => {}
        }
        let (architecture, min) = (self.architecture, self.architecture.min_side());
        if height < min || width < min {
            return Err(SpecError::TooSmall { architecture, min, height, width });
        }
        Ok(())
    }

    /// Checks that the network reads rows like those of `dataset` and answers with its classes.
    ///
    /// # Errors
    ///
    /// [`SpecError::Data`] or [`SpecError::OtherTokenizer`].
    pub fn check_data(&self, dataset: &Dataset) -> Result<(), SpecError> {
        let theirs = dataset.train.texts().map(TextSet::tokenizer);
        let kind = |texts: bool| if texts { "texts" } else { "images" };
        let kinds = [self.tokenizer.is_some(), theirs.is_some()].map(kind);
        let rows = |kind: &str, shape: [usize; 3], classes: usize| match kinds[0] == kinds[1] {
            true => format!("{kind} of shape {shape:?} in {classes} classes"),
            false => kind.to_owned(),
        };
        let takes = rows(kinds[0], self.shape, self.classes);
        let has = rows(kinds[1], dataset.train.shape(), dataset.classes);
        if takes != has {
            return Err(SpecError::Data { takes, name: dataset.name.clone(), has });
        }
        match self.tokenizer.as_ref() == theirs {
            true => Ok(()),
            false => Err(SpecError::OtherTokenizer),
        }
    }

    /// A fresh network whose weights are drawn on the host from `seed`: the same on every device.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    pub fn init(&self, seed: u64, device: &Device) -> Result<Network, SpecError> {
        self.check()?;
        let (shape, classes) = (self.shape, self.classes);
        let network = match self.architecture {
            Architecture::Mlp => Network::Mlp(Mlp::new(shape.iter().product(), classes, device)),
            Architecture::LeNet => Network::LeNet(LeNet::new(shape, classes, device)),
            Architecture::ConvNet => Network::ConvNet(ConvNet::new(shape, classes, device)),
            Architecture::SmallCnn => Network::SmallCnn(SmallCnn::new(shape, classes, device)),
            Architecture::ResNet8 | Architecture::ResNet20 | Architecture::ResNet56 => {
                let blocks = match self.architecture {
                    Architecture::ResNet8 => 1,
                    Architecture::ResNet20 => 3,
                    _ => 9,
                };
                Network::ResNetCifar(ResNetCifar::new(blocks, shape[0], classes, device))
            }
            Architecture::ResNet18 => Network::ResNet(ResNet::new(shape[0], classes, device)),
            Architecture::Vgg16 => Network::Vgg(Vgg::new(shape[0], classes, device)),
            Architecture::Vit => Network::Vit(Vit::new(shape, classes, device)),
            Architecture::TextTransformer => {
                // `check` has seen to it that there is one.
                let vocabulary = self.tokenizer.as_ref().map_or(1, Tokenizer::vocabulary);
                let [_, _, length] = shape;
                let network = TextTransformer::new(vocabulary, length, classes, device);
                Network::TextTransformer(network)
            }
        };
        Ok(initialise(network, seed))
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
    Mlp(Mlp),
    LeNet(LeNet),
    ConvNet(ConvNet),
    SmallCnn(SmallCnn),
    ResNetCifar(ResNetCifar),
    ResNet(ResNet),
    Vgg(Vgg),
    Vit(Vit),
    TextTransformer(TextTransformer),
}

impl Classifier for Network {
    fn forward(&self, images: Tensor<4>) -> Activations {
        match self {
            Self::Mlp(network) => network.forward(images),
            Self::LeNet(network) => network.forward(images),
            Self::ConvNet(network) => network.forward(images),
            Self::SmallCnn(network) => network.forward(images),
            Self::ResNetCifar(network) => network.forward(images),
            Self::ResNet(network) => network.forward(images),
            Self::Vgg(network) => network.forward(images),
            Self::Vit(network) => network.forward(images),
            Self::TextTransformer(network) => network.forward(images),
        }
    }

    fn has_batch_norm(&self) -> bool {
        match self {
            Self::Mlp(network) => network.has_batch_norm(),
            Self::LeNet(network) => network.has_batch_norm(),
            Self::ConvNet(network) => network.has_batch_norm(),
            Self::SmallCnn(network) => network.has_batch_norm(),
            Self::ResNetCifar(network) => network.has_batch_norm(),
            Self::ResNet(network) => network.has_batch_norm(),
            Self::Vgg(network) => network.has_batch_norm(),
            Self::Vit(network) => network.has_batch_norm(),
            Self::TextTransformer(network) => network.has_batch_norm(),
        }
    }
}
