//! `ugradsl demo`: the main job in one command, on data that the binary carries.

use ugradsl::experiment::ExperimentConfig;

use super::experiment;
use crate::{
    args::{DataArgs, DemoArgs},
    exit::{Outcome, Result},
    output, table,
};

/// LeNet on the MNIST subset learns in a few passes; more would only be waiting.
const PRESETS: [&str; 3] = ["name=demo", "training.epochs=6", "architecture=lenet"];

pub(crate) fn run(args: DemoArgs) -> Result {
    let none = DataArgs { data: None, limit_train: None, limit_test: None };
    let mut config: ExperimentConfig =
        experiment::config(&args.common, &none, &PRESETS.map(str::to_owned))?;
    if let Some(class) = args.class {
        config.forget = vec![format!("class:{class}")];
    }
    if let Some(share) = &args.random {
        config.forget = vec![format!("random:{share}")];
    }
    if let Some(seed) = args.seed {
        config.seeds = vec![seed];
    }
    let root = args.common.data_root.as_deref();
    let Some(report) = experiment::run(config, root, Some(&args.out), args.resume)? else {
        return Ok(Outcome::Interrupted);
    };
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
