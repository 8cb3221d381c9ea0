//! `ugradsl verify`: checks a report's digest, the files that it names, and its figures.

use std::path::Path;

use comfy_table::{ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use serde::Serialize;
use ugradsl::{
    experiment::ExperimentConfig,
    models::{ModelFile, NetworkName},
    record::DeletionRecord,
    report::{Report, Verification, compare_replay, verify},
    run::FolderStore,
};

use crate::{
    args::VerifyArgs,
    exit::{Failure, Outcome, Result},
    host::{Host, Job},
    output::{self, read_text},
};

/// What the check of a report found, as JSON.
#[derive(Serialize)]
struct Verified<'a> {
    schema_version: u32,
    config: &'a ExperimentConfig,
    report: &'a Path,
    holds: bool,
    measured: Verification,
    #[serde(skip_serializing_if = "Option::is_none")]
    replayed: Option<Verification>,
}

/// What the check of a record found, as JSON.
#[derive(Serialize)]
struct VerifiedRecord<'a> {
    schema_version: u32,
    record: &'a Path,
    model: &'a str,
    holds: bool,
    clashes: &'a [String],
}

pub(crate) fn run(args: VerifyArgs) -> Result {
    if args.tolerance.is_some_and(|points| !(0.0..=100.0).contains(&points)) {
        return Err(Failure::usage("--tolerance: give 0 to 100 points"));
    }
    let text = read_text(&args.file)?;
    if is_record(&text) {
        return verify_record(&text, &args);
    }
    if is_sweep(&text) {
        let folder = args.file.parent().unwrap_or(Path::new(".")).display();
        return Err(Failure::file(
            &args.file,
            format!(
                "this is the table of a sweep: verify the report of each cell, {folder}/CELL/report.json"
            ),
        ));
    }
    let report =
        Report::from_json(&text).map_err(|error| Failure::from(error).about(&args.file))?;
    check_own(&report).map_err(|message| Failure::usage(message).about(&args.file))?;
    let device = args.device.unwrap_or(report.config.device);
    let job = || {
        let job = Job::open(report.config.clone(), args.data_root.as_deref(), None, false)?;
        Ok::<_, Failure>(Job { device, ..job })
    };
    let fresh = job()?;
    let store = models_of(&args)?;
    let mut host = Host::default();
    let fresh = host.prepare(fresh)?;
    let measured = pollster::block_on(verify(&text, fresh, &store, args.tolerance))?;
    let mut shown = table("measured again", &measured);
    let (mut holds, mut replayed) = (measured.holds(), None);
    if args.replay {
        let Some(again) = host.run(job()?)? else {
            output::note("interrupted: the next replay starts from the beginning");
            return Ok(Outcome::Interrupted);
        };
        let found = compare_replay(&report, &again.report(), args.tolerance)?;
        holds &= found.holds();
        shown += &table("run again", &found);
        replayed = Some(found);
    } else {
        shown += "Time, steps, history, warnings and outcomes are covered by the digest alone, which \
                  anybody can compute anew; --replay checks all of them but the time.\n";
    }
    let (config, file) = (&report.config, &args.file);
    let result = Verified { schema_version: 1, config, report: file, holds, measured, replayed };
    output::emit(&if args.json { serde_json::to_string_pretty(&result)? } else { shown });
    Ok(if holds { Outcome::Done } else { Outcome::Gate })
}

/// The folder with the models of the report.
fn models_of(args: &VerifyArgs) -> Result<FolderStore> {
    let named = args.models.as_deref().or(args.file.parent());
    let folder = named.filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match folder.is_dir() {
        true => Ok(FolderStore::new(folder)?),
        false => Err(Failure::file(folder, "no such folder")),
    }
}

/// Whether a file is the record of a deletion, not a report.
pub(super) fn is_record(text: &str) -> bool {
    has_key(text, "read_against_is")
}

/// Whether a file is the table of a sweep, not a report.
pub(super) fn is_sweep(text: &str) -> bool {
    has_key(text, "axes") && has_key(text, "cells")
}

fn has_key(text: &str, key: &str) -> bool {
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    value.get(key).is_some()
}

/// Checks that the record of a deletion and the file of its network belong together.
fn verify_record(text: &str, args: &VerifyArgs) -> Result {
    let unread = |error: &dyn std::fmt::Display| Failure::file(&args.file, error);
    if args.replay || args.tolerance.is_some() || args.device.is_some() {
        return Err(Failure::usage(
            "the record of a deletion is checked against the file of its network: --replay, \
             --tolerance and --device have no effect on it",
        ));
    }
    let record = DeletionRecord::from_json(text).map_err(|error| unread(&error))?;
    let folder = args.models.as_deref().or(args.file.parent()).unwrap_or(Path::new("."));
    let path = folder.join(Path::new(&record.model.file).file_name().unwrap_or_default());
    let bytes = std::fs::read(&path).map_err(|error| Failure::file(&path, error))?;
    let model = ModelFile::from_bytes(&bytes).map_err(|error| Failure::file(&path, error))?;
    let clashes = record.clashes(&model);
    let holds = clashes.is_empty();
    let model = path.display().to_string();
    output::emit(&match (args.json, holds) {
        (true, _) => {
            let (record, clashes) = (&args.file, &clashes);
            let result =
                VerifiedRecord { schema_version: 1, record, model: &model, holds, clashes };
            serde_json::to_string_pretty(&result)?
        }
        (false, true) => format!(
            "the record and {model} belong together: weights, {}the contents of {} rows, data, method, seed, \
             time, accuracy on test rows and the kind of outcome agree. All else (other figures, words, names, \
             who asked) is not compared: a signature protects it",
            if record.private { "" } else { "request, " },
            record.rows.len()
        ),
        (false, false) => {
            format!("the record and {model} do not belong together:\n  {}", clashes.join("\n  "))
        }
    });
    Ok(if holds { Outcome::Done } else { Outcome::Gate })
}

/// Refuses a report of what only the program that made it can build.
fn check_own(report: &Report) -> std::result::Result<(), String> {
    let network = match &report.config.architecture {
        NetworkName::Own(name) => Some(format!("network {name:?}")),
        NetworkName::BuiltIn(_) => None,
    };
    let plans = report.plans.keys().map(|name| format!("plan {name:?}"));
    let own: Vec<String> = network.into_iter().chain(plans).collect();
    if own.is_empty() {
        return Ok(());
    }
    let own = own.join(", ");
    Err(format!(
        "the report is of a program with its own {own}, which is not known here: that program can check it with \
         `ugradsl::report::verify`"
    ))
}

/// A table of the differences, or a line that says there are none.
fn table(how: &str, verification: &Verification) -> String {
    let bound = match (verification.same_place, verification.tolerance) {
        (_, 0.0) => "to 12 digits".to_owned(),
        (true, points) => format!("to {points} points"),
        (false, points) => format!("on another device or platform, to {points} points"),
    };
    let lacking = match verification.not_compared {
        0 => String::new(),
        count => {
            format!("; {count} that this version has are not in the report, and were not compared")
        }
    };
    let count = verification.differences.len();
    if count == 0 {
        return format!("{how}: {} fields agree {bound}{lacking}\n", verification.fields);
    }
    let mut table = Table::new();
    table
        .load_style(UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(["field", "reported", "found"]);
    for difference in &verification.differences {
        table.add_row([&difference.field, &difference.reported, &difference.found]);
    }
    format!("{how}: {count} fields differ (compared {bound}{lacking})\n{table}\n")
}
