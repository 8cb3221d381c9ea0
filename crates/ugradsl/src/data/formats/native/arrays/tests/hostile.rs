use proptest::prelude::*;

use super::fixtures::*;
use super::*;

#[test]
fn hostile_headers_are_refused() {
    let huge = 1 << 62;
    let with = |x: Vec<u8>| pair(x, u1(&[1], &[0]));
    refused(with(u1(&[huge, huge], &[0; 4])), "do not fit into memory");
    refused(with(u1(&[1 << 40, 1], &[0; 4])), "but only 4 follow: the file is not complete");
    refused(with(u1(&[1, 1, 1], &[0; 2])), "but the file goes on after them");
    refused(with(npy("<U999999999999", &[1], &[0; 4])), "the elements are \"<U999999999999\"");
    refused(with(b"\x93NUMPY\x09\0".to_vec()), "version 9.0 of the npy format is not known");
    refused(with(b"\x93NUMPY\x01\0\xff\xff".to_vec()), "at most 4096 make sense");
}

fn try_all(bytes: &[u8]) {
    let options = ArrayOptions { layout: Some(Layout::Hwc), meaning: None };
    for name in ["x.npz", "train.npy", "x_train.npy", "y.npy"] {
        let _ = from_numpy(&[(name, bytes)], &options, None);
    }
    let _ = from_mat(&[("train_32x32.mat", bytes)], &options, None);
    let _ = from_cifar_python(&[("train", bytes), ("meta", bytes)], &options, None);
    let _ = what_is(bytes).map(|kind| kind.to_string());
}

const WHOLE: [&str; 12] =
    [HALF_FORTRAN, OBJECTS, STRUCTURED, CSR, CSC, COO, SVHN, EMNIST, CELLS, CIFAR_4, META, EVIL];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
        try_all(&bytes);
        for start in [&b"\x80\x02}"[..], b"\x93NUMPY\x01\0\x46\0", b"PK\x03\x04", b"\x1f\x8b\x08\0", b"\x08\x07"] {
            try_all(&[start, &bytes].concat());
        }
        let mut mat = vec![b' '; 124];
        mat.extend([0, 1, b'I', b'M']);
        try_all(&[mat, vec![14, 0, 0, 0, bytes.len() as u8, 0, 0, 0], bytes.clone()].concat());
        let _ = pair(bytes.clone(), bytes);
    }

    #[test]
    fn damaged_files_never_panic(at: prop::sample::Index, value: u8, which: prop::sample::Index, cut: bool) {
        let mut bytes = fixture(WHOLE[which.index(WHOLE.len())]);
        let at = at.index(bytes.len());
        bytes[at] = value;
        try_all(if cut { &bytes[..at] } else { &bytes });
    }

    #[test]
    fn damaged_arrays_never_panic(descr in "[<>|][biufSUOc][0-9]{1,2}", dims in prop::collection::vec(0_usize..5, 0..5), bytes: Vec<u8>, fortran: bool) {
        let order = if fortran { "True" } else { "False" };
        let x = npy_in_order(&descr, order, &dims, &bytes);
        let rows = dims.first().copied().unwrap_or(0);
        let _ = pair(x.clone(), u1(&[rows], &vec![0; rows]));
        let _ = pair(u1(&[rows, 1, 1], &vec![0; rows]), x);
    }

    #[test]
    fn steps_of_pickles_never_panic(steps in prop::collection::vec(prop::sample::select(&b"}](tueasbRN\x85\x86\x87\x88\x93\x94K\x01qhU.cq\n"[..]), 0..40)) {
        try_all(&[b"\x80\x02", &steps[..]].concat());
    }
}
