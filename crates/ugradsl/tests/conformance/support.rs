//! The backends of this machine, a list of what failed, and comparisons that do not lose a NaN.

use std::{
    fmt::Display,
    io::Write,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::OnceLock,
};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ugradsl::device::{Device, DeviceChoice};

/// Set to `1` where a GPU must be there: continuous integration with a software adapter.
const REQUIRE_GPU: &str = "UGRADSL_REQUIRE_GPU";

/// The CPU, and the GPU if there is an adapter. Opened once per process.
///
/// # Panics
///
/// If a GPU is required and cannot be opened.
pub(crate) fn devices() -> &'static [Device] {
    static DEVICES: OnceLock<Vec<Device>> = OnceLock::new();
    DEVICES.get_or_init(|| {
        let mut devices = vec![Device::cpu()];
        match pollster::block_on(Device::open(DeviceChoice::Gpu)) {
            Ok(gpu) => devices.push(gpu),
            Err(error) => {
                let required = std::env::var(REQUIRE_GPU).is_ok_and(|value| value == "1");
                assert!(!required, "{REQUIRE_GPU} is set, but: {error}");
                // Past the capture of the test harness: a skipped half must be seen.
                let _ = writeln!(std::io::stderr(), "skipped: no adapter ({error})");
            }
        }
        devices
    })
}

/// The failures of one table of cases.
#[derive(Default)]
pub(crate) struct Findings {
    device: String,
    cases: usize,
    failures: Vec<String>,
}

impl Findings {
    /// Runs one case; a panic is a finding like any other.
    pub(crate) fn case(&mut self, name: impl Display, run: impl FnOnce() -> Result<(), String>) {
        self.cases += 1;
        let result = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Err(format!("panicked: {}", text.unwrap_or("without a message")))
        });
        if let Err(what) = result {
            self.failures.push(format!("[{}] {name}: {what}", self.device));
        }
    }

    /// Fails the test if any case failed, naming all of them.
    pub(crate) fn finish(self) {
        let (failed, cases) = (self.failures.len(), self.cases);
        assert!(cases > 0, "the table is empty");
        assert!(failed == 0, "{failed} of {cases} cases failed:\n{}", self.failures.join("\n"));
    }
}

/// Runs `test`, which walks a table, on every backend.
pub(crate) fn on_every_backend(test: impl Fn(&Device, &mut Findings)) {
    let mut findings = Findings::default();
    for device in devices() {
        findings.device = device.info().to_string();
        test(device, &mut findings);
    }
    findings.finish();
}

/// Compares numbers one by one: `|found - expected| <= bound(i)`. Says how many are off and which
/// is furthest off, measured in bounds. A NaN is infinitely far off.
pub(crate) fn compare(
    what: &str,
    found: &[f32],
    expected: &[f64],
    bound: impl Fn(usize) -> f64,
) -> Result<(), String> {
    if found.len() != expected.len() {
        return Err(format!("{what}: {} values instead of {}", found.len(), expected.len()));
    }
    let mut off = 0;
    let (mut worst, mut at) = (0.0, 0);
    for (i, (&a, &b)) in found.iter().zip(expected).enumerate() {
        let (error, bound) = ((f64::from(a) - b).abs(), bound(i));
        if error <= bound {
            continue;
        }
        off += 1;
        let ratio = if error.is_nan() { f64::INFINITY } else { error / bound };
        if ratio > worst {
            (worst, at) = (ratio, i);
        }
    }
    if off == 0 {
        return Ok(());
    }
    Err(format!(
        "{off} of {} {what} are off; the worst, [{at}], is {:e} instead of {:e}, {worst:.1} times \
         the bound {:.1e}",
        found.len(),
        found[at],
        expected[at],
        bound(at),
    ))
}

/// `Ok` if `found` is `expected`.
pub(crate) fn same<T: PartialEq + std::fmt::Debug>(
    what: &str,
    found: T,
    expected: T,
) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what}: {found:?} instead of {expected:?}"))
}

/// `Ok` if all checks are; else all that failed.
pub(crate) fn all<const N: usize>(checks: [Result<(), String>; N]) -> Result<(), String> {
    let failures: Vec<String> = checks.into_iter().filter_map(Result::err).collect();
    if failures.is_empty() { Ok(()) } else { Err(failures.join("; ")) }
}

/// Numbers for a case, the same on every machine.
pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// `n` numbers between `low` and `high`.
    pub(crate) fn uniform(&mut self, n: usize, low: f32, high: f32) -> Vec<f32> {
        (0..n).map(|_| self.0.random_range(low..=high)).collect()
    }

    /// `n` whole numbers below `end`.
    pub(crate) fn below(&mut self, n: usize, end: usize) -> Vec<i64> {
        (0..n).map(|_| self.0.random_range(0..end as i64)).collect()
    }
}

/// The golden file of that name, written by one of scripts/golden_*.py with PyTorch.
macro_rules! golden {
    ($name:literal) => {
        serde_json::from_str(include_str!(concat!("../golden/", $name, ".json"))).unwrap()
    };
}
pub(crate) use golden;
