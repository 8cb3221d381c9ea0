//! Killed at any moment, a run goes on from its checkpoint and ends as if nothing had happened.

use std::{
    fs,
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

use super::{json, small, stderr};

/// Weights of every run of a comparison.
fn weights(report: &serde_json::Value) -> Vec<String> {
    let runs = report["runs"].as_array().expect("runs");
    runs.iter().map(|run| run["weights"].to_string()).collect()
}

/// Enough steps to be killed in the middle of.
const LONGER: [&str; 4] =
    ["--set=training.epochs=40", "--set=ugradsl-plus.epochs=10", "--json", "--seeds=5"];

fn compare(out: &Path, resume: bool) -> std::process::Command {
    let out = format!("--out={}", out.display());
    let mut args = LONGER.to_vec();
    args.push(&out);
    if resume {
        args.push("--resume");
    }
    small("compare", &args)
}

#[test]
fn killed_runs_end_bit_identical() {
    let folder = tempfile::tempdir().expect("a folder");
    let straight = compare(&folder.path().join("straight"), false).output().expect("starts");
    assert!(straight.status.success(), "{}", stderr(&straight));
    let expected = weights(&json(&straight));

    let out = folder.path().join("killed");
    let checkpoint = out.join("checkpoint.safetensors");
    let mut kills = 0;
    // SIGKILL as soon as there is a checkpoint, a few times over, wherever the run then is.
    for delay in [0, 40, 150] {
        let mut child = compare(&out, kills > 0)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("starts");
        let before = fs::metadata(&checkpoint).and_then(|meta| meta.modified()).ok();
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let now = fs::metadata(&checkpoint).and_then(|meta| meta.modified()).ok();
            if now.is_some() && now != before || child.try_wait().expect("status").is_some() {
                break;
            }
            assert!(Instant::now() < deadline, "no checkpoint appears");
            sleep(Duration::from_millis(2));
        }
        sleep(Duration::from_millis(delay));
        kills += usize::from(child.try_wait().expect("status").is_none());
        child.kill().expect("killed");
        child.wait().expect("gone");
    }
    assert!(kills > 0, "the runs were over before they could be killed");
    let resumed = compare(&out, true).output().expect("starts");
    assert!(resumed.status.success(), "{}", stderr(&resumed));
    assert_eq!(weights(&json(&resumed)), expected);
}
