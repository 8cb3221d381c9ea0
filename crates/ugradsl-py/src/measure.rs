//! Checking networks against data, measuring them, asking them for predictions, and estimating what
//! unlearning would cost.

use pollster::block_on;
use pyo3::{prelude::*, types::PyByteArray};
use ugradsl::{
    audit::{EvaluateModel, Relearning},
    session::{AdviseModel, Part, predict_model},
    unlearn::Method,
};

use crate::{
    arrays,
    data::Dataset,
    device,
    error::Failure,
    network::Network,
    request, settings,
    source::{Purpose, Source},
};

/// The network for rows like those of `data`, which it knows from then on.
#[pyfunction]
pub(crate) fn fitted(py: Python<'_>, network: &Network, data: &Dataset) -> PyResult<Network> {
    let file = py.detach(|| network.source.for_data(&data.inner, Purpose::Answer))?;
    Ok(Network::of(file))
}

/// The arguments of a measurement, beside the network and its data.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Questions<'py> {
    forget: String,
    /// Keys of a recipe, as JSON.
    settings: String,
    seed: u64,
    device: String,
    allow_other_data: bool,
    retrained: Option<Bound<'py, Network>>,
    original: Option<Bound<'py, Network>>,
    /// Samples to show again, and for how many steps at most.
    relearn: Option<(usize, usize)>,
    probe: bool,
}

/// Measures a network, beside others where they are given: JSON, and the same in words.
#[pyfunction]
pub(crate) fn evaluate(
    py: Python<'_>,
    network: &Network,
    data: &Dataset,
    questions: Questions<'_>,
) -> PyResult<(String, String)> {
    let Questions { forget, settings, seed, device, allow_other_data, .. } = questions;
    let source = |given: Option<Bound<'_, Network>>| given.map(|given| given.get().source.clone());
    let (retrained, original) = (source(questions.retrained), source(questions.original));
    let (relearn, probe) = (questions.relearn, questions.probe);
    let measure = || {
        let dataset = &data.inner;
        let config = settings::config(None, &settings)?;
        let (request, name) = request::read(&forget, dataset)?;
        let fitted = |source: Source| source.for_data(dataset, Purpose::Answer);
        let task = EvaluateModel::new(fitted(network.source.clone())?, request)
            .with_request_name(name)
            .with_retrained(retrained.map(fitted).transpose()?)
            .with_original(original.map(fitted).transpose()?)
            .with_attack(config.attack)
            .with_relearn(relearn.map(|(shown, steps)| Relearning::new(shown, steps)))
            .with_probe(probe)
            .with_seed(seed)
            .with_other_data_allowed(allow_other_data);
        let evaluated = block_on(task.run(dataset.clone(), device::open(&device)?))?;
        Ok((serde_json::to_string(&evaluated)?, evaluated.to_string()))
    };
    py.detach(measure).map_err(Failure::into)
}

/// What unlearning and retraining would cost: JSON.
#[pyfunction]
pub(crate) fn advise(
    py: Python<'_>,
    network: &Network,
    data: &Dataset,
    questions: Questions<'_>,
    steps: usize,
) -> PyResult<String> {
    let Questions { forget, settings, seed, device, allow_other_data, .. } = questions;
    let advise = || {
        let dataset = &data.inner;
        let (request, name) = request::read(&forget, dataset)?;
        let file = network.source.for_data(dataset, Purpose::Answer)?;
        let config = settings::config_of(&file, &settings)?;
        let methods =
            [Method::UGradSl, Method::UGradSlPlus].map(|method| config.method.get(method));
        let task = AdviseModel::new(file, request)
            .with_request_name(name)
            .with_training(Some(config.training.clone()))
            .with_methods(methods.to_vec())
            .with_guards(config.guards.clone())
            .with_seed(seed)
            .with_other_data_allowed(allow_other_data)
            .with_steps(steps);
        let advised = block_on(task.run(dataset.clone(), device::open(&device)?))?;
        Ok(serde_json::to_string(&advised)?)
    };
    py.detach(advise).map_err(Failure::into)
}

/// The logits of one part of the data: their bytes, and the number of classes.
#[pyfunction]
pub(crate) fn predict<'py>(
    py: Python<'py>,
    network: &Network,
    data: &Dataset,
    part: &str,
    device: &str,
) -> PyResult<(Bound<'py, PyByteArray>, usize)> {
    let part = match part {
        "train" => Part::Train,
        "test" => Part::Test,
        _ => {
            let problem = format!("unknown part {part:?}: choose train or test");
            return Err(Failure::setting(problem).into());
        }
    };
    let ask = || {
        let file = network.source.for_data(&data.inner, Purpose::Answer)?;
        let device = device::open(device)?;
        Ok::<_, Failure>(block_on(predict_model(&file, &data.inner, part, &device))?)
    };
    let predicted = py.detach(ask)?;
    Ok((arrays::floats(py, &predicted.logits)?, predicted.classes))
}
