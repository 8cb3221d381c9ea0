//! `ugradsl train`: a network from scratch, saved as safetensors.

use ugradsl::{
    models::{Architecture, ModelSpec},
    session::TrainModel,
};

use super::single::{Checkpoint, Workbench, drive, emit, save};
use crate::{
    args::TrainArgs,
    exit::{Outcome, Result},
};

pub(crate) fn run(args: TrainArgs) -> Result {
    let named = args.architecture.as_deref().map(str::parse::<Architecture>).transpose()?;
    let mut workbench = Workbench::open(&args.single, None, None)?;
    workbench.config.architecture = named.unwrap_or(workbench.config.architecture);
    let Workbench { config, seed, device, dataset } = workbench;
    let spec = ModelSpec::fitting(config.architecture, &dataset)?;
    let task = TrainModel::new(spec).with_training(config.training.clone()).with_seed(seed);
    let mut checkpoint = Checkpoint::beside(&args.out)?;
    let mut run = task.start(dataset, device)?;
    if !drive(run.session(), &mut checkpoint, args.resume)? {
        return Ok(Outcome::Interrupted);
    }
    let trained = pollster::block_on(run.finish())?;
    save(&trained.model, &args.out, &mut checkpoint)?;
    let text = format!("{}: {trained}", args.out.display());
    emit(args.single.common.json, &config, &trained, Some(&args.out), &text)
}
