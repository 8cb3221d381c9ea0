//! Results that are there already: the one that a resumed command would make, or another that would
//! be lost.

use std::path::Path;

use ugradsl::{
    data::Dataset,
    models::{Ledger, ModelFile, ModelSpec},
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

/// Whether `train --resume` has nothing left to do.
pub(crate) fn trained(
    out: &Path,
    checkpoint: &Checkpoint,
    resume: bool,
    (spec, seed, training): (&ModelSpec, u64, &TrainingConfig),
    dataset: &Dataset,
) -> Result<bool> {
    let Some(file) = finished(out, checkpoint, resume) else { return Ok(false) };
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
    Ok(true)
}

/// What was to be forgotten, and how.
pub(crate) struct Deletion<'a> {
    pub(crate) before: &'a Ledger,
    pub(crate) request: &'a str,
    pub(crate) method: &'a str,
    pub(crate) seed: u64,
}

/// How `unlearn --resume` ended, if it has nothing left to do.
pub(crate) fn unlearned(
    out: &Path,
    checkpoint: &Checkpoint,
    resume: bool,
    deletion: &Deletion<'_>,
) -> Result<Option<Outcome>> {
    let Some(file) = finished(out, checkpoint, resume) else { return Ok(None) };
    let Some((last, before)) = file.ledger.entries().split_last() else {
        return Err(other(out, "it has forgotten nothing"));
    };
    let asked = (deletion.request, deletion.method, deletion.seed);
    let made = (last.request.as_str(), last.method.as_str(), last.seed);
    if made != asked || before != deletion.before.entries() {
        let (request, method, seed) = made;
        return Err(other(
            out,
            &format!("its last request is {request}, by {method}, seed {seed}"),
        ));
    }
    said(out);
    note("of which network and by which settings of the method it was made, the file does not say");
    let fulfilled = last.verdict.is_none_or(|verdict| verdict.is_fulfilled());
    Ok(Some(if fulfilled { Outcome::Done } else { Outcome::Gate }))
}

/// Refuses to write over a network that has forgotten what the new one has not.
pub(crate) fn keep_deletions(out: &Path, deletion: &Deletion<'_>) -> Result<()> {
    let Some(file) = model_arg::saved(out) else { return Ok(()) };
    let known = deletion.before.entries();
    let lost: Vec<&str> = file
        .ledger
        .entries()
        .iter()
        .filter(|entry| !known.contains(entry) && entry.request != deletion.request)
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
