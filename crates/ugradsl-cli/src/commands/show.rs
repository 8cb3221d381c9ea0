//! `ugradsl data show`: what a data set holds, how it was read, and what a request would take.

use std::{fmt, path::Path};

use serde::Serialize;
use ugradsl::data::{Dataset, ForgetRequest, NearCopies, Overview, Split, Taken, formats::survey};

use crate::settings::Settings;
use crate::{
    args::ShowArgs,
    exit::{Failure, Outcome, Result},
    host, output, places, sheet,
};

/// Rows that a page shows where no request chooses them.
const SHOWN: usize = 100;

/// Near copies that a terminal shows.
const LISTED: usize = 20;

#[derive(Serialize)]
struct Shown<'a> {
    schema_version: u32,
    #[serde(flatten)]
    overview: &'a Overview,
    #[serde(skip_serializing_if = "Option::is_none")]
    forget: Option<&'a Taken>,
    #[serde(skip_serializing_if = "Option::is_none")]
    near_copies: Option<NearRows>,
}

pub(crate) fn run(args: ShowArgs) -> Result {
    if let Some(out) = &args.html {
        places::check_text_out(out, &[("NAME|FOLDER|FILE", Some(Path::new(&args.of)))])?;
    }
    let settings = Settings::from_parts(&[&args.read])?;
    let mut config = settings.resolve(&[], None, &[])?;
    config.data = args.of.clone();
    config.limit_train = args.limit_train;
    let opened = host::open_quietly(&config, args.data_root.as_deref());
    let data = opened.map_err(|failure| surveyed(failure, Path::new(&args.of)))?;
    settings.check_data(&data)?;
    let taken = args.forget.as_deref().map(|request| taken(request, &data, args.seed));
    let taken = taken.transpose()?;
    if let Some(out) = &args.html {
        page(out, &data, taken.as_ref())?;
    }
    let near = args.near_copies.zip(taken.as_ref());
    let near = near.map(|(most, (_, split))| NearCopies::of(&data, split, most));
    let (overview, taken) = (data.overview(), taken.map(|(taken, _)| taken));
    let shown = Shown {
        schema_version: 1,
        overview: &overview,
        forget: taken.as_ref(),
        near_copies: near.as_ref().map(|near| NearRows::of(near, &data)),
    };
    output::emit(&match args.json {
        true => serde_json::to_string_pretty(&shown)?,
        false => {
            let taken = taken.map_or_else(String::new, |taken| format!("\n{taken}"));
            let near = near.map_or_else(String::new, |near| NearRows::of(&near, &data).to_string());
            format!("{overview}{taken}{near}")
        }
    });
    Ok(Outcome::Done)
}

/// Near copies by the names of their rows.
#[derive(Serialize)]
struct NearRows {
    retained: Vec<(String, String)>,
    test: Vec<(String, String)>,
}

impl NearRows {
    fn of(near: &NearCopies, data: &Dataset) -> Self {
        let name = |row: u32| {
            let name = data.row_names.as_ref().and_then(|names| names.get(row));
            name.map_or_else(|| format!("row {}", data.number_of(row)), str::to_owned)
        };
        let retained = near.retained.iter().map(|&(row, gone)| (name(row), name(gone)));
        let test = near.test.iter().map(|&(row, gone)| (format!("test row {row}"), name(gone)));
        Self { retained: retained.collect(), test: test.collect() }
    }
}

impl fmt::Display for NearRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<&(String, String)> = self.retained.iter().chain(&self.test).collect();
        if all.is_empty() {
            return writeln!(f, "  no rows that stay are almost the same");
        }
        let (retained, test) = (self.retained.len(), self.test.len());
        writeln!(
            f,
            "  almost the same as one of them: {retained} retained rows, {test} test rows"
        )?;
        all.iter()
            .take(LISTED)
            .try_for_each(|(row, gone)| writeln!(f, "    {row} is almost {gone}"))?;
        match all.len().checked_sub(LISTED) {
            Some(more @ 1..) => writeln!(f, "    and {more} more (--json lists all)"),
            _ => Ok(()),
        }
    }
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

fn page(out: &Path, data: &Dataset, taken: Option<&(Taken, Split)>) -> Result<()> {
    let first: Vec<u32> = (0..data.train.len().min(SHOWN) as u32).collect();
    let (title, rows) = match taken {
        Some((taken, split)) => (format!("{}: {}", data.name, taken.request), &split.forget),
        None => (data.name.clone(), &first),
    };
    sheet::write(out, &title, data, rows)
}
