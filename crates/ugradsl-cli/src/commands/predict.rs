//! `ugradsl predict`: the logits of a saved network, row by row, as a table for other programs.

use std::path::Path;

use ugradsl::{
    run::write_atomically,
    session::{Part, predict_model},
};

use crate::{
    args::{self, PredictArgs},
    exit::Result,
    places::check_text_out,
    workbench::{Uses, Workbench, emit_with},
};

pub(crate) fn run(args: PredictArgs) -> Result {
    let inputs = [
        ("--model", Some(args.model.model.as_path())),
        ("--recipe", args.single.common.recipe.as_deref()),
        ("--data", args.single.data.data.as_deref().map(Path::new)),
    ];
    check_text_out(&args.out, &inputs)?;
    let uses = Uses { answers: true, ..Uses::default() };
    let workbench = Workbench::open_model(&args.single, &args.model, uses)?;
    let file = workbench.read(&args.model)?;
    let part = match args.of {
        args::Part::Test => Part::Test,
        args::Part::Train => Part::Train,
    };
    let predicted = predict_model(&file, &workbench.dataset, part, &workbench.device);
    let predicted = pollster::block_on(predicted)?;
    write_atomically(&args.out, predicted.to_csv().as_bytes())?;
    let accuracy = predicted.accuracy.map_or_else(|| "-".to_owned(), |share| format!("{share:.2}"));
    let text = format!("{}: rows {}, accuracy {accuracy} %", args.out.display(), predicted.rows);
    let config = workbench.config_of(&file.spec);
    let json = args.single.common.json;
    emit_with(json, &config, &predicted, &[("table", &args.out)], &text)
}
