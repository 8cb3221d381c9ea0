//! ONNX's own test cases: written by the package `onnx` of Python, evaluated on the CPU and on a GPU.

use anyhow::{Context, Result};
use xshell::cmd;

use crate::cargo::CargoCall;
use crate::workspace::Workspace;

/// The version whose cases the list of expected failures is for.
const VERSION: &str = "1.23.2";
/// Names a Python with that package; `python3` unless it is set.
const PYTHON: &str = "UGRADSL_PYTHON";

fn python() -> String {
    std::env::var(PYTHON).unwrap_or_else(|_| "python3".to_owned())
}

/// Whether the package is there, in its version.
pub(crate) fn is_there() -> bool {
    let script = format!("import onnx; assert onnx.__version__ == '{VERSION}'");
    let python = std::process::Command::new(python()).args(["-c", &script]).output();
    python.is_ok_and(|output| output.status.success())
}

/// Writes the cases and runs the test that reads them, on both devices.
///
/// # Errors
/// When it fails: the message has the command to repeat.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let (shell, python) = (workspace.shell(), python());
    let folder = workspace.target().join("onnx-tests");
    cmd!(shell, "{python} scripts/onnx_node_tests.py {folder}").quiet().run()?;
    let _cases = shell.push_env("UGRADSL_ONNX_TESTS", &folder);
    for device in ["cpu", "gpu"] {
        let _device = shell.push_env("UGRADSL_ONNX_DEVICE", device);
        let call = CargoCall::new(["test", "--workspace", "--locked", "--test", "onnx"]);
        let call = call.with(["nodes", "--", "--nocapture"]);
        let repeat = || {
            let folder = folder.display();
            format!(
                "step `onnx` failed; to repeat it:\n    UGRADSL_ONNX_TESTS={folder} UGRADSL_ONNX_DEVICE={device} {call}"
            )
        };
        workspace.cargo(&call).with_context(repeat)?;
    }
    Ok(())
}
