//! Where a network comes from. Only the data say what it is for: a graph or a file of weights fits
//! many.

use std::path::Path;

use ugradsl::{
    data::{Dataset, Normalisation},
    models::{
        Architecture, ModelFile, ModelSpec,
        import::{Import, Weights},
    },
    onnx::OnnxModel,
};

use crate::{
    error::{Failure, Result},
    process,
};

/// A network, or what it is made of once there are data.
#[derive(Clone)]
pub(crate) enum Source {
    /// One that says what it is.
    File(Box<ModelFile>),
    /// The graph of another program.
    Graph(Graph),
    /// Weights for a built-in network.
    Weights { weights: Weights, architecture: Architecture, how: Reading },
}

/// A graph, and what is done with its tensors.
#[derive(Clone)]
pub(crate) struct Graph {
    pub(crate) model: OnnxModel,
    /// The same network before it was trained.
    pub(crate) fresh: Option<OnnxModel>,
    /// Patterns of the tensors that stay as they are.
    pub(crate) freeze: Vec<String>,
    pub(crate) how: Reading,
}

/// How the rows were read that the network was trained on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reading {
    pub(crate) normalisation: Option<Normalisation>,
    pub(crate) prefix: Option<String>,
}

/// What a network is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To learn: what it knows so far does not matter.
    Train,
    /// To answer, and to forget.
    Answer,
}

impl Source {
    /// The network in a file, whatever wrote it; `architecture` is read for files of weights only.
    pub(crate) fn read(
        path: &Path,
        architecture: Option<Architecture>,
        how: Reading,
    ) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|error| Failure::new("StorageError", error));
        let bytes = bytes.map_err(|failure| failure.about(path))?;
        if ModelFile::is_described(&bytes) {
            let file =
                ModelFile::from_bytes(&bytes).map_err(|error| Failure::from(error).about(path))?;
            refuse_unread(&how).map_err(|failure| failure.about(path))?;
            return Ok(Self::File(Box::new(file)));
        }
        if OnnxModel::is_onnx(&bytes) {
            if how.prefix.is_some() {
                let problem = "prefix is for files of several networks, and an ONNX file has one: leave it out";
                return Err(Failure::network(problem).about(path));
            }
            let folder = path.parent().unwrap_or(Path::new("."));
            let model = OnnxModel::read(bytes, folder);
            let model = model.map_err(|error| Failure::from(error).about(path))?;
            return Ok(Self::Graph(Graph { model, fresh: None, freeze: Vec::new(), how }));
        }
        let weights = Weights::read(path).map_err(|error| Failure::from(error).about(path))?;
        match architecture {
            Some(architecture) => Ok(Self::Weights { weights, architecture, how }),
            None => Err(Failure::network(format!(
                "does not say what network it is, only what it has learnt: {}. Name a built-in one with \
                 architecture=, or hand the module itself to Network.from_torch",
                weights.looks()
            ))
            .about(path)),
        }
    }

    /// Refuses the name of a network beside a file that says itself what it is, unless they agree.
    pub(crate) fn check_name(&self, architecture: Option<Architecture>) -> Result<()> {
        let Some(named) = architecture else { return Ok(()) };
        match self {
            Self::File(file) if file.spec.architecture != named => {
                let found = file.spec.architecture;
                Err(Failure::network(format!("has architecture {found}, not {named}")))
            }
            Self::Graph(_) => Err(Failure::network(format!(
                "is an ONNX file, whose graph says what network it is: leave {named} out"
            ))),
            _ => Ok(()),
        }
    }

    /// The network for rows like those of `data`.
    pub(crate) fn for_data(&self, data: &Dataset, purpose: Purpose) -> Result<ModelFile> {
        process::enter()?;
        let file = match self {
            Self::File(file) => file.as_ref().clone(),
            Self::Graph(graph) => graph.for_data(data, purpose)?,
            Self::Weights { weights, architecture, how } => {
                let spec = ModelSpec::fitting(*architecture, data)?;
                let mut file = Import::new(weights.clone(), spec, how.prefix.as_deref())?.file;
                if let Some(given) = &how.normalisation {
                    file.spec.normalisation = given.clone();
                }
                file
            }
        };
        file.spec.check_data(data)?;
        file.check()?;
        Ok(file)
    }
}

impl Graph {
    fn for_data(&self, data: &Dataset, purpose: Purpose) -> Result<ModelFile> {
        let own_tokens = data.train.texts().is_some_and(|texts| !texts.tokenizer().is_foreign());
        if purpose == Purpose::Answer && own_tokens {
            return Err(Failure::network(
                "the network was trained on the tokens of another program, and texts are cut by a tokenizer that was \
                 trained on them here: its answers would mean nothing. Give its own with Dataset(tokenizer=...); or train \
                 it on these texts with ugradsl.train, and use what that returns",
            ));
        }
        let mut file = ModelFile::of_onnx(self.model.clone(), data)?;
        if let Some(given) = &self.how.normalisation {
            file.spec.normalisation = given.clone();
        }
        file.spec.check()?;
        if !self.freeze.is_empty() {
            file = file.freeze(&self.freeze)?;
        }
        if let Some(fresh) = &self.fresh {
            let graph = file.spec.onnx.take();
            file.spec.onnx = graph.map(|graph| graph.with_fresh(fresh)).transpose()?;
        }
        let (outputs, classes) = (file.spec.classes, data.classes);
        match outputs == classes {
            true => Ok(file),
            false => Err(Failure::network(format!(
                "the network has {outputs} outputs, but {} has {classes} classes: name all of its outputs, in their \
                 order, with Dataset(classes=...)",
                data.name
            ))),
        }
    }
}

/// Refuses what describes files of other programs: a model file of ugradsl describes itself.
fn refuse_unread(how: &Reading) -> Result<()> {
    let given = [("normalisation", how.normalisation.is_some()), ("prefix", how.prefix.is_some())];
    match given.into_iter().find(|(_, given)| *given) {
        Some((what, _)) => Err(Failure::network(format!(
            "the file says itself how it is to be read: leave {what} out"
        ))),
        None => Ok(()),
    }
}
