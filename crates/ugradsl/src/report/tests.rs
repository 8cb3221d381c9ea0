//! A report made by hand, in every form.

use super::*;
use crate::{
    device::Device,
    evaluate::{Figure, Figures, Measures, Mia},
    experiment::{ExperimentConfig, HistoryPoint, RunRecord},
    report::{Environment, Gate, SCHEMA_VERSION, Summary, checksum::expected, fields, summarise},
    run::{Basis, Change, Evidence, Finding, StoppedBy},
    unlearn::Method,
};

const HOSTILE: &str = "<script>alert(1)</script> a|b \\| `c`\n# \"d\" & 'e' </title>";

fn run(method: Method, seed: u64, away: f64) -> RunRecord {
    let mia = Mia {
        confidence: 90.0 - away,
        correctness: Some(99.0),
        entropy: None,
        modified_entropy: Some(f64::NAN),
        probabilities: Some(12.345),
    };
    let point = |step: usize| HistoryPoint {
        step,
        retain_loss: Some(0.1 * step as f64),
        forget_accuracy: (step != 2).then(|| 1.0 / (1 + step) as f64),
    };
    let mut figures =
        Figures::from(Measures { ua: 100.0 - away, ra: 98.0, ta: 91.0 + seed as f64, mia });
    figures.set(Figure::Gap, (method != Method::Retrain).then_some(away / 2.0));
    figures.set(Figure::JsForget, 0.01);
    figures.set(Figure::Seconds, (method != Method::Original).then_some(1.5));
    figures.set(Figure::RetrainShare, method.unlearns().then_some(0.125));
    figures.set(Figure::PeakMemory, method.unlearns().then_some(f64::from(5 << 19)));
    RunRecord {
        method: method.into(),
        seed,
        forget: HOSTILE.to_owned(),
        forgotten_rows: 12,
        forget_list: "cdef".to_owned(),
        expected: None,
        figures,
        target: None,
        stopped_by: method.unlearns().then_some(StoppedBy::Target),
        finding: None,
        steps: 3,
        rollbacks: 1,
        warnings: vec![HOSTILE.to_owned()],
        weights_before: method.unlearns().then(|| "ba98".to_owned()),
        weights: "0123".to_owned(),
        model: format!("{method}-seed{seed}.safetensors"),
        history: (1..=3).map(point).collect(),
        digest: "4567".to_owned(),
    }
}

fn report(runs: Vec<RunRecord>) -> Report {
    let config = ExperimentConfig {
        name: HOSTILE.to_owned(),
        forget: vec![HOSTILE.to_owned()],
        data: HOSTILE.to_owned(),
        ..ExperimentConfig::default()
    };
    let method = Method::UGradSl;
    let promise = "mean gap at most".to_owned();
    Report {
        schema_version: SCHEMA_VERSION,
        config,
        plans: Default::default(),
        environment: Environment {
            version: "0".to_owned(),
            device: Device::cpu().info().clone(),
            platform: "none".to_owned(),
            data: "89ab".to_owned(),
        },
        data: crate::report::DataFacts {
            classes: vec![HOSTILE.to_owned(), "dog".to_owned()],
            notes: vec![HOSTILE.to_owned()],
            copies: [(HOSTILE.to_owned(), "1 retained row".to_owned())].into(),
        },
        summary: summarise(&runs),
        gates: vec![Gate { method, promise, measured: None, bound: Some(5.0), holds: false }],
        runs,
        not_proven: String::new(),
        digest: String::new(),
    }
}

fn usual() -> Report {
    let methods = [Method::Original, Method::Retrain, Method::UGradSl, Method::UGradSlPlus];
    let away = [40.0, 0.0, 6.0, 2.5];
    let of_seed = |seed| methods.into_iter().zip(away).map(move |(m, far)| run(m, seed, far));
    report((0..2).flat_map(of_seed).collect())
}

/// Every table has as many cells in each row as in its first.
fn assert_tables_are_even(markdown: &str) {
    let columns = |line: &str| {
        let mut escaped = false;
        let border = |character: char| {
            let border = character == '|' && !escaped;
            escaped = character == '\\' && !escaped;
            border
        };
        line.chars().map(border).filter(|border| *border).count()
    };
    let lines: Vec<&str> = markdown.lines().collect();
    for pair in lines.windows(2).filter(|pair| pair.iter().all(|line| line.starts_with('|'))) {
        assert_eq!(columns(pair[0]), columns(pair[1]), "{pair:?}");
    }
}

#[test]
fn the_page_runs_nothing_and_fetches_nothing() {
    let html = usual().to_html().unwrap();
    for forbidden in ["<script", "http:", "https:", "src=", "url(", "@import", "<link", "</title> "]
    {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    assert_eq!(html.matches("</title>").count(), 1);
    assert_eq!(html.matches("<h1>").count(), 1);
    assert_eq!(html.matches("<svg").count(), 4);
    assert_eq!(html.matches("<caption>").count(), html.matches("<table>").count());
}

#[test]
fn every_form_holds_the_same_numbers() {
    let report = usual();
    let (html, markdown) = (report.to_html().unwrap(), report.to_markdown().unwrap());
    let json: serde_json::Value = serde_json::from_str(&report.to_json().unwrap()).unwrap();
    let row = &json["summary"].as_array().unwrap()[3];
    assert_eq!(row["method"], "ugradsl-plus");
    let (ua, gap) = (row["ua"]["mean"].as_f64().unwrap(), row["gap"]["mean"].as_f64().unwrap());
    for figure in [format!("{ua:.2} ± 0.00 (-2.50)"), format!("{gap:.2} ± 0.00")] {
        assert!(markdown.contains(&figure) && html.contains(&figure), "{figure}");
    }
    for text in [
        "target (2)",
        "12.35",
        "12.5",
        "0123",
        "4567",
        "cdef",
        "ba98",
        "89ab",
        "no formal guarantee",
    ] {
        assert!(markdown.contains(text) && html.contains(text), "{text}");
    }
    for heading in ["Methods", "Runs", "Gates", "Warnings", "Hashes", "What was not proven"] {
        assert!(markdown.contains(&format!("\n## {heading}\n")), "{heading}");
        assert!(html.contains(&format!("<h2>{heading}</h2>")), "{heading}");
    }
}

#[test]
fn markdown_keeps_its_form_whatever_the_names_are() {
    let markdown = usual().to_markdown().unwrap();
    assert_tables_are_even(&markdown);
    let (prose, config) = markdown.split_once("```json").unwrap();
    assert!(!prose.contains("<script") && !prose.contains("\n# \""));
    let config = config.trim().trim_end_matches("```");
    let config: ExperimentConfig = serde_json::from_str(config).unwrap();
    assert_eq!(config.name, HOSTILE);
}

#[test]
fn nothing_one_point_and_no_numbers_are_rendered() {
    let mut one = run(Method::UGradSl, 0, 1.0);
    one.history.truncate(1);
    let (mut broken, mut oracle) = (run(Method::Ga, 0, f64::NAN), run(Method::Retrain, 0, 0.0));
    oracle.figures.set(Figure::Ra, f64::INFINITY);
    broken.figures.set(Figure::Gap, f64::INFINITY);
    broken.figures.set(Figure::RetrainShare, 1e300);
    (broken.history[0].retain_loss, broken.history[1].retain_loss) = (Some(1e300), Some(f64::NAN));
    broken.history[2].step = usize::MAX;
    for runs in [vec![], vec![one.clone()], vec![oracle.clone()], vec![oracle, broken, one]] {
        let report = report(runs);
        let html = report.to_html().unwrap();
        let plots = html.split("<svg").skip(1).filter_map(|rest| rest.split("</svg>").next());
        for plot in plots {
            assert!(!plot.contains("NaN") && !plot.contains("inf"), "{plot}");
        }
        assert_tables_are_even(&report.to_markdown().unwrap());
        report.to_json().unwrap();
    }
}

/// `line` of pretty JSON with another value, if it holds one.
fn changed(line: &str) -> Option<String> {
    let start = line.find("\": ").map_or(line.len() - line.trim_start().len(), |at| at + 3);
    let (name, value) = line.split_at(start);
    let value = match value.trim_end_matches(',') {
        "" | "{" | "}" | "[" | "]" | "[]" | "{}" => return None,
        "null" | "true" => "false".to_owned(),
        "false" => "true".to_owned(),
        text if text.starts_with('"') => format!("\"x{}", &text[1..]),
        number if number.starts_with('-') => format!("-1{}", &number[1..]),
        number => format!("1{number}"),
    };
    let comma = if line.ends_with(',') { "," } else { "" };
    Some(format!("{name}{value}{comma}"))
}

#[test]
fn every_changed_value_breaks_the_checksum() {
    let intact = |text: &str| {
        let report = Report::from_json(text).ok()?;
        (expected(text, &report.digest)? == report.digest).then_some(())
    };
    let text = usual().to_json().unwrap();
    assert!(intact(&text).is_some());
    assert!(intact(&text.replace("\n  ", "\n\t\t ")).is_some(), "white space means nothing");
    let lines: Vec<&str> = text.lines().collect();
    let mut values = 0;
    for at in 0..lines.len() {
        let Some(line) = changed(lines[at]) else { continue };
        values += 1;
        let mut forged = lines.clone();
        forged[at] = &line;
        assert!(intact(&forged.join("\n")).is_none(), "{line}");
    }
    assert!(values > 300, "{values}");
}

#[test]
fn a_text_that_is_not_a_report_is_refused() {
    let text = usual().to_json().unwrap();
    let other = text.replacen("\"schema_version\": 1", "\"schema_version\": 2", 1);
    let error = Report::from_json(&other).unwrap_err();
    assert!(error.to_string().contains("schema_version is 2"), "{error}");
    for text in ["", "[]", "{}", "null", "{\"schema_version\": 1}", &text[..text.len() / 2]] {
        assert!(Report::from_json(text).is_err(), "{text}");
    }
    let twice =
        text.replacen("\"schema_version\": 1", "\"digest\": \"\", \"schema_version\": 1", 1);
    assert!(Report::from_json(&twice).is_err(), "a field that is there twice");
}

/// A finding with every field.
fn finding() -> Finding {
    let change = r#"{"before": 1.0, "after": 0.5}"#;
    let text = format!(
        r#"{{"verdict": "partly", "words": "x", "remark": "destroyed", "rows": 3, "accuracy": {change},
        "expected": 0.5, "basis": "proxy", "confidence": {change}, "expected_confidence": 0.5,
        "uncertainty": 0.1, "retained": {change}, "held_out": {change}}}"#
    );
    serde_json::from_str(&text).unwrap()
}

#[test]
fn every_field_of_a_report_is_a_figure_or_has_a_declared_role() {
    /// The paths of all values that are neither object nor array, and of empty ones.
    fn leaves(path: &str, value: &serde_json::Value, found: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(map) if !map.is_empty() => {
                for (key, value) in map {
                    let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    leaves(&path, value, found);
                }
            }
            serde_json::Value::Array(list) if !list.is_empty() => {
                for (at, value) in list.iter().enumerate() {
                    leaves(&format!("{path}[{at}]"), value, found);
                }
            }
            _ => found.push(path.to_owned()),
        }
    }
    let mut run = run(Method::UGradSl, 0, 1.0);
    run.expected = Some(run.measures());
    run.finding = Some(finding());
    run.figures = Figure::ALL.into_iter().map(|figure| (figure, 1.0)).collect();
    let json = serde_json::to_value(report(vec![run])).unwrap();
    let mut found = Vec::new();
    leaves("", &json, &mut found);
    let undeclared: Vec<_> = found.iter().filter(|path| fields::role(path).is_none()).collect();
    assert!(undeclared.is_empty(), "declare in report/fields.rs: {undeclared:?}");
    assert!(found.len() > 165, "{}", found.len());
}

#[test]
fn a_method_without_a_line_is_not_in_the_legend() {
    let mut blind = run(Method::Ft, 0, 3.0);
    blind.history.iter_mut().for_each(|point| point.forget_accuracy = None);
    let report = report(vec![run(Method::Retrain, 0, 0.0), blind, run(Method::UGradSl, 0, 2.0)]);
    let html = report.to_html().unwrap();
    let plots: Vec<&str> =
        html.split("<svg").skip(1).map(|svg| svg.split("</svg>").next().unwrap()).collect();
    let named = |plot: usize, name: &str| plots[plot].contains(&format!("{name}: 3 steps"));
    assert!(!named(1, "ft") && named(1, "ugradsl"), "accuracy on forgotten rows");
    assert!(named(2, "ft") && named(2, "ugradsl"), "loss on retained rows");
}

#[test]
fn csv_and_latex_have_their_columns_from_the_figures() {
    let report = usual();
    let csv = report.to_csv().unwrap();
    let header = "method,seed,forget,ua,mia,ra,ta,gap,seconds,retrain_share,stopped_by,steps,\
                  rollbacks,peak_memory";
    assert!(csv.starts_with(header), "{csv}");
    let last = csv.lines().last().unwrap();
    assert!(last.contains(",97.5,87.5,98,92,1.25,1.5,0.125,target,3,1,2621440"), "{last}");
    let latex = report.to_latex();
    let titles =
        "method & outcome & UA & MIA & RA & TA & gap & seconds & \\% of retraining & peak MiB";
    assert!(latex.contains(titles), "{latex}");
    assert!(
        latex.contains("\nugradsl-plus & -- & $97.50 \\pm 0.00$ & $87.50 \\pm 0.00$ &"),
        "{latex}"
    );
    assert!(latex.contains("& $12.5 \\pm 0.0$ & $2.5$"), "{latex}");
    let columns = |line: &str| line.matches('&').count();
    let body = latex.lines().filter(|line| line.contains('&'));
    assert!(body.map(columns).all(|count| count == Summary::header().len()), "{latex}");
}

#[test]
fn outcomes_are_counted_and_what_is_worse_than_nothing_is_named() {
    let change = |before, after| Change { before, after };
    let found = |after| {
        let evidence = Evidence {
            rows: 100,
            accuracy: change(1.0, after),
            expected: 0.0,
            basis: Basis::Definition,
            confidence: change(1.0, after),
            expected_confidence: Some(0.0),
            uncertainty: None,
            retained: change(1.0, 1.0),
            held_out: None,
        };
        Some(evidence.finding(false))
    };
    let ended = |seed, after| RunRecord { finding: found(after), ..run(Method::Ft, seed, 7.0) };
    let runs = vec![
        run(Method::Original, 0, 5.0),
        run(Method::Retrain, 0, 0.0),
        run(Method::UGradSl, 0, 2.0),
        ended(0, 0.0),
        ended(1, 0.0),
        ended(2, 0.9),
    ];
    let report = report(runs);
    let outcome = |method: Method| {
        let row = report.summary.iter().find(|row| row.method == method).unwrap();
        row.outcome()
    };
    assert_eq!(outcome(Method::Ft), "reached 2, not forgotten 1");
    assert_eq!(outcome(Method::UGradSl), "-");
    let worse = report.worse_than_original();
    assert_eq!(worse.len(), 1, "{worse:?}");
    assert!(worse[0].starts_with("ft ends further from the retrained network"), "{worse:?}");
    let latex = report.to_latex();
    assert!(latex.contains("\nft & reached 2, not forgotten 1 & $"), "{latex}");
    assert!(report.to_csv().unwrap().contains(",not forgotten\n"));
}
