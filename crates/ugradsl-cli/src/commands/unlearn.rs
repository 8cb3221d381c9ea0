//! `ugradsl unlearn`: a saved network forgets, and is saved under another name.

use serde_json::json;
use ugradsl::{
    models::ModelFile,
    session::{Job, held_out_target},
    unlearn::Method,
};

use super::{
    model,
    single::{Bench, Checkpoint, drive, save},
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
    let split = bench.split(&args.forget)?;
    let original = model::read(&args.model, &bench.dataset)?;
    let config = bench.config_of(&original.spec);
    let sets = bench.sets(&original.spec);
    let network = original.load(&bench.device)?;
    let (_, before) = bench.measure(&network, &sets, &split)?;

    let numbers = config.method.get(&method).cloned().unwrap_or_else(|| method.defaults());
    let target = held_out_target(&network, &sets.train, &sets.test, &split);
    let target = pollster::block_on(target).map_err(|error| Failure::new(Outcome::Data, error))?;
    let plan = method.plan(&numbers, &config.training);
    let guards = numbers.guards.then(|| config.guards.clone());
    let parts = (original.digest(), split.digest(), bench.dataset.digest());
    let digest = format!("unlearn {plan:?} {guards:?} {seed} {parts:?}");
    let job = Job { method, digest, plan, guards, target: Some(target), seed };
    let weights_before = original.digest();
    let network = original.load_trainable(&bench.device)?;
    let Some(outcome) = drive(&bench, job, network, &sets, &split, &mut checkpoint, args.resume)?
    else {
        return Ok(Outcome::Interrupted);
    };
    let (_, after) = bench.measure(&outcome.model, &sets, &split)?;
    let file = save(&outcome.model, ModelFile { seed, ..original }, &args.out, &mut checkpoint)?;
    output::talk(&format!("to load it in Python:\n{}", model::python(&file, &args.out)));
    let result = json!({
        "schema_version": 1,
        "config": config,
        "method": method,
        "seed": seed,
        "forget": args.forget,
        "forgotten_rows": split.forget.len(),
        "before": before,
        "after": after,
        "target_forget_accuracy": 100.0 * target,
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
            "{}{}{} rows forgotten in {:.1} s; without a retrained network the gap is unknown\n",
            row("before", &before),
            row("after", &after),
            split.forget.len(),
            outcome.seconds
        ));
    }
    Ok(Outcome::Done)
}
