//! Opening an accelerator: the GPU through wgpu, the CPU, or a device that the host application
//! already owns.
//!
//! "GPU if there is one" means hardware: a software rasteriser (lavapipe, SwiftShader, WARP) is a
//! correct but slow GPU, slower than the CPU backend on the same machine, so [`DeviceChoice::Auto`]
//! passes it over and [`DeviceChoice::Gpu`] takes it.

use std::{fmt, str::FromStr, sync::OnceLock};

pub use burn::tensor::wgpu::{WgpuSetup, wgpu};

use burn::tensor::wgpu::{WgpuBackend, WgpuInitError};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Which device to open.
///
/// ```
/// use ugradsl::device::DeviceChoice;
///
/// assert_eq!("gpu".parse::<DeviceChoice>()?, DeviceChoice::Gpu);
/// assert!("cuda".parse::<DeviceChoice>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceChoice {
    /// A hardware GPU if there is one, else the CPU.
    #[default]
    Auto,
    /// The CPU backend: always there, no driver needed, results reproduce bit for bit.
    Cpu,
    /// The best adapter that wgpu offers, a software one included.
    Gpu,
}

impl DeviceChoice {
    /// All choices, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Cpu, Self::Gpu];

    /// The name used in recipes and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cpu => "cpu",
            Self::Gpu => "gpu",
        }
    }
}

impl fmt::Display for DeviceChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for DeviceChoice {
    type Err = DeviceError;

    fn from_str(text: &str) -> Result<Self, DeviceError> {
        let found = Self::ALL.into_iter().find(|choice| choice.name() == text);
        found.ok_or_else(|| DeviceError::Unknown(text.to_owned()))
    }
}

/// Why no device could be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// Not the name of a [`DeviceChoice`].
    #[error("unknown device {0:?}: choose from {names}", names = DeviceChoice::ALL.map(DeviceChoice::name).join(", "))]
    Unknown(String),
    /// None of the graphics APIs has an adapter.
    #[error("no usable GPU: there is no adapter for Vulkan, Metal, DX12 or WebGPU")]
    NoAdapter,
    /// wgpu could not open the adapter.
    #[error("no usable GPU: {0}")]
    Gpu(#[from] WgpuInitError),
    /// A device that was handed over can do less than its adapter.
    #[error(
        "the application's device was opened without {0}, which its adapter has: open it with \
         `Device::wgpu_descriptor`"
    )]
    MissingFeature(String),
}

/// What a device is, for reports and for `doctor`.
///
/// ```
/// use ugradsl::device::Device;
///
/// let mut info = Device::cpu().info().clone();
/// info.threads = Some(1);
/// assert_eq!(info.to_string(), "CPU, 1 thread (flex)");
/// // Threads say where a run was computed, not what it computes.
/// assert_eq!(info.arithmetic(), Device::cpu().info().arithmetic());
/// ```
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DeviceInfo {
    /// `cpu` or `gpu`.
    #[cfg_attr(feature = "typescript", ts(type = "\"cpu\" | \"gpu\""))]
    pub kind: String,
    /// Name of the adapter, or of the CPU backend.
    pub adapter: String,
    /// Graphics API (`vulkan`, `metal`, `dx12`, `webgpu`), or `flex` for the CPU backend.
    pub api: String,
    /// Driver and its version, where the API tells.
    pub driver: String,
    /// Threads that compute, on the CPU. No result depends on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub threads: Option<usize>,
    /// Whether the "GPU" is a program on the CPU.
    pub software: bool,
    /// Limits that matter to the kernels, by WebGPU name.
    pub limits: Vec<(String, u64)>,
}

impl fmt::Display for DeviceInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let threads = match self.threads {
            Some(1) => ", 1 thread".to_owned(),
            Some(threads) => format!(", {threads} threads"),
            None => String::new(),
        };
        let note = if self.software { ", software" } else { "" };
        write!(f, "{}{threads} ({}{note})", self.adapter, self.api)
    }
}

impl DeviceInfo {
    /// The most bytes of one tensor: what the device lends to one storage buffer. `None` on the
    /// CPU, which has no limit but its memory.
    ///
    /// ```
    /// use ugradsl::device::Device;
    ///
    /// assert_eq!(Device::cpu().info().largest_tensor(), None);
    /// ```
    pub fn largest_tensor(&self) -> Option<u64> {
        let limits = ["maxBufferSize", "maxStorageBufferBindingSize"];
        let wanted =
            |(name, value): &(String, u64)| limits.contains(&name.as_str()).then_some(*value);
        self.limits.iter().filter_map(wanted).min()
    }

    /// What does the arithmetic: two devices with the same answer give the same results. Threads do
    /// not belong to it, and neither is the version of a driver.
    pub fn arithmetic(&self) -> String {
        match self.kind.as_str() {
            "cpu" => format!("{} {}", self.api, std::env::consts::ARCH),
            _ => format!("{} {}", self.api, self.adapter),
        }
    }
}

/// An opened device. Cloning is cheap and refers to the same device.
#[derive(Debug, Clone)]
pub struct Device {
    burn: burn::tensor::Device,
    info: DeviceInfo,
}

impl Device {
    /// Opens `choice`; in a browser this must be awaited before any tensor is made.
    ///
    /// # Errors
    ///
    /// [`DeviceError::Gpu`] if a GPU was asked for and none can be opened. `Auto` never fails
    /// natively: without hardware it is the CPU.
    ///
    /// # Example
    ///
    /// ```
    /// use pollster::block_on;
    /// use ugradsl::device::{Device, DeviceChoice};
    ///
    /// let device = block_on(Device::open(DeviceChoice::Cpu))?;
    /// assert_eq!(device.info().kind, "cpu");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn open(choice: DeviceChoice) -> Result<Self, DeviceError> {
        match choice {
            DeviceChoice::Cpu => Ok(Self::cpu()),
            DeviceChoice::Gpu => Self::gpu().await,
            DeviceChoice::Auto if hardware_gpu_present().await => Self::gpu().await,
            DeviceChoice::Auto => Ok(Self::cpu()),
        }
    }

    /// The hardware GPU if there is one, else the CPU.
    ///
    /// # Errors
    ///
    /// If a hardware GPU is present but cannot be opened.
    #[cfg(not(target_family = "wasm"))]
    pub fn best() -> Result<Self, DeviceError> {
        pollster::block_on(Self::open(DeviceChoice::Auto))
    }

    /// The CPU backend.
    ///
    /// ```
    /// use ugradsl::burn::tensor::Tensor;
    /// use ugradsl::device::Device;
    ///
    /// let device = Device::cpu();
    /// let sum = Tensor::<1>::from_data([1.0, 2.0], device.burn()).sum();
    /// assert_eq!(sum.into_data().to_vec::<f32>().unwrap(), [3.0]);
    /// ```
    pub fn cpu() -> Self {
        let info = DeviceInfo {
            kind: "cpu".into(),
            adapter: "CPU".into(),
            api: "flex".into(),
            driver: String::new(),
            threads: Some(rayon::current_num_threads()),
            software: false,
            limits: Vec::new(),
        };
        Self { burn: burn::tensor::Device::flex(), info }
    }

    /// The best adapter, opened once per process: burn keeps one run-time for it.
    async fn gpu() -> Result<Self, DeviceError> {
        static OPENED: OnceLock<Device> = OnceLock::new();
        if let Some(device) = OPENED.get() {
            return Ok(device.clone());
        }
        // Two threads must not open it at once; a browser has only one, which must not block.
        #[cfg(not(target_family = "wasm"))]
        let device = {
            static OPENING: std::sync::Mutex<()> = std::sync::Mutex::new(());
            let _alone = OPENING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            match OPENED.get() {
                Some(device) => device.clone(),
                None => pollster::block_on(Self::open_gpu())?,
            }
        };
        #[cfg(target_family = "wasm")]
        let device = Self::open_gpu().await?;
        Ok(OPENED.get_or_init(|| device).clone())
    }

    async fn open_gpu() -> Result<Self, DeviceError> {
        let adapter = default_adapter().await.ok_or(DeviceError::NoAdapter)?;
        let options = burn::tensor::Device::wgpu_options().graphics_api(graphics_api(&adapter));
        let (burn, setup) = options.init_with_setup_async().await?;
        Ok(Self { burn, info: describe(&setup.adapter) })
    }

    /// A device that the application already owns: training shares its adapter, device and queue,
    /// and the application may go on using them.
    ///
    /// Hand them over once and clone the result: each call makes a run-time of its own, with its
    /// own memory, which lives as long as the process. burn puts its own handlers of lost
    /// devices and uncaught errors in place of the application's.
    ///
    /// # Errors
    ///
    /// [`DeviceError::MissingFeature`] if the device was not opened as
    /// [`wgpu_descriptor`](Self::wgpu_descriptor) says, [`DeviceError::Gpu`] if burn refuses
    /// the handles.
    ///
    /// # Example
    ///
    /// ```no_run
    /// use ugradsl::device::{Device, WgpuSetup, wgpu};
    ///
    /// # pollster::block_on(async {
    /// let instance = wgpu::Instance::default();
    /// let adapter = instance.request_adapter(&wgpu::RequestAdapterOptions::default()).await?;
    /// let (device, queue) = adapter.request_device(&Device::wgpu_descriptor(&adapter)).await?;
    /// let backend = adapter.get_info().backend;
    /// let shared = Device::from_wgpu(WgpuSetup { instance, adapter, device, queue, backend })?;
    /// println!("{}", shared.info());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_wgpu(setup: WgpuSetup) -> Result<Self, DeviceError> {
        check_shared(&setup)?;
        let info = describe(&setup.adapter);
        let burn = burn::tensor::Device::wgpu_options().setup(setup).init()?;
        Ok(Self { burn, info })
    }

    /// How an application opens a device of `adapter` that it wants to share: with everything that
    /// the adapter can do, experimental features excepted, because burn asks the adapter and
    /// not the device.
    pub fn wgpu_descriptor(adapter: &wgpu::Adapter) -> wgpu::DeviceDescriptor<'static> {
        let left_out =
            wgpu::Features::MAPPABLE_PRIMARY_BUFFERS | wgpu::Features::all_experimental_mask();
        wgpu::DeviceDescriptor {
            label: Some("ugradsl"),
            required_features: adapter.features().difference(left_out),
            required_limits: adapter.limits(),
            ..Default::default()
        }
    }

    /// What this device is.
    pub fn info(&self) -> &DeviceInfo {
        &self.info
    }

    /// burn's handle, for tensors that take no part in differentiation.
    pub fn burn(&self) -> &burn::tensor::Device {
        &self.burn
    }

    /// burn's handle, for modules that are trained.
    pub fn autodiff(&self) -> burn::tensor::Device {
        self.burn.clone().autodiff()
    }
}

/// Whether the device can do what burn takes for granted where its adapter can.
fn check_shared(setup: &WgpuSetup) -> Result<(), DeviceError> {
    let used = wgpu::Features::TIMESTAMP_QUERY
        | wgpu::Features::SUBGROUP
        | wgpu::Features::SHADER_F16
        | wgpu::Features::SHADER_F64
        | wgpu::Features::SHADER_INT64
        | wgpu::Features::SHADER_FLOAT32_ATOMIC;
    let lacking = (setup.adapter.features() & used).difference(setup.device.features());
    if !lacking.is_empty() {
        return Err(DeviceError::MissingFeature(format!("{lacking:?}")));
    }
    let sizes = |limits: wgpu::Limits| {
        [
            ("maxComputeInvocationsPerWorkgroup", limits.max_compute_invocations_per_workgroup),
            ("maxComputeWorkgroupSizeX", limits.max_compute_workgroup_size_x),
            ("maxComputeWorkgroupSizeY", limits.max_compute_workgroup_size_y),
            ("maxComputeWorkgroupSizeZ", limits.max_compute_workgroup_size_z),
            ("maxComputeWorkgroupsPerDimension", limits.max_compute_workgroups_per_dimension),
        ]
    };
    let (has, could) = (sizes(setup.device.limits()), sizes(setup.adapter.limits()));
    match has.into_iter().zip(could).find(|((_, has), (_, could))| has < could) {
        Some(((name, _), (_, could))) => {
            Err(DeviceError::MissingFeature(format!("{name} = {could}")))
        }
        None => Ok(()),
    }
}

/// OpenGL is left out: burn's kernels do not run on it everywhere, and looking at it costs time at
/// every start.
fn instance() -> wgpu::Instance {
    wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: wgpu::Backends::PRIMARY,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    })
}

/// The API that `adapter` was found through: burn would search all of them again.
fn graphics_api(adapter: &wgpu::Adapter) -> WgpuBackend {
    match adapter.get_info().backend {
        wgpu::Backend::Vulkan => WgpuBackend::Vulkan,
        wgpu::Backend::Metal => WgpuBackend::Metal,
        wgpu::Backend::Dx12 => WgpuBackend::Dx12,
        wgpu::Backend::BrowserWebGpu => WgpuBackend::WebGpu,
        _ => WgpuBackend::Auto,
    }
}

async fn default_adapter() -> Option<wgpu::Adapter> {
    let options = wgpu::RequestAdapterOptions {
        power_preference: wgpu::PowerPreference::HighPerformance,
        ..Default::default()
    };
    instance().request_adapter(&options).await.ok()
}

/// Whether the adapter that wgpu would choose is hardware.
async fn hardware_gpu_present() -> bool {
    let adapter = default_adapter().await;
    adapter.is_some_and(|adapter| adapter.get_info().device_type != wgpu::DeviceType::Cpu)
}

fn describe(adapter: &wgpu::Adapter) -> DeviceInfo {
    let (info, limits) = (adapter.get_info(), adapter.limits());
    DeviceInfo {
        kind: "gpu".into(),
        adapter: info.name,
        api: info.backend.to_str().to_owned(),
        driver: format!("{} {}", info.driver, info.driver_info).trim().to_owned(),
        threads: None,
        software: info.device_type == wgpu::DeviceType::Cpu,
        limits: [
            ("maxBufferSize", limits.max_buffer_size),
            ("maxStorageBufferBindingSize", limits.max_storage_buffer_binding_size),
            ("maxStorageBuffersPerShaderStage", limits.max_storage_buffers_per_shader_stage.into()),
            (
                "maxComputeInvocationsPerWorkgroup",
                limits.max_compute_invocations_per_workgroup.into(),
            ),
            (
                "maxComputeWorkgroupsPerDimension",
                limits.max_compute_workgroups_per_dimension.into(),
            ),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_has_one_name_everywhere() {
        for choice in DeviceChoice::ALL {
            assert_eq!(choice.name().parse::<DeviceChoice>().ok(), Some(choice));
            assert_eq!(serde_json::json!(choice), choice.name());
        }
        let error = "cuda".parse::<DeviceChoice>().unwrap_err().to_string();
        assert_eq!(error, "unknown device \"cuda\": choose from auto, cpu, gpu");
    }
}
