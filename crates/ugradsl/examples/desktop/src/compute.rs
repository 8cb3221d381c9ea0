//! On which device the application computes: the one that it draws with, or the CPU.
//!
//! A software rasteriser draws a window well enough but is a slow place to train, so it is taken
//! only where somebody asks for it.

use std::{str::FromStr, sync::Arc};

use eframe::egui_wgpu::{RenderState, WgpuConfiguration, WgpuSetup};
use ugradsl::device::{self, Device, DeviceError};

/// What the command line says about the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Choice {
    /// The device of the window if it is hardware, else the CPU.
    #[default]
    Auto,
    /// The device of the window, be it a program.
    Window,
    /// The CPU.
    Cpu,
}

impl FromStr for Choice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "window" => Ok(Self::Window),
            "cpu" => Ok(Self::Cpu),
            _ => Err(format!("unknown device {text:?}: choose auto, window or cpu")),
        }
    }
}

/// Where to compute, and what the person should know about it.
#[derive(Debug, Clone)]
pub(crate) struct Compute {
    /// The device.
    pub(crate) device: Device,
    /// Why it is not the device of the window, where it is not.
    pub(crate) note: Option<String>,
}

/// Lets eframe open its device in the way in which ugradsl can share it.
pub(crate) fn shareable(mut options: WgpuConfiguration) -> WgpuConfiguration {
    if let WgpuSetup::CreateNew(new) = &mut options.wgpu_setup {
        new.device_descriptor = Arc::new(Device::wgpu_descriptor);
    }
    options
}

impl Compute {
    /// The device that `window` is drawn with where `choice` allows it, else the CPU with a reason.
    ///
    /// # Errors
    ///
    /// If the device of the window was asked for and cannot be shared.
    pub(crate) fn choose(window: &RenderState, choice: Choice) -> Result<Self, DeviceError> {
        let info = window.adapter.get_info();
        let software = info.device_type == device::wgpu::DeviceType::Cpu;
        match choice {
            Choice::Cpu => Ok(Self::cpu("asked for")),
            Choice::Auto if software => Ok(Self::cpu(&format!("{} is not hardware", info.name))),
            Choice::Window => share(window).map(|device| Self { device, note: None }),
            Choice::Auto => Ok(match share(window) {
                Ok(device) => Self { device, note: None },
                Err(error) => Self::cpu(&error.to_string()),
            }),
        }
    }

    fn cpu(reason: &str) -> Self {
        Self { device: Device::cpu(), note: Some(format!("computes on the CPU: {reason}")) }
    }
}

/// The very device and queue that eframe draws with.
fn share(window: &RenderState) -> Result<Device, DeviceError> {
    Device::from_wgpu(device::WgpuSetup {
        instance: window.instance.clone(),
        adapter: window.adapter.clone(),
        device: window.device.clone(),
        queue: window.queue.clone(),
        backend: window.adapter.get_info().backend,
    })
}
