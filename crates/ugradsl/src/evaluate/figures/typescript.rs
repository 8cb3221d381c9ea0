//! Figures as fields of the record around them, in TypeScript.

use std::fmt::Write;

use ts_rs::{Config, TS};

use super::Figures;
use crate::evaluate::{Figure, WhenAbsent};

impl TS for Figures {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(_: &Config) -> String {
        "Figures".to_owned()
    }

    fn inline(config: &Config) -> String {
        Self::inline_flattened(config)
    }

    fn inline_flattened(_: &Config) -> String {
        object("")
    }
}

/// The figures whose keys begin with `path`, as an object type.
fn object(path: &str) -> String {
    let (mut text, mut objects) = ("{ ".to_owned(), Vec::new());
    for figure in Figure::ALL {
        let Some(rest) = figure.key().strip_prefix(path) else { continue };
        let line = match rest.split_once('.') {
            Some((name, _)) if objects.contains(&name) => continue,
            Some((name, _)) => {
                objects.push(name);
                format!("{name}: {} | null, ", object(&format!("{path}{name}.")))
            }
            None => field(rest, figure, path.is_empty()),
        };
        let _ = write!(text, "{line}");
    }
    text + "}"
}

/// One field. Those of a nested object are present or absent together, with the object.
fn field(name: &str, figure: Figure, alone: bool) -> String {
    let (optional, null) = match figure.when_absent() {
        WhenAbsent::LeaveOut => ("?", ""),
        WhenAbsent::Null if alone => ("", " | null"),
        _ => ("", ""),
    };
    let meaning = figure.measure().explanation().meaning;
    let (part, unit) = (figure.part().words(), figure.unit().words());
    let details = [part, unit]
        .into_iter()
        .filter(|words| !words.is_empty())
        .collect::<Vec<_>>()
        .join(", in ");
    format!("\n/**\n * {meaning} ({details})\n */\n{name}{optional}: number{null}, ")
}
