//! The three networks side by side: what was measured, and what they say of one sample.

use std::path::PathBuf;

use eframe::egui::{
    Align, Align2, FontId, Frame, Grid, Layout, Rect, RichText, Role as Widget, Sense, Ui,
    WidgetInfo, pos2, vec2,
};

use super::{samples::Samples, style::colour};
use crate::{
    state::{Card, State},
    work::{Command, Role, Worker},
};

/// A card for each network.
pub(crate) fn networks(ui: &mut Ui, state: &State, samples: &Samples, worker: &Worker) {
    let height = ui.available_height();
    ui.columns_const(|columns: &mut [Ui; 3]| {
        for (role, ui) in Role::ALL.into_iter().zip(columns) {
            Frame::group(ui.style()).show(ui, |ui| {
                ui.set_min_height(height - 14.0);
                card(ui, role, state, samples, worker);
            });
        }
    });
}

fn card(ui: &mut Ui, role: Role, state: &State, samples: &Samples, worker: &Worker) {
    let card = &state.cards[role as usize];
    ui.horizontal(|ui| {
        ui.label(RichText::new(title(role)).strong().color(colour(ui, role)));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let save = ui.add_enabled(card.made, eframe::egui::Button::new("Save").small());
            let name = format!("Save the {} network", role.name());
            save.widget_info(|| WidgetInfo::labeled(Widget::Button, card.made, &name));
            if save.clicked() {
                worker.send(Command::Save(role, PathBuf::from(&state.file)));
            }
        });
    });
    figures(ui, role, state);
    ui.add_space(2.0);
    ui.separator();
    answer(ui, role, card, state.looked_at.map(|row| (row, samples.label(row))));
}

fn title(role: Role) -> &'static str {
    match role {
        Role::Original => "Original",
        Role::Unlearned => "Unlearned",
        Role::Retrained => "Retrained",
    }
}

/// UA, RA, TA and MIA in per cent, the gap in points.
fn figures(ui: &mut Ui, role: Role, state: &State) {
    let card = &state.cards[role as usize];
    let measures = card.measures;
    let rows = [
        ("UA", "error on what was to be forgotten, in %", measures.map(|m| m.ua)),
        ("RA", "accuracy on what was retained, in %", measures.map(|m| m.ra)),
        (
            "TA",
            "accuracy on the test set, in %; without a class that was forgotten entirely",
            measures.map(|m| m.ta).or(card.test_accuracy),
        ),
        (
            "MIA",
            "forgotten samples that an attack calls unseen, in %",
            measures.map(|m| m.mia.confidence),
        ),
        ("gap", "mean distance to the retrained network, in points", state.gap(role)),
    ];
    Grid::new(role.name()).num_columns(2).spacing([14.0, 3.0]).show(ui, |ui| {
        for (name, meaning, value) in rows {
            ui.label(RichText::new(name).weak()).on_hover_text(meaning);
            let text = value.map_or("–".to_owned(), |value| format!("{value:.2}"));
            ui.label(RichText::new(text).monospace()).on_hover_text(meaning);
            ui.end_row();
        }
        ui.label(RichText::new("steps").weak());
        let took =
            card.took.map_or("–".to_owned(), |(n, seconds)| format!("{n} in {seconds:.1} s"));
        ui.label(RichText::new(took).monospace());
        ui.end_row();
    });
}

/// What a network says of the sample that is looked at: one bar per class, the true one in colour.
fn answer(ui: &mut Ui, role: Role, card: &Card, sample: Option<(u32, u32)>) {
    let Some((row, label)) = sample else {
        ui.label(RichText::new("click a sample").weak());
        return;
    };
    let Some(answer) = &card.answer else {
        ui.label(RichText::new("says nothing yet").weak());
        return;
    };
    let best = (0u32..).zip(answer).max_by(|a, b| a.1.total_cmp(b.1));
    let says = best.map_or(String::new(), |(class, p)| format!("says {class}, {:.0} %", p * 100.0));
    ui.label(&says);
    let size = vec2(ui.available_width(), 64.0);
    let (area, response) = ui.allocate_exact_size(size, Sense::hover());
    let name = format!("the {} network on sample {row}: {says}", role.name());
    response.widget_info(|| WidgetInfo::labeled(Widget::Image, true, &name));
    let painter = ui.painter();
    let (faint, text) = (ui.visuals().weak_text_color(), ui.visuals().text_color());
    let (width, foot) = (area.width() / answer.len().max(1) as f32, area.bottom() - 16.0);
    for (class, p) in answer.iter().enumerate() {
        let (left, right) =
            (area.left() + width * class as f32, area.left() + width * (class + 1) as f32);
        let top = foot - p.clamp(0.0, 1.0) * (foot - area.top());
        let bar =
            Rect::from_min_max(pos2(left + 1.5, top.min(foot - 1.0)), pos2(right - 1.5, foot));
        let own = class as u32 == label;
        painter.rect_filled(bar, 1.0, if own { colour(ui, role) } else { faint });
        let at = pos2((left + right) / 2.0, area.bottom());
        let ink = if own { colour(ui, role) } else { text };
        painter.text(at, Align2::CENTER_BOTTOM, class.to_string(), FontId::proportional(11.0), ink);
    }
}
