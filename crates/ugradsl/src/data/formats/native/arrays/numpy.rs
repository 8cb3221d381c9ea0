//! Files of NumPy: `.npy` with one array each, `.npz` with several, sparse matrices of SciPy.

use std::io::Cursor;

use zip::ZipArchive;

use super::array::Array;
use super::assemble::{Found, assemble};
use super::names::{self, Named, Role, Split};
use super::sparse::Sparse;
use super::{ArrayOptions, ArrayReading, Arrays, ArraysError, npy};

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Labelled parts from the names and bytes of `.npy` and `.npz` files.
///
/// Arrays are found by their names (`x_train`, `train_images`, `y`, `labels`, `ids`, `groups`, …),
/// and by the name of the file they are in (`train.npz`). A sparse matrix counts as the values, and
/// its file is named like an array. With a `reading`, values and labels are read as they were then.
///
/// # Errors
/// When a file or an array cannot be used, or when there are two ways to read it.
pub fn from_numpy(
    files: &[(&str, &[u8])],
    options: &ArrayOptions,
    reading: Option<&ArrayReading>,
) -> Result<Arrays, ArraysError> {
    let mut found = Found::default();
    for (name, bytes) in files {
        if bytes.starts_with(npy::MAGIC) {
            single(name, bytes, &mut found)?;
        } else if bytes.starts_with(b"PK\x03\x04") {
            archive(name, bytes, &mut found)?;
        } else {
            return Err(ArraysError::other(name, bytes, "a file of NumPy (.npy or .npz)"));
        }
    }
    assemble(found, options, reading)
}

fn single(name: &str, bytes: &[u8], found: &mut Found) -> Result<(), ArraysError> {
    let Some((split, role)) = names::read(names::stem(name)) else {
        found.unused.push(name.to_owned());
        return Ok(());
    };
    let mut bytes = bytes;
    let array = npy::parse(name, &mut bytes)
        .map_err(|reason| ArraysError::Npy { place: name.to_owned(), reason })?;
    found.arrays.push(Named { split, role, array });
    Ok(())
}

fn archive(file: &str, bytes: &[u8], found: &mut Found) -> Result<(), ArraysError> {
    let other = |_| ArraysError::other(file, bytes, "an archive of arrays (.npz)");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(other)?;
    // A name that cannot be read is not one of those that are looked for.
    let mut entries: Vec<String> = archive
        .file_names()
        .filter_map(|name| Some(name.ok()?.strip_suffix(".npy")?.to_owned()))
        .collect();
    entries.sort();
    if entries.is_empty() {
        return Err(ArraysError::other(file, bytes, "an archive of arrays (.npz)"));
    }
    let has = |name: &str| entries.iter().any(|entry| entry == name);
    if has("format") && has("shape") && has("data") {
        return sparse(file, &mut archive, found);
    }
    let of_file = names::split_of_file(names::stem(file));
    for (entry, purpose) in purposes(file, &entries, &mut found.notes) {
        let Some((split, role)) = purpose else {
            found.unused.push(place(file, &entry));
            continue;
        };
        let split = joined(of_file, split).map_err(|[file_split, array]| {
            let place = place(file, &entry);
            ArraysError::SplitClash { place, file: file_split.name(), array: array.name() }
        })?;
        let array = read(file, &mut archive, &entry)?;
        found.arrays.push(Named { split, role, array });
    }
    Ok(())
}

fn place(file: &str, entry: &str) -> String {
    format!("array `{entry}` of {file}")
}

fn joined(file: Option<Split>, array: Option<Split>) -> Result<Option<Split>, [Split; 2]> {
    match (file, array) {
        (Some(file), Some(array)) if file != array => Err([file, array]),
        _ => Ok(array.or(file)),
    }
}

type Purpose = Option<(Option<Split>, Role)>;

/// What each array is for. `numpy.savez(file, x, y)` names them arr_0 and arr_1.
fn purposes(file: &str, entries: &[String], notes: &mut Vec<String>) -> Vec<(String, Purpose)> {
    let purpose = |entry: &String| (entry.clone(), names::read(entry));
    match entries {
        [first, second] if first == "arr_0" && second == "arr_1" => {
            notes.push(format!("{file}: arr_0 is taken as the values, arr_1 as the labels"));
            let (values, labels) = ((None, Role::Values), (None, Role::Labels));
            vec![(first.clone(), Some(values)), (second.clone(), Some(labels))]
        }
        // `numpy.savez("x_train.npz", x)`: only the file has a name.
        [only] => {
            let of_file = names::read(names::stem(file));
            vec![(only.clone(), names::read(only).or(of_file))]
        }
        _ => entries.iter().map(purpose).collect(),
    }
}

/// One array. The size that the archive claims is ignored.
fn read(file: &str, archive: &mut Archive, entry: &str) -> Result<Array, ArraysError> {
    let place = place(file, entry);
    match archive.by_name(&format!("{entry}.npy")) {
        Ok(mut input) => {
            npy::parse(&place, &mut input).map_err(|reason| ArraysError::Npy { place, reason })
        }
        Err(reason) => Err(ArraysError::Zip { place, reason }),
    }
}

fn sparse(file: &str, archive: &mut Archive, found: &mut Found) -> Result<(), ArraysError> {
    let mut optional = |entry: &str| match archive.index_for_name(&format!("{entry}.npy")) {
        Some(_) => read(file, archive, entry).map(Some),
        None => Ok(None),
    };
    let (indices, indptr) = (optional("indices")?, optional("indptr")?);
    let (row, column) = (optional("row")?, optional("col")?);
    let mut need = |entry: &str| read(file, archive, entry);
    let (format, shape, data) = (need("format")?, need("shape")?, need("data")?);
    let matrix = Sparse { format, shape, data, indices, indptr, row, column };
    let place = file.to_owned();
    let array = matrix.dense(file).map_err(|reason| ArraysError::Sparse { place, reason })?;
    let stem = names::stem(file);
    let split = match names::read(stem) {
        Some((split, Role::Values)) => split,
        _ => names::split_of_file(stem),
    };
    found.notes.push(format!("{file}: the sparse matrix was made dense"));
    found.arrays.push(Named { split, role: Role::Values, array });
    Ok(())
}
