//! What network is built for what data.

mod onnx;

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use onnx::OnnxGraph;

use super::{Architecture, Network, dims::Dims, initialise, write_state};
use crate::{
    data::{
        Dataset, Normalisation, NormalisationError, RowKind, TextSet, Tokenizer, TokenizerError,
    },
    device::Device,
    onnx::OnnxError,
    setters::setters,
};

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
    /// Rows that are not texts: one row of a bounded number of tokens.
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
    /// A network of one's own cannot be built.
    #[error(transparent)]
    Own(Box<dyn std::error::Error + Send + Sync>),
    /// A description of an ONNX network without the network's file.
    #[error("the network is a graph in an ONNX file, which is not at hand: give that file")]
    NoGraph,
    /// A file of another graph than the description's.
    #[error(
        "the graph is not the one that the file's description is of: it was changed by another program"
    )]
    OtherGraph,
    /// The graph cannot be used.
    #[error(transparent)]
    Onnx(#[from] OnnxError),
    /// Rows that an ONNX network does not take.
    #[error("the network takes {takes}, not {has}{remedy}")]
    Rows {
        /// What it takes.
        takes: String,
        /// What it was given.
        has: String,
        /// How to read the data so that it takes them; may be empty.
        remedy: String,
    },
    /// A tokenizer with tokens that an ONNX network does not know.
    #[error(
        "the texts are cut into {tokens} different tokens, but the network knows {rows}: cut them by the tokenizer that it \
         was trained with (--tokenizer tokenizer.json), or into fewer tokens with --set text.vocabulary={rows}"
    )]
    Vocabulary {
        /// Tokens of the tokenizer.
        tokens: usize,
        /// Tokens that the network knows.
        rows: usize,
    },
    /// Fresh weights of another network.
    #[error("the file of fresh weights is of another network: tensor {name:?} {problem}")]
    Fresh {
        /// Which tensor.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The normalisation does not suit the images.
    #[error("normalisation: {0}")]
    Normalisation(#[from] NormalisationError),
    /// The shape is empty or its size does not fit.
    #[error("images of shape {0:?} (channels, height, width) are empty or too large")]
    Shape([usize; 3]),
}

impl SpecError {
    /// What keeps a [network of one's own](super::NetworkSpec) from being built.
    pub fn own(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Own(error.into())
    }
}

/// Everything needed to rebuild a network, its weights excepted.
///
/// ```
/// use ugradsl::data;
/// use ugradsl::models::{Architecture, ModelSpec};
///
/// let digits = data::open("mnist-subset", &data::OpenOptions::new())?;
/// let spec = ModelSpec::fitting(Architecture::LeNet, &digits)?;
/// assert_eq!((spec.shape, spec.classes), ([1, 28, 28], 10));
/// assert!(ModelSpec::fitting(Architecture::Vgg16, &digits).is_err()); // it needs 32 x 32 pixels
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
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
    /// The graph of an ONNX network; `None` for the built-in ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub onnx: Option<OnnxGraph>,
}

/// Largest number of values in an image: keeps a lying header from asking for absurd layers.
const MAX_INPUTS: usize = 1 << 24;

setters!(ModelSpec {
    with_architecture(architecture: Architecture),
    with_shape(shape: [usize; 3]),
    with_classes(classes: usize),
    with_normalisation(normalisation: Normalisation),
    with_tokenizer(tokenizer: Option<Tokenizer>),
    with_onnx(onnx: Option<OnnxGraph>),
});

impl ModelSpec {
    /// A network of this architecture for inputs of `shape` (channels, height, width) in `classes`
    /// classes, whose pixels are not normalised.
    pub fn new(architecture: Architecture, shape: [usize; 3], classes: usize) -> Self {
        let normalisation = Normalisation::identity(shape[0]);
        Self { architecture, shape, classes, normalisation, tokenizer: None, onnx: None }
    }

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
            onnx: None,
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
        if let Some(graph) = self.graph()? {
            graph.check(self)?;
        }
        match &self.tokenizer {
            _ if self.architecture == Architecture::Onnx => {}
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
        self.normalisation.validate(channels)?;
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
        // Features are images of one line to a network.
        let here = dataset.train.kind();
        let ours = match (self.tokenizer.is_some(), here) {
            (true, _) => RowKind::Texts,
            (false, RowKind::Features) => RowKind::Features,
            (false, _) => RowKind::Images,
        };
        let kinds = [ours, here];
        let rows = |kind: RowKind, shape: [usize; 3], classes: usize| match kinds[0] == kinds[1] {
            true => format!("{kind} of shape {shape:?} in {classes} classes"),
            false => kind.to_string(),
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

    /// A fresh network for inference on `device`, whose weights are drawn on the host from `seed`:
    /// the same on every device. `train()` of [`Module`](burn::module::Module) makes it
    /// trainable.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    pub fn init(&self, seed: u64, device: &Device) -> Result<Network, SpecError> {
        self.check()?;
        if let Some(graph) = self.graph()? {
            let network = Network::Onnx(graph.model()?.init(seed, graph.padding(), device.burn()));
            return match graph.fresh() {
                Some(state) => write_state(network, state.clone()).map_err(SpecError::own),
                None => Ok(network),
            };
        }
        let network = Network::build(self.architecture, self.dims(), device.burn());
        Ok(initialise(network.ok_or(SpecError::NoGraph)?, seed))
    }

    /// The graph, if the network is one of ONNX.
    fn graph(&self) -> Result<Option<&OnnxGraph>, SpecError> {
        match (self.architecture, &self.onnx) {
            (Architecture::Onnx, Some(graph)) => Ok(Some(graph)),
            (Architecture::Onnx, None) => Err(SpecError::NoGraph),
            _ => Ok(None),
        }
    }

    pub(super) fn dims(&self) -> Dims {
        let vocabulary = self.tokenizer.as_ref().map_or(1, Tokenizer::vocabulary);
        let padding = self.tokenizer.as_ref().map_or(Tokenizer::PADDING, Tokenizer::padding);
        Dims { shape: self.shape, classes: self.classes, vocabulary, padding }
    }
}

impl FromStr for Architecture {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        let found = Self::ALL
            .into_iter()
            .chain([Self::Onnx])
            .find(|architecture| architecture.name() == text);
        let known = || Self::ALL.map(Self::name).join(", ");
        found.ok_or_else(|| SpecError::Unknown { name: text.to_owned(), known: known() })
    }
}
