//! `ugradsl advise`: what unlearning and retraining would cost here, and which to choose.

use comfy_table::{CellAlignment, Table, presets::UTF8_HORIZONTAL_ONLY};
use serde_json::json;
use ugradsl::{
    data::ForgetRequest,
    models::Forgotten,
    session::{Advice, Cost, Drift, Session},
    unlearn::Method,
};

use super::{
    model,
    single::{Workbench, session_failure},
};
use crate::{
    args::AdviseArgs,
    exit::{Outcome, Result},
    output,
};

pub(crate) fn run(args: AdviseArgs) -> Result {
    let workbench = Workbench::open(&args.single, Some(&args.model.model), Some(&args.forget))?;
    let request = ForgetRequest::parse_for(&args.forget, &workbench.dataset)?;
    let original = model::read(&args.model, &workbench.dataset)?;
    let before = workbench.forgotten(&original)?;
    let split = request.split_after(&before, &workbench.dataset, workbench.seed)?;
    let config = workbench.config_of(&original.spec);
    let network = original.load(&workbench.device)?;
    let cost = |method: Method| -> Result<Cost> {
        let network = if method.unlearns() {
            network.clone()
        } else {
            original.spec.init(workbench.seed, &workbench.device.autodiff())?
        };
        let mut session =
            Session::new(network, workbench.dataset.clone(), workbench.device.clone())
                .normalisation(original.spec.normalisation.clone())
                .forget(request.clone())
                .after(before.clone())
                .method(config.method.get(method))
                .training(config.training.clone())
                .guards(config.guards.clone())
                .seed(workbench.seed);
        let steps = args.steps as usize;
        pollster::block_on(Cost::of(method, &mut session, steps)).map_err(session_failure)
    };
    let [ugradsl, plus, retraining] =
        [cost(Method::UGradSl)?, cost(Method::UGradSlPlus)?, cost(Method::Retrain)?];
    // As the ledger will be when this request is carried out.
    let mut ledger = original.ledger.clone();
    ledger.push(Forgotten::new(&args.forget, split.forget.clone(), "", "", workbench.seed));
    let drift = Drift::of(&ledger, workbench.dataset.train.len());
    let advice = Advice::choose(&ugradsl, &plus, &retraining, &drift);
    let costs = [ugradsl, plus, retraining];
    output::emit(&if args.single.common.json {
        serde_json::to_string_pretty(&json!({
            "schema_version": 1,
            "config": config,
            "seed": workbench.seed,
            "forget": args.forget,
            "forgotten_rows": split.forget.len(),
            "device": workbench.device.info(),
            "costs": costs,
            "drift": drift,
            "advice": advice,
        }))?
    } else {
        text(&costs, &drift, &advice)
    });
    Ok(Outcome::Done)
}

fn text(costs: &[Cost], drift: &Drift, advice: &Advice) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY).set_header([
        "method",
        "steps",
        "ms a step",
        "seconds at most",
        "steps timed",
    ]);
    for cost in costs {
        table.add_row([
            cost.method.to_string(),
            cost.steps.to_string(),
            format!("{:.2}", 1000.0 * cost.seconds_per_step),
            format!("{:.1}", cost.seconds),
            cost.timed_steps.to_string(),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    format!(
        "{table}\nwith this request: {}\nadvice: {}, because {}\n",
        drift.summary(),
        advice.method,
        advice.reason
    )
}
