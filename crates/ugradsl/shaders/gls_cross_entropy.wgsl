// Softmax cross-entropy against generalized-label-smoothing targets: losses and gradients of all
// rows in one launch.
//
//   t_j    = (1 - a) [j == y] + a / K                  a: smoothing rate of the row, any sign
//   loss   = w (log sum_j exp(z_j) - (1 - a) z_y - (a / K) sum_j z_j)
//   grad_j = w (softmax(z)_j - t_j)
//
// With d_j = z_j - max(z) the loss is w (log sum_j exp(d_j) - d_y + a (d_y - mean(d))): nothing
// large is subtracted from something large, however far the logits lie from zero.
//
// LANES invocations share a row, WORKGROUP / LANES rows share a workgroup. Every binding is
// read_write because several tensors may be slices of one buffer.

const WORKGROUP: u32 = {{ workgroup }}u;
const LANES: u32 = {{ lanes }}u;

@group(0) @binding(0) var<storage, read_write> logits: array<f32>;
@group(0) @binding(1) var<storage, read_write> targets: array<i32>;
@group(0) @binding(2) var<storage, read_write> rates: array<f32>;
@group(0) @binding(3) var<storage, read_write> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> losses: array<f32>;
@group(0) @binding(5) var<storage, read_write> gradients: array<f32>;
@group(0) @binding(6) var<storage, read_write> size: array<u32>; // rows, classes

var<workgroup> scratch: array<f32, {{ workgroup }}>;

// Tree reductions over the LANES invocations of a row; every invocation gets the result.
fn row_max(local: u32, value: f32) -> f32 {
    scratch[local] = value;
    workgroupBarrier();
    for (var half = LANES / 2u; half > 0u; half = half / 2u) {
        if (local % LANES < half) {
            scratch[local] = max(scratch[local], scratch[local + half]);
        }
        workgroupBarrier();
    }
    let result = scratch[local - local % LANES];
    workgroupBarrier();
    return result;
}

fn row_sum(local: u32, value: f32) -> f32 {
    scratch[local] = value;
    workgroupBarrier();
    for (var half = LANES / 2u; half > 0u; half = half / 2u) {
        if (local % LANES < half) {
            scratch[local] = scratch[local] + scratch[local + half];
        }
        workgroupBarrier();
    }
    let result = scratch[local - local % LANES];
    workgroupBarrier();
    return result;
}

@compute @workgroup_size({{ workgroup }}, 1, 1)
fn main(
    @builtin(local_invocation_index) local: u32,
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
) {
    let rows = size[0];
    let classes = size[1];
    let row = (group.y * groups.x + group.x) * (WORKGROUP / LANES) + local / LANES;
    let lane = local % LANES;
    // Rows past the end still take part in the barriers.
    let live = row < rows;
    let base = select(0u, row * classes, live);

    var highest = -3.4028234e38;
    for (var j = lane; j < classes; j = j + LANES) {
        highest = max(highest, logits[base + j]);
    }
    let top = row_max(local, highest);

    var exponentials = 0.0;
    var distances = 0.0;
    for (var j = lane; j < classes; j = j + LANES) {
        let d = logits[base + j] - top;
        exponentials = exponentials + exp(d);
        distances = distances + d;
    }
    let total = row_sum(local, exponentials);
    let mean = row_sum(local, distances) / f32(classes);

    if (live) {
        let target_class = u32(targets[row]);
        let rate = rates[row];
        let weight = weights[row];
        if (lane == 0u) {
            let d = logits[base + target_class] - top;
            losses[row] = weight * (log(total) - d + rate * (d - mean));
        }
        let shared_target = rate / f32(classes);
        for (var j = lane; j < classes; j = j + LANES) {
            let p = exp(logits[base + j] - top) / total;
            let t = shared_target + select(0.0, 1.0 - rate, j == target_class);
            gradients[base + j] = weight * (p - t);
        }
    }
}
