//! `cargo xtask`: one program for everything that building ugradsl needs.
//!
//! Each task that needs more than one command, or a command that is hard to remember, is a verb
//! here. `.ci/run` uses the same verbs.

// Talking to the terminal is what this program is for.
#![allow(clippy::print_stderr)]

mod cargo;
mod desktop;
mod examples;
mod features;
mod onnx;
mod outside;
mod package;
mod python;
mod runner;
mod setup;
mod step;
mod venv;
mod web;
mod words;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use cargo::CargoCall;
use step::Step;
use workspace::Workspace;

/// Build, test and measure ugradsl.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    /// What to do.
    #[command(subcommand)]
    verb: Verb,
}

/// What can be asked for.
#[derive(Debug, Subcommand)]
enum Verb {
    /// Install what the tests need: rustfmt, clippy, the WebAssembly target, a Vulkan driver
    Setup {
        /// Only report what is missing; install nothing
        #[arg(long)]
        check: bool,
    },
    /// The quick inner loop: formatting, words, lints, and what a program without features compiles
    Check,
    /// Everything that has to hold before a change is done
    Test {
        /// Steps to leave out, separated by commas
        #[arg(long, value_enum, value_delimiter = ',', value_name = "STEPS")]
        skip: Vec<Step>,
    },
    /// Run the benchmarks of the library
    Bench {
        /// Passed on to the benchmarks, for instance a filter
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Build the browser demo into web/dist
    Web {
        /// Serve it afterwards
        #[arg(long)]
        serve: bool,
        /// Where to serve it on this machine
        #[arg(long, default_value_t = 4173, requires = "serve")]
        port: u16,
    },
    /// Build, install and test the Python package
    Python {
        /// Only build the wheel that people install, with the release profile, into target/wheels
        #[arg(long)]
        wheel: bool,
    },
    /// Package what is published on crates.io and npm, and check the packages outside the workspace
    Package,
    /// Build the API documentation; warnings are errors
    Docs {
        /// Open it in a browser
        #[arg(long)]
        open: bool,
    },
    /// Format all sources
    Fmt,
}

fn main() -> ExitCode {
    match run(Cli::parse().verb) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Does what `verb` asks for.
fn run(verb: Verb) -> Result<()> {
    let workspace = Workspace::open()?;
    match verb {
        Verb::Setup { check } => setup::run(&workspace, check),
        Verb::Check => {
            runner::run(&workspace, &[Step::Fmt, Step::Words, Step::Clippy], &[])?;
            features::tree(&workspace)
        }
        Verb::Test { skip } => runner::run(&workspace, &Step::ALL, &skip),
        Verb::Bench { args } => {
            let bench = CargoCall::new(["bench", "--workspace", "--locked", "--bench", "kernels"]);
            let bench = bench.with(["--"]);
            workspace.cargo(&bench.with(args))
        }
        Verb::Web { serve, port } => {
            web::build(&workspace)?;
            if serve { web::serve(&workspace, port) } else { Ok(()) }
        }
        Verb::Python { wheel: true } => python::release(&workspace),
        Verb::Python { wheel: false } => python::run(&workspace),
        Verb::Package => package::check(&workspace),
        Verb::Docs { open } => {
            let docs = CargoCall::docs();
            workspace.cargo(&if open { docs.with(["--open"]) } else { docs })
        }
        Verb::Fmt => workspace.cargo(&CargoCall::new(["fmt", "--all"])),
    }
}
