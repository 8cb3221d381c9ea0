//! Colours and spacing, the same in both themes where they can be.

use eframe::egui::{Button, Color32, Context, CornerRadius, RichText, Ui, vec2};

use crate::work::Role;

/// Of the one button that comes next.
const ACCENT: Color32 = Color32::from_rgb(0x2f, 0x6f, 0xdb);

/// Sets spacing and corners for both themes.
pub(crate) fn dress(context: &Context) {
    context.all_styles_mut(|style| {
        style.spacing.item_spacing = vec2(8.0, 6.0);
        style.spacing.button_padding = vec2(10.0, 4.0);
        let widgets = &mut style.visuals.widgets;
        for state in [
            &mut widgets.noninteractive,
            &mut widgets.inactive,
            &mut widgets.hovered,
            &mut widgets.active,
        ] {
            state.corner_radius = CornerRadius::same(5);
        }
    });
}

/// A button as wide as its column; the one that comes next stands out.
pub(super) fn action(ui: &Ui, text: &str, next: bool) -> Button<'static> {
    let button = if next {
        Button::new(RichText::new(text).color(Color32::WHITE)).fill(ACCENT)
    } else {
        Button::new(text.to_owned())
    };
    button.min_size(vec2(ui.available_width(), 28.0))
}

/// Colour of a network in curves and cards.
pub(super) fn colour(ui: &Ui, role: Role) -> Color32 {
    let dark = ui.visuals().dark_mode;
    match (role, dark) {
        (Role::Original, true) => Color32::from_rgb(0x9a, 0xa5, 0xb1),
        (Role::Original, false) => Color32::from_rgb(0x5c, 0x67, 0x73),
        (Role::Unlearned, true) => Color32::from_rgb(0xff, 0x9f, 0x43),
        (Role::Unlearned, false) => Color32::from_rgb(0xc4, 0x5f, 0x00),
        (Role::Retrained, true) => Color32::from_rgb(0x4c, 0xd1, 0x9b),
        (Role::Retrained, false) => Color32::from_rgb(0x0b, 0x7d, 0x53),
    }
}
