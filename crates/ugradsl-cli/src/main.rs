//! The binary `ugradsl`: all of it is in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(ugradsl_cli::main_with(std::env::args_os()))
}
