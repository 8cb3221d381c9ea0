//! The desktop example, started in a real window on a virtual X server and clicked through.

use anyhow::{Context, Result};

use crate::cargo::CargoCall;
use crate::workspace::Workspace;

/// Where the test of the window leaves what it saw; it does not run without.
const SCREENSHOTS: &str = "UGRADSL_SCREENSHOTS";

/// Runs the test of the window; what it saw lies in `desktop` of the target directory.
///
/// # Errors
/// When it fails: the message has the command to repeat.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let folder = workspace.target().join("desktop");
    workspace.shell().create_dir(&folder)?;
    let _named = workspace.shell().push_env(SCREENSHOTS, &folder);
    let call = CargoCall::new(["test", "--workspace", "--locked", "--test", "window"]);
    let repeat = || {
        let folder = folder.display();
        format!("step `desktop` failed; to repeat it:\n    {SCREENSHOTS}={folder} {call}")
    };
    workspace.cargo(&call).with_context(repeat)
}
