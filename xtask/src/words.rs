//! A few turns of phrase that readers stumble over, looked for in every text of the repository.
//!
//! `CONTRIBUTING.md` has the rule; this finds the cases that need no understanding of the sentence.

use anyhow::{Context, Result, bail};
use xshell::cmd;

use crate::workspace::Workspace;

/// Ends of the names of files that are read.
const KINDS: [&str; 4] = [".rs", ".md", ".ts", ".tsx"];
/// Files and folders that are left out, one per line.
const ALLOWED: &str = include_str!("../words-allowed.txt");
/// What things are counted per: `a` before one of these should be `per`.
const UNITS: [&str; 19] = [
    "batch", "cell", "channel", "class", "column", "command", "epoch", "file", "kernel", "line",
    "method", "pixel", "row", "run", "sample", "set", "side", "step", "word",
];
/// What such a count begins with, besides a number.
const COUNTS: [&str; 7] = ["a", "an", "one", "two", "three", "four", "most"];
/// Words that no name of a counted thing has.
const BETWEEN: [&str; 32] = [
    "a", "an", "and", "are", "as", "at", "be", "beside", "but", "by", "for", "from", "has", "have",
    "if", "in", "into", "is", "like", "make", "makes", "not", "of", "on", "or", "than", "that",
    "to", "was", "where", "with", "without",
];
/// What may follow on `is no`.
const AFTER_NO: [&str; 6] = ["better", "less", "longer", "more", "such", "worse"];

/// Reads every text that git knows.
///
/// # Errors
/// When git or a file cannot be read, and when something is found: the message lists all of it.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let shell = workspace.shell();
    let names = cmd!(shell, "git ls-files").quiet().read().context("git lists no files here")?;
    let mut found = Vec::new();
    for name in names.lines().filter(|name| is_read(name)) {
        // A file that was removed and not committed yet.
        if !shell.path_exists(name) {
            continue;
        }
        let text = shell.read_file(name)?;
        for (at, line) in text.lines().enumerate() {
            found.extend(findings(line).map(|remedy| format!("{name}:{}: {remedy}", at + 1)));
        }
    }
    match found.as_slice() {
        [] => Ok(()),
        all => bail!("see \"Words\" in CONTRIBUTING.md:\n    {}", all.join("\n    ")),
    }
}

fn is_read(name: &str) -> bool {
    let allowed = ALLOWED.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    KINDS.iter().any(|kind| name.ends_with(kind))
        && !allowed.into_iter().any(|start| name.starts_with(start))
}

/// What should be written instead, for everything that is wrong with `line`.
fn findings(line: &str) -> impl Iterator<Item = String> {
    let words: Vec<String> = line.split_whitespace().map(str::to_lowercase).collect();
    let places = 0..words.len();
    places.filter_map(move |at| finding(&words[..at], &words[at..])).collect::<Vec<_>>().into_iter()
}

/// The same for the phrase that `words` begins with, after the words `before` it.
fn finding(before: &[String], words: &[String]) -> Option<String> {
    let bare = |at: usize| {
        words.get(at).map_or("", |word| word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')']))
    };
    let whole = |at: usize| words.get(at).map_or("", String::as_str);
    match (whole(0), bare(1)) {
        ("let", "expect") => {
            return Some("`let expect`: say what follows, or what is estimated".to_owned());
        }
        ("gone", "on") if bare(2) == "with" => {
            return Some("`gone on with`: resumed, continued".to_owned());
        }
        ("is", "no") if says_is_no(before, bare(2)) => {
            return Some(format!("`is no {}`: is not a ...", bare(2)));
        }
        _ => {}
    }
    if bare(0) == "shall" {
        return Some("`shall`: must, should, or the present tense".to_owned());
    }
    counted_per(words).map(|until| format!("`{}`: write `per`", words[..until].join(" ")))
}

/// Whether `is no NOUN` stands for `is not a NOUN`.
fn says_is_no(before: &[String], noun: &str) -> bool {
    let there = before.last().is_some_and(|word| word.ends_with("there"));
    let is_word = !noun.is_empty() && noun.chars().all(|letter| letter.is_ascii_lowercase());
    !there && is_word && !AFTER_NO.contains(&noun)
}

/// How many of `words` are like `one name a row`: a count, up to two words, `a`, and what it is
/// per.
fn counted_per(words: &[String]) -> Option<usize> {
    let counts = |word: &String| {
        COUNTS.contains(&word.as_str()) || word.bytes().all(|byte| byte.is_ascii_digit())
    };
    let names =
        |word: &String| word.chars().all(char::is_alphabetic) && !BETWEEN.contains(&word.as_str());
    let is_unit = |word: &String| {
        UNITS.contains(&word.trim_end_matches(|last: char| !last.is_alphanumeric()))
    };
    words.first().filter(|word| counts(word))?;
    [3, 4, 5].into_iter().find(|&until| match words.get(..until) {
        Some([_, between @ .., a, unit]) => a == "a" && is_unit(unit) && between.iter().all(names),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_turn_of_phrase_is_found() {
        for line in [
            "/// One file a command.",
            "names, one a line",
            "//! in a folder a class, or",
            "One class number a row",
            "what the answers let expect of it",
            "a download is gone on with.",
            "It shall not lead out",
            "this is no number",
        ] {
            assert_eq!(findings(line).count(), 1, "{line}");
        }
    }

    #[test]
    fn plain_sentences_pass() {
        for line in [
            "there is no such file, and no network is no better than one",
            "let expected = one;",
            "a label that is not a class",
            "all rows of a class, a file beside a class",
            "one name per row; a word, and what a row has",
        ] {
            assert_eq!(findings(line).count(), 0, "{line}");
        }
    }
}
