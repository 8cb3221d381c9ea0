//! Runs the examples as a reader of them would.

use anyhow::{Context, Result};
use xshell::cmd;

use crate::cargo::CargoCall;
use crate::workspace::Workspace;

/// Builds all examples and runs each in an empty folder; it must succeed and print something.
///
/// # Errors
/// When one does not build, fails or is silent.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let shell = workspace.shell();
    let build = CargoCall::new(["build", "--workspace", "--examples", "--locked"]);
    workspace.cargo(&build)?;
    let built = workspace.target().join("debug/examples");
    let folder = shell.create_temp_dir()?;
    let sources = shell.read_dir("crates/ugradsl/examples")?.into_iter();
    // `desktop` is a crate of its own, with a step of its own.
    for source in sources.filter(|path| path.is_file()) {
        let name = source.file_stem().context("an example without a name")?;
        let program = built.join(name).with_extension(std::env::consts::EXE_EXTENSION);
        let _inside = shell.push_dir(folder.path());
        let printed = cmd!(shell, "{program}").read()?;
        anyhow::ensure!(!printed.is_empty(), "{} prints nothing", source.display());
        eprintln!("{printed}");
    }
    Ok(())
}
