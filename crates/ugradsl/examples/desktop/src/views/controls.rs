//! What can be asked for, from top to bottom in the order in which one asks.

use std::path::PathBuf;

use eframe::egui::{ProgressBar, RichText, TextEdit, Ui};

use super::{samples::Samples, style::action};
use crate::{
    state::{State, Target},
    work::{Command, Role, Worker},
};

/// The column on the left.
pub(crate) fn controls(ui: &mut Ui, state: &mut State, samples: &Samples, worker: &Worker) {
    let idle = !state.waiting;
    let trained = state.cards[Role::Original as usize].made;
    ui.add_space(4.0);
    let train = if trained { "Train again" } else { "Train" };
    let button = action(ui, train, idle && !trained);
    if ui.add_enabled(idle, button).clicked() {
        state.waiting = true;
        worker.send(Command::Train);
    }
    file(ui, state, worker);
    ui.separator();

    ui.label(RichText::new("What to forget").strong());
    ui.add_enabled_ui(idle, |ui| target(ui, state, samples.classes()));
    ui.label(RichText::new("Click samples to look at them and to pick them.").weak());
    let below = 44.0;
    if let Some(row) = samples.grid(ui, state, ui.available_height() - below) {
        state.looked_at = Some(row);
        for card in &mut state.cards {
            card.answer = None;
        }
        worker.send(Command::Look(row));
        if idle {
            if !state.picked.remove(&row) {
                state.picked.insert(row);
            }
            if !state.picked.is_empty() {
                state.target = Target::Picked;
            }
        }
    }
    ui.add_space(4.0);
    if state.waiting {
        if ui.add(action(ui, "Cancel", false)).clicked() {
            worker.send(Command::Cancel);
        }
        return;
    }
    let request = state.request().filter(|_| trained);
    let button = action(ui, "Forget and compare", request.is_some());
    let response = ui.add_enabled(request.is_some(), button);
    let response = response.on_disabled_hover_text("train or load a network, and pick something");
    if let (true, Some(request)) = (response.clicked(), request) {
        state.waiting = true;
        worker.send(Command::Forget(request));
    }
}

/// Saving and loading.
fn file(ui: &mut Ui, state: &mut State, worker: &Worker) {
    let (idle, path) = (!state.waiting, PathBuf::from(&state.file));
    ui.horizontal(|ui| {
        let label = ui.label("File");
        let width = ui.available_width() - 64.0;
        let edit = TextEdit::singleline(&mut state.file).desired_width(width);
        ui.add(edit)
            .labelled_by(label.id)
            .on_hover_text("where cards save to, and where Load reads from");
        let load =
            ui.button("Load").on_hover_text("takes a .safetensors of this library, or a classifier in an .onnx file, as the original");
        if load.clicked() && idle {
            state.waiting = true;
            worker.send(Command::Load(path));
        }
    });
}

/// A class, or the picked samples.
fn target(ui: &mut Ui, state: &mut State, classes: u32) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.spacing_mut().button_padding.x = 7.0;
        for class in 0..classes {
            ui.selectable_value(&mut state.target, Target::Class(class), class.to_string());
        }
    });
    let picked = match state.picked.len() {
        1 => "1 picked sample".to_owned(),
        n => format!("{n} picked samples"),
    };
    ui.horizontal(|ui| {
        ui.selectable_value(&mut state.target, Target::Picked, picked);
        if !state.picked.is_empty() && ui.button("Clear").clicked() {
            state.picked.clear();
        }
    });
}

/// The line at the foot: how far it is, and the last word.
pub(crate) fn progress(ui: &mut Ui, state: &State) {
    ui.horizontal(|ui| {
        ui.set_min_height(22.0);
        if state.waiting {
            let role = state.busy.map_or("…", Role::name);
            ui.add(ProgressBar::new(state.progress).desired_width(180.0));
            ui.label(match state.progress {
                1.0.. => format!("measuring the {role} network"),
                _ => format!("making the {role} network"),
            });
        }
        match &state.message {
            Some((text, true)) => ui.colored_label(ui.visuals().error_fg_color, text),
            Some((text, false)) => ui.label(text),
            None if state.waiting => ui.label(""),
            None => ui.label(RichText::new("ready").weak()),
        };
    });
}
