//! `ugradsl explain`: what a measure means.

use serde_json::{Value, json};
use ugradsl::evaluate::{Figure, FigureTable, Measure};

use crate::{
    args::ExplainArgs,
    exit::{Outcome, Result},
    output,
};

pub(crate) fn run(args: ExplainArgs) -> Result {
    let text = match args.measure {
        Some(measure) if args.json => serde_json::to_string_pretty(
            &json!({ "schema_version": 1, "measure": explained(measure) }),
        )?,
        Some(measure) => one(measure),
        None if args.json => {
            let all = Measure::ALL.map(explained);
            serde_json::to_string_pretty(&json!({ "schema_version": 1, "measures": all }))?
        }
        None => list(),
    };
    output::emit(&text);
    Ok(Outcome::Done)
}

/// The commands that show a measure.
fn commands(measure: Measure) -> &'static str {
    match measure {
        Measure::Ua | Measure::Ra | Measure::Ta | Measure::Mia => {
            "ugradsl evaluate, ugradsl compare"
        }
        Measure::Gap | Measure::Js | Measure::Kl | Measure::Agreement => {
            "ugradsl evaluate --retrained FILE, ugradsl compare"
        }
        Measure::Auc | Measure::Tpr | Measure::BalancedAccuracy => {
            "ugradsl evaluate, ugradsl compare --format json"
        }
        Measure::ULira => "ugradsl audit",
        Measure::RelearnTime => "ugradsl evaluate --relearn N",
        Measure::LinearProbe => "ugradsl evaluate --probe",
        Measure::LabelOdds => "ugradsl evaluate",
        Measure::LabelLdp => "ugradsl evaluate --label-ldp ALPHA,RATIO",
        Measure::Seconds => "ugradsl unlearn, ugradsl compare",
        Measure::PeakMemory => "ugradsl compare, ugradsl sweep",
        _ if Figure::ALL.into_iter().any(|figure| in_tables(figure, measure)) => "ugradsl compare",
        // The report has every figure of a record.
        _ => "ugradsl compare --format json",
    }
}

/// Whether `figure` belongs to `measure` and has a column in a table of `compare`.
fn in_tables(figure: Figure, measure: Measure) -> bool {
    let mut columns =
        Figure::columns(FigureTable::Methods).chain(Figure::columns(FigureTable::Runs));
    figure.measure() == measure && columns.any(|column| column == figure)
}

fn explained(measure: Measure) -> Value {
    let text = measure.explanation();
    json!({
        "name": text.name,
        "title": text.title,
        "unit": text.unit_and_range(),
        "parts": text.parts,
        "meaning": text.meaning,
        "plain": text.plain,
        "formula": text.formula,
        "reading": text.reading,
        "pitfalls": text.pitfalls,
        "source": text.source,
        "command": commands(measure),
    })
}

fn one(measure: Measure) -> String {
    let text = measure.explanation();
    format!(
        "{} ({})\n\n{}.\n\nIn short  {}\n\nFormula   {}\n\nReading   {}\n\nPitfalls  {}\n\n\
         Source    {}\nShown by  {}\n",
        text.title,
        text.unit_and_range(),
        text.meaning,
        text.plain,
        text.formula,
        text.reading,
        text.pitfalls,
        text.source,
        commands(measure)
    )
}

fn list() -> String {
    let width = Measure::ALL.map(|measure| measure.name().len()).into_iter().max().unwrap_or(0);
    let line = |measure: Measure| format!("{measure:width$}  {}\n", measure.explanation().meaning);
    let lines: String = Measure::ALL.into_iter().map(line).collect();
    lines
        + "\nCloser to the retrained network is better, not higher. `ugradsl explain MEASURE` says \
           more.\n"
}
