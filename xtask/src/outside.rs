//! What surrounds the program: spelling, the workflows, and what is depended on. Each has a tool,
//! which runs where it is installed.

use std::env;
use std::ffi::OsStr;
use std::path::Path;

use anyhow::{Result, bail};
use xshell::cmd;

use crate::workspace::Workspace;

/// Checks licences and sources; also knows the advisories.
const DENY: &str = "cargo-deny";
/// Each tool, its arguments, and where it comes from.
const TOOLS: [(&str, &[&str], &str); 3] = [
    ("typos", &[], "cargo install typos-cli --locked"),
    ("actionlint", &[], "https://github.com/rhysd/actionlint"),
    (
        DENY,
        &["--locked", "check", "bans", "licenses", "sources"],
        "cargo install cargo-deny --locked",
    ),
];

/// Whether there is no tool at all.
pub(crate) fn is_unknown() -> bool {
    TOOLS.iter().all(|(name, ..)| !is_installed(name))
}

/// Runs every tool that is installed, and names the others. Advisories are read where their
/// database can be fetched.
///
/// # Errors
/// When something is found: the message has the commands to repeat.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut failed = Vec::new();
    for (name, args, origin) in TOOLS {
        if is_installed(name) {
            failed.extend(run(workspace, name, args).err());
        } else {
            eprintln!("{name} is not installed and checks nothing: {origin}");
        }
    }
    if is_installed(DENY) {
        match run(workspace, DENY, &["--locked", "fetch", "db"]) {
            Ok(()) => {
                failed.extend(run(workspace, DENY, &["--locked", "check", "advisories"]).err());
            }
            Err(_) => eprintln!("advisories are not checked: their database cannot be fetched"),
        }
    }
    match failed.as_slice() {
        [] => Ok(()),
        all => bail!("step `outside` failed; to repeat it:\n    {}", all.join("\n    ")),
    }
}

/// Runs a tool, its output on the terminal; the error is the line that repeats it.
fn run(workspace: &Workspace, name: &str, args: &[&str]) -> Result<(), String> {
    let shell = workspace.shell();
    let line = [&[name][..], args].concat().join(" ");
    eprintln!("$ {line}");
    cmd!(shell, "{name} {args...}").quiet().run().map_err(|_| line)
}

fn is_installed(name: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| is_in(&path, name))
}

/// Whether a folder of `path`, a list like `PATH`, has the program.
fn is_in(path: &OsStr, name: &str) -> bool {
    let file = Path::new(name).with_extension(env::consts::EXE_EXTENSION);
    env::split_paths(path).any(|folder| folder.join(&file).is_file())
}

#[cfg(test)]
mod tests {
    use xshell::Shell;

    use super::*;

    #[test]
    fn programs_are_found_by_their_names() -> Result<()> {
        let shell = Shell::new()?;
        let dir = shell.create_temp_dir()?;
        let path = env::join_paths([Path::new("nowhere"), dir.path()])?;
        assert!(!is_in(&path, DENY));
        let file = Path::new(DENY).with_extension(env::consts::EXE_EXTENSION);
        shell.write_file(dir.path().join(file), "")?;
        assert!(is_in(&path, DENY));
        assert!(!is_in(&path, "cargo"), "the beginning of a name is another name");
        Ok(())
    }
}
