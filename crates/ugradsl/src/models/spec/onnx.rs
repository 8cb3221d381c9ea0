//! Networks that somebody exported to ONNX, as classifiers and in descriptions.

use std::{collections::BTreeMap, sync::Arc};

use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};

use super::{ModelSpec, SpecError};
use crate::models::{Activations, Architecture, Classifier};
use crate::{
    data::{Dataset, TextSet, Tokenizer},
    digest::Digest,
    onnx::{Inputs, OnnxModel, OnnxNetwork},
};

impl Classifier for OnnxNetwork {
    /// # Panics
    ///
    /// If the graph cannot be evaluated for this number of rows. It was evaluated for two other
    /// numbers when the description was made, so that this takes a graph that depends on the
    /// number in an unusual way.
    fn forward(&self, images: Tensor<4>) -> Activations {
        match self.answers(images) {
            Ok(answers) => Activations { logits: answers.logits, features: answers.features },
            Err(error) => panic!("{error}"),
        }
    }

    fn has_batch_norm(&self) -> bool {
        self.normalises_batches()
    }
}

/// The graph of an ONNX network, in its [description](ModelSpec).
///
/// A description that was read without the network's file knows only the digest; no network can be
/// built from it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnnxGraph {
    /// SHA-256 of the file without its weights.
    digest: String,
    /// Patterns of the tensors that are not trained.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    freeze: Vec<String>,
    /// The token that fills up short texts.
    #[serde(default, skip_serializing_if = "is_zero")]
    padding: u32,
    #[serde(skip)]
    model: Option<OnnxModel>,
    #[serde(skip)]
    fresh: Option<Fresh>,
}

/// Weights that a network has before it is trained.
#[derive(Debug, Clone)]
struct Fresh {
    state: Arc<BTreeMap<String, TensorData>>,
    digest: String,
}

/// Hex SHA-256 over names, shapes and values.
fn digest_of(state: &BTreeMap<String, TensorData>) -> String {
    let mut digest = Digest::new();
    for (name, data) in state {
        digest.bytes(name.as_bytes());
        data.shape().to_vec().into_iter().for_each(|side| digest.size(side));
        digest.bytes(data.as_bytes());
    }
    digest.hex()
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl PartialEq for OnnxGraph {
    fn eq(&self, other: &Self) -> bool {
        let identity = |graph: &Self| (graph.digest.clone(), graph.freeze.clone(), graph.padding);
        identity(self) == identity(other)
    }
}

impl OnnxGraph {
    /// The graph of `model`. `padding` is the token that fills up short texts.
    pub fn new(model: OnnxModel, padding: u32) -> Self {
        let (digest, freeze) = (model.digest().to_owned(), model.frozen().to_vec());
        Self { digest, freeze, padding, model: Some(model), fresh: None }
    }

    /// The file.
    ///
    /// # Errors
    ///
    /// [`SpecError::NoGraph`] if the description was read without it.
    pub fn model(&self) -> Result<&OnnxModel, SpecError> {
        self.model.as_ref().ok_or(SpecError::NoGraph)
    }

    /// The file, if it is at hand.
    pub(in crate::models) fn known(&self) -> Option<&OnnxModel> {
        self.model.as_ref()
    }

    /// The token that fills up short texts.
    pub fn padding(&self) -> u32 {
        self.padding
    }

    /// The description with its file, which must be the one that it describes.
    pub(in crate::models) fn with_model(self, model: OnnxModel) -> Result<Self, SpecError> {
        if model.digest() != self.digest {
            return Err(SpecError::OtherGraph);
        }
        let model = if self.freeze.is_empty() { model } else { model.freeze(&self.freeze)? };
        Ok(Self { model: Some(model), ..self })
    }

    /// The same, with the untrained network of `fresh` for what is trained from scratch.
    ///
    /// # Errors
    ///
    /// [`SpecError::Fresh`] if it has not the same trained tensors.
    pub fn with_fresh(self, fresh: &OnnxModel) -> Result<Self, SpecError> {
        let fresh = fresh.state();
        let mut state = BTreeMap::new();
        for tensor in self.model()?.trained() {
            let refused = |problem: String| SpecError::Fresh { name: tensor.name.clone(), problem };
            let needed: &[usize] = if tensor.shape.is_empty() { &[1] } else { &tensor.shape };
            let data = fresh.get(&tensor.name).ok_or_else(|| {
                refused(
                    "is not in it (an exporter that merges equal tensors leaves some out)"
                        .to_owned(),
                )
            })?;
            if data.shape().to_vec() != needed {
                return Err(refused(format!(
                    "has shape {:?} there, not {needed:?}",
                    data.shape().to_vec()
                )));
            }
            state.insert(tensor.name, data.clone());
        }
        let digest = digest_of(&state);
        Ok(Self { fresh: Some(Fresh { state: Arc::new(state), digest }), ..self })
    }

    /// The same graph with the weights of `state`, of which those are left as they are whose names
    /// fit one of `patterns`.
    pub(in crate::models) fn freeze(
        self,
        state: &BTreeMap<String, TensorData>,
        patterns: &[String],
    ) -> Result<Self, SpecError> {
        let bytes = self.model()?.write(state, None)?;
        let model = OnnxModel::from_bytes(&bytes)?.freeze(patterns)?;
        Ok(Self { fresh: self.fresh, ..Self::new(model, self.padding) })
    }

    /// Weights for a network that is trained from scratch, if a file of them was given.
    pub(in crate::models) fn fresh(&self) -> Option<&BTreeMap<String, TensorData>> {
        self.fresh.as_ref().map(|fresh| &*fresh.state)
    }

    /// What tells fresh networks of this kind from others.
    pub(in crate::models) fn identity(&self) -> serde_json::Value {
        let mut identity = serde_json::json!({ "graph": self.digest });
        if !self.freeze.is_empty() {
            identity["freeze"] = self.freeze.clone().into();
        }
        if let Some(fresh) = &self.fresh {
            identity["fresh"] = fresh.digest.clone().into();
        }
        identity
    }

    /// Checks that the network reads rows of this shape.
    pub(in crate::models) fn check(&self, spec: &ModelSpec) -> Result<(), SpecError> {
        let model = self.model()?;
        let ([channels, height, width], all) = (spec.shape, spec.shape.iter().product::<usize>());
        let is = |wanted: &Option<usize>, side: usize| wanted.is_none_or(|wanted| wanted == side);
        let fits = match model.inputs() {
            Inputs::Images { channels: c, height: h, width: w } => {
                spec.tokenizer.is_none() && is(c, channels) && is(h, height) && is(w, width)
            }
            Inputs::Features(n) => spec.tokenizer.is_none() && is(n, all),
            Inputs::Texts(length) => spec.tokenizer.is_some() && is(length, width),
        };
        if fits {
            let tokens = spec.tokenizer.as_ref().map_or(0, |tokenizer| tokenizer.vocabulary());
            return match model.vocabulary().filter(|rows| *rows < tokens) {
                Some(rows) => Err(SpecError::Vocabulary { tokens, rows }),
                None => Ok(()),
            };
        }
        let rows = if spec.tokenizer.is_some() { "texts" } else { "images or features" };
        let takes = in_words(model.inputs());
        Err(SpecError::Rows {
            takes,
            has: format!("{rows} of shape {:?}", spec.shape),
            remedy: remedy(model.inputs(), spec),
        })
    }
}

/// What a network takes, in words.
fn in_words(inputs: &Inputs) -> String {
    let side = |side: &Option<usize>| side.map_or_else(|| "any".to_owned(), |n| n.to_string());
    match inputs {
        Inputs::Images { channels, height, width } => {
            format!("images of shape [{}, {}, {}]", side(channels), side(height), side(width))
        }
        Inputs::Features(n) => format!("rows of {} numbers", side(n)),
        Inputs::Texts(n) => format!("texts of {} tokens", side(n)),
    }
}

/// How data could be read so that the network takes them.
fn remedy(inputs: &Inputs, spec: &ModelSpec) -> String {
    match inputs {
        Inputs::Images { channels: Some(1), .. } if spec.shape[0] == 3 => {
            ": --channels grey reads them so".to_owned()
        }
        Inputs::Images { channels: Some(3), .. } if spec.shape[0] == 1 => {
            ": --channels rgb reads them so".to_owned()
        }
        Inputs::Images { height: Some(h), width: Some(w), .. } if h == w => {
            format!(": --resize {h} reads pictures so")
        }
        Inputs::Texts(Some(n)) if spec.tokenizer.is_some() => {
            format!(": --set text.length={n} reads them so")
        }
        _ => String::new(),
    }
}

impl ModelSpec {
    /// The description of the network in an ONNX file, for rows like those of `dataset`. The
    /// network is tried, on the CPU, with blank rows: it must tell apart as many classes as the
    /// data have.
    ///
    /// # Errors
    ///
    /// [`SpecError`], with what clashes.
    pub fn of_onnx(model: OnnxModel, dataset: &Dataset) -> Result<Self, SpecError> {
        let tokenizer = dataset.train.texts().map(TextSet::tokenizer).cloned();
        let padding = tokenizer.as_ref().map_or(0, Tokenizer::padding);
        let mut spec = Self {
            tokenizer,
            normalisation: dataset.normalisation.clone(),
            onnx: Some(OnnxGraph::new(model, padding)),
            ..Self::new(Architecture::Onnx, dataset.train.shape(), dataset.classes)
        };
        spec.check()?;
        spec.classes = spec.tried()?;
        Ok(spec)
    }

    /// The number of classes that an ONNX network tells apart.
    pub(in crate::models) fn tried(&self) -> Result<usize, SpecError> {
        let graph = self.onnx.as_ref().ok_or(SpecError::NoGraph)?;
        Ok(graph.model()?.classes(self.shape, graph.padding)?)
    }
}
