//! ONNX's own test cases: written by the package `onnx` of Python, evaluated on the CPU and on a
//! GPU.

use anyhow::{Context, Result};
use xshell::cmd;

use crate::cargo::CargoCall;
use crate::venv::Venv;
use crate::workspace::Workspace;

/// The version whose cases the list of expected failures is for.
const VERSION: &str = "1.23.2";
/// Names a Python with that package, if it is not to be `python3` or one that is made for it.
const PYTHON: &str = "UGRADSL_PYTHON";

/// A Python with the package: the one that is named, the usual one, or one of our own beside the
/// build.
fn python(workspace: &Workspace) -> Option<String> {
    if let Ok(named) = std::env::var(PYTHON) {
        return has_package(&named).then_some(named);
    }
    let own = Venv::new(workspace, "onnx-python");
    let ours = own.program("python");
    let usual = "python3".to_owned();
    if let Some(found) = [usual, ours.clone()].into_iter().find(|python| has_package(python)) {
        return Some(found);
    }
    let installed = own.install(&[format!("onnx=={VERSION}")]);
    installed.ok().filter(|()| has_package(&ours)).map(|()| ours)
}

/// Whether no Python has the package, and it cannot be installed.
pub(crate) fn is_missing(workspace: &Workspace) -> bool {
    python(workspace).is_none()
}

/// Whether the package is there, in its version.
fn has_package(python: &str) -> bool {
    let script = format!("import onnx; assert onnx.__version__ == '{VERSION}'");
    let python = std::process::Command::new(python).args(["-c", &script]).output();
    python.is_ok_and(|output| output.status.success())
}

/// Writes the cases and runs the test that reads them, on both devices.
///
/// # Errors
/// When it fails: the message has the command to repeat.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let python = python(workspace).with_context(|| format!("Python has no onnx {VERSION}"))?;
    let shell = workspace.shell();
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
