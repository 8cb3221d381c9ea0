//! `ugradsl predict`: the logits of a saved network, row by row, for whoever wants to check or to count on
//! their own.

use serde_json::json;
use ugradsl::{
    evaluate::{Probabilities, accuracy, logits},
    run::write_atomically,
};

use super::{model, single::Workbench};
use crate::{
    args::{Half, PredictArgs},
    exit::{Failure, Outcome, Result},
    output,
};

pub(crate) fn run(args: PredictArgs) -> Result {
    let workbench = Workbench::open(&args.single, Some(&args.model.model), None)?;
    let file = model::read(&args.model, &workbench.dataset)?;
    let config = workbench.config_of(&file.spec);
    let network = file.load(&workbench.device)?;
    let sets = workbench.sets(&file.spec);
    let set = match args.of {
        Half::Test => sets.test,
        Half::Train => sets.train,
    };
    let rows = set.all_rows();
    let fail = |error: anyhow::Error| Failure::new(Outcome::Data, error);
    let (values, classes) = pollster::block_on(logits(&network, &set, &rows))
        .map_err(|error| Failure::new(Outcome::Device, error))?;
    let labels = set.host_labels(&rows);
    let probabilities = Probabilities::from_logits(classes, &values, &labels)
        .map_err(|error| fail(error.into()))?;
    let table = table(&values, classes, &labels).map_err(|error| fail(error.into()))?;
    write_atomically(&args.out, &table)?;
    let accuracy = accuracy(&probabilities);
    let result = json!({
        "schema_version": 1,
        "config": config,
        "weights": file.digest(),
        "rows": rows.len(),
        "accuracy": accuracy,
        "table": args.out,
    });
    output::emit(&if args.single.common.json {
        serde_json::to_string_pretty(&result)?
    } else {
        let accuracy = accuracy.map_or_else(|| "-".to_owned(), |percent| format!("{percent:.2}"));
        format!("{} rows, accuracy {accuracy} %: {}\n", rows.len(), args.out.display())
    });
    Ok(Outcome::Done)
}

/// A heading and a line a row; numbers as short as they can be without losing a bit.
fn table(values: &[f32], classes: usize, labels: &[u32]) -> csv::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let heading = ["row".to_owned(), "label".to_owned()].into_iter();
    writer.write_record(heading.chain((0..classes).map(|class| format!("logit{class}"))))?;
    for (row, (logits, label)) in values.chunks(classes.max(1)).zip(labels).enumerate() {
        let numbers = [row.to_string(), label.to_string()].into_iter();
        writer.write_record(numbers.chain(logits.iter().map(f32::to_string)))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
