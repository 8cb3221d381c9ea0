//! `ugradsl advise`: what unlearning and retraining would cost here, and which to choose.

use comfy_table::{CellAlignment, Table, presets::UTF8_HORIZONTAL_ONLY};
use ugradsl::{
    data::ForgetRequest,
    session::{AdviseModel, Advised},
    unlearn::Method,
};

use crate::{
    args::AdviseArgs,
    exit::Result,
    workbench::{Uses, Workbench, emit},
};

/// What it compares with retraining.
const METHODS: [Method; 2] = [Method::UGradSl, Method::UGradSlPlus];

pub(crate) fn run(args: AdviseArgs) -> Result {
    let uses =
        Uses { forget: Some(&args.forget), methods: &METHODS, training: true, ..Uses::default() };
    let workbench = Workbench::open_model(&args.single, &args.model, uses)?;
    let request = ForgetRequest::parse_for(&args.forget, &workbench.dataset)?;
    let model = workbench.read(&args.model)?;
    let config = workbench.config_of(&model.spec);
    let methods = METHODS.map(|method| config.method.get(method));
    let task = AdviseModel::new(model, request)
        .with_request_name(args.forget.clone())
        .with_training(Some(config.training.clone()))
        .with_methods(methods.to_vec())
        .with_guards(config.guards.clone())
        .with_seed(workbench.seed)
        .with_other_data_allowed(args.model.allow_other_data)
        .with_steps(args.steps as usize);
    let advised = pollster::block_on(task.run(workbench.dataset, workbench.device))?;
    emit(args.single.common.json, &config, &advised, None, &text(&advised))
}

fn text(advised: &Advised) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY).set_header([
        "method",
        "steps",
        "ms per step",
        "seconds at most",
        "steps timed",
    ]);
    for cost in &advised.costs {
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
        advised.drift.summary(),
        advised.advice.method,
        advised.advice.reason
    )
}
