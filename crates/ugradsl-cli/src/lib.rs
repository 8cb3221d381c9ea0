//! The command line of ugradsl: a thin front end over the library's experiments and reports.
//!
//! It is a library so that two programs can be it: the binary `ugradsl`, and the command of that
//! name in the Python package.
//!
//! Results go to stdout, messages go to stderr. Exit codes: 0 done, 1 done but a gate failed or a
//! request to forget is not fulfilled, 2 usage or config, 3 unreadable data or model, 4 no usable
//! device or failed self-test, 101 internal error, 130 interrupted with the checkpoint written.

#![recursion_limit = "256"]

mod args;
mod commands;
#[cfg(test)]
mod docgen;
mod exit;
mod fetch;
mod finished;
mod host;
mod loader;
mod memory;
mod model_arg;
mod onnx_arg;
mod output;
mod places;
mod progress;
mod record;
mod settings;
mod sheet;
mod table;
mod workbench;

use std::ffi::OsString;

pub use sheet::fragment as contact_sheet;

use clap::Parser;

use args::{Cli, Command, DataCommand};
use exit::Outcome;

/// Runs the command line `args`, the program's name first, and returns the exit code. It takes the
/// process over: its messages, the handler of Ctrl-C, the panic hook and the allocator's settings;
/// end the process afterwards.
pub fn main_with(args: impl IntoIterator<Item = OsString>) -> u8 {
    loader::quiet();
    memory::keep();
    // A failing GPU driver panics deep inside burn: the user gets a hint, not a backtrace.
    std::panic::set_hook(Box::new(|panic| {
        let hint = "if a GPU was in use, try --device cpu";
        output::note(&format!("ugradsl: internal error: {panic}\n({hint})"));
    }));
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(answer) => {
            // A closed pipe is not an error.
            let _ = answer.print();
            return if answer.use_stderr() { Outcome::Usage.code() } else { Outcome::Done.code() };
        }
    };
    let result = std::panic::catch_unwind(|| host::check_threads().and_then(|()| run(cli.command)));
    match result {
        Ok(Ok(outcome)) => outcome.code(),
        Ok(Err(error)) => {
            output::note(&format!("ugradsl: {}", error.source));
            error.code()
        }
        Err(_) => Outcome::Internal.code(),
    }
}

/// Runs a command.
fn run(command: Command) -> exit::Result<Outcome> {
    match command {
        Command::Demo(args) => commands::demo::run(args),
        Command::Compare(args) => commands::compare::run(args),
        Command::Sweep(args) => commands::sweep::run(args),
        Command::Train(args) => commands::train::run(args),
        Command::Unlearn(args) => commands::unlearn::run(args),
        Command::Evaluate(args) => commands::evaluate::run(args),
        Command::Audit(args) => commands::audit::run(args),
        Command::Explain(args) => commands::explain::run(args),
        Command::Predict(args) => commands::predict::run(args),
        Command::Report(args) => commands::report::run(args),
        Command::Verify(args) => commands::verify::run(args),
        Command::Advise(args) => commands::advise::run(args),
        Command::Data(DataCommand::List(args)) => commands::data::list(args),
        Command::Data(DataCommand::Show(args)) => commands::show::run(*args),
        Command::Data(DataCommand::Fetch(args)) => commands::data::fetch(args),
        Command::Doctor(args) => commands::doctor::run(args),
        Command::Completions(args) => commands::completions::run(args),
    }
}
