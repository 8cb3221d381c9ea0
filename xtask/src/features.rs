//! The features of the library: each compiles alone, and without them certain crates are left out.

use anyhow::{Context, Result, ensure};

use crate::cargo::CargoCall;
use crate::workspace::Workspace;

/// Crates that a program without default features must not compile.
const LEFT_OUT: [&str; 9] = [
    "askama",
    "csv",
    "image",
    "lzma-rust2",
    "plotters",
    "pytorch-reader",
    "tar",
    "tokenizers",
    "zip",
];

/// None, and each of the default features alone.
const ALONE: [&str; 6] = ["", "formats", "html", "import", "onnx", "text"];

/// Looks for the crates that must be left out in the tree of dependencies.
///
/// # Errors
/// When one of them is there, or cargo fails.
pub(crate) fn tree(workspace: &Workspace) -> Result<()> {
    let call = CargoCall::new(["tree", "-p", "ugradsl", "-e", "normal", "--no-default-features"])
        .with(["--locked", "--prefix", "none", "--format", "{p}"]);
    eprintln!("$ {call}");
    let tree = workspace.cargo_command().args(&call.args).quiet().read()?;
    let found = left_in(&tree);
    ensure!(found.is_empty(), "without default features, ugradsl still compiles {found:?}: {call}");
    Ok(())
}

/// Checks the library without features and with each alone. A test program that needs none of them
/// is checked with it: cargo then counts the development dependencies, which have all features, so
/// that each check finds the same crates compiled.
///
/// # Errors
/// When one does not compile without a warning.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    tree(workspace)?;
    for features in ALONE {
        let call = CargoCall::new(["clippy", "-p", "ugradsl", "--lib", "--test", "layers"])
            .with(["--locked", "--no-default-features", "--features", features])
            .with(["--", "-D", "warnings"]);
        workspace.cargo(&call).with_context(|| format!("to repeat it:\n    {call}"))?;
    }
    Ok(())
}

/// Those of [`LEFT_OUT`] that a tree, one crate per line, contains.
fn left_in(tree: &str) -> Vec<&'static str> {
    let crates: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    LEFT_OUT.into_iter().filter(|name| crates.contains(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_are_recognised_by_their_whole_names() {
        let tree = "ugradsl v0.1.0\nimage-webp v0.2.0\ncsv-core v0.1.0\nzip v9.0.0\n";
        assert_eq!(left_in(tree), ["zip"]);
    }
}
