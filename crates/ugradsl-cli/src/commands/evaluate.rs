//! `ugradsl evaluate`: measures a saved network, and its gap to a retrained one if there is one.

use std::path::Path;

use ugradsl::{
    audit::{EvaluateModel, EvaluateModelError, Relearning},
    data::ForgetRequest,
    models::ModelFile,
};

use crate::{
    args::EvaluateArgs,
    exit::{Failure, Outcome, Result},
    model_arg,
    output::note,
    workbench::{Uses, Workbench, emit},
};

pub(crate) fn run(args: EvaluateArgs) -> Result {
    if args.original.is_some() && args.relearn.is_none() && !args.probe {
        return Err(Failure::usage(
            "--original is compared by --relearn and --probe: give one of them, or leave it out",
        ));
    }
    let uses = Uses { forget: Some(&args.forget), attack: true, ..Uses::default() };
    let workbench = Workbench::open_model(&args.single, &args.model, uses)?;
    let read = |path: &Path| model_arg::read_file(path, &args.model, &workbench.dataset);
    let request = ForgetRequest::parse_for(&args.forget, &workbench.dataset)?;
    let steps = args.relearn_steps as usize;
    let model = workbench.read(&args.model)?;
    let original = args.original.as_deref().map(read).transpose()?;
    // A network that had nothing to forget has its original's weights, and says so in its ledger.
    let is_model = |original: &ModelFile| {
        original.digest() == model.digest() && original.ledger == model.ledger
    };
    if original.as_ref().is_some_and(is_model) {
        return Err(Failure::usage(
            "--original is the network of --model: give the network that it was made of",
        ));
    }
    let task = EvaluateModel::new(model, request)
        .with_retrained(args.retrained.as_deref().map(read).transpose()?)
        .with_original(original)
        .with_request_name(args.forget.clone())
        .with_attack(workbench.config.attack)
        .with_relearn(args.relearn.map(|shown| Relearning::new(shown, steps)))
        .with_probe(args.probe)
        .with_label_ldp(args.label_ldp)
        .with_seed(workbench.seed)
        .with_other_data_allowed(args.model.allow_other_data);
    let config = workbench.config_of(&task.model.spec);
    let evaluated = task.run(workbench.dataset, workbench.device);
    let evaluated = pollster::block_on(evaluated).map_err(failure)?;
    if let Some(error) = &evaluated.ledger_error {
        note(&format!("{error}; rows forgotten earlier count as retained here"));
    }
    if let Some(seed) = evaluated.other_draw {
        note(&format!(
            "{} is other rows here than the network has forgotten under that request: --seed {seed} \
             draws those",
            args.forget
        ));
    }
    emit(args.single.common.json, &config, &evaluated, None, &evaluated.to_string())
}

/// An error in a flag's number names the flag.
fn failure(error: EvaluateModelError) -> Failure {
    match &error {
        EvaluateModelError::Relearn(error) if error.is_usage() => {
            Failure::usage(format!("--relearn: {error}"))
        }
        EvaluateModelError::Probe(error) if error.is_usage() => {
            Failure::usage(format!("--probe: {error}"))
        }
        EvaluateModelError::LabelLdp(error) => Failure::usage(format!("--label-ldp: {error}")),
        EvaluateModelError::OtherData(error) => Failure::other_data(error),
        EvaluateModelError::NotRetrained(_)
        | EvaluateModelError::Forget(_)
        | EvaluateModelError::Spec(_) => Failure::new(Outcome::Usage, error),
        _ => Failure::new(Outcome::Data, error),
    }
}
