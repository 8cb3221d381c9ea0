//! The report for reading as text, and for machines.

use super::{Report, Spread, rows};

/// A table cell may hold whatever a user wrote, but no column border and no line break.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}

fn table(header: &[&str], body: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(header.iter().map(|name| (*name).to_owned()).collect());
    text += &line(vec!["---".to_owned(); header.len()]);
    for cells in body {
        text += &line(cells.iter().map(|text| cell(text)).collect());
    }
    text
}

impl Report {
    /// The machine form: one JSON object, see the crate's README for its fields.
    ///
    /// # Errors
    ///
    /// If a value has no JSON form.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }

    /// The report as Markdown.
    pub fn to_markdown(&self) -> String {
        let mut text = format!("# {}\n\n", cell(&self.config.name));
        for (name, value) in rows::facts(self) {
            text += &format!("- {name}: {}\n", cell(&value));
        }
        text += "\n## Methods\n\nMean ± standard deviation over the runs; in parentheses the distance of the mean to the \
                 retrained network. Closer is better, not higher.\n\n";
        text += &table(&rows::METHOD_HEADER, rows::methods(self));
        text += "\n## Runs\n\n";
        text += &table(&rows::RUN_HEADER, rows::runs(self));
        text += "\n## Other features of the attack\n\nShare of the forget set called non-member, per cent.\n\n";
        text += &table(&rows::ATTACK_HEADER, rows::attacks(self));
        let warnings = rows::warnings(self);
        if !warnings.is_empty() {
            text += "\n## Warnings\n\n";
            for warning in warnings {
                text += &format!("- {}\n", cell(&warning));
            }
        }
        if !self.gates.is_empty() {
            text += "\n## Gates\n\n";
            text += &table(&rows::GATE_HEADER, rows::gates(self));
        }
        text += "\n## What the figures mean\n\n";
        for (name, meaning) in rows::MEANINGS {
            text += &format!("- **{name}**: {meaning}\n");
        }
        text += &format!("\n## What was not proven\n\n{}\n", rows::NOT_PROVEN);
        let config = serde_json::to_string_pretty(&self.config).unwrap_or_default();
        text + &format!("\n## Config\n\n```json\n{config}\n```\n")
    }
}

/// `mean ± deviation`, or a dash.
pub(super) fn spread(spread: Option<Spread>, digits: usize) -> String {
    match spread {
        Some(Spread { mean, deviation: Some(deviation), .. }) => {
            format!("{mean:.digits$} ± {deviation:.digits$}")
        }
        Some(Spread { mean, .. }) => format!("{mean:.digits$}"),
        None => "-".to_owned(),
    }
}
