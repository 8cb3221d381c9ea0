//! Devices, and tensors of safetensors files.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use safetensors::{Dtype, SafeTensors};
use ugradsl::device::{Device, DeviceChoice};

/// The folder that an environment variable names. Without one, the test says that it is skipped.
pub(crate) fn folder(variable: &str, script: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable).filter(|folder| !folder.is_empty());
    if folder.is_none() {
        // Past the capture of the test harness: what is skipped must be seen.
        let text = format!("skipped: {variable} does not name the folder that {script} writes");
        let _ = writeln!(std::io::stderr(), "{text}");
    }
    folder.map(PathBuf::from)
}

/// The device that `UGRADSL_ONNX_DEVICE` names (`gpu`); the CPU by default.
pub(crate) fn device() -> Device {
    match std::env::var("UGRADSL_ONNX_DEVICE").as_deref() {
        Ok("gpu") => pollster::block_on(Device::open(DeviceChoice::Gpu)).expect("a GPU"),
        _ => Device::cpu(),
    }
}

/// Shape and values of a tensor.
pub(crate) fn tensor(file: &SafeTensors<'_>, name: &str) -> Option<(Vec<usize>, Vec<f64>)> {
    let view = file.tensor(name).ok()?;
    let data = view.data();
    let values = match view.dtype() {
        Dtype::F64 => data.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect(),
        Dtype::F32 => {
            data.as_chunks().0.iter().map(|bytes| f64::from(f32::from_le_bytes(*bytes))).collect()
        }
        Dtype::I64 => {
            data.as_chunks().0.iter().map(|bytes| i64::from_le_bytes(*bytes) as f64).collect()
        }
        other => panic!("{name} is {other:?}"),
    };
    Some((view.shape().to_vec(), values))
}

pub(crate) fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
