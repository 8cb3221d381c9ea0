//! A desktop application that embeds ugradsl: it draws with eframe, and trains, forgets and
//! retrains a small network on the very wgpu device that draws its window.
//!
//! `cargo run --release --package ugradsl-desktop`
//!
//! * `compute` chooses the device and shares it;
//! * `work` is the thread that computes, over [`ugradsl::session::Session`];
//! * `state` is what the window shows, changed by notes of that thread alone;
//! * `app` and `views` draw it.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that talks to a terminal")]

mod app;
mod compute;
mod state;
#[cfg(test)]
mod tests;
mod views;
mod work;

use std::{error::Error, process::ExitCode, sync::Arc};

use eframe::egui::ViewportBuilder;

use app::App;
use compute::{Choice, Compute};

const USAGE: &str = "\
usage: ugradsl-desktop [--device auto|window|cpu]

  --device auto    compute on the device that draws the window if it is hardware, else on the CPU (default)
  --device window  on the device that draws the window, be it a program
  --device cpu     on the CPU";

fn main() -> ExitCode {
    let choice = match choice(std::env::args().skip(1)) {
        Ok(Some(choice)) => choice,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(mistake) => {
            eprintln!("error: {mistake}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match open(choice) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: no window: {error}");
            ExitCode::from(4)
        }
    }
}

/// What the arguments ask for; nothing where they ask for help.
fn choice(args: impl IntoIterator<Item = String>) -> Result<Option<Choice>, String> {
    let mut choice = Choice::default();
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "-h" | "--help" => return Ok(None),
            "--device" => choice = args.next().ok_or("--device: which?")?.parse()?,
            _ => return Err(format!("unknown argument {arg:?}")),
        }
    }
    Ok(Some(choice))
}

/// Shows the window until it is closed.
fn open(choice: Choice) -> Result<(), Box<dyn Error>> {
    let dataset =
        Arc::new(ugradsl::data::open("mnist-subset", &ugradsl::data::OpenOptions::new())?);
    let mut options = eframe::NativeOptions {
        viewport: ViewportBuilder::default()
            .with_inner_size([1000.0, 700.0])
            .with_min_inner_size([1000.0, 700.0]),
        ..Default::default()
    };
    options.wgpu_options = compute::shareable(options.wgpu_options);
    eframe::run_native(
        "ugradsl",
        options,
        Box::new(move |context| {
            let window = context.wgpu_render_state.as_ref().ok_or("eframe draws without wgpu")?;
            let compute = Compute::choose(window, choice)?;
            Ok(Box::new(App::new(&context.egui_ctx, compute, dataset)?))
        }),
    )?;
    Ok(())
}
