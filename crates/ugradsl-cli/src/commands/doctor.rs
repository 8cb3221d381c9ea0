//! `ugradsl doctor`: which devices there are, and whether they compute correctly.

use serde::Serialize;
use ugradsl::{
    device::{Device, DeviceChoice, DeviceInfo},
    self_test::{Check, self_test},
};

use crate::{
    args::DoctorArgs,
    exit::{Outcome, Result},
    output,
};

/// What is known about one device.
#[derive(Debug, Serialize)]
struct Finding {
    asked_for: &'static str,
    #[serde(flatten)]
    device: Option<DeviceInfo>,
    error: Option<String>,
    self_test: Vec<Check>,
}

#[derive(Debug, Serialize)]
struct Diagnosis {
    schema_version: u32,
    version: &'static str,
    platform: String,
    threads: usize,
    devices: Vec<Finding>,
}

pub(crate) fn run(args: DoctorArgs) -> Result {
    let choices = match args.device {
        Some(choice) => vec![(choice, "chosen")],
        None => vec![(DeviceChoice::Cpu, "cpu"), (DeviceChoice::Gpu, "gpu")],
    };
    let required = args.device.is_some();
    let devices: Vec<Finding> =
        choices.into_iter().map(|(choice, name)| examine(choice, name)).collect();
    let wrong = devices.iter().any(|finding| {
        finding.self_test.iter().any(|check| !check.passed)
            || (required && finding.device.is_none())
    });
    let diagnosis = Diagnosis {
        schema_version: 1,
        version: env!("CARGO_PKG_VERSION"),
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        devices,
    };
    if args.json {
        output::emit(&serde_json::to_string_pretty(&diagnosis)?);
    } else {
        output::emit(&describe(&diagnosis));
    }
    Ok(if wrong { Outcome::Device } else { Outcome::Done })
}

fn examine(choice: DeviceChoice, asked_for: &'static str) -> Finding {
    match pollster::block_on(Device::open(choice)) {
        Ok(device) => Finding {
            asked_for,
            device: Some(device.info().clone()),
            error: None,
            self_test: pollster::block_on(self_test(&device)),
        },
        Err(error) => Finding {
            asked_for,
            device: None,
            error: Some(error.to_string()),
            self_test: Vec::new(),
        },
    }
}

fn describe(diagnosis: &Diagnosis) -> String {
    let Diagnosis { version, platform, threads, .. } = diagnosis;
    let plural = if *threads == 1 { "" } else { "s" };
    let mut text = format!("ugradsl {version}, {platform}, {threads} thread{plural}\n");
    for finding in &diagnosis.devices {
        match (&finding.device, &finding.error) {
            (Some(device), _) => {
                text += &format!("\n{}: {device}\n", device.kind);
                if !device.driver.is_empty() {
                    text += &format!("  driver {}\n", device.driver);
                }
                for (name, value) in &device.limits {
                    text += &format!("  {name} {value}\n");
                }
            }
            (None, error) => {
                let error = error.as_deref().unwrap_or("not available");
                text += &format!("\n{}: {error}\n", finding.asked_for);
            }
        }
        for check in &finding.self_test {
            let verdict = if check.passed { "ok" } else { "FAILED" };
            text += &format!("  self-test, {}: {verdict} ({})\n", check.name, check.detail);
        }
    }
    text
}
