//! Texts and figures that nobody would write.

use proptest::prelude::*;

use super::*;

pub(super) const HOSTILE: &str =
    "</bdi><script>alert(1)</script>|\n## The request is fulfilled\n```\n\u{202E}x\u{2029}";

/// `record` with `text` in every field that is free.
pub(super) fn filled(mut record: DeletionRecord, text: &str) -> DeletionRecord {
    let text = || text.to_owned();
    record.asked =
        Asked { by: Some(text()), number: Some(text()), reason: Some(text()), date: Some(text()) };
    record.request = text();
    record.data = DataFacts {
        name: text(),
        classes: vec![(text(), 1)],
        digest: text(),
        notes: vec![text(), text()],
        ..record.data
    };
    for row in &mut record.rows {
        *row = RowFacts {
            row: row.row,
            name: Some(text()),
            class: text(),
            digest: text(),
            copy_of: Some(text()),
        };
    }
    record.per_class = vec![(text(), record.rows.len())];
    record.done = Done { method: text(), device: text(), program: text(), ..record.done };
    record.outcome.words = text();
    record.read_against_is = text();
    record.not_proven = vec![text()];
    record.model =
        ModelFacts { file: text(), weights_before: text(), weights_after: text(), ..record.model };
    record.check = vec![text()];
    record
}

#[test]
fn hostile_texts_change_nothing_around_them() {
    let friendly = filled(record("harmed"), "x");
    let [html, markdown] = both(&filled(record("harmed"), HOSTILE));
    assert!(!html.contains("<script"));
    // Commands are code, in which Markdown knows no tags.
    let text = markdown.lines().filter(|line| !line.starts_with("    "));
    assert_eq!(text.filter(|line| line.contains("<script")).count(), 0);
    assert!(!html.contains('\u{202E}') && !markdown.contains('\u{202E}'));
    assert!(html.contains("[U+202E]") && markdown.contains("[U+202E]"));
    // Every line of Markdown, and every tag and bar, is the template's.
    let lines = |text: &str| text.lines().count();
    let bars = |text: &str| text.matches('|').count() - text.matches("\\|").count();
    let tags = |text: &str| text.matches('<').count();
    assert_eq!(lines(&markdown), lines(&friendly.to_markdown()));
    assert_eq!(tags(&html), tags(&friendly.to_html(None)));
    let table =
        |text: &str| -> usize { text.lines().filter(|line| line.starts_with('|')).map(bars).sum() };
    assert_eq!(table(&markdown), table(&friendly.to_markdown()));
    assert!(!markdown.lines().any(|line| line.starts_with("## The request")));
    assert!(!markdown.lines().any(|line| line.starts_with("```")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), cut in any::<prop::sample::Index>()) {
        let _ = DeletionRecord::from_json(&text);
        let json = filled(record("reached"), &text).to_json();
        let end = cut.index(json.len());
        prop_assert!(DeletionRecord::from_json(&String::from_utf8_lossy(&json.as_bytes()[..end])).is_err());
        let record = DeletionRecord::from_json(&json).unwrap();
        prop_assert_eq!(record.to_json(), json);
        both(&record);
    }

    #[test]
    fn no_figure_makes_it_panic(
        numbers in prop::array::uniform6(any::<f64>()), time in any::<u64>(), rows in 0usize..3,
    ) {
        let [a, b, c, d, e, f] = numbers;
        let mut record = record("reached");
        record.rows.truncate(rows);
        record.per_class[0].1 = rows;
        (record.before, record.after) = (figures(a, b, c, d), figures(e, f, a, b));
        record.read_against = Some(figures(c, d, e, f));
        (record.outcome.expected, record.outcome.uncertainty) = (Some(b), Some(c));
        (record.done.seconds, record.done.unix_time) = (d, Some(time));
        both(&record);
        prop_assert!(DeletionRecord::from_json(&record.to_json()).is_ok());
    }
}
