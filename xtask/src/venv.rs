//! Python environments beside the build, each with packages of its own.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use xshell::cmd;

use crate::workspace::Workspace;

/// Which Python makes environments.
const PYTHON: &str = "python3";
/// Whether it can: the stable interface that the package is built for is that of 3.11.
const ABLE: &str = "import ensurepip, sys, venv; assert sys.version_info >= (3, 11)";

/// An environment.
pub(crate) struct Venv<'a> {
    workspace: &'a Workspace,
    folder: PathBuf,
}

impl<'a> Venv<'a> {
    /// The environment `name`, which need not be there yet.
    pub(crate) fn new(workspace: &'a Workspace, name: &str) -> Self {
        Self { workspace, folder: workspace.target().join(name) }
    }

    /// A program of the environment, such as `python`.
    pub(crate) fn program(&self, name: &str) -> String {
        let programs = if cfg!(windows) { "Scripts" } else { "bin" };
        let program = self.folder.join(programs).join(name);
        program.with_extension(std::env::consts::EXE_EXTENSION).to_string_lossy().into_owned()
    }

    /// Makes it, and installs what `arguments` say to pip, unless that is what was installed last.
    ///
    /// # Errors
    /// When there is no Python that can, or no network and nothing in pip's cache.
    pub(crate) fn install(&self, arguments: &[String]) -> Result<()> {
        let (shell, folder) = (self.workspace.shell(), &self.folder);
        let (stamp, wanted) = (folder.join("installed"), self.described(arguments)?);
        let python = self.program("python");
        if shell.read_file(&stamp).is_ok_and(|installed| installed == wanted) {
            return Ok(());
        }
        if !shell.path_exists(&python) {
            cmd!(shell, "{PYTHON} -m venv {folder}").quiet().ignore_stderr().run()?;
        }
        let pip = cmd!(shell, "{python} -m pip install --quiet --disable-pip-version-check");
        pip.args(arguments).quiet().run()?;
        Ok(shell.write_file(stamp, wanted)?)
    }

    /// What `arguments` stand for: the text of the files that they name, too.
    fn described(&self, arguments: &[String]) -> Result<String> {
        let mut text = arguments.join("\n");
        for file in arguments.iter().filter(|argument| argument.ends_with(".txt")) {
            text += &self.workspace.shell().read_file(file).context("pip's requirements")?;
        }
        Ok(text)
    }
}

/// Whether Python can make environments.
pub(crate) fn is_possible() -> bool {
    let python = std::process::Command::new(PYTHON).args(["-c", ABLE]).output();
    python.is_ok_and(|output| output.status.success())
}

/// As [`is_possible`], as an error.
///
/// # Errors
/// When it is not.
pub(crate) fn require() -> Result<()> {
    ensure!(is_possible(), "there is no `{PYTHON}` of 3.11 or later with venv and pip");
    Ok(())
}
