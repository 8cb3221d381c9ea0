//! Every setting has an effect, and a setting that would have none is refused.

use std::collections::BTreeSet;

use serde::de::DeserializeSeed;
use serde_json::{Map, Value, json};

use super::{Method, MethodConfig, MethodConfigs, TrainingConfig, UGradSl, UGradSlPlus};

/// For each key a value that is not the default of any method.
const OTHER: &str = r#"{
    "alpha": -0.7, "beta": 0.3, "quantile": 0.4, "distance": "euclidean", "space": "softmax",
    "p": 0.7, "epochs": 9, "min_steps": 33, "batch_size": 7, "learning_rate": 0.5, "clip_norm": 3.0,
    "optimizer": {"name": "adamw", "weight_decay": 0.3}, "batch_norm": "frozen",
    "saliency": 0.3, "penalty": 0.2, "epsilon": 0.05, "temperature": 2.5, "distillation": 0.2,
    "forget_passes": 3, "retain_share": 0.6, "threshold": 3.0, "strength": 0.8, "variance": 0.02,
    "scale": 4.0, "samples": 12
}"#;

fn unlearning() -> impl Iterator<Item = Method> {
    Method::ALL.into_iter().filter(|method| method.unlearns())
}

fn table(method: Method) -> Map<String, Value> {
    match serde_json::to_value(method.defaults()) {
        Ok(Value::Object(table)) => table,
        other => panic!("{method}: {other:?}"),
    }
}

/// Another value for `key` of `method`.
fn other(method: Method, key: &str) -> Value {
    let others: Map<String, Value> = serde_json::from_str(OTHER).unwrap();
    match (key, &table(method)[key]) {
        ("guards", default) => json!(*default != json!(true)),
        ("schedule", default) if *default == json!("cosine") => json!("constant"),
        ("schedule", _) => json!("cosine"),
        _ => others.get(key).unwrap_or_else(|| panic!("no other value of {key}")).clone(),
    }
}

fn read(method: Method, table: Value) -> Result<MethodConfig, String> {
    method.deserialize(table).map_err(|error| error.to_string())
}

#[test]
fn every_key_of_every_method_changes_its_run_or_is_refused_by_name() {
    let all: BTreeSet<String> =
        unlearning().flat_map(|method| table(method).into_iter().map(|(key, _)| key)).collect();
    let training = TrainingConfig::default();
    let (mut taken, mut refused) = (0, 0);
    for method in unlearning() {
        let own = table(method);
        for key in &all {
            if !own.contains_key(key) {
                // null is a value of every optional key.
                let error = read(method, json!({ key: null })).expect_err("a key it does not have");
                assert!(error.contains(&format!("unknown field `{key}`")), "{method}: {error}");
                refused += 1;
                continue;
            }
            let config = read(method, json!({ key: other(method, key) })).unwrap();
            let default = method.defaults();
            let run = |config: &MethodConfig| (config.plan(&training), config.guards());
            run(&config).0.check().unwrap_or_else(|error| panic!("{method}.{key}: {error}"));
            assert_ne!(run(&config), run(&default), "{method}.{key} does nothing");
            assert_eq!(config.method(), method);
            taken += 1;
        }
    }
    assert!(taken > 120 && refused > 200, "{taken} taken, {refused} refused");
}

#[test]
fn every_key_of_the_training_changes_how_a_network_is_trained() {
    let Value::Object(keys) = serde_json::to_value(TrainingConfig::default()).unwrap() else {
        panic!("a table");
    };
    for key in keys.keys() {
        let value = match key.as_str() {
            "augmentation" => json!({"flip": true}),
            "schedule" => json!("constant"),
            key => other(Method::Ft, key),
        };
        let training: TrainingConfig = serde_json::from_value(json!({ key: value })).unwrap();
        for method in [Method::Original, Method::Retrain] {
            let plan = |training| method.defaults().plan(training);
            assert_ne!(plan(&training), plan(&TrainingConfig::default()), "training.{key}");
        }
    }
}

#[test]
fn every_method_has_one_name_and_is_found_by_it() {
    let names: BTreeSet<&str> = Method::ALL.map(Method::name).into();
    assert_eq!(names.len(), Method::ALL.len());
    for (position, method) in Method::ALL.into_iter().enumerate() {
        assert_eq!(method as usize, position, "its position determines its colour");
        assert_eq!((method.name().parse(), method.defaults().method()), (Ok(method), method));
        assert_eq!(serde_json::to_value(method).unwrap(), method.name());
        assert_eq!(serde_json::from_value::<Method>(json!(method.name())).unwrap(), method);
    }
    let error = "ugradsl-pls".parse::<Method>().unwrap_err().to_string();
    assert!(
        error.contains("did you mean \"ugradsl-plus\"?") && error.contains("fisher"),
        "{error}"
    );
    let error = "magic".parse::<Method>().unwrap_err().to_string();
    assert!(!error.contains("did you mean"), "{error}");
}

#[test]
fn settings_are_kept_under_the_method_that_they_belong_to() {
    let mut configs = MethodConfigs::default();
    assert_eq!(configs.iter().map(MethodConfig::method).collect::<Vec<_>>(), {
        unlearning().collect::<Vec<_>>()
    });
    let settings = UGradSlPlus { p: 0.9, ..UGradSlPlus::default() };
    configs.set(settings.clone());
    assert_eq!(configs.get(Method::UGradSlPlus), MethodConfig::UGradSlPlus(settings));
    assert_eq!(configs.get(Method::UGradSl), UGradSl::default().into());
    let text = serde_json::to_string(&configs).unwrap();
    assert_eq!(serde_json::from_str::<MethodConfigs>(&text).unwrap(), configs);
    configs.set(Method::Retrain);
    assert_eq!(configs.iter().count(), Method::ALL.len() - 2);
    assert!(read(Method::Retrain, json!({})).unwrap_err().contains("no settings of its own"));
}

#[test]
fn optional_settings_are_there_as_null() {
    let adaptive = table(Method::UGradSl);
    for key in ["alpha", "beta", "quantile"] {
        assert_eq!(adaptive.get(key), Some(&Value::Null), "{key}");
    }
    assert_eq!(table(Method::Ft).get("clip_norm"), Some(&Value::Null));
    assert!(!table(Method::Ft).contains_key("alpha") && !table(Method::Ft).contains_key("p"));
}

#[test]
fn every_baseline_has_a_row_in_the_guide() {
    let guide = include_str!("../../docs/method.md");
    let ours = [Method::UGradSl, Method::UGradSlPlus];
    for method in Method::ALL.into_iter().filter(|method| method.unlearns()) {
        let row = guide.lines().any(|line| line.starts_with(&format!("| `{method}` |")));
        assert!(row || ours.contains(&method), "docs/method.md has no row for {method}");
    }
}
