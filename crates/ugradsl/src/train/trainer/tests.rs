//! Which of BatchNorm's statistics forgotten rows pass through.

use burn::module::Module;

use super::*;
use crate::{
    data::{ImageSet, Normalisation},
    device::Device,
    evaluate::predict,
    models::{Architecture, ModelSpec},
    unlearn::{MethodSettings, UGradSlPlus},
};

const FORGOTTEN: u32 = 8;

/// Loss on the forgotten rows as a step that moves nothing sees it, and at inference before that
/// step.
fn losses(forget_pass: ForgetPass) -> [f64; 2] {
    let rows = 3 * FORGOTTEN;
    let labels: Vec<u32> = (0..rows).map(|row| row % 2).collect();
    // The forgotten rows are brighter than the others.
    let pixel = |at: u32| if at / 16 < FORGOTTEN { 150 + at * 7 % 100 } else { at * 11 % 100 };
    let pixels = (0..rows * 16).map(|at| pixel(at) as u8).collect();
    let set = ImageSet::new([1, 4, 4], pixels, labels).unwrap();
    let normalisation = Normalisation::identity(1);
    let data = ResidentSet::new(&set.into(), &normalisation, &Device::cpu());
    let spec = ModelSpec {
        architecture: Architecture::SmallCnn,
        shape: [1, 4, 4],
        classes: 2,
        normalisation,
        tokenizer: None,
    };
    let settings = UGradSlPlus {
        alpha: Some(0.0),
        batch_size: FORGOTTEN as usize,
        learning_rate: 1e-30,
        ..UGradSlPlus::default()
    };
    let plan = settings.plan();
    let forget: Vec<u32> = (0..FORGOTTEN).collect();
    let split =
        Split { retain: (FORGOTTEN..rows).collect(), forget: forget.clone(), ..Split::default() };
    let model = spec.init(1, &Device::cpu()).unwrap().train();
    let run = Trainer::new(model, plan, data.clone(), &split, None, 1);
    let mut trainer = pollster::block_on(run).unwrap();
    let answers = pollster::block_on(predict(&trainer.model(), &data, &forget)).unwrap();
    trainer.advance(StepControl { forget_pass, ..StepControl::default() });
    let seen = pollster::block_on(trainer.read()).unwrap()[0].forget_loss.unwrap();
    let loss = |(row, label): (&[f32], u32)| -f64::from(row[label as usize]).ln();
    [seen, answers.rows().map(loss).sum::<f64>() / f64::from(FORGOTTEN)]
}

#[test]
fn forgotten_rows_pass_in_training_mode_until_they_follow_inference() {
    let [seen, inferred] = losses(ForgetPass::Inference);
    assert!((seen - inferred).abs() < 1e-5, "{seen} in the step, {inferred} at inference");
    let [seen, inferred] = losses(ForgetPass::Train);
    assert!((seen - inferred).abs() > 1e-2, "{seen} in the step, {inferred} at inference");
}
