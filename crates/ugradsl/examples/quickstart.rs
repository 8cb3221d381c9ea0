//! A network is trained, forgets a class, is measured and saved: the library in its shortest form.
//!
//! `cargo run --release --package ugradsl --example quickstart`

#![allow(clippy::print_stdout, reason = "a program that talks to a terminal")]

use std::sync::Arc;

use pollster::block_on;
use ugradsl::{
    data::{self, ForgetRequest},
    device::Device,
    models::{Architecture, ModelFile, ModelSpec, read_state},
    run::write_atomically,
    session::Session,
    unlearn::Method,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let device = Device::best()?;
    let digits = Arc::new(
        data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(1000), Some(500))?,
    );
    let spec = ModelSpec::fitting(Architecture::Mlp, &digits)?;
    // Stands in for your own: `ModelFile::from_bytes(&bytes)?.load(&device)?` reads one from a
    // file.
    let fresh = spec.init(0, &device)?;
    let mut training =
        Session::builder(fresh, digits.clone(), device.clone()).method(Method::Original).build();
    let original = block_on(training.run())?.model;

    let mut session =
        Session::builder(original, digits, device).forget(ForgetRequest::Class(3)).build();
    let forgotten = block_on(session.run())?.model;
    for (name, network) in [("before", session.original().clone()), ("after", forgotten.clone())] {
        let m = block_on(session.measure(&network))?;
        println!(
            "{name:6}  UA {:6.2}  MIA {:6.2}  RA {:6.2}  TA {:6.2}",
            m.ua, m.mia.confidence, m.ra, m.ta
        );
    }
    let file = ModelFile::new(spec, 0, block_on(read_state(&forgotten))?);
    write_atomically("forgotten.safetensors".as_ref(), &file.to_bytes()?)?;
    Ok(())
}
