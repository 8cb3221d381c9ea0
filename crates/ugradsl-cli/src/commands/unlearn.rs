//! `ugradsl unlearn`: a saved network forgets, and is saved under another name.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;
use ugradsl::{
    data::{ForgetRequest, Split},
    evaluate::{Measures, average_gap},
    models::{Forgotten, ModelFile, Network},
    session::{Drift, Session},
    unlearn::Method,
};

use super::{
    model,
    single::{Checkpoint, Workbench, drive, save, session_failure},
};
use crate::{
    args::UnlearnArgs,
    exit::{Failure, Outcome, Result},
    output,
};

pub(crate) fn run(args: UnlearnArgs) -> Result {
    let method: Method = args.method.parse().map_err(Failure::usage)?;
    if !method.unlearns() {
        return Err(Failure::usage(format!("{method} does not start from a trained network")));
    }
    let workbench = Workbench::open(&args.single, Some(&args.model.model), Some(&args.forget))?;
    let seed = workbench.seed;
    let mut checkpoint = Checkpoint::beside(&args.out)?;
    let request = ForgetRequest::parse_for(&args.forget, &workbench.dataset)?;
    let original = model::read(&args.model, &workbench.dataset)?;
    let before_this = workbench.forgotten(&original)?;
    // What cannot be read shall show before the work is done.
    let unix_time = now()?;
    let retrained = args.retrained.as_deref();
    let retrained = retrained
        .map(|path| model::read_file(path, &args.model, &workbench.dataset))
        .transpose()?;
    let config = workbench.config_of(&original.spec);
    let network = original.load(&workbench.device)?;
    let mut session =
        Session::new(network.clone(), workbench.dataset.clone(), workbench.device.clone())
            .normalisation(original.spec.normalisation.clone())
            .forget(request)
            .after(before_this.clone())
            .method(config.method.get(method))
            .guards(config.guards.clone())
            .attack(config.attack)
            .seed(seed);
    let weights_before = original.digest();
    let before = pollster::block_on(session.measure(&network)).map_err(session_failure)?;
    let Some(outcome) = drive(&mut session, &mut checkpoint, args.resume)? else {
        return Ok(Outcome::Interrupted);
    };
    let after = pollster::block_on(session.measure(&outcome.model)).map_err(session_failure)?;
    let split = session.split().cloned().unwrap_or_default();
    let mut ledger = original.ledger.clone();
    let entry =
        Forgotten::new(&args.forget, split.forget, workbench.dataset.digest(), method.name(), seed);
    let forgotten = entry.rows.len();
    ledger.push(Forgotten { unix_time, test_accuracy: Some((before.ta, after.ta)), ..entry });
    let drift = Drift::of(&ledger, workbench.dataset.train.len());
    let so_far = Split { forget: ledger.rows(), ..split };
    let together = match before_this.as_slice() {
        [] => after,
        _ => measured(&workbench, &original, &outcome.model, &so_far)?,
    };
    let retrained = match &retrained {
        Some(file) => Some(measured(&workbench, file, &file.load(&workbench.device)?, &so_far)?),
        None => None,
    };
    let gap = retrained.as_ref().map(|oracle| average_gap(&together, oracle));
    let like = ModelFile { seed, ledger, ..original };
    let file = save(&outcome.model, like, &args.out, &mut checkpoint)?;
    output::note(&format!("to load it in Python:\n{}", model::python(&file, &args.out)));
    let result = json!({
        "schema_version": 1,
        "config": config,
        "method": method,
        "seed": seed,
        "forget": args.forget,
        "forgotten_rows": forgotten,
        "before": before,
        "after": after,
        "target_forget_accuracy": session.target().map(|target| 100.0 * target),
        "seconds": outcome.seconds,
        "steps": outcome.steps,
        "stopped_by": outcome.stopped_by,
        "rollbacks": outcome.rollbacks,
        "data": workbench.dataset.digest(),
        "so_far": {
            "requests": drift.requests,
            "forgotten_rows": drift.forgotten_rows,
            "forget_list": so_far.digest(),
            "measures": together,
            "retrained": retrained,
            "gap": gap,
            "drift": drift,
        },
        "weights_before": weights_before,
        "weights_after": file.digest(),
        "model": args.out,
    });
    if args.single.common.json {
        output::emit(&serde_json::to_string_pretty(&result)?);
    } else {
        let row = |name, m: &Measures| {
            format!(
                "{name:>7}  UA {:6.2}  MIA {:6.2}  RA {:6.2}  TA {:6.2}\n",
                m.ua, m.mia.confidence, m.ra, m.ta
            )
        };
        let gap = match gap {
            Some(gap) => format!(
                "average gap to the retrained network, over everything forgotten so far: {gap:.2} points"
            ),
            None => "without a retrained network the gap is unknown".to_owned(),
        };
        output::emit(&format!(
            "{}{}{forgotten} rows forgotten in {:.1} s; {gap}\n\
             accuracy on everything forgotten so far: {:.2} %\n{}\n",
            row("before", &before),
            row("after", &after),
            outcome.seconds,
            100.0 - together.ua,
            drift.summary()
        ));
    }
    Ok(Outcome::Done)
}

/// Seconds since 1970, or what `SOURCE_DATE_EPOCH` says instead: with it the same command gives the same file.
fn now() -> Result<Option<u64>> {
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(said) => said.parse().map(Some).map_err(|_| {
            Failure::usage(format!("SOURCE_DATE_EPOCH: {said:?} is no number of seconds"))
        }),
        Err(_) => Ok(SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|now| now.as_secs())),
    }
}

/// What `network`, described by `file`, says of everything that was forgotten so far and of what is left.
fn measured(
    workbench: &Workbench,
    file: &ModelFile,
    network: &Network,
    so_far: &Split,
) -> Result<Measures> {
    let (_, measures) = workbench.measure(network, &workbench.sets(&file.spec), so_far)?;
    Ok(measures)
}
