//! The window: takes in the notes, draws the state, sends what the person asks for.

use std::sync::Arc;

use eframe::egui::{Align, CentralPanel, Context, Layout, Panel, RichText, ThemePreference, Ui};
use ugradsl::data::Dataset;

use crate::{
    compute::Compute,
    state::State,
    views::{self, Samples},
    work::Worker,
};

/// The application.
pub(crate) struct App {
    /// What is shown.
    pub(crate) state: State,
    worker: Worker,
    samples: Samples,
    /// The device, in words.
    device: String,
    /// Why it is not the window's, where it is not.
    note: Option<String>,
}

impl App {
    /// Starts the computing thread.
    ///
    /// # Errors
    ///
    /// If the system gives no thread.
    pub(crate) fn new(
        context: &Context,
        compute: Compute,
        dataset: Arc<Dataset>,
    ) -> std::io::Result<Self> {
        views::dress(context);
        let Compute { device, note } = compute;
        let words = device.info().to_string();
        let samples = Samples::new(context, &dataset);
        let wake = context.clone();
        let worker = Worker::start(device, dataset, move || wake.request_repaint())?;
        Ok(Self { state: State::default(), worker, samples, device: words, note })
    }

    /// Draws a frame. `seconds` is what the last one cost on this thread, where that is known.
    pub(crate) fn draw(&mut self, ui: &mut Ui, seconds: Option<f32>) {
        while let Some(note) = self.worker.poll() {
            self.state.apply(note);
        }
        Panel::top("top").show(ui, |ui| self.top(ui, seconds));
        Panel::bottom("bottom").show(ui, |ui| views::progress(ui, &self.state));
        let left = Panel::left("left").resizable(false).exact_size(318.0);
        left.show(ui, |ui| views::controls(ui, &mut self.state, &self.samples, &self.worker));
        CentralPanel::default_margins().show(ui, |ui| {
            views::curves(ui, &self.state);
            ui.add_space(8.0);
            views::networks(ui, &self.state, &self.samples, &self.worker);
        });
    }

    fn top(&self, ui: &mut Ui, seconds: Option<f32>) {
        ui.horizontal(|ui| {
            ui.heading("ugradsl");
            let text = RichText::new(&self.device).weak();
            match &self.note {
                Some(note) => ui.label(text).on_hover_text(note),
                None => ui.label(text).on_hover_text("the device that draws this window"),
            };
            if let Some(note) = &self.note {
                ui.colored_label(ui.visuals().warn_fg_color, note);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                themes(ui);
                if let Some(seconds) = seconds {
                    let text = format!("frame {:.1} ms", seconds * 1000.0);
                    ui.label(RichText::new(text).weak())
                        .on_hover_text("what the last frame cost on the thread that draws");
                }
            });
        });
    }
}

/// Light, dark, or as the system has it. In words: egui's own buttons need a font with pictures.
fn themes(ui: &mut Ui) {
    let mut chosen = ui.ctx().options(|options| options.theme_preference);
    for (theme, name) in [
        (ThemePreference::System, "system"),
        (ThemePreference::Dark, "dark"),
        (ThemePreference::Light, "light"),
    ] {
        ui.selectable_value(&mut chosen, theme, name);
    }
    ui.ctx().set_theme(chosen);
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        self.draw(ui, frame.info().cpu_usage);
    }
}
