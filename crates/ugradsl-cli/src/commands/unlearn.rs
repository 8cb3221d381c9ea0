//! `ugradsl unlearn`: a saved network forgets, and is saved under another name.

use std::time::{SystemTime, UNIX_EPOCH};

use ugradsl::{
    data::ForgetRequest, experiment::ExperimentError, run::SessionError, session::UnlearnModel,
};

use crate::{
    args::UnlearnArgs,
    exit::{Failure, Outcome, Result},
    model_arg,
    output::{check_out, file_of, note},
    workbench::{Checkpoint, Uses, Workbench, drive, emit, save},
};

pub(crate) fn run(args: UnlearnArgs) -> Result {
    let method = args.method;
    let inputs = [
        ("--model", Some(args.model.model.as_path())),
        ("--retrained", args.retrained.as_deref()),
        ("--forget", file_of(&args.forget)),
        ("--recipe", args.single.common.recipe.as_deref()),
    ];
    check_out(&args.out, &inputs)?;
    let uses =
        Uses { forget: Some(&args.forget), methods: &[method], training: true, attack: true };
    let workbench = Workbench::open_model(&args.single, &args.model, uses)?;
    let mut checkpoint = Checkpoint::beside(&args.out)?;
    let request = ForgetRequest::parse_for(&args.forget, &workbench.dataset)?;
    let original = model_arg::read(&args.model, &workbench.dataset)?;
    // A file that cannot be read is refused before the work is done.
    let unix_time = now()?;
    let retrained = args.retrained.as_deref();
    let retrained = retrained
        .map(|path| model_arg::read_file(path, &args.model, &workbench.dataset))
        .transpose()?;
    let config = workbench.config_of(&original.spec);
    let Workbench { seed, device, dataset, .. } = workbench;
    let task = UnlearnModel::new(original, request)
        .with_request_name(&args.forget)
        .with_method(config.method.get(method))
        .with_training(config.training.clone())
        .with_guards(config.guards.clone())
        .with_attack(config.attack)
        .with_retrained(retrained)
        .with_chance_allowed(args.allow_chance)
        .with_seed(seed)
        .with_unix_time(unix_time);
    let mut run = task.start(dataset, device)?;
    if !drive(run.session(), &mut checkpoint, args.resume).map_err(hint)? {
        return Ok(Outcome::Interrupted);
    }
    let unlearned = pollster::block_on(run.finish())?;
    save(&unlearned.model, &args.out, &mut checkpoint)?;
    note(&format!("to load it in Python:\n{}", model_arg::python(&unlearned.model, &args.out)));
    let json = args.single.common.json;
    emit(json, &config, &unlearned, Some(&args.out), &unlearned.to_string())?;
    Ok(if unlearned.is_fulfilled() { Outcome::Done } else { Outcome::Gate })
}

/// Names the flag that goes on with a network that knows nothing of the data.
fn hint(failure: Failure) -> Failure {
    match failure.source.downcast_ref() {
        Some(ExperimentError::Session(SessionError::AtChance { .. })) => {
            Failure::usage(format!("{}; --allow-chance goes on all the same", failure.source))
        }
        _ => failure,
    }
}

/// Seconds since 1970. `SOURCE_DATE_EPOCH` replaces the clock, so that the same command writes the
/// same file.
fn now() -> Result<Option<u64>> {
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text.parse().map(Some).map_err(|_| {
            Failure::usage(format!("SOURCE_DATE_EPOCH: {text:?} is not a number of seconds"))
        }),
        Err(_) => Ok(SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|now| now.as_secs())),
    }
}
