//! The binary as a process: what it prints where, its exit codes, and what it leaves on the disk.

mod commands;
mod fetch;
mod hostile;
mod measures;
mod onnx;
mod own_data;
mod people;
mod published;
mod resume;
mod server;
mod sweep;
mod text;
mod verify;

use std::{
    path::Path,
    process::{Command, Output},
};

/// The binary, without the variables of the environment that would change its behaviour.
fn ugradsl(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ugradsl"));
    command.args(args).env_remove("UGRADSL_DATA").env("NO_COLOR", "1");
    command
}

fn run(args: &[&str]) -> Output {
    ugradsl(args).output().expect("the binary starts")
}

/// A comparison that takes a second or two: an MLP on a few hundred digits.
const SMALL: [&str; 5] = [
    "--device=cpu",
    concat!("--recipe=", env!("CARGO_MANIFEST_DIR"), "/tests/cli/small.toml"),
    "--set=architecture=mlp",
    "--limit-train=600",
    "--limit-test=200",
];

/// `command` with `more`, and with the settings of [`SMALL`] that `more` does not set.
fn small(command: &str, more: &[&str]) -> Command {
    let given: Vec<_> = more.iter().map(|argument| option(argument)).collect();
    let preset = SMALL.into_iter().filter(|argument| !given.contains(&option(argument)));
    let args: Vec<&str> = [command].into_iter().chain(preset).chain(more.iter().copied()).collect();
    ugradsl(&args)
}

/// What an argument sets: its flag, and the key where that is `--set`.
fn option(argument: &str) -> String {
    let parts = if argument.starts_with("--set=") { 2 } else { 1 };
    argument.split('=').take(parts).collect::<Vec<_>>().join("=")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("stdout is UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("stdout is not one JSON object: {error}\n{}", stderr(output))
    })
}

/// Trains a small network without what `request` names, and returns its path in `folder`.
fn retrained(folder: &Path, request: &str) -> String {
    let results = folder.join("retrained");
    let out = format!("--out={}", results.display());
    let args = ["--methods=ga", "--seeds=0", &format!("--forget={request}"), &out];
    let output = small("compare", &args).output().expect("the binary starts");
    assert_ne!(output.status.code(), Some(2), "{}", stderr(&output));
    let mut files = std::fs::read_dir(&results).expect("the results").flatten();
    let is_it = |name: &str| name.contains("retrain") && name.ends_with(".safetensors");
    let file = files.find(|file| file.file_name().to_str().is_some_and(is_it));
    file.expect("a retrained network").path().to_str().expect("UTF-8 path").to_owned()
}

/// Trains a small network into `folder` and returns its path.
fn trained(folder: &Path) -> String {
    let path = folder.join("model.safetensors");
    let path = path.to_str().expect("UTF-8 path").to_owned();
    let output = small("train", &["--out", &path]).output().expect("the binary starts");
    assert!(output.status.success(), "{}", stderr(&output));
    path
}
