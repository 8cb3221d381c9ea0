//! The class that JavaScript holds: a device, a data set, an experiment.

use std::{cell::RefCell, collections::BTreeMap, num::NonZeroUsize, path::Path};

use js_sys::{Array, Uint8Array};
use serde::Serialize;
use ugradsl::{
    data::{self, Dataset, ForgetRequest, ImageSet, Split},
    device::{Device, DeviceChoice, DeviceInfo},
    experiment::{Experiment, ExperimentConfig, RunRecord, resolve, to_toml},
    models::{ModelFile, Network},
    report::Report,
    run::{Event, MemoryStore, Store},
    self_test::{Check, self_test},
};
use wasm_bindgen::prelude::*;

use crate::{
    convert::{error, to_js},
    pca::PcaPlane,
};

/// Name of the file of row numbers that the page offers beside a recipe with picked rows.
const IDS: &str = "ids:forget.txt";

/// What a page should show about where its figures come from.
#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Serialize)]
pub(crate) struct About<'a> {
    version: &'a str,
    device: &'a DeviceInfo,
    checks: &'a [Check],
    data: Option<DataInfo<'a>>,
}

#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Serialize)]
pub(crate) struct DataInfo<'a> {
    name: &'a str,
    classes: usize,
    train: usize,
    test: usize,
    shape: [usize; 3],
    digest: String,
}

/// A device, a data set and the experiment on them. Methods that wait must not overlap: await one
/// before the next is called.
#[wasm_bindgen]
pub struct Lab {
    pub(crate) device: Device,
    checks: Vec<Check>,
    loaded: Option<Dataset>,
    own: Own,
    pub(crate) experiment: Option<Experiment>,
    pub(crate) split: Split,
    read_every: Option<NonZeroUsize>,
    /// Steps taken by the run in progress.
    pub(crate) step: usize,
    pub(crate) store: MemoryStore,
    /// Networks that are not finished runs: snapshots of the run in progress, imported files.
    pub(crate) kept: BTreeMap<String, ModelFile>,
    /// Networks that were asked about, on the device: a question while a person draws must not
    /// load one anew.
    pub(crate) loaded_networks: RefCell<BTreeMap<String, Network>>,
    pub(crate) plane: Option<PcaPlane>,
}

/// Images that the person brought or drew.
#[derive(Default)]
struct Own {
    pixels: Vec<u8>,
    labels: Vec<u32>,
}

#[wasm_bindgen]
impl Lab {
    /// Opens `auto`, `gpu` or `cpu` and runs the self-test, whose answers are known. Wrong answers
    /// do not throw: they are in `about().checks`.
    ///
    /// # Errors
    ///
    /// If the name is unknown or the device cannot be opened.
    pub async fn open(device: &str) -> Result<Lab, JsError> {
        let choice: DeviceChoice = device.parse().map_err(error)?;
        let device = Device::open(choice).await.map_err(error)?;
        Ok(Self {
            checks: self_test(&device).await,
            device,
            loaded: None,
            own: Own::default(),
            experiment: None,
            split: Split::default(),
            read_every: None,
            step: 0,
            store: MemoryStore::default(),
            kept: BTreeMap::new(),
            loaded_networks: RefCell::default(),
            plane: None,
        })
    }

    /// Version, device, self-test, data.
    ///
    /// # Errors
    ///
    /// If JavaScript refuses the value.
    pub fn about(&self) -> Result<JsValue, JsError> {
        let data = self.loaded.as_ref().map(|data| DataInfo {
            name: &data.name,
            classes: data.classes,
            train: data.train.len(),
            test: data.test.len(),
            shape: data.train.shape(),
            digest: data.digest(),
        });
        to_js(&About {
            version: env!("CARGO_PKG_VERSION"),
            device: self.device.info(),
            checks: &self.checks,
            data,
        })
    }

    /// Takes a data set from its four idx files, gzipped or not. Own images are dropped.
    ///
    /// # Errors
    ///
    /// If a file is damaged or the files do not fit together; what was loaded before stays.
    pub fn load(
        &mut self,
        name: &str,
        train_images: &[u8],
        train_labels: &[u8],
        test_images: &[u8],
        test_labels: &[u8],
    ) -> Result<(), JsError> {
        let files = [train_images, train_labels, test_images, test_labels];
        self.take(data::from_idx(name, files).map_err(error)?);
        Ok(())
    }

    /// Takes a data set from its pixels, `[n, channels, height, width]` bytes; `shape` is channels,
    /// height, width. Own images are dropped.
    ///
    /// # Errors
    ///
    /// If pixels, labels and shape do not fit together; what was loaded before stays.
    pub fn load_images(
        &mut self,
        name: &str,
        shape: &[u32],
        train_pixels: Vec<u8>,
        train_labels: Vec<u32>,
        test_pixels: Vec<u8>,
        test_labels: Vec<u32>,
    ) -> Result<(), JsError> {
        let &[channels, height, width] = shape else {
            return Err(error("the shape of an image is channels, height, width"));
        };
        let shape = [channels, height, width].map(|side| side as usize);
        let set = |pixels, labels| ImageSet::new(shape, pixels, labels).map_err(error);
        let (train, test) = (set(train_pixels, train_labels)?, set(test_pixels, test_labels)?);
        self.take(data::from_images(name, train, test).map_err(error)?);
        Ok(())
    }

    /// Adds own images, `[n, channels, height, width]` bytes, to the training set of the
    /// experiments that begin from now on, after its (limited) rows. Returns how many there are
    /// now.
    ///
    /// # Errors
    ///
    /// If no data is loaded, or the images do not have its shape or classes; none is taken then.
    pub fn add_images(&mut self, pixels: &[u8], labels: &[u32]) -> Result<usize, JsError> {
        let data = self.data()?;
        ImageSet::new(data.train.shape(), pixels.to_vec(), labels.to_vec()).map_err(error)?;
        if let Some(label) = labels.iter().find(|&&label| label as usize >= data.classes) {
            return Err(error(format!("there is no class {label}")));
        }
        self.own.pixels.extend_from_slice(pixels);
        self.own.labels.extend_from_slice(labels);
        Ok(self.own.labels.len())
    }

    /// Begins an experiment: `settings` are `key=value` as the command line takes them. `ids` are
    /// rows to forget, and `own` asks for all own images instead; without either, the setting
    /// `forget` counts. With `only_retrain` nothing but the retrained network is computed, for
    /// another Lab that takes it over by [`take_run`](Self::take_run). With `again` the network
    /// is made to forget anew, even if it was before: a finished run has no steps to watch.
    ///
    /// # Errors
    ///
    /// If a setting or row makes no sense; the experiment before then continues.
    pub fn begin(
        &mut self,
        settings: Vec<String>,
        ids: Option<Vec<u32>>,
        own: Option<bool>,
        only_retrain: Option<bool>,
        again: Option<bool>,
    ) -> Result<(), JsError> {
        let mut config = resolve(None, &settings).map_err(error)?;
        let data = self.data()?.clone();
        let data = data.limit(config.limit_train, config.limit_test).map_err(error)?;
        let first_own = data.train.len() as u32;
        let data = self.with_own(data)?;
        config.data.clone_from(&data.name);
        config.device = self.device.info().kind.parse().map_err(error)?;
        let ids = if own == Some(true) {
            Some((first_own..data.train.len() as u32).collect())
        } else {
            ids
        };
        if again == Some(true) {
            for method in &config.methods {
                for seed in &config.seeds {
                    self.store.remove(&format!("{method}-seed{seed}.json")).map_err(error)?;
                }
            }
        }
        let mut settings = Experiment::builder(config, data, self.device.clone()).resume(true);
        if let Some(ids) = ids {
            settings = settings.requests(vec![(IDS.to_owned(), ForgetRequest::Ids(ids))]);
        }
        let mut experiment = settings.build().map_err(error)?;
        experiment.set_read_every(self.read_every);
        if only_retrain == Some(true) {
            experiment.only_retrain();
        }
        self.forget_networks();
        self.split = experiment.first_split().cloned().unwrap_or_default();
        self.experiment = Some(experiment);
        Ok(())
    }

    /// The finished runs as the store holds them: names and bytes by turns.
    ///
    /// # Errors
    ///
    /// If there is no experiment.
    pub fn stored_runs(&self) -> Result<Array, JsError> {
        let entries = Array::new();
        for record in self.experiment()?.records() {
            let description = Path::new(&record.model).with_extension("json");
            for name in [record.model.clone(), description.display().to_string()] {
                let bytes = self.store.read(&name).map_err(error)?.unwrap_or_default();
                entries.push(&name.into());
                entries.push(&Uint8Array::from(bytes.as_slice()));
            }
        }
        Ok(entries)
    }

    /// Puts an entry of [`stored_runs`](Self::stored_runs) of another Lab into the store. The
    /// experiment checks runs before it takes them over.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn take_run(&mut self, name: &str, bytes: &[u8]) -> Result<(), JsError> {
        self.store.write(name, bytes).map_err(error)
    }

    /// The default settings of each method, by its name, as recipes write them. They have the keys
    /// that the method has: one without a value, such as the rate where it is adaptive, is
    /// `null`.
    ///
    /// # Errors
    ///
    /// If JavaScript refuses the value.
    pub fn defaults(&self) -> Result<JsValue, JsError> {
        to_js(&ExperimentConfig::default().method)
    }

    /// Steps between two `step` events from now on; 0 for the default.
    pub fn set_read_every(&mut self, steps: usize) {
        self.read_every = NonZeroUsize::new(steps);
        if let Some(experiment) = &mut self.experiment {
            experiment.set_read_every(self.read_every);
        }
    }

    /// Continues to the next event; `undefined` when all runs are over.
    ///
    /// # Errors
    ///
    /// If there is no experiment, or it cannot go on.
    pub async fn next(&mut self) -> Result<JsValue, JsError> {
        let experiment = self.experiment.as_mut().ok_or_else(no_experiment)?;
        match experiment.next(&mut self.store).await.map_err(error)? {
            Some(event) => {
                match &event {
                    Event::Started { resumed_at, .. } => self.step = *resumed_at,
                    Event::Step { step, .. } | Event::Working { step } => self.step = *step,
                    _ => {}
                }
                to_js(&event)
            }
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// Rows of the finished runs.
    ///
    /// # Errors
    ///
    /// If there is no experiment.
    pub fn runs(&self) -> Result<JsValue, JsError> {
        let records: &[RunRecord] = self.experiment()?.records();
        to_js(&records)
    }

    /// The report so far: `json`, `markdown`, `html`, the recipe as `toml`, or the `command` that
    /// runs it natively, in a checkout of the repository.
    ///
    /// # Errors
    ///
    /// If there is no experiment or no such form, or if recipe or command are asked for and own
    /// images take part: the native program does not have them.
    pub fn report(&self, form: &str) -> Result<String, JsError> {
        let experiment = self.experiment()?;
        let own = self.loaded.as_ref().is_some_and(|data| data.name != experiment.config().data);
        if own && matches!(form, "toml" | "command") {
            return Err(error("own images take part: the native program cannot repeat this run"));
        }
        let report = Report::new(experiment);
        match form {
            "json" => report.to_json().map_err(error),
            "markdown" => report.to_markdown().map_err(error),
            "html" => report.to_html().map_err(error),
            "toml" => to_toml(experiment.config()).map_err(error),
            "command" => {
                Ok("ugradsl compare --recipe recipe.toml --data-root crates/ugradsl/assets"
                    .to_owned())
            }
            _ => Err(error(format!("unknown form {form:?}"))),
        }
    }

    fn take(&mut self, data: Dataset) {
        self.loaded = Some(data);
        self.own = Own::default();
        self.experiment = None;
        self.forget_networks();
    }

    /// Drops networks, rows and axes that belong to an experiment that is over.
    fn forget_networks(&mut self) {
        self.split = Split::default();
        self.plane = None;
        self.kept.clear();
        self.loaded_networks.borrow_mut().clear();
    }

    fn with_own(&self, data: Dataset) -> Result<Dataset, JsError> {
        if self.own.labels.is_empty() {
            return Ok(data);
        }
        let images = data.train.images().ok_or_else(|| error("the data are not images"))?;
        let pixels = [images.pixels(), &self.own.pixels].concat();
        let labels = [data.train.labels(), &self.own.labels].concat();
        let train = ImageSet::new(data.train.shape(), pixels, labels).map_err(error)?;
        let name = format!("{} and {} own images", data.name, self.own.labels.len());
        Dataset::new(name, data.classes, train, data.test, data.normalisation).map_err(error)
    }

    fn data(&self) -> Result<&Dataset, JsError> {
        self.loaded.as_ref().ok_or_else(|| error("no data is loaded"))
    }

    pub(crate) fn experiment(&self) -> Result<&Experiment, JsError> {
        self.experiment.as_ref().ok_or_else(no_experiment)
    }
}

fn no_experiment() -> JsError {
    error("no experiment has begun")
}
