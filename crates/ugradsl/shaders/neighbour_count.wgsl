// For every forgotten row: how many retained rows lie closer than beta.
//
//   count_j = #{ i : d(retained_i, forgotten_j) < beta }
//   euclidean  d(a, b) = sqrt(sum_k (a_k - b_k)^2)
//   cosine     d(a, b) = 1 - <a, b> / (|a| |b|), and 1 where either row is zero
//
// A workgroup handles TILE forgotten rows against TILE retained rows and walks along the features
// TILE at a time through workgroup memory, so each value is read once per tile and the f x r x d
// differences never exist. Integer atomics add the tiles up: the order cannot change the result.

const TILE: u32 = {{ tile }}u;
const COSINE: bool = {{ cosine }};

@group(0) @binding(0) var<storage, read_write> forgotten: array<f32>;
@group(0) @binding(1) var<storage, read_write> retained: array<f32>;
@group(0) @binding(2) var<storage, read_write> threshold: array<f32>; // beta
@group(0) @binding(3) var<storage, read_write> counts: array<atomic<i32>>;
@group(0) @binding(4) var<storage, read_write> size: array<u32>; // forgotten, retained, features

var<workgroup> tile_f: array<f32, {{ tile_area }}>;
var<workgroup> tile_r: array<f32, {{ tile_area }}>;
var<workgroup> tile_count: array<atomic<i32>, {{ tile }}>;
var<workgroup> extents: vec3<u32>;

@compute @workgroup_size({{ tile }}, {{ tile }}, 1)
fn main(
    @builtin(local_invocation_id) local: vec3<u32>,
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
) {
    let slot = local.y * TILE + local.x;
    if (slot == 0u) {
        extents = vec3<u32>(size[0], size[1], size[2]);
    }
    // Barriers stand in loops up to these bounds, which must therefore be known to be the same for
    // the whole workgroup.
    let bounds = workgroupUniformLoad(&extents);
    let f_rows = bounds.x;
    let r_rows = bounds.y;
    let features = bounds.z;

    // An axis of the grid is limited, the number of rows is not: workgroups stride over the tiles.
    for (var f_start = group.x * TILE; f_start < f_rows; f_start = f_start + groups.x * TILE) {
        for (var r_start = group.y * TILE; r_start < r_rows; r_start = r_start + groups.y * TILE) {
            let f_row = f_start + local.y;
            let r_row = r_start + local.x;
            let r_load = r_start + local.y;
            if (local.x == 0u) {
                atomicStore(&tile_count[local.y], 0);
            }

            var sum = 0.0; // of products (cosine) or of squared differences (euclidean)
            var norm_f = 0.0;
            var norm_r = 0.0;
            for (var start = 0u; start < features; start = start + TILE) {
                let column = start + local.x;
                var value_f = 0.0;
                var value_r = 0.0;
                if (f_row < f_rows && column < features) {
                    value_f = forgotten[f_row * features + column];
                }
                if (r_load < r_rows && column < features) {
                    value_r = retained[r_load * features + column];
                }
                tile_f[slot] = value_f;
                tile_r[slot] = value_r;
                workgroupBarrier();
                for (var k = 0u; k < TILE; k = k + 1u) {
                    let a = tile_f[local.y * TILE + k];
                    let b = tile_r[local.x * TILE + k];
                    if (COSINE) {
                        sum = sum + a * b;
                        norm_f = norm_f + a * a;
                        norm_r = norm_r + b * b;
                    } else {
                        sum = sum + (a - b) * (a - b);
                    }
                }
                workgroupBarrier();
            }

            var distance = sqrt(sum);
            if (COSINE) {
                let norm = sqrt(norm_f) * sqrt(norm_r);
                distance = select(1.0 - sum / max(norm, 1e-38), 1.0, norm == 0.0);
            }
            if (f_row < f_rows && r_row < r_rows && distance < threshold[0]) {
                atomicAdd(&tile_count[local.y], 1);
            }
            workgroupBarrier();
            if (local.x == 0u && f_row < f_rows) {
                atomicAdd(&counts[f_row], atomicLoad(&tile_count[local.y]));
            }
            workgroupBarrier();
        }
    }
}
