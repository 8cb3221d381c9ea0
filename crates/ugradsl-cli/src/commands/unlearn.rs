//! `ugradsl unlearn`: a saved network forgets, and is saved under another name.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use ugradsl::{
    data::{ForgetRequest, Taken},
    experiment::ExperimentError,
    models::ModelFile,
    run::SessionError,
    session::UnlearnModel,
};

use crate::{
    args::UnlearnArgs,
    exit::{Failure, Outcome, Result},
    finished, model_arg,
    output::{file_of, note},
    places::{check_network_name, check_network_out},
    record,
    workbench::{Checkpoint, Uses, Workbench, drive, emit, emit_json, save},
};

pub(crate) fn run(args: UnlearnArgs) -> Result {
    let method = args.method;
    let forget = match args.with_copies {
        true => format!("{} with copies", args.forget),
        false => args.forget.clone(),
    };
    check_outputs(&args)?;
    let (training, attack, answers) = (true, true, false);
    let uses = Uses { forget: Some(&forget), methods: &[method], training, attack, answers };
    let workbench = Workbench::open_model(&args.single, &args.model, uses)?;
    let request = ForgetRequest::parse_for(&forget, &workbench.dataset)?;
    let original = workbench.read(&args.model)?;
    let Some(out) = args.out.as_deref().filter(|_| !args.dry_run) else {
        return dry_run(&args, &forget, &request, &original, &workbench);
    };
    check_network_name(out, original.spec.onnx.is_some())?;
    let mut checkpoint = Checkpoint::beside(out)?;
    // A file that cannot be read is refused before the work is done.
    let unix_time = now()?;
    let read = |path| model_arg::read_file(path, &args.model, &workbench.dataset);
    let retrained = args.retrained.as_deref().map(read).transpose()?;
    let config = workbench.config_of(&original.spec);
    let Workbench { seed, device, dataset, .. } = workbench;
    let task = UnlearnModel::new(original, request)
        .with_request_name(&forget)
        .with_method(config.method.get(method))
        .with_training(config.training.clone())
        .with_guards(config.guards.clone())
        .with_attack(config.attack)
        .with_retrained(retrained)
        .with_chance_allowed(args.allow_chance)
        .with_other_data_allowed(args.model.allow_other_data)
        .with_seed(seed)
        .with_unix_time(unix_time);
    let (json, records) = (args.single.common.json, &args.record.report);
    if let Some(found) =
        finished::unlearned(out, &checkpoint, args.resume, (&task, &dataset), records)?
    {
        emit_json(json, &config, &found, out)?;
        return Ok(if found.is_fulfilled() { Outcome::Done } else { Outcome::Gate });
    }
    finished::keep_deletions(out, &task, &dataset)?;
    finished::say_replaced(out);
    let mut run = task.start(dataset.clone(), device.clone())?;
    if !drive(run.session(), &mut checkpoint, args.resume).map_err(hint)? {
        return Ok(Outcome::Interrupted);
    }
    let unlearned = pollster::block_on(run.finish())?;
    save(&unlearned.model, out)?;
    record::write(&args.record, &unlearned, &dataset, device.info(), (out, unix_time))?;
    // Until here a run that is killed is measured again, and its record written.
    checkpoint.remove()?;
    note(&format!("to load it in Python:\n{}", model_arg::python(&unlearned.model, out)));
    emit(json, &config, &unlearned, Some(out), &unlearned.to_string())?;
    Ok(if unlearned.is_fulfilled() { Outcome::Done } else { Outcome::Gate })
}

/// Refuses to write over what is read.
fn check_outputs(args: &UnlearnArgs) -> Result<()> {
    let inputs = [
        ("--model", Some(args.model.model.as_path())),
        ("--retrained", args.retrained.as_deref()),
        ("--forget", file_of(&args.forget)),
        ("--recipe", args.single.common.recipe.as_deref()),
        ("--data", args.single.data.data.as_deref().map(Path::new)),
    ];
    args.out.iter().try_for_each(|out| check_network_out(out, &inputs))?;
    args.record
        .report
        .iter()
        .try_for_each(|out| record::check_place(out, args.out.as_deref(), &inputs))?;
    record::check(&args.record, args.out.as_deref())
}

/// Shows what would be forgotten.
fn dry_run(
    args: &UnlearnArgs,
    forget: &str,
    request: &ForgetRequest,
    original: &ModelFile,
    workbench: &Workbench,
) -> Result {
    let Workbench { dataset, seed, .. } = workbench;
    match args.model.allow_other_data {
        true => original.check_classes(dataset),
        false => original.check_data(dataset, request),
    }
    .map_err(|error| Failure::other_data(&error))?;
    let ledger = original.ledger.beside(dataset)?;
    let split = request.split_beside(&ledger.fulfilled_rows(), &ledger.rows(), dataset, *seed)?;
    let taken = Taken::of(forget, dataset, &split);
    let asked = request.split(dataset, *seed).map_or(0, |all| all.forget.len());
    match asked.saturating_sub(split.forget.len()) {
        0 => {}
        1 => note("1 row of the request was forgotten before, and stays so"),
        before => note(&format!("{before} rows of the request were forgotten before, and stay so")),
    }
    let config = workbench.config_of(&original.spec);
    let text = format!("{taken}nothing was changed: this was a dry run");
    emit(args.single.common.json, &config, &taken, None, &text)
}

/// Names the flag that goes on with a network that knows nothing of the data.
fn hint(failure: Failure) -> Failure {
    match failure.source.downcast_ref() {
        Some(ExperimentError::Session(
            SessionError::AtChance { .. } | SessionError::Misread { .. },
        )) => Failure::usage(format!("{}; --allow-chance goes on all the same", failure.source)),
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
