//! The archive as it is downloaded: a tar file, compressed with gzip or xz.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Component, Path};

use flate2::bufread::MultiGzDecoder;
use lzma_rust2::XzReader;

use super::parts::{NewsgroupsError, Part, bytes, latin1, same_groups};
use super::{TEST, TRAIN, stripped};
use crate::data::formats::{FormatError, TextFolder, Texts};

/// The most bytes that the unpacked archive may have: ten times its real size.
const LARGEST: u64 = 1 << 29;
/// Kilobytes of memory that unpacking xz may use. Its strongest setting needs 65 thousand.
const XZ_MEMORY: u32 = 1 << 18;

/// The bytes of each message, by its group and number.
type Messages = BTreeMap<(String, String), Vec<u8>>;

/// Reads the archive without unpacking it to disk. The names in it are compared, never followed.
///
/// # Errors
/// When the archive cannot be read or is damaged, the two parts differ in their groups, or a
/// message is not text; the error names the path.
pub fn read(path: &Path) -> Result<TextFolder, FormatError> {
    let [train, test] = unpack(path, LARGEST).map_err(FormatError::at(path))?;
    let parts = (listed(&path.join(TRAIN), &train)?, listed(&path.join(TEST), &test)?);
    let [train_part, test_part] = same_groups(parts.0, parts.1)?;
    // One row per message: `listed` has made one file of each, in the same order.
    let texts = |part: &Part, messages: Messages| {
        let each = part.messages.iter().zip(messages.into_values());
        let texts = each.map(|((path, _), bytes)| latin1(&bytes).map_err(FormatError::at(path)));
        Ok::<_, FormatError>(Texts {
            texts: texts.collect::<Result<_, _>>()?,
            labels: part.labels(),
        })
    };
    Ok(stripped(TextFolder {
        train: texts(&train_part, train)?,
        test: texts(&test_part, test)?,
        classes: train_part.groups,
    }))
}

/// The messages of both parts; an error if the archive unpacks to `largest` bytes or more.
pub(super) fn unpack(path: &Path, largest: u64) -> io::Result<[Messages; 2]> {
    let input = BufReader::new(File::open(path)?);
    let packed_by_xz = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("xz"));
    let unpacked: Box<dyn Read> = if packed_by_xz {
        Box::new(XzReader::new_mem_limit(input, true, XZ_MEMORY))
    } else {
        Box::new(MultiGzDecoder::new(input))
    };
    let mut parts = [Messages::new(), Messages::new()];
    let mut unpacked = unpacked.take(largest);
    for entry in tar::Archive::new(&mut unpacked).entries()? {
        let entry = entry?;
        let path = entry.path()?.into_owned();
        let Some([part, group, number]) = names(&path) else { continue };
        let Some(part) = [TRAIN, TEST].iter().position(|name| *name == part) else { continue };
        if entry.header().entry_type().is_file() {
            parts[part].insert((group, number), bytes(entry)?);
        }
    }
    // To the reader of tar files, the end of the input is the end of the archive.
    if unpacked.limit() == 0 {
        let message = format!("the archive holds {largest} bytes or more");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(parts)
}

/// The three parts of a message's path.
fn names(path: &Path) -> Option<[String; 3]> {
    let names = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    names.collect::<Vec<_>>().try_into().ok()
}

/// The messages as files of a folder at `path`.
fn listed(path: &Path, messages: &Messages) -> Result<Part, NewsgroupsError> {
    let mut part = Part { path: path.to_owned(), groups: Vec::new(), messages: Vec::new() };
    for (group, number) in messages.keys() {
        if part.groups.last() != Some(group) {
            part.groups.push(group.clone());
        }
        let (path, label) = (path.join(group).join(number), part.groups.len() as u32 - 1);
        part.messages.push((path, label));
    }
    match part.groups.is_empty() {
        true => Err(NewsgroupsError::NoGroups { path: part.path }),
        false => Ok(part),
    }
}
