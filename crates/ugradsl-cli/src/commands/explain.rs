//! `ugradsl explain`: what a measure means.

use serde::Serialize;
use ugradsl::evaluate::{Figure, FigureTable, Measure, Part};

use crate::{
    args::ExplainArgs,
    exit::{Outcome, Result},
    output,
};

pub(crate) fn run(args: ExplainArgs) -> Result {
    let text = match args.measure {
        Some(measure) if args.json => {
            let measure = explained(measure);
            serde_json::to_string_pretty(&One { schema_version: 1, measure })?
        }
        Some(measure) => one(measure),
        None if args.json => {
            let measures = Measure::ALL.into_iter().map(explained).collect();
            serde_json::to_string_pretty(&All { schema_version: 1, measures })?
        }
        None => list(),
    };
    output::emit(&text);
    Ok(Outcome::Done)
}

/// The commands that show a measure.
fn commands(measure: Measure) -> String {
    let of_one_network = match measure {
        Measure::Ua
        | Measure::Ra
        | Measure::Ta
        | Measure::Mia
        | Measure::Auc
        | Measure::Tpr
        | Measure::BalancedAccuracy
        | Measure::LabelOdds => Some("ugradsl evaluate"),
        Measure::Gap | Measure::Js | Measure::Kl | Measure::Agreement => {
            Some("ugradsl evaluate --retrained FILE")
        }
        Measure::ULira => Some("ugradsl audit"),
        Measure::RelearnTime => Some("ugradsl evaluate --relearn N"),
        Measure::LinearProbe => Some("ugradsl evaluate --probe"),
        Measure::LabelLdp => Some("ugradsl evaluate --label-ldp ALPHA,RATIO"),
        Measure::Seconds => Some("ugradsl unlearn"),
        _ => None,
    };
    of_one_network.into_iter().chain(of_several(measure)).collect::<Vec<_>>().join(", ")
}

/// How a comparison shows a measure, if it has figures of it.
fn of_several(measure: Measure) -> Option<&'static str> {
    let shown_in =
        |table: FigureTable| Figure::columns(table).any(|figure| figure.measure() == measure);
    let others = [FigureTable::Runs, FigureTable::Attack, FigureTable::Answers];
    if shown_in(FigureTable::Methods) {
        Some("ugradsl compare, ugradsl sweep")
    } else if others.into_iter().any(shown_in) {
        Some("ugradsl compare --format markdown")
    } else {
        // The report has every figure of a record.
        measure.figures().next().map(|_| "ugradsl compare --format json")
    }
}

/// One measure as JSON.
#[derive(Serialize)]
struct One {
    schema_version: u32,
    measure: Explained,
}

/// All measures as JSON.
#[derive(Serialize)]
struct All {
    schema_version: u32,
    measures: Vec<Explained>,
}

/// The explanation of a measure, and the commands that show it.
#[derive(Serialize)]
struct Explained {
    name: &'static str,
    title: &'static str,
    unit: String,
    parts: &'static [Part],
    meaning: &'static str,
    plain: &'static str,
    formula: &'static str,
    reading: &'static str,
    pitfalls: &'static str,
    source: &'static str,
    command: String,
}

fn explained(measure: Measure) -> Explained {
    let text = measure.explanation();
    Explained {
        name: text.name,
        title: text.title,
        unit: text.unit_and_range(),
        parts: text.parts,
        meaning: text.meaning,
        plain: text.plain,
        formula: text.formula,
        reading: text.reading,
        pitfalls: text.pitfalls,
        source: text.source,
        command: commands(measure),
    }
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
