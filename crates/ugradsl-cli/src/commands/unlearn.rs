//! `ugradsl unlearn`: a saved network forgets, and is saved under another name.

use serde_json::json;
use ugradsl::{
    evaluate::predict,
    session::{ExperimentError, Job, Run, held_out_target},
    unlearn::Method,
};

use super::{
    experiment,
    single::{Bench, Checkpoint, drive, save},
};
use crate::{
    args::UnlearnArgs,
    exit::{Failure, Outcome, Result},
    output,
};

pub(crate) fn run(args: UnlearnArgs) -> Result {
    let config = experiment::config(&args.common, &args.data, &[])?;
    let method: Method = args.method.parse().map_err(Failure::usage)?;
    if !method.unlearns() {
        return Err(Failure::usage(format!("{method} does not start from a trained network")));
    }
    let seed = args.seed.or(config.seeds.first().copied()).unwrap_or(0);
    let dataset = experiment::open_data(&config, args.common.data_root.as_deref())?;
    let mut checkpoint = Checkpoint::beside(&args.out)?;
    let bench = Bench::new(dataset, experiment::open_device(config.device)?);
    let split = bench.split(&args.forget, seed)?;
    let original = bench.read_model(&args.model)?;
    let network = original.load(&bench.device)?;
    let (_, before) = bench.measure(&network, &split, config.attack, seed)?;

    let numbers = config.method.get(&method).cloned().unwrap_or_else(|| method.defaults());
    let on_test = pollster::block_on(predict(&network, &bench.test, &bench.test.all_rows()))
        .map_err(|error| Failure::new(Outcome::Data, error))?;
    let target = held_out_target(&on_test, &bench.train.host_labels(&split.forget), &split);
    let plan = method.plan(&numbers, &config.training);
    let job = Job {
        method,
        digest: format!("unlearn {} {plan:?} {seed} {}", original.digest(), split.digest()),
        plan,
        guards: numbers.guards.then(|| config.guards.clone()),
        target: Some(target),
        seed,
    };
    let network = original.load_trainable(&bench.device)?;
    let resume = checkpoint.resume(args.resume);
    let run = Run::new(job, network, &bench.device, &bench.train, &split, resume);
    let run =
        pollster::block_on(run).map_err(|error| Failure::from(ExperimentError::from(error)))?;
    let Some(outcome) = drive(run, &mut checkpoint)? else {
        return Ok(Outcome::Interrupted);
    };
    let (_, after) = bench.measure(&outcome.model, &split, config.attack, seed)?;
    let file = save(&outcome.model, original.spec.clone(), seed, &args.out, &mut checkpoint)?;
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
        "weights_before": original.digest(),
        "weights_after": file.digest(),
        "model": args.out,
    });
    if args.common.json {
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
