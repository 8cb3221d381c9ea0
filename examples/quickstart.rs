//! Train, forget, compare, save: the library in its shortest form.
//!
//! `cargo run --release --package ugradsl --example quickstart`

#![allow(clippy::print_stdout, reason = "a program that talks to a terminal")]

use ugradsl::{
    data::{self, ForgetRequest},
    device::Device,
    report::Report,
    session::{Experiment, FolderStore, resolve},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let settings = ["architecture=mlp", "limit_train=1000", "limit_test=500", "training.epochs=4"];
    let config = resolve(None, &settings.map(str::to_owned))?;
    let digits = data::open(&config.data, None)?.limit(config.limit_train, config.limit_test)?;
    let requests = vec![ForgetRequest::parse("class:3")?];
    // Models land here as safetensors, the forgotten ones beside the original and the retrained.
    let folder = std::env::args().nth(1).unwrap_or_else(|| "quickstart-out".to_owned());
    let mut store = FolderStore::new(folder)?;

    let mut experiment = Experiment::new(config, digits, requests, Device::best()?, false)?;
    while let Some(event) = pollster::block_on(experiment.next(&mut store))? {
        println!("{event:?}");
    }
    for run in Report::new(&experiment).runs {
        println!("{:12} gap {:?} points, {}", run.method, run.gap, run.model);
    }
    Ok(())
}
