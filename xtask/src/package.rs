//! What is published, as users get it: the crates are packaged, unpacked elsewhere and depended on;
//! the npm package is packed (the tests of the page install it and use it).

use anyhow::Result;
use xshell::cmd;

use crate::cargo::CargoCall;
use crate::web;
use crate::workspace::Workspace;

/// What goes to crates.io.
const PUBLISHED: [&str; 2] = ["ugradsl", "ugradsl-cli"];

/// Manifest of a workspace that has only the packages. The profiles are those of the repository, so
/// that dependencies built there need not be built again.
const MANIFEST: &str = r#"[package]
name = "outside"
edition = "2024"

[dependencies]
pollster = "0.4"
ugradsl = "*"

[workspace]
members = ["ugradsl-cli"]

[patch.crates-io]
ugradsl = { path = "ugradsl" }

[profile.dev]
opt-level = 1
debug = 0
[profile.dev.package."*"]
opt-level = 2
"#;

/// Packages what is published and checks a workspace that depends on the packages: the examples as
/// programs that have nothing but the library, and the command line. Then packs the npm package.
///
/// # Errors
/// When a file is missing from a package, the code does not build with what is there, or a tool is
/// missing.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let shell = workspace.shell();
    let packages = workspace.target().join("package");
    shell.remove_path(&packages)?;
    let mut call = CargoCall::new(["package", "--no-verify", "--allow-dirty", "--locked"]);
    for name in PUBLISHED {
        call = call.with(["--package", name]);
    }
    workspace.cargo(&call)?;

    let outside = packages.join("outside");
    for package in shell.read_dir(&packages)? {
        let name = PUBLISHED.into_iter().find(|name| is_package(&package, name));
        let Some(name) = name else { continue };
        let folder = outside.join(name);
        shell.create_dir(&folder)?;
        cmd!(shell, "tar -xzf {package} -C {folder} --strip-components 1").run()?;
    }
    shell.write_file(outside.join("Cargo.toml"), MANIFEST)?;
    shell.copy_file("Cargo.lock", outside.join("Cargo.lock"))?;
    let programs = outside.join("src/bin");
    shell.create_dir(&programs)?;
    for example in shell.read_dir(outside.join("ugradsl/examples"))? {
        shell.copy_file(example, &programs)?;
    }
    let manifest = outside.join("Cargo.toml").display().to_string();
    let call = CargoCall::new(["check", "--workspace", "--bins", "--offline", "--manifest-path"]);
    let target = workspace.target().display().to_string();
    workspace.cargo(&call.with([manifest]).with(["--target-dir", &target]))?;
    web::pack(workspace, &packages)
}

/// Whether `path` is a version of the package `name`, and not of another whose name begins with it.
fn is_package(path: &std::path::Path, name: &str) -> bool {
    let file = path.file_name().and_then(|file| file.to_str());
    let version = file.and_then(|file| file.strip_prefix(name)?.strip_prefix('-'));
    version.is_some_and(|rest| {
        rest.ends_with(".crate") && rest.starts_with(|first: char| first.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_told_apart() {
        for (file, library, binary) in [
            ("ugradsl-0.1.0.crate", true, false),
            ("ugradsl-cli-0.1.0.crate", false, true),
            ("ugradsl-0.1.0", false, false),
            ("tmp-crate", false, false),
        ] {
            let is = |name| is_package(file.as_ref(), name);
            assert_eq!((is("ugradsl"), is("ugradsl-cli")), (library, binary), "{file}");
        }
    }
}
