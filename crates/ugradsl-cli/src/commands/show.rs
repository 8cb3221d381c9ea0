//! `ugradsl data show`: what a data set holds, how it was read, and what a request would take.

use std::path::Path;

use serde::Serialize;
use ugradsl::data::{Dataset, ForgetRequest, Overview, Split, Taken, formats::survey};

use crate::settings::Settings;
use crate::{
    args::ShowArgs,
    exit::{Failure, Outcome, Result},
    host, output, sheet,
};

/// Rows that a page shows where no request chooses them.
const SHOWN: usize = 100;

#[derive(Serialize)]
struct Shown<'a> {
    schema_version: u32,
    #[serde(flatten)]
    overview: &'a Overview,
    #[serde(skip_serializing_if = "Option::is_none")]
    forget: Option<&'a Taken>,
}

pub(crate) fn run(args: ShowArgs) -> Result {
    if let Some(out) = &args.html {
        output::check_out(out, &[("NAME|FOLDER|FILE", Some(Path::new(&args.of)))])?;
    }
    let mut config = Settings::from_parts(&[&args.read])?.resolve(&[], None, &[])?;
    config.data = args.of.clone();
    config.limit_train = args.limit_train;
    let opened = host::open_quietly(&config, args.data_root.as_deref());
    let data = opened.map_err(|failure| surveyed(failure, Path::new(&args.of)))?;
    let taken = args.forget.as_deref().map(|request| taken(request, &data, args.seed));
    let taken = taken.transpose()?;
    if let Some(out) = &args.html {
        page(out, &data, taken.as_ref().map(|(taken, _)| taken))?;
    }
    let (overview, taken) = (data.overview(), taken.map(|(taken, _)| taken));
    let shown = Shown { schema_version: 1, overview: &overview, forget: taken.as_ref() };
    output::emit(&match args.json {
        true => serde_json::to_string_pretty(&shown)?,
        false => {
            format!("{overview}{}", taken.map_or_else(String::new, |taken| format!("\n{taken}")))
        }
    });
    Ok(Outcome::Done)
}

/// What a request takes from the data.
pub(crate) fn taken(request: &str, data: &Dataset, seed: u64) -> Result<(Taken, Split)> {
    let split = ForgetRequest::parse_for(request, data)?.split(data, seed)?;
    Ok((Taken::of(request, data, &split), split))
}

/// The error with a survey of the folder that could not be read.
fn surveyed(failure: Failure, path: &Path) -> Failure {
    match path.is_dir() {
        true => {
            Failure { source: anyhow::anyhow!("{}\n\n{}", failure.source, survey(path)), ..failure }
        }
        false => failure,
    }
}

fn page(out: &Path, data: &Dataset, taken: Option<&Taken>) -> Result<()> {
    let first: Vec<u32> = (0..data.train.len().min(SHOWN) as u32).collect();
    let (title, rows) = match taken {
        Some(taken) => (format!("{}: {}", data.name, taken.request), &taken.numbers),
        None => (data.name.clone(), &first),
    };
    sheet::write(out, &title, data, rows)
}
