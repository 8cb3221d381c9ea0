use proptest::prelude::*;

use super::*;

/// A file as NumPy writes it, whether header and content match or not.
pub(crate) fn file(descr: &str, dims: &[u64], content: &[u8]) -> Vec<u8> {
    let dims: String = dims.iter().map(|dim| format!("{dim}, ")).collect();
    let text = format!(
        "{{'descr': '{descr}', 'fortran_order': False, 'shape': ({}), }}\n",
        dims.trim_end()
    );
    with_header(&text, content)
}

fn with_header(text: &str, content: &[u8]) -> Vec<u8> {
    let length = (text.len() as u16).to_le_bytes();
    [MAGIC, &[1, 0], &length, text.as_bytes(), content].concat()
}

fn labels_of(labels: &[u8]) -> Vec<u8> {
    file("|u1", &[labels.len() as u64], labels)
}

fn one(images: &[u8]) -> Result<ImageSet, NpyError> {
    parse_pair(images, &labels_of(&[5]))
}

/// `numpy.save(f, numpy.array([[[1, 2], [3, 4]]], 'u1'))`, byte for byte (NumPy 2).
#[test]
fn a_file_of_numpy_is_read() {
    let mut text = "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 2), }".to_owned();
    text += &" ".repeat(128 - 10 - text.len() - 1);
    text += "\n";
    let set = one(&with_header(&text, &[1, 2, 3, 4])).expect("an array");
    assert_eq!((set.shape(), set.pixels(), set.labels()), ([1, 2, 2], &[1, 2, 3, 4][..], &[5][..]));
}

#[test]
fn the_channels_are_found_or_asked_for() {
    let pixels: Vec<u8> = (0..12).collect();
    let planes = [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11];
    let set = one(&file("|u1", &[1, 2, 2, 3], &pixels)).expect("channels last");
    assert_eq!((set.shape(), set.pixels()), ([3, 2, 2], &planes[..]));
    let set = one(&file("|u1", &[1, 3, 2, 2], &pixels)).expect("channels first");
    assert_eq!((set.shape(), set.pixels()), ([3, 2, 2], &pixels[..]));
    let set = one(&file("|u1", &[1, 4, 3, 1], &pixels)).expect("one channel, last");
    assert_eq!((set.shape(), set.pixels()), ([1, 4, 3], &pixels[..]));
    for dims in [[1, 3, 4, 1], [1, 1, 4, 3], [1, 3, 4, 3], [1, 1, 12, 1]] {
        let content = vec![0; dims.iter().product::<u64>() as usize];
        let error = one(&file("|u1", &dims, &content)).expect_err("two ways").to_string();
        assert!(
            error.contains("the channels could be the second dimension or the last"),
            "{error}"
        );
    }
    let error = one(&file("|u1", &[1, 2, 2, 2], &[0; 8])).expect_err("two channels").to_string();
    assert!(
        error.starts_with("the array has shape [1, 2, 2, 2]; images are [n, height, width], "),
        "{error}"
    );
}

#[test]
fn elements_of_every_kind_are_read() {
    let floats = [0.0_f32, 1.0, 0.5, 0.2];
    let cases: [(&str, Vec<u8>); 4] = [
        ("<f4", floats.iter().flat_map(|x| x.to_le_bytes()).collect()),
        (">f4", floats.iter().flat_map(|x| x.to_be_bytes()).collect()),
        ("<f8", floats.iter().flat_map(|&x| f64::from(x).to_le_bytes()).collect()),
        (">f8", floats.iter().flat_map(|&x| f64::from(x).to_be_bytes()).collect()),
    ];
    for (descr, content) in cases {
        let set = one(&file(descr, &[1, 2, 2], &content)).expect(descr);
        assert_eq!(set.pixels(), [0, 255, 128, 51], "{descr}");
    }
    let numbers = [0_i64, 1, 258, 40_000];
    let rows = |descr: &str, bytes: Vec<u8>| parse_rows(&file(descr, &[4], &bytes));
    let cases: [(&str, Vec<u8>); 6] = [
        ("<i8", numbers.iter().flat_map(|x| x.to_le_bytes()).collect()),
        (">i8", numbers.iter().flat_map(|x| x.to_be_bytes()).collect()),
        ("<u4", numbers.iter().flat_map(|&x| (x as u32).to_le_bytes()).collect()),
        (">i4", numbers.iter().flat_map(|&x| (x as i32).to_be_bytes()).collect()),
        ("<u2", numbers.iter().flat_map(|&x| (x as u16).to_le_bytes()).collect()),
        (">u2", numbers.iter().flat_map(|&x| (x as u16).to_be_bytes()).collect()),
    ];
    for (descr, bytes) in cases {
        assert_eq!(rows(descr, bytes).expect(descr), [0, 1, 258, 40_000], "{descr}");
    }
    assert_eq!(rows("|i1", vec![0, 1, 2, 127]).expect("bytes"), [0, 1, 2, 127]);
}

#[test]
fn refuses_hostile_arrays() {
    let max = u64::MAX;
    let header = |text: &str| with_header(text, &[]);
    let mut later = labels_of(&[1]);
    later[6] = 9;
    let mut long = labels_of(&[1]);
    long[6] = 2;
    long[8..12].copy_from_slice(&[0xff; 4]);
    let form = "the npy header is not of the form";
    let cases: [(Vec<u8>, &str); 25] = [
        (vec![], "the npy header needs 8 bytes, but the file ends after 0"),
        (b"\x93NUMPY\x01\0\x76".to_vec(), "needs 10 bytes, but the file ends after 9"),
        (b"PK\x03\x04 a zip file".to_vec(), "not an npy file: it does not begin with \\x93NUMPY"),
        (later, "version 9.0 of the npy format is not known"),
        (long, "claims 4294967295 bytes of text, but at most 4096 make sense"),
        (labels_of(&[1])[..40].to_vec(), "bytes, but the file ends after 40"),
        (header(""), form),
        (header("{}"), form),
        (header("{'descr': '|u1', 'fortran_order': False, }"), form),
        (header("{'descr': '|u1', 'fortran_order': 0, 'shape': (1,)}"), form),
        (header("{'descr': '|u1', 'fortran_order': False, 'shape': (-1, 2)}"), form),
        (
            header("{'descr': '|u1', 'fortran_order': False, 'shape': (1, 99999999999999999999)}"),
            form,
        ),
        (header("{'descr': [('a', '|u1')], 'fortran_order': False, 'shape': (1,)}"), form),
        (header("{'descr': '|u1', 'shape': (1,), 'shape': (2,), 'fortran_order': False}"), form),
        (header("{'descr': '|u1', 'fortran_order': False, 'shape': (1,)} import os"), form),
        (
            header("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2, 2)}"),
            "in Fortran order: save numpy.ascontiguousarray(array)",
        ),
        (
            file("|O", &[1, 1, 1], &[0; 8]),
            "the elements are \"|O\"; u8, f32, f64 and integers can be",
        ),
        (file("<f2", &[1, 1, 1], &[0; 2]), "the elements are \"<f2\""),
        (file("<i8", &[1, 1, 1], &[0; 8]), "the elements are \"<i8\"; images are u8, f32 or f64"),
        (file("|u1", &[1, 0, 1], &[]), "the array has shape [1, 0, 1]: its images have no pixels"),
        (
            file("|u1", &[4, 4], &[0; 16]),
            "the array has shape [4, 4]; images are [n, height, width]",
        ),
        (file("<f8", &[max, max, 2], &[0; 9]), "with 8 bytes per element do not fit into memory"),
        (file("|u1", &[0, max, max], &[]), "with 1 bytes per element do not fit into memory"),
        (
            file("|u1", &[1 << 40, 1, 1], &[0; 4]),
            "promises 1099511627776 bytes of elements, but only 4",
        ),
        (file("|u1", &[1, 2, 2], &[0; 5]), "bytes in all, but the file goes on after them"),
    ];
    for (bytes, message) in cases {
        let error = one(&bytes).expect_err(message).to_string();
        assert!(error.contains(message), "{error}\nexpected {message}");
    }
}

#[test]
fn refuses_labels_and_pixels_out_of_range() {
    let image = file("|u1", &[2, 1, 1], &[0, 0]);
    let cases = [
        (
            file("<i4", &[2], &[0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]),
            "element 1 is -1, which is not between",
        ),
        (
            file("<u4", &[2], &[0, 0, 1, 0, 0, 0, 0, 0]),
            "element 0 is 65536, which is not between 0 and 65535",
        ),
        (file("<u8", &[2], &[0xff; 16]), "element 0 is 18446744073709551615"),
        (
            file("<f4", &[2], &[0; 8]),
            "the elements are \"<f4\"; labels and row numbers are integers",
        ),
        (
            file("|u1", &[2, 1], &[0; 2]),
            "the array has shape [2, 1]; labels and row numbers are [n]",
        ),
        (labels_of(&[1, 2, 3]), "2 images, but 3 labels"),
    ];
    for (labels, message) in cases {
        let error = parse_pair(&image, &labels).expect_err(message).to_string();
        assert!(error.contains(message), "{error}\nexpected {message}");
    }
    for value in [f64::NAN, f64::INFINITY, -0.001, 1.000_000_01, 255.0] {
        let content = [0.0, 0.5, 1.0, value].map(f64::to_le_bytes).concat();
        let error = one(&file("<f8", &[2, 1, 2], &content)).expect_err("out of range").to_string();
        let message = format!("pixel 1 of row 1 is {value}, which is not between 0 and 1");
        assert!(error.starts_with(&message), "{error}");
    }
}

#[test]
fn the_file_is_in_every_error() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let [images, labels] = ["x.npy", "y.npy"].map(|name| dir.path().join(name));
    std::fs::write(&images, file("|u1", &[1, 1, 1], &[3])).expect("written");
    std::fs::write(&labels, labels_of(&[1, 2])).expect("written");
    let error = read_pair(&images, &labels).expect_err("two labels").to_string();
    assert_eq!(error, format!("{}: 1 images, but 2 labels", images.display()));
    std::fs::write(&labels, "text").expect("written");
    let error = read_pair(&images, &labels).expect_err("text").to_string();
    assert!(error.starts_with(&format!("{}: the npy header needs", labels.display())), "{error}");
    let error = read_pair(&images, dir.path()).expect_err("a directory").to_string();
    assert!(error.contains(&dir.path().display().to_string()), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(
        bytes: Vec<u8>,
        text in "[{}()'\"a-z_:, 0-9|<>fFT]{0,80}",
        descr in prop::sample::select(vec!["|u1", "<f4", ">f8", "<i8", "|i1", "|O", "", "é4"]),
        dims in prop::collection::vec(prop_oneof![0_u64..4, any::<u64>()], 0..6),
    ) {
        let framed = [MAGIC, &[1, 0], &bytes].concat();
        let [header, array] = [with_header(&text, &bytes), file(descr, &dims, &bytes)];
        for bytes in [bytes, framed, header, array] {
            let _ = one(&bytes);
            let _ = parse_rows(&bytes);
        }
    }

    #[test]
    fn what_is_written_is_read(
        rows in 1_u64..5, height in 4_u64..7, width in 4_u64..7, color: bool, last: bool,
    ) {
        let channels = if color { 3 } else { 1 };
        let at = |row, channel, line, column| (((row * 3 + channel) * 7 + line) * 7 + column) as u8;
        let dims = match last {
            true => [rows, height, width, channels],
            false => [rows, channels, height, width],
        };
        let (mut stored, mut expected) = (Vec::new(), Vec::new());
        for row in 0..rows {
            for a in 0..dims[1] {
                for b in 0..dims[2] {
                    for c in 0..dims[3] {
                        stored.push(if last { at(row, c, a, b) } else { at(row, a, b, c) });
                    }
                }
            }
            for channel in 0..channels {
                for line in 0..height {
                    expected.extend((0..width).map(|column| at(row, channel, line, column)));
                }
            }
        }
        let labels: Vec<u8> = (0..rows as u8).collect();
        let set = parse_pair(&file("|u1", &dims, &stored), &labels_of(&labels)).expect("valid");
        prop_assert_eq!(set.shape(), [channels, height, width].map(|dim| dim as usize));
        prop_assert_eq!(set.pixels(), &expected);
    }
}
