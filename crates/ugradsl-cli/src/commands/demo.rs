//! `ugradsl demo`: train, forget and compare in one command, on built-in data.

use crate::{
    args::DemoArgs,
    exit::{Outcome, Result},
    host::{self, Host, Job},
    model_arg, output,
    settings::{Settings, read_recipe},
    table,
};

/// LeNet on the MNIST subset learns in a few epochs; more would only cost time.
const PRESETS: [&str; 3] = ["name=demo", "training.epochs=6", "architecture=lenet"];

pub(crate) fn run(args: DemoArgs) -> Result {
    let settings = Settings::from_parts(&[&args])?;
    let recipe = read_recipe(args.common.recipe.as_deref())?;
    let config = settings.resolve(&PRESETS, recipe.as_deref(), &[])?;
    settings.check_read(&config.methods, &[&config])?;
    model_arg::check_original(&config, |key| settings.place_of(key).map(str::to_owned))?;
    let root = args.common.data_root.as_deref();
    let job = Job::open(config, root, Some(&args.out), args.resume)?;
    settings.check_data(&job.dataset)?;
    settings
        .check_batch_norm(|| model_arg::original_lacks_batch_norm(&job.config, &job.dataset))?;
    settings.check_guards(&job.config, &job.dataset)?;
    let Some(finished) = Host::default().run(job)? else {
        return Ok(host::interrupted(Some(&args.out)));
    };
    let report = finished.report();
    output::write_report(&report, &args.out)?;
    if args.common.json {
        output::emit(&report.to_json()?);
    } else {
        output::emit(&table::text(&report));
    }
    output::note(&format!(
        "models (.safetensors) and report (.json, .md, .html) are in {}",
        args.out.display()
    ));
    Ok(if report.passed() { Outcome::Done } else { Outcome::Gate })
}
