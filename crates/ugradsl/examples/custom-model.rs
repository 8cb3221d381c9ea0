//! A network of your own: any burn module that is a [`Classifier`].
//!
//! `cargo run --release --package ugradsl --example custom-model`

#![allow(clippy::print_stdout, reason = "a program that talks to a terminal")]

use std::sync::Arc;

use pollster::block_on;
// The very burn that ugradsl uses; the derive looks for it under this name.
use ugradsl::burn;
use ugradsl::burn::{
    module::Module,
    nn::{
        BatchNorm, BatchNormConfig, Linear, LinearConfig,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{Device as BurnDevice, Tensor, activation::relu},
};
use ugradsl::{
    data::{self, ForgetRequest},
    device::Device,
    models::{Activations, Classifier, initialise},
    run::Event,
    session::Session,
    unlearn::{Method, TrainingConfig},
};

/// A convolution that halves the image, BatchNorm, and two linear layers.
#[derive(Module, Debug)]
struct Strided {
    conv: Conv2d,
    norm: BatchNorm,
    hidden: Linear,
    output: Linear,
}

impl Strided {
    fn new([channels, height, width]: [usize; 3], classes: usize, device: &BurnDevice) -> Self {
        let side = |pixels: usize| (pixels - 4) / 2 + 1;
        let conv = Conv2dConfig::new([channels, 6], [4, 4]).with_stride([2, 2]);
        Self {
            conv: conv.init(device),
            norm: BatchNormConfig::new(6).init(device),
            hidden: LinearConfig::new(6 * side(height) * side(width), 64).init(device),
            output: LinearConfig::new(64, classes).init(device),
        }
    }
}

impl Classifier for Strided {
    fn forward(&self, images: Tensor<4>) -> Activations {
        let x = relu(self.norm.forward(self.conv.forward(images)));
        let features = relu(self.hidden.forward(x.flatten(1, 3)));
        Activations { logits: self.output.forward(features.clone()), features }
    }

    fn has_batch_norm(&self) -> bool {
        true
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let device = Device::cpu();
    let digits = Arc::new(
        data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(600), Some(200))?,
    );
    let network = Strided::new(digits.train.shape(), digits.classes, device.burn());
    // Drawn on the host: the same weights on every device.
    let network = initialise(network, 0);

    let training = TrainingConfig::default().with_epochs(5).with_batch_size(50);
    let mut session = Session::builder(network, digits.clone(), device.clone())
        .method(Method::Original)
        .training(training)
        .build();
    let original = block_on(session.run())?.model;

    let mut session =
        Session::builder(original, digits, device).forget(ForgetRequest::Class(3)).build();
    while let Some(event) = block_on(session.next())? {
        if let Event::GuardCheck { step, forget_accuracy, .. } = event {
            println!("step {step:3}: {:5.1} % of the forget set known", 100.0 * forget_accuracy);
        }
    }
    let forgotten = session.network();
    let measures = block_on(session.measure(&forgotten))?;
    println!("UA {:.2}  RA {:.2}  TA {:.2}", measures.ua, measures.ra, measures.ta);
    Ok(())
}
