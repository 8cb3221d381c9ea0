//! Which of BatchNorm's statistics forgotten rows pass through, what is read, and what is loaded.

use burn::module::Module;

use super::*;
use crate::{
    data::{ImageSet, Normalisation},
    device::Device,
    evaluate::predict,
    models::{Architecture, ModelSpec, Network},
    unlearn::{MethodSettings, TrainingConfig, UGradSlPlus},
};

const FORGOTTEN: u32 = 8;

/// A small network in training and its data; the forgotten rows are brighter than the others.
fn trainer(brake: Option<Brake>) -> (Trainer<Network>, ResidentSet, Vec<u32>) {
    let rows = 3 * FORGOTTEN;
    let labels: Vec<u32> = (0..rows).map(|row| row % 2).collect();
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
        onnx: None,
    };
    let settings = UGradSlPlus {
        alpha: Some(0.0),
        batch_size: Some(FORGOTTEN as usize),
        learning_rate: Some(1e-30),
        ..UGradSlPlus::default()
    };
    let forget: Vec<u32> = (0..FORGOTTEN).collect();
    let split =
        Split { retain: (FORGOTTEN..rows).collect(), forget: forget.clone(), ..Split::default() };
    let model = spec.init(1, &Device::cpu()).unwrap().train();
    let run = Trainer::new(
        model,
        settings.plan(&TrainingConfig::default()),
        data.clone(),
        &split,
        brake,
        1,
    );
    (pollster::block_on(run).unwrap(), data, forget)
}

/// The loss on forgotten rows that one step reads.
fn forget_loss(trainer: &mut Trainer<Network>, control: StepControl) -> Option<f64> {
    trainer.advance(control);
    pollster::block_on(trainer.read()).unwrap()[0].forget_loss
}

/// Loss on the forgotten rows as a step that moves nothing sees it, and at inference before that
/// step.
fn losses(forget_pass: ForgetPass) -> [f64; 2] {
    let (mut trainer, data, forget) = trainer(None);
    let answers = pollster::block_on(predict(&trainer.model(), &data, &forget)).unwrap();
    let seen = forget_loss(&mut trainer, StepControl { forget_pass, ..StepControl::default() });
    let loss = |(row, label): (&[f32], u32)| -f64::from(row[label as usize]).ln();
    [seen.unwrap(), answers.rows().map(loss).sum::<f64>() / f64::from(FORGOTTEN)]
}

/// The loss that is read is a mean in nats over the rows that take part, whatever the weight of
/// ascent.
#[test]
fn the_loss_that_is_read_knows_no_weights() {
    let loss = |brake, ascent_gain| {
        let control = StepControl { ascent_gain, ..StepControl::default() };
        forget_loss(&mut trainer(brake).0, control)
    };
    let [plain, pushed] = [1.0, 64.0].map(|gain| loss(None, gain).unwrap());
    assert!((plain - pushed).abs() < 1e-5 * plain, "{plain} {pushed}");
    assert_eq!(loss(Some(Brake::new(-1.0, 1.0)), 1.0), None, "no row takes part");
    let half = (0..FORGOTTEN / 2).map(|row| (row, 1.0)).collect();
    let half = loss(Some(Brake::rows(0.0, half)), 1.0).unwrap();
    assert!((half - plain).abs() < plain / 2.0, "{half} of half of the rows, {plain} of all");
}

#[test]
fn tensors_of_another_size_are_refused() {
    let (mut trainer, ..) = trainer(None);
    trainer.advance(StepControl::default());
    let good = pollster::block_on(trainer.state().tensors()).unwrap();
    assert!(trainer.load(good.clone(), 1).is_ok());
    let values = |shape: &[usize]| {
        TensorData::new(vec![0.0_f32; shape.iter().product::<usize>()], shape.to_vec())
    };
    for (name, shape) in [
        ("moment.0.0", &[3, 1][..]),
        ("moment.0.0", &[1]),
        ("moment.999.0", &[1]),
        ("accumulated.0", &[1]),
        ("forget-accuracy", &[2]),
    ] {
        let mut forged = good.clone();
        forged.insert(name.to_owned(), values(shape));
        let refused = trainer.load(forged, 1).unwrap_err();
        assert!(refused.to_string().contains(name), "{name}: {refused}");
    }
}

#[test]
fn forgotten_rows_pass_in_training_mode_until_they_follow_inference() {
    let [seen, inferred] = losses(ForgetPass::Inference);
    assert!((seen - inferred).abs() < 1e-5, "{seen} in the step, {inferred} at inference");
    let [seen, inferred] = losses(ForgetPass::Train);
    assert!((seen - inferred).abs() > 1e-2, "{seen} in the step, {inferred} at inference");
}
