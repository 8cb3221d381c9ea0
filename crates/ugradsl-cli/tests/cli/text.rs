//! A folder of texts, from training to forgetting.

use std::{fs, path::Path};

use super::{json, option, run, stderr};

/// Three topics with 40 training and 10 test texts each, some in Latin-1, and one empty text.
fn folder(root: &Path) {
    let topics = [
        ("cars", ["engine", "brake", "clutch", "d\u{e9}marreur"]),
        ("hockey", ["goalie", "puck", "rink", "playoff"]),
        ("space", ["moon", "orbit", "rocket", "shuttle"]),
    ];
    for (part, count) in [("train", 40), ("test", 10)] {
        for (topic, words) in topics {
            let folder = root.join(part).join(topic);
            fs::create_dir_all(&folder).expect("a folder");
            for i in 0..count {
                let word = |j: usize| [words[(i + j * j) % 4], "and the"][(i * 3 + j) % 2];
                let text = (0..8).map(word).collect::<Vec<_>>().join(" ");
                let bytes: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
                fs::write(folder.join(format!("{i}.txt")), bytes).expect("a text");
            }
        }
    }
    fs::write(root.join("train/cars/empty"), "").expect("a text");
}

const SETTINGS: [&str; 8] = [
    "--device=cpu",
    "--set=architecture=text-transformer",
    "--set=training.epochs=8",
    "--set=training.batch_size=32",
    "--set=training.learning_rate=0.002",
    "--set=training.optimizer={ name = \"adamw\", weight_decay = 0.01 }",
    "--set=ugradsl-plus.optimizer={ name = \"adamw\", weight_decay = 0.01 }",
    "--set=ugradsl-plus.learning_rate=0.001",
];

fn ugradsl(command: &str, data: &str, more: &[&str]) -> std::process::Output {
    let given: Vec<_> = more.iter().map(|argument| option(argument)).collect();
    // What a command does not read is refused.
    let chosen = more.iter().any(|argument| argument.starts_with("--set=methods"));
    let unread = |argument: &&str| match command {
        _ if chosen => argument.starts_with("--set=ugradsl"),
        "train" => argument.starts_with("--set=ugradsl"),
        "predict" | "evaluate" => {
            argument.starts_with("--set=ugradsl") || argument.starts_with("--set=training")
        }
        // The file of the network says how it was trained.
        "unlearn" => argument.starts_with("--set=training"),
        _ => false,
    };
    let settings = SETTINGS.into_iter().filter(|argument| !unread(argument));
    let settings = settings.filter(|argument| !given.contains(&option(argument)));
    let settings: Vec<&str> = settings.collect();
    run(&[&[command], &settings[..], &["--data", data, "--json"], more].concat())
}

#[test]
fn texts_are_learnt_and_forgotten_with_the_tokenizer_of_the_model() {
    let [root, out] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    folder(root.path());
    let data = root.path().to_str().expect("UTF-8 path");
    let file = |name: &str| out.path().join(name).to_str().expect("UTF-8 path").to_owned();
    let (model, forgotten) = (file("model.safetensors"), file("forgotten.safetensors"));

    let short = ["--out", &model, "--set=text.vocabulary=300", "--set=text.length=12"];
    let output = ugradsl("train", data, &short);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(json(&output)["test_accuracy"].as_f64() > Some(90.0), "{}", json(&output));

    // Vocabulary and length come from the model file, even when one of its training texts is gone.
    fs::remove_file(root.path().join("train/space/39.txt")).expect("removed");
    let args = ["--model", &model, "--out", &forgotten, "--forget=class:2"];
    let output = ugradsl("unlearn", data, &args);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let args = [&args[..], &["--allow-other-data"]].concat();
    let output = ugradsl("unlearn", data, &args);
    assert!(output.status.success(), "{}", stderr(&output));
    let result = json(&output);
    assert_eq!(result["config"]["text"]["length"], 12);
    assert_eq!(result["forgotten_rows"], 39);
    assert!(result["before"]["ua"].as_f64() < Some(10.0), "{result}");
    assert!(result["after"]["ua"].as_f64() > Some(90.0), "{result}");

    for (command, args) in [
        ("predict", ["--model", &forgotten, "--out", &file("table.csv"), "--of=test"]),
        ("evaluate", ["--model", &forgotten, "--original", &model, "--forget=class:2"]),
    ] {
        let probe: &[&str] = match command {
            "evaluate" => &["--probe", "--allow-other-data"],
            _ => &[],
        };
        let output = ugradsl(command, data, &[&args, probe].concat());
        assert!(output.status.success(), "{command}: {}", stderr(&output));
    }

    // Another tokenizer's tokens mean something else.
    let other = file("other.safetensors");
    let output = ugradsl("train", data, &["--out", &other, "--set=text.length=12"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let args = ["--model", &forgotten, "--original", &other, "--forget=class:2", "--probe"];
    let output = ugradsl("evaluate", data, &[&args[..], &["--allow-other-data"]].concat());
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("networks that are compared must share it"));

    let output = ugradsl("evaluate", "mnist-subset", &["--model", &model, "--forget=class:2"]);
    assert_eq!(output.status.code(), Some(3));
    let message = "takes texts, but mnist-subset has images";
    assert!(stderr(&output).contains(message), "{}", stderr(&output));
}

#[test]
fn settings_that_do_not_fit_texts_are_refused_at_once() {
    let root = tempfile::tempdir().expect("a folder");
    folder(root.path());
    let data = root.path().to_str().expect("UTF-8 path");
    for (more, message) in [
        ("--set=architecture=lenet", "lenet is a network for images, but the data are texts"),
        ("--set=methods=[\"boundary-shrink\"]", "needs pixels, but the data are texts"),
        ("--set=training.augmentation.flip=true", "augmentation needs pixels"),
        ("--set=text.vocabulary=99", "a vocabulary of 99 tokens: it must be 257 to 65536"),
        ("--set=text.length=0", "rows of 0 tokens: there must be 1 to 1024"),
        ("--set=text.lenght=9", "did you mean \"text.length\"?"),
    ] {
        let output = ugradsl("compare", data, &["--set=forget=[\"class:2\"]", more]);
        assert!(!output.status.success(), "{more}");
        assert!(stderr(&output).contains(message), "{more}: {}", stderr(&output));
    }
    let output = ugradsl("compare", "mnist-subset", &[]);
    assert!(stderr(&output).contains("text-transformer is a network for texts"));
    fs::remove_dir_all(root.path().join("test/cars")).expect("removed");
    let output = ugradsl("compare", data, &["--set=forget=[\"class:99\"]"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("the test part lacks 1 class: cars"), "{}", stderr(&output));
}
