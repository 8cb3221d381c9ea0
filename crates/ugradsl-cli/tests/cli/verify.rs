//! Reports that are checked, requests that follow one another, and costs that are estimated.

use std::{fs, path::Path, process::Output};

use super::{json, retrained, run, small, stderr, stdout, trained};

fn code(output: &Output) -> Option<i32> {
    assert!(!stderr(output).contains("internal error"), "{}", stderr(output));
    output.status.code()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8 path")
}

#[test]
fn verify_accepts_a_true_report_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let (list, out) = (folder.path().join("ids.txt"), folder.path().join("out"));
    fs::write(&list, (0..40).map(|id| format!("{id}\n")).collect::<String>()).expect("a file");
    let forget = format!("--forget=ids:{}", text(&list));
    let args = ["--out", text(&out), "--methods=ugradsl-plus", &forget];
    let output = small("compare", &args).output().expect("the binary starts");
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    let report = out.join("report.json");
    let verify = |more: &[&str]| run(&[&["verify", text(&report)], more].concat());

    let output = verify(&["--replay", "--json"]);
    assert_eq!(code(&output), Some(0), "{}{}", stdout(&output), stderr(&output));
    let result = json(&output);
    assert_eq!((&result["schema_version"], &result["holds"]), (&1.into(), &true.into()));
    assert_eq!(result["measured"]["tolerance"], 0.0);
    assert!(result["replayed"]["fields"].as_u64().is_some_and(|fields| fields > 200));

    let honest = fs::read_to_string(&report).expect("the report");
    let cases = [
        (honest.replacen("\"steps\": ", "\"steps\": 1", 1), 1, "digest"),
        (honest.replacen("\"schema_version\": 1", "\"schema_version\": 7", 1), 3, "is 7"),
        (honest[..honest.len() / 2].to_owned(), 3, "report.json"),
        ("[".repeat(100_000), 3, "report.json"),
        ("{}".to_owned(), 3, "not a report"),
    ];
    for (forged, expected, part) in cases {
        fs::write(&report, forged).expect("a file");
        let output = verify(&[]);
        assert_eq!(code(&output), Some(expected), "{part}: {}", stderr(&output));
        let printed = stdout(&output) + &stderr(&output);
        assert!(printed.contains(part), "{part}: {printed}");
    }
    // Rendering an edited report does not make it an honest one.
    fs::write(&report, honest.replacen("\"steps\": ", "\"steps\": 1", 1)).expect("a file");
    let rendered = run(&["report", text(&report), "--format=json"]);
    fs::write(&report, rendered.stdout).expect("a file");
    assert_eq!(code(&verify(&[])), Some(1));
    fs::write(&report, &honest).expect("a file");
    assert_eq!(code(&verify(&["--tolerance=-1"])), Some(2));
    assert_eq!(code(&verify(&["--models=/nowhere/at-all"])), Some(3));

    let model = out.join("ugradsl-plus-seed0.safetensors");
    let bytes = fs::read(&model).expect("a model");
    let mut forged = bytes.clone();
    *forged.last_mut().expect("bytes") ^= 1;
    fs::write(&model, forged).expect("a file");
    let output = verify(&[]);
    assert_eq!(code(&output), Some(1));
    assert!(stdout(&output).contains("runs[2].weights"), "{}", stdout(&output));
    fs::write(&model, bytes).expect("a file");

    fs::write(&list, "1\n2\n").expect("a file");
    let output = verify(&[]);
    assert_eq!(code(&output), Some(1));
    assert!(stdout(&output).contains("runs[2].forget_list"), "{}", stdout(&output));
    fs::remove_file(&list).expect("removed");
    assert_eq!(code(&verify(&[])), Some(3));
}

#[test]
fn a_trained_network_is_compared_without_retraining() {
    let folder = tempfile::tempdir().expect("a folder");
    let (model, out) = (trained(folder.path()), folder.path().join("out"));
    let args =
        ["--original", &model, "--no-retrain", "--out", text(&out), "--methods=ugradsl-plus"];
    let output = small("compare", &args).output().expect("the binary starts");
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    let table = stdout(&output);
    assert!(table.contains("(no network was retrained): UA 100.00"), "{table}");
    assert!(table.contains("UA 100.00, MIA 100.00"), "{table}");
    // The report is bound to the file that it started from: it holds neither without that file nor
    // with another one.
    let verify = || run(&["verify", text(&out.join("report.json")), "--replay"]);
    assert_eq!(code(&verify()), Some(0), "{}", stdout(&verify()));
    let other = ["--out", &model, "--set=training.epochs=1"];
    let output = small("train", &other).output().expect("the binary starts");
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    assert_eq!(code(&verify()), Some(1), "{}", stdout(&verify()));
    fs::remove_file(&model).expect("removed");
    assert_eq!(code(&verify()), Some(3));
}

#[test]
fn requests_follow_one_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    let path = |name: &str| text(&folder.path().join(name)).to_owned();
    let (list, first, second) = (path("ids.txt"), path("first"), path("second"));
    fs::write(&list, (0..30).map(|id| format!("{id}\n")).collect::<String>()).expect("a file");
    let ids = format!("--forget=ids:{list}");
    let unlearn = |from: &str, to: &str, more: &[&str]| {
        let args = [&["--model", from, "--out", to, "--json"], more].concat();
        small("unlearn", &args).output().expect("the binary starts")
    };

    let output = unlearn(&model, &first, &["--forget=class:3", "--set=ugradsl-plus.min_steps=200"]);
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    let class = json(&output);
    let rows = class["forgotten_rows"].as_u64().expect("a number");
    assert_eq!(class["so_far"]["forgotten_rows"], rows);

    // Some of the first 30 rows are of class 3, and so are forgotten already.
    let retrained = retrained(folder.path(), &format!("class:3 and ids:{list}"));
    let output = unlearn(&first, &second, &[&ids, "--against", &retrained]);
    assert!(matches!(code(&output), Some(0 | 1)), "{}", stderr(&output));
    let both = json(&output);
    let new = both["forgotten_rows"].as_u64().expect("a number");
    assert!(new > 0 && new < 30, "{new}");
    let so_far = &both["so_far"];
    assert_eq!((&so_far["requests"], &so_far["forgotten_rows"]), (&2.into(), &(rows + new).into()));
    assert!(so_far["gap"].as_f64().is_some_and(|gap| gap >= 0.0), "{so_far}");
    assert!(so_far["drift"]["share"].as_f64() == Some((rows + new) as f64 / 600.0), "{so_far}");
    assert!(so_far["drift"]["test_accuracy_lost"].is_f64());

    // The class counts neither among the retained nor among the test rows of the second request.
    let args = ["--model", &second, &ids, "--json"];
    let output = small("evaluate", &args).output().expect("the binary starts");
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    let measured = json(&output);
    for measure in ["ra", "ta"] {
        assert_eq!(measured["measures"][measure], both["after"][measure], "{measure}");
    }

    for (more, expected, part) in [
        (["--forget=class:3", "--seed=0"], 2, "is done with all"),
        (["--forget=class:4", "--limit-train=500"], 3, "is not what the network was trained on"),
    ] {
        let output = unlearn(&second, &path("third"), &more);
        assert_eq!(code(&output), Some(expected), "{}", stderr(&output));
        assert!(stderr(&output).contains(part), "{}", stderr(&output));
    }

    // A ledger altered without changing its length, so that the file stays well-formed.
    let mut forged = fs::read(&second).expect("a model");
    let mark = b"digest\\\":\\\"";
    let start = forged.windows(mark.len()).position(|part| part == mark).expect("a digest");
    let digit = &mut forged[start + mark.len()];
    *digit = if *digit == b'0' { b'1' } else { b'0' };
    fs::write(path("forged"), forged).expect("a file");
    let output = unlearn(&path("forged"), &path("third"), &["--forget=class:4"]);
    assert_eq!(code(&output), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("ledger"), "{}", stderr(&output));
}

#[test]
fn advise_says_what_it_would_cost() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    let args = ["--model", &model, "--forget=class:3", "--steps=5"];
    let output = small("advise", &[&args[..], &["--json"]].concat()).output().expect("starts");
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    let result = json(&output);
    let costs = result["costs"].as_array().expect("costs");
    let methods: Vec<_> = costs.iter().map(|cost| cost["method"].as_str()).collect();
    assert_eq!(methods, [Some("ugradsl"), Some("ugradsl-plus"), Some("retrain")]);
    for cost in costs {
        assert!(cost["timed_steps"].as_u64().is_some_and(|steps| steps > 0), "{cost}");
        assert!(cost["seconds"].as_f64().is_some_and(|seconds| seconds > 0.0), "{cost}");
    }
    // Three epochs over the retained rows, in batches of 64.
    let retained = 600 - result["forgotten_rows"].as_u64().expect("a number");
    assert_eq!(costs[2]["steps"], 3 * retained.div_ceil(64));
    let advised = result["advice"]["method"].as_str();
    assert!(methods.contains(&advised), "{result}");

    let output = small("advise", &args).output().expect("starts");
    assert!(stdout(&output).contains("advice: "), "{}", stdout(&output));
    let output =
        small("advise", &["--model", &model, "--forget=class:12"]).output().expect("starts");
    assert_eq!(code(&output), Some(2), "{}", stderr(&output));
}
