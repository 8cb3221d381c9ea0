//! Data and requests as people have them: nothing is misread in silence.

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use super::{json, run, stderr, stdout};

/// A picture of one colour, which its class and its number choose.
fn picture(path: &Path, size: (u32, u32), class: usize, i: usize) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("created");
    let base = [210, 30, 120][class % 3] + (i * 7 % 30) as u8;
    let pixels: Vec<u8> = (0..size.0 * size.1).map(|at| base + (at * 5 % 16) as u8).collect();
    image::save_buffer(path, &pixels, size.0, size.1, image::ColorType::L8).expect("written");
}

/// `rows` pictures for each class, without parts.
fn album(root: &Path, classes: &[&str], rows: usize) {
    for (class, name) in classes.iter().enumerate() {
        for i in 0..rows {
            picture(&root.join(name).join(format!("{i:02}.png")), (8, 8), class, i);
        }
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8 path")
}

fn show(data: &Path, more: &[&str]) -> Output {
    run(&[&["data", "show", text(data)], more].concat())
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

/// Both channels, for messages that may be on either.
fn said(output: &Output) -> String {
    format!("{}{}", stdout(output), stderr(output))
}

const SMALL: [&str; 4] = [
    "--device=cpu",
    "--set=training.epochs=4",
    "--set=training.batch_size=8",
    "--set=attack=headline",
];

fn train(data: &Path, model: &Path, more: &[&str]) {
    let args = ["train", "--data", text(data), "--out", text(model)];
    let output = run(&[&args[..], &SMALL[..3], more].concat());
    assert_eq!(code(&output), 0, "{}", said(&output));
}

/// Signs a record as `docs/data.md` says, and checks that the signature is of that record alone.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn signs(record: &Path) {
    let folder = record.parent().expect("a folder");
    let tool = |args: &str, input: Option<&Path>| {
        let mut command = Command::new("ssh-keygen");
        // A word for nothing stands for the empty passphrase.
        let words = args.split_whitespace().map(|word| if word == "nothing" { "" } else { word });
        command.args(words).current_dir(folder).stderr(Stdio::null());
        let input = input.map(|path| fs::File::open(path).expect("the record").into());
        command.stdin(input.unwrap_or_else(Stdio::null)).stdout(Stdio::null()).status()
    };
    if tool("-l -f /dev/null", None).is_err() {
        eprintln!("ssh-keygen is not installed, so no record is signed");
        return;
    }
    let ok = |args: &str, input: Option<&Path>| tool(args, input).expect("it starts").success();
    assert!(ok("-q -t ed25519 -N nothing -C nothing -f key", None), "a key");
    let key = fs::read_to_string(folder.join("key.pub")).expect("the public key");
    fs::write(folder.join("allowed_signers"), format!("me@example.org {key}")).expect("written");
    assert!(ok("-Y sign -n ugradsl -f key record.json", None), "a signature");
    let verify = "-Y verify -n ugradsl -f allowed_signers -I me@example.org -s record.json.sig";
    assert!(ok(verify, Some(record)), "the record as it was signed");
    let other = folder.join("other.json");
    let edited = fs::read_to_string(record).expect("the record").replace("Ann", "Bob");
    fs::write(&other, edited).expect("written");
    assert!(!ok(verify, Some(&other)), "an edited record");
}

#[test]
fn classes_have_names_and_a_number_that_is_another_class_is_refused() {
    let root = tempfile::tempdir().expect("a folder");
    album(root.path(), &["0", "1", "2", "3", "10", "11"], 3);
    let asked = |request: &str| {
        show(root.path(), &["--test-share=30%", "--json", &format!("--forget={request}")])
    };
    let output = asked("class:2");
    let message = said(&output);
    assert_eq!(code(&output), 2, "{message}");
    assert!(message.contains("class:index=2 for class 2 (10)"), "{message}");
    assert!(message.contains("class:name=2 for class 4 (2)"), "{message}");
    let taken = |request: &str| {
        let output = asked(request);
        assert_eq!(code(&output), 0, "{}", said(&output));
        json(&output)["forget"]["classes"][0][0].as_str().expect("a class").to_owned()
    };
    assert_eq!(taken("class:name=2"), "4 (2)");
    assert_eq!(taken("class:index=2"), "2 (10)");
    assert_eq!(taken("class:10"), "2 (10)");
}

#[test]
fn an_album_goes_from_nothing_to_a_forgotten_picture_and_its_record() {
    let root = tempfile::tempdir().expect("a folder");
    let [data, model, out] =
        ["album", "m.safetensors", "f.safetensors"].map(|name| root.path().join(name));
    album(&data, &["beach", "forest"], 20);
    picture(&data.join("beach/big.png"), (20, 12), 0, 3);
    fs::create_dir_all(data.join("beach/@eaDir")).expect("a folder");
    fs::write(data.join("beach/@eaDir/00.png"), b"not a picture").expect("written");
    let refused = show(&data, &["--test-share=20%"]);
    assert_eq!(code(&refused), 3);
    assert!(said(&refused).contains("--resize 8"), "{}", said(&refused));
    let read = ["--test-share=20%", "--resize=8", "--architecture=mlp"];
    train(&data, &model, &read);

    // The model knows how its data are read.
    let page = root.path().join("record.html");
    let record = root.path().join("record.json");
    let unlearn = [
        "unlearn",
        "--model",
        text(&model),
        "--data",
        text(&data),
        "--out",
        text(&out),
        "--report",
        text(&page),
        "--report",
        text(&record),
        "--asked-by",
        "Ann <ann@x>",
    ];
    let forget = show(&data, &["--test-share=20%", "--resize=8", "--json", "--forget=class:beach"]);
    let name = json(&forget)["forget"]["names"][0].as_str().expect("a name").to_owned();
    let request = format!("--forget=file:{name}");
    let dry = run(&[&unlearn[..5], &[&request, "--dry-run", "--device=cpu"]].concat());
    assert_eq!(code(&dry), 0, "{}", said(&dry));
    assert!(stdout(&dry).contains(&name) && !out.exists(), "{}", said(&dry));
    let output = run(&[&unlearn[..], &SMALL, &[&request]].concat());
    assert!([0, 1].contains(&code(&output)), "{}", said(&output));
    let html = fs::read_to_string(&page).expect("the record");
    assert!(html.contains("ann@x") && !html.contains("<ann@x>"), "{html}");
    assert!(html.contains(&name), "{html}");
    assert_eq!(code(&run(&["verify", text(&record)])), 0);
    signs(&record);
    // The record as a page again, and one that says another seed than the network's file.
    let rendered = run(&["report", text(&record), "--format=html"]);
    assert!(stdout(&rendered).contains("Ann"), "{}", said(&rendered));
    let json = fs::read_to_string(&record).expect("the record");
    assert!(json.contains("\"seed\": 0"), "{json}");
    let edited = root.path().join("edited.json");
    fs::write(&edited, json.replace("\"seed\": 0", "\"seed\": 7")).expect("written");
    let other = run(&["verify", text(&edited)]);
    assert_eq!(code(&other), 1, "{}", said(&other));
    assert!(said(&other).contains("seed: entry 1 of the ledger says 0"), "{}", said(&other));
    fs::copy(&model, &out).expect("another file under the same name");
    let other = run(&["verify", text(&record)]);
    assert_eq!(code(&other), 1, "{}", said(&other));

    // A new picture, and one less that was not forgotten: these are other data.
    picture(&data.join("beach/00a.png"), (8, 8), 0, 17);
    let changed = run(&[&unlearn[..], &SMALL, &[&request]].concat());
    assert_eq!(code(&changed), 3, "{}", said(&changed));
    assert!(
        said(&changed).contains("is not what the network was trained on"),
        "{}",
        said(&changed)
    );
    fs::rename(data.join("beach"), data.join("sea")).expect("renamed");
    let renamed = run(&[&unlearn[..], &SMALL, &["--forget=class:sea"]].concat());
    assert!(said(&renamed).contains("the network does not know: sea"), "{}", said(&renamed));
}

#[test]
fn rows_that_are_really_gone_stay_forgotten() {
    let root = tempfile::tempdir().expect("a folder");
    let [data, first, second, third] =
        ["people", "1.safetensors", "2.safetensors", "3.safetensors"]
            .map(|name| root.path().join(name));
    for (class, name) in ["happy", "sad"].iter().enumerate() {
        for (at, person) in ["ann", "bob", "eve", "tom", "zoe"].iter().enumerate() {
            for i in 0..6 {
                let path = data.join(name).join(person).join(format!("{i}.png"));
                picture(&path, (8, 8), class, 6 * at + i);
            }
        }
    }
    train(&data, &first, &["--test-share=20%", "--architecture=mlp"]);
    let groups = json(&show(&data, &["--test-share=20%", "--json"]));
    let person = |at: usize| groups["groups"][at]["name"].as_str().expect("a name").to_owned();
    let unlearn = |from: &Path, to: &Path, who: &str| {
        let args = ["unlearn", "--model", text(from), "--data", text(&data), "--out", text(to)];
        run(&[&args[..], &SMALL, &[&format!("--forget=group:{who}")]].concat())
    };
    let output = unlearn(&first, &second, &person(0));
    assert!([0, 1].contains(&code(&output)), "{}", said(&output));
    for class in ["happy", "sad"] {
        fs::remove_dir_all(data.join(class).join(person(0))).expect("erased");
    }
    let output = unlearn(&second, &third, &person(1));
    assert!([0, 1].contains(&code(&output)), "{}", said(&output));
    let message = said(&output);
    assert!(message.contains("2 requests, 24 rows"), "{message}");
    // An erasure that no request asked for is another matter.
    fs::remove_file(data.join("sad").join(person(2)).join("0.png")).expect("erased");
    let output = unlearn(&third, &first, &person(3));
    assert_eq!(code(&output), 3, "{}", said(&output));
}

#[test]
fn tables_say_what_their_columns_are() {
    let root = tempfile::tempdir().expect("a folder");
    let path = root.path().join("clients.csv");
    let rows: String = (0..60)
        .map(|i| {
            let country = ["DE", "FR", "IT"][i % 3];
            format!("{};{},5;{country};{}\n", 1000 + i, i % 7, ["yes", "no"][i % 2])
        })
        .collect();
    fs::write(&path, format!("user_id;amount;country;class\n{rows}")).expect("a table");
    let output = show(&path, &["--test-share=20%"]);
    assert_eq!(code(&output), 3, "{}", said(&output));
    assert!(said(&output).contains("--id user_id"), "{}", said(&output));
    let read = ["--test-share=20%", "--id=user_id", "--json", "--forget=where:country=FR"];
    let output = show(&path, &read);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let shown = json(&output);
    assert_eq!(shown["kind"], "features");
    assert_eq!(shown["classes"][1]["name"], "1 (yes)");
    assert!(shown["forget"]["rows"].as_u64().is_some_and(|rows| rows > 10));
    let list = root.path().join("gone.txt");
    let named = |at: usize| shown["forget"]["names"][at].as_str().expect("an id").to_owned();
    let by_ids = |ids: &str| {
        fs::write(&list, ids).expect("a list");
        let request = format!("--forget=ids:{}", list.display());
        show(&path, &["--test-share=20%", "--id=user_id", "--json", &request])
    };
    let output = by_ids(&format!("\"{}\"\n{}.0\n", named(0), named(1)));
    let names = &json(&output)["forget"]["names"];
    assert_eq!(*names, serde_json::json!([named(0), named(1)]), "{}", said(&output));
    let output = by_ids("1000-1059");
    assert_eq!(code(&output), 2, "{}", said(&output));
    assert!(said(&output).contains(" of 1000-1059"), "{}", said(&output));

    let model = root.path().join("m.safetensors");
    train(&path, &model, &["--test-share=20%", "--id=user_id", "--architecture=mlp"]);
    let again = run(&[
        "predict",
        "--model",
        text(&model),
        "--data",
        text(&path),
        "--of=train",
        "--device=cpu",
        "--out",
        text(&root.path().join("p.csv")),
    ]);
    assert_eq!(code(&again), 0, "{}", said(&again));
    let table = fs::read_to_string(root.path().join("p.csv")).expect("a table");
    assert!(table.starts_with("row,label,name,class,predicted,logit0,logit1\n"), "{table}");
}

#[test]
fn copies_are_counted_and_can_go_along() {
    let root = tempfile::tempdir().expect("a folder");
    album(&root.path().join("train"), &["a", "b"], 6);
    album(&root.path().join("test"), &["a", "b"], 2);
    fs::copy(root.path().join("train/a/05.png"), root.path().join("train/b/copy.png"))
        .expect("copied");
    let shown = json(&show(root.path(), &["--json", "--forget=file:train/a/05.png"]));
    assert_eq!((&shown["copies"], &shown["copies_in_test"]), (&1.into(), &4.into()));
    assert_eq!(shown["forget"]["copies"]["retained"].as_array().map(Vec::len), Some(1));
    let near =
        json(&show(root.path(), &["--json", "--forget=file:train/a/05.png", "--near-copies=5%"]));
    let retained = near["near_copies"]["retained"].as_array().expect("a list").clone();
    assert!(
        retained.iter().any(|pair| pair[0].as_str().is_some_and(|name| name.ends_with("copy.png"))),
        "{near}"
    );
    // A page shows the rows that go, also where a part of the folder became the test part.
    let page = root.path().join("page.html");
    let all = root.path().join("all");
    album(&all, &["a", "b"], 12);
    let html = format!("--html={}", page.display());
    let taken = show(&all, &["--test-share=25%", "--json", "--forget=class:b", &html]);
    let names = json(&taken)["forget"]["names"].as_array().expect("names").clone();
    let html = fs::read_to_string(&page).expect("the page");
    for name in names {
        assert!(html.contains(name.as_str().expect("a name")), "{name}");
    }
    let along = json(&show(root.path(), &["--json", "--forget=file:train/a/05.png with copies"]));
    assert_eq!(along["forget"]["rows"], 2);
}

#[test]
fn files_that_are_something_else_are_named() {
    let root = tempfile::tempdir().expect("a folder");
    let at = |name: &str, bytes: &[u8]| {
        let path = root.path().join(name);
        fs::write(&path, bytes).expect("written");
        path
    };
    let cases = [
        (at("a.csv", b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n"), "Git LFS"),
        (at("b.tsv", b"<!doctype html>\n<html>\n</html>"), "this is a web page"),
        (at("c.jsonl", b"PAR1 PAR1"), "Parquet"),
        (at("a.npz", b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n"), "Git LFS"),
        (at("b.npz", b"<!doctype html><html></html>"), "this is a web page"),
        (at("c.bin", b"\x89HDF\r\n\x1a\n"), "HDF5"),
    ];
    for (path, part) in cases {
        let output = show(&path, &["--test-share=20%"]);
        assert_eq!(code(&output), 3, "{}", said(&output));
        assert!(said(&output).contains(part), "{}: {}", path.display(), said(&output));
    }
    let empty = root.path().join("empty");
    fs::create_dir(&empty).expect("a folder");
    picture(&empty.join("x.png"), (8, 8), 0, 0);
    let output = show(&empty, &[]);
    assert!(said(&output).contains("1 picture"), "{}", said(&output));
}
