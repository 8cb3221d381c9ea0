use super::fixtures::*;
use super::*;

fn read(files: &[(&str, &[u8])]) -> Result<Arrays, ArraysError> {
    from_mat(files, &ArrayOptions::default(), None)
}

#[test]
fn svhn_is_read() {
    for svhn in [SVHN, SVHN_PLAIN] {
        let bytes = fixture(svhn);
        let files = [("train_32x32.mat", &bytes[..]), ("test_32x32.mat", &bytes[..])];
        let arrays = read(&files).expect("SVHN");
        assert_eq!(arrays.classes, ["0", "1", "2", "9"]);
        assert_eq!(arrays.train.labels, [0, 1, 3, 2]);
        let (shape, values) = pixels(&arrays.train);
        assert_eq!((shape, values.len()), ([3, 32, 32], 4 * 3072));
        assert_eq!((values[32 + 2], values[3072 + 1024], values[4 * 3072 - 1]), (7, 8, 9));
        assert_eq!(values.iter().filter(|value| **value > 0).count(), 3);
        noted(&arrays, "the label 10 means the digit 0 (SVHN)");
        noted(&arrays, "the last dimension counts the rows");
        assert_eq!(arrays.test, Some(arrays.train));
    }
}

#[test]
fn emnist_is_read() {
    let arrays = read(&[("emnist-letters.mat", &fixture(EMNIST))]).expect("EMNIST");
    assert_eq!(arrays.classes, ["A/a", "B/b", "C/c"]);
    assert_eq!((&arrays.train.labels[..], pixels(&arrays.train).0), (&[0, 1, 2][..], [1, 28, 28]));
    let (_, values) = pixels(&arrays.train);
    assert_eq!(values.iter().position(|value| *value == 200), Some(2 * 28 + 5));
    let groups: Vec<_> = arrays.train.groups.iter().flatten().flatten().collect();
    assert_eq!(groups, ["500", "501", "500"]);
    assert_eq!(arrays.test.as_ref().map(|part| part.labels.clone()), Some(vec![1]));
    noted(&arrays, "turned upright");
    noted(&arrays, "labels 1 to 3 became classes 0 to 2");
}

/// A matrix of doubles in big-endian order, as MATLAB on a Sun wrote it.
fn sun(name: &str, dims: [u32; 2], values: &[f64]) -> Vec<u8> {
    let element = |kind: u32, bytes: Vec<u8>| {
        let mut all = [kind.to_be_bytes(), (bytes.len() as u32).to_be_bytes()].concat();
        all.extend(&bytes);
        all.resize(all.len().next_multiple_of(8), 0);
        all
    };
    let content = [
        element(6, [6_u32, 0].map(u32::to_be_bytes).concat()),
        element(5, dims.map(u32::to_be_bytes).concat()),
        element(1, name.as_bytes().to_vec()),
        element(9, values.iter().flat_map(|value| value.to_be_bytes()).collect()),
    ];
    element(14, content.concat())
}

fn sun_file(variables: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"MATLAB 5.0 MAT-file".to_vec();
    bytes.resize(124, b' ');
    bytes.extend([1, 0, b'M', b'I']);
    bytes.extend(variables.concat());
    bytes
}

#[test]
fn big_endian_and_rows_last() {
    // Two columns, three rows, laid down column by column: rows are last.
    let x = sun("data", [2, 3], &[-1.0, 0.0, 0.0, 2.0, 1.0, 4.0]);
    let bytes = sun_file(&[x.clone(), sun("label", [1, 3], &[0.0, 1.0, 0.0])]);
    let arrays = read(&[("mnist.mat", &bytes)]).expect("a file of a Sun");
    let (names, values) = features(&arrays.train);
    assert_eq!((names, values[0], values[2]), (vec!["0", "1"], -values[4], 0.0));
    let short = sun_file(&[x[..x.len() - 8].to_vec()]);
    refused(read(&[("mnist.mat", &short)]), "the file is not complete");
    let wrong = sun_file(&[sun("data", [2, 4], &[0.0; 6])]);
    refused(
        read(&[("mnist.mat", &wrong)]),
        "`data` has dimensions [2, 4], but 48 bytes of numbers",
    );
    let wrong = sun_file(&[sun("data", [u32::MAX, u32::MAX], &[0.0; 6])]);
    refused(read(&[("mnist.mat", &wrong)]), "`data` has dimensions");
}

#[test]
fn cells_are_refused_by_name() {
    refused(read(&[("a.mat", &fixture(CELLS))]), "a.mat: `y` is a cell array; a numeric matrix");
}
