//! `ugradsl evaluate`: measures a saved network, and its gap to a retrained one if there is one.

use std::path::Path;

use serde_json::json;
use ugradsl::{
    audit::{LinearProbe, ProbeError, RelearnTime, linear_probe, relearn},
    data::Split,
    evaluate::{
        Measures, Predictions, Similarity, average_gap, jensen_shannon, label_ldp, label_odds,
    },
    models::{ModelFile, Network},
};

use super::{
    model,
    single::{Sets, Workbench},
};
use crate::{
    args::EvaluateArgs,
    exit::{Failure, Outcome, Result},
    output,
};

/// Accuracy (0..1) on forgotten samples at which they count as known again.
const REGAINED: f64 = 0.5;

/// A network with what it says.
struct Subject {
    file: ModelFile,
    network: Network,
    sets: Sets,
    predictions: Predictions,
    measures: Measures,
}

pub(crate) fn run(args: EvaluateArgs) -> Result {
    let workbench = Workbench::open(&args.single, Some(&args.model.model), Some(&args.forget))?;
    let file = model::read(&args.model, &workbench.dataset)?;
    let split = workbench.split(&args.forget, &file)?;
    let label_ldp = args
        .label_ldp
        .map(|(alpha, ratio)| {
            let epsilon =
                label_ldp(alpha, workbench.dataset.classes, ratio).map_err(Failure::usage)?;
            Ok::<_, Failure>(json!({ "alpha": alpha, "ratio": ratio, "epsilon": epsilon }))
        })
        .transpose()?;
    if let Some(shown) = args.relearn.filter(|shown| *shown == 0 || *shown >= split.forget.len()) {
        return Err(Failure::usage(format!(
            "--relearn {shown}: of {} forgotten samples at least one must be shown, and not all",
            split.forget.len()
        )));
    }
    let read = |path: &Path| model::read_file(path, &args.model, &workbench.dataset);
    let open = |path: &Path| subject(read(path)?, &workbench, &split);
    let subject = subject(file, &workbench, &split)?;
    let retrained = args.retrained.as_deref().map(open).transpose()?;
    let original = args.original.as_deref().map(open).transpose()?;
    let (measures, predictions) = (&subject.measures, &subject.predictions);
    let roc = predictions.roc().map_err(fail)?;
    let odds = label_odds(&predictions.forget);
    let mut result = json!({
        "schema_version": 1,
        "config": workbench.config_of(&subject.file.spec),
        "seed": workbench.seed,
        "forget": args.forget,
        "weights": subject.file.digest(),
        "measures": measures,
        "roc": roc,
        "label_odds": odds,
        "label_ldp": label_ldp,
    });
    let mut text = format!(
        "UA {:.2}  MIA {:.2}  RA {:.2}  TA {:.2}\n\
         threshold attack on the forget set: AUC {:.4}  TPR at 1 % FPR {:.2}  balanced accuracy {:.2}\n",
        measures.ua,
        measures.mia.confidence,
        measures.ra,
        measures.ta,
        roc.forget.auc,
        roc.forget.tpr_at_fpr_1,
        roc.forget.balanced_accuracy
    );
    if let Some(original) = &original {
        result["original"] = described(original)?;
    }
    if let Some(oracle) = &retrained {
        let gap = average_gap(measures, &oracle.measures);
        let js = jensen_shannon(&predictions.forget, &oracle.predictions.forget).map_err(fail)?;
        let likeness = Similarity::between(predictions, &oracle.predictions).map_err(fail)?;
        let reference = oracle.predictions.roc().map_err(fail)?;
        result["retrained"] = described(oracle)?;
        result["gap"] = json!(gap);
        result["js_forget"] = json!(js);
        result["likeness"] = json!(likeness);
        text += &format!(
            "retrained network: AUC {:.4}\n\
             average gap to the retrained network {gap:.2} points, divergence on the forget set {js:.4} nats (KL {:.4}), \
             same answer on {:.2} % of the forget set and {:.2} % of the test set\n",
            reference.forget.auc,
            likeness.kl_forget,
            likeness.agreement_forget,
            likeness.agreement_test
        );
    }
    if let Some(value) = &label_ldp {
        text += &format!(
            "Label-LDP: epsilon {:.4} nats\n",
            value["epsilon"].as_f64().unwrap_or(f64::NAN)
        );
    }
    if args.relearn.is_some() || args.probe {
        let networks =
            [("original", &original), ("unlearned", &Some(subject)), ("retrained", &retrained)];
        for (name, subject) in networks {
            let Some(subject) = subject else { continue };
            if let Some(shown) = args.relearn {
                let time =
                    relearn_time(subject, &workbench, &split, shown, args.relearn_steps as usize)?;
                text += &relearn_line(name, &time);
                result["relearn"][name] = json!(time);
            }
            if args.probe {
                let probe = probe(subject, &workbench, &split)?;
                text += &format!(
                    "{name}: linear probe {:.2} % of {} samples\n",
                    probe.accuracy, probe.asked
                );
                result["linear_probe"][name] = json!(probe);
            }
        }
    }
    output::emit(&if args.single.common.json {
        serde_json::to_string_pretty(&result)?
    } else {
        text
    });
    Ok(Outcome::Done)
}

fn fail(error: impl Into<anyhow::Error>) -> Failure {
    Failure::new(Outcome::Data, error)
}

fn subject(file: ModelFile, workbench: &Workbench, split: &Split) -> Result<Subject> {
    let network = file.load(&workbench.device)?;
    let sets = workbench.sets(&file.spec);
    let (predictions, measures) = workbench.measure(&network, &sets, split)?;
    Ok(Subject { file, network, sets, predictions, measures })
}

/// A network that stands beside the one in question.
fn described(subject: &Subject) -> Result<serde_json::Value> {
    Ok(json!({
        "weights": subject.file.digest(),
        "measures": subject.measures,
        "roc": subject.predictions.roc().map_err(fail)?,
        "label_odds": label_odds(&subject.predictions.forget),
    }))
}

fn relearn_time(
    subject: &Subject,
    workbench: &Workbench,
    split: &Split,
    shown: usize,
    steps: usize,
) -> Result<RelearnTime> {
    let (network, train) = (subject.network.clone(), &subject.sets.train);
    let curve = relearn(network, &workbench.device, train, split, shown, steps, workbench.seed);
    Ok(RelearnTime::new(pollster::block_on(curve).map_err(fail)?, shown, REGAINED))
}

fn relearn_line(name: &str, time: &RelearnTime) -> String {
    let level = 100.0 * time.level;
    match time.steps {
        Some(steps) => {
            let epochs = time.epochs.unwrap_or_default();
            format!(
                "{name}: {level:.0} % of the forgotten samples are known again after {steps} steps ({epochs:.1} epochs)\n"
            )
        }
        None => {
            let most = time.curve.len().saturating_sub(1);
            format!(
                "{name}: {level:.0} % of the forgotten samples are not known again after {most} steps\n"
            )
        }
    }
}

fn probe(subject: &Subject, workbench: &Workbench, split: &Split) -> Result<LinearProbe> {
    let (network, classes) = (subject.network.clone(), workbench.dataset.classes);
    let probe = linear_probe(
        network,
        classes,
        &workbench.device,
        &subject.sets.train,
        split,
        workbench.seed,
    );
    pollster::block_on(probe).map_err(|error| match error {
        ProbeError::Samples(_) => Failure::usage(format!("--probe: {error}")),
        error => fail(error),
    })
}
