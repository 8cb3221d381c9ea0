//! A test part where the data have none: a share of their rows.
//!
//! Which rows these are depends on what the rows are, not on their numbers. So copies of a row are
//! in the same part, and when training rows are erased later, the test part stays as it was.

use std::collections::BTreeMap;

use super::super::class_names::ClassNames;
use super::super::formats::Part;
use super::super::groups::{Groups, counts};
use super::super::reading::TestPart;
use super::super::row_digest::RowDigest;
use super::error::DataError;
use crate::digest::Digest;

/// A test part that misses its share (0..1) by more than this and a row is said to.
const FAR: f64 = 0.02;

/// Both parts.
pub(super) struct Parts {
    pub(super) train: Part,
    pub(super) test: Part,
    /// The numbers that the training rows have in the whole.
    pub(super) numbers: Vec<u32>,
}

/// The training and the test part of `all`, and what makes it the test part.
pub(super) fn split(
    name: &str,
    all: &Part,
    classes: &ClassNames,
    share: f64,
    notes: &mut Vec<String>,
) -> Result<(Parts, TestPart), DataError> {
    let refused = |why| DataError::TestShare { name: name.to_owned(), share, why };
    if !(share > 0.0 && share < 1.0) {
        return Err(refused("it must lie between 0 and 1, as in 0.2"));
    }
    let made = match all.groups.as_ref().filter(|groups| most_have_one(groups)) {
        Some(groups) => TestPart::Groups(whole_groups(groups, share)),
        None => TestPart::Rows(of_each_class(all, classes, share)),
    };
    let parts = apply(&made, all, classes);
    let Parts { train, test, .. } = &parts;
    if test.rows.labels().is_empty() || train.rows.labels().is_empty() {
        return Err(refused("one of the parts would be empty"));
    }
    let (taken, rows) = (test.rows.labels().len(), all.rows.labels().len());
    let missed = (taken as f64 / rows as f64 - share).abs() > FAR + 1.0 / rows as f64;
    let what = match made {
        TestPart::Groups(_) => "whole groups",
        TestPart::Rows(_) if missed => {
            "copies of a row stay in one part, which leaves no nearer choice"
        }
        TestPart::Rows(_) if all.groups.is_some() => {
            "the same share of each class, as most rows have no group"
        }
        TestPart::Rows(_) => "the same share of each class",
    };
    let asked = match missed {
        true => format!(
            " ({:.0} %, where {:.0} % were asked for)",
            100.0 * taken as f64 / rows as f64,
            100.0 * share
        ),
        false => String::new(),
    };
    notes.push(format!("{taken} of {rows} rows are the test part{asked}: {what}"));
    let lost = classes_without(test, classes);
    if !lost.is_empty() {
        notes.push(format!("no row of the test part is of {}", lost.join(", ")));
    }
    Ok((parts, made))
}

/// Whether most rows have a group. The others could never be test rows.
fn most_have_one(groups: &Groups) -> bool {
    2 * groups.grouped() > groups.len()
}

/// The classes that no row of a part has.
fn classes_without(part: &Part, classes: &ClassNames) -> Vec<String> {
    let counts = counts(part.rows.labels().iter().copied(), classes.len());
    let lost = (0..).zip(counts).filter(|(_, rows)| *rows == 0);
    lost.filter_map(|(class, _)| classes.get(class).map(str::to_owned)).collect()
}

/// The training and the test part of `all`, as they were made before.
pub(super) fn apply(made: &TestPart, all: &Part, classes: &ClassNames) -> Parts {
    let is_test: Vec<bool> = match made {
        TestPart::Groups(names) => {
            let rows = all.rows.labels().len();
            let mut of_group = vec![false; rows];
            let rows = names.iter().filter_map(|name| all.groups.as_ref()?.rows(name)).flatten();
            rows.for_each(|row| of_group[row as usize] = true);
            of_group
        }
        TestPart::Rows(last) => {
            let last_of = |label: u32| classes.get(label).and_then(|name| last.get(name));
            let labels = all.rows.labels().iter().enumerate();
            labels
                .map(|(row, &label)| last_of(label).is_some_and(|last| digest(all, row) <= *last))
                .collect()
        }
    };
    let numbered = |test: bool| {
        let rows = (0..).zip(&is_test).filter(|(_, is)| **is == test);
        rows.map(|(row, _)| row).collect::<Vec<u32>>()
    };
    let numbers = numbered(false);
    Parts { train: all.select(&numbers), test: all.select(&numbered(true)), numbers }
}

fn digest(part: &Part, row: usize) -> RowDigest {
    let mut hash = Digest::new();
    part.rows.hash(row, &mut hash);
    RowDigest::of(hash)
}

/// The last digest of the test rows of each class: a share of its rows, but never all of them and
/// of two at least one.
fn of_each_class(all: &Part, classes: &ClassNames, share: f64) -> BTreeMap<String, RowDigest> {
    let mut digests: BTreeMap<u32, Vec<RowDigest>> = BTreeMap::new();
    for (row, &label) in all.rows.labels().iter().enumerate() {
        digests.entry(label).or_default().push(digest(all, row));
    }
    let last = digests.into_iter().filter_map(|(label, mut digests)| {
        digests.sort_unstable();
        let most = digests.len().saturating_sub(1);
        let wanted = ((share * digests.len() as f64).round() as usize).max(1).min(most);
        let last = *digests.get(wanted.checked_sub(1)?)?;
        // All of them may be copies of one another.
        (digests.last() != Some(&last)).then(|| Some((classes.get(label)?.to_owned(), last)))?
    });
    last.collect()
}

/// Groups in the order of their digests until the share is reached, so that nobody is in both
/// parts.
fn whole_groups(groups: &Groups, share: f64) -> Vec<String> {
    let digest = |name: &String| {
        let mut hash = Digest::new();
        hash.bytes(name.as_bytes());
        RowDigest::of(hash)
    };
    let mut names: Vec<&String> = groups.names().iter().collect();
    names.sort_by_cached_key(|name| digest(name));
    let wanted = (share * groups.len() as f64).round() as usize;
    let mut count = 0;
    let enough = |name: &&&String| {
        let before = count;
        count += groups.rows(name).map_or(0, |rows| rows.len());
        before < wanted
    };
    names.iter().take_while(enough).map(|&name| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::formats::Rows;
    use super::super::super::image_set::ImageSet;
    use super::*;

    /// Rows of one pixel each.
    fn part(pixels: &[u8], labels: &[u32]) -> Part {
        let images = ImageSet::new([1, 1, 1], pixels.to_vec(), labels.to_vec());
        Rows::Images(images.expect("images")).into()
    }

    fn count(part: &Part, class: u32) -> usize {
        part.rows.labels().iter().filter(|&&label| label == class).count()
    }

    #[test]
    fn each_class_gives_its_share_and_keeps_a_row() {
        let labels: Vec<u32> = [[0; 10].as_slice(), &[1; 5], &[2; 2], &[3]].concat();
        let pixels: Vec<u8> = (0..18).collect();
        let (all, classes) = (part(&pixels, &labels), ClassNames::numbered(4));
        let mut notes = Vec::new();
        let (parts, made) = split("x", &all, &classes, 0.2, &mut notes).expect("two parts");
        let Parts { train, test, numbers } = parts;
        assert_eq!(numbers.len(), 14);
        assert_eq!([0, 1, 2, 3].map(|class| count(&test, class)), [2, 1, 1, 0]);
        assert_eq!([0, 1, 2, 3].map(|class| count(&train, class)), [8, 4, 1, 1]);
        let said = "4 of 18 rows are the test part: the same share of each class";
        assert_eq!(notes, [said, "no row of the test part is of 3"]);
        // Half of the training rows are erased: the test part stays.
        let Rows::Images(images) = &train.rows else { panic!("images") };
        let kept: Vec<u32> = (0..14).filter(|row| row % 2 == 0).collect();
        let left = images.select(&kept).expect("rows");
        let Rows::Images(tested) = &test.rows else { panic!("images") };
        let pixels = [left.pixels(), tested.pixels()].concat();
        let labels = [left.labels(), tested.labels()].concat();
        let Parts { train: later, test: again, .. } =
            apply(&made, &part(&pixels, &labels), &classes);
        let pixels = |part: &Part| match &part.rows {
            Rows::Images(images) => images.pixels().to_vec(),
            _ => Vec::new(),
        };
        assert_eq!((pixels(&later), pixels(&again)), (left.pixels().to_vec(), pixels(&test)));
    }

    #[test]
    fn copies_are_in_the_same_part() {
        let all = part(&[7, 7, 7, 7, 8, 9, 1, 2], &[0, 0, 0, 0, 0, 0, 1, 1]);
        for share in [0.1, 0.3, 0.5] {
            let parts = split("x", &all, &ClassNames::numbered(2), share, &mut Vec::new());
            let (Parts { train, .. }, _) = parts.expect("two parts");
            let Rows::Images(images) = &train.rows else { panic!("images") };
            let copies = images.pixels().iter().filter(|&&pixel| pixel == 7).count();
            assert!([0, 4].contains(&copies), "{share}: {copies}");
        }
        let same = part(&[7, 7, 7], &[0, 0, 0]);
        assert!(split("x", &same, &ClassNames::numbered(1), 0.3, &mut Vec::new()).is_err());
    }

    #[test]
    fn nobody_is_in_both_parts() {
        let owners: Vec<Option<&str>> =
            ["a", "b", "c", "d", "e"].iter().flat_map(|name| [Some(*name); 4]).collect();
        let pixels: Vec<u8> = (0..20).collect();
        let all = Part { groups: Some(Groups::new(&owners)), ..part(&pixels, &[0; 20]) };
        let parts = split("x", &all, &ClassNames::numbered(1), 0.3, &mut Vec::new());
        let (Parts { train, test, .. }, _) = parts.expect("two parts");
        assert_eq!((train.rows.labels().len(), test.rows.labels().len()), (12, 8));
        for name in ["a", "b", "c", "d", "e"] {
            let rows = |part: &Part| part.groups.as_ref().and_then(|groups| groups.rows(name));
            assert!(rows(&train).is_some_and(|rows| [0, 4].contains(&rows.len())), "{name}");
        }
    }
}
