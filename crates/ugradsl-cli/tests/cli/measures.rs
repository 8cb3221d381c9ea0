//! Measures: explained in words, and computed for files and for shadow networks.

use super::{json, run, small, stderr, stdout, trained};

#[test]
fn explain_lists_all_and_tells_each() {
    let list = run(&["explain"]);
    assert_eq!(list.status.code(), Some(0), "{}", stderr(&list));
    let all = json(&run(&["explain", "--json"]));
    let measures = all["measures"].as_array().expect("measures");
    assert!(measures.len() >= 15);
    for measure in measures {
        let name = measure["name"].as_str().expect("a name");
        assert!(stdout(&list).lines().any(|line| line.starts_with(name)), "{name}");
        let text = stdout(&run(&["explain", name]));
        for part in ["meaning", "formula", "reading", "pitfalls", "source"] {
            assert!(text.contains(measure[part].as_str().expect(part)), "{part} of {name}");
        }
    }
    let upper = json(&run(&["explain", "UA", "--json"]));
    assert_eq!(upper["measure"]["name"], "ua");
    assert!(stdout(&run(&["completions", "zsh"])).contains("balanced-accuracy"));
}

#[test]
fn an_unknown_measure_gets_a_suggestion() {
    let output = run(&["explain", "linear-prob"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("similar value exists: 'linear-probe'")
            && output.stdout.is_empty()
    );
}

#[test]
fn evaluate_puts_a_network_beside_the_retrained_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    let args = [
        "--model",
        &model,
        "--against",
        &model,
        "--original",
        &model,
        "--forget=class:1",
        "--relearn=5",
        "--relearn-steps=3",
        "--probe",
        "--label-ldp=-0.5,2",
    ];
    let output = small("evaluate", &[&args[..], &["--json"]].concat()).output().expect("starts");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let measured = json(&output);
    assert_eq!(measured["gap"], 0.0);
    assert_eq!(measured["likeness"]["agreement_forget"], 100.0);
    assert_eq!(measured["likeness"]["kl_test"], 0.0);
    assert_eq!(measured["roc"], measured["retrained"]["roc"]);
    assert!(measured["roc"]["forget"]["auc"].as_f64().is_some_and(|auc| auc > 0.0 && auc <= 1.0));
    assert!(measured["label_odds"]["median"].as_f64().is_some_and(|odds| odds > 0.0));
    // ln 11: K / alpha (1 - 2) + 1 - K with K = 10.
    let epsilon = measured["label_ldp"]["epsilon"].as_f64().unwrap_or(f64::NAN);
    assert!((epsilon - 11f64.ln()).abs() < 1e-12, "{epsilon}");
    for name in ["original", "unlearned", "retrained"] {
        let curve = measured["relearn"][name]["curve"].as_array().expect("a curve");
        assert_eq!(curve.len(), 4, "{name}");
        let probe = measured["linear_probe"][name]["accuracy"].as_f64();
        assert!(probe.is_some_and(|share| (0.0..=100.0).contains(&share)), "{name}: {probe:?}");
    }
    let text = stdout(&small("evaluate", &args).output().expect("starts"));
    for part in ["AUC", "average gap", "KL", "epsilon 2.3979", "linear probe", "known again"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn audit_attacks_shadow_pairs_and_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = format!("--out={}", folder.path().display());
    let args =
        ["--forget=random:10%", "--method=ugradsl", "--shadows=3", "--json", "--resume", &out];
    let audit = || small("audit", &args).output().expect("the binary starts");
    let first = audit();
    assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
    let result = json(&first);
    assert_eq!((&result["shadow_pairs"], &result["forgotten_rows"]), (&3.into(), &60.into()));
    assert_eq!(result["u_lira"]["members"], 180);
    assert!(result["u_lira"]["auc"].as_f64().is_some_and(|auc| (0.0..=1.0).contains(&auc)));
    // All runs are kept, and the same networks give the same figures.
    assert_eq!(json(&audit())["u_lira"], result["u_lira"]);
}

#[test]
fn what_cannot_be_measured_is_refused_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    let mut failed = Vec::new();
    for (argument, part) in [
        ("--relearn=0", "--relearn: 0 samples"),
        ("--relearn=100000", "--relearn: 100000 samples"),
        ("--label-ldp=0.5,2", "below 0"),
        ("--label-ldp=-0.5,1", "above 1"),
        ("--label-ldp=-5,2", "above -1.1111"),
        ("--label-ldp=half", "-0.5,2"),
    ] {
        let args = ["--model", &model, "--forget=class:1", argument];
        let output = small("evaluate", &args).output().expect("starts");
        if output.status.code() != Some(2) || !stderr(&output).contains(part) {
            failed.push(format!("{argument}: {:?} {}", output.status.code(), stderr(&output)));
        }
    }
    for (argument, part) in [
        ("--shadows=2", "3..=64"),
        ("--method=retrain", "[possible values: ft, ga,"),
        ("--method=magic", "magic"),
        ("--forget=class:12", "10 classes"),
    ] {
        let forget = if argument.starts_with("--forget") { argument } else { "--forget=class:1" };
        let mut args = vec![forget];
        args.extend((argument != forget).then_some(argument));
        let output = small("audit", &args).output().expect("starts");
        if output.status.code() != Some(2) || !stderr(&output).contains(part) {
            failed.push(format!("{argument}: {:?} {}", output.status.code(), stderr(&output)));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
