//! The steps of `cargo xtask test`, and what each of them runs.

use anyhow::{Result, anyhow};
use clap::ValueEnum;

use crate::cargo::CargoCall;
use crate::workspace::Workspace;
use crate::{desktop, examples, features, onnx, outside, python, setup, web, words};

/// A step, in the order in which they run: cheap ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    /// What the other steps need is there
    Setup,
    /// Formatting
    Fmt,
    /// Turns of phrase that readers stumble over
    Words,
    /// Spelling, workflows, licences and advisories, by the tools that are installed
    Outside,
    /// Lints, for every target
    Clippy,
    /// API documentation builds without a warning
    Docs,
    /// Unit, integration and doc tests, and the binary as a process
    Test,
    /// Tests that need the original data sets, where UGRADSL_DATA names their folder
    Originals,
    /// ONNX's own test cases, where Python has the package onnx (or that of UGRADSL_PYTHON)
    Onnx,
    /// The examples run
    Examples,
    /// The Python package is built, installed and tested, where its tools can be installed
    Python,
    /// The desktop example is started in a window and used
    Desktop,
    /// The conformance tests with lazy kernel fusion on, where UGRADSL_FUSION is set
    Fusion,
    /// The library compiles without its features and with each alone
    Features,
    /// The browser demo is built, library and all
    Web,
    /// The page is linted, type-checked, and used in a browser
    Page,
}

impl Step {
    /// All steps in order.
    pub(crate) const ALL: [Self; 16] = [
        Self::Setup,
        Self::Fmt,
        Self::Words,
        Self::Outside,
        Self::Clippy,
        Self::Docs,
        Self::Test,
        Self::Originals,
        Self::Onnx,
        Self::Examples,
        Self::Python,
        Self::Desktop,
        Self::Fusion,
        Self::Features,
        Self::Web,
        Self::Page,
    ];

    /// The name that `--skip` takes and the summary shows.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Fmt => "fmt",
            Self::Words => "words",
            Self::Outside => "outside",
            Self::Clippy => "clippy",
            Self::Docs => "docs",
            Self::Test => "test",
            Self::Originals => "originals",
            Self::Onnx => "onnx",
            Self::Examples => "examples",
            Self::Python => "python",
            Self::Desktop => "desktop",
            Self::Fusion => "fusion",
            Self::Features => "features",
            Self::Web => "web",
            Self::Page => "page",
        }
    }

    /// What the step needs and this machine lacks. The step is then skipped and does not count as
    /// passed.
    pub(crate) fn missing(self, workspace: &Workspace) -> Option<&'static str> {
        let data = std::env::var_os("UGRADSL_DATA");
        match self {
            Self::Outside if outside::is_unknown() => {
                Some("typos, actionlint and cargo-deny are not installed")
            }
            Self::Onnx if onnx::is_missing(workspace) => {
                Some("no onnx 1.23.2 for Python, and `pip install` fails")
            }
            Self::Python if python::is_missing(workspace) => {
                Some("no Python 3.11 or later with venv, or `pip install` fails")
            }
            Self::Originals if data.is_none() => Some("UGRADSL_DATA is not set"),
            // Half of the dependencies are built again: a quarter of an hour on an empty cache.
            Self::Fusion if std::env::var_os("UGRADSL_FUSION").is_none() => {
                Some("UGRADSL_FUSION is not set")
            }
            Self::Desktop if !cfg!(target_os = "linux") => {
                Some("only Linux has a virtual X server")
            }
            _ => None,
        }
    }

    /// Runs the step.
    ///
    /// # Errors
    /// When it fails: the message has the command to repeat.
    pub(crate) fn run(self, workspace: &Workspace) -> Result<()> {
        let call = match self {
            Self::Setup => return setup::run(workspace, false),
            Self::Words => return words::check(workspace),
            Self::Outside => return outside::check(workspace),
            Self::Onnx => return onnx::run(workspace),
            Self::Examples => return examples::run(workspace),
            Self::Python => return python::run(workspace),
            Self::Desktop => return desktop::run(workspace),
            Self::Features => return features::check(workspace),
            Self::Web => return web::build(workspace),
            Self::Page => return web::test(workspace),
            Self::Fmt => CargoCall::new(["fmt", "--all", "--check"]),
            Self::Clippy => CargoCall::new(["clippy", "--workspace", "--all-targets", "--locked"])
                .with(["--", "-D", "warnings"]),
            Self::Docs => CargoCall::docs(),
            Self::Test => CargoCall::new(["test", "--workspace", "--locked"]),
            Self::Originals => {
                CargoCall::new(["test", "--workspace", "--locked", "--", "--ignored"])
            }
            // Of the whole workspace, so that what the feature does not change is not built again.
            Self::Fusion => CargoCall::new(["test", "--workspace", "--locked"]).with([
                "--features",
                "ugradsl/fusion",
                "--test",
                "conformance",
            ]),
        };
        let failed = |_| anyhow!("step `{}` failed; to repeat it:\n    {call}", self.name());
        workspace.cargo(&call).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_command_line() {
        for step in Step::ALL {
            assert_eq!(Step::from_str(step.name(), false), Ok(step));
        }
        assert_eq!(Step::value_variants(), Step::ALL, "every step is run, in the order listed");
    }
}
