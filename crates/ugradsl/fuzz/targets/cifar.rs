//! The binary files of CIFAR-10 and CIFAR-100.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ugradsl::data::formats::{CifarKind, cifar};

fuzz_target!(|bytes: &[u8]| {
    let _ = (cifar::parse(bytes, CifarKind::Cifar10), cifar::parse(bytes, CifarKind::Cifar100));
});
