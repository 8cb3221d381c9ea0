//! `ugradsl audit`: U-LiRA, the likelihood-ratio attack with shadow networks.

use serde_json::json;
use ugradsl::{audit::shadow_pairs, data::ForgetRequest, evaluate::u_lira, unlearn::Method};

use super::experiment;
use crate::{
    args::AuditArgs,
    exit::{Failure, Outcome, Result},
    output,
};

pub(crate) fn run(args: AuditArgs) -> Result {
    let method: Method = args.method.parse().map_err(Failure::usage)?;
    if !method.unlearns() {
        return Err(Failure::usage(format!("{method} does not start from a trained network")));
    }
    let mut config = experiment::config(&args.common, &args.data, &[])?;
    if config.original.is_some() || !config.retrain {
        return Err(Failure::usage(
            "shadow networks are trained and retrained for every seed: `original` and `retrain = false` leave none",
        ));
    }
    config.methods = vec![method];
    config.seeds = (args.seed..args.seed + args.shadows).collect();
    config.forget = vec![args.forget.clone()];
    config.expect.clear();
    let dataset = experiment::open_data(&config, args.common.data_root.as_deref())?;
    // The same rows for every pair: a random share would be drawn anew by each seed.
    let request = ForgetRequest::parse_for(&args.forget, &dataset)?;
    let forgotten = request.split(&dataset, args.seed)?.forget;
    let requests = vec![ForgetRequest::Ids(forgotten.clone())];
    let out = args.out.as_deref();
    let Some((experiment, store)) =
        experiment::carry_out(config, dataset, requests, out, args.resume)?
    else {
        return Ok(Outcome::Interrupted);
    };
    let fail = |error: anyhow::Error| Failure::new(Outcome::Data, error);
    let pairs = shadow_pairs(&experiment, store.as_ref(), method, &forgotten);
    let pairs = pollster::block_on(pairs).map_err(|error| fail(error.into()))?;
    let figures = u_lira(&pairs).map_err(|error| fail(error.into()))?.figures();
    let result = json!({
        "schema_version": 1,
        "config": experiment.config(),
        "method": method,
        "forget": args.forget,
        "forgotten_rows": forgotten.len(),
        "shadow_pairs": pairs.len(),
        "u_lira": figures,
    });
    output::emit(&if args.common.json {
        serde_json::to_string_pretty(&result)?
    } else {
        format!(
            "U-LiRA on {method}, {} pairs of networks, {} forgotten samples each:\n\
             AUC {:.4}  TPR at 1 % FPR {:.2}  at 0.1 % {:.2}  balanced accuracy {:.2}\n\
             AUC 0.5: this attack cannot tell unlearned from retrained networks; few pairs make it weak.\n",
            pairs.len(),
            forgotten.len(),
            figures.auc,
            figures.tpr_at_fpr_1,
            figures.tpr_at_fpr_0_1,
            figures.balanced_accuracy
        )
    });
    Ok(Outcome::Done)
}
