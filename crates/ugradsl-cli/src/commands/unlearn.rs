//! `ugradsl unlearn`: a saved network forgets, and is saved under another name.

use serde_json::json;
use ugradsl::{data::ForgetRequest, models::ModelFile, session::Session, unlearn::Method};

use super::{
    model,
    single::{Bench, Checkpoint, drive, save, session_failure},
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
    let bench = Bench::open(&args.single, Some(&args.forget))?;
    let seed = bench.seed;
    let mut checkpoint = Checkpoint::beside(&args.out)?;
    let request = ForgetRequest::parse(&args.forget)?;
    let original = model::read(&args.model, &bench.dataset)?;
    let config = bench.config_of(&original.spec);
    let numbers = config.method.get(&method).cloned().unwrap_or_else(|| method.defaults());
    let network = original.load(&bench.device)?;
    let mut session = Session::new(network.clone(), bench.dataset.clone(), bench.device.clone())
        .normalisation(original.spec.normalisation.clone())
        .forget(request)
        .method_with(method, numbers)
        .guards(config.guards.clone())
        .attack(config.attack)
        .seed(seed);
    let weights_before = original.digest();
    let before = pollster::block_on(session.measure(&network)).map_err(session_failure)?;
    let Some(outcome) = drive(&mut session, &mut checkpoint, args.resume)? else {
        return Ok(Outcome::Interrupted);
    };
    let after = pollster::block_on(session.measure(&outcome.model)).map_err(session_failure)?;
    let forgotten = session.split().map_or(0, |split| split.forget.len());
    let file = save(&outcome.model, ModelFile { seed, ..original }, &args.out, &mut checkpoint)?;
    output::talk(&format!("to load it in Python:\n{}", model::python(&file, &args.out)));
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
        "weights_before": weights_before,
        "weights_after": file.digest(),
        "model": args.out,
    });
    if args.single.common.json {
        output::result(&serde_json::to_string_pretty(&result)?);
    } else {
        let row = |name, m: &ugradsl::evaluate::Measures| {
            format!(
                "{name:>7}  UA {:6.2}  MIA {:6.2}  RA {:6.2}  TA {:6.2}\n",
                m.ua, m.mia.confidence, m.ra, m.ta
            )
        };
        output::result(&format!(
            "{}{}{forgotten} rows forgotten in {:.1} s; without a retrained network the gap is unknown\n",
            row("before", &before),
            row("after", &after),
            outcome.seconds
        ));
    }
    Ok(Outcome::Done)
}
