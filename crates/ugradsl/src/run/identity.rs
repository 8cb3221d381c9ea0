//! What a run is: all that its result depends on, and nothing else.
//!
//! Where it ran (threads, driver, time) is recorded in reports and never part of this.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::{GuardConfig, Origin, RunSpec};
use crate::{device::Device, digest, train::Plan};

/// Raised by hand when the arithmetic of runs changes, so that older results are computed again.
const VERSION: u32 = 2;

/// All values that the result of a run depends on.
#[derive(Debug, Serialize)]
pub(crate) struct RunIdentity<'a> {
    version: u32,
    method: &'a str,
    plan: &'a Plan,
    guards: Option<&'a GuardConfig>,
    /// How a proxy is trained.
    #[serde(skip_serializing_if = "Option::is_none")]
    training: Option<&'a Plan>,
    seed: u64,
    #[serde(flatten)]
    origin: &'a Origin,
    /// What does the arithmetic: the CPU backend, or a GPU adapter.
    backend: String,
}

impl<'a> RunIdentity<'a> {
    pub(crate) fn new(spec: &'a RunSpec, device: &Device) -> Self {
        let RunSpec { method, plan, guards, seed, origin, .. } = spec;
        let training = spec.training.as_ref().filter(|_| guards.is_some());
        let backend = device.info().arithmetic();
        let guards = guards.as_ref();
        Self { version: VERSION, method, plan, guards, training, seed: *seed, origin, backend }
    }

    /// The form that checkpoints and stored results hold.
    pub(crate) fn leaves(&self) -> Identity {
        // With an empty identity all runs would look alike, so this panics instead.
        leaves(&serde_json::to_value(self).expect("numbers, texts and lists have a JSON form"))
    }
}

/// The values of an identity by their dotted paths, as JSON text: numbers are compared as they are
/// written.
pub(crate) type Identity = BTreeMap<String, String>;

/// SHA-256 of an identity.
pub(crate) fn identity_digest(identity: &Identity) -> String {
    let lines = identity.iter().map(|(path, value)| format!("{path} = {value}\n"));
    digest::bytes(lines.collect::<String>().as_bytes())
}

/// The fields that differ, with both values; empty where none does.
pub(crate) fn differences(stored: &Identity, wanted: &Identity) -> Vec<String> {
    let paths: BTreeSet<&String> = stored.keys().chain(wanted.keys()).collect();
    let differing = paths.into_iter().filter(|path| stored.get(*path) != wanted.get(*path));
    let shown = |identity: &Identity, path: &str| {
        identity.get(path).map_or_else(|| "absent".to_owned(), |value| shortened(value))
    };
    let in_words = |path: &String| {
        let (there, here) = (shown(stored, path), shown(wanted, path));
        format!("{path}{} is {there} there, {here} here", meaning(path))
    };
    differing.map(in_words).collect()
}

/// What a digest stands for, and what chooses it.
fn meaning(path: &str) -> &'static str {
    match path {
        "data" => " (the rows, by --data, its reading, --limit-train and --limit-test)",
        "forget" => " (the rows to forget)",
        "forgotten_before" => " (the rows forgotten earlier)",
        "validation" => " (the test rows that guards see, by --validation)",
        "starts_from.weights" => " (the network that the run begins with)",
        _ => "",
    }
}

/// A digest by its first digits, any other value whole.
fn shortened(value: &str) -> String {
    const SHOWN: usize = 12;
    let text = value.trim_matches('"');
    match text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => format!("{}...", &text[..SHOWN]),
        false => value.to_owned(),
    }
}

/// The first few of `differing` as one text.
pub(crate) fn listed(differing: &[String]) -> String {
    const SHOWN: usize = 6;
    let mut text = differing.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
    if let Some(more @ 1..) = differing.len().checked_sub(SHOWN) {
        text += &format!("; and {more} more");
    }
    text
}

/// Every value by its dotted path.
fn leaves(value: &Value) -> Identity {
    let Value::Object(fields) = value else {
        return BTreeMap::from([(String::new(), value.to_string())]);
    };
    let below = fields.iter().flat_map(|(key, value)| {
        let join = move |(path, value): (String, String)| match path.as_str() {
            "" => (key.clone(), value),
            path => (format!("{key}.{path}"), value),
        };
        leaves(value).into_iter().map(join)
    });
    below.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{data::Normalisation, run::StartsFrom};
    use crate::{
        models::{Architecture, ModelSpec},
        unlearn::{Method, TrainingConfig},
    };

    fn spec() -> RunSpec {
        let model = ModelSpec {
            architecture: Architecture::LeNet,
            shape: [1, 28, 28],
            classes: 10,
            normalisation: Normalisation::identity(1),
            tokenizer: None,
            onnx: None,
        };
        let method = Method::Retrain;
        RunSpec {
            method: method.to_string(),
            plan: method.defaults().plan(&TrainingConfig::default()),
            guards: None,
            held_out: None,
            first_attempt: None,
            training: None,
            seed: 3,
            origin: Origin {
                starts_from: StartsFrom::fresh(&model, 3),
                data: "d".to_owned(),
                forget: Some("f".to_owned()),
                ..Origin::default()
            },
        }
    }

    fn value(spec: &RunSpec) -> Identity {
        RunIdentity::new(spec, &Device::cpu()).leaves()
    }

    #[test]
    fn the_number_of_threads_is_not_part_of_it() {
        let identity = value(&spec());
        assert!(identity.keys().all(|key| !key.contains("thread")), "{identity:?}");
    }

    /// A result that was stored must be found again by the next release.
    #[test]
    fn the_digest_of_an_identity_stays_what_it_was() {
        let mut value = value(&spec());
        value.insert("backend".to_owned(), "\"flex x86_64\"".to_owned());
        let expected = "ea929299f2d3f166a12cb33e373382be9521d6dbdab361d9ebc6fe26c82adef4";
        assert_eq!(identity_digest(&value), expected);
    }

    #[test]
    fn what_differs_is_named_with_both_values() {
        let (one, mut other) = (spec(), spec());
        other.plan.learning_rate = 0.5;
        other.origin.forget = None;
        let found = differences(&value(&one), &value(&other));
        let expected = [
            "forget (the rows to forget) is \"f\" there, absent here",
            "plan.learning_rate is 0.05 there, 0.5 here",
        ];
        assert_eq!(found, expected);
        assert_eq!(differences(&value(&one), &value(&one)), Vec::<String>::new());
    }
}
