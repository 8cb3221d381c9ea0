//! Every command does its job, and prints results on stdout and messages on stderr.

use super::{json, retrained, run, small, stderr, stdout, trained, ugradsl};

#[test]
fn compare_prints_the_contract() {
    let args = ["--json", "--seeds=0,1", "--methods=ft,ga,neggrad-plus,ugradsl,ugradsl-plus"];
    let output = small("compare", &args).output().expect("the binary starts");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let report = json(&output);
    assert_eq!(report["schema_version"], 1);
    assert_eq!(report["config"]["training"]["epochs"], 3);
    let runs = report["runs"].as_array().expect("runs");
    assert_eq!(runs.len(), 2 * 7);
    let names: Vec<_> = runs.iter().take(7).map(|run| run["method"].as_str()).collect();
    let expected =
        ["original", "retrain", "ft", "ga", "neggrad-plus", "ugradsl", "ugradsl-plus"].map(Some);
    assert_eq!(names, expected);
    for run in runs {
        for key in ["ua", "mia", "ra", "ta", "gap"] {
            let value = run[key].as_f64().unwrap_or(f64::NAN);
            assert!((0.0..=100.0).contains(&value), "{key} of {run}");
        }
        for key in ["seed", "seconds", "stopped_by"] {
            assert!(!run[key].is_null(), "{key} of {run}");
        }
        let share = &run["retrain_share"];
        assert_eq!(share.is_null(), run["method"] == "original", "{run}");
    }
    // NegGrad+ propagates two batches per step where fine-tuning has one.
    let memory = |at: usize| runs[at]["peak_memory"].as_u64().expect("counted");
    assert!(memory(4) > memory(2) && memory(2) > 0, "{} and {}", memory(4), memory(2));
    assert_eq!(report["summary"].as_array().map(Vec::len), Some(7));
}

#[test]
fn the_same_seed_gives_the_same_numbers_and_weights() {
    let figures = || {
        let output = small("compare", &["--json", "--forget=random:10%"]).output().expect("starts");
        let report = json(&output);
        let pick = |run: &serde_json::Value| {
            ["ua", "mia", "ra", "ta", "gap", "weights"].map(|key| run[key].clone())
        };
        report["runs"].as_array().expect("runs").iter().map(pick).collect::<Vec<_>>()
    };
    assert_eq!(figures(), figures());
}

#[test]
fn compare_writes_and_report_renders_every_form() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("UTF-8 path");
    let output = small("compare", &["--out", out, "--format=csv"]).output().expect("starts");
    assert_eq!(stdout(&output).lines().count(), 1 + 4, "{}", stderr(&output));
    for name in ["report.json", "report.md", "report.html", "ugradsl-plus-seed0.safetensors"] {
        assert!(folder.path().join(name).is_file(), "{name}");
    }
    let file = format!("{out}/report.json");
    for (format, part) in [
        ("text", "ugradsl-plus"),
        ("csv", "method,seed"),
        ("json", "\"schema_version\": 1"),
        ("latex", "\\begin{tabular}"),
        ("markdown", "| ugradsl-plus"),
        ("html", "<html"),
    ] {
        let output = run(&["report", &file, "--format", format]);
        assert!(stdout(&output).contains(part), "{format}: {}", stderr(&output));
    }
}

#[test]
fn train_unlearn_and_evaluate_hand_models_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    let forgotten = format!("{}/forgotten.safetensors", folder.path().display());
    let enough = "--set=ugradsl-plus.min_steps=200";
    let args = ["--model", &model, "--out", &forgotten, "--forget=class:1", enough, "--json"];
    let output = small("unlearn", &args).output().expect("starts");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let result = json(&output);
    assert_ne!(result["weights_before"], result["weights_after"]);
    // The original has seen what was forgotten.
    let args = ["--model", &forgotten, "--retrained", &model, "--forget=class:1", "--json"];
    let output = small("evaluate", &args).output().expect("starts");
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("trained on 65 of the 65 rows"), "{}", stderr(&output));
    let retrained = retrained(folder.path(), "class:1");
    let args = ["--model", &forgotten, "--retrained", &retrained, "--forget=class:1", "--json"];
    let output = small("evaluate", &args).output().expect("starts");
    let measured = json(&output);
    assert_eq!(measured["weights"], result["weights_after"]);
    assert_eq!(measured["measures"]["ua"], result["after"]["ua"]);
    assert_eq!(measured["config"]["forget"], serde_json::json!(["class:1"]));
    assert!(measured["gap"].as_f64().is_some_and(|gap| gap >= 0.0));
    assert_eq!(measured["config"]["architecture"], "mlp");
}

/// The rows of a random share depend on the seed.
#[test]
fn a_random_share_of_another_seed_is_said_to_be_other_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    let out = format!("{}/out.safetensors", folder.path().display());
    let share = "--forget=random:10%";
    let few = ["--set=ugradsl-plus.epochs=1", "--set=guards.proxy=0"];
    let args = ["--model", &model, "--out", &out, share, "--seed=1"];
    let output = small("unlearn", &[&args[..], &few].concat()).output().expect("starts");
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", stderr(&output));
    for (seed, other) in [("--seed=1", false), ("--seed=2", true)] {
        let output = small("evaluate", &["--model", &out, share, seed]).output().expect("starts");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(stderr(&output).contains("--seed 1 draws those"), other, "{}", stderr(&output));
    }
}

/// A request that is not fulfilled is not called done, and may be made again.
#[test]
fn unlearn_says_what_became_of_the_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    let path = |name: &str| format!("{}/{name}.safetensors", folder.path().display());
    let out = path("out");
    for (steps, reached) in [(1, false), (200, true)] {
        let steps = format!("--set=ugradsl-plus.min_steps={steps}");
        let (few, no_more) = ("--set=ugradsl-plus.epochs=1", "--set=guards.least_steps=0");
        let args = ["--model", &model, "--out", &out, "--forget=class:1", few, no_more, &steps];
        let output = small("unlearn", &args).output().expect("starts");
        assert_eq!(output.status.code(), Some(if reached { 0 } else { 1 }), "{}", stderr(&output));
        let text = stdout(&output);
        assert!(text.contains("and a network that never saw them would recognise none"), "{text}");
        assert_eq!(text.contains("reached: 65 rows forgotten: "), reached, "{steps}: {text}");
        let again = ["--model", &out, "--out", &path("again"), "--forget=class:1", few, no_more];
        let again = small("unlearn", &again).output().expect("starts");
        let refused = stderr(&again).contains("is done with all 65 rows");
        assert_eq!(refused, reached, "{}", stderr(&again));
        if !reached {
            // What the first attempt did must not become the measure of the second.
            let recognised = |text: &str| {
                let (before, _) = text.split_once(" % were recognised").expect("a finding");
                before.rsplit(' ').next().expect("a number").to_owned()
            };
            assert_eq!(recognised(&stdout(&again)), recognised(&text));
        }
    }
}

#[test]
fn predict_writes_the_logits_that_evaluate_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    let path = folder.path().join("logits.csv");
    let out = format!("--out={}", path.display());
    let output = small("predict", &["--model", &model, &out, "--json"]).output().expect("starts");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let result = json(&output);
    let table = std::fs::read_to_string(&path).expect("the table");
    let mut hits = 0;
    for (row, line) in table.lines().skip(1).enumerate() {
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!((fields.len(), fields[0]), (12, row.to_string().as_str()));
        let logits: Vec<f32> = fields[2..].iter().map(|f| f.parse().expect("a number")).collect();
        let largest = (0..10).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
        hits += usize::from(largest.map(|class| class.to_string()).as_deref() == Some(fields[1]));
    }
    assert_eq!(table.lines().count(), 1 + 200);
    assert_eq!(result["accuracy"].as_f64(), Some(hits as f64 / 2.0));
    let args = ["--model", &model, "--forget=random:10%", "--validation=0", "--json"];
    let measured = json(&small("evaluate", &args).output().expect("starts"));
    assert_eq!(measured["measures"]["ta"], result["accuracy"]);
}

#[test]
fn doctor_and_completions_answer() {
    let output = run(&["doctor", "--device=cpu", "--json"]);
    assert_eq!(output.status.code(), Some(0));
    let checks = json(&output)["devices"][0]["self_test"].clone();
    assert_eq!(checks.as_array().map(Vec::len), Some(4));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(stdout(&run(&["completions", shell])).contains("unlearn"), "{shell}");
    }
}

/// Looking for a GPU must not make a library complain to the terminal.
#[test]
fn a_machine_without_a_display_hears_no_complaints() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("UTF-8 path");
    let report = folder.path().join("report.json");
    let report = report.to_str().expect("UTF-8 path");
    let args = ["--out", out, "--methods=ft"];
    let output = small("compare", &args).output().expect("starts");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    for args in
        [&["doctor"][..], &["doctor", "--device=auto"], &["verify", report, "--device=auto"]]
    {
        let mut command = ugradsl(args);
        for variable in ["XDG_RUNTIME_DIR", "DISPLAY", "WAYLAND_DISPLAY", "NODEVICE_SELECT"] {
            command.env_remove(variable);
        }
        let output = command.output().expect("the binary starts");
        assert!(matches!(output.status.code(), Some(0 | 1)), "{args:?}: {}", stderr(&output));
        assert_eq!(stderr(&output), "", "{args:?}");
    }
}

#[test]
fn a_gate_that_fails_gives_exit_code_1() {
    let folder = tempfile::tempdir().expect("a folder");
    let recipe = folder.path().join("strict.toml");
    let gate = "[[expect]]\nmethod = \"original\"\nmean_gap = 0.0\n";
    std::fs::write(&recipe, gate).expect("a recipe");
    let recipe = recipe.to_str().expect("UTF-8 path");
    let output = small("compare", &["--recipe", recipe]).output().expect("starts");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stdout(&output).contains("FAILS"));
}
