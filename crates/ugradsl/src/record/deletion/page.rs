//! The record as a page and as Markdown: the same words by two templates.

use askama::Template;

use super::{
    DeletionRecord, Done, RowFacts,
    figures::{self, Line},
    story::{self, Stamp},
};
use crate::record::text::{brief, clean, counted, day, html, markdown};

/// Most rows that are listed; more are counted.
const MOST_ROWS: usize = 200;
/// Most entries of other lists.
const MOST: usize = 100;
/// Characters of a digest that are shown beside a name; the JSON has them all.
const DIGEST: usize = 16;

/// Something and its name.
type Fact = (&'static str, String);

/// A row of the list.
struct Row {
    number: u32,
    name: String,
    class: String,
    digest: String,
    copy_of: String,
}

/// What both templates show. Texts of others are escaped for Markdown already, but not for HTML.
struct Page {
    stamp: Stamp,
    subtitle: String,
    story: Vec<String>,
    notices: Vec<String>,
    words: String,
    asked: Vec<Fact>,
    classes: Vec<(String, usize)>,
    more_classes: Option<String>,
    figures: Vec<Line>,
    against: String,
    not_proven: Vec<String>,
    private: bool,
    rows: Vec<Row>,
    more_rows: Option<String>,
    facts: Vec<(&'static str, Vec<Fact>)>,
    notes: Vec<String>,
    /// Commands are code in both: nothing in them is a mark.
    check: Vec<String>,
}

#[derive(Template)]
#[template(path = "deletion.html")]
struct Html<'a> {
    page: &'a Page,
    sheet: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "deletion.md", escape = "none")]
struct Markdown<'a> {
    page: &'a Page,
}

impl DeletionRecord {
    /// The record as one page that needs nothing else. `sheet` is what
    /// [`figures`](crate::record::contact_sheet::figures) or
    /// [`texts`](crate::record::contact_sheet::texts) made; it is left out if the record is
    /// private.
    pub fn to_html(&self, sheet: Option<&str>) -> String {
        let (page, sheet) = (Page::new(&self.withheld(), clean), sheet.filter(|_| !self.private));
        let failed = |error: askama::Error| {
            format!(
                "<!doctype html><p>The page could not be written: {}</p>",
                html(&error.to_string())
            )
        };
        Html { page: &page, sheet }.render().unwrap_or_else(failed)
    }

    /// The record as Markdown.
    pub fn to_markdown(&self) -> String {
        let page = Page::new(&self.withheld(), markdown);
        let failed = |error: askama::Error| {
            format!("The page could not be written: {}\n", markdown(&error.to_string()))
        };
        Markdown { page: &page }.render().unwrap_or_else(failed)
    }
}

impl Page {
    fn new(record: &DeletionRecord, shown: fn(&str) -> String) -> Self {
        let per_class = record.per_class.iter().take(MOST);
        let row = |row: &RowFacts| Row::new(row, record.private, shown);
        let all = |texts: &[String], shown: fn(&str) -> String| -> Vec<String> {
            let mut all: Vec<String> = texts.iter().take(MOST).map(|text| shown(text)).collect();
            all.extend(more(texts.len(), MOST));
            all
        };
        Self {
            stamp: story::stamp(&record.outcome.verdict),
            subtitle: shown(&subtitle(record)),
            story: story::story(record).iter().map(|text| shown(text)).collect(),
            notices: story::notices(record),
            words: shown(record.outcome.words.trim().trim_end_matches('.')),
            asked: asked(record, shown),
            classes: per_class.map(|(name, rows)| (shown(name), *rows)).collect(),
            more_classes: more(record.per_class.len(), MOST),
            figures: figures::lines(record),
            against: shown(&against(record)),
            not_proven: all(&record.not_proven, shown),
            private: record.private,
            rows: record.rows.iter().take(MOST_ROWS).map(row).collect(),
            more_rows: more(record.rows.len(), MOST_ROWS),
            facts: facts(record, shown),
            notes: all(&record.data.notes, shown),
            check: all(&record.check, clean),
        }
    }

    fn bounds(&self) -> &'static str {
        figures::BOUNDS
    }
}

impl Row {
    fn new(row: &RowFacts, private: bool, shown: fn(&str) -> String) -> Self {
        let or_dash = |text: &Option<String>| {
            text.as_ref().map_or_else(|| "–".to_owned(), |text| shown(text))
        };
        Self {
            number: row.row,
            name: or_dash(&row.name),
            class: shown(&row.class),
            digest: shown(&if private { clean(&row.digest) } else { brief(&row.digest, DIGEST) }),
            copy_of: or_dash(&row.copy_of),
        }
    }
}

fn more(number: usize, most: usize) -> Option<String> {
    let left_off = number.saturating_sub(most);
    (left_off > 0).then(|| format!("and {left_off} more"))
}

fn subtitle(record: &DeletionRecord) -> String {
    let number = record.asked.number.as_ref().map(|number| format!("Case {}", brief(number, 80)));
    let date = record.done.unix_time.and_then(day);
    [number, date, Some(brief(&record.data.name, 80))]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

fn against(record: &DeletionRecord) -> String {
    let is = brief(&record.read_against_is, 200);
    match (record.read_against.is_some(), record.outcome.expected.is_some()) {
        (true, _) => format!("“Never saw them” is {is}."),
        (false, true) => {
            "“Never saw them” is an estimate for the first figure, and is not known for the \
                          others: there was no retrained network."
                .to_owned()
        }
        (false, false) => {
            "“Never saw them” is not known: there was no retrained network.".to_owned()
        }
    }
}

fn asked(record: &DeletionRecord, shown: fn(&str) -> String) -> Vec<Fact> {
    let asked = &record.asked;
    let given = |text: &Option<String>| {
        text.as_ref().map_or_else(|| "not stated".to_owned(), |text| shown(text))
    };
    vec![
        ("Asked by", given(&asked.by)),
        ("Case number", given(&asked.number)),
        ("Reason", given(&asked.reason)),
        ("Date of the request", given(&asked.date)),
        ("Request, as typed", shown(&record.request)),
        ("To forget", story::rows(record.data.kind, record.rows.len())),
    ]
}

fn facts(record: &DeletionRecord, shown: fn(&str) -> String) -> Vec<(&'static str, Vec<Fact>)> {
    let DeletionRecord { data, done, model, .. } = record;
    let class = |(name, rows): &(String, usize)| format!("{} ({rows})", brief(name, 80));
    let mut classes: Vec<String> = data.classes.iter().take(20).map(class).collect();
    classes.extend(more(data.classes.len(), 20));
    vec![
        (
            "Data",
            vec![
                ("Name", shown(&data.name)),
                (
                    "Rows",
                    format!("{} for training, {} for testing", data.training_rows, data.test_rows),
                ),
                ("Classes", shown(&classes.join(", "))),
                ("SHA-256", shown(&data.digest)),
            ],
        ),
        (
            "What was done",
            vec![
                ("Method", format!("{}, seed {}", shown(&done.method), done.seed)),
                ("Work", work(done)),
                ("When", when(done)),
                ("Device", shown(&done.device)),
                ("Program", shown(&done.program)),
            ],
        ),
        (
            "Network",
            vec![
                ("File", shown(&model.file)),
                ("Weights before, SHA-256", shown(&model.weights_before)),
                ("Weights after, SHA-256", shown(&model.weights_after)),
                (
                    "Entry in its ledger",
                    format!("{} of {}", model.ledger_entry, model.requests_so_far),
                ),
                ("Rows of all requests", model.rows_so_far.to_string()),
            ],
        ),
    ]
}

/// When it was done.
fn when(done: &Done) -> String {
    match (done.unix_time, done.unix_time.and_then(day)) {
        (Some(time), Some(day)) => format!("{day} ({time} seconds since 1970, UTC)"),
        (Some(time), None) => format!("{time} seconds since 1970, which is not a date of our time"),
        (None, _) => "not stated".to_owned(),
    }
}

/// Steps, and the time that they took.
fn work(done: &Done) -> String {
    let seconds = match done.seconds.is_finite() {
        true => format!(" in {:.1} seconds", done.seconds),
        false => String::new(),
    };
    counted(done.steps, "step", "steps") + &seconds
}
