//! `ugradsl data`: lists the data sets that have a name, and downloads those that are not built in.

use std::{io::IsTerminal, path::Path};

use comfy_table::{Table, presets::UTF8_HORIZONTAL_ONLY};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::{
    args::{FetchArgs, ListArgs},
    exit::{Failure, Outcome, Result},
    fetch::{self, PublicSet, SETS, Step},
    output::{self, note},
};

/// Public sets that are read as their makers hand them out: name, where to get them, and what to
/// type.
const OTHERS: &[[&str; 3]] = &[
    [
        "20 Newsgroups",
        "20news-bydate.tar.gz of qwone.com/~jason/20Newsgroups",
        "--data 20newsgroups",
    ],
    ["EMNIST", "emnist-letters.mat of nist.gov", "--data emnist-letters.mat"],
    ["KMNIST", "the four idx files of codh.rois.ac.jp/kmnist", "--data FOLDER"],
    ["SVHN", "train_32x32.mat, test_32x32.mat of ufldl.stanford.edu/housenumbers", "--data FOLDER"],
    [
        "CIFAR for Python",
        "cifar-10-python.tar.gz of cs.toronto.edu/~kriz, unpacked",
        "--data FOLDER",
    ],
    ["MedMNIST (2-D)", "pathmnist.npz and others of medmnist.com", "--data pathmnist.npz"],
    ["Tiny ImageNet", "tiny-imagenet-200.zip of cs231n.stanford.edu, unpacked", "--data FOLDER"],
    [
        "AG News",
        "train.csv, test.csv of huggingface.co/datasets/ag_news",
        "--data FOLDER --label first --text 2",
    ],
];

/// What is known about a data set.
#[derive(Debug, Serialize)]
struct Entry {
    name: &'static str,
    about: &'static str,
    /// Where it is; `None` if it has to be downloaded.
    at: Option<String>,
    download_megabytes: Option<u32>,
}

/// The list as JSON.
#[derive(Serialize)]
struct List<'a> {
    schema_version: u32,
    data_sets: &'a [Entry],
}

pub(crate) fn list(args: ListArgs) -> Result {
    let subset = Entry {
        name: "mnist-subset",
        about: "a part of mnist, 10000 + 2000",
        at: Some("built in".to_owned()),
        download_megabytes: None,
    };
    let root = args.data_root.as_deref();
    let sets = SETS.iter().map(|set| Entry {
        name: set.name,
        about: set.about,
        at: root.filter(|root| is_there(set, root)).map(|root| place(set, root)),
        download_megabytes: Some(set.megabytes),
    });
    let entries: Vec<Entry> = [subset].into_iter().chain(sets).collect();
    if args.json {
        let list = List { schema_version: 1, data_sets: &entries };
        output::emit(&serde_json::to_string_pretty(&list)?);
        return Ok(Outcome::Done);
    }
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY).set_header(["name", "what", "where"]);
    for entry in &entries {
        let download = entry.download_megabytes.unwrap_or_default();
        let at = entry.at.clone().unwrap_or_else(|| format!("{download} MB to download"));
        table.add_row([entry.name, entry.about, &at]);
    }
    let mut others = Table::new();
    others.load_style(UTF8_HORIZONTAL_ONLY).set_header(["others", "get", "then"]);
    for [name, from, then] in OTHERS {
        others.add_row([*name, *from, *then]);
    }
    output::emit(&format!(
        "{table}\n`ugradsl data fetch NAME` downloads one. Instead of a name, commands take any \
         folder or file with data of your own; `ugradsl data show` says what is in it.\n{others}"
    ));
    Ok(Outcome::Done)
}

fn place(set: &PublicSet, root: &Path) -> String {
    root.join(set.folder).display().to_string()
}

fn is_there(set: &PublicSet, root: &Path) -> bool {
    let folder = root.join(set.folder);
    let file = |name: &str| folder.join(name).is_file();
    set.files().iter().all(|name| file(name) || file(&format!("{name}.gz")))
}

pub(crate) fn fetch(args: FetchArgs) -> Result {
    let set = find(&args.name)?;
    let root = args.to.ok_or_else(|| {
        Failure::usage("give the destination with --to FOLDER, or set UGRADSL_DATA to that folder")
    })?;
    let mut bar = Bar::new();
    let fetched = fetch::fetch(set, args.mirror.as_deref(), &root, &mut |step| bar.show(&step));
    bar.close();
    let folder = fetched?;
    output::emit(&format!(
        "{0} is in {1}: use it with --data {0} --data-root {2}",
        set.name,
        folder.display(),
        root.display()
    ));
    Ok(Outcome::Done)
}

/// The set of this name; an unknown name is a usage error.
fn find(name: &str) -> Result<&'static PublicSet> {
    if let Some(set) = SETS.iter().find(|set| set.name == name) {
        return Ok(set);
    }
    if name == "mnist-subset" {
        return Err(Failure::usage("mnist-subset is built in: there is nothing to fetch"));
    }
    let names = SETS.each_ref().map(|set| set.name);
    let near = |known: &&&str| strsim::damerau_levenshtein(known, &name.to_lowercase());
    let nearest = names.iter().min_by_key(near).filter(|known| near(known) <= 3);
    let suggestion = nearest.map_or(String::new(), |known| format!(", did you mean `{known}`?"));
    Err(Failure::usage(format!(
        "`{name}` cannot be fetched{suggestion} (the data sets are {})",
        names.join(", ")
    )))
}

/// A progress bar on a terminal, one line per file elsewhere.
struct Bar {
    bar: Option<ProgressBar>,
    on_terminal: bool,
}

impl Bar {
    fn new() -> Self {
        Self { bar: None, on_terminal: std::io::stderr().is_terminal() }
    }

    fn show(&mut self, step: &Step<'_>) {
        match step {
            Step::Arrived { file, bytes, of } if self.on_terminal => {
                let bar = self.bar.get_or_insert_with(|| start(file));
                bar.set_position(*bytes);
                bar.set_length(of.unwrap_or(*bytes));
            }
            Step::Arrived { .. } => {}
            Step::There { file } => note(&format!("{file}: already there")),
            Step::Done { file, bytes } => {
                self.close();
                note(&format!("{file}: {bytes} bytes, checksum matches"));
            }
            Step::Failed { error } => {
                self.close();
                note(&format!("{error}"));
            }
        }
    }

    fn close(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

fn start(file: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8));
    let template = "{prefix:>28} {bar:24} {bytes}/{total_bytes}  {bytes_per_sec}  eta {eta}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_prefix(file.to_owned());
    bar
}
