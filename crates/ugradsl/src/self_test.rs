//! Known answers: does this device compute what it should?
//!
//! A shader that fails validation in a browser leaves stale numbers behind without an error, and a
//! driver may be wrong in its own ways. Every front end runs [`self_test`] before it reports a
//! figure.

use burn::tensor::{DType, Int, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::{
    device::Device,
    loss::gls_cross_entropy,
    smoothing::{Distance, neighbour_count},
    train::read_floats,
};

/// Largest deviation that is accepted.
const TOLERANCE: f32 = 1e-5;

/// Logits of the known answers, label 0.
const LOGITS: [f32; 3] = [2.0, -1.0, 0.5];
/// Rate, loss and gradient of that row, computed in f64.
const ANSWERS: [(f32, f32, [f32; 3]); 4] = [
    (-1.0, -1.258_688_7, [-0.881_069_6, 0.372_445_9, 0.508_623_7]),
    (-0.5, -0.508_688_7, [-0.547_736_3, 0.205_779_24, 0.341_957_06]),
    (0.0, 0.241_311_3, [-0.214_402_97, 0.039_112_57, 0.175_290_4]),
    (0.5, 0.991_311_3, [0.118_930_37, -0.127_554_1, 0.008_623_725]),
];

/// One question put to a device.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Check {
    /// What was asked.
    pub name: String,
    /// Whether the answer was right.
    pub passed: bool,
    /// Largest deviation from the known answer, or what went wrong.
    pub detail: String,
}

/// The loss kernel forward and backward, one optimizer step, the counting kernel.
///
/// Never fails: a device that cannot even be read has checks that did not pass.
///
/// ```
/// use pollster::block_on;
/// use ugradsl::{device::Device, self_test::self_test};
///
/// let checks = block_on(self_test(&Device::cpu()));
/// assert!(checks.iter().all(|check| check.passed), "{checks:?}");
/// ```
pub async fn self_test(device: &Device) -> Vec<Check> {
    let n = ANSWERS.len();
    let logits = LOGITS.repeat(n);
    let expected_losses: Vec<f32> = ANSWERS.iter().map(|answer| answer.1).collect();
    let expected_gradients: Vec<f32> = ANSWERS.iter().flat_map(|answer| answer.2).collect();
    let expected_step: Vec<f32> =
        logits.iter().zip(&expected_gradients).map(|(z, g)| z - 0.5 * g).collect();

    let plain = device.burn();
    let z = Tensor::<2>::from_data(TensorData::new(logits, [n, 3]), &device.autodiff());
    let z = z.require_grad();
    let rates: Vec<f32> = ANSWERS.iter().map(|answer| answer.0).collect();
    let losses = gls_cross_entropy(
        z.clone(),
        Tensor::<1, Int>::zeros([n], (plain, DType::I32)),
        Tensor::from_data(TensorData::new(rates, [n]), plain),
        Tensor::ones([n], plain),
    );
    let gradients = z.grad(&losses.clone().sum().backward());
    let stepped = gradients.clone().map(|gradient| z.inner() - gradient * 0.5);

    let rows =
        |values: Vec<f32>, n: usize| Tensor::<2>::from_data(TensorData::new(values, [n, 2]), plain);
    // Angles of 0, 90 and 45 degrees to the first axis against the two axes.
    let counts = neighbour_count(
        rows(vec![1.0, 0.0, 0.0, 2.0, 1.0, 1.0], 3),
        rows(vec![3.0, 0.0, 0.0, 1.0], 2),
        0.5,
        Distance::Cosine,
    );
    vec![
        check("loss kernel, forward", Some(losses.inner()), &expected_losses).await,
        check("loss kernel, backward", gradients.map(|g| g.flatten(0, 1)), &expected_gradients)
            .await,
        check("optimiser step", stepped.map(|z| z.flatten(0, 1)), &expected_step).await,
        check("neighbour kernel", Some(counts.float()), &[1.0, 1.0, 2.0]).await,
    ]
}

async fn check(name: &str, answer: Option<Tensor<1>>, expected: &[f32]) -> Check {
    let name = name.to_owned();
    let values = match answer {
        Some(tensor) => read_floats(tensor).await.map_err(|error| error.to_string()),
        None => Err("no gradient arrived".to_owned()),
    };
    match values {
        Ok(values) if values.len() == expected.len() => {
            let deviation = values.iter().zip(expected).map(|(a, b)| (a - b).abs());
            // A NaN must not be lost in the maximum.
            let worst = deviation
                .fold(0.0, |worst: f32, d| if d > worst || d.is_nan() { d } else { worst });
            Check { name, passed: worst <= TOLERANCE, detail: format!("off by {worst:.1e}") }
        }
        Ok(values) => {
            let detail =
                format!("{} values came back, {} were asked for", values.len(), expected.len());
            Check { name, passed: false, detail }
        }
        Err(detail) => Check { name, passed: false, detail },
    }
}
