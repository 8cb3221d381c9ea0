//! Results that are there already: the one that a resumed command would make, or another that would
//! be lost.

use std::path::{Path, PathBuf};

use serde::Serialize;
use ugradsl::{
    data::Dataset,
    models::{ModelFile, ModelSpec},
    run::Verdict,
    session::{Difference, UnlearnModel},
    unlearn::TrainingConfig,
};

use crate::{
    exit::{Failure, Outcome, Result},
    model_arg,
    output::note,
    workbench::Checkpoint,
};

/// The network that a command to be resumed has made, if it is finished: its file is there, and its
/// checkpoint is not.
fn finished(out: &Path, checkpoint: &Checkpoint, resume: bool) -> Option<ModelFile> {
    if !resume || checkpoint.exists() {
        return None;
    }
    model_arg::saved(out)
}

fn said(out: &Path) {
    note(&format!(
        "{} is there and has no checkpoint: it is finished, and nothing was done; without --resume it \
         is made anew",
        out.display()
    ));
}

fn other(out: &Path, what: &str) -> Failure {
    let out = out.display();
    let message =
        format!("{out} is there and is not what is to be resumed: {what}; give another name");
    Failure::new(Outcome::Data, anyhow::anyhow!(message))
}

/// What a command says of a result that it finds finished.
#[derive(Debug, Serialize)]
pub(crate) struct Finished {
    /// An earlier command made it, and this one did nothing.
    finished_before: bool,
    seed: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    forget: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<Verdict>,
}

impl Finished {
    /// Whether what was asked for is reached.
    pub(crate) fn is_fulfilled(&self) -> bool {
        self.verdict.is_none_or(Verdict::is_fulfilled)
    }
}

/// The trained network, if `train --resume` has nothing left to do.
pub(crate) fn trained(
    out: &Path,
    checkpoint: &Checkpoint,
    resume: bool,
    (spec, seed, training): (&ModelSpec, u64, &TrainingConfig),
    dataset: &Dataset,
) -> Result<Option<Finished>> {
    let Some(file) = finished(out, checkpoint, resume) else { return Ok(None) };
    if file.spec.architecture != spec.architecture || file.spec.shape != spec.shape {
        let (theirs, ours) = (&file.spec.architecture, &spec.architecture);
        return Err(other(out, &format!("it is a {theirs} network, here is a {ours}")));
    }
    if file.spec.onnx != spec.onnx {
        return Err(other(
            out,
            "it is the network of another ONNX file, or other tensors are trained",
        ));
    }
    if file.seed != seed {
        return Err(other(out, &format!("its seed is {}, here it is {seed}", file.seed)));
    }
    if let Some(Err(data)) = file.data.as_ref().map(|data| data.check(dataset, &file.ledger)) {
        return Err(other(out, &data.to_string()));
    }
    match TrainingConfig::of(&file)? {
        Some(made) if made != *training => {
            return Err(other(out, "it was trained by other settings (`training`)"));
        }
        Some(_) => said(out),
        None => {
            said(out);
            note("with which training settings it was made, the file does not say");
        }
    }
    let (forget, method, verdict) = Default::default();
    Ok(Some(Finished { finished_before: true, seed, forget, method, verdict }))
}

/// The file of a deletion that is finished, if there is nothing left to do. Records are written
/// before it is, so that those which are missing were not asked for when it was made.
pub(crate) fn unlearned(
    out: &Path,
    checkpoint: &Checkpoint,
    resume: bool,
    (task, dataset): (&UnlearnModel, &Dataset),
    records: &[PathBuf],
) -> Result<Option<Finished>> {
    let Some(file) = finished(out, checkpoint, resume) else { return Ok(None) };
    let difference = task.difference(&file, dataset);
    match &difference {
        None | Some(Difference::Unknown) => {}
        Some(difference) => return Err(other(out, &difference.to_string())),
    }
    if let Some(missing) = records.iter().find(|path| !path.exists()) {
        return Err(Failure::usage(format!(
            "{} is finished, and its file does not hold what the record {} says: without --resume the run is \
             repeated and the record written",
            out.display(),
            missing.display()
        )));
    }
    said(out);
    difference.iter().for_each(|unknown| note(&unknown.to_string()));
    let last = file.ledger.entries().last();
    let verdict = last.and_then(|entry| entry.verdict);
    let forget = last.map(|entry| entry.request.clone());
    let method = last.map(|entry| entry.method.clone());
    Ok(Some(Finished { finished_before: true, seed: file.seed, forget, method, verdict }))
}

/// Says that a network is replaced, and what it is.
pub(crate) fn say_replaced(out: &Path) {
    let Some(file) = model_arg::saved(out) else { return };
    let last = file.ledger.entries().last();
    let what = match last {
        Some(entry) => format!(
            "has forgotten {} by {}{}",
            entry.request,
            entry.method,
            entry.verdict.map_or(String::new(), |verdict| format!(" ({verdict})"))
        ),
        None => format!("is a trained {}", file.spec.architecture),
    };
    let records = match last {
        Some(_) => "; a record of its deletion no longer fits it",
        None => "",
    };
    note(&format!("{} {what}: the new network replaces it{records}", out.display()));
}

/// Refuses to write over a network that has forgotten what the new one has not.
/// The same request is made again, unless it names other rows now.
pub(crate) fn keep_deletions(out: &Path, task: &UnlearnModel, dataset: &Dataset) -> Result<()> {
    let Some(file) = model_arg::saved(out) else { return Ok(()) };
    let lost: Vec<&str> = file
        .ledger
        .entries()
        .iter()
        .filter(|entry| !task.keeps(entry, dataset))
        .map(|entry| entry.request.as_str())
        .collect();
    match lost.is_empty() {
        true => Ok(()),
        false => Err(Failure::usage(format!(
            "{} has forgotten {}, which the new network would still know: give another name, or that file \
             as --model",
            out.display(),
            lost.join(", ")
        ))),
    }
}
