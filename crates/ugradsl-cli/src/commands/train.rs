//! `ugradsl train`: a network from scratch, saved as safetensors.

use serde_json::json;
use ugradsl::{
    evaluate::accuracy,
    models::{Architecture, ModelFile, ModelSpec},
    session::Session,
    unlearn::Method,
};

use super::single::{Checkpoint, Workbench, drive, save, session_failure};
use crate::{
    args::TrainArgs,
    exit::{Outcome, Result},
    output,
};

pub(crate) fn run(args: TrainArgs) -> Result {
    let named = args.architecture.as_deref().map(str::parse::<Architecture>).transpose()?;
    let mut workbench = Workbench::open(&args.single, None, None)?;
    workbench.config.architecture = named.unwrap_or(workbench.config.architecture);
    let (config, seed) = (&workbench.config, workbench.seed);
    let spec = ModelSpec::fitting(config.architecture, &workbench.dataset)?;
    let mut checkpoint = Checkpoint::beside(&args.out)?;
    let network = spec.init(seed, &workbench.device.autodiff())?;
    let mut session = Session::new(network, workbench.dataset.clone(), workbench.device.clone())
        .method(Method::Original)
        .training(config.training.clone())
        .seed(seed);
    let Some(outcome) = drive(&mut session, &mut checkpoint, args.resume)? else {
        return Ok(Outcome::Interrupted);
    };
    let predictions = session.predictions(&outcome.model);
    let predictions = pollster::block_on(predictions).map_err(session_failure)?;
    let (trained, tested) = (accuracy(&predictions.retain), accuracy(&predictions.test));
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
        output::emit(&serde_json::to_string_pretty(&result)?);
    } else {
        let show =
            |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.2} %"));
        output::emit(&format!(
            "{}: training accuracy {}, test accuracy {}, {:.1} s",
            args.out.display(),
            show(trained),
            show(tested),
            outcome.seconds
        ));
    }
    Ok(Outcome::Done)
}
