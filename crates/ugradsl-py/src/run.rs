//! Training and unlearning, event by event.

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use pollster::block_on;
use pyo3::{prelude::*, types::PyDict};
use ugradsl::{
    burn::tensor::TensorData,
    device::{Device, DeviceInfo},
    experiment::ExperimentConfig,
    models::{ModelFile, Network as Module, read_state},
    run::{CheckpointTimer, Event, FolderStore, Store},
    session::{Session, TrainModel, TrainRun, UnlearnModel, UnlearnRun},
};

use crate::{
    arrays,
    checkpoint::{store, unfit},
    data::Dataset,
    device,
    error::{Failure, Result},
    network::Network,
    process,
    record::{Trained, Unlearned},
    request, settings,
    source::Purpose,
    untrained::Untrained,
};

/// The arguments of every run.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct How {
    /// Keys of a recipe, as JSON.
    settings: String,
    seed: u64,
    device: String,
    /// The file of its checkpoints.
    checkpoint: Option<PathBuf>,
    resume: bool,
}

/// The further arguments of unlearning.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Asked<'py> {
    forget: String,
    method: String,
    retrained: Option<Bound<'py, Network>>,
    allow_chance: bool,
    allow_other_data: bool,
    unix_time: Option<u64>,
}

enum Task {
    Train(Box<TrainRun>),
    Unlearn(Box<UnlearnRun>),
}

struct Inner {
    task: Task,
    /// The network before the run: it has the names of the tensors.
    file: ModelFile,
    checkpoint: Option<(FolderStore, String)>,
    timer: CheckpointTimer,
}

/// A run; empty once its result has been taken.
#[pyclass(frozen, module = "ugradsl._native")]
pub(crate) struct Run {
    inner: Mutex<Option<Inner>>,
    dataset: std::sync::Arc<ugradsl::data::Dataset>,
    device: DeviceInfo,
}

#[pymethods]
impl Run {
    /// Prepares a network to forget.
    #[staticmethod]
    fn unlearn(
        py: Python<'_>,
        network: &Network,
        data: &Dataset,
        asked: Asked<'_>,
        how: How,
    ) -> PyResult<Self> {
        let Asked { forget, method, retrained, allow_chance, allow_other_data, unix_time } = asked;
        let retrained = retrained.map(|network| network.get().source.clone());
        let begin = || {
            let dataset = &data.inner;
            let (request, name) = request::read(&forget, dataset)?;
            let file = network.source.for_data(dataset, Purpose::Answer)?;
            let config = settings::config_of(&file, &how.settings)?;
            let retrained = retrained.map(|source| source.for_data(dataset, Purpose::Answer));
            let task = UnlearnModel::new(file.clone(), request)
                .with_request_name(name)
                .with_method(settings::method(&method, &config)?)
                .with_training(config.training.clone())
                .with_guards(config.guards.clone())
                .with_attack(config.attack)
                .with_retrained(retrained.transpose()?)
                .with_chance_allowed(allow_chance)
                .with_other_data_allowed(allow_other_data)
                .with_seed(how.seed)
                .with_unix_time(unix_time);
            let device = device::open(&how.device)?;
            let run = task.start(dataset.clone(), device.clone())?;
            Self::begin(Task::Unlearn(Box::new(run)), file, data, &device, &how)
        };
        py.detach(begin).map_err(Failure::into)
    }

    /// Prepares a network to be trained: a built-in one of this name, or that of `network`, from
    /// its weights unless `from_scratch`.
    #[staticmethod]
    fn train(
        py: Python<'_>,
        network: Untrained<'_>,
        data: &Dataset,
        from_scratch: bool,
        how: How,
    ) -> PyResult<Self> {
        let network = network.detached();
        let begin = || {
            let dataset = &data.inner;
            let config: ExperimentConfig = settings::config(None, &how.settings)?;
            let (spec, weights) = network.for_data(dataset, from_scratch)?;
            let file = ModelFile::new(spec.clone(), how.seed, Default::default());
            let task = TrainModel::new(spec)
                .with_training(config.training)
                .with_weights(weights)
                .with_seed(how.seed);
            let device = device::open(&how.device)?;
            let run = task.start(dataset.clone(), device.clone())?;
            Self::begin(Task::Train(Box::new(run)), file, data, &device, &how)
        };
        py.detach(begin).map_err(Failure::into)
    }

    /// Computes until the next event and returns it as JSON; `None` when the run is over. Control-C
    /// comes first.
    fn next(&self, py: Python<'_>) -> PyResult<Option<String>> {
        py.check_signals()?;
        let next = || {
            process::enter()?;
            let mut inner = self.lock();
            let Some(inner) = inner.as_mut() else { return Ok(None) };
            let event = block_on(inner.session().next())?;
            if let Some(event) = &event {
                inner.keep(matches!(event, Event::Finished { .. }))?;
            }
            Ok(event.as_ref().map(serde_json::to_string).transpose()?)
        };
        py.detach(next).map_err(Failure::into)
    }

    /// Writes a checkpoint if one was asked for, and returns whether it did.
    fn save(&self, py: Python<'_>) -> PyResult<bool> {
        let save = || match self.lock().as_mut() {
            Some(inner) => inner.keep(true),
            None => Ok(false),
        };
        py.detach(save).map_err(Failure::into)
    }

    /// Weights of the network as it is now, by the names that they came with, as bytes and shape.
    fn state<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let state = || {
            let mut inner = self.lock();
            let inner = inner.as_mut().ok_or_else(over)?;
            let network = inner.session().network();
            inner.named(&network)
        };
        arrays::state(py, &py.detach(state)?)
    }

    /// What the device is, as JSON.
    #[getter]
    fn device(&self) -> PyResult<String> {
        Ok(serde_json::to_string(&self.device).map_err(Failure::from)?)
    }

    /// Measures the network that forgot, and takes the run's result.
    fn unlearned(&self, py: Python<'_>) -> PyResult<Unlearned> {
        let finish = || {
            let Inner { task, checkpoint, .. } = self.take()?;
            let Task::Unlearn(run) = task else { return Err(over()) };
            let unlearned = block_on(run.finish())?;
            remove(checkpoint)?;
            Ok(Unlearned::of(unlearned, self.dataset.clone(), self.device.clone()))
        };
        py.detach(finish).map_err(Failure::into)
    }

    /// Measures the network that was trained, and takes the run's result.
    fn trained(&self, py: Python<'_>) -> PyResult<Trained> {
        let finish = || {
            let Inner { task, checkpoint, .. } = self.take()?;
            let Task::Train(run) = task else { return Err(over()) };
            let trained = block_on(run.finish())?;
            remove(checkpoint)?;
            Ok(Trained::of(trained))
        };
        py.detach(finish).map_err(Failure::into)
    }
}

impl Run {
    fn begin(
        task: Task,
        file: ModelFile,
        data: &Dataset,
        device: &Device,
        how: &How,
    ) -> Result<Self> {
        let checkpoint = how.checkpoint.as_deref().map(store).transpose()?;
        let mut inner = Inner { task, file, checkpoint, timer: CheckpointTimer::default() };
        if how.resume
            && let Some((store, name)) = inner.checkpoint.take()
        {
            let resumed = block_on(inner.session().resume(&store, &name));
            resumed.map_err(|error| unfit(error, &store, &name))?;
            inner.checkpoint = Some((store, name));
        }
        let (dataset, device) = (data.inner.clone(), device.info().clone());
        Ok(Self { inner: Mutex::new(Some(inner)), dataset, device })
    }

    fn lock(&self) -> MutexGuard<'_, Option<Inner>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The run, if it is over.
    fn take(&self) -> Result<Inner> {
        let mut held = self.lock();
        let mut inner = held.take().ok_or_else(over)?;
        if inner.session().outcome().is_none() {
            *held = Some(inner);
            return Err(Failure::new(
                "RunError",
                "the run is not over: take its events to the last one, then its result",
            ));
        }
        Ok(inner)
    }
}

impl Inner {
    fn session(&mut self) -> &mut Session<Module> {
        match &mut self.task {
            Task::Train(run) => run.session(),
            Task::Unlearn(run) => run.session(),
        }
    }

    /// Writes a checkpoint if one was asked for and is due, or at once if `now`; returns whether it
    /// did.
    fn keep(&mut self, now: bool) -> Result<bool> {
        if !now && !self.timer.is_due() {
            return Ok(false);
        }
        let Some((mut store, name)) = self.checkpoint.take() else { return Ok(false) };
        let start = Instant::now();
        let kept = block_on(self.session().checkpoint(&mut store, &name));
        self.checkpoint = Some((store, name));
        self.timer.restart(start);
        Ok(kept?.is_some())
    }

    /// The weights of `network` by the names that they came with.
    fn named(&self, network: &Module) -> Result<std::collections::BTreeMap<String, TensorData>> {
        let state = block_on(read_state(network));
        let state = state.map_err(|error| Failure::new("DeviceError", error))?;
        let mut file = self.file.clone();
        file.state = state;
        Ok(file.named_state())
    }
}

/// Removes a checkpoint whose run is over and measured.
fn remove(checkpoint: Option<(FolderStore, String)>) -> Result<()> {
    match checkpoint {
        Some((mut store, name)) => Ok(store.remove(&name)?),
        None => Ok(()),
    }
}

fn over() -> Failure {
    Failure::new("RunError", "the result of this run was taken already: use that")
}
