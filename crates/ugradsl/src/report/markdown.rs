//! The report as Markdown.

use serde_json::json;

use super::{Report, ReportError, Summary, rows, table::Table};
use crate::unlearn::Contender;

/// All tables of the report except the hashes.
pub(super) fn tables(report: &Report) -> Vec<Table> {
    let mut ended_by = [vec!["method", "runs"], Summary::header()].concat();
    ended_by.push("ended by");
    let mut methods = rows::methods(report);
    for (cells, row) in methods.iter_mut().zip(&report.summary) {
        cells.push(endings(report, &row.method));
    }
    let mut tables = vec![
        Table {
            heading: "Methods",
            caption: "Mean ± standard deviation over the runs; in parentheses the distance of the \
                      mean to the retrained network, or to the estimate of it",
            header: ended_by,
            rows: methods,
        },
        rows::runs(report),
        rows::attacks(report),
        rows::answers(report),
    ];
    if !report.gates.is_empty() {
        tables.push(Table {
            heading: "Gates",
            caption: "What the recipe promises, and whether it holds",
            header: rows::GATE_HEADER.to_vec(),
            rows: rows::gates(report),
        });
    }
    tables
}

/// What identifies the runs and the networks that they made.
pub(super) fn hashes(report: &Report) -> Table {
    let row = |run: &crate::experiment::RunRecord| {
        let before = run.weights_before.clone().unwrap_or_else(|| "-".to_owned());
        vec![
            run.method.to_string(),
            run.seed.to_string(),
            run.forget.clone(),
            run.forgotten_rows.to_string(),
            run.forget_list.clone(),
            run.model.clone(),
            before,
            run.weights.clone(),
            run.digest.clone(),
        ]
    };
    Table {
        heading: "Hashes",
        caption: "Model files, and SHA-256 of the forgotten rows' numbers, of the weights before \
                  and after, and of the runs",
        header: vec![
            "method",
            "seed",
            "forget",
            "rows",
            "forget list",
            "model",
            "weights before",
            "weights",
            "run",
        ],
        rows: report.runs.iter().map(row).collect(),
    }
}

/// The resolved config as JSON, for reading; with the plans of one's own that it does not name.
pub(super) fn config(report: &Report) -> Result<String, ReportError> {
    let Report { config, plans, .. } = report;
    Ok(match plans.is_empty() {
        true => serde_json::to_string_pretty(config)?,
        false => serde_json::to_string_pretty(&json!({ "config": config, "plans": plans }))?,
    })
}

/// Why the method's runs ended, and how many for each reason.
fn endings(report: &Report, method: &Contender) -> String {
    let mut counts = std::collections::BTreeMap::new();
    let runs = report.runs.iter().filter(|run| run.method == *method);
    for stopped in runs.filter_map(|run| run.stopped_by) {
        *counts.entry(stopped.to_string()).or_insert(0) += 1;
    }
    let ending = |(name, count): (String, usize)| format!("{name} ({count})");
    let endings: Vec<String> = counts.into_iter().map(ending).collect();
    if endings.is_empty() { "-".to_owned() } else { endings.join(", ") }
}

/// `text` on one line, with Markdown's special characters escaped.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => plain.push_str("&lt;"),
            '&' => plain.push_str("&amp;"),
            '\\' | '|' | '`' | '*' | '[' => plain.extend(['\\', character]),
            _ if character.is_control() => plain.push(' '),
            _ => plain.push(character),
        }
    }
    plain
}

fn table(table: &Table) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = format!("\n## {}\n\n{}.\n\n", table.heading, table.caption);
    text += &line(table.header.iter().map(|name| (*name).to_owned()).collect());
    text += &line(vec!["---".to_owned(); table.header.len()]);
    for cells in &table.rows {
        text += &line(cells.iter().map(|text| plain(text)).collect());
    }
    text
}

/// The whole text; the last table is for reference and comes last.
pub(super) fn document(
    title: &str,
    facts: &[(&str, String)],
    tables: &[Table],
    warnings: &[String],
    not_proven: &str,
    config: &str,
) -> String {
    let mut text = format!("# {}\n\n", plain(title));
    for (name, value) in facts {
        text += &format!("- {name}: {}\n", plain(value));
    }
    text += "\nCloser to the retrained network is better, not higher.\n";
    let (last, first) =
        tables.split_last().map_or((None, tables), |(last, first)| (Some(last), first));
    text.extend(first.iter().map(table));
    if !warnings.is_empty() {
        text += "\n## Warnings\n\n";
        text.extend(warnings.iter().map(|warning| format!("- {}\n", plain(warning))));
    }
    text += "\n## What the figures mean\n\n";
    for (name, meaning) in rows::meanings() {
        text += &format!("- **{name}**: {}\n", plain(meaning));
    }
    text += &format!("\n## What was not proven\n\n{not_proven}\n");
    text.extend(last.map(table));
    text + &format!("\n## Config\n\n```json\n{config}\n```\n")
}

impl Report {
    /// The report as Markdown.
    ///
    /// # Errors
    ///
    /// If the config has no JSON form.
    pub fn to_markdown(&self) -> Result<String, ReportError> {
        let (facts, warnings) = (rows::facts(self), rows::warnings(self));
        let mut tables = tables(self);
        tables.push(hashes(self));
        let not_proven = rows::not_proven(self.config.retrain);
        Ok(document(&self.config.name, &facts, &tables, &warnings, &not_proven, &config(self)?))
    }
}
