//! Which tensor of the file is which tensor of the network.

use std::{collections::BTreeSet, fmt};

use super::{ImportError, ONNX_EXPORT, Weights, unknown::Shapes};
use crate::{
    data::Normalisation,
    device::Device,
    models::{
        Architecture, Ledger, ModelFile, ModelSpec, Network, StateError, file::State,
        state::parameter_shapes,
    },
};

/// Names of the last layer: a file may use another of them than the built-in network does.
const LAST_LAYERS: [&str; 4] = ["linear", "fc", "classifier", "head"];

/// Names that a normalisation layer gives to mean and deviation.
const STATISTICS: [(&str, &str); 2] = [("mean", "std"), ("mu", "sigma")];

/// How weights were fitted to a network, for people to read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mapping {
    /// Dictionaries and wrappers around the network's tensors in the file, with the dot:
    /// `state_dict.module.`
    pub prefix: String,
    /// Name in the network, name in the file, and shape.
    pub tensors: Vec<(String, String, Vec<usize>)>,
    /// Float tensors of the file that do not belong to the network: optimizer state, other
    /// networks.
    pub ignored: Vec<String>,
    /// The normalisation layer, if the network had one inside.
    pub normalisation: Option<String>,
}

impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.tensors.iter().map(|(_, theirs, _)| theirs.len()).max().unwrap_or(0);
        for (ours, theirs, shape) in &self.tensors {
            writeln!(f, "{theirs:<width$} -> {ours} {shape:?}")?;
        }
        if let Some(layer) = &self.normalisation {
            writeln!(f, "{layer:<width$} -> normalisation of the pixels")?;
        }
        match self.ignored.as_slice() {
            [] => Ok(()),
            [one] => writeln!(f, "{one:<width$} -> not part of the network, left out"),
            [first, .., last] => {
                let count = self.ignored.len();
                writeln!(f, "{first} to {last}: {count} tensors not part of the network, left out")
            }
        }
    }
}

/// A network from elsewhere, ready to be saved, loaded, measured and changed.
///
/// ```
/// use pollster::block_on;
/// use ugradsl::data;
/// use ugradsl::device::Device;
/// use ugradsl::models::import::{Import, Weights};
/// use ugradsl::models::{Architecture, ModelFile, ModelSpec, read_state};
///
/// let device = Device::cpu();
/// let digits = data::open("mnist-subset", &data::OpenOptions::new())?;
/// let spec = ModelSpec::fitting(Architecture::Mlp, &digits)?;
/// // Stands in for a file from elsewhere: `Weights::read` takes safetensors and PyTorch's files.
/// let state = block_on(read_state(&spec.init(0, &device)?))?;
/// let bytes = ModelFile::new(spec.clone(), 0, state.clone()).to_bytes()?;
///
/// let import = Import::new(Weights::from_safetensors(&bytes)?, spec, None)?;
/// println!("{}", import.mapping); // which tensor went where
/// assert_eq!(import.file.state, state);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Import {
    /// The network; its file will carry the names that came in.
    pub file: ModelFile,
    /// What went where.
    pub mapping: Mapping,
}

impl Import {
    /// Fits `weights` to the network that `spec` describes. `prefix` chooses among several networks
    /// in one file. A normalisation layer in the file takes the place of `spec.normalisation`.
    ///
    /// # Errors
    ///
    /// [`ImportError`] naming the tensor that is missing, left over, of another shape, or not
    /// finite.
    pub fn new(
        weights: Weights,
        spec: ModelSpec,
        prefix: Option<&str>,
    ) -> Result<Self, ImportError> {
        let shapes = weights.all_shapes();
        let named = spec.architecture;
        Self::fit(weights, &shapes, spec.clone(), prefix).map_err(|problem| {
            let foreign = matches!(problem, ImportError::Foreign { .. });
            if !foreign && !matches!(problem, ImportError::State(_)) {
                return problem;
            }
            let names = architectures(&shapes, &spec).into_iter();
            let names: Vec<_> =
                names.filter(|other| *other != named).map(Architecture::name).collect();
            let hint = match names.as_slice() {
                [] if foreign => {
                    format!("a network that is not built in can be exported to ONNX: {ONNX_EXPORT}")
                }
                [] => return problem,
                names => format!("its tensors are those of {}", names.join(" or ")),
            };
            ImportError::Misnamed { problem: Box::new(problem), hint }
        })
    }

    fn fit(
        weights: Weights,
        shapes: &Shapes,
        mut spec: ModelSpec,
        prefix: Option<&str>,
    ) -> Result<Self, ImportError> {
        spec.check()?;
        let needed = needed(&spec);
        let Weights { mut tensors, containers, .. } = weights;
        let prefix = match prefix {
            Some(prefix) => prefix.to_owned(),
            None => find_prefix(shapes, &needed, &spec)?,
        };
        let (mut state, mut mapped) = (State::new(), Vec::new());
        for (ours, needed) in needed {
            let theirs = spellings(&ours).into_iter().map(|name| format!("{prefix}{name}"));
            let theirs = theirs.filter_map(|name| tensors.remove_entry(&name)).next();
            let (theirs, data) =
                theirs.ok_or_else(|| StateError::Missing(format!("{prefix}{ours}")))?;
            let found = data.shape().to_vec();
            if found != needed {
                return Err(StateError::Shape { name: theirs, found, needed }.into());
            }
            mapped.push((ours.clone(), theirs, found));
            state.insert(ours, data);
        }
        let layer = take_normalisation(&mut tensors, &prefix, &mut spec)?;
        if let Some(name) = tensors.keys().find(|name| name.starts_with(&prefix)) {
            return Err(StateError::Unexpected(name.clone()).into());
        }
        // A dictionary around the network is not part of the names that PyTorch's module knows.
        let mut container = containers.iter().map(|name| format!("{name}."));
        let container = container.find(|name| prefix.starts_with(name)).unwrap_or_default();
        let inside = |name: &str| name.strip_prefix(&container).unwrap_or(name).to_owned();
        let names = mapped.iter().map(|(ours, theirs, _)| (ours.clone(), inside(theirs)));
        let extra_tensors = layer.iter().flat_map(|layer| &layer.tensors);
        let file = ModelFile {
            spec,
            seed: 0,
            state,
            names: names.collect(),
            extra_tensors: extra_tensors.map(|(name, data)| (inside(name), data.clone())).collect(),
            ledger: Ledger::default(),
            data: None,
            training: None,
        };
        file.check()?;
        let mapping = Mapping {
            prefix,
            tensors: mapped,
            ignored: tensors.into_keys().collect(),
            normalisation: layer.map(|layer| layer.name),
        };
        Ok(Self { file, mapping })
    }
}

impl Weights {
    /// The built-in networks whose tensors these are, for inputs as `spec` has them. The number of
    /// classes may be another: whoever names one of these networks is told so.
    pub fn architectures(&self, spec: &ModelSpec) -> Vec<Architecture> {
        architectures(&self.all_shapes(), spec)
    }
}

/// As [`Weights::architectures`].
fn architectures(shapes: &Shapes, spec: &ModelSpec) -> Vec<Architecture> {
    let is_theirs = |architecture: &Architecture| {
        let spec = ModelSpec { architecture: *architecture, ..spec.clone() };
        spec.check().is_ok() && has_the_tensors_of(shapes, &spec)
    };
    Architecture::ALL.into_iter().filter(is_theirs).collect()
}

/// Names and shapes of the tensors that the network has, in the order of its layers.
fn needed(spec: &ModelSpec) -> Vec<(String, Vec<usize>)> {
    parameter_shapes(&Network::build(spec.architecture, spec.dims(), Device::cpu().burn()))
}

/// Whether all of `shapes` and nothing else is that network, but for the number of its classes.
fn has_the_tensors_of(shapes: &Shapes, spec: &ModelSpec) -> bool {
    let needed = needed(spec);
    let Ok(prefix) = find_prefix(shapes, &needed, spec) else { return false };
    // Weight and bias of the last layer have a row per class.
    let before_last = needed.len().saturating_sub(2);
    let fits = |(at, (name, needed)): (usize, &(String, Vec<usize>))| {
        let mut spelled = spellings(name).into_iter().map(|name| format!("{prefix}{name}"));
        let found = spelled.find_map(|name| shapes.get(&name));
        let from = usize::from(at >= before_last);
        found.is_some_and(|found| found.len() == needed.len() && found[from..] == needed[from..])
    };
    let beside = |name: &&String| name.starts_with(&prefix) && !is_statistic(name);
    needed.iter().enumerate().all(fits) && shapes.keys().filter(beside).count() == needed.len()
}

/// Whether a normalisation layer may have a tensor of this name.
fn is_statistic(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    STATISTICS.iter().any(|(mean, std)| last == *mean || last == *std)
}

/// Names that a tensor may have: its own, and those of the last layer elsewhere.
fn spellings(name: &str) -> Vec<String> {
    let mut all = vec![name.to_owned()];
    if let Some((layer, rest)) =
        name.split_once('.').filter(|(layer, _)| LAST_LAYERS.contains(layer))
    {
        let others = LAST_LAYERS.iter().filter(|other| **other != layer);
        all.extend(others.map(|other| format!("{other}.{rest}")));
    }
    all
}

/// The one prefix under which the whole network is found; if there is none, that under which most
/// of it is, so that the error can say what is missing.
fn find_prefix(
    tensors: &Shapes,
    needed: &[(String, Vec<usize>)],
    spec: &ModelSpec,
) -> Result<String, ImportError> {
    let Some((first, _)) = needed.first() else { return Ok(String::new()) };
    let spelled: Vec<Vec<String>> = needed.iter().map(|(name, _)| spellings(name)).collect();
    let ends = |name: &str, end: &str| {
        let prefix = name.strip_suffix(end)?;
        (prefix.is_empty() || prefix.ends_with('.')).then(|| prefix.to_owned())
    };
    let candidates: BTreeSet<String> = spelled[0]
        .iter()
        .flat_map(|end| tensors.keys().filter_map(move |name| ends(name, end)))
        .collect();
    let found = |prefix: &String| {
        let present = |name: &String| tensors.contains_key(&format!("{prefix}{name}"));
        spelled.iter().filter(|names| names.iter().any(present)).count()
    };
    // A block's first layer is named as the network's is: only the most complete prefixes count.
    let most = candidates.iter().map(found).max().unwrap_or(0);
    let best: Vec<String> = candidates.into_iter().filter(|prefix| found(prefix) == most).collect();
    match best.as_slice() {
        [] => Err(ImportError::Foreign {
            architecture: spec.architecture,
            wanted: first.clone(),
            found: tensors.keys().take(5).cloned().collect::<Vec<_>>().join(", "),
        }),
        [one] => Ok(one.clone()),
        _ if most < needed.len() => Ok(best[0].clone()),
        _ => Err(ImportError::Ambiguous(best)),
    }
}

/// A normalisation layer that was saved with the network.
struct Layer {
    name: String,
    tensors: State,
}

/// Takes mean and deviation out of `tensors`, if there is a pair of them beside the network, and
/// into `spec`.
fn take_normalisation(
    tensors: &mut State,
    prefix: &str,
    spec: &mut ModelSpec,
) -> Result<Option<Layer>, ImportError> {
    let channels = spec.shape[0];
    let fits =
        |name: &String| tensors.get(name).is_some_and(|data| data.num_elements() == channels);
    let pair = tensors.keys().find_map(|name| {
        STATISTICS.iter().find_map(|(mean, std)| {
            let layer = name.strip_suffix(mean)?;
            let beside = layer.is_empty() || layer.ends_with('.');
            let std = format!("{layer}{std}");
            (beside && fits(name) && fits(&std)).then(|| (layer.to_owned(), name.clone(), std))
        })
    });
    let Some((layer, mean, std)) = pair else { return Ok(None) };
    let values = |name: &String| tensors[name].iter::<f32>().collect::<Vec<f32>>();
    let normalisation = Normalisation { mean: values(&mean), std: values(&std) };
    let name = match layer.trim_end_matches('.') {
        "" => prefix.trim_end_matches('.').to_owned(),
        name => name.to_owned(),
    };
    normalisation.validate(channels).map_err(|error| ImportError::Normalisation {
        layer: name.clone(),
        problem: error.to_string(),
    })?;
    spec.normalisation = normalisation;
    let taken = [mean, std].into_iter().filter_map(|name| tensors.remove_entry(&name)).collect();
    Ok(Some(Layer { name, tensors: taken }))
}
