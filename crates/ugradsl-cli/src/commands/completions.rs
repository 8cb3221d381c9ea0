//! `ugradsl completions`: the script with which a shell completes the arguments.

use clap::CommandFactory;

use crate::{
    args::{Cli, CompletionsArgs},
    exit::{Outcome, Result},
    output,
};

pub(crate) fn run(args: CompletionsArgs) -> Result {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "ugradsl", &mut script);
    output::emit(&String::from_utf8_lossy(&script));
    Ok(Outcome::Done)
}
