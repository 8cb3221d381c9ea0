//! `ugradsl audit`: U-LiRA, the likelihood-ratio attack with shadow networks.

use serde::Serialize;
use ugradsl::{
    audit::shadow_pairs,
    data::{Dataset, ForgetRequest},
    evaluate::{RocFigures, u_lira},
    experiment::{ExperimentConfig, Setting},
    models::{ModelFile, ModelSpec},
    unlearn::{Method, TrainingConfig},
};

use crate::{
    args::{AuditArgs, ModelArgs},
    exit::{Failure, Outcome, Result},
    host::{self, Finished, Host, Job},
    model_arg, onnx_arg, output,
    settings::{Decided, OneRequest, Settings, read_recipe},
};

/// Keys of the config that an audit decides itself.
const DECIDED: [Decided; 4] = [
    ("name", "it names a comparison"),
    ("methods", "an audit takes one method, that of `--method`"),
    ("seeds", "`--seed` and `--shadows` say which seeds an audit takes"),
    ("expect", "an audit has no gates"),
];

/// The result as JSON.
#[derive(Serialize)]
struct Audited<'a> {
    schema_version: u32,
    config: &'a ExperimentConfig,
    method: Method,
    forget: &'a str,
    forgotten_rows: usize,
    shadow_pairs: usize,
    u_lira: RocFigures,
}

/// What the file of `--model` says of its network.
fn network(args: &AuditArgs, dataset: &Dataset) -> Result<Option<ModelSpec>> {
    let Some(model) = &args.model else {
        return onnx_arg::refuse_without_model(&args.onnx, &[]).map(|()| None);
    };
    let about = ModelArgs::of_kind(model.clone(), args.onnx.clone());
    Ok(Some(model_arg::read_file(model, &about, dataset)?.spec))
}

/// The config, from all places that set something, and what sets it.
fn config(args: &AuditArgs, saved: Option<&ModelFile>) -> Result<(ExperimentConfig, Settings)> {
    let mut settings =
        Settings::from_parts(&[&OneRequest(&args.forget), &args.data, &args.common])?;
    let recipe = read_recipe(args.common.recipe.as_deref())?;
    settings.decided(recipe.as_deref(), &DECIDED)?;
    let seeds: Vec<u64> = (args.seed..args.seed + args.shadows).collect();
    settings.flag("--shadows", "seeds", Some(seeds))?;
    settings.flag("--method", "methods", Some([args.method]))?;
    let training = saved.map(TrainingConfig::of).transpose()?.flatten();
    let training = training.map(|training| Setting::new("training", &training)).transpose()?;
    let presets: Vec<Setting> = training.into_iter().collect();
    let mut config = settings.resolve_over(&presets, recipe.as_deref(), &[])?;
    settings.check_read(&config.methods, &[&config])?;
    config.expect.clear();
    if config.original.is_some() || !config.retrain {
        return Err(Failure::usage(
            "an audit trains and retrains its shadow networks itself: it takes neither `original` \
             nor `retrain = false`",
        ));
    }
    if let Some(model) = &args.model {
        let place = |key: &str| settings.place_of(key).map(str::to_owned);
        model_arg::check_overruled(model, &config, place)?;
    }
    Ok((config, settings))
}

/// What runs, and the rows that every pair forgets.
fn job(args: &AuditArgs) -> Result<(Job<'_>, Vec<u32>)> {
    let saved = args.model.as_deref().and_then(model_arg::saved);
    let (config, settings) = config(args, saved.as_ref())?;
    let dataset = host::open_data_for(saved, &config, args.common.data_root.as_deref())?;
    let dataset = onnx_arg::named(dataset, &args.onnx)?;
    settings.check_data(&dataset)?;
    settings.check_batch_norm(|| {
        model_arg::lacks_batch_norm(args.model.as_deref(), false, &config, &dataset)
    })?;
    settings.check_guards(&config, &dataset)?;
    let network = network(args, &dataset)?;
    let mut job = Job::on(dataset, config, args.out.as_deref(), args.resume)?;
    job.network = network;
    // The same rows for every pair: each seed would draw a random share of its own.
    let request = ForgetRequest::parse_for(&args.forget, &job.dataset)?;
    let forgotten = request.split(&job.dataset, args.seed)?.forget;
    job.requests = vec![(args.forget.clone(), ForgetRequest::Ids(forgotten.clone()))];
    Ok((job, forgotten))
}

pub(crate) fn run(args: AuditArgs) -> Result {
    let (job, forgotten) = job(&args)?;
    let Some(Finished { experiment, store }) = Host::default().run(job)? else {
        return Ok(host::interrupted(args.out.as_deref()));
    };
    let method = args.method;
    let fail = |error: anyhow::Error| Failure::new(Outcome::Data, error);
    let pairs = shadow_pairs(&experiment, store.as_ref(), method, &forgotten);
    let pairs = pollster::block_on(pairs).map_err(|error| fail(error.into()))?;
    let figures = u_lira(&pairs).map_err(|error| fail(error.into()))?.figures();
    let result = Audited {
        schema_version: 1,
        config: experiment.config(),
        method,
        forget: &args.forget,
        forgotten_rows: forgotten.len(),
        shadow_pairs: pairs.len(),
        u_lira: figures,
    };
    output::emit(&if args.common.json {
        serde_json::to_string_pretty(&result)?
    } else {
        format!(
            "U-LiRA on {method}, {} pairs of networks, {} forgotten samples each:\n\
             AUC {:.4}  TPR at 1 % FPR {:.2}  at 0.1 % {:.2}  balanced accuracy {:.2}\n\
             An AUC of 0.5 would mean that this attack cannot tell unlearned from retrained networks; \
             few pairs make it weak.\n",
            pairs.len(),
            forgotten.len(),
            figures.auc,
            figures.tpr_at_fpr_1,
            figures.tpr_at_fpr_0_1,
            figures.balanced_accuracy
        )
    });
    Ok(Outcome::Done)
}
