//! `ugradsl train`: a network from scratch, saved as safetensors.

use ugradsl::{models::ModelSpec, session::TrainModel};

use crate::{
    args::TrainArgs,
    exit::{Outcome, Result},
    output::check_out,
    settings::Settings,
    workbench::{Checkpoint, Uses, Workbench, drive, emit, save},
};

pub(crate) fn run(args: TrainArgs) -> Result {
    check_out(&args.out, &[("--recipe", args.single.common.recipe.as_deref())])?;
    let mut settings = Settings::default();
    settings.flag("--architecture", "architecture", args.architecture)?;
    let uses = Uses { training: true, ..Uses::default() };
    let workbench = Workbench::open(&args.single, settings, uses)?;
    let Workbench { config, seed, device, dataset } = workbench;
    let spec = ModelSpec::fitting(config.architecture.built_in()?, &dataset)?;
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
