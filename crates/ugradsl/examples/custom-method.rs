//! A method of your own: a plan for the one loop, made of a sampling, an objective and a gradient
//! transform.
//!
//! `cargo run --release --package ugradsl --example custom-method`

#![allow(clippy::print_stdout, reason = "a program that talks to a terminal")]

use std::sync::Arc;

use pollster::block_on;
use ugradsl::{
    data::{self, ForgetRequest},
    device::Device,
    evaluate::average_gap,
    models::{Architecture, ModelSpec},
    run::SessionError,
    session::Session,
    smoothing::Smoothing,
    train::{GradientTransform, LearningRate, Objective, Plan, Sampling},
    unlearn::Method,
};

/// UGradSL+ with a constant rate, but only the weights may move on which the forget set depends
/// most:
///
/// ```text
/// min_theta  p mean_{D_r} l(z, y) - (1 - p) mean_{D_f} l(z, t^(alpha)),   p = 0.8, alpha = -0.5
/// ```
fn sparse_ascent() -> Plan {
    // Batches of the retain set, each with an equally large one of the forget set.
    Plan::new(Sampling::RetainWithForget, Objective::balance(0.8, Smoothing::Constant(-0.5)))
        .with_gradient_transform(GradientTransform::Saliency { share: 0.3 })
        .with_epochs(4)
        .with_batch_size(50)
        .with_learning_rate(0.01)
        .with_schedule(LearningRate::Cosine)
        .with_clip_norm(Some(1.0))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let device = Device::cpu();
    let digits = Arc::new(
        data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(1000), Some(500))?,
    );
    let spec = ModelSpec::fitting(Architecture::Mlp, &digits)?;
    let session = |network| Session::builder(network, digits.clone(), device.clone());
    let fresh = || spec.init(0, &device);

    let original = block_on(session(fresh()?).method(Method::Original).build().run())?.model;
    let forgetting = || session(original.clone()).forget(ForgetRequest::Class(3));
    let retraining = session(fresh()?).forget(ForgetRequest::Class(3)).method(Method::Retrain);
    let mut retraining = retraining.build();
    let retrained = block_on(retraining.run())?.model;
    let reference = block_on(retraining.measure(&retrained))?;

    let sessions = [
        ("sparse-ascent", forgetting().plan("sparse-ascent", sparse_ascent()).build()),
        ("ugradsl-plus", forgetting().method(Method::UGradSlPlus).build()),
    ];
    for (name, mut session) in sessions {
        let (outcome, measures) = block_on(async {
            let outcome = session.run().await?;
            let measures = session.measure(&outcome.model).await?;
            Ok::<_, SessionError>((outcome, measures))
        })?;
        println!(
            "{name:14} gap {:5.2} points to the retrained network after {} steps (ended by {})",
            average_gap(&measures, &reference),
            outcome.steps,
            outcome.stopped_by,
        );
    }
    Ok(())
}
