//! The JSON.

use super::*;

#[test]
fn json_comes_back_as_it_was() {
    for verdict in VERDICTS {
        let record = record(verdict);
        let json = record.to_json();
        assert_eq!(DeletionRecord::from_json(&json).unwrap(), record);
        assert!(json.ends_with("}\n"));
    }
    let mut unknown = record("partly");
    (unknown.after.test, unknown.done.seconds) = (f64::NAN, f64::INFINITY);
    let json = unknown.to_json();
    assert!(json.contains("\"test\": null") && json.contains("\"seconds\": null"), "{json}");
    assert_eq!(DeletionRecord::from_json(&json).unwrap().to_json(), json);
}

#[test]
fn what_is_not_a_record_is_refused() {
    let refused = |change: fn(&mut DeletionRecord)| {
        let mut record = record("reached");
        change(&mut record);
        DeletionRecord::from_json(&record.to_json()).unwrap_err().to_string()
    };
    let error = refused(|record| record.schema_version = 2);
    assert_eq!(error, "schema_version is 2, this program reads 1");
    let error = refused(|record| record.outcome.verdict = "done".to_owned());
    assert!(error.contains("\"done\", which is not one of reached, partly,"), "{error}");
    let error = refused(|record| record.per_class[0].1 = 11);
    assert!(error.starts_with("per_class counts 11 rows, but rows lists 12"), "{error}");
    let error = refused(|record| record.per_class = vec![(String::new(), usize::MAX); 2]);
    assert!(error.starts_with("per_class counts too many rows"), "{error}");
    let error = refused(|record| record.rows.iter_mut().for_each(|row| row.row = 3));
    assert_eq!(error, "rows lists these numbers more than once: 3");
    let private = record("reached").to_json().replace("\"private\": false", "\"private\": true");
    let error = DeletionRecord::from_json(&private).unwrap_err().to_string();
    assert!(error.contains("12 of its rows have a name"), "{error}");
    let extra = record("reached").to_json().replacen('{', "{\"fulfilled\": true,", 1);
    let error = DeletionRecord::from_json(&extra).unwrap_err().to_string();
    assert!(error.contains("unknown field `fulfilled`") && error.contains("line"), "{error}");
    for text in ["", "{}", "[]", "null", "{\"schema_version\": -1}"] {
        assert!(DeletionRecord::from_json(text).is_err(), "{text}");
    }
}
