use serde_json::{Value, json};

use super::*;
use crate::report::Summary;

/// Rows of reports that `ugradsl compare` wrote before figures had types of their own (MLP, 600
/// digits): original, retrained and unlearned, and an original with what is expected of a retrained
/// network.
const GOLDEN: &str = include_str!("../../../tests/golden/records.json");

#[test]
fn records_and_summaries_keep_the_json_that_they_have_always_had() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    for row in golden["records"].as_array().unwrap() {
        let record: RunRecord = serde_json::from_value(row.clone()).unwrap();
        assert_eq!(&serde_json::to_value(&record).unwrap(), row);
        assert_eq!(record.figure(Figure::Ua), row["ua"].as_f64());
        assert_eq!(record.figure(Figure::AucForget), row["roc"]["forget"]["auc"].as_f64());
        assert_eq!(record.figure(Figure::PeakMemory), row["peak_memory"].as_f64());
    }
    for row in golden["summaries"].as_array().unwrap() {
        let summary: Summary = serde_json::from_value(row.clone()).unwrap();
        let again = serde_json::to_value(&summary).unwrap();
        for (key, value) in again.as_object().unwrap() {
            // A figure that was added later has its key, too, with the value null.
            assert_eq!(value, row.get(key).unwrap_or(&Value::Null), "{key}");
        }
        assert!(row.as_object().unwrap().keys().all(|key| again.get(key).is_some()), "{again}");
    }
}

#[test]
fn a_record_of_an_earlier_version_lacks_what_came_later() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    let record: RunRecord = serde_json::from_value(golden["earlier"].clone()).unwrap();
    assert_eq!(record.figure(Figure::AucForget), None);
    assert_eq!(record.figure(Figure::Gap), golden["earlier"]["gap"].as_f64());
    let again = serde_json::to_value(&record).unwrap();
    assert_eq!((&again["roc"], again.get("peak_memory")), (&json!(null), None));
}
