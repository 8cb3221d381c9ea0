//! `ugradsl explain`: what a measure means.

use serde_json::json;
use ugradsl::evaluate::Measure;

use crate::{
    args::ExplainArgs,
    exit::{Outcome, Result},
    output,
};

pub(crate) fn run(args: ExplainArgs) -> Result {
    let text = match args.measure {
        Some(measure) if args.json => serde_json::to_string_pretty(
            &json!({ "schema_version": 1, "measure": measure.explanation() }),
        )?,
        Some(measure) => one(measure),
        None if args.json => {
            let all = Measure::ALL.map(Measure::explanation);
            serde_json::to_string_pretty(&json!({ "schema_version": 1, "measures": all }))?
        }
        None => list(),
    };
    output::emit(&text);
    Ok(Outcome::Done)
}

fn one(measure: Measure) -> String {
    let text = measure.explanation();
    format!(
        "{} ({})\n\n{}.\n\nFormula   {}\n\nReading   {}\n\nPitfalls  {}\n\nSource    {}\nShown by  {}\n",
        text.title,
        text.unit,
        text.meaning,
        text.formula,
        text.reading,
        text.pitfalls,
        text.source,
        text.command
    )
}

fn list() -> String {
    let width = Measure::ALL.map(|measure| measure.name().len()).into_iter().max().unwrap_or(0);
    let line = |measure: Measure| format!("{measure:width$}  {}\n", measure.explanation().meaning);
    let lines: String = Measure::ALL.into_iter().map(line).collect();
    lines
        + "\nCloser to the retrained network is better, not higher. `ugradsl explain MEASURE` says more.\n"
}
