//! What an experiment must know of the networks that it trains.

use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{Classifier, ModelSpec, Network, NetworkName, OnnxGraph, SpecError};
use crate::{
    data::{Dataset, Normalisation},
    device::Device,
    onnx::OnnxModel,
};

/// Describes a kind of network, its weights excepted: what a fresh one is built from and what a
/// [`ModelFile`](super::ModelFile) says beside the weights. [`ModelSpec`] does so for the built-in
/// networks. Implement it to [compare methods](crate::experiment::Experiment::builder_for) on a
/// network of your own; `examples/custom-experiment.rs` shows the whole way.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use ugradsl::data::Normalisation;
/// use ugradsl::device::Device;
/// use ugradsl::models::{Mlp, NetworkSpec, SpecError, initialise};
///
/// /// A perceptron for images of 2 x 2 pixels in three classes.
/// #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
/// struct Tiny {
///     normalisation: Normalisation,
/// }
///
/// impl NetworkSpec for Tiny {
///     type Network = Mlp;
///
///     fn name(&self) -> String {
///         "tiny".to_owned()
///     }
///
///     fn shape(&self) -> [usize; 3] {
///         [1, 2, 2]
///     }
///
///     fn classes(&self) -> usize {
///         3
///     }
///
///     fn normalisation(&self) -> &Normalisation {
///         &self.normalisation
///     }
///
///     fn init(&self, seed: u64, device: &Device) -> Result<Mlp, SpecError> {
///         Ok(initialise(Mlp::new(4, 3, device.burn()), seed))
///     }
/// }
///
/// let spec = Tiny { normalisation: Normalisation::identity(1) };
/// assert!(spec.init(0, &Device::cpu()).is_ok());
/// ```
pub trait NetworkSpec:
    Debug + Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// The network that is built.
    type Network: Classifier;

    /// What tables and messages call it.
    fn name(&self) -> String;

    /// Channels, height and width of an image; for texts 1, 1 and their tokens.
    fn shape(&self) -> [usize; 3];

    /// Number of classes K.
    fn classes(&self) -> usize;

    /// How pixels are normalised before they enter the network; the identity for texts.
    fn normalisation(&self) -> &Normalisation;

    /// A fresh network for inference on `device`, whose weights depend on `seed` alone:
    /// [`initialise`](super::initialise) draws them on the host.
    ///
    /// # Errors
    ///
    /// If the network cannot be built; [`SpecError::own`] takes any error.
    fn init(&self, seed: u64, device: &Device) -> Result<Self::Network, SpecError>;

    /// Checks that the network can be built, without building it; it is asked of every description
    /// that was read from a file.
    ///
    /// # Errors
    ///
    /// With the values that clash.
    fn check(&self) -> Result<(), SpecError> {
        Ok(())
    }

    /// Checks that the network reads rows like those of `dataset` and answers with its classes.
    ///
    /// # Errors
    ///
    /// [`SpecError::Data`].
    fn check_data(&self, dataset: &Dataset) -> Result<(), SpecError> {
        let rows = |shape, classes| format!("rows of shape {shape:?} in {classes} classes");
        let takes = rows(self.shape(), self.classes());
        let has = rows(dataset.train.shape(), dataset.classes);
        match takes == has {
            true => Ok(()),
            false => Err(SpecError::Data { takes, name: dataset.name.clone(), has }),
        }
    }

    /// What tells a fresh network from others with the same seed: a run that was stored serves
    /// again only where this is the same. A description whose code changes what it builds says
    /// so by a field of its own, such as a version.
    fn identity(&self) -> Value {
        json!({ "network": self.name(), "spec": self })
    }

    /// The ONNX file that networks of this kind are written into. `None`, the default, stands for
    /// safetensors.
    fn onnx(&self) -> Option<&OnnxModel> {
        None
    }

    /// The same description, of the network in an ONNX file.
    ///
    /// # Errors
    ///
    /// If networks of this kind are not kept in ONNX files, which is the default, or the file is
    /// another network's.
    fn with_onnx(self, model: OnnxModel) -> Result<Self, SpecError> {
        drop(model);
        Err(SpecError::own(format!("{} is not kept in an ONNX file", self.name())))
    }

    /// How names of files with networks of this kind end.
    fn extension(&self) -> &'static str {
        match self.onnx() {
            Some(_) => "onnx",
            None => "safetensors",
        }
    }

    /// The name for an [`ExperimentConfig`](crate::experiment::ExperimentConfig).
    fn network_name(&self) -> NetworkName {
        NetworkName::Own(self.name())
    }
}

impl NetworkSpec for ModelSpec {
    type Network = Network;

    fn name(&self) -> String {
        self.architecture.to_string()
    }

    fn shape(&self) -> [usize; 3] {
        self.shape
    }

    fn classes(&self) -> usize {
        self.classes
    }

    fn normalisation(&self) -> &Normalisation {
        &self.normalisation
    }

    fn init(&self, seed: u64, device: &Device) -> Result<Network, SpecError> {
        Self::init(self, seed, device)
    }

    fn check(&self) -> Result<(), SpecError> {
        Self::check(self)
    }

    fn check_data(&self, dataset: &Dataset) -> Result<(), SpecError> {
        Self::check_data(self, dataset)
    }

    fn identity(&self) -> Value {
        let Self { architecture, shape, classes, .. } = self;
        let mut identity =
            json!({ "architecture": architecture, "shape": shape, "classes": classes });
        if let Some(tokenizer) = &self.tokenizer {
            identity["tokenizer"] = tokenizer.digest().into();
        }
        if let Some(graph) = &self.onnx {
            identity["onnx"] = graph.identity();
        }
        identity
    }

    fn onnx(&self) -> Option<&OnnxModel> {
        self.onnx.as_ref().and_then(OnnxGraph::known)
    }

    fn with_onnx(self, model: OnnxModel) -> Result<Self, SpecError> {
        let graph = self.onnx.ok_or(SpecError::NoGraph)?.with_model(model)?;
        let spec = Self { onnx: Some(graph), ..self };
        let (classes, found) = (spec.classes, spec.tried()?);
        match classes == found {
            true => Ok(spec),
            false => Err(SpecError::OtherGraph),
        }
    }

    fn network_name(&self) -> NetworkName {
        NetworkName::BuiltIn(self.architecture)
    }
}
