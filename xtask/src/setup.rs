//! What the tests need beyond a Rust compiler. It is installed only if it is missing, so that a
//! machine that is set up needs no network.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};
use xshell::{Shell, cmd};

use crate::{venv, workspace::Workspace};

/// The target of the browser build.
const WASM: &str = "wasm32-unknown-unknown";
/// Debian packages of a Vulkan driver that needs no GPU, and of the loader that finds it.
const VULKAN_PACKAGES: [&str; 2] = ["mesa-vulkan-drivers", "libvulkan1"];
/// Debian packages of an X server without a screen, and of the libraries by which a window talks to
/// one.
const WINDOW_PACKAGES: [&str; 6] =
    ["xvfb", "libx11-6", "libx11-xcb1", "libxcursor1", "libxi6", "libxkbcommon-x11-0"];
/// Those libraries, as the loader calls them.
const WINDOW_LIBRARIES: [&str; 5] =
    ["libX11.so.6", "libX11-xcb.so.1", "libXcursor.so.1", "libXi.so.6", "libxkbcommon-x11.so.0"];
/// Where the Vulkan loader looks for the manifests of drivers.
const VULKAN_DIRECTORIES: [&str; 3] =
    ["/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d"];
/// Lists of manifests that replace the directories.
const VULKAN_VARIABLES: [&str; 2] = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"];

/// Something the tests need.
#[derive(Debug, Clone, Copy)]
enum Need {
    /// The formatter.
    Rustfmt,
    /// The linter.
    Clippy,
    /// The standard library for the browser.
    WasmTarget,
    /// A driver for the GPU tests; a software driver is enough.
    Vulkan,
    /// A screen in memory, for the desktop example; needed on Linux only.
    Window,
    /// Node.js and npm, which build the page.
    Node,
    /// The browser that uses it.
    Chromium,
    /// Python with environments, for its package and for ONNX's own cases.
    Python,
}

impl Need {
    /// All needs.
    const ALL: [Self; 8] = [
        Self::Rustfmt,
        Self::Clippy,
        Self::WasmTarget,
        Self::Vulkan,
        Self::Window,
        Self::Node,
        Self::Chromium,
        Self::Python,
    ];
    /// Those of the browser demo.
    const PAGE: [Self; 2] = [Self::WasmTarget, Self::Node];

    /// Display name.
    fn name(self) -> &'static str {
        match self {
            Self::Rustfmt => "rustfmt",
            Self::Clippy => "clippy",
            Self::WasmTarget => "target wasm32-unknown-unknown",
            Self::Vulkan => "Vulkan driver",
            Self::Window => "Xvfb, libraries of X11",
            Self::Node => "Node.js 20 or later, npm",
            Self::Chromium => "Chromium",
            Self::Python => "Python 3.11 or later, venv",
        }
    }

    /// Whether it is installed. Asks the tools themselves: not every toolchain comes from rustup.
    fn is_met(self, workspace: &Workspace) -> bool {
        let answers = |tool: &str| {
            let command = workspace.cargo_command().args([tool, "--version"]);
            command.quiet().ignore_stderr().read().is_ok()
        };
        match self {
            Self::Rustfmt => answers("fmt"),
            Self::Clippy => answers("clippy"),
            Self::WasmTarget => has_target(workspace.shell()),
            Self::Vulkan => has_vulkan_driver(),
            Self::Window => has_window(workspace.shell()),
            Self::Node => has_node(workspace.shell()),
            Self::Chromium => has_chromium(workspace.shell()),
            Self::Python => venv::is_possible(),
        }
    }

    /// The command that installs it, for a person with the rights to run it.
    fn remedy(self) -> String {
        match self {
            Self::Rustfmt => "rustup component add rustfmt".to_owned(),
            Self::Clippy => "rustup component add clippy".to_owned(),
            Self::WasmTarget => format!("rustup target add {WASM}"),
            Self::Vulkan | Self::Window | Self::Node | Self::Chromium | Self::Python => format!(
                "sudo apt-get update && \
                 sudo apt-get install -y --no-install-recommends {}",
                self.packages().join(" ")
            ),
        }
    }

    /// Its Debian packages.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Rustfmt | Self::Clippy | Self::WasmTarget => &[],
            Self::Vulkan => &VULKAN_PACKAGES,
            Self::Window => &WINDOW_PACKAGES,
            Self::Node => &["nodejs", "npm"],
            Self::Chromium => &["chromium"],
            Self::Python => &["python3", "python3-venv"],
        }
    }

    /// Installs it.
    fn install(self, shell: &Shell) -> Result<()> {
        match self {
            Self::Rustfmt => cmd!(shell, "rustup component add rustfmt").run()?,
            Self::Clippy => cmd!(shell, "rustup component add clippy").run()?,
            Self::WasmTarget => cmd!(shell, "rustup target add {WASM}").run()?,
            Self::Vulkan | Self::Window | Self::Node | Self::Chromium | Self::Python => {
                ensure!(is_root(shell), "installing packages needs root");
                let _frontend = shell.push_env("DEBIAN_FRONTEND", "noninteractive");
                cmd!(shell, "apt-get update").run()?;
                let packages = self.packages();
                cmd!(shell, "apt-get install -y --no-install-recommends {packages...}").run()?;
            }
        }
        Ok(())
    }
}

/// Checks every need and installs what is missing; with `only_check` it installs nothing.
///
/// # Errors
/// When something is missing and cannot or must not be installed: the message has the command.
pub(crate) fn run(workspace: &Workspace, only_check: bool) -> Result<()> {
    require(workspace, &Need::ALL, only_check)
}

/// The same for what building the browser demo needs.
///
/// # Errors
/// As [`run`].
pub(crate) fn page(workspace: &Workspace) -> Result<()> {
    require(workspace, &Need::PAGE, false)
}

fn require(workspace: &Workspace, needs: &[Need], only_check: bool) -> Result<()> {
    let mut missing = Vec::new();
    for &need in needs {
        if need.is_met(workspace) {
            eprintln!("{:<32}found", need.name());
            continue;
        }
        eprintln!("{:<32}missing", need.name());
        let (name, remedy) = (need.name(), need.remedy());
        if only_check {
            missing.push(format!("{name}: {remedy}"));
        } else if let Err(error) = need.install(workspace.shell()) {
            missing.push(format!("{name} ({error}): {remedy}"));
        } else if !need.is_met(workspace) {
            missing.push(format!("{name} (installed, but still not found): {remedy}"));
        }
    }
    if !missing.is_empty() {
        bail!("something is missing on this machine; please run\n    {}", missing.join("\n    "));
    }
    Ok(())
}

/// Whether the compiler has the standard library of the browser target.
fn has_target(shell: &Shell) -> bool {
    let libraries = cmd!(shell, "rustc --print target-libdir --target {WASM}").quiet().read();
    libraries.is_ok_and(|directory| Path::new(&directory).is_dir())
}

/// Whether npm is there, and Node.js in a version that the tools of the page support.
fn has_node(shell: &Shell) -> bool {
    let npm = cmd!(shell, "npm --version").quiet().ignore_stderr().read().is_ok();
    let node = cmd!(shell, "node --version").quiet().ignore_stderr().read().unwrap_or_default();
    let major = node.trim_start_matches('v').split('.').next().and_then(|text| text.parse().ok());
    npm && major.is_some_and(|major: u32| major >= 20)
}

/// Whether there is a browser for the tests: the one that `CHROMIUM` names, else Debian's.
fn has_chromium(shell: &Shell) -> bool {
    let browser = env::var("CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
    cmd!(shell, "{browser} --version").quiet().ignore_stderr().read().is_ok()
}

/// Whether a window can be opened on a virtual X server, which is tried on Linux only.
fn has_window(shell: &Shell) -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let server = cmd!(shell, "Xvfb -help").quiet().ignore_stdout().ignore_stderr().run().is_ok();
    // Not in every PATH.
    let known = cmd!(shell, "/sbin/ldconfig -p").quiet().ignore_stderr().read().unwrap_or_default();
    server && WINDOW_LIBRARIES.iter().all(|library| known.contains(library))
}

/// Whether wgpu will find a Vulkan driver, hardware or software; other systems have an API of their
/// own.
fn has_vulkan_driver() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let mut lists = VULKAN_VARIABLES.into_iter().filter_map(env::var_os);
    match lists.find(|list| !list.is_empty()) {
        Some(list) => env::split_paths(&list).any(|path| holds_manifest(&path)),
        None => VULKAN_DIRECTORIES.into_iter().map(PathBuf::from).any(|dir| holds_manifest(&dir)),
    }
}

/// Whether `path` is the manifest of a driver or a directory with one.
fn holds_manifest(path: &Path) -> bool {
    let is_manifest = |path: &Path| {
        path.extension().is_some_and(|extension| extension == "json")
            && path.file_name().is_some_and(|name| name.to_string_lossy().contains("icd"))
    };
    match path.read_dir() {
        Ok(entries) => entries.flatten().any(|entry| is_manifest(&entry.path())),
        Err(_) => path.is_file(),
    }
}

/// Whether this process may install packages.
fn is_root(shell: &Shell) -> bool {
    cmd!(shell, "id -u").quiet().read().is_ok_and(|id| id == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_are_found_by_file_and_by_directory() -> Result<()> {
        let shell = Shell::new()?;
        let dir = shell.create_temp_dir()?;
        let dir = dir.path();
        assert!(!holds_manifest(dir), "empty directory");
        assert!(!holds_manifest(&dir.join("absent")));
        shell.write_file(dir.join("README"), "")?;
        shell.write_file(dir.join("layer.json"), "")?;
        assert!(!holds_manifest(dir), "no driver among the files");
        let manifest = dir.join("lvp_icd.x86_64.json");
        shell.write_file(&manifest, "")?;
        assert!(holds_manifest(dir) && holds_manifest(&manifest));
        Ok(())
    }
}
