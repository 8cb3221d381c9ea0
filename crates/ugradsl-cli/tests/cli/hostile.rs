//! Malformed input of every kind: a message that names it, its exit code, nothing lost, no panic.

use std::{fs, path::Path};

use super::{run, small, stderr, trained};

/// Code and message of a command.
fn outcome(output: &std::process::Output) -> (Option<i32>, String) {
    let message = stderr(output);
    assert!(!message.contains("panicked") && !message.contains("internal error"), "{message}");
    (output.status.code(), message)
}

fn write(path: &Path, bytes: &[u8]) -> String {
    fs::write(path, bytes).expect("a file");
    path.to_str().expect("UTF-8 path").to_owned()
}

#[test]
fn a_number_of_threads_that_is_none_is_refused() {
    for threads in ["two", "-1", " ", "1.5", "1000000"] {
        let output = super::ugradsl(&["doctor"]).env("RAYON_NUM_THREADS", threads).output();
        let (code, message) = outcome(&output.expect("a process"));
        assert_eq!(code, Some(2), "{threads:?}: {message}");
        assert!(message.contains("RAYON_NUM_THREADS"), "{message}");
    }
}

#[test]
fn flags_about_a_network_that_is_not_given_and_parts_that_are_there_are_refused() {
    for (flags, words) in [
        (&["--normalisation", "0.5/0.5"][..], "--normalisation is about the network of --model"),
        (&["--freeze", "fc1*"], "--freeze is about the network of --model"),
        (&["--from-scratch"], "--from-scratch"),
        (&["--test-share", "20%"], "`test_share` has no effect on `mnist-subset`"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("m.safetensors");
        let begin = ["train", "--data=mnist-subset", "--device=cpu", "--architecture=mlp"];
        let args = [&begin[..], &["--out", out.to_str().expect("UTF-8")], flags].concat();
        let output = super::run(&args);
        let (code, message) = outcome(&output);
        assert!(matches!(code, Some(2 | 3)), "{flags:?}: {message}");
        assert!(message.contains(words), "{message}");
        assert!(!out.exists());
    }
}

#[test]
fn requests_and_configs() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str, text: &str| write(&folder.path().join(name), text.as_bytes());
    let ids = |name: &str, text: &str| format!("--forget=ids:{}", at(name, text));
    let all: String = (0..600).map(|id| format!("{id}\n")).collect();
    let cases: Vec<(String, i32, &str)> = vec![
        ("--forget=class:10".into(), 2, "10 classes"),
        ("--forget=class:x".into(), 2, "no class is called `x`: the classes are 0, 1"),
        ("--forget=random:0%".into(), 2, "between 0 and 1"),
        ("--forget=random:100%".into(), 2, "between 0 and 1"),
        ("--forget=everything".into(), 2, "random:10%"),
        ("--forget=clas:3".into(), 2, "did you mean `class:`?"),
        (ids("unknown", "0\n600\n"), 2, "600"),
        (ids("twice", "4\n7\n4\n"), 2, "4"),
        (ids("token", "4\nseven\n"), 3, "line 2"),
        (ids("empty", "\n"), 3, "names no rows"),
        (ids("all", &all), 2, "600"),
        ("--forget=ids:/nowhere/at-all".into(), 3, "/nowhere/at-all"),
        ("--data=nonsense".into(), 3, "nonsense"),
        ("--data=fashion-mnist".into(), 3, "UGRADSL_DATA"),
        ("--limit-train=1000000".into(), 2, "1000000"),
        ("--device=cuda".into(), 2, "cuda"),
        ("--set=training.epohcs=1".into(), 2, "training.epochs"),
        ("--set=training.epochs=0".into(), 2, "epochs"),
        ("--set=ft.p=0.3".into(), 2, "\"method.ft.p\": the keys here are epochs, min_steps"),
        ("--set=ft.epoch=1".into(), 2, "did you mean \"method.ft.epochs\"?"),
        ("--set=fisher.epochs=77".into(), 2, "the keys here are variance, batch_size, guards"),
        ("--set=ga.alpha=-5".into(), 2, "method.ga.alpha"),
        ("--methods=ugradsl-pls".into(), 2, "a similar value exists: 'ugradsl-plus'"),
        ("--set=ugradsl.p=7".into(), 2, "p = 7"),
        ("--set=ugradsl.alpha=2".into(), 2, "alpha"),
        ("--set=architecture=resnet-5000".into(), 2, "resnet-5000"),
        ("--methods=magic".into(), 2, "magic"),
        ("--set=ft.epochs=3".into(), 2, "ft does not run; what runs is ugradsl, ugradsl-plus"),
        ("--set=ugradsl.alpha=-1e30".into(), 2, "-1000 to 1"),
        ("--set=text.length=5".into(), 2, "images, not texts"),
        ("--set=guards.freeze_batch_norm=false".into(), 2, "the network has no BatchNorm layers"),
        ("--set=ugradsl.batch_norm=frozen".into(), 2, "the network has no BatchNorm layers"),
        ("--set=ugradsl={ batch_norm = \"frozen\" }".into(), 2, "no BatchNorm layers"),
        ("--set=guards.proxy=0".into(), 2, "a proxy is not needed where whole classes"),
        ("--set=guards={ every = 3, proxy = 0 }".into(), 2, "(`guards.proxy`): a proxy is not"),
        ("--set=expect=[{method=\"ft\", mean_gap=1}]".into(), 2, "a method that does not run"),
        ("--set=expect=[{method=\"ugradsl\"}]".into(), 2, "has no bound"),
        (
            "--set=expect=[{method=\"ugradsl\", training_accuracy=50}]".into(),
            2,
            "which is the original's",
        ),
        ("--set=forget=random:10%,random:0.1".into(), 2, "is there twice"),
        ("--methods=ga,ga".into(), 2, "method ga is there twice"),
        ("--set=seeds=[4,4]".into(), 2, "seed 4 is there twice"),
        (
            "--set=forget=[\"class:1\",\"class:1\"]".into(),
            2,
            "forget request class:1 is there twice",
        ),
        ("--recipe=/nowhere.toml".into(), 3, "/nowhere.toml"),
        (format!("--recipe={}", at("bad.toml", "= = =")), 2, "TOML"),
    ];
    let mut failed = Vec::new();
    for (argument, code, part) in cases {
        let output = small("compare", &[&argument]).output().expect("starts");
        let (found, message) = outcome(&output);
        if found != Some(code) || !message.contains(part) || !output.stdout.is_empty() {
            failed.push(format!("{argument}: {found:?} {message}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn data_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let images = |claimed: u32, bytes: usize| {
        let mut file = vec![0, 0, 8, 3];
        for size in [claimed, 28, 28] {
            file.extend(size.to_be_bytes());
        }
        file.extend(vec![7; bytes]);
        file
    };
    let labels = |values: &[u8]| {
        let mut file = vec![0, 0, 8, 1];
        file.extend((values.len() as u32).to_be_bytes());
        file.extend(values);
        file
    };
    let good = [images(4, 4 * 784), labels(&[0, 1, 0, 1])];
    let cases: [(&str, [Vec<u8>; 2]); 5] = [
        ("truncated", [images(4, 3 * 784), labels(&[0, 1, 0, 1])]),
        ("lying", [images(u32::MAX, 784), labels(&[0, 1, 0, 1])]),
        ("uneven", [images(4, 4 * 784), labels(&[0, 1])]),
        ("empty", [Vec::new(), Vec::new()]),
        ("rubbish", [vec![0x1f, 0x8b, 1, 2, 3], labels(&[0, 1, 0, 1])]),
    ];
    for (name, train) in cases {
        let path = folder.path().join(name);
        fs::create_dir(&path).expect("a folder");
        for (set, files) in [("train", &train), ("t10k", &good)] {
            write(&path.join(format!("{set}-images-idx3-ubyte")), &files[0]);
            write(&path.join(format!("{set}-labels-idx1-ubyte")), &files[1]);
        }
        let data = path.to_str().expect("UTF-8 path");
        let output = run(&["compare", "--device=cpu", "--data", data]);
        let (code, message) = outcome(&output);
        assert_eq!(code, Some(3), "{name}: {message}");
        assert!(message.contains("train-") || message.contains(data), "{name}: {message}");
    }
}

#[test]
fn model_files_and_outputs() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    let bytes = fs::read(&model).expect("the model");
    let at = |name: &str, bytes: &[u8]| write(&folder.path().join(name), bytes);
    let mut lying = bytes.clone();
    lying[..8].copy_from_slice(&u64::MAX.to_le_bytes());
    let text = String::from_utf8_lossy(&bytes[8..400]).into_owned();
    assert!(text.contains("ugradsl.model"), "{text}");
    let mut other = bytes.clone();
    let start = other.windows(3).position(|w| w == b"mlp").expect("the architecture");
    other[start..start + 3].copy_from_slice(b"xyz");
    let kept = at("kept.safetensors", &bytes);
    for (name, bytes) in [
        ("truncated", &bytes[..bytes.len() / 2]),
        ("empty", &[][..]),
        ("lying", &lying[..]),
        ("other", &other[..]),
    ] {
        let path = at(name, bytes);
        let args = ["--model", &path, "--out", &kept, "--forget=class:1"];
        let (code, message) = outcome(&small("unlearn", &args).output().expect("starts"));
        assert_eq!(code, Some(3), "{name}: {message}");
        assert!(message.contains(name), "{name}: {message}");
    }
    // An output that cannot be written is reported, and earlier outputs stay intact.
    let blocked = format!("{kept}/inside.safetensors");
    let args = ["--model", &model, "--out", &blocked, "--forget=class:1"];
    let (code, message) = outcome(&small("unlearn", &args).output().expect("starts"));
    assert_eq!(code, Some(3), "{message}");
    assert!(message.contains("kept.safetensors"), "{message}");
    assert!(fs::read(&kept).expect("still there") == bytes);
}

#[test]
fn weights_that_nobody_named_are_described_with_the_way_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let weights = |tensors: &[(&str, &[usize])]| {
        let mut end = 0;
        let entries = tensors.iter().map(|(name, shape)| {
            let start = end;
            end += 4 * shape.iter().product::<usize>();
            format!("{name:?}:{{\"dtype\":\"F32\",\"shape\":{shape:?},\"data_offsets\":[{start},{end}]}}")
        });
        let header = format!("{{{}}}", entries.collect::<Vec<_>>().join(","));
        let length = (header.len() as u64).to_le_bytes();
        [&length, header.as_bytes(), &vec![0; end]].concat()
    };
    let mlp: [(&str, &[usize]); 6] = [
        ("fc1.weight", &[256, 784]),
        ("fc1.bias", &[256]),
        ("fc2.weight", &[128, 256]),
        ("fc2.bias", &[128]),
        ("fc3.weight", &[10, 128]),
        ("fc3.bias", &[10]),
    ];
    let unknown = weights(&[("body.0.weight", &[4, 1, 3, 3]), ("end.weight", &[10, 4])]);
    let out = folder.path().join("out").to_str().expect("UTF-8 path").to_owned();
    let named = "--architecture=lenet";
    let cases: [(&[u8], &[&str], &[&str]); 5] = [
        (
            &unknown,
            &[],
            &[
                "does not say what network it is",
                "2 tensors of 76 numbers, from a convolutional network: body.0.weight [4, 1, 3, 3], end.weight [10, 4]",
                "torch.onnx.export(model.eval(), (example,), \"net.onnx\"",
            ],
        ),
        (&weights(&mlp), &[], &["Its tensors are those of --architecture mlp"]),
        (
            &weights(&mlp),
            &[named],
            &["no tensor is named \"conv1.weight\"", "; its tensors are those of mlp"],
        ),
        (&unknown[..200], &[], &["a safetensors file that breaks off after 200 of"]),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", &[], &["git lfs pull"]),
    ];
    for (at, (bytes, more, parts)) in cases.into_iter().enumerate() {
        let path = write(&folder.path().join(format!("{at}.pth")), bytes);
        let fixed =
            ["unlearn", "--device=cpu", "--data=mnist-subset", "--forget=class:1", "--out", &out];
        let (code, message) = outcome(&run(&[&fixed[..], &["--model", &path], more].concat()));
        assert_eq!(code, Some(3), "{message}");
        for part in parts {
            assert!(message.contains(part), "{message}\nlacks {part}");
        }
    }
}

/// Places in which no user can create anything, not even root.
#[cfg(target_os = "linux")]
#[test]
fn outputs_that_cannot_be_written() {
    for out in ["/dev/full/x", "/sys/ugradsl"] {
        let output = small("compare", &["--out", out]).output().expect("starts");
        let (code, message) = outcome(&output);
        assert_eq!(code, Some(3), "{message}");
        assert!(message.contains(out), "{message}");
    }
}

/// What somebody else left in a folder is not replaced, and what cannot be is found before the
/// work.
#[test]
fn a_folder_with_files_of_others_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("UTF-8 path");
    write(&folder.path().join("report.md"), b"my thesis");
    let (code, message) = outcome(&small("compare", &["--out", out]).output().expect("starts"));
    assert_eq!(code, Some(2), "{message}");
    assert!(message.contains("report.md is there and no report.json"), "{message}");
    fs::remove_file(folder.path().join("report.md")).expect("removed");
    fs::create_dir(folder.path().join("report.json")).expect("a folder");
    let (code, message) = outcome(&small("compare", &["--out", out]).output().expect("starts"));
    assert_eq!(code, Some(2), "{message}");
    assert!(message.contains("report.json is a folder"), "{message}");
}

/// Reading a pipe would never end.
#[cfg(unix)]
#[test]
fn a_model_that_is_not_a_file_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    let out = format!("--out={}", folder.path().join("out").display());
    let args = ["--model", pipe.to_str().expect("UTF-8 path"), "--forget=class:1", &out];
    let (code, message) = outcome(&small("unlearn", &args).output().expect("starts"));
    assert_eq!(code, Some(3), "{message}");
    assert!(message.contains("not a regular file"), "{message}");
}

/// A limit on the size of files makes a write stop half way, as on a full disk.
#[cfg(target_os = "linux")]
#[test]
fn a_write_that_stops_half_way_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    let before = fs::read(&model).expect("the model");
    let binary = small("train", &["--out", &model, "--seed=1"]);
    let mut limited = std::process::Command::new("sh");
    // The unit is 512 bytes or 1 KiB, depending on the shell; the model has several hundred.
    limited.args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""]);
    limited.arg(binary.get_program()).args(binary.get_args()).env_remove("UGRADSL_DATA");
    let (code, message) = outcome(&limited.output().expect("starts"));
    assert_eq!(code, Some(3), "{message}");
    assert!(message.contains("model.safetensors"), "{message}");
    assert!(fs::read(&model).expect("still there") == before, "the earlier model is damaged");
    let left = fs::read_dir(folder.path()).expect("the folder").count();
    assert_eq!(left, 1, "half-written files were left behind");
}

/// A setting without effect must not be accepted silently.
#[test]
fn settings_that_a_command_or_a_model_decides_itself_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    let out = format!("--out={}", folder.path().join("other.safetensors").display());
    let out = out.as_str();
    let model_args = |more: &'static str| ["--model", &model, "--forget=class:1", out, more];
    let mut failed = Vec::new();
    for (command, args, part) in [
        ("train", vec![out, "--architecture=lenet", "--set=architecture=mlp"], "both set"),
        ("train", vec![out, "--seed=1", "--set=seeds=[2]"], "both set `seeds`"),
        ("train", vec![out, "--set=seeds=[1,2]"], "give one with --seed"),
        ("train", vec![out, "--set=forget=class:1"], "forgets nothing"),
        ("unlearn", model_args("--set=forget=class:2").to_vec(), "both set `forget`"),
        ("unlearn", model_args("--set=methods=ga").to_vec(), "`--method`"),
        ("unlearn", model_args("--set=architecture=lenet").to_vec(), "has architecture mlp"),
        ("unlearn", [&model_args("--report=r.json")[..], &["--asked-on=banana"]].concat(), "2026-"),
        (
            "unlearn",
            [&model_args("--report=r.json")[..], &["--asked-on=2026-02-29"]].concat(),
            "2026-",
        ),
        (
            "unlearn",
            [&model_args("--report=r.json")[..], &["--asked-by= "]].concat(),
            "give a text",
        ),
        ("predict", vec!["--model", &model, out, "--seed=3"], "draws nothing"),
        ("predict", vec!["--model", &model, out, "--validation=0.3"], "answers for all rows"),
        ("audit", vec!["--forget=class:1", "--set=seeds=[2]"], "`--shadows`"),
        ("audit", vec!["--forget=class:1", "--set=expect=[]"], "no gates"),
    ] {
        let (code, message) = outcome(&small(command, &args).output().expect("starts"));
        if code != Some(2) || !message.contains(part) {
            failed.push(format!("{command} {args:?}: {code:?} {message}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// A table or a page does not replace a network, and a network does not get the name of another
/// kind of file.
#[test]
fn names_of_outputs_fit_what_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    let kept = folder.path().join("kept.safetensors");
    fs::copy(&model, &kept).expect("copied");
    let (place, wrong) = (kept.to_str().expect("UTF-8"), folder.path().join("net.onnx"));
    let script = folder.path().join("analysis.py");
    fs::write(&script, "import ugradsl\n").expect("written");
    let script = script.to_str().expect("UTF-8");
    let table = folder.path().join("table.csv");
    let table = table.to_str().expect("UTF-8");
    let wrong = wrong.to_str().expect("UTF-8");
    let forget = ["--forget=class:1", "--method=ft"];
    for (command, args, words) in [
        ("predict", &["--model", &model, "--out", place][..], "is a network: it would be lost"),
        ("predict", &["--model", &model, "--out", script], "is not a table or page that ugradsl"),
        ("train", &["--out", wrong], "not written as .onnx, but as safetensors"),
        (
            "unlearn",
            &["--model", &model, forget[0], forget[1], "--out", wrong],
            "not written as .onnx",
        ),
    ] {
        let (code, message) = outcome(&small(command, args).output().expect("starts"));
        assert_eq!(code, Some(2), "{command}: {message}");
        assert!(message.contains(words), "{command}: {message}");
    }
    // A table and a page of this program are written again.
    let page = folder.path().join("page.html");
    let page = page.to_str().expect("UTF-8");
    for _ in 0..2 {
        let (code, message) = outcome(
            &small("predict", &["--model", &model, "--out", table]).output().expect("starts"),
        );
        assert_eq!(code, Some(0), "{message}");
        let (code, message) =
            outcome(&super::run(&["data", "show", "mnist-subset", "--html", page]));
        assert_eq!(code, Some(0), "{message}");
    }
    let (code, message) = outcome(&super::run(&["data", "show", "mnist-subset", "--html", place]));
    assert_eq!((code, message.contains("is a network")), (Some(2), true), "{message}");
    assert!(fs::read(&kept).expect("there") == fs::read(&model).expect("there"));
}

#[test]
fn settings_of_training_are_refused_where_nothing_is_trained() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    let out = format!("--out={}", folder.path().join("out.safetensors").display());
    let with = |method: &str| {
        let args = ["--model", &model, "--forget=class:1", method, &out, "--set=training.epochs=1"];
        outcome(&small("unlearn", &args).output().expect("starts"))
    };
    let (code, message) = with("--method=ft");
    assert_eq!(code, Some(2), "{message}");
    assert!(message.contains("because the method has no guards"), "{message}");
    let (code, message) = with("--method=ugradsl");
    assert_ne!(code, Some(2), "{message}");
    // A method in one step follows no batch size; fine-tuning does.
    for (method, refused) in [("--method=ssd", true), ("--method=ft", false)] {
        let args =
            ["--model", &model, "--forget=class:1", method, &out, "--set=training.batch_size=16"];
        let (code, message) = outcome(&small("unlearn", &args).output().expect("starts"));
        assert_eq!(code == Some(2), refused, "{message}");
    }
}

/// What a comparison, a deletion and a sweep would replace is not theirs.
#[test]
fn networks_records_and_tables_of_others_are_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = trained(folder.path());
    let results = folder.path().join("results");
    fs::create_dir(&results).expect("a folder");
    let kept = results.join("ft-seed0.safetensors");
    fs::copy(&model, &kept).expect("copied");
    let out = format!("--out={}", results.display());
    let (code, message) =
        outcome(&small("compare", &["--methods=ft", "--seeds=0", &out]).output().expect("starts"));
    assert_eq!(code, Some(2), "{message}");
    assert!(message.contains("was not made by a comparison in this folder"), "{message}");
    assert!(fs::read(&kept).expect("there") == fs::read(&model).expect("there"));

    let record = format!("--report={}", folder.path().join("record.json").display());
    let forget = |name: &str| {
        let out = format!("--out={}", folder.path().join(name).display());
        let args = ["--model", &model, "--forget=class:1", "--method=ft", &out, &record];
        outcome(&small("unlearn", &args).output().expect("starts"))
    };
    let (code, message) = forget("one.safetensors");
    assert!(matches!(code, Some(0 | 1)), "{message}");
    let (code, message) = forget("two.safetensors");
    assert_eq!(code, Some(2), "{message}");
    assert!(message.contains("is the record of a deletion"), "{message}");
    // The same deletion again replaces its own record.
    assert_ne!(forget("one.safetensors").0, Some(2));

    write(&results.join("sweep.md"), b"my thesis");
    let (code, message) = outcome(
        &small("sweep", &["--over=ft.epochs=1,2", "--methods=ft", &out]).output().expect("starts"),
    );
    assert_eq!(code, Some(2), "{message}");
    assert!(message.contains("sweep.md is there and no sweep.json"), "{message}");
}

#[test]
fn two_requests_for_the_same_rows_are_refused() {
    let args = ["--forget=class:3", "--forget=class:3 or class:3"];
    let (code, message) = outcome(&small("compare", &args).output().expect("starts"));
    assert_eq!(code, Some(2), "{message}");
    assert!(message.contains("takes the same rows as another"), "{message}");
}
