use serde_json::{Value, json};

use super::*;

/// A value of its own for every figure, whole where it has to be.
fn every_figure() -> Figures {
    let value = |(place, figure): (usize, Figure)| {
        let whole = if figure.unit().is_whole() { 3.0 } else { 0.125 };
        (figure, place as f64 + whole)
    };
    Figure::ALL.into_iter().enumerate().map(value).collect()
}

#[test]
fn every_figure_is_written_and_read_under_its_key() {
    let figures = every_figure();
    let json = serde_json::to_value(&figures).unwrap();
    for (figure, value) in figures.iter() {
        let found = &json.pointer(&format!("/{}", figure.key().replace('.', "/"))).unwrap();
        assert_eq!(found.as_f64(), Some(value), "{figure:?}");
        assert_eq!(found.is_u64(), figure.unit().is_whole(), "{figure:?}");
    }
    assert_eq!(serde_json::from_value::<Figures>(json).unwrap(), figures);
}

#[test]
fn what_is_absent_is_null_or_left_out_as_in_earlier_records() {
    let four: Figures = Figure::IN_GAP.into_iter().zip([1.0, 2.0, 3.0, 4.0]).collect();
    let json = serde_json::to_value(&four).unwrap();
    let expected = json!({
        "ua": 1.0, "mia": 2.0, "ra": 3.0, "ta": 4.0, "mia_correctness": null, "mia_entropy": null,
        "mia_modified_entropy": null, "mia_probabilities": null, "gap": null, "js_forget": null,
        "js_test": null, "roc": null, "likeness": null, "seconds": null, "retrain_share": null
    });
    assert_eq!(json, expected);
    assert_eq!(serde_json::from_value::<Figures>(expected).unwrap(), four);
}

#[test]
fn a_record_without_one_of_the_four_is_refused_and_so_is_a_text() {
    let refusal = |change: fn(&mut Value)| {
        let mut json = serde_json::to_value(every_figure()).unwrap();
        change(&mut json);
        serde_json::from_value::<Figures>(json).unwrap_err().to_string()
    };
    assert_eq!(refusal(|json| json["ra"] = Value::Null), "`ra` is missing or not a number");
    assert_eq!(refusal(|json| json["gap"] = json!("0")), "`gap` is \"0\", not a number");
    let nested = refusal(|json| json["roc"]["forget"]["auc"] = json!(true));
    assert_eq!(nested, "`roc.forget.auc` is true, not a number");
    let text = r#"{"ua": 1, "mia": 1, "ra": 1, "ta": 1, "gap": 1, "gap": 2}"#;
    let twice = serde_json::from_str::<Figures>(text).unwrap_err().to_string();
    assert!(twice.contains("duplicate field `gap`"), "{twice}");
}

#[test]
fn infinity_is_null_and_measures_are_given_back() {
    let mia = Mia {
        confidence: 2.0,
        correctness: Some(3.0),
        entropy: None,
        modified_entropy: Some(4.0),
        probabilities: None,
    };
    let measures = Measures { ua: 1.0, ra: 5.0, ta: 6.0, mia };
    let mut figures = Figures::from(measures);
    assert_eq!(figures.measures(), measures);
    figures.set(Figure::Gap, f64::INFINITY);
    assert_eq!(serde_json::to_value(&figures).unwrap()["gap"], Value::Null);
    figures.set(Figure::Gap, None);
    assert_eq!(figures.get(Figure::Gap), None);
}

/// Reports are compared by their figures, so a figure must not change on its way through a file.
#[test]
fn a_figure_comes_back_from_a_file_to_its_last_bit() {
    let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..20_000 {
        bits = bits.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        let value = f64::from_bits(bits);
        if value.is_finite() {
            let text = serde_json::to_string(&value).unwrap();
            assert_eq!(serde_json::from_str::<f64>(&text).unwrap().to_bits(), bits, "{text}");
        }
    }
}
