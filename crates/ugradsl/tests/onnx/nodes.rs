//! ONNX's own test cases.

use std::{
    collections::{BTreeMap, BTreeSet},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use safetensors::SafeTensors;
use ugradsl::{
    device::Device,
    onnx::{Given, OnnxError, evaluate},
};

use super::support::{device, folder, read, tensor};

/// Cases that are known to fail, each with its reason: `name: reason`.
const KNOWN: &str = include_str!("known_failures.txt");

/// What came of a case.
enum Outcome {
    Passed,
    /// The graph needs an operator that is not supported.
    Unsupported,
    Failed(String),
}

#[test]
fn operators_do_what_onnx_says() {
    let Some(folder) = folder("UGRADSL_ONNX_TESTS", "scripts/onnx_node_tests.py") else { return };
    let device = device();
    let known: BTreeMap<&str, &str> = KNOWN
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(": ").expect("name and reason"))
        .collect();
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("the folder of the cases")
        .filter_map(|entry| {
            entry.expect("an entry").file_name().to_str()?.strip_suffix(".onnx").map(str::to_owned)
        })
        .collect();
    names.sort();
    let (mut passed, mut unsupported, mut failed) = (BTreeSet::new(), 0, Vec::new());
    for name in &names {
        match run(&folder, name, &device) {
            Outcome::Passed => drop(passed.insert(name.as_str())),
            Outcome::Unsupported => unsupported += 1,
            Outcome::Failed(why) => failed.push((name.as_str(), why)),
        }
    }
    let supported = passed.len() + failed.len();
    println!(
        "{}: {} of {} cases of supported operators pass ({:.1} %), {unsupported} need others",
        device.info(),
        passed.len(),
        supported,
        100.0 * passed.len() as f64 / supported.max(1) as f64
    );
    let news: Vec<_> = failed.iter().filter(|(name, _)| !known.contains_key(name)).collect();
    for (name, why) in &news {
        println!("{name}: {why}");
    }
    assert!(news.is_empty(), "{} cases fail that are not known to", news.len());
    let better: Vec<_> = known.keys().filter(|name| passed.contains(*name)).collect();
    assert!(better.is_empty(), "cases that are known to fail pass: {better:?}");
    assert!(passed.len() * 100 >= supported * 97, "fewer than 97 % of the cases pass");
}

fn run(folder: &Path, name: &str, device: &Device) -> Outcome {
    let file = read(&folder.join(format!("{name}.onnx")));
    let values = read(&folder.join(format!("{name}.safetensors")));
    let values = SafeTensors::deserialize(&values).expect("safetensors");
    let list = |prefix: &str| -> Vec<Given> {
        let all = (0..).map_while(|k| tensor(&values, &format!("{prefix}{k}")));
        all.map(|(shape, values)| Given { shape, values }).collect()
    };
    let (inputs, expected) = (list("in"), list("out"));
    let made = catch_unwind(AssertUnwindSafe(|| evaluate(&file, &inputs, device.burn())));
    match made {
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("");
            Outcome::Failed(format!("PANICKED {}", text.lines().next().unwrap_or("")))
        }
        Ok(Err(OnnxError::Operators(_) | OnnxError::Optimised { .. })) => Outcome::Unsupported,
        Ok(Err(error)) => Outcome::Failed(error.to_string()),
        Ok(Ok(made)) => match compare(&made, &expected) {
            Ok(()) => Outcome::Passed,
            Err(why) => Outcome::Failed(why),
        },
    }
}

/// Compares as ONNX's own runner does: relative difference 1e-3, absolute 1e-7 there and 1e-5 here,
/// in f32.
fn compare(made: &[Given], expected: &[Given]) -> Result<(), String> {
    if made.len() < expected.len() {
        return Err(format!("{} outputs instead of {}", made.len(), expected.len()));
    }
    for (k, (made, expected)) in made.iter().zip(expected).enumerate() {
        if made.shape != expected.shape {
            return Err(format!("output {k} has shape {:?}, not {:?}", made.shape, expected.shape));
        }
        let off = |(x, y): &(&f64, &f64)| {
            let same = x == y || (x.is_nan() && y.is_nan());
            let near = (*x - *y).abs() <= 1e-5 + 1e-3 * y.abs();
            !same && !near
        };
        let pairs = made.values.iter().zip(&expected.values);
        if let Some((x, y)) = pairs.clone().find(off) {
            let count = pairs.filter(off).count();
            return Err(format!(
                "{count} of {} values of output {k} are off: {x}, not {y}",
                made.values.len()
            ));
        }
    }
    Ok(())
}
