//! What is said of the figures.

use super::*;

#[test]
fn figures_are_judged() {
    let judged = |record: &DeletionRecord| -> Vec<(String, &'static str)> {
        crate::record::deletion::figures::lines(record)
            .into_iter()
            .map(|line| (line.judgement, line.tone))
            .collect()
    };
    let tones = |record: &DeletionRecord| -> Vec<&str> {
        judged(record).into_iter().map(|(_, tone)| tone).collect()
    };
    assert_eq!(tones(&record("reached")), ["good"; 4]);
    assert_eq!(tones(&record("partly")), ["bad", "bad", "good", "good"]);
    assert_eq!(tones(&record("harmed")), ["warn", "warn", "bad", "bad"]);
    // As the library does: half a row and a share of the way are granted.
    let less = DeletionRecord { after: figures(0.0, 16.7, 99.6, 93.4), ..record("reached") };
    assert_eq!(tones(&less), ["good"; 4]);

    let mut alone = DeletionRecord { read_against: None, ..record("reached") };
    assert_eq!(tones(&alone), ["good", "open", "good", "good"]);
    assert!(alone.to_html(None).contains("is an estimate for the first figure"));
    alone.outcome.expected = None;
    assert_eq!(tones(&alone)[0], "open");
    assert!(alone.to_markdown().contains("“Never saw them” is not known"));

    let mut unsure = record("reached");
    unsure.outcome.uncertainty = Some(20.0);
    assert!(judged(&unsure)[0].0.contains("uncertain estimate"));
    unsure.after.test = f64::NAN;
    assert_eq!(judged(&unsure)[3].1, "open");
    assert!(both(&unsure).iter().all(|page| page.contains("not known") && !page.contains("NaN")));
}
