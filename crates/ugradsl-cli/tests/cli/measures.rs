//! Measures: explained in words, and computed for files and for shadow networks.

use super::{json, retrained, run, small, stderr, stdout, trained};

#[test]
fn explain_lists_all_and_explains_each() {
    let list = run(&["explain"]);
    assert_eq!(list.status.code(), Some(0), "{}", stderr(&list));
    let all = json(&run(&["explain", "--json"]));
    let measures = all["measures"].as_array().expect("measures");
    assert!(measures.len() >= 15);
    for measure in measures {
        let name = measure["name"].as_str().expect("a name");
        assert!(stdout(&list).lines().any(|line| line.starts_with(name)), "{name}");
        let text = stdout(&run(&["explain", name]));
        for part in
            ["unit", "meaning", "plain", "formula", "reading", "pitfalls", "source", "command"]
        {
            assert!(text.contains(measure[part].as_str().expect(part)), "{part} of {name}");
        }
    }
    let upper = json(&run(&["explain", "UA", "--json"]));
    assert_eq!(upper["measure"]["name"], "ua");
    assert!(stdout(&run(&["completions", "zsh"])).contains("balanced-accuracy"));
}

/// The table of measures in crates/ugradsl/docs/method.md, generated from `explain --json`.
fn table_of_measures() -> String {
    let all = json(&run(&["explain", "--json"]));
    let mut table =
        String::from("| measure | unit | computed as | shown by |\n|---|---|---|---|\n");
    for measure in all["measures"].as_array().expect("measures") {
        let cell = |key: &str| measure[key].as_str().expect(key).replace('|', "\\|");
        let [name, title, unit, formula] = ["name", "title", "unit", "formula"].map(cell);
        let commands: Vec<String> =
            cell("command").split(", ").map(|command| format!("`{command}`")).collect();
        let key = if name.eq_ignore_ascii_case(&title.replace(' ', "-")) {
            String::new()
        } else {
            format!(" (`{name}`)")
        };
        table += &format!(
            "| {title}{key} | {unit} | {} | {} |\n",
            in_markdown(&formula),
            commands.join(", ")
        );
    }
    table
}

/// A formula as plain Markdown text: characters that would be read as markup are escaped.
fn in_markdown(text: &str) -> String {
    let mut plain = String::new();
    for character in text.chars() {
        match character {
            '*' | '_' | '[' | '<' => plain.extend(['\\', character]),
            _ => plain.push(character),
        }
    }
    plain
}

/// `UGRADSL_RENEW=1 cargo test --workspace up_to_date` rewrites the table.
#[test]
fn the_documentation_of_the_measures_is_up_to_date() {
    const MARKS: [&str; 2] = ["<!-- measures -->\n", "<!-- end of measures -->\n"];
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../ugradsl/docs/method.md");
    let text = std::fs::read_to_string(&path).expect("crates/ugradsl/docs/method.md");
    let (before, rest) = text.split_once(MARKS[0]).expect("the first mark");
    let (found, after) = rest.split_once(MARKS[1]).expect("the second mark");
    let wanted = table_of_measures();
    if std::env::var_os("UGRADSL_RENEW").is_some() {
        std::fs::write(&path, [before, MARKS[0], &wanted, MARKS[1], after].concat())
            .expect("written");
    } else {
        let how = "UGRADSL_RENEW=1 cargo test --workspace up_to_date";
        assert!(
            found == wanted,
            "crates/ugradsl/docs/method.md has other words for the measures; to write them anew:\n    {how}"
        );
    }
    let readme = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(readme).expect("README.md");
    let all = json(&run(&["explain", "--json"]));
    for measure in all["measures"].as_array().expect("measures") {
        if ["ua", "ra", "ta", "mia", "gap"].contains(&measure["name"].as_str().expect("a name")) {
            let (title, plain) = (
                measure["title"].as_str().expect("a title"),
                measure["plain"].as_str().expect("words"),
            );
            let line = format!("| {title} | {plain} |");
            assert!(readme.contains(&line), "README.md lacks {line}");
        }
    }
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
    let retrained = retrained(folder.path(), "class:1");
    let args = [
        "--model",
        &retrained,
        "--against",
        &retrained,
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
fn audit_attacks_shadow_pairs_and_resumes_where_it_stopped() {
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
fn invalid_measurements_are_refused_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    let mut failed = Vec::new();
    for (argument, part) in [
        ("--relearn=0", "--relearn: cannot show 0 of"),
        ("--relearn=100000", "--relearn: cannot show 100000 of"),
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
