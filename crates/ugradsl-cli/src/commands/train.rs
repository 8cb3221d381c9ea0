//! `ugradsl train`: a network from scratch, saved as safetensors, or that of an ONNX file, trained
//! further.

use std::{collections::BTreeMap, path::Path};

use ugradsl::{
    burn::tensor::TensorData,
    data::{Dataset, RowKind},
    experiment::ExperimentConfig,
    models::{Architecture, ModelFile, ModelSpec},
    session::TrainModel,
};

use crate::{
    args::{ModelArgs, TrainArgs},
    exit::{Failure, Outcome, Result},
    finished, model_arg, onnx_arg,
    output::note,
    places::{check_network_name, check_network_out},
    settings::Settings,
    workbench::{Checkpoint, Uses, Workbench, drive, emit, emit_json, save},
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

/// Weights by name.
type Weights = BTreeMap<String, TensorData>;

/// The network to train, and its weights unless they are drawn.
fn network(
    args: &TrainArgs,
    config: &mut ExperimentConfig,
    dataset: &Dataset,
) -> Result<(ModelSpec, Option<Weights>)> {
    let Some(model) = &args.model else {
        let given = [
            ("--normalisation", args.normalisation.is_some()),
            ("--from-scratch", args.from_scratch),
        ];
        onnx_arg::refuse_without_model(&args.onnx, &given)?;
        return Ok((ModelSpec::fitting(config.architecture.built_in()?, dataset)?, None));
    };
    let about = ModelArgs::of_kind(model.clone(), args.onnx.clone());
    let about = ModelArgs { normalisation: args.normalisation.clone(), ..about };
    let ModelFile { spec, state, ledger, .. } = model_arg::read_file(model, &about, dataset)?;
    if spec.onnx.is_none() {
        return Err(Failure::file(
            model,
            "--model is for networks in ONNX files: name a built-in one with --architecture",
        ));
    }
    if !ledger.is_empty() {
        return Err(Failure::file(
            model,
            "has forgotten something, which training would teach it again: give the original",
        ));
    }
    config.architecture = spec.architecture.into();
    Ok((spec, (!args.from_scratch).then_some(state)))
}

pub(crate) fn run(args: TrainArgs) -> Result {
    let inputs = [
        ("--model", args.model.as_deref()),
        ("--recipe", args.single.common.recipe.as_deref()),
        ("--data", args.single.data.data.as_deref().map(Path::new)),
    ];
    check_network_out(&args.out, &inputs)?;
    refuse_forgetful(&args.out)?;
    let mut settings = Settings::default();
    settings.flag("--architecture", "architecture", args.architecture)?;
    let uses = Uses { training: true, ..Uses::default() };
    let workbench = match &args.model {
        Some(model) => Workbench::open_trained(&args.single, settings, (model, &args.onnx), uses)?,
        None => Workbench::open(&args.single, settings, uses)?,
    };
    let Workbench { mut config, seed, device, dataset, .. } = workbench;
    if args.architecture.is_none() && args.single.common.recipe.is_none() && args.model.is_none() {
        suit(&mut config, &dataset);
    }
    let (spec, weights) = network(&args, &mut config, &dataset)?;
    check_network_name(&args.out, spec.onnx.is_some())?;
    let mut checkpoint = Checkpoint::beside(&args.out)?;
    let wanted = (&spec, seed, &config.training);
    let json = args.single.common.json;
    if let Some(found) = finished::trained(&args.out, &checkpoint, args.resume, wanted, &dataset)? {
        return emit_json(json, &config, &found, &args.out);
    }
    finished::say_replaced(&args.out);
    let task = TrainModel::new(spec)
        .with_training(config.training.clone())
        .with_weights(weights)
        .with_seed(seed);
    let mut run = task.start(dataset, device)?;
    if !drive(run.session(), &mut checkpoint, args.resume)? {
        return Ok(Outcome::Interrupted);
    }
    let trained = pollster::block_on(run.finish())?;
    save(&trained.model, &args.out)?;
    checkpoint.remove()?;
    let text = format!("{}: {trained}", args.out.display());
    emit(json, &config, &trained, Some(&args.out), &text)
}
