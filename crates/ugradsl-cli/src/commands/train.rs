//! `ugradsl train`: a network from scratch, saved as safetensors.

use serde_json::json;
use ugradsl::{
    data::Split,
    evaluate::{accuracy, predict},
    models::ModelSpec,
    session::{ExperimentError, Job, Run},
    unlearn::Method,
};

use super::{
    experiment,
    single::{Bench, Checkpoint, drive, save},
};
use crate::{
    args::TrainArgs,
    exit::{Failure, Outcome, Result},
    output,
};

pub(crate) fn run(args: TrainArgs) -> Result {
    let mut config = experiment::config(&args.common, &args.data, &[])?;
    if let Some(name) = &args.architecture {
        config.architecture = name.parse()?;
    }
    let seed = args.seed.or(config.seeds.first().copied()).unwrap_or(0);
    let dataset = experiment::open_data(&config, args.common.data_root.as_deref())?;
    let spec = ModelSpec {
        architecture: config.architecture,
        shape: dataset.train.shape(),
        classes: dataset.classes,
        normalisation: dataset.normalisation.clone(),
    };
    spec.check()?;
    let mut checkpoint = Checkpoint::beside(&args.out)?;
    let bench = Bench::new(dataset, experiment::open_device(config.device)?);
    let everything = Split {
        retain: bench.train.all_rows(),
        forget: Vec::new(),
        test: bench.test.all_rows(),
        left_out: Vec::new(),
    };
    let job = Job {
        method: Method::Original,
        plan: Method::Original.plan(&Method::Original.defaults(), &config.training),
        guards: None,
        target: None,
        seed,
        digest: format!("train {spec:?} {:?} {seed} {}", config.training, bench.dataset.digest()),
    };
    let network = spec.init(seed, &bench.device.autodiff())?;
    let resume = checkpoint.resume(args.resume);
    let run = Run::new(job, network, &bench.device, &bench.train, &everything, resume);
    let run =
        pollster::block_on(run).map_err(|error| Failure::from(ExperimentError::from(error)))?;
    let Some(outcome) = drive(run, &mut checkpoint)? else {
        return Ok(Outcome::Interrupted);
    };
    let percent = |set, rows: &[u32]| {
        let probabilities = pollster::block_on(predict(&outcome.model, set, rows));
        probabilities.map(|p| accuracy(&p)).map_err(|error| Failure::new(Outcome::Data, error))
    };
    let trained = percent(&bench.train, &everything.retain)?;
    let tested = percent(&bench.test, &everything.test)?;
    let file = save(&outcome.model, spec, seed, &args.out, &mut checkpoint)?;
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
    if args.common.json {
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
