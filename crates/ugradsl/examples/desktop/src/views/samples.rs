//! The samples as thumbnails, from one texture that is uploaded once.

use std::sync::Arc;

use eframe::egui::{
    Color32, ColorImage, Context, Rect, Role as Widget, ScrollArea, Sense, Stroke, StrokeKind,
    TextureHandle, TextureOptions, Ui, WidgetInfo, pos2, vec2,
};
use ugradsl::data::Dataset;

use super::style::colour;
use crate::{state::State, work::Role};

/// Thumbnails of a row of the grid.
const COLUMNS: usize = 8;
/// Images of a row of the texture: nearly a square, so that every device takes it.
const ATLAS: usize = 32;
/// Thumbnails at most: as many as one looks through.
const SHOWN: usize = 800;
/// Side of a thumbnail, in points.
const SIDE: f32 = 33.0;

/// The first samples of the training set.
pub(crate) struct Samples {
    dataset: Arc<Dataset>,
    shown: usize,
    atlas: TextureHandle,
}

impl Samples {
    /// Uploads the thumbnails.
    pub(crate) fn new(context: &Context, dataset: &Arc<Dataset>) -> Self {
        let shown = dataset.train.len().min(SHOWN);
        let options = TextureOptions::LINEAR;
        let atlas = context.load_texture("samples", atlas(dataset, shown), options);
        Self { dataset: dataset.clone(), shown, atlas }
    }

    /// Number of classes.
    pub(crate) fn classes(&self) -> u32 {
        // Labels are u32, so there are no more.
        self.dataset.classes as u32
    }

    /// The true class of a row that is shown.
    pub(crate) fn label(&self, row: u32) -> u32 {
        self.dataset.train.labels()[row as usize]
    }

    /// The grid; returns the row that was clicked. Only what is visible is drawn.
    pub(super) fn grid(&self, ui: &mut Ui, state: &State, height: f32) -> Option<u32> {
        let mut clicked = None;
        let rows = self.shown.div_ceil(COLUMNS);
        ui.spacing_mut().item_spacing = vec2(3.0, 3.0);
        let area = ScrollArea::vertical().max_height(height).auto_shrink([false, false]);
        area.show_rows(ui, SIDE, rows, |ui, visible| {
            for line in visible {
                ui.horizontal(|ui| {
                    let cells = line * COLUMNS..((line + 1) * COLUMNS).min(self.shown);
                    for row in cells {
                        // There are fewer than SHOWN.
                        let row = row as u32;
                        if self.thumbnail(ui, row, state) {
                            clicked = Some(row);
                        }
                    }
                });
            }
        });
        clicked
    }

    fn thumbnail(&self, ui: &mut Ui, row: u32, state: &State) -> bool {
        let (area, response) = ui.allocate_exact_size(vec2(SIDE, SIDE), Sense::click());
        let picked = state.picked.contains(&row);
        let name = format!("sample {row}, class {}", self.label(row));
        response.widget_info(|| WidgetInfo::selected(Widget::Button, true, picked, &name));
        if ui.is_rect_visible(area) {
            let (column, line) = (row as usize % ATLAS, row as usize / ATLAS);
            let [w, h] = [1.0 / ATLAS as f32, 1.0 / self.shown.div_ceil(ATLAS) as f32];
            let corner = pos2(column as f32 * w, line as f32 * h);
            let part = Rect::from_min_size(corner, vec2(w, h));
            ui.painter().image(self.atlas.id(), area, part, Color32::WHITE);
            let edge = if picked {
                Some(Stroke::new(3.0, colour(ui, Role::Unlearned)))
            } else if state.looked_at == Some(row) || response.hovered() {
                Some(Stroke::new(1.5, ui.visuals().selection.stroke.color))
            } else {
                None
            };
            if let Some(edge) = edge {
                ui.painter().rect_stroke(area, 2.0, edge, StrokeKind::Inside);
            }
        }
        response.on_hover_text(name).clicked()
    }
}

/// The first `shown` images in one, `ATLAS` a line.
fn atlas(dataset: &Dataset, shown: usize) -> ColorImage {
    let [channels, height, width] = dataset.train.shape();
    let size = [ATLAS * width, shown.div_ceil(ATLAS) * height];
    let mut image = ColorImage::filled(size, Color32::BLACK);
    let Some(images) = dataset.train.images() else { return image };
    for row in 0..shown {
        let pixels = images.row(row);
        let (left, top) = (row % ATLAS * width, row / ATLAS * height);
        for at in 0..height * width {
            // Channel after channel; grey images have one for all three colours.
            let [r, g, b] = [0, 1, 2].map(|c| pixels[c.min(channels - 1) * height * width + at]);
            image[(left + at % width, top + at / width)] = Color32::from_rgb(r, g, b);
        }
    }
    image
}
