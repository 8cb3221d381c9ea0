//! Data that users bring, and groups of it to forget.

use std::{fs, path::Path};

use super::{json, small, stderr};

/// Training and test rows of a class; the first few training rows belong to a group.
const ROWS: [(&str, usize); 2] = [("train", 100), ("test", 20)];
const GROUPED: usize = 10;
/// Sorts before the pictures without a group, so that rows have the same order in every format.
const GROUP: &str = "0-anna";

/// Pixel `at` of image `i`, a bright one or a dark one.
fn pixel(class: usize, i: usize, at: usize) -> u8 {
    let base = [180, 20][class];
    base + ((at * 7 + i * 5) % 50) as u8
}

/// Pictures of 6 x 6 pixels.
fn pictures(root: &Path) {
    for (class, name) in ["bright", "dark"].into_iter().enumerate() {
        for (part, count) in ROWS {
            for i in 0..count {
                let group = if part == "train" && i < GROUPED { GROUP } else { "" };
                let folder = root.join(part).join(name).join(group);
                fs::create_dir_all(&folder).expect("a folder");
                let pixels: Vec<u8> = (0..36).map(|at| pixel(class, i, at)).collect();
                let path = folder.join(format!("{i:03}.png"));
                image::save_buffer(path, &pixels, 6, 6, image::ColorType::L8).expect("a picture");
            }
        }
    }
}

/// The same as tables.
fn tables(root: &Path) {
    for (part, count) in ROWS {
        let mut text = (0..36).map(|at| format!("p{at},")).collect::<String>() + "label,group\n";
        for label in 0..2 {
            for i in 0..count {
                let pixels: String =
                    (0..36).map(|at| format!("{},", pixel(label, i, at))).collect();
                let group = if i < GROUPED { GROUP } else { "" };
                text += &format!("{pixels}{label},{group}\n");
            }
        }
        fs::write(root.join(format!("{part}.csv")), text).expect("a table");
    }
}

const ALL: [&str; 2] = ["--limit-train=200", "--limit-test=40"];

#[test]
fn a_group_is_forgotten_from_pictures_and_from_tables_alike() {
    let [folder, table] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    pictures(folder.path());
    tables(table.path());
    let recipe = table.path().join("recipe.toml");
    let data = table.path().to_str().expect("UTF-8 path");
    fs::write(
        &recipe,
        format!(
            "data = {data:?}\nforget = [\"group:0-anna\"]\nreading.values = \"pixels\"\n{}",
            include_str!("small.toml")
        ),
    )
    .expect("a recipe");
    let ids = table.path().join("rows.csv");
    let rows: String =
        (0..GROUPED).chain(100..100 + GROUPED).map(|row| format!("x,{row}\n")).collect();
    fs::write(&ids, format!("why,id\n{rows}")).expect("a list");

    let folder = folder.path().to_str().expect("UTF-8 path");
    let recipe = format!("--recipe={}", recipe.display());
    let ids = format!("--forget=ids:{}", ids.display());
    let asked: [&[&str]; 3] = [
        &["--data", folder, "--forget=group:0-anna"],
        &[recipe.as_str()],
        &["--data", data, ids.as_str(), "--values=pixels"],
    ];
    let figures = asked.map(|args| {
        let args = [args, &ALL, &["--json"]].concat();
        let output = small("compare", &args).output().expect("starts");
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        let report = json(&output);
        let forget = report["runs"][0]["forget"].as_str().expect("a request").to_owned();
        let runs = report["runs"].as_array().expect("runs");
        let weights: Vec<_> = runs.iter().map(|run| run["weights"].clone()).collect();
        (forget, weights)
    });
    assert_eq!(figures[0].0, "group:0-anna");
    assert_eq!(figures[1].0, "group:0-anna");
    assert!(figures[2].0.starts_with("ids:"), "{}", figures[2].0);
    // The same rows of the same data: the same networks, to the last bit.
    assert_eq!(figures[0].1, figures[1].1);
    assert_eq!(figures[0].1, figures[2].1);
}

#[test]
fn errors_in_data_or_group_are_named() {
    let [folder, table] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    pictures(folder.path());
    tables(table.path());
    let text = fs::read_to_string(table.path().join("train.csv")).expect("a table");
    fs::write(table.path().join("train.csv"), text.replace(GROUP, "")).expect("a table");
    let odd = folder.path().join("train/dark/odd.png");
    let [folder, table] = [&folder, &table].map(|dir| dir.path().to_str().expect("UTF-8 path"));
    let refused = |data: &str, forget: &str, code: i32, part: &str| {
        let forget = format!("--forget={forget}");
        let kind: &[&str] = if data == table { &["--values=pixels"] } else { &[] };
        let args = [&["--data", data, forget.as_str()][..], &ALL, kind].concat();
        let output = small("compare", &args).output().expect("starts");
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{forget}: {message}");
        assert!(message.contains(part) && !message.contains("panicked"), "{message}");
    };
    refused(
        folder,
        "group:0-ana",
        2,
        "no group is called `0-ana`, did you mean 0-anna? (of 1 group)",
    );
    refused(folder, "group:", 2, "use class:3, random:10%, ids:FILE, rows:FILE, group:NAME");
    refused(table, "group:0-anna", 2, "none of the 0 groups is called anything like it");
    refused("mnist-subset", "group:0-anna", 2, "the data set names no groups");
    refused(&format!("{table}/train.csv"), "class:0", 3, "has no test part: give one");
    image::save_buffer(&odd, &[0; 4], 2, 2, image::ColorType::L8).expect("a picture");
    refused(folder, "class:0", 3, "--resize 2");
}

#[test]
fn limited_rows_of_folders_are_of_all_classes_and_refuse_a_list() {
    let folder = tempfile::tempdir().expect("a folder");
    pictures(folder.path());
    let list = folder.path().join("rows.csv");
    fs::write(&list, "id\n3\n").expect("a list");
    let folder = folder.path().to_str().expect("UTF-8 path");
    let compare = |forget: &str| {
        let limits = ["--limit-train=60", "--limit-test=30", "--methods=ga", "--json"];
        let args = [&["--data", folder, "--forget", forget][..], &limits].concat();
        small("compare", &args).output().expect("starts")
    };
    let output = compare("class:1");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(json(&output)["runs"][0]["forgotten_rows"], 30);

    let output = compare(&format!("ids:{}", list.display()));
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(message.contains("numbers the rows of the whole training set"), "{message}");
}

/// The row of a prediction is the row that a request takes, where a part of the file is the test
/// part.
#[test]
fn predictions_have_the_numbers_that_requests_take() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut text = "id,a,b,label\n".to_owned();
    for row in 0..60 {
        text += &format!("r{row},{}.5,{}.25,{}\n", row % 7, row % 5, ["no", "yes"][row % 2]);
    }
    let table = folder.path().join("t.csv");
    fs::write(&table, text).expect("a table");
    let place = |name: &str| folder.path().join(name).display().to_string();
    let (model, list) = (place("m.safetensors"), place("p.csv"));
    let data = ["--data", &place("t.csv"), "--id=id", "--test-share=20%", "--device=cpu"]
        .map(str::to_owned);
    let run = |command: &str, more: &[&str]| {
        let args: Vec<&str> =
            [command].into_iter().chain(data.iter().map(String::as_str)).collect();
        let output = super::run(&[&args[..], more].concat());
        assert!(output.status.success(), "{}", stderr(&output));
    };
    run("train", &["--architecture=mlp", "--set=training.epochs=1", "--out", &model]);
    for half in ["train", "test"] {
        run("predict", &["--model", &model, "--of", half, "--out", &list]);
        let lines = fs::read_to_string(&list).expect("the table");
        let mut rows = lines.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
        match half {
            "train" => assert!(rows.all(|row| row[2] == format!("r{}", row[0])), "{lines}"),
            _ => assert!(rows.all(|row| row[2].starts_with('r')), "{lines}"),
        }
    }
}
