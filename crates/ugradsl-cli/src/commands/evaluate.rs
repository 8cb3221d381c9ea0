//! `ugradsl evaluate`: measures a saved network, and its gap to a retrained one if there is one.

use serde_json::json;
use ugradsl::evaluate::{average_gap, jensen_shannon};

use super::{model, single::Bench};
use crate::{
    args::EvaluateArgs,
    exit::{Failure, Outcome, Result},
    output,
};

pub(crate) fn run(args: EvaluateArgs) -> Result {
    let bench = Bench::open(&args.single, Some(&args.forget))?;
    let split = bench.split(&args.forget)?;
    let measure = |path: &std::path::Path| {
        let file = model::read_file(path, &args.model, &bench.dataset)?;
        let network = file.load(&bench.device)?;
        let (predictions, measures) = bench.measure(&network, &bench.sets(&file.spec), &split)?;
        Ok::<_, Failure>((file, predictions, measures))
    };
    let (file, predictions, measures) = measure(&args.model.model)?;
    let mut result = json!({
        "schema_version": 1,
        "config": bench.config_of(&file.spec),
        "seed": bench.seed,
        "forget": args.forget,
        "weights": file.digest(),
        "measures": measures,
    });
    let mut text = format!(
        "UA {:.2}  MIA {:.2}  RA {:.2}  TA {:.2}\n",
        measures.ua, measures.mia.confidence, measures.ra, measures.ta
    );
    if let Some(path) = &args.retrained {
        let (oracle, on_oracle, reference) = measure(path)?;
        let gap = average_gap(&measures, &reference);
        let js = jensen_shannon(&predictions.forget, &on_oracle.forget)
            .map_err(|error| Failure::new(Outcome::Data, error))?;
        result["retrained"] = json!({ "weights": oracle.digest(), "measures": reference });
        result["gap"] = json!(gap);
        result["js_forget"] = json!(js);
        text += &format!(
            "average gap to the retrained network {gap:.2} points, divergence on the forget set {js:.4} nats\n"
        );
    }
    output::result(&if args.single.common.json {
        serde_json::to_string_pretty(&result)?
    } else {
        text
    });
    Ok(Outcome::Done)
}
