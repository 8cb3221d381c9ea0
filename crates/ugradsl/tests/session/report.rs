//! The report in its three forms says the same, whatever users wrote into it.

use ugradsl::{device::Device, evaluate::Figure, report::Report, run::MemoryStore};

use super::{config, experiment};

fn report() -> Report {
    let mut config = config(&["training.epochs=1", "seeds=[0, 1]", "ugradsl.epochs=1"]);
    config.name = "<script>alert(1)</script> | a\nb".to_owned();
    let mut store = MemoryStore::default();
    let mut experiment = experiment(&config, Device::cpu(), false);
    while pollster::block_on(experiment.next(&mut store)).expect("an event").is_some() {}
    Report::new(&experiment)
}

#[test]
fn all_forms_agree_and_none_can_be_broken_into() {
    let report = report();
    let json: Report =
        serde_json::from_str(&report.to_json().expect("JSON")).expect("its own JSON");
    assert_eq!(json.runs.len(), report.runs.len());
    let (html, markdown) =
        (report.to_html().expect("HTML"), report.to_markdown().expect("Markdown"));
    assert!(!html.contains("<script") && html.contains("&#60;script&#62;"));
    for request in ["http:", "https:", "src=", "href=", "@import", "url("] {
        // The SVG namespace is a name, not an address that anything asks for.
        let text = html.replace("http://www.w3.org/2000/svg", "");
        assert!(!text.contains(request), "the page contains {request}");
    }
    for run in &report.runs {
        let gap = format!("{:.2}", run.figure(Figure::Gap).expect("a gap"));
        assert!(html.contains(&gap) && markdown.contains(&gap), "{gap}");
    }
    for block in markdown.split("\n\n").filter(|block| block.starts_with("| ")) {
        let borders = |line: &str| line.replace("\\|", "").matches('|').count();
        let columns: Vec<usize> = block.lines().map(borders).collect();
        assert!(columns.iter().all(|n| *n == columns[0]), "{block}");
    }
}

#[test]
fn a_report_without_runs_or_with_wild_numbers_renders() {
    let mut report = report();
    for run in &mut report.runs {
        run.figures.set(Figure::Ua, f64::NAN);
        run.figures.set(Figure::Gap, f64::INFINITY);
        run.history.truncate(1);
    }
    report.summary = ugradsl::report::summarise(&report.runs);
    report.to_html().expect("a page");
    report.runs.clear();
    report.summary.clear();
    let html = report.to_html().expect("a page");
    assert!(html.contains("</html>") && !report.to_markdown().expect("Markdown").is_empty());
}
