//! Builds the browser demo: the module, its bindings, the data and the page, in this order; and the
//! npm package, which has the same module.

use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use wasm_bindgen_cli_support::Bindgen;
use xshell::cmd;

use crate::cargo::CargoCall;
use crate::setup;
use crate::workspace::Workspace;

/// Where the built page lies.
pub(crate) const PAGE: &str = "web/dist";
/// The npm package; the page is made of its sources.
const PACKAGE: &str = "web/package";
/// Where the bindings go.
const BINDINGS: &str = "web/package/wasm";
/// What the page offers to train on.
const DATA: [&str; 2] = ["mnist-subset", "fashion-mnist-subset"];
/// Names of the files of a data set, as in `crates/ugradsl/assets` and as the page asks for them.
const FILES: [(&str, &str); 4] = [
    ("train-images-idx3-ubyte.gz", "train-images"),
    ("train-labels-idx1-ubyte.gz", "train-labels"),
    ("t10k-images-idx3-ubyte.gz", "test-images"),
    ("t10k-labels-idx1-ubyte.gz", "test-labels"),
];

/// Builds the page into [`PAGE`].
///
/// # Errors
/// When a tool is missing or a step fails.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    setup::page(workspace)?;
    module(workspace)?;
    let shell = workspace.shell();
    for name in DATA {
        let to = Path::new("web/public/data").join(name);
        shell.create_dir(&to)?;
        for (from, file) in FILES {
            // Without an ending that a server would take for an encoding and unpack on the way.
            shell.copy_file(
                Path::new("crates/ugradsl/assets").join(name).join(from),
                to.join(format!("{file}.idx")),
            )?;
        }
    }
    packages(workspace)?;
    npm(workspace, &["run", "build"])
}

/// Packs the npm package into `folder`; the module is built if it is not there yet.
///
/// # Errors
/// When a tool is missing or a step fails.
pub(crate) fn pack(workspace: &Workspace, folder: &Path) -> Result<()> {
    setup::page(workspace)?;
    if !workspace.shell().path_exists(BINDINGS) {
        module(workspace)?;
    }
    packages(workspace)?;
    let folder = folder.display().to_string();
    npm_in(workspace, PACKAGE, &["pack", "--pack-destination", &folder])
}

/// Serves what [`build`] made, until interrupted.
///
/// # Errors
/// When the server cannot be started.
pub(crate) fn serve(workspace: &Workspace, port: u16) -> Result<()> {
    let port = port.to_string();
    npm(workspace, &["run", "preview", "--", "--strictPort", "--port", &port])
}

/// Lints, type checks and unit tests of the page, then the page in a browser.
///
/// # Errors
/// When one of them fails; [`build`] comes first.
pub(crate) fn test(workspace: &Workspace) -> Result<()> {
    ensure!(workspace.shell().path_exists(PAGE), "there is no page yet: cargo xtask web");
    npm(workspace, &["run", "check"])?;
    npm(workspace, &["test"])?;
    // The page must give the same numbers as the native program: both are run.
    workspace.cargo(&CargoCall::new(["build", "--workspace", "--locked", "--bins"]))?;
    let _native = workspace.shell().push_env("UGRADSL", workspace.target().join("debug/ugradsl"));
    npm(workspace, &["run", "e2e"])
}

/// Builds the WebAssembly module and its bindings.
fn module(workspace: &Workspace) -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let build = CargoCall::new(["build", "--locked", "-p", "ugradsl-web", "--profile", "web"]);
    workspace.cargo(&build.with(["--target", TARGET]))?;
    let module = workspace.target().join(TARGET).join("web/ugradsl_web.wasm");
    let out = workspace.shell().current_dir().join(BINDINGS);
    let mut bindgen = Bindgen::new();
    // The bindings find the module beside them, wherever a bundler or a host puts the two.
    bindgen.input_path(&module).typescript(true).web(true)?.omit_default_module_path(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen.generate(&out).with_context(|| format!("binding {}", module.display()))
}

/// Installs the packages of the lock file, unless they are installed already.
fn packages(workspace: &Workspace) -> Result<()> {
    let root = workspace.shell().current_dir();
    let modified = |path: &str| root.join(path).metadata().and_then(|meta| meta.modified()).ok();
    let installed = modified("web/node_modules/.package-lock.json");
    if installed.is_some() && installed >= modified("web/package-lock.json") {
        return Ok(());
    }
    npm(workspace, &["ci", "--no-audit", "--no-fund"])
}

fn npm(workspace: &Workspace, args: &[&str]) -> Result<()> {
    npm_in(workspace, "web", args)
}

fn npm_in(workspace: &Workspace, directory: &str, args: &[&str]) -> Result<()> {
    let shell = workspace.shell();
    let _directory = shell.push_dir(directory);
    let line = args.join(" ");
    eprintln!("$ npm {line}");
    cmd!(shell, "npm {args...}")
        .quiet()
        .run()
        .map_err(|error| anyhow!("{error}; to repeat it:\n    (cd {directory} && npm {line})"))
}
