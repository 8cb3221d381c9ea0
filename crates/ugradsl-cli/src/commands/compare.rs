//! `ugradsl compare`: methods side by side against retraining, over seeds.

use std::path::Path;

use super::report::render;
use crate::{
    args::{CompareArgs, Format},
    exit::{Outcome, Result},
    host::{self, Host, Job},
    model_arg, output,
    settings::{Settings, read_recipe},
    workbench::{Trained, how_trained},
};

pub(crate) fn run(args: CompareArgs) -> Result {
    let settings = Settings::from_parts(&[&args.choice, &args.data, &args.common])?;
    let recipe = read_recipe(args.common.recipe.as_deref())?;
    let config = settings.resolve(&[], recipe.as_deref(), &[])?;
    settings.check_read(&config.methods, &[&config])?;
    if config.original.is_some() && !config.retrain {
        settings.check_trained(&config.methods, &[&config])?;
    }
    model_arg::check_original(&config, |key| settings.place_of(key).map(str::to_owned))?;
    model_arg::say_other_training(&config)?;
    if let Some(original) = &config.original {
        let file = Path::new(&original.file);
        let saved = model_arg::saved(file);
        if let Trained::Guessed(words) = how_trained(saved.as_ref(), &settings, recipe.as_deref())?
        {
            output::note(&words);
        }
    }
    let root = args.common.data_root.as_deref();
    let job = Job::open(config, root, args.out.as_deref(), args.resume)?;
    settings.check_data(&job.dataset)?;
    settings
        .check_batch_norm(|| model_arg::original_lacks_batch_norm(&job.config, &job.dataset))?;
    settings.check_guards(&job.config, &job.dataset)?;
    if job.config.original.is_some() && !job.config.retrain {
        settings.check_training(&job.config, &job.dataset)?;
    }
    let Some(finished) = Host::default().run(job)? else {
        return Ok(host::interrupted(args.out.as_deref()));
    };
    let report = finished.report();
    if let Some(folder) = &args.out {
        output::write_report(&report, folder)?;
    }
    let format = if args.common.json { Format::Json } else { args.format };
    output::emit(&render(&report, format)?);
    Ok(if report.passed() { Outcome::Done } else { Outcome::Gate })
}
