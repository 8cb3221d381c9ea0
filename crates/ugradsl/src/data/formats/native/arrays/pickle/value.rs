//! What a pickle builds.

use super::super::array::{Array, Element};

/// A value; others are referred to by their number in [`Nodes`].
#[derive(Debug, Clone)]
pub(in crate::data::formats::native::arrays) enum Node<'a> {
    /// None, and what is of no use here.
    Nothing,
    Bool(bool),
    Int(i64),
    /// Python 2 kept texts as bytes, too.
    Bytes(&'a [u8]),
    /// Bytes that had to be decoded.
    Decoded(Vec<u8>),
    Text(&'a str),
    List(Vec<usize>),
    Tuple(Vec<usize>),
    Dict(Vec<(usize, usize)>),
    Global(Global),
    /// A type of elements: its name such as `u1`, and its state once it has been set.
    Dtype {
        name: usize,
        state: Option<usize>,
    },
    /// An array, and its state once it has been set.
    Array(Option<usize>),
}

/// The only things that may be called, all of which are only noted down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::data::formats::native::arrays) enum Global {
    Reconstruct,
    NdArray,
    Dtype,
    /// How Python 3 writes bytes in protocol 2.
    Encode,
}

impl Global {
    pub(super) fn find(module: &str, name: &str) -> Option<Self> {
        match (module, name) {
            ("numpy.core.multiarray" | "numpy._core.multiarray", "_reconstruct") => {
                Some(Self::Reconstruct)
            }
            ("numpy", "ndarray") => Some(Self::NdArray),
            ("numpy", "dtype") => Some(Self::Dtype),
            ("_codecs", "encode") => Some(Self::Encode),
            _ => None,
        }
    }
}

/// All values of a pickle.
#[derive(Debug, Default)]
pub(in crate::data::formats::native::arrays) struct Nodes<'a> {
    pub(super) all: Vec<Node<'a>>,
    pub(super) top: usize,
}

impl<'a> Nodes<'a> {
    pub(in crate::data::formats::native::arrays) fn get(&self, at: usize) -> Option<&Node<'a>> {
        self.all.get(at)
    }

    /// The bytes of a text, whichever way it was kept.
    pub(in crate::data::formats::native::arrays) fn bytes(&self, at: usize) -> Option<&[u8]> {
        match self.get(at)? {
            Node::Bytes(bytes) => Some(bytes),
            Node::Decoded(bytes) => Some(bytes),
            Node::Text(text) => Some(text.as_bytes()),
            _ => None,
        }
    }

    pub(in crate::data::formats::native::arrays) fn int(&self, at: usize) -> Option<i64> {
        match self.get(at)? {
            Node::Int(value) => Some(*value),
            Node::Bool(value) => Some(i64::from(*value)),
            _ => None,
        }
    }

    /// The members of a list or tuple.
    pub(in crate::data::formats::native::arrays) fn members(&self, at: usize) -> Option<&[usize]> {
        match self.get(at)? {
            Node::List(members) | Node::Tuple(members) => Some(members),
            _ => None,
        }
    }

    /// An entry of the dictionary that the pickle is. Of two with the same key, the last counts.
    pub(in crate::data::formats::native::arrays) fn entry(&self, key: &str) -> Option<usize> {
        let Node::Dict(entries) = self.get(self.top)? else { return None };
        let found = entries.iter().rev().find(|entry| self.bytes(entry.0) == Some(key.as_bytes()));
        found.map(|entry| entry.1)
    }

    /// An array of numbers, row-major.
    pub(in crate::data::formats::native::arrays) fn array(
        &self,
        at: usize,
        place: &str,
    ) -> Option<Array> {
        let Node::Array(Some(state)) = self.get(at)? else { return None };
        let [_, shape, dtype, fortran, data] = *self.members(*state)? else { return None };
        let dims = self.members(shape)?.iter();
        let dims: Vec<usize> =
            dims.map(|&dim| usize::try_from(self.int(dim)?).ok()).collect::<Option<_>>()?;
        let (element, bytes) = (self.element(dtype)?, self.bytes(data)?);
        let size = dims.iter().try_fold(element.size(), |size, &dim| size.checked_mul(dim))?;
        if size != bytes.len() || dims.contains(&0) {
            return None;
        }
        let array = Array { place: place.to_owned(), dims, element, bytes: bytes.to_vec() };
        let axes = Array::column_axes(&array.dims);
        Some(if self.int(fortran)? == 1 { array.rearranged(&axes) } else { array })
    }

    fn element(&self, at: usize) -> Option<Element> {
        let Node::Dtype { name, state } = self.get(at)? else { return None };
        let order = match state {
            Some(state) => self.bytes(*self.members(*state)?.get(1)?)?,
            None => b"|",
        };
        let (order, name) = (str::from_utf8(order).ok()?, str::from_utf8(self.bytes(*name)?).ok()?);
        Element::parse(&format!("{order}{name}"))
    }
}
