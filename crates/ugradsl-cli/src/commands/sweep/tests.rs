//! Every flag against every axis: a cell has the value of its label, or the sweep is refused.

use clap::{CommandFactory, Parser};
use serde_json::Value;

use super::*;
use crate::args::{Cli, Command};

/// Flags of `sweep` that set a key of the config: as typed, the key, and its value in the config.
const FLAGS: [(&str, &str, &str); 35] = [
    ("--data=fashion-mnist", "data", "\"fashion-mnist\""),
    ("--limit-train=100", "limit_train", "100"),
    ("--limit-test=50", "limit_test", "50"),
    ("--validation=0.25", "validation", "0.25"),
    ("--test-share=20%", "reading.test_share", "0.2"),
    ("--label=y", "reading.label", "\"y\""),
    ("--id=user", "reading.id", "\"user\""),
    ("--group=person", "reading.group", "\"person\""),
    ("--ignore=time", "reading.ignore", "[\"time\"]"),
    ("--feature=age", "reading.features", "[\"age\"]"),
    ("--text=mail", "reading.text", "\"mail\""),
    ("--values=features", "reading.values", "\"features\""),
    ("--missing=drop", "reading.missing", "\"drop\""),
    ("--layout=chw", "reading.layout", "\"chw\""),
    ("--resize=64", "reading.resize", "64"),
    ("--channels=grey", "reading.channels", "\"grey\""),
    ("--background=white", "reading.background", "\"white\""),
    ("--tokenizer=a.json", "text.tokenizer", "\"a.json\""),
    ("--skip-damaged", "reading.skip_damaged", "true"),
    ("--device=cpu", "device", "\"cpu\""),
    ("--methods=ugradsl-plus, ugradsl", "methods", "[\"ugradsl-plus\", \"ugradsl\"]"),
    ("--seeds=7,8", "seeds", "[7, 8]"),
    ("--forget=class:3", "forget", "[\"class:3\"]"),
    ("--original=a [b] = \"c\".th", "original.file", "\"a [b] = \\\"c\\\".th\""),
    ("--freeze=conv*", "original.freeze", "[\"conv*\"]"),
    ("--fresh=fresh.onnx", "original.fresh", "\"fresh.onnx\""),
    ("--classes=names.txt", "original.classes", "\"names.txt\""),
    ("--no-retrain", "retrain", "false"),
    ("--set=training={ epochs = 3 }", "training", "{\"epochs\": 3}"),
    ("--set=training.epochs=3", "training.epochs", "3"),
    ("--set=ugradsl.p=0.5", "method.ugradsl.p", "0.5"),
    ("--set=method.ugradsl.p=0.5", "method.ugradsl.p", "0.5"),
    ("--set=seeds=9", "seeds", "[9]"),
    ("--set=architecture=mlp", "architecture", "\"mlp\""),
    ("--set=guards={ rows = 9 }", "guards", "{\"rows\": 9}"),
];
/// Flags of `sweep` that set no key of the config.
const OTHERS: [&str; 5] = ["over", "out", "recipe", "data-root", "json"];

/// A value as it stands in a label, and in the config.
type Labelled = (&'static str, &'static str);

/// Keys of every kind, with the long form of those that have one.
const AXES: [(&str, &str, [Labelled; 2]); 17] = [
    ("data", "data", [("mnist", "\"mnist\""), ("\"a,b = c\"", "\"a,b = c\"")]),
    ("limit_train", "limit_train", [("10", "10"), ("20", "20")]),
    ("limit_test", "limit_test", [("10", "10"), ("20", "20")]),
    ("validation", "validation", [("0.1", "0.1"), ("0.2", "0.2")]),
    ("device", "device", [("cpu", "\"cpu\""), ("gpu", "\"gpu\"")]),
    ("methods", "methods", [("ugradsl", "[\"ugradsl\"]"), ("[\"ft\",\"rl\"]", "[\"ft\", \"rl\"]")]),
    ("seeds", "seeds", [("1", "[1]"), ("[2,3]", "[2, 3]")]),
    ("forget", "forget", [("class:1", "[\"class:1\"]"), ("\"group:a\"", "[\"group:a\"]")]),
    ("original.file", "original.file", [("a", "\"a\""), ("b.th", "\"b.th\"")]),
    ("training.epochs", "training.epochs", [("1", "1"), ("2", "2")]),
    (
        "training",
        "training",
        [("{ epochs = 1 }", "{\"epochs\": 1}"), ("{ epochs = 2 }", "{\"epochs\": 2}")],
    ),
    ("ugradsl.p", "method.ugradsl.p", [("0.1", "0.1"), ("0.2", "0.2")]),
    ("method.ugradsl.p", "method.ugradsl.p", [("0.1", "0.1"), ("0.2", "0.2")]),
    ("ugradsl-plus.alpha", "method.ugradsl-plus.alpha", [("-0.5", "-0.5"), ("-2", "-2.0")]),
    ("architecture", "architecture", [("lenet", "\"lenet\""), ("vit", "\"vit\"")]),
    ("guards.every", "guards.every", [("3", "3"), ("4", "4")]),
    ("attack", "attack", [("all", "\"all\""), ("headline", "\"headline\"")]),
];

/// What `sweep` with these arguments would run.
fn planned(arguments: &[&str], recipe: Option<&str>) -> std::result::Result<Planned, String> {
    let all = ["ugradsl", "sweep", "--out=nowhere"].iter().chain(arguments);
    let cli = Cli::try_parse_from(all).map_err(|error| error.to_string())?;
    let Command::Sweep(args) = cli.command else { return Err("not a sweep".to_owned()) };
    plan(&args, recipe).map_err(|failure| failure.source.to_string())
}

/// Whether `config` has `value` under `key`; of a table, only the keys in `value` count.
fn has(config: &ExperimentConfig, key: &str, value: &str) -> bool {
    let config = serde_json::to_value(config).expect("JSON");
    let found = config.pointer(&format!("/{}", key.replace('.', "/")));
    let found = found.cloned().unwrap_or_default();
    let value: Value = serde_json::from_str(value).expect("JSON");
    match &value {
        Value::Object(parts) => parts.iter().all(|(key, part)| found[key] == *part),
        value => found == *value,
    }
}

/// A label without the spaces and quotes, which recipes and shells write differently.
fn plain(label: &str) -> String {
    label.replace([' ', '"'], "")
}

fn part_of(one: &str, other: &str) -> bool {
    one == other || one.starts_with(&format!("{other}."))
}

#[test]
fn the_table_of_flags_is_complete() {
    let cli = Cli::command();
    let sweep = cli.find_subcommand("sweep").expect("sweep");
    for argument in sweep.get_arguments() {
        let long = argument.get_long().expect("a long name");
        let listed = FLAGS
            .iter()
            .any(|(typed, ..)| typed.trim_start_matches("--").split('=').next() == Some(long));
        assert!(listed || OTHERS.contains(&long), "--{long} is in neither list");
    }
}

#[test]
fn every_cell_has_the_value_of_its_label_or_the_sweep_is_refused() {
    let mut wrong = Vec::new();
    for (axis, long, values) in AXES {
        let listed = values.map(|(label, _)| label).join(",");
        let over = format!("--over={axis}={listed}");
        let recipe = recipe_axis(axis, &values);
        for (flag, key, value) in FLAGS {
            let clash = part_of(key, long) || part_of(long, key);
            // What says more of the original needs one, unless the axis gives it.
            let original =
                (key.starts_with("original.") && key != "original.file" && axis != "original.file")
                    .then_some("--original=net.onnx");
            let flags: Vec<&str> = [flag].into_iter().chain(original).collect();
            let both = [&flags[..], &[over.as_str()]].concat();
            for (place, found) in
                [("--over", planned(&both, None)), ("[[sweep]]", planned(&flags, Some(&recipe)))]
            {
                let as_expected = match &found {
                    Ok(planned) => {
                        !clash
                            && planned.cells.len() == 2
                            && planned.cells.iter().zip(values).all(
                                |((cell, config), (label, of_label))| {
                                    plain(&cell.pairs()[0].1) == plain(label)
                                        && has(config, long, of_label)
                                        && has(config, key, value)
                                },
                            )
                    }
                    Err(message) => {
                        let typed = flag.replacen('=', " ", 1);
                        let typed = typed.split([',', ' ']).next().unwrap_or_default();
                        clash
                            && message.contains(typed)
                            && message.contains(place)
                            && message.contains(axis)
                    }
                };
                if !as_expected {
                    let found = found.map(|planned| planned.cells);
                    wrong.push(format!("{flag} and {place} {axis}: {found:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} combinations:\n{}", wrong.len(), wrong.join("\n"));
}

/// The axis as a table in a recipe.
fn recipe_axis(key: &str, values: &[Labelled]) -> String {
    let word = |label: &str| match serde_json::from_str::<Value>(label) {
        Ok(_) => label.to_owned(),
        Err(_) if label.starts_with('{') => label.to_owned(),
        Err(_) => format!("\"{label}\""),
    };
    let values: Vec<String> = values.iter().map(|(label, _)| word(label)).collect();
    format!("[[sweep]]\nkey = \"{key}\"\nvalues = [{}]\n", values.join(", "))
}

#[test]
fn over_replaces_an_axis_of_the_recipe_and_refuses_a_part_of_it() {
    let recipe = "[[sweep]]\nkey = \"ugradsl.p\"\nvalues = [0.1, 0.2]\n";
    let found = planned(&["--over=method.ugradsl.p=0.9"], Some(recipe)).expect("one axis");
    assert_eq!(found.cells.len(), 1);
    assert!(has(&found.cells[0].1, "method.ugradsl.p", "0.9"));
    let error = planned(&["--over=method.ugradsl={ p = 0.9 }"], Some(recipe)).err();
    assert!(error.as_deref().is_some_and(|text| text.contains("make them one axis")), "{error:?}");
}

#[test]
fn one_key_from_two_flags_is_refused_with_both() {
    for (arguments, parts) in [
        (&["--seeds=1", "--set=seeds=[2]"][..], ["--seeds 1", "--set seeds=[2]"]),
        (&["--set=seeds=1", "--set=seeds=1"], ["--set seeds=1", "leave one"]),
        (
            &["--set=training.epochs=1", "--set=training={ epochs = 2 }"],
            ["epochs=1", "{ epochs = 2 }"],
        ),
        (
            &["--forget=class:1", "--set=forget=class:2"],
            ["--forget class:1", "--set forget=class:2"],
        ),
        (&["--methods=ga,ft", "--set=methods=rl"], ["--methods ga,ft", "--set methods=rl"]),
        (&["--device=cpu", "--set=device=gpu"], ["--device cpu", "--set device=gpu"]),
        (&["--no-retrain", "--set=retrain=true"], ["--no-retrain", "--set retrain=true"]),
        (
            &["--original=a", "--set=original={ file = \"b\" }"],
            ["--original a", "both set `original.file`"],
        ),
        (
            &["--set=ugradsl.p=1", "--set=method.ugradsl.p=1"],
            ["--set ugradsl.p=1", "--set method.ugradsl.p=1"],
        ),
    ] {
        let all = [arguments, &["--over=name=a,b"]].concat();
        let error = planned(&all, None).err().expect("refused");
        for part in parts {
            assert!(error.contains(part), "{arguments:?}: {error}");
        }
    }
}

#[test]
fn flags_are_over_the_recipe_and_the_recipe_over_presets() {
    let recipe =
        "seeds = [1]\ndevice = \"gpu\"\nname = \"r\"\n[original]\nfile = \"x\"\nprefix = \"p\"\n";
    let all = ["--seeds=2", "--device=cpu", "--original=y", "--over=guards.every=3"];
    let found = planned(&all, Some(recipe)).expect("a sweep");
    let config = &found.cells[0].1;
    for (key, value) in [
        ("seeds", "[2]"),
        ("device", "\"cpu\""),
        ("original.file", "\"y\""),
        ("original.prefix", "\"p\""),
        ("name", "\"r\""),
    ] {
        assert!(has(config, key, value), "{key}");
    }
    let settings = Settings::default();
    let presets = ["name=preset", "training.epochs=6"];
    let config =
        settings.resolve(&presets, Some("name = \"r\""), &[]).map_err(|failure| failure.source);
    let config = config.expect("a config");
    assert_eq!((config.name.as_str(), config.training.epochs), ("r", 6));
}

/// Its cells would have different labels and the same results.
#[test]
fn an_axis_that_no_method_of_the_sweep_reads_is_refused() {
    for over in ["ugradsl-plus.p=0.8,0.9", "method.scrub.epochs=1,2"] {
        let refused = planned(&["--methods=ugradsl", &format!("--over={over}")], None);
        assert!(refused.is_err_and(|message| message.contains("no cell runs")), "{over}");
    }
    let both = ["--over=methods=ugradsl,ft", "--over=ft.epochs=1,2"];
    assert!(planned(&both, None).is_ok());
}

#[test]
fn axes_that_change_nothing_and_equal_cells_are_refused() {
    for (over, message) in [
        ("name=a,b", "it changes nothing that runs"),
        ("retrain=true,false", "make two sweeps"),
        ("sweep=1", "an --over KEY=A,B of its own"),
        ("ft.epochs=1,2", "no cell runs ft"),
        ("ugradsl.p=0.9,0.90", "\"ugradsl.p=0.9\" and \"ugradsl.p=0.90\" are the same"),
        ("forget=random:10%,random:0.1", "are the same"),
    ] {
        let typed = ["ugradsl", "sweep", "--out", "s", "--over", over];
        let Command::Sweep(args) = Cli::parse_from(typed).command else { panic!("a sweep") };
        let failure = plan(&args, None).err().expect(message);
        assert!(failure.source.to_string().contains(message), "{}", failure.source);
    }
}
