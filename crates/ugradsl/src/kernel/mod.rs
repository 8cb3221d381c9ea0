//! Hand-written WGSL: the shader texts, how they are rendered and how they reach the GPU.
//!
//! All shaders of the crate are [`Shader`] values made in this room, so that one test can hand
//! every one of them, in every variant that the launch code may ask for, to naga: a broken shader
//! is found without a GPU, and never in a visitor's browser, where it would only leave stale
//! numbers behind. The constants are the single source of the numbers that Rust and WGSL share.

use std::borrow::Cow;

use burn::cubecl::{CubeCount, CubeDim, prelude::KernelId, server::KernelArguments};
use burn_cubecl::{
    kernel::into_contiguous,
    template::{KernelSource, SourceKernel, SourceTemplate},
    tensor::CubeTensor,
};

/// Invocations of a workgroup of the loss kernel: the most that every WebGPU device offers.
const LOSS_WORKGROUP: u32 = 256;
/// Side of the tiles of the neighbour kernel; TILE x TILE invocations share a workgroup.
const TILE: u32 = 16;
/// Workgroups along one axis of a dispatch: the WebGPU limit.
const MAX_WORKGROUPS: u32 = 65_535;

/// A WGSL text with the constants to render into it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Shader {
    template: &'static str,
    constants: Vec<(&'static str, String)>,
    workgroup: (u32, u32),
}

impl Shader {
    /// Losses and gradients of `classes`-wide rows, see `shaders/gls_cross_entropy.wgsl`.
    pub(crate) fn gls_cross_entropy(classes: usize) -> Self {
        Self {
            template: include_str!("../../shaders/gls_cross_entropy.wgsl"),
            constants: vec![
                ("workgroup", LOSS_WORKGROUP.to_string()),
                ("lanes", loss_lanes(classes).to_string()),
            ],
            workgroup: (LOSS_WORKGROUP, 1),
        }
    }

    /// Neighbour counts, see `shaders/neighbour_count.wgsl`.
    pub(crate) fn neighbour_count(cosine: bool) -> Self {
        Self {
            template: include_str!("../../shaders/neighbour_count.wgsl"),
            constants: vec![
                ("tile", TILE.to_string()),
                ("tile_area", (TILE * TILE).to_string()),
                ("cosine", cosine.to_string()),
            ],
            workgroup: (TILE, TILE),
        }
    }

    /// The WGSL that the device compiles.
    #[cfg(test)]
    pub(crate) fn render(&self) -> String {
        self.source().complete()
    }
}

/// Invocations that share a row: few for small rows, a whole workgroup for wide ones.
fn loss_lanes(classes: usize) -> u32 {
    (classes as u32).div_ceil(4).next_power_of_two().min(LOSS_WORKGROUP)
}

/// Workgroups (x, y) that cover `rows` rows of `classes` classes.
pub(crate) fn loss_grid(rows: usize, classes: usize) -> CubeCount {
    let rows_per_group = LOSS_WORKGROUP / loss_lanes(classes);
    let groups = (rows as u32).div_ceil(rows_per_group);
    let y = groups.div_ceil(MAX_WORKGROUPS);
    CubeCount::Static(groups.div_ceil(y), y, 1)
}

/// Workgroups (x, y) for every pair of a forgotten and a retained row; where an axis would hold
/// more than there may be, each strides over several tiles.
pub(crate) fn neighbour_grid(forgotten: usize, retained: usize) -> CubeCount {
    let groups = |rows: usize| (rows as u32).div_ceil(TILE).min(MAX_WORKGROUPS);
    CubeCount::Static(groups(forgotten), groups(retained), 1)
}

impl KernelSource for Shader {
    fn source(&self) -> SourceTemplate {
        let text: Cow<'static, str> = self.template.into();
        self.constants.iter().fold(SourceTemplate::new(text), |source, (name, value)| {
            source.register(*name, value.clone())
        })
    }

    fn id(&self) -> KernelId {
        KernelId::new::<Self>().info(self.clone())
    }

    fn lang(&self) -> &'static str {
        "wgsl"
    }
}

/// Launches `shader` over `grid`; `tensors` bind in the order of the shader's bindings, and
/// `extents` (sizes the shader needs) follow them as one array of `u32`.
///
/// All tensors must be contiguous and no two may share memory, see [`distinct`].
pub(crate) fn launch(shader: Shader, grid: CubeCount, tensors: Vec<&CubeTensor>, extents: &[u32]) {
    let client = tensors[0].client.clone();
    let (x, y) = shader.workgroup;
    let extents = client.create_from_slice(bytemuck::cast_slice(extents));
    let buffers = tensors
        .into_iter()
        .map(|tensor| tensor.handle.clone().binding())
        .chain([extents.binding()])
        .collect();
    client.launch(
        Box::new(SourceKernel::new(shader, CubeDim::new_2d(x, y))),
        grid,
        KernelArguments::new().with_buffers(buffers),
    );
}

/// A contiguous tensor that shares its memory with no other.
///
/// WebGPU refuses a dispatch that binds one buffer twice as writable, and burn's bindings are all
/// writable: a tensor and its clone passed to one kernel would poison the device in a browser.
pub(crate) fn distinct(tensor: CubeTensor) -> CubeTensor {
    let tensor = into_contiguous(tensor);
    if tensor.handle.can_mut() { tensor } else { tensor.copy() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use naga::valid::{Capabilities, ValidationFlags, Validator};

    /// Every variant that can be launched must be valid under core WebGPU: no capability needed.
    #[test]
    fn every_shader_variant_is_valid_core_wgsl() {
        let mut shaders = vec![Shader::neighbour_count(false), Shader::neighbour_count(true)];
        let mut lanes = Vec::new();
        for classes in [2, 3, 5, 10, 17, 33, 65, 100, 200, 300, 1_000, 50_000] {
            lanes.push(loss_lanes(classes));
            shaders.push(Shader::gls_cross_entropy(classes));
        }
        lanes.dedup();
        assert_eq!(lanes, [1, 2, 4, 8, 16, 32, 64, 128, 256], "all lane counts are covered");
        for shader in shaders {
            let text = shader.render();
            assert!(!text.contains("{{"), "unrendered placeholder in {shader:?}");
            let module = naga::front::wgsl::parse_str(&text)
                .unwrap_or_else(|error| panic!("{}", error.emit_to_string(&text)));
            Validator::new(ValidationFlags::all(), Capabilities::empty())
                .validate(&module)
                .unwrap_or_else(|error| panic!("{shader:?}: {}", error.emit_to_string(&text)));
            let entry = &module.entry_points[0];
            assert_eq!(entry.name, "main");
            assert_eq!(
                entry.workgroup_size[0] * entry.workgroup_size[1],
                shader.workgroup.0 * shader.workgroup.1
            );
        }
    }

    /// Lane counts divide the workgroup, and the grid covers all rows within the limit per axis.
    #[test]
    fn grids_cover_every_row() {
        for classes in [2, 10, 1_000, 50_000] {
            for rows in [1_usize, 7, 256, 70_000, 20_000_000] {
                let CubeCount::Static(x, y, 1) = loss_grid(rows, classes) else {
                    panic!("static grid expected")
                };
                let covered = u64::from(x * y) * u64::from(LOSS_WORKGROUP / loss_lanes(classes));
                assert!(x <= MAX_WORKGROUPS && covered >= rows as u64, "{rows} x {classes}");
            }
        }
    }
}
