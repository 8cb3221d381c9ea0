//! A network and a method of your own in a comparison: seeds, retraining, figures, a report that
//! can be verified.
//!
//! `cargo run --release --package ugradsl --example custom-experiment`

#![allow(clippy::print_stdout, reason = "a program that talks to a terminal")]

use pollster::block_on;
use serde::{Deserialize, Serialize};
use ugradsl::{
    burn::{
        self, // the derive looks for it under this name
        module::Module,
        nn::{Linear, LinearConfig},
        tensor::{Tensor, activation::relu},
    },
    data::{self, Normalisation, OpenOptions},
    device::Device,
    evaluate::Figure,
    experiment::{Experiment, resolve},
    models::{Activations, Classifier, NetworkSpec, SpecError, initialise},
    report::{Report, verify},
    run::MemoryStore,
    smoothing::Smoothing,
    train::{Objective, Plan, Sampling},
};

/// Two layers on the means of 4 x 4 pixels.
#[derive(Module, Debug)]
struct Coarse {
    hidden: Linear,
    output: Linear,
}

impl Classifier for Coarse {
    fn forward(&self, images: Tensor<4>) -> Activations {
        let [rows, channels, height, width] = images.dims();
        let squares = images.reshape([rows, channels, height / 4, 4, width / 4, 4]);
        let means = squares.mean_dim(3).mean_dim(5).flatten::<2>(1, 5);
        let features = relu(self.hidden.forward(means));
        Activations { logits: self.output.forward(features.clone()), features }
    }

    fn has_batch_norm(&self) -> bool {
        false
    }
}

/// What is needed to build one: model files keep it, and stored runs are known by it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct CoarseSpec {
    shape: [usize; 3],
    classes: usize,
    hidden: usize,
    normalisation: Normalisation,
}

impl NetworkSpec for CoarseSpec {
    type Network = Coarse;

    fn name(&self) -> String {
        "coarse".to_owned()
    }

    fn shape(&self) -> [usize; 3] {
        self.shape
    }

    fn classes(&self) -> usize {
        self.classes
    }

    fn normalisation(&self) -> &Normalisation {
        &self.normalisation
    }

    fn init(&self, seed: u64, device: &Device) -> Result<Coarse, SpecError> {
        self.check()?;
        let [channels, height, width] = self.shape;
        let linear = |inputs, outputs| LinearConfig::new(inputs, outputs).init(device.burn());
        let hidden = linear(channels * height / 4 * width / 4, self.hidden);
        let output = linear(self.hidden, self.classes);
        Ok(initialise(Coarse { hidden, output }, seed))
    }

    fn check(&self) -> Result<(), SpecError> {
        match self.shape {
            [_, height, width] if height % 4 == 0 && width % 4 == 0 => Ok(()),
            shape => {
                Err(SpecError::own(format!("coarse needs sides of 4 n pixels, not {shape:?}")))
            }
        }
    }
}

/// UGradSL+ with a rate that does not adapt.
fn constant_rate() -> Plan {
    Plan::new(Sampling::RetainWithForget, Objective::balance(0.8, Smoothing::Constant(-0.5)))
        .with_epochs(4)
        .with_batch_size(50)
        .with_learning_rate(0.01)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let settings = r#"
        forget = ["class:3"]
        methods = ["ugradsl-plus", "ft"]
        seeds = [0, 1]
        training.epochs = 12
        training.batch_size = 32
        method.ugradsl-plus.batch_size = 32
    "#;
    let config = resolve(Some(settings), &[])?;
    let digits = data::open(&config.data, &OpenOptions::new())?.limit(Some(600), Some(200))?;
    let spec = CoarseSpec {
        shape: digits.train.shape(),
        classes: digits.classes,
        hidden: 64,
        normalisation: digits.normalisation.clone(),
    };
    let experiment = || {
        Experiment::builder_for(spec.clone(), config.clone(), digits.clone(), Device::cpu())
            .plan("constant-rate", constant_rate())
            .build()
    };

    let (mut running, mut store) = (experiment()?, MemoryStore::default());
    while block_on(running.next(&mut store))?.is_some() {}
    let report = Report::new(&running);
    for row in &report.summary {
        let gap = row.figure(Figure::Gap).map_or(f64::NAN, |gap| gap.mean);
        println!("{:14} gap {gap:5.2} points to the retrained network", row.method);
    }

    // Anyone who has the report and the models can measure them again.
    let verification = block_on(verify(&report.to_json()?, experiment()?, &store, None))?;
    println!("{} fields of the report hold: {}", verification.fields, verification.holds());
    Ok(())
}
