//! Loss and forgetting over the steps, as they come in.

use eframe::egui::{RichText, Ui, Vec2b};
use egui_plot::{Line, Plot};

use super::style::colour;
use crate::{
    state::{Card, State},
    work::Role,
};

/// Two plots side by side.
pub(crate) fn curves(ui: &mut Ui, state: &State) {
    ui.columns_const(|[left, right]| {
        plot(left, "Loss on retained samples", state, |card| &card.retain_loss);
        plot(right, "Accuracy on forgotten samples", state, |card| &card.forget_accuracy);
    });
}

fn plot(ui: &mut Ui, title: &str, state: &State, of: fn(&Card) -> &Vec<[f64; 2]>) {
    ui.label(RichText::new(title).strong());
    let lines: Vec<_> = Role::ALL
        .into_iter()
        .map(|role| (role, of(&state.cards[role as usize])))
        .filter(|(_, curve)| !curve.is_empty())
        .map(|(role, curve)| {
            Line::new(role.name(), curve.clone()).color(colour(ui, role)).width(2.0)
        })
        .collect();
    Plot::new(title)
        .height(190.0)
        .include_y(0.0)
        .include_y(1.0)
        .include_x(0.0)
        .include_x(100.0)
        .show_axes(Vec2b::TRUE)
        .y_axis_min_width(28.0)
        // The curves follow the run: nothing to drag.
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .show(ui, |plot| lines.into_iter().for_each(|line| plot.line(line)));
}
