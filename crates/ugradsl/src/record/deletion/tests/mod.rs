mod figures;
mod hostile;
mod json;
mod outcomes;

use super::*;

fn figures(forgotten: f64, attack: f64, retained: f64, test: f64) -> Figures {
    Figures { forgotten, attack, retained, test }
}

/// A record of 12 pictures with the outcome `verdict`.
fn record(verdict: &str) -> DeletionRecord {
    let (outcome, copies) = (outcome(verdict), Copies { retained: 1, test: 0 });
    let (expected, attack) = match verdict {
        "nothing-to-do" => (100.0, 91.7),
        _ => (8.3, 16.7),
    };
    DeletionRecord {
        schema_version: SCHEMA_VERSION,
        asked: asked(),
        request: "files:withdrawn.txt".to_owned(),
        data: data(),
        rows: (31..43).map(row).collect(),
        per_class: vec![("cat".to_owned(), 12)],
        copies,
        private: false,
        done: done(),
        not_proven: not_proven(&outcome, &copies, false, false),
        outcome,
        before: figures(100.0, 91.7, 99.6, 93.4),
        after: match verdict {
            "reached" => figures(8.3, 8.3, 99.2, 93.1),
            "partly" => figures(41.7, 50.0, 99.0, 93.0),
            "harmed" => figures(8.3, 0.0, 71.4, 64.2),
            _ => figures(100.0, 91.7, 99.6, 93.4),
        },
        read_against: Some(figures(expected, attack, 99.4, 93.3)),
        read_against_is: "an estimate from the network's answers on rows that it never saw".to_owned(),
        model: model(verdict != "nothing-to-do"),
        check: vec![
            "ugradsl verify --record record.json --model forgotten.safetensors --data pets".to_owned(),
            "ssh-keygen -Y verify -f allowed_signers -I SIGNER -n ugradsl -s record.json.sig < record.json"
                .to_owned(),
        ],
    }
}

fn row(row: u32) -> RowFacts {
    RowFacts {
        row,
        name: Some(format!("cat/IMG_{row:04}.jpg")),
        class: "cat".to_owned(),
        digest: format!("{:016x}", u64::from(row).wrapping_mul(0x9E37_79B9_7F4A_7C15)).repeat(4),
        copy_of: (row == 41).then(|| "cat/IMG_0040.jpg".to_owned()),
    }
}

fn outcome(verdict: &str) -> Outcome {
    Outcome {
        verdict: verdict.to_owned(),
        words: "12 rows: 100.0 % were recognised".to_owned(),
        expected: Some(if verdict == "nothing-to-do" { 100.0 } else { 8.3 }),
        uncertainty: Some(4.0),
    }
}

fn asked() -> Asked {
    Asked {
        by: Some("Dr. Ada Example, data protection officer".to_owned()),
        number: Some("DPO-2026-117".to_owned()),
        reason: Some("Withdrawn consent, Article 17 GDPR".to_owned()),
        date: Some("27 November 2026".to_owned()),
    }
}

fn data() -> DataFacts {
    DataFacts {
        name: "pets".to_owned(),
        kind: Kind::Pictures,
        training_rows: 1200,
        test_rows: 300,
        classes: vec![("cat".to_owned(), 400), ("dog".to_owned(), 800)],
        digest: "c3".repeat(32),
        notes: vec!["classes are the names of folders".to_owned()],
    }
}

fn done() -> Done {
    Done {
        method: "ugradsl+".to_owned(),
        seed: 0,
        steps: 180,
        seconds: 12.4,
        device: "Apple M2 (Metal)".to_owned(),
        program: "ugradsl 0.1.0".to_owned(),
        unix_time: Some(1_796_018_400),
    }
}

fn model(changed: bool) -> ModelFacts {
    ModelFacts {
        file: "forgotten.safetensors".to_owned(),
        weights_before: "a1".repeat(32),
        weights_after: if changed { "b7" } else { "a1" }.repeat(32),
        ledger_entry: 1,
        requests_so_far: 1,
        rows_so_far: 12,
    }
}

/// The page and the Markdown.
fn both(record: &DeletionRecord) -> [String; 2] {
    [record.to_html(None), record.to_markdown()]
}

#[test]
fn the_page_needs_nothing_else() {
    let page = record("reached").to_html(Some("<div class=\"sheet\">pictures</div>"));
    assert!(page.starts_with("<!doctype html>") && page.contains("<html lang=\"en\">"));
    for foreign in ["<script", "http://", "https://", "<link", "@import", "url("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert!(page.contains("<div class=\"sheet\">pictures</div>"));
    assert_eq!(page.matches("<th ").count(), page.matches("<th scope=").count());
    assert_eq!(page.matches("<th>").count(), 0);
}

#[test]
fn a_private_record_names_no_row() {
    let request = "class:dog and file:cat/IMG_0041.jpg".to_owned();
    let private = DeletionRecord { private: true, request, ..record("reached") };
    let sheet = private.to_html(Some("<p>IMG_0041</p>"));
    let [html, markdown] = both(&private);
    for text in [sheet, html, markdown, private.to_json()] {
        assert!(!text.contains("IMG"), "{text}");
        assert!(text.contains("class:dog and file:(withheld)"), "{text}");
        assert!(text.contains(&private.rows[0].digest), "{text}");
    }
    assert!(private.to_html(None).contains("This record is private."));
    let again = DeletionRecord::from_json(&private.to_json()).unwrap();
    assert_eq!(again.to_html(None), private.to_html(None));
}

#[test]
fn one_row_is_spoken_of_as_one() {
    let mut one = record("reached");
    one.rows.truncate(1);
    one.per_class[0].1 = 1;
    let page = one.to_markdown();
    assert!(page.contains("was asked to forget 1 picture that it was trained on."), "{page}");
    assert!(page.contains("(its answer was right before, and is wrong now)"), "{page}");
    assert!(page.contains("answers on it as a network that never saw it is expected to"), "{page}");
    one.done.unix_time = None;
    assert!(one.to_markdown().contains("The network that is now in the file"));
    one.done.unix_time = Some(u64::MAX);
    assert!(one.to_markdown().contains("which is not a date of our time"));
}

#[test]
fn long_lists_are_cut_and_counted() {
    let mut long = record("reached");
    let first = long.rows[0].clone();
    let rows =
        |number: u32| RowFacts { row: number, name: Some(format!("n{number}.")), ..first.clone() };
    long.rows = (0..237).map(rows).collect();
    long.per_class = (0..237).map(|class| (format!("class {class}"), 1)).collect();
    for page in both(&long) {
        assert!(page.contains("n199.") && !page.contains("n200."));
        assert!(page.contains("and 37 more, which the JSON record lists"), "{page}");
        assert!(page.contains("and 137 more classes"), "{page}");
    }
}

#[test]
fn a_record_that_contradicts_itself_says_so() {
    let mut same = record("reached");
    same.model.weights_after = same.model.weights_before.clone();
    same.per_class[0].1 = usize::MAX;
    for page in both(&same) {
        assert_eq!(page.matches("This record contradicts itself:").count(), 2, "{page}");
    }
    assert!(
        same.to_markdown().contains("**Mind:** 1 exact copy of what was to be forgotten stays")
    );
    same.copies.retained = 0;
    assert!(!same.to_html(None).contains("exact copy of what was"));
    let mut changed = record("nothing-to-do");
    changed.model.weights_after = "else".to_owned();
    assert!(changed.to_markdown().contains("but the weights have changed"));
}
