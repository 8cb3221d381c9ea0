//! Data sets that are larger than a buffer of the device.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::num::NonZeroUsize;

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

#[test]
#[ignore = "needs the original sets: UGRADSL_DATA"]
fn all_of_cifar10_trains_on_a_device_with_small_buffers() {
    let Ok(gpu) = block_on(Device::open(DeviceChoice::Gpu)) else {
        eprintln!("skipped: no adapter");
        return;
    };
    let root = std::env::var("UGRADSL_DATA").expect("UGRADSL_DATA names a folder");
    let data = data::open("cifar10", &OpenOptions::new().root(root)).unwrap();
    assert_eq!(data.train.len(), 50_000);
    eprintln!("{} pieces", ResidentSet::pieces(&data.train, &gpu));
    let (ours, expected) = (losses(&data, &gpu), losses(&data, &Device::cpu()));
    for (found, expected) in ours.iter().zip(&expected) {
        assert!((found - expected).abs() < 1e-3, "{ours:?} {expected:?}");
    }
}
