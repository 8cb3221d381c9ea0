//! The desktop example, started in a real window on a virtual X server and clicked through.

use anyhow::{Context, Result};

use crate::cargo::CargoCall;
use crate::workspace::Workspace;

/// Names the folder for screenshots. Without it the test of the window does not run.
const SCREENSHOTS: &str = "UGRADSL_SCREENSHOTS";

/// Runs the test of the window; its screenshots are in `desktop` in the target directory.
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
