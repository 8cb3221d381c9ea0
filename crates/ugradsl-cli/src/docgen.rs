//! `docs/cli.md`, generated from the same definitions as `--help`, and the tests that keep it and
//! README up to date.

use std::{fmt::Write, path::Path};

use clap::{Command, CommandFactory};

use crate::args::Cli;

/// Set to rewrite `docs/cli.md`.
const RENEW: &str = "UGRADSL_RENEW";
const HOW: &str = "UGRADSL_RENEW=1 cargo test --workspace up_to_date";

const INTRODUCTION: &str = "# The command line

Generated from the program's own definitions; a test fails when the two differ. Regenerate it with
`UGRADSL_RENEW=1 cargo test --workspace up_to_date`.

Results go to stdout, messages go to stderr. `--json` prints one JSON object.

## Settings and their order

Every flag that sets a value of the config is a setting `key=value`, as in a recipe. Later sources
override earlier ones:

1. the defaults;
2. the command's own presets (`demo` has some), and how the file of the network says that it was trained;
3. the recipe (`--recipe FILE`);
4. flags, `--set key=value`, and in `sweep` the values of the axes (`--over`, or a recipe's
   `[[sweep]]` tables).

Within the last source nothing overrides anything else: when two flags, or a flag and an axis, set
the same key, or a key and a part of it, the command is refused (exit code 2), and the message names
both. Only `--over` replaces a recipe's axis of the same key. A key that a command or a saved model
decides itself is refused likewise: `train` forgets nothing and refuses `--set forget=...`; a
ugradsl model file says which network it holds and refuses another `--set architecture=...`. A
recipe may be shared by commands that need only a part of it.

A value is TOML or plain text: `--set training.epochs=6`, `--set name=\"a = b\"`,
`--set seeds=[0,1]`. There, and on axes, a single value of `forget`,
`methods` and `seeds` stands for a list of one.
`ugradsl-plus.p` is short for `method.ugradsl-plus.p`. Unknown keys are refused.

## Exit codes

| code | means |
|---|---|
| 0 | done |
| 1 | done, but a gate of the recipe failed, a report does not match, or a request to forget is not fulfilled |
| 2 | usage or config |
| 3 | unreadable data or model |
| 4 | no usable device, or it fails the self-test |
| 101 | internal error |
| 130 | interrupted, with the checkpoint written |

## Commands
";

/// The whole page.
fn page() -> String {
    let mut root = Cli::command().term_width(100);
    root.build();
    let mut page = INTRODUCTION.to_owned();
    page += "\n| command | does |\n|---|---|\n";
    for command in commands(&root) {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(page, "| [`{0}`](#ugradsl-{0}) | {about} |", command.get_name());
    }
    for command in commands(&root) {
        describe(command, "ugradsl", &mut page);
    }
    page
}

fn describe(command: &Command, parent: &str, page: &mut String) {
    let name = format!("{parent} {}", command.get_name());
    let help = command.clone().term_width(100).render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    let _ = write!(page, "\n### {name}\n\n```text\n{}\n```\n", help.join("\n").trim_end());
    commands(command).for_each(|inner| describe(inner, &name, page));
}

/// The commands below `command`, clap's own `help` left out.
fn commands(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|inner| inner.get_name() != "help")
}

fn root_file(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

#[test]
fn the_reference_is_up_to_date() {
    let path = root_file("docs/cli.md");
    let page = page();
    if std::env::var_os(RENEW).is_some() {
        std::fs::write(&path, &page).expect("docs/cli.md is written");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    let line = there.lines().zip(page.lines()).position(|(one, other)| one != other);
    assert!(
        there == page,
        "docs/cli.md differs (line {line:?}, counted from 0); regenerate it with\n  {HOW}"
    );
}

#[test]
fn the_table_of_readme_has_every_command() {
    let readme = std::fs::read_to_string(root_file("README.md")).expect("README.md");
    let table = readme.split("| command | does |").nth(1).expect("the table of commands");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let first_cells = rows.filter_map(|row| row.split('|').nth(1));
    let mut listed: Vec<String> = first_cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned))
        .collect();
    let root = Cli::command();
    let mut known: Vec<String> =
        commands(&root).map(|command| command.get_name().to_owned()).collect();
    listed.sort();
    known.sort();
    assert_eq!(listed, known);
}

#[test]
fn names_are_offered_where_they_are_asked_for() {
    let root = Cli::command();
    for (command, flag, name) in [
        ("compare", "methods", "salun"),
        ("compare", "forget", "random:"),
        ("compare", "device", "gpu"),
        ("compare", "data", "cifar100"),
        ("sweep", "methods", "fisher"),
        ("unlearn", "method", "ugradsl-plus"),
        ("unlearn", "forget", "ids:"),
        ("unlearn", "architecture", "vgg16-bn"),
        ("train", "architecture", "text-transformer"),
        ("train", "data", "mnist-subset"),
        ("verify", "device", "auto"),
        ("doctor", "device", "cpu"),
        ("explain", "measure", "relearn-time"),
    ] {
        let command = root.find_subcommand(command).expect("a command");
        let argument = command.get_arguments().find(|argument| argument.get_id() == flag);
        let offers = argument.expect("an argument").get_value_parser().possible_values();
        let names: Vec<_> = offers.expect(flag).map(|offer| offer.get_name().to_owned()).collect();
        assert!(names.iter().any(|offered| offered == name), "{flag}: {names:?}");
    }
}

#[test]
fn typos_in_names_and_requests_get_the_nearest_one() {
    use clap::Parser;
    for (arguments, part) in [
        (["compare", "--methods=slun"], "'salun'"),
        (["compare", "--methods=ga,fishr"], "'fisher'"),
        (["compare", "--device=gpuu"], "'gpu'"),
        (["compare", "--forget=clas:3"], "did you mean `class:`?"),
        (["compare", "--forget=everything"], "class:3, random:10%, ids:FILE, rows:FILE"),
        (["explain", "relern-time"], "'relearn-time'"),
        (["train", "--architecture=lenett"], "'lenet'"),
    ] {
        let error = Cli::try_parse_from(["ugradsl"].iter().chain(&arguments)).expect_err("a typo");
        assert!(error.to_string().contains(part), "{arguments:?}: {error}");
    }
}
