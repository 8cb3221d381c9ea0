//! CIFAR-10 and CIFAR-100 as their maker hands them out for Python: pickles of dictionaries.

use std::collections::BTreeSet;

use super::array::{Array, Element, Type};
use super::assemble::{Found, assemble};
use super::names::{Named, Role, Split};
use super::pickle::{self, Nodes};
use super::{ArrayOptions, ArrayReading, Arrays, ArraysError, Layout, Listed};

/// The files of a part of CIFAR-10.
const BATCHES: [&str; 5] =
    ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"];

/// The most bytes of the name of a file or class.
const LONGEST_NAME: usize = 256;

/// Labelled parts from the names and bytes of `data_batch_1` to `test_batch` and `batches.meta`, or
/// of `train`, `test` and `meta`. Files with other names are left out, which is said.
///
/// # Errors
/// When a file is missing, or not such a pickle. Nothing in a pickle is ever run.
pub fn from_cifar_python(
    files: &[(&str, &[u8])],
    options: &ArrayOptions,
    reading: Option<&ArrayReading>,
) -> Result<Arrays, ArraysError> {
    let named = |name: &str| {
        files.iter().find(|file| file.0.rsplit(['/', '\\']).next() == Some(name)).copied()
    };
    let ten = BATCHES.iter().any(|name| named(name).is_some());
    let (train, test, meta) = match ten {
        true => (&BATCHES[..], "test_batch", "batches.meta"),
        false => (&["train"][..], "test", "meta"),
    };
    let missing: Listed = train.iter().filter(|name| named(name).is_none()).copied().collect();
    if !missing.is_empty() {
        return Err(ArraysError::CifarFiles { files: missing });
    }
    let train: Vec<_> = train.iter().filter_map(|name| named(name)).collect();
    let mut found = Found::default();
    part(Split::Train, &train, &mut found)?;
    match named(test) {
        Some(file) => part(Split::Test, &[file], &mut found)?,
        None => found.notes.push(format!("there is not a file `{test}`: no test part")),
    }
    match named(meta) {
        Some(file) => found.class_names = Some((file.0.to_owned(), class_names(file, ten)?)),
        None => found.notes.push(format!("there is not a file `{meta}`: classes have numbers")),
    }
    // The layout of CIFAR is known.
    let options = ArrayOptions { layout: Some(Layout::Chw), ..*options };
    assemble(found, &options, reading)
}

fn load<'a>((name, bytes): (&str, &'a [u8])) -> Result<Nodes<'a>, ArraysError> {
    if !bytes.starts_with(b"\x80") {
        return Err(ArraysError::other(name, bytes, "a pickle of CIFAR"));
    }
    pickle::load(bytes).map_err(|reason| ArraysError::Pickle { place: name.to_owned(), reason })
}

fn class_names(file: (&str, &[u8]), ten: bool) -> Result<Vec<String>, ArraysError> {
    let key = if ten { "label_names" } else { "fine_label_names" };
    let nodes = load(file)?;
    let names = nodes.entry(key).and_then(|at| texts(&nodes, at));
    names.ok_or_else(|| ArraysError::CifarEntry {
        place: file.0.to_owned(),
        key,
        expected: "a list of names",
    })
}

fn texts(nodes: &Nodes, at: usize) -> Option<Vec<String>> {
    let text = |&at: &usize| {
        // One long text could be in the list a million times.
        let bytes = nodes.bytes(at).filter(|bytes| bytes.len() <= LONGEST_NAME)?;
        Some(str::from_utf8(bytes).ok()?.to_owned())
    };
    nodes.members(at)?.iter().map(text).collect()
}

/// The rows of all files of a part, one after the other.
fn part(split: Split, files: &[(&str, &[u8])], found: &mut Found) -> Result<(), ArraysError> {
    let place = files.iter().map(|file| file.0.to_owned()).collect::<Listed>().to_string();
    let mut values = Vec::new();
    let (mut labels, mut ids, mut fine) = (Vec::new(), Some(Vec::new()), false);
    for file in files {
        let nodes = load(*file)?;
        values.extend_from_slice(&pictures(&nodes, file.0)?);
        let (batch, is_fine) = batch_labels(&nodes, file.0)?;
        labels.extend(batch);
        fine |= is_fine;
        let names = nodes.entry("filenames").and_then(|at| texts(&nodes, at));
        ids = ids.zip(names).map(|(all, names)| [all, names].concat());
    }
    if fine {
        found.notes.push(format!("{place}: the fine labels are taken, not the coarse ones"));
    }
    let named = |role, array| Named { split: Some(split), role, array };
    let array = |dims, element, bytes| Array { place: place.clone(), dims, element, bytes };
    let rows = values.len() / 3072;
    found.arrays.push(named(Role::Values, array(vec![rows, 3, 32, 32], Element::U8, values)));
    let bytes: Vec<u8> = labels.iter().flat_map(|label: &i64| label.to_le_bytes()).collect();
    let element = Element { kind: Type::Signed(8), big: false };
    found.arrays.push(named(Role::Labels, array(vec![labels.len()], element, bytes)));
    if let Some(ids) = ids.filter(|ids| ids.len() == rows) {
        let different: BTreeSet<&String> = ids.iter().collect();
        match different.len() == ids.len() {
            true => found.arrays.push(named(Role::Ids, wide(&place, &ids))),
            false => found.notes.push(format!("{place}: file names occur twice: not used as ids")),
        }
    }
    Ok(())
}

/// Texts as an array.
fn wide(place: &str, texts: &[String]) -> Array {
    let size = texts.iter().map(String::len).max().unwrap_or(0).max(1);
    let bytes = texts.iter().flat_map(|text| {
        let fill = size.saturating_sub(text.len());
        text.bytes().chain(std::iter::repeat_n(0, fill))
    });
    let element = Element { kind: Type::Narrow(size), big: false };
    let bytes = bytes.collect();
    Array { place: place.to_owned(), dims: vec![texts.len()], element, bytes }
}

fn pictures(nodes: &Nodes, place: &str) -> Result<Vec<u8>, ArraysError> {
    let array = nodes.entry("data").and_then(|at| nodes.array(at, place));
    let array = array.filter(|array| {
        matches!(*array.dims, [_, 3072]) && array.element.kind == Type::Unsigned(1)
    });
    array.map(|array| array.bytes).ok_or_else(|| ArraysError::CifarEntry {
        place: place.to_owned(),
        key: "data",
        expected: "an array of uint8 of shape [n, 3072]",
    })
}

/// The labels of a file, and whether there are coarser ones.
fn batch_labels(nodes: &Nodes, place: &str) -> Result<(Vec<i64>, bool), ArraysError> {
    let fine = nodes.entry("fine_labels");
    let at = fine.or_else(|| nodes.entry("labels"));
    let labels = at.and_then(|at| {
        nodes.members(at)?.iter().map(|&label| nodes.int(label)).collect::<Option<Vec<i64>>>()
    });
    let labels = labels.ok_or_else(|| ArraysError::CifarEntry {
        place: place.to_owned(),
        key: if fine.is_some() { "fine_labels" } else { "labels" },
        expected: "a list of whole numbers",
    })?;
    Ok((labels, fine.is_some()))
}
