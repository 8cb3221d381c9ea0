//! Rows on a device in as many tensors as its buffers ask for.

use burn::tensor::{DType, Device, Element, Int, Tensor, TensorData, kind::Basic};

/// Rows of a matrix in one tensor, or in several of which each is small enough for a buffer.
#[derive(Debug, Clone)]
pub(super) struct Pieces<K: Basic> {
    tensors: Vec<Tensor<2, K>>,
    /// Rows of each tensor but the last, which may have fewer.
    rows: usize,
}

/// Where asked rows are: for each piece the rows to take, and for each asked row its place among
/// all that are taken, piece after piece.
#[derive(Debug, PartialEq, Eq)]
struct Places {
    of_pieces: Vec<Vec<i32>>,
    order: Vec<i32>,
}

impl<K: Basic> Pieces<K> {
    /// Sends `values`, `width` for each row, in pieces of at most `most` rows.
    pub(super) fn new<E: Element>(
        values: Vec<E>,
        width: usize,
        most: usize,
        (device, dtype): (&Device, DType),
    ) -> Self {
        let count = values.len() / width.max(1);
        let tensor = |values: Vec<E>| {
            let rows = values.len() / width.max(1);
            Tensor::from_data(TensorData::new(values, [rows, width]), (device, dtype))
        };
        let rows = most.min(count).max(1);
        let tensors = match count > rows {
            false => vec![tensor(values)],
            true => values.chunks(rows * width).map(|piece| tensor(piece.to_vec())).collect(),
        };
        Self { tensors, rows }
    }

    /// The given rows, which must exist, in the given order. `index` has the same rows on the
    /// device.
    pub(super) fn pick(&self, rows: &[u32], index: &Tensor<1, Int>) -> Tensor<2, K> {
        if let [only] = self.tensors.as_slice() {
            return only.clone().select(0, index.clone());
        }
        let device = index.device();
        let index = |rows: Vec<i32>| {
            let count = rows.len();
            Tensor::<1, Int>::from_data(TensorData::new(rows, [count]), (&device, DType::I32))
        };
        let Places { of_pieces, order } = places(rows, self.rows, self.tensors.len());
        let asked = self.tensors.iter().zip(of_pieces).filter(|(_, rows)| !rows.is_empty());
        let taken = asked.map(|(tensor, rows)| tensor.clone().select(0, index(rows))).collect();
        Tensor::cat(taken, 0).select(0, index(order))
    }
}

/// Where `rows` are among `count` pieces of `size` rows.
fn places(rows: &[u32], size: usize, count: usize) -> Places {
    let mut of_pieces = vec![Vec::new(); count];
    let mut found = Vec::with_capacity(rows.len());
    for &row in rows {
        let (piece, within) = (row as usize / size, row as usize % size);
        found.push((piece, of_pieces[piece].len()));
        of_pieces[piece].push(within as i32);
    }
    let before: Vec<usize> = of_pieces
        .iter()
        .scan(0, |total, rows| Some(std::mem::replace(total, *total + rows.len())))
        .collect();
    let order = found.into_iter().map(|(piece, at)| (before[piece] + at) as i32).collect();
    Places { of_pieces, order }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Float;

    use super::*;

    #[test]
    fn rows_keep_their_order_across_pieces() {
        let places = places(&[5, 0, 4, 6, 5], 2, 4);
        let of_pieces = vec![vec![0], vec![], vec![1, 0, 1], vec![0]];
        assert_eq!(places, Places { of_pieces, order: vec![1, 0, 2, 4, 3] });
    }

    #[test]
    fn pieces_give_what_one_tensor_gives() {
        let device = Device::default();
        let values: Vec<f32> = (0..21).map(|value| value as f32).collect();
        let rows = [6, 0, 3, 3, 5];
        let index = TensorData::new(rows.map(|row| row as i32).to_vec(), [rows.len()]);
        let index = Tensor::<1, Int>::from_data(index, (&device, DType::I32));
        let pick = |most| {
            let pieces: Pieces<Float> = Pieces::new(values.clone(), 3, most, (&device, DType::F32));
            let found = pieces.pick(&rows, &index).into_data().try_to_vec::<f32>();
            (pieces.tensors.len(), found.expect("floats"))
        };
        let (one, expected) = pick(100);
        assert_eq!(one, 1);
        for (most, count) in [(1, 7), (2, 4), (3, 3), (6, 2), (7, 1)] {
            let (pieces, found) = pick(most);
            assert_eq!((pieces, found), (count, expected.clone()), "{most} rows each");
        }
    }
}
