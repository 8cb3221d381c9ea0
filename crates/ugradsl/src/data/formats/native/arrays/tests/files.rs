use super::fixtures::*;
use super::*;

fn with(x: Vec<u8>, rows: usize) -> Result<Arrays, ArraysError> {
    pair(x, u1(&[rows], &vec![0; rows]))
}

#[test]
fn files_of_numpy_are_read() {
    let arrays = one(&fixture(HALF_FORTRAN)).expect("a file of NumPy");
    let expected: Vec<u8> = (0..24).map(|i| (f64::from(i) / 32.0 * 255.0).round() as u8).collect();
    assert_eq!(pixels(&arrays.train), ([1, 3, 4], &expected[..]));
    assert_eq!((arrays.classes.join(" "), arrays.train.labels), ("cat dög".into(), vec![1, 0]));
    refused(
        one(&fixture(OBJECTS)),
        "array `x` of set.npz: the array holds Python objects (allow_pickle)",
    );
    let structured = fixture(STRUCTURED);
    refused(
        from_numpy(&[("x.npy", &structured)], &ArrayOptions::default(), None),
        "x.npy: the elements have several fields",
    );
    refused(with(npy("<c8", &[1, 1, 1], &[0; 8]), 1), "the elements are \"<c8\"; numbers");
    let fortran = npy_in_order("|u1", "True", &[2, 1, 3], &[0, 3, 1, 4, 2, 5]);
    assert_eq!(pixels(&with(fortran, 2).expect("columns").train).1, [0, 1, 2, 3, 4, 5]);
}

#[test]
fn sparse_matrices_are_made_dense() {
    let y = u1(&[3], &[0, 1, 0]);
    let mut read = Vec::new();
    for sparse in [CSR, CSC, COO] {
        let sparse = fixture(sparse);
        let files = [("X_train.npz", &sparse[..]), ("y_train.npy", &y[..])];
        let arrays = from_numpy(&files, &ArrayOptions::default(), None).expect("a sparse matrix");
        read.push(features(&arrays.train).1.to_vec());
    }
    let dense = with(f4(&[3, 3], &[0.0, 2.5, 0.0, 1.0, 0.0, -1.0, 0.0, 0.0, 4.0]), 3);
    assert_eq!(read, vec![features(&dense.expect("dense").train).1.to_vec(); 3]);
}

#[test]
fn damaged_sparse_matrices_are_refused() {
    let set = |format: &[u8], shape: [u8; 2], indptr: &[u8], indices: &[u8]| {
        let sparse = npz(&[
            ("format", npy(&format!("|S{}", format.len()), &[], format)),
            (
                "shape",
                npy(
                    "<u4",
                    &[2],
                    &shape
                        .map(|s| if s == 255 { 1 << 31 } else { u32::from(s) })
                        .map(u32::to_le_bytes)
                        .concat(),
                ),
            ),
            ("data", u1(&[indices.len()], &vec![1; indices.len()])),
            ("indptr", u1(&[indptr.len()], indptr)),
            ("indices", u1(&[indices.len()], indices)),
        ]);
        from_numpy(&[("x.npz", &sparse)], &ArrayOptions::default(), None)
    };
    refused(set(b"bsr", [2, 2], &[0, 1, 2], &[0, 1]), "stored as \"bsr\"; save `x.tocsr()`");
    refused(
        set(b"csr", [255, 255], &[0, 1, 2], &[0, 1]),
        "2147483648 x 2147483648 values are more than",
    );
    refused(set(b"csr", [2, 2], &[0, 1], &[0, 1]), "indptr does not fit the shape");
    refused(set(b"csr", [2, 2], &[0, 2, 1], &[0, 1]), "indptr does not ascend");
    refused(set(b"csr", [2, 2], &[0, 1, 9], &[0, 1]), "indptr does not ascend");
    refused(set(b"csr", [2, 2], &[0, 1, 2], &[0, 7]), "an index is outside of the shape");
    refused(set(b"coo", [2, 2], &[0, 1, 2], &[0, 1]), "an array is missing");
}
