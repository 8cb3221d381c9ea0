//! A run killed at any moment resumes from its checkpoint and ends as if nothing had happened.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use super::{json, small, stderr, trained};

/// Weights of every run of a comparison.
fn weights(report: &serde_json::Value) -> Vec<String> {
    let runs = report["runs"].as_array().expect("runs");
    runs.iter().map(|run| run["weights"].to_string()).collect()
}

/// Enough steps for a kill in the middle.
const LONGER: [&str; 4] =
    ["--set=training.epochs=40", "--set=ugradsl-plus.epochs=10", "--json", "--seeds=5"];

fn compare(out: &Path, resume: bool) -> Command {
    let out = format!("--out={}", out.display());
    let mut args = LONGER.to_vec();
    args.push(&out);
    if resume {
        args.push("--resume");
    }
    small("compare", &args)
}

/// Starts `command` and kills it (SIGKILL) `delay` ms after it has written `checkpoint`. Returns
/// whether it was still running then.
fn killed(mut command: Command, checkpoint: &Path, delay: u64) -> bool {
    let written = || fs::metadata(checkpoint).and_then(|meta| meta.modified()).ok();
    let before = written();
    let mut child =
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary starts");
    let deadline = Instant::now() + Duration::from_secs(60);
    while written().is_none_or(|now| Some(now) == before)
        && child.try_wait().expect("status").is_none()
    {
        assert!(Instant::now() < deadline, "no checkpoint appears");
        sleep(Duration::from_millis(2));
    }
    sleep(Duration::from_millis(delay));
    let running = child.try_wait().expect("status").is_none();
    child.kill().expect("killed");
    child.wait().expect("gone");
    running
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
    for delay in [0, 40, 150] {
        kills += usize::from(killed(compare(&out, kills > 0), &checkpoint, delay));
    }
    assert!(kills > 0, "the runs were over before they could be killed");
    let resumed = compare(&out, true).output().expect("starts");
    assert!(resumed.status.success(), "{}", stderr(&resumed));
    assert_eq!(weights(&json(&resumed)), expected);
}

/// Runs `command` once to its end, and once killed and resumed: the files must be the same.
fn resumes_to_the_same_file(folder: &Path, command: &str, args: &[&str]) {
    let model = |name: &str| folder.join(format!("{name}.safetensors"));
    let start = |name: &str, resume: bool| {
        let out = format!("--out={}", model(name).display());
        let mut all = vec![out.as_str()];
        all.extend(args);
        all.extend(resume.then_some("--resume"));
        let mut command = small(command, &all);
        // A model file records when the network forgot.
        command.env("SOURCE_DATE_EPOCH", "1700000000");
        command
    };
    let done = |mut command: Command| {
        let output = command.output().expect("the binary starts");
        // A request that is not fulfilled gives 1, and the same file.
        assert!(matches!(output.status.code(), Some(0 | 1)), "{}", stderr(&output));
        stderr(&output)
    };
    done(start("straight", false));
    let checkpoint = folder.join("killed.safetensors.checkpoint");
    assert!(killed(start("killed", false), &checkpoint, 10), "{command} was over too soon");
    assert!(!model("killed").exists(), "a result before the end");
    let messages = done(start("killed", true));
    assert!(messages.contains("resumed at step"), "{messages}");
    assert!(!checkpoint.exists(), "the checkpoint outlived its run");
    let [straight, killed] = ["straight", "killed"].map(|name| fs::read(model(name)).expect(name));
    assert!(straight == killed, "{command}: the weights differ");
}

#[test]
fn train_resumes_to_the_same_file() {
    let folder = tempfile::tempdir().expect("a folder");
    resumes_to_the_same_file(folder.path(), "train", &["--set=training.epochs=80"]);
}

#[test]
fn unlearn_resumes_to_the_same_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    // Without guards only the plan ends the run.
    let settings = ["--set=ugradsl-plus.epochs=80", "--set=ugradsl-plus.guards=false"];
    let args = ["--model", &model, "--forget=random:10%", settings[0], settings[1]];
    resumes_to_the_same_file(folder.path(), "unlearn", &args);
}

/// About how many seconds the next test trains without interruption.
const LONG: f64 = 8.0;

/// Takes about half a minute.
#[test]
fn train_killed_every_two_seconds_ends_with_the_same_weights() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = |name: &str| folder.path().join(format!("{name}.safetensors"));
    let train = |name: &str, epochs: usize| {
        let (out, epochs) =
            (format!("--out={}", model(name).display()), format!("--set=training.epochs={epochs}"));
        small("train", &[&out, &epochs, "--json", "--resume"])
    };
    let straight = |name: &str, epochs: usize| {
        let output = train(name, epochs).output().expect("the binary starts");
        assert!(output.status.success(), "{}", stderr(&output));
        json(&output)
    };
    let few = 40;
    let seconds = straight("few", few)["seconds"].as_f64().expect("seconds");
    let epochs = (few as f64 * LONG / seconds).ceil() as usize;
    let expected = straight("straight", epochs)["weights"].clone();

    let mut kills = 0;
    let weights = loop {
        let mut child = train("killed", epochs)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let deadline = Instant::now() + Duration::from_secs(2);
        while Instant::now() < deadline && child.try_wait().expect("status").is_none() {
            sleep(Duration::from_millis(10));
        }
        if child.try_wait().expect("status").is_some() {
            let output = child.wait_with_output().expect("output");
            assert!(output.status.success(), "after {kills} kills");
            break json(&output)["weights"].clone();
        }
        child.kill().expect("killed");
        child.wait().expect("gone");
        kills += 1;
        assert!(kills < 60, "no progress between two kills");
    };
    assert!(kills >= 2, "over after {kills} kills: not long enough");
    assert_eq!(weights, expected, "after {kills} kills");
}

/// The number of threads is not part of what a run computes.
#[test]
fn another_number_of_threads_reuses_finished_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = format!("--out={}", folder.path().display());
    let compare_with = |threads: &str, more: &[&str]| {
        let args = [&["--json", "--methods=ft", &out], more].concat();
        let output = small("compare", &args).env("RAYON_NUM_THREADS", threads).output();
        let output = output.expect("the binary starts");
        assert!(output.status.success(), "{}", stderr(&output));
        output
    };
    let first = compare_with("1", &[]);
    assert!(stderr(&first).contains("ft, seed 0: "), "{}", stderr(&first));
    let again = compare_with("2", &["--resume"]);
    assert!(!stderr(&again).contains(" steps on "), "computed again: {}", stderr(&again));
    assert_eq!(weights(&json(&again)), weights(&json(&first)));

    // Another run under the same name is computed again, and the field that differs is named.
    let other = compare_with("2", &["--resume", "--set=ft.learning_rate=0.02"]);
    let message = stderr(&other);
    assert!(message.contains("plan.learning_rate is 0.01 there, 0.02 here"), "{message}");
}

/// What a finished network was trained by is part of what it is.
#[test]
fn a_finished_network_of_other_training_is_not_resumed() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    let again = |more: &[&str]| {
        let args = [&["--out", &model, "--resume"], more].concat();
        small("train", &args).output().expect("the binary starts")
    };
    let same = again(&[]);
    assert!(same.status.success(), "{}", stderr(&same));
    assert!(!stderr(&same).contains("the file does not say"), "{}", stderr(&same));
    let other = again(&["--set=training.epochs=7"]);
    assert!(!other.status.success(), "{}", stderr(&other));
    assert!(stderr(&other).contains("it was trained by other settings"), "{}", stderr(&other));
}

/// The file of an original says how it was trained, and the retrained network follows that.
#[test]
fn an_original_is_retrained_as_it_was_trained_and_is_not_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = folder.path().join("model.safetensors");
    let place = model.to_str().expect("UTF-8");
    let training = "--set=training.epochs=2";
    let output = small("train", &["--out", place, training]).output().expect("a process");
    assert!(output.status.success(), "{}", stderr(&output));
    let compare = |out: &Path, more: &[&str]| {
        let data = ["--data=mnist-subset", "--limit-train=600", "--limit-test=200", "--device=cpu"];
        let args =
            ["compare", "--forget=class:3", "--methods=ft", "--set=attack=headline", "--json"];
        let named = [format!("--original={place}"), format!("--out={}", out.display())];
        let mut command = super::ugradsl(&args);
        command.args(data).args(named).args(more).output().expect("the binary starts")
    };
    let epochs =
        |output: &std::process::Output| json(output)["config"]["training"]["epochs"].clone();
    let by_file = compare(&folder.path().join("file"), &[]);
    assert!(by_file.status.success(), "{}", stderr(&by_file));
    assert_eq!(epochs(&by_file), 2);
    let by_hand = compare(&folder.path().join("hand"), &["--set=training.epochs=3"]);
    assert_eq!(epochs(&by_hand), 3);
    let here = compare(folder.path(), &[]);
    assert_eq!(here.status.code(), Some(2), "{}", stderr(&here));
    assert!(stderr(&here).contains("give another --out"), "{}", stderr(&here));
}

/// A finished deletion is known by its network and its settings, and says so in JSON; a record that
/// only the run could write is not silently left out.
#[test]
fn a_finished_deletion_of_another_network_is_not_resumed() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    let other = folder.path().join("other.safetensors").display().to_string();
    let made = small("train", &["--out", &other, "--seed=5"]).output().expect("a process");
    assert!(made.status.success(), "{}", stderr(&made));
    let out = folder.path().join("forgotten.safetensors").display().to_string();
    let unlearn = |model: &str, more: &[&str]| {
        let first = ["--model", model, "--forget=class:3", "--method=ft", "--json", "--out", &out];
        small("unlearn", &[&first, more].concat()).output().expect("the binary starts")
    };
    let made = unlearn(&model, &[]);
    assert!(matches!(made.status.code(), Some(0 | 1)), "{}", stderr(&made));
    let same = unlearn(&model, &["--resume"]);
    assert_eq!(same.status.code(), made.status.code(), "{}", stderr(&same));
    let (first, again) = (json(&made), json(&same));
    assert_eq!(again["finished_before"], true);
    assert_eq!(again["verdict"], first["finding"]["verdict"]);
    let report = format!("--report={}", folder.path().join("record.json").display());
    for (model, more, words) in [
        (&other, "--resume", "it was made of another network"),
        (&model, "--set=ft.learning_rate=0.02", "it was made by other settings"),
        (&model, report.as_str(), "without --resume the run is repeated"),
    ] {
        let refused = match more {
            "--resume" => unlearn(model, &[more]),
            more => unlearn(model, &["--resume", more]),
        };
        assert!(matches!(refused.status.code(), Some(2 | 3)), "{}", stderr(&refused));
        assert!(stderr(&refused).contains(words), "{words}: {}", stderr(&refused));
    }
}

#[test]
fn a_list_that_was_changed_is_another_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    let out = folder.path().join("forgotten.safetensors");
    let list = folder.path().join("rows.txt");
    let unlearn = |rows: &str, more: &[&str]| {
        std::fs::write(&list, rows).expect("written");
        let forget = format!("--forget=rows:{}", list.display());
        let out = format!("--out={}", out.display());
        let args = ["--model", &model, &forget, &out, "--method=ft"];
        small("unlearn", &[&args[..], more].concat()).output().expect("the binary starts")
    };
    let made = unlearn("1\n2\n3\n", &[]);
    assert!(matches!(made.status.code(), Some(0 | 1)), "{}", stderr(&made));
    let before = std::fs::read(&out).expect("a network");
    for (rows, more) in [("1\n2\n3\n4\n", "--resume"), ("1\n2\n", "--resume"), ("3\n4\n", "--json")]
    {
        let refused = unlearn(rows, &[more]);
        assert!(matches!(refused.status.code(), Some(2 | 3)), "{rows:?}: {}", stderr(&refused));
        let words = if more == "--resume" { "named 3 rows" } else { "would still know" };
        assert!(stderr(&refused).contains(words), "{rows:?}: {}", stderr(&refused));
        assert!(std::fs::read(&out).expect("a network") == before, "{rows:?}");
    }
    let again = unlearn("1\n2\n3\n", &["--resume"]);
    assert_eq!(again.status.code(), made.status.code(), "{}", stderr(&again));
}
