//! Data sets that are larger than a buffer of the device.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::{fs, num::NonZeroUsize, path::Path};

use pollster::block_on;
use ugradsl::{
    burn::module::Module,
    data::{self, OpenOptions, ResidentSet, Split},
    device::{Device, DeviceChoice},
    models::{Architecture, ModelSpec},
    run::{Event, Run, RunSpec},
    train::{Objective, Plan, Sampling},
};

/// Losses of the first steps of LeNet on all images.
fn losses(data: &data::Dataset, device: &Device) -> Vec<f64> {
    let spec = ModelSpec::fitting(Architecture::LeNet, data).unwrap();
    let network = spec.init(3, device).unwrap().train();
    let train = ResidentSet::try_new(&data.train, &data.normalisation, device).unwrap();
    let plan = Plan::new(Sampling::Retain, Objective::descent()).with_batch_size(32);
    let run = RunSpec::new("training", plan);
    let split = Split::everything(data);
    let mut run = block_on(Run::new(run, network, device, &train, &split, None)).unwrap();
    run.set_read_every(NonZeroUsize::new(1));
    let mut losses = Vec::new();
    while losses.len() < 3 {
        if let Event::Step { retain_loss, .. } = block_on(run.next()).unwrap().unwrap() {
            losses.push(retain_loss.unwrap());
        }
    }
    losses
}

/// Bytes of a record of CIFAR-10: a label and three planes of pixels.
const RECORD: usize = 1 + 3 * 32 * 32;

/// Writes a set as large as CIFAR-10, in its layout: pixels are noise around a shade of the label.
fn write_cifar10(folder: &Path) {
    let mut state = 1_u32;
    let mut records = |file: &str, rows: usize| {
        let mut bytes = Vec::with_capacity(rows * RECORD);
        for row in 0..rows {
            let label = (row % 10) as u8;
            bytes.push(label);
            bytes.extend((1..RECORD).map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                20 * label + (state >> 26) as u8
            }));
        }
        fs::write(folder.join(file), bytes).unwrap();
    };
    for batch in 1..=5 {
        records(&format!("data_batch_{batch}.bin"), 10_000);
    }
    records("test_batch.bin", 10_000);
}

#[test]
fn a_set_as_large_as_cifar10_trains_on_a_device_with_small_buffers() {
    let Ok(gpu) = block_on(Device::open(DeviceChoice::Gpu)) else {
        eprintln!("skipped: no adapter");
        return;
    };
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("cifar-10-batches-bin");
    fs::create_dir(&folder).unwrap();
    write_cifar10(&folder);
    let data = data::open("cifar10", &OpenOptions::new().root(root.path())).unwrap();
    assert_eq!(data.train.len(), 50_000);
    let pieces = ResidentSet::pieces(&data.train, &gpu);
    eprintln!("{pieces} pieces");
    let (ours, expected) = (losses(&data, &gpu), losses(&data, &Device::cpu()));
    for (found, expected) in ours.iter().zip(&expected) {
        assert!((found - expected).abs() < 1e-3, "{ours:?} {expected:?}");
    }
}
