//! How the files of the library may import each other: top-level modules only from those below
//! them, and never in a circle.
//!
//! Read from the `use` statements and from paths in the code, with re-exports resolved to the file
//! that defines a name. Names that a file takes from a module file around it (`super::Trainer` in
//! `trainer/step.rs`) do not count: a file and its submodules are one module.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The top-level modules, lowest first. `self_test` runs the kernels of loss and smoothing, with
/// the errors of train.
const LAYERS: [&str; 24] = [
    "setters",
    "nearest",
    "guide",
    "random",
    "digest",
    "verdict",
    "device",
    "kernel",
    "layers",
    "loss",
    "smoothing",
    "data",
    "onnx",
    "models",
    "train",
    "self_test",
    "unlearn",
    "evaluate",
    "run",
    "session",
    "experiment",
    "audit",
    "report",
    "record",
];

type Module = Vec<String>;
type Files = BTreeMap<Module, File>;

#[derive(Default)]
struct File {
    /// Full paths that are imported, the names that they get here, and whether they are
    /// re-exported.
    uses: Vec<(Vec<String>, String, bool)>,
}

fn library() -> Files {
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

/// Everything below the folder `source` by its module path.
fn sources(source: &Path) -> Files {
    let mut files = Files::new();
    let mut folders = vec![source.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            let relative = path.strip_prefix(source).expect("below src").with_extension("");
            let mut module: Module =
                relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs")
                && module.last().is_some_and(|name| !name.contains("tests") && name != "no_native")
            {
                if module.last().is_some_and(|name| name == "mod" || name == "lib") {
                    module.pop();
                }
                files.insert(module, parse(&fs::read_to_string(&path).expect("text")));
            }
        }
    }
    files
}

/// The `use` statements of a file, tests left out.
fn parse(text: &str) -> File {
    let text: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap_or("")).collect();
    let end = text.iter().position(|line| line.starts_with("mod tests {")).unwrap_or(text.len());
    let mut file = File::default();
    let mut statement: Option<(bool, String)> = None;
    for line in &text[..end] {
        let line = line.trim();
        if statement.is_none() {
            let (handed_on, rest) = match line.strip_prefix("pub") {
                Some(rest) if rest.starts_with('(') => {
                    (true, rest.split_once(") ").map_or("", |(_, rest)| rest))
                }
                Some(rest) => (true, rest.trim_start()),
                None => (false, line),
            };
            let Some(tree) = rest.strip_prefix("use ") else {
                for path in inline_paths(line) {
                    let name = path.last().cloned().unwrap_or_default();
                    file.uses.push((path, name, false));
                }
                continue;
            };
            statement = Some((handed_on, tree.to_owned()));
        } else if let Some((_, tree)) = &mut statement {
            tree.push_str(line);
        }
        if line.ends_with(';')
            && let Some((handed_on, tree)) = statement.take()
        {
            let tree = tree.trim_end_matches(';');
            expand(&[], tree, &mut |path, name| file.uses.push((path, name, handed_on)));
        }
    }
    file
}

/// Paths from `crate` or `super` within a line of code.
fn inline_paths(line: &str) -> Vec<Vec<String>> {
    let part_of_a_path = |letter: char| letter.is_alphanumeric() || "_:$".contains(letter);
    let paths = line.split(|letter| !part_of_a_path(letter));
    let paths = paths.filter(|path| path.starts_with("crate::") || path.starts_with("super::"));
    let words = |path: &str| -> Vec<String> {
        path.split("::").filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    paths.map(words).filter(|path| path.len() > 1).collect()
}

/// `a::{b, c as d}` as its paths and the names they get.
fn expand(before: &[String], tree: &str, found: &mut impl FnMut(Vec<String>, String)) {
    let tree = tree.trim();
    let words =
        |path: &str| path.split("::").map(|word| word.trim().to_owned()).collect::<Vec<_>>();
    if let Some(start) = tree.find('{') {
        let mut path = before.to_vec();
        path.extend(
            words(tree[..start].trim_end_matches("::")).into_iter().filter(|word| !word.is_empty()),
        );
        let inside = &tree[start + 1..tree.rfind('}').unwrap_or(tree.len())];
        let (mut depth, mut from) = (0, 0);
        for (at, letter) in inside.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    expand(&path, &inside[from..at], found);
                    from = at + 1;
                }
                _ => {}
            }
        }
        expand(&path, &inside[from..], found);
    } else if !tree.is_empty() {
        let (path, renamed) =
            tree.split_once(" as ").map_or((tree, None), |(path, name)| (path, Some(name)));
        let mut full = before.to_vec();
        full.extend(words(path));
        if full.len() > 1 && full.last().is_some_and(|word| word == "self") {
            full.pop();
        }
        let name = renamed.unwrap_or(full.last().map_or("", String::as_str)).trim().to_owned();
        found(full, name);
    }
}

/// Where a path of `module` begins, from the root of the crate; nothing for other crates.
fn absolute(files: &Files, module: &Module, path: &[String]) -> Option<Module> {
    let mut from = module.clone();
    let mut rest = path;
    match path.first()?.as_str() {
        "crate" => {
            from.clear();
            rest = &path[1..];
        }
        "self" => rest = &path[1..],
        "super" => {}
        first => {
            from.push(first.to_owned());
            files.contains_key(&from).then_some(())?;
            from.pop();
        }
    }
    while rest.first().is_some_and(|word| word == "super") {
        from.pop();
        rest = &rest[1..];
    }
    from.extend(rest.iter().cloned());
    Some(from)
}

/// The file that defines what an absolute path names, re-exports followed.
fn definition(files: &Files, path: &[String], depth: usize) -> Option<Module> {
    if files.contains_key(path) {
        return Some(path.to_vec());
    }
    let (module, rest) = (0..path.len())
        .rev()
        .map(|at| path.split_at(at))
        .find(|(module, _)| files.contains_key(*module))?;
    let name = rest.first()?;
    let file = &files[module];
    let followed = |target: &[String]| {
        let target = absolute(files, &module.to_vec(), target)?;
        let whole = [target, rest[1..].to_vec()].concat();
        if depth == 0 || whole == path { None } else { definition(files, &whole, depth - 1) }
    };
    let named = file.uses.iter().filter(|(_, known, _)| known == name);
    if let Some(found) = named.filter_map(|(target, _, _)| followed(target)).next() {
        return Some(found);
    }
    let globs = file.uses.iter().filter(|(_, known, handed_on)| known == "*" && *handed_on);
    let behind = globs.filter_map(|(target, _, _)| {
        let target = absolute(files, &module.to_vec(), &target[..target.len() - 1])?;
        let inner = &files.get(&target)?.uses;
        let has = inner.iter().any(|(_, known, _)| known == name)
            || files.contains_key(&[target.clone(), vec![name.clone()]].concat());
        let whole = [target, rest.to_vec()].concat();
        (has && depth > 0).then(|| definition(files, &whole, depth - 1)).flatten()
    });
    behind.into_iter().next().or(Some(module.to_vec()))
}

/// Which files each file imports from.
fn arrows(files: &Files) -> BTreeMap<&Module, BTreeSet<Module>> {
    let targets = |(module, file): (&Module, &File)| -> BTreeSet<Module> {
        let own = file.uses.iter().filter(|(_, _, handed_on)| !handed_on);
        let found =
            own.filter_map(|(path, _, _)| definition(files, &absolute(files, module, path)?, 8));
        found.filter(|target| !module.starts_with(target) && !target.is_empty()).collect()
    };
    files.iter().map(|entry| (entry.0, targets(entry))).collect()
}

/// A circle, if there is one: the files in it, in the order of their imports.
fn circle(arrows: &BTreeMap<&Module, BTreeSet<Module>>) -> Option<Vec<String>> {
    let mut done = BTreeSet::new();
    fn visit<'a>(
        at: &'a Module,
        arrows: &'a BTreeMap<&Module, BTreeSet<Module>>,
        way: &mut Vec<&'a Module>,
        done: &mut BTreeSet<&'a Module>,
    ) -> Option<Vec<String>> {
        if let Some(start) = way.iter().position(|before| *before == at) {
            return Some(way[start..].iter().map(|module| module.join("/")).collect());
        }
        if !done.contains(at) {
            way.push(at);
            let found = arrows.get(at)?.iter().find_map(|next| visit(next, arrows, way, done));
            way.pop();
            done.insert(at);
            return found;
        }
        None
    }
    arrows.keys().find_map(|module| visit(module, arrows, &mut Vec::new(), &mut done))
}

#[test]
fn no_file_imports_itself_by_way_of_others() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let crates = fs::read_dir(root.join("crates")).expect("the workspace");
    let crates = crates.map(|entry| entry.expect("an entry").path());
    for source in crates.chain([root.join("xtask")]).map(|path| path.join("src")) {
        let found = circle(&arrows(&sources(&source)));
        assert_eq!(found, None, "{}: these files import each other", source.display());
    }
}

#[test]
fn a_layer_imports_only_from_those_below_it() {
    let files = library();
    let level = |layer: &String| {
        let level = LAYERS.iter().position(|known| known == layer);
        level.unwrap_or_else(|| panic!("`{layer}` is missing from LAYERS"))
    };
    let mut upwards = Vec::new();
    for (module, targets) in arrows(&files) {
        for target in targets.iter().filter(|_| !module.is_empty()) {
            if level(&target[0]) > level(&module[0]) {
                upwards.push(format!("{} imports {}", module.join("/"), target.join("/")));
            }
        }
    }
    assert!(upwards.is_empty(), "{upwards:#?}");
}

/// Two files that import each other only through the re-exports of `mod.rs`.
#[test]
fn a_circle_behind_reexports_is_found() {
    let files = |plan: &str| -> Files {
        let module = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Module>();
        [
            (module(&["train"]), parse("mod plan;\nmod labels;\npub use plan::{Plan, PlanError};\npub use labels::Labels;")),
            (module(&["train", "plan"]), parse(plan)),
            (module(&["train", "labels"]), parse("use super::PlanError;")),
        ]
        .into()
    };
    let closed = files("use crate::train::{\n    Labels,\n};");
    assert_eq!(circle(&arrows(&closed)), Some(vec!["train/labels".into(), "train/plan".into()]));
    let open = files("use std::fmt;");
    assert_eq!(circle(&arrows(&open)), None);
    let inline = files("fn of(labels: &super::labels::Labels) {}");
    assert_eq!(circle(&arrows(&inline)), Some(vec!["train/labels".into(), "train/plan".into()]));
    assert_eq!(arrows(&open)[&vec!["train".to_owned(), "labels".to_owned()]].len(), 1);
}
