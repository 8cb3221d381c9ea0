//! The table of methods for a paper.

use super::{Report, Summary};

impl Report {
    /// The methods as a LaTeX `tabular`, for the package booktabs.
    pub fn to_latex(&self) -> String {
        let titles: Vec<String> = Summary::header().into_iter().map(title).collect();
        let mut text = format!(
            "\\begin{{tabular}}{{l{}}}\n\\toprule\nmethod & {} \\\\\n\\midrule\n",
            "r".repeat(titles.len()),
            titles.join(" & ")
        );
        for row in &self.summary {
            let figures: Vec<String> = row.cells().iter().map(|cell| figure(cell)).collect();
            text += &format!("{} & {} \\\\\n", row.method, figures.join(" & "));
        }
        text + "\\bottomrule\n\\end{tabular}\n"
    }
}

/// A column's title; in a paper it goes without saying that accuracies are in per cent.
fn title(title: &str) -> String {
    let short = title.strip_suffix(" %").unwrap_or(title);
    short.replace('%', "\\%").replace('_', "\\_").replace('&', "\\&")
}

fn figure(cell: &str) -> String {
    match cell {
        "-" => "--".to_owned(),
        words if words.starts_with(char::is_alphabetic) => words.to_owned(),
        figure => format!("${}$", figure.replace('±', "\\pm")),
    }
}
