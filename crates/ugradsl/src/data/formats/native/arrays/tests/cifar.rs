use super::fixtures::*;
use super::*;

fn read(files: &[(&str, &[u8])]) -> Result<Arrays, ArraysError> {
    from_cifar_python(files, &ArrayOptions::default(), None)
}

const NAMES: [&str; 5] =
    ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"];

#[test]
fn batches_of_python_3_are_read() {
    for batch in [CIFAR_2, CIFAR_4] {
        let (batch, meta) = (fixture(batch), fixture(META));
        let mut files: Vec<(&str, &[u8])> = NAMES.map(|name| (name, &batch[..])).to_vec();
        files.extend([("test_batch", &batch[..]), ("batches.meta", &meta[..])]);
        let arrays = read(&files).expect("CIFAR-10");
        assert_eq!(arrays.classes, ["airplane", "automobile"]);
        assert_eq!(arrays.train.labels, [1, 0].repeat(5));
        let (shape, values) = pixels(&arrays.train);
        assert_eq!((shape, values.len()), ([3, 32, 32], 10 * 3072));
        assert_eq!((values[0], values[3072 + 1024], values[2 * 3072 - 1]), (255, 7, 9));
        assert_eq!(
            arrays.test.expect("a test part").ids,
            Some(vec!["a.png".into(), "b.png".into()])
        );
        noted(&read(&files[..6]).expect("no names"), "there is not a file `batches.meta`");
        refused(
            read(&files[1..3]),
            "files of CIFAR are missing: data_batch_1, data_batch_4, data_batch_5",
        );
    }
}

/// Step by step as Python 2 wrote the files that are handed out.
fn python_2() -> Vec<u8> {
    let mut bytes =
        b"\x80\x02}q\x01(U\tfilenamesq\x02]q\x03(U\x05a.pngq\x04U\x05b.pngq\x05e".to_vec();
    bytes.extend(b"U\x0bbatch_labelq\x06U\x04testq\x07U\x0bfine_labelsq\x08]q\x09(K\x01K\x00e");
    bytes.extend(b"U\x0dcoarse_labelsq\x0a]q\x0b(K\x05K\x06e");
    bytes
        .extend(b"U\x04dataq\x0ccnumpy.core.multiarray\n_reconstruct\nq\x0dcnumpy\nndarray\nq\x0e");
    bytes.extend(b"K\x00\x85U\x01b\x87Rq\x0f(K\x01K\x02M\x00\x0c\x86cnumpy\ndtype\nq\x10U\x02u1K\x00K\x01\x87R");
    bytes.extend(
        b"q\x11(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T\x00\x18\x00\x00",
    );
    bytes.extend((0..6144).map(|i| i as u8));
    bytes.extend(b"tbu.");
    bytes
}

#[test]
fn files_of_python_2_are_read() {
    let train = python_2();
    let arrays = read(&[("x/train", &train), ("x/readme", b"")]).expect("CIFAR-100");
    assert_eq!((&arrays.train.labels[..], arrays.test.is_none()), (&[1, 0][..], true));
    assert_eq!(pixels(&arrays.train).1[3070..3074], [254, 255, 0, 1]);
    noted(&arrays, "the fine labels are taken");
    refused(read(&[("train", &train[..1000])]), "the file is not complete");
}

#[test]
fn nothing_is_run() {
    refused(
        read(&[("train", &fixture(EVIL))]),
        "the pickle asks for `posix.system`, which is never run",
    );
    refused(read(&[("train", b"\x80\x02cos\nsystem\nU\x04trueR.")]), "asks for `os.system`");
    refused(read(&[("train", b"\x80\x02cbuiltins\neval\n.")]), "asks for `builtins.eval`");
    for steps in [&b"\x80\x02(Ios\n."[..], b"\x80\x02}\x81.", b"\x80\x02Pabc\n."] {
        refused(read(&[("train", steps)]), "the pickle uses the step");
    }
    for steps in [
        &b"\x80\x02."[..],
        b"\x80\x02a.",
        b"\x80\x02}(K\x01u.",
        b"\x80\x02h\x07.",
        b"\x80\x02]q\x00h\x00b.",
    ] {
        refused(read(&[("train", steps)]), "damaged at byte");
    }
    // NumPy writes arrays in another way in protocol 5.
    let batch = fixture(CIFAR_5);
    refused(read(&[("train", &batch)]), "numeric._frombuffer`, which is never run");
    // A list that contains itself, as data, labels and key.
    refused(read(&[("train", b"\x80\x02}]q\x00h\x00aU\x04datah\x00s.")]), "damaged");
    refused(
        read(&[("train", b"\x80\x02}U\x04data]q\x00h\x00as.")]),
        "the entry `data` is not an array",
    );
    refused(read(&[("train", &fixture(META))]), "the entry `data` is not an array of uint8");
}
