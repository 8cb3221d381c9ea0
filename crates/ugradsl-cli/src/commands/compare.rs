//! `ugradsl compare`: methods side by side against retraining, over seeds.

use super::{experiment, report::render};
use crate::{
    args::{CompareArgs, Format},
    exit::{Outcome, Result},
    output,
};

pub(crate) fn run(args: CompareArgs) -> Result {
    let mut config = experiment::config(&args.common, &args.data, &[])?;
    experiment::choose(&mut config, &args.choice)?;
    let root = args.common.data_root.as_deref();
    let Some(report) = experiment::run(config, root, args.out.as_deref(), args.resume)? else {
        return Ok(Outcome::Interrupted);
    };
    if let Some(folder) = &args.out {
        output::write_report(&report, folder)?;
    }
    let format = if args.common.json { Format::Json } else { args.format };
    output::emit(&render(&report, format)?);
    Ok(if report.passed() { Outcome::Done } else { Outcome::Gate })
}
