//! `ugradsl train`: a network from scratch, saved as safetensors.

use serde_json::json;
use ugradsl::{
    data::Split,
    evaluate::{accuracy, predict},
    models::{Architecture, ModelFile, ModelSpec},
    session::Job,
    unlearn::Method,
};

use super::single::{Bench, Checkpoint, drive, save};
use crate::{
    args::TrainArgs,
    exit::{Failure, Outcome, Result},
    output,
};

pub(crate) fn run(args: TrainArgs) -> Result {
    let named = args.architecture.as_deref().map(str::parse::<Architecture>).transpose()?;
    let mut bench = Bench::open(&args.single, None)?;
    bench.config.architecture = named.unwrap_or(bench.config.architecture);
    let (config, seed) = (&bench.config, bench.seed);
    let spec = ModelSpec::fitting(config.architecture, &bench.dataset)?;
    let sets = bench.sets(&spec);
    let mut checkpoint = Checkpoint::beside(&args.out)?;
    let everything = Split::everything(&bench.dataset);
    let job = Job {
        method: Method::Original,
        plan: Method::Original.plan(&Method::Original.defaults(), &config.training),
        guards: None,
        target: None,
        seed,
        digest: format!("train {spec:?} {:?} {seed} {}", config.training, bench.dataset.digest()),
    };
    let network = spec.init(seed, &bench.device.autodiff())?;
    let Some(outcome) =
        drive(&bench, job, network, &sets, &everything, &mut checkpoint, args.resume)?
    else {
        return Ok(Outcome::Interrupted);
    };
    let percent = |set, rows: &[u32]| {
        let probabilities = pollster::block_on(predict(&outcome.model, set, rows));
        probabilities.map(|p| accuracy(&p)).map_err(|error| Failure::new(Outcome::Data, error))
    };
    let trained = percent(&sets.train, &everything.retain)?;
    let tested = percent(&sets.test, &everything.test)?;
    let file = save(
        &outcome.model,
        ModelFile::new(spec, seed, Default::default()),
        &args.out,
        &mut checkpoint,
    )?;
    let result = json!({
        "schema_version": 1,
        "config": config,
        "seed": seed,
        "train_accuracy": trained,
        "test_accuracy": tested,
        "seconds": outcome.seconds,
        "weights": file.digest(),
        "model": args.out,
    });
    if args.single.common.json {
        output::result(&serde_json::to_string_pretty(&result)?);
    } else {
        let show =
            |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.2} %"));
        output::result(&format!(
            "{}: training accuracy {}, test accuracy {}, {:.1} s",
            args.out.display(),
            show(trained),
            show(tested),
            outcome.seconds
        ));
    }
    Ok(Outcome::Done)
}
