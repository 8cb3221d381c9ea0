//! The Python package: its compiled half comes from the cargo of all other steps, so that burn is
//! not built again; maturin says what else is in the wheel, which is installed into an environment
//! of its own and tested there.

use std::{env::consts, path::PathBuf};

use anyhow::{Context, Result, ensure};
use xshell::cmd;

use crate::cargo::CargoCall;
use crate::venv::{self, Venv};
use crate::workspace::Workspace;

/// The crate.
const CRATE: &str = "crates/ugradsl-py";
/// Asks for PyTorch, too, which is several gigabytes.
const TORCH: &str = "UGRADSL_TORCH";
/// Tells the tests where the binary is that the command is compared with.
const BINARY: &str = "UGRADSL_BINARY";
/// What the source distribution cannot be built without.
const IN_SOURCES: [&str; 7] = [
    "/Cargo.lock",
    "/LICENSE-MIT",
    "/crates/ugradsl/assets/mnist-subset/train-images-idx3-ubyte.gz",
    "/crates/ugradsl/shaders/gls_cross_entropy.wgsl",
    "/crates/ugradsl/templates/deletion.html",
    "/crates/ugradsl-cli/src/lib.rs",
    "/python/ugradsl/py.typed",
];

/// Whether the tools are not installed and cannot be.
pub(crate) fn is_missing(workspace: &Workspace) -> bool {
    tools(workspace).is_err()
}

/// The environment with the tools.
fn tools(workspace: &Workspace) -> Result<Venv<'_>> {
    venv::require()?;
    let tools = Venv::new(workspace, "python");
    let with_torch = std::env::var_os(TORCH).is_some_and(|value| !value.is_empty());
    let files = ["requirements.txt", "requirements-torch.txt"].into_iter();
    let files = files.take(if with_torch { 2 } else { 1 });
    let arguments = files.flat_map(|file| ["-r".to_owned(), format!("{CRATE}/{file}")]);
    tools.install(&arguments.collect::<Vec<_>>())?;
    Ok(tools)
}

/// Builds the package, installs and tests it.
///
/// # Errors
/// When a tool is missing, or something fails: the message has the command to repeat.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let tools = tools(workspace)?;
    check_sources(workspace, &tools)?;
    // With an example cargo counts the dependencies of tests, as it does in the other steps:
    // nothing is built twice.
    let build = CargoCall::new(["build", "--workspace", "--locked", "--lib"]);
    workspace.cargo(&build.with(["--bin", "ugradsl", "--example", "quickstart"]))?;
    let wheel = wheel(workspace, &tools)?;
    let (shell, python) = (workspace.shell(), tools.program("python"));
    let install = cmd!(shell, "{python} -m pip install --quiet --disable-pip-version-check");
    install.args(["--no-deps", "--force-reinstall"]).arg(wheel).quiet().run()?;
    let binary = workspace.target().join("debug/ugradsl");
    let _binary = shell.push_env(BINARY, binary.with_extension(consts::EXE_EXTENSION));
    let tests = cmd!(shell, "{python} -m pytest -q -c {CRATE}/pyproject.toml {CRATE}/tests");
    eprintln!("$ {tests}");
    tests.quiet().run().context("step `python` failed; to repeat it:\n    cargo xtask python")
}

/// The wheel with the compiled half that the profile of the tests has.
fn wheel(workspace: &Workspace, tools: &Venv<'_>) -> Result<PathBuf> {
    let (shell, python) = (workspace.shell(), tools.program("python"));
    let folder = workspace.target().join("wheel");
    shell.remove_path(&folder)?;
    let (content, wheels) = (folder.join("content"), folder.join("packed"));
    let package = content.join("ugradsl");
    shell.create_dir(&package)?;
    let maturin = tools.program("maturin");
    {
        let _inside = shell.push_dir(CRATE);
        let describe = cmd!(shell, "{maturin} pep517 write-dist-info --interpreter {python}");
        describe.arg("--metadata-directory").arg(&content).quiet().ignore_stdout().run()?;
    }
    for file in shell.read_dir(format!("{CRATE}/python/ugradsl"))?.iter().filter(|at| at.is_file())
    {
        shell.copy_file(file, &package)?;
    }
    let (prefix, suffix) = (consts::DLL_PREFIX, consts::DLL_SUFFIX);
    let built = workspace.target().join(format!("debug/{prefix}ugradsl_py{suffix}"));
    let name = if cfg!(windows) { "_native.pyd" } else { "_native.abi3.so" };
    shell.copy_file(built, package.join(name))?;
    shell.create_dir(&wheels)?;
    cmd!(shell, "{python} -m wheel pack {content} --dest-dir {wheels}").quiet().run()?;
    shell.read_dir(&wheels)?.pop().context("no wheel was packed")
}

/// Puts the licences beside the manifest, where Python's packages look for theirs.
fn licences(workspace: &Workspace) -> Result<()> {
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        workspace.shell().copy_file(licence, CRATE)?;
    }
    Ok(())
}

/// Packs the sources, as PyPI gets them, and looks for what a build from them needs.
fn check_sources(workspace: &Workspace, tools: &Venv<'_>) -> Result<()> {
    let (shell, folder) = (workspace.shell(), workspace.target().join("sdist"));
    shell.remove_path(&folder)?;
    licences(workspace)?;
    let maturin = tools.program("maturin");
    let manifest = format!("{CRATE}/Cargo.toml");
    let pack = cmd!(shell, "{maturin} sdist --manifest-path {manifest} --out {folder}");
    pack.quiet().ignore_stderr().run()?;
    let archive = shell.read_dir(&folder)?.pop().context("no sources were packed")?;
    let listed = cmd!(shell, "tar -tzf {archive}").quiet().read()?;
    let missing = missing(&listed);
    ensure!(missing.is_empty(), "{} lacks {missing:?}", archive.display());
    Ok(())
}

/// Those of [`IN_SOURCES`] that a list of files lacks.
fn missing(listed: &str) -> Vec<&'static str> {
    let has = |name: &&str| listed.lines().any(|line| line.ends_with(*name));
    IN_SOURCES.into_iter().filter(|name| !has(name)).collect()
}

/// Builds the wheel that people install, with the release profile, into `target/wheels`.
///
/// # Errors
/// When a tool is missing, or the build fails.
pub(crate) fn release(workspace: &Workspace) -> Result<()> {
    let (shell, tools) = (workspace.shell(), tools(workspace)?);
    licences(workspace)?;
    let (maturin, manifest) = (tools.program("maturin"), format!("{CRATE}/Cargo.toml"));
    let out = workspace.target().join("wheels");
    let build = cmd!(shell, "{maturin} build --release --locked -m {manifest} --out {out}");
    Ok(build.run()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_found() {
        let all: String = IN_SOURCES.iter().map(|name| format!("ugradsl-0.1.0{name}\n")).collect();
        assert!(missing(&all).is_empty());
        let shaders = "ugradsl-0.1.0/crates/ugradsl/shaders/gls_cross_entropy.wgsl\n";
        assert_eq!(missing(&all.replace(shaders, "")), [IN_SOURCES[3]]);
    }
}
