//! Files of MATLAB, version 5 to 7.2: SVHN, EMNIST, and matrices with the usual names.

mod element;
mod error;
mod orient;

pub use error::MatError;

use self::element::{Item, variables};
use super::array::Array;
use super::assemble::{Found, assemble};
use super::names::{self, Named, Role};
use super::{ArrayOptions, ArrayReading, Arrays, ArraysError};

/// Labelled parts from the names and bytes of `.mat` files.
///
/// Matrices are found by their names, as in [`from_numpy`](super::from_numpy), also in structures
/// (`dataset.train.images`), and by the name of the file (`train_32x32.mat`). The rows may be the
/// first or the last dimension, as the labels tell.
///
/// # Errors
/// When a file or a matrix cannot be used, or when there are two ways to read it.
pub fn from_mat(
    files: &[(&str, &[u8])],
    options: &ArrayOptions,
    reading: Option<&ArrayReading>,
) -> Result<Arrays, ArraysError> {
    let mut found = Found::default();
    for (name, bytes) in files {
        let wrap = |reason| ArraysError::Mat { place: (*name).to_owned(), reason };
        let Some(big) = byte_order(bytes) else {
            return Err(ArraysError::other(name, bytes, "a MATLAB file (version 5 to 7.2)"));
        };
        for variable in variables(bytes, big) {
            let variable = variable.map_err(wrap)?;
            let mut reader = Reader { file: name, big, found: &mut found };
            reader.item(&variable, "", 0)?;
        }
    }
    orient::orient(&mut found);
    assemble(found, options, reading)
}

/// Whether the file is big-endian; `None` if it is another kind of file.
fn byte_order(bytes: &[u8]) -> Option<bool> {
    match bytes.get(124..128)? {
        [0, 1, b'I', b'M'] => Some(false),
        [1, 0, b'M', b'I'] => Some(true),
        _ => None,
    }
}

struct Reader<'a> {
    file: &'a str,
    big: bool,
    found: &'a mut Found,
}

impl Reader<'_> {
    fn wrap(&self, reason: MatError) -> ArraysError {
        ArraysError::Mat { place: self.file.to_owned(), reason }
    }

    /// A variable, or a field of the structure `path`.
    fn item(&mut self, matrix: &[u8], path: &str, depth: usize) -> Result<(), ArraysError> {
        let (name, item) = Item::parse(matrix, self.big).map_err(|error| self.wrap(error))?;
        let path = if path.is_empty() { name } else { path.to_owned() };
        let (parents, last) = path.rsplit_once('.').unwrap_or(("", &path));
        let place = format!("`{path}` of {}", self.file);
        match (item, names::read(last)) {
            (Item::Structure(fields), _) => {
                // Data sets nest two deep; a hostile file could nest until the stack ends.
                if depth > 4 {
                    return Err(self.wrap(MatError::Deep));
                }
                for (name, field) in fields {
                    self.item(field, &format!("{path}.{name}"), depth + 1)?;
                }
            }
            (Item::Numbers(array), _) if path == "dataset.mapping" => self.mapping(array),
            (Item::Numbers(mut array), Some((split, role))) => {
                let outer = names::split_of_file(parents);
                let outer = outer.or_else(|| names::split_of_file(names::stem(self.file)));
                if let (Some(outer), Some(split)) = (outer, split.filter(|own| Some(*own) != outer))
                {
                    let (file, array) = (outer.name(), split.name());
                    return Err(ArraysError::SplitClash { place, file, array });
                }
                array.place = place;
                if path.starts_with("dataset.") && role == Role::Values {
                    array = self.upright(array);
                }
                self.found.arrays.push(Named { split: split.or(outer), role, array });
            }
            (Item::Other(class), Some(_)) => {
                return Err(self.wrap(MatError::Class { name: path, class }));
            }
            (_, None) => self.found.unused.push(place),
        }
        Ok(())
    }

    /// EMNIST keeps its pictures as MATLAB lays them down: column by column.
    fn upright(&mut self, mut array: Array) -> Array {
        let [rows, 784] = *array.dims else { return array };
        self.found.notes.push(format!(
            "{}: the pictures of EMNIST are stored column by column and were turned upright",
            array.place
        ));
        // As the whole matrix is column-major, too, this is all that there is to do.
        array.dims = vec![rows, 28, 28];
        array
    }

    /// EMNIST: a label and the codes of its characters per line.
    fn mapping(&mut self, array: Array) {
        let [_, width] = *array.dims else { return };
        let axes = Array::column_axes(&array.dims);
        let array = array.rearranged(&axes);
        let numbers: Vec<f64> = array.numbers().map(|number| number.as_f64()).collect();
        for line in numbers.chunks_exact(width.max(1)) {
            let [label, codes @ ..] = line else { continue };
            let text = |code: &f64| char::from_u32(*code as u32).map(String::from);
            let name: Option<Vec<String>> = codes.iter().map(text).collect();
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                self.found.label_names.insert(format!("{label}"), name.join("/"));
            }
        }
    }
}
