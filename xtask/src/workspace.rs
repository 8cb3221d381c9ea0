//! Where the workspace is, and how child processes are started.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xshell::{Cmd, Shell, TempDir, cmd};

use crate::cargo::CargoCall;

/// The workspace.
pub(crate) struct Workspace {
    /// Works at the root.
    shell: Shell,
    /// The cargo that started this program.
    cargo: String,
    /// Where cargo builds.
    target: PathBuf,
    /// Removed with the last child.
    _runtime_dir: Option<TempDir>,
}

impl Workspace {
    /// The workspace that this program belongs to.
    ///
    /// # Errors
    /// When there is no current directory, or no temporary one can be made.
    pub(crate) fn open() -> Result<Self> {
        // Cargo names the manifest when it runs this program; a binary started by hand knows where
        // it was built.
        let manifest = env::var("CARGO_MANIFEST_DIR");
        let manifest = manifest.unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
        let root = Path::new(&manifest).parent().context("xtask is not in a workspace")?;
        let shell = Shell::new()?;
        let target = match env::var_os("CARGO_TARGET_DIR").filter(|dir| !dir.is_empty()) {
            // Relative to the current directory, which is about to change.
            Some(dir) => {
                let dir = std::path::absolute(dir)?;
                shell.set_var("CARGO_TARGET_DIR", &dir);
                dir
            }
            None => root.join("target"),
        };
        shell.change_dir(root);
        let runtime_dir = match env::var_os("XDG_RUNTIME_DIR") {
            Some(_) => None,
            None => Some(runtime_dir(&shell)?),
        };
        Ok(Self {
            shell,
            cargo: env::var("CARGO").unwrap_or_else(|_| env!("CARGO").to_owned()),
            target,
            _runtime_dir: runtime_dir,
        })
    }

    /// Starts processes at the root of the workspace.
    pub(crate) fn shell(&self) -> &Shell {
        &self.shell
    }

    /// Where cargo builds.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// `cargo` without arguments.
    pub(crate) fn cargo_command(&self) -> Cmd<'_> {
        let cargo = &self.cargo;
        cmd!(self.shell, "{cargo}")
    }

    /// Runs cargo, its output on the terminal.
    ///
    /// # Errors
    /// When cargo cannot be started or fails.
    pub(crate) fn cargo(&self, call: &CargoCall) -> Result<()> {
        eprintln!("$ {call}");
        let command = self.cargo_command().args(&call.args).envs(call.env).quiet();
        command.run().map_err(anyhow::Error::from)
    }
}

/// A runtime directory for the children: Mesa complains on every start if there is none.
fn runtime_dir(shell: &Shell) -> Result<TempDir> {
    let dir = shell.create_temp_dir()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o700))?;
    }
    shell.set_var("XDG_RUNTIME_DIR", dir.path());
    Ok(dir)
}
