//! `ugradsl train`: a network from scratch, saved as safetensors.

use std::path::Path;

use ugradsl::{
    data::{Dataset, RowKind},
    experiment::ExperimentConfig,
    models::{Architecture, ModelSpec},
    session::TrainModel,
};

use crate::{
    args::TrainArgs,
    exit::{Failure, Outcome, Result},
    finished, model_arg,
    output::{check_out, note},
    settings::Settings,
    workbench::{Checkpoint, Uses, Workbench, drive, emit, save},
};

/// Chooses a network for rows that the usual one cannot take, and says so.
fn suit(config: &mut ExperimentConfig, dataset: &Dataset) {
    let suited = match dataset.train.kind() {
        RowKind::Images => return,
        RowKind::Features => Architecture::Mlp,
        RowKind::Texts => Architecture::TextTransformer,
    };
    if config.architecture == ExperimentConfig::default().architecture {
        let kind = dataset.train.kind();
        note(&format!("the network is {suited}, because the rows of {} are {kind}", dataset.name));
        config.architecture = suited.into();
    }
}

/// Refuses to write over a network that has forgotten something: its ledger would be lost.
fn refuse_forgetful(out: &Path) -> Result<()> {
    let requests = model_arg::saved(out).map_or(0, |file| file.ledger.entries().len());
    match requests {
        0 => Ok(()),
        _ => Err(Failure::usage(format!(
            "{} has forgotten something ({requests} in its ledger), and a new network would not \
             know of it: give another name",
            out.display()
        ))),
    }
}

pub(crate) fn run(args: TrainArgs) -> Result {
    let inputs = [
        ("--recipe", args.single.common.recipe.as_deref()),
        ("--data", args.single.data.data.as_deref().map(Path::new)),
    ];
    check_out(&args.out, &inputs)?;
    refuse_forgetful(&args.out)?;
    let mut settings = Settings::default();
    settings.flag("--architecture", "architecture", args.architecture)?;
    let uses = Uses { training: true, ..Uses::default() };
    let workbench = Workbench::open(&args.single, settings, uses)?;
    let Workbench { mut config, seed, device, dataset } = workbench;
    if args.architecture.is_none() && args.single.common.recipe.is_none() {
        suit(&mut config, &dataset);
    }
    let spec = ModelSpec::fitting(config.architecture.built_in()?, &dataset)?;
    let mut checkpoint = Checkpoint::beside(&args.out)?;
    if finished::trained(&args.out, &checkpoint, args.resume, (&spec, seed))? {
        return Ok(Outcome::Done);
    }
    let task = TrainModel::new(spec).with_training(config.training.clone()).with_seed(seed);
    let mut run = task.start(dataset, device)?;
    if !drive(run.session(), &mut checkpoint, args.resume)? {
        return Ok(Outcome::Interrupted);
    }
    let trained = pollster::block_on(run.finish())?;
    save(&trained.model, &args.out, &mut checkpoint)?;
    let text = format!("{}: {trained}", args.out.display());
    emit(args.single.common.json, &config, &trained, Some(&args.out), &text)
}
