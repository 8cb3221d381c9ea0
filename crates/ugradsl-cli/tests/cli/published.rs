//! A published network, checked against its published accuracy.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use ugradsl::data::{self, Normalisation};

use super::{json, run, stderr};

/// Bytes of a record: a label and three planes of pixels.
const RECORD: usize = 1 + 3 * 32 * 32;

/// The folder `UGRADSL_DATA`: CIFAR-10 as lossless strips of pictures, and the network.
fn originals() -> PathBuf {
    std::env::var_os("UGRADSL_DATA").expect("UGRADSL_DATA names their directory").into()
}

/// Writes a split in the official layout.
fn unpack(split: &str, to: &[PathBuf]) {
    let folder = originals().join("cifar10");
    let labels = fs::read(folder.join(format!("{split}_labels.bin"))).expect("labels");
    let mut records = Vec::with_capacity(labels.len() * RECORD);
    let strips = (0..).map(|strip| folder.join(format!("{split}_{strip:03}.webp")));
    for strip in strips.take_while(|strip| strip.exists()) {
        let pixels = image::open(&strip).expect("a strip").into_rgb8().into_raw();
        for image in pixels.chunks_exact(RECORD - 1) {
            records.push(labels[records.len() / RECORD]);
            for channel in 0..3 {
                records.extend(image.iter().skip(channel).step_by(3));
            }
        }
    }
    assert_eq!(records.len(), labels.len() * RECORD, "{split}: a strip is missing");
    for (file, part) in to.iter().zip(records.chunks(records.len() / to.len())) {
        fs::write(file, part).expect("written");
    }
}

#[test]
#[ignore = "needs cifar10/ and models/: UGRADSL_DATA"]
fn cifar10_has_the_moments_that_are_quoted_and_a_published_network_its_score() {
    let data = tempfile::tempdir().expect("a folder");
    let folder = data.path().join("cifar-10-batches-bin");
    fs::create_dir(&folder).expect("a folder");
    let batches: Vec<_> = (1..=5).map(|n| folder.join(format!("data_batch_{n}.bin"))).collect();
    unpack("train", &batches);
    unpack("test", &[folder.join("test_batch.bin")]);

    let set = data::open("cifar10", &data::OpenOptions::new().root(data.path())).expect("cifar10");
    assert_eq!((set.train.len(), set.test.len()), (50_000, 10_000));
    let (found, quoted) =
        (Normalisation::measure(set.train.images().expect("images")), set.normalisation);
    for (found, quoted) in [(found.mean, quoted.mean), (found.std, quoted.std)] {
        for (found, quoted) in found.iter().zip(&quoted) {
            assert!((found - quoted).abs() <= 1e-4, "{found}, quoted {quoted}");
        }
    }

    let text = |path: &Path| path.to_str().expect("UTF-8 path").to_owned();
    // `None` if there is no such device.
    let accuracy = |weights: &str, more: &[&str]| {
        let weights = originals().join("models").join(weights);
        let fixed = [
            "evaluate",
            "--json",
            "--data=cifar10",
            "--data-root",
            &text(data.path()),
            "--model",
            &text(&weights),
            "--architecture=resnet20",
            "--normalisation=0.485,0.456,0.406/0.229,0.224,0.225",
            "--forget=random:10%",
            // The retain set is measured too; a few rows of it are enough here.
            "--limit-train=200",
            // The published score is that on all test images.
            "--validation=0",
        ];
        let output = run(&[&fixed[..], more].concat());
        // A device that fails its self-test gives the same code, and must not count as missing.
        if output.status.code() == Some(4) && stderr(&output).contains("no usable GPU") {
            return None;
        }
        assert!(output.status.success(), "{}", stderr(&output));
        json(&output)["measures"]["ta"].as_f64()
    };
    assert_eq!(accuracy("resnet20-cifar10.th", &["--device=cpu"]), Some(91.73));
    let accuracy_on_part =
        |device| accuracy("resnet20-cifar10.safetensors", &[device, "--limit-test=200"]);
    let reference = accuracy_on_part("--device=cpu");
    assert!(reference.is_some_and(|ta| ta > 85.0), "{reference:?}");
    match accuracy_on_part("--device=gpu") {
        None => {
            let _ = writeln!(std::io::stderr(), "skipped on the GPU: no adapter");
        }
        gpu => assert_eq!(gpu, reference),
    }
}
