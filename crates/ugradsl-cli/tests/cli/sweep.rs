//! A sweep: every cell once, originals and retrained networks shared, nothing computed twice.

use super::{json, small, stderr, stdout};

#[test]
fn a_sweep_trains_once_and_is_not_repeated() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("UTF-8 path");
    let args = [
        "--out",
        out,
        "--methods=ugradsl-plus",
        "--over=forget=class:1,random:10%",
        "--over=ugradsl-plus.p=0.8,0.9",
        "--json",
    ];
    let output = small("sweep", &args).output().expect("the binary starts");
    let messages = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{messages}");
    let begun = |method: &str| {
        let line = format!("{method}, seed 0: ");
        messages.lines().filter(|text| text.starts_with(&line) && text.contains("steps on")).count()
    };
    assert_eq!(begun("original"), 1, "{messages}");
    assert_eq!(begun("retrain"), 2, "one per request: {messages}");
    assert_eq!(begun("ugradsl-plus"), 4, "{messages}");

    let report = json(&output);
    assert_eq!(report["axes"][1]["values"], serde_json::json!(["0.8", "0.9"]));
    let cells = report["cells"].as_array().expect("cells");
    assert_eq!(cells.len(), 4);
    for cell in cells {
        let inside = folder.path().join(cell["folder"].as_str().expect("a name"));
        for name in ["report.json", "retrain-seed0.safetensors", "ugradsl-plus-seed0.json"] {
            assert!(inside.join(name).is_file(), "{name} of {cell}");
        }
        let methods: Vec<_> =
            cell["summary"].as_array().expect("rows").iter().map(|row| &row["method"]).collect();
        assert_eq!(methods, ["original", "retrain", "ugradsl-plus"]);
    }
    let weights = |cell: &serde_json::Value| {
        let record = std::path::Path::new(cell["folder"].as_str().expect("a name"))
            .join("ugradsl-plus-seed0.json");
        let text = std::fs::read_to_string(folder.path().join(record)).expect("a record");
        let record: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        record["weights"].clone()
    };
    assert_ne!(weights(&cells[0]), weights(&cells[1]), "p has an effect");
    let page = std::fs::read_to_string(folder.path().join("sweep.html")).expect("the page");
    assert_eq!(page.matches("<svg").count(), 2, "a heat map for the original and the method");
    let lines = std::fs::read_to_string(folder.path().join("sweep.csv")).expect("the lines");
    assert_eq!(lines.lines().count(), 1 + 4 * 3);
    assert!(lines.starts_with("forget,ugradsl-plus.p,method,"), "{lines}");

    let table = folder.path().join("sweep.json");
    for command in ["verify", "report"] {
        let refused = super::run(&[command, table.to_str().expect("UTF-8 path")]);
        assert_eq!(refused.status.code(), Some(3), "{}", stderr(&refused));
        assert!(stderr(&refused).contains("table of a sweep"), "{}", stderr(&refused));
    }

    let args: Vec<_> = args.into_iter().filter(|arg| *arg != "--json").collect();
    let again = small("sweep", &args).output().expect("the binary starts");
    assert!(!stderr(&again).contains("steps on"), "{}", stderr(&again));
    assert!(stdout(&again).contains("random:10%, 0.9"), "{}", stdout(&again));
}

#[test]
fn mistakes_are_reported_before_anything_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("sweep");
    let out = out.to_str().expect("UTF-8 path");
    let recipe = folder.path().join("recipe.toml");
    std::fs::write(&recipe, "[[sweep]]\nkey = \"ugradsl.p\"\nvalues = [0.9]\n").expect("written");
    let recipe = format!("--recipe={}", recipe.display());
    for (command, args, part) in [
        ("sweep", vec!["--out", out], "nothing to sweep over"),
        ("sweep", vec!["--out", out, "--over=ugradsl.p"], "key=value"),
        ("sweep", vec!["--out", out, "--over=ugradsl.p=0.9,high"], "does not fit"),
        ("sweep", vec!["--out", out, "--over=ugradsl.q=0.9"], "unknown key"),
        ("compare", vec![recipe.as_str()], "ugradsl sweep"),
        (
            "sweep",
            vec!["--out", out, "--over=forget=class:1,class:2", "--forget=class:3"],
            "`--forget class:3` and `--over forget=class:1,class:2` both set `forget`",
        ),
        (
            "sweep",
            vec!["--out", out, &recipe, "--set=ugradsl.p=0.8"],
            "`--set ugradsl.p=0.8` and the recipe's axis `ugradsl.p`",
        ),
        ("sweep", vec!["--out", out, "--over=forget=class:1,class:99"], "cell forget=class:99: "),
        ("sweep", vec!["--out", out, "--over=training.epochs=1,0"], "cell training.epochs=0: "),
        (
            "sweep",
            vec!["--out", out, "--over=ugradsl.beta=1,2", "--over=ugradsl.alpha=-0.5,adaptive"],
            "are the same",
        ),
        (
            "sweep",
            vec!["--out", out, "--over=text.length=10,20"],
            "`axis text.length` has no effect here: the rows",
        ),
        (
            "sweep",
            vec!["--out", out, "--methods=ft", "--over=guards.every=3,10"],
            "`axis guards.every` has no effect here: no method that runs has guards",
        ),
        (
            "sweep",
            vec!["--out", out, "--over=ugradsl.batch_norm=frozen,concat"],
            "batch_norm` has no effect here: the network has no BatchNorm",
        ),
        (
            "sweep",
            vec!["--out", out, "--over=guards.proxy=0,0.1"],
            "`axis guards.proxy` has no effect here (`guards.proxy`): a proxy is not needed where whole",
        ),
        (
            "compare",
            vec!["--freeze=conv*"],
            "`--freeze conv*` says more of the network of --original",
        ),
        ("compare", vec!["--seeds=1", "--set=seeds=[2]"], "`--seeds 1` and `--set seeds=[2]`"),
    ] {
        let output = small(command, &args).output().expect("the binary starts");
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(part), "{args:?}: {}", stderr(&output));
        assert!(!std::path::Path::new(out).exists(), "{args:?}");
    }
}
