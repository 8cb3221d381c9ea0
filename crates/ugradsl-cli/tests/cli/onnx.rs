//! A network in an ONNX file: trained, made to forget, compared and checked, and the file that
//! comes out.

use std::{fs, path::Path};

use super::{json, run, stderr, stdout};

/// What `scripts/digits_onnx.py` exported: an untrained network for digits, two convolutions with
/// BatchNorm.
const DIGITS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/digits.onnx");

/// Settings with which the network learns in seconds.
const QUICK: [&str; 5] = [
    "--device=cpu",
    "--limit-train=1000",
    "--limit-test=300",
    "--set=training.epochs=8",
    "--seed=1",
];

fn call<'a>(command: &'a str, args: &[&'a str]) -> Vec<&'a str> {
    [command].into_iter().chain(QUICK).chain(args.iter().copied()).collect()
}

fn done(args: &[&str]) -> std::process::Output {
    let output = run(args);
    assert!(output.status.success(), "{args:?}: {}", stderr(&output));
    output
}

fn text(path: &Path) -> String {
    path.to_str().expect("UTF-8 path").to_owned()
}

#[test]
fn networks_of_a_graph_are_audited() {
    let args = ["--model", DIGITS, "--forget", "class:3", "--shadows=3", "--json"];
    let data = ["--device=cpu", "--limit-train=300", "--limit-test=100", "--set=training.epochs=1"];
    let result = json(&done(&[&["audit"], &args[..], &data].concat()));
    assert_eq!(
        (&result["config"]["architecture"], &result["shadow_pairs"]),
        (&"onnx".into(), &3.into())
    );
    let refused = run(&["audit", "--forget=class:3", "--freeze=fc*", "--device=cpu"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("about the network of --model, which is not given"));
}

/// Number of places where two files of one length differ.
fn different(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).filter(|(a, b)| a != b).count()
}

#[test]
fn a_network_is_trained_forgets_and_stays_the_same_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| text(&folder.path().join(name));
    let (trained, forgotten, record) =
        (path("trained.onnx"), path("forgotten.onnx"), path("record.json"));

    let output = done(&call("train", &["--model", DIGITS, "--out", &trained, "--json"]));
    let said = stderr(&output);
    for expected in ["0.weight", "weight", "running_var", "statistic", "Softmax"] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert!(json(&output)["test_accuracy"].as_f64().expect("an accuracy") > 60.0, "{said}");

    let output = done(&call(
        "unlearn",
        &[
            "--model", &trained, "--forget", "class:3", "--out", &forgotten, "--report", &record,
            "--json",
        ],
    ));
    let result = json(&output);
    assert!(result["after"]["ua"].as_f64().expect("UA") > 90.0, "{result}");
    let (original, changed) =
        (fs::read(DIGITS).expect("read"), fs::read(&forgotten).expect("read"));
    // Only weights, of four bytes each, may differ; all else is where and what it was, and the
    // ledger is behind it.
    let weights = 4 * (6 * 9 + 12 * 6 * 9 + 4 * 6 + 4 * 12 + 10 * 432 + 10);
    assert!(changed.len() > original.len() && different(&original, &changed) <= weights);

    let rows = ["--device=cpu", "--limit-train=1000", "--limit-test=300"];
    let evaluate = ["evaluate", "--seed=1", "--model", &forgotten, "--forget", "class:3", "--json"];
    let again = json(&done(&[&evaluate[..], &rows].concat()));
    assert_eq!(again["measures"]["ua"], result["after"]["ua"], "{again}");
    let table = path("logits.csv");
    done(&[&["predict", "--model", &forgotten, "--out", &table], &rows[..]].concat());
    assert_eq!(fs::read_to_string(&table).expect("a table").lines().count(), 301);
    done(&["verify", &record]);

    // The same weights under the graph's names, for other programs.
    let tensors = path("forgotten.safetensors");
    done(&call("unlearn", &["--model", &trained, "--forget", "class:3", "--out", &tensors]));
    let bytes = fs::read(&tensors).expect("read");
    assert!(String::from_utf8_lossy(&bytes).contains("\"0.weight\""));
}

#[test]
fn methods_are_compared_from_it_and_the_report_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| text(&folder.path().join(name));
    let (trained, out) = (path("trained.onnx"), path("out"));
    done(&call("train", &["--model", DIGITS, "--out", &trained]));
    let compare: Vec<&str> =
        call("compare", &["--original", &trained, "--fresh", DIGITS, "--out", &out])
            .into_iter()
            .map(|argument| if argument == "--seed=1" { "--seeds=1" } else { argument })
            .collect();
    done(&compare);
    let names: Vec<String> = fs::read_dir(&out)
        .expect("results")
        .filter_map(|entry| entry.expect("an entry").file_name().to_str().map(str::to_owned))
        .collect();
    assert!(names.iter().any(|name| name == "retrain-seed1.onnx"), "{names:?}");
    let report = format!("{out}/report.json");
    let output = done(&["verify", &report]);
    assert!(stdout(&output).contains("agree"), "{}", stdout(&output));
}

#[test]
fn what_does_not_fit_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = text(&folder.path().join("out.onnx"));
    let refused = |args: &[&str], words: &[&str]| {
        let output =
            run(&call("unlearn", &[&["--forget", "class:3", "--out", &out], args].concat()));
        let said = stderr(&output);
        assert!(!output.status.success(), "{args:?}");
        for word in words {
            assert!(said.contains(word), "{word}: {said}");
        }
    };
    refused(&["--model", DIGITS, "--freeze", "conv*"], &["conv*", "0.weight"]);
    refused(&["--model", DIGITS, "--architecture", "lenet"], &["leave lenet out"]);
    let names = text(&folder.path().join("names.txt"));
    fs::write(&names, "0\n1\n2\n3\n").expect("written");
    refused(&["--model", DIGITS, "--classes", &names], &["does not know"]);
    let half = text(&folder.path().join("half.onnx"));
    let bytes = fs::read(DIGITS).expect("read");
    fs::write(&half, &bytes[..bytes.len() / 2]).expect("written");
    refused(&["--model", &half], &["half.onnx"]);
}
