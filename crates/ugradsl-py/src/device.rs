//! Devices, opened and tested on first use.

use std::sync::{Mutex, PoisonError};

use pollster::block_on;
use pyo3::prelude::*;
use ugradsl::{
    device::{Device, DeviceChoice},
    self_test::self_test,
};

use crate::{
    error::{Failure, Result},
    process,
};

/// The device called `auto`, `cpu` or `gpu`. It has passed the self-test.
pub(crate) fn open(name: &str) -> Result<Device> {
    static TESTED: Mutex<Vec<(DeviceChoice, Device)>> = Mutex::new(Vec::new());
    process::enter()?;
    let choice: DeviceChoice = name.parse()?;
    let mut tested = TESTED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, device)) = tested.iter().find(|(known, _)| *known == choice) {
        return Ok(device.clone());
    }
    let device = block_on(Device::open(choice))?;
    let checks = block_on(self_test(&device)).into_iter().filter(|check| !check.passed);
    let failed: Vec<String> =
        checks.map(|check| format!("{} ({})", check.name, check.detail)).collect();
    if !failed.is_empty() {
        let problem = format!("{} fails the self-test: {}", device.info(), failed.join(", "));
        return Err(Failure::new("DeviceError", problem));
    }
    tested.push((choice, device.clone()));
    Ok(device)
}

/// What the device is, as JSON.
#[pyfunction]
pub(crate) fn describe(py: Python<'_>, device: &str) -> PyResult<String> {
    let described = || Ok(serde_json::to_string(open(device)?.info())?);
    py.detach(described).map_err(Failure::into)
}
