//! An array in memory: its elements as bytes, row-major, and their type.

/// What an element is; the number is its size in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Bool,
    Unsigned(usize),
    Signed(usize),
    Float(usize),
    /// Characters of four bytes each (`<U5`).
    Wide(usize),
    /// Bytes of text (`|S5`).
    Narrow(usize),
}

/// The type of the elements and the order of their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) kind: Type,
    pub(super) big: bool,
}

impl Element {
    pub(super) const U8: Self = Self { kind: Type::Unsigned(1), big: false };

    /// From its type string, such as `<f4`.
    pub(super) fn parse(descr: &str) -> Option<Self> {
        let (order, kind) = descr.split_at_checked(1)?;
        let (letter, digits) = kind.split_at_checked(1)?;
        let size: usize = digits.parse().ok().filter(|size| *size < 1 << 24)?;
        let big = match order {
            "<" | "|" => false,
            ">" => true,
            _ => return None,
        };
        let kind = match (letter, size) {
            ("b", 1) => Type::Bool,
            ("u", 1 | 2 | 4 | 8) => Type::Unsigned(size),
            ("i", 1 | 2 | 4 | 8) => Type::Signed(size),
            ("f", 2 | 4 | 8) => Type::Float(size),
            // Of texts without length, a file could claim any number.
            ("U", 1..) => Type::Wide(size * 4),
            ("S", 1..) => Type::Narrow(size),
            _ => return None,
        };
        // A bar says that the order of bytes does not matter, but for wide numbers it does.
        let single = matches!(kind, Type::Narrow(_)) || size == 1 && letter != "U";
        (order != "|" || single).then_some(Self { kind, big })
    }

    /// Bytes of one element.
    pub(super) fn size(self) -> usize {
        match self.kind {
            Type::Bool => 1,
            Type::Unsigned(size) | Type::Signed(size) | Type::Float(size) => size,
            Type::Wide(size) | Type::Narrow(size) => size,
        }
    }

    pub(super) fn is_text(self) -> bool {
        matches!(self.kind, Type::Wide(_) | Type::Narrow(_))
    }
}

/// A number as it is in the file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    Whole(i128),
    Float(f64),
}

impl Number {
    pub(super) fn as_f64(self) -> f64 {
        match self {
            Self::Whole(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}

/// An array and where it comes from.
#[derive(Debug, Clone)]
pub(super) struct Array {
    /// The file and the name within, for messages.
    pub(super) place: String,
    pub(super) dims: Vec<usize>,
    pub(super) element: Element,
    /// As many as `dims` and `element` require.
    pub(super) bytes: Vec<u8>,
}

impl Array {
    pub(super) fn rows(&self) -> usize {
        self.dims.first().copied().unwrap_or(1)
    }

    /// Elements of one row; at least 1, so that it can be divided by.
    pub(super) fn row_size(&self) -> usize {
        let size = self.dims.iter().skip(1).try_fold(1, |size: usize, &dim| size.checked_mul(dim));
        size.unwrap_or(usize::MAX).max(1)
    }

    fn elements(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.chunks_exact(self.element.size().max(1))
    }

    /// All elements as numbers; none if they are texts.
    pub(super) fn numbers(&self) -> impl Iterator<Item = Number> {
        self.elements().filter_map(|bytes| number(self.element, bytes))
    }

    /// All elements as texts, `None` where the bytes are not one.
    pub(super) fn texts(&self) -> impl Iterator<Item = Option<String>> {
        let Element { kind, big } = self.element;
        self.elements().map(move |bytes| text(kind, big, bytes))
    }

    /// The axes and steps of row-major order.
    pub(super) fn axes(dims: &[usize]) -> Vec<(usize, usize)> {
        let mut step = 1_usize;
        let mut axes: Vec<_> = dims
            .iter()
            .rev()
            .map(|&dim| {
                let axis = (dim, step);
                step = step.saturating_mul(dim);
                axis
            })
            .collect();
        axes.reverse();
        axes
    }

    /// The axes and steps of column-major order.
    pub(super) fn column_axes(dims: &[usize]) -> Vec<(usize, usize)> {
        let reversed: Vec<usize> = dims.iter().rev().copied().collect();
        let mut axes = Self::axes(&reversed);
        axes.reverse();
        axes
    }

    /// The same elements with other axes: each a size and a step between its elements.
    pub(super) fn rearranged(mut self, axes: &[(usize, usize)]) -> Self {
        self.rearrange(axes);
        self
    }

    /// As [`rearranged`](Self::rearranged), in its place.
    pub(super) fn rearrange(&mut self, axes: &[(usize, usize)]) {
        self.bytes = gather(&self.bytes, self.element.size(), axes);
        self.dims = axes.iter().map(|axis| axis.0).collect();
    }
}

/// The elements in the order in which the axes run through them, the last axis fastest.
fn gather(bytes: &[u8], size: usize, axes: &[(usize, usize)]) -> Vec<u8> {
    let mut gathered = Vec::with_capacity(bytes.len());
    let Some((&(count, step), outer)) = axes.split_last() else { return bytes.to_vec() };
    if axes.iter().any(|axis| axis.0 == 0 || axis.1 == 0) || size == 0 {
        return gathered;
    }
    let mut counters = vec![0; outer.len()];
    let mut at = 0_usize;
    loop {
        let line = bytes.get(at.saturating_mul(size)..).unwrap_or_default();
        match size {
            1 => gathered.extend(line.iter().step_by(step).take(count)),
            _ => gathered.extend(line.chunks_exact(size).step_by(step).take(count).flatten()),
        }
        let mut carried = true;
        for (counter, &(dim, step)) in counters.iter_mut().zip(outer).rev() {
            *counter += 1;
            at += step;
            if *counter < dim {
                carried = false;
                break;
            }
            *counter = 0;
            at -= step * dim;
        }
        if carried {
            return gathered;
        }
    }
}

fn number(element: Element, bytes: &[u8]) -> Option<Number> {
    let add = |value: u64, &byte: &u8| (value << 8) | u64::from(byte);
    let bits = || match element.big {
        true => bytes.iter().fold(0, add),
        false => bytes.iter().rev().fold(0, add),
    };
    Some(match element.kind {
        Type::Bool => Number::Whole(i128::from(bits() != 0)),
        Type::Unsigned(_) => Number::Whole(bits().into()),
        Type::Signed(size) => {
            let shift = 64_u32.saturating_sub(8 * size as u32);
            Number::Whole((((bits() << shift) as i64) >> shift).into())
        }
        Type::Float(2) => Number::Float(half(bits() as u16)),
        Type::Float(4) => Number::Float(f32::from_bits(bits() as u32).into()),
        Type::Float(_) => Number::Float(f64::from_bits(bits())),
        Type::Wide(_) | Type::Narrow(_) => return None,
    })
}

/// The value of a float of 16 bits.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    sign * match exponent {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2_f64.powi(exponent - 25),
    }
}

/// A text without the zeros that NumPy fills it up with.
fn text(kind: Type, big: bool, bytes: &[u8]) -> Option<String> {
    let text = match kind {
        Type::Wide(_) => {
            let code = |four: &[u8]| {
                let four = *four.first_chunk()?;
                char::from_u32(if big {
                    u32::from_be_bytes(four)
                } else {
                    u32::from_le_bytes(four)
                })
            };
            bytes.chunks_exact(4).map(code).collect::<Option<String>>()?
        }
        _ => str::from_utf8(bytes).ok()?.to_owned(),
    };
    Some(text.trim_end_matches('\0').to_owned())
}
