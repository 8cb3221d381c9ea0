//! Vectors of the machine that runs this.

use pulp::{Arch, Simd, WithSimd};

/// Runs `op` with the widest vectors that are there.
#[inline]
pub(crate) fn dispatch<Op: WithSimd>(op: Op) -> Op::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        return Simd::vectorize(simd, op);
    }
    Arch::new().dispatch(op)
}

/// Floats in a vector.
pub(crate) fn lanes() -> usize {
    struct Lanes;
    impl WithSimd for Lanes {
        type Output = usize;
        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> usize {
            S::F32_LANES
        }
    }
    dispatch(Lanes)
}

/// The vector that begins at `at`.
#[inline(always)]
pub(crate) fn load<S: Simd>(_: S, from: &[f32], at: usize) -> S::f32s {
    S::as_simd_f32s(&from[at..at + S::F32_LANES]).0[0]
}

/// Partial sums of `N` terms over `len` places: in floats side by side, then in `f64`.
#[inline(always)]
pub(crate) fn sums<const N: usize>(
    len: usize,
    mut terms: impl FnMut(usize) -> [f32; N],
) -> [f64; N] {
    const WIDE: usize = 16;
    let mut lanes = [[0.0_f32; WIDE]; N];
    let whole = len / WIDE * WIDE;
    for at in (0..whole).step_by(WIDE) {
        for lane in 0..WIDE {
            let terms = terms(at + lane);
            for (sum, term) in lanes.iter_mut().zip(terms) {
                sum[lane] += term;
            }
        }
    }
    let mut total = lanes.map(|lanes| lanes.iter().map(|&sum| f64::from(sum)).sum::<f64>());
    for at in whole..len {
        for (sum, term) in total.iter_mut().zip(terms(at)) {
            *sum += f64::from(term);
        }
    }
    total
}
