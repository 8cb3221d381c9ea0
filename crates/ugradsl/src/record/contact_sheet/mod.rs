//! Pictures and texts of rows as HTML that needs nothing else: pictures lie in the page itself.

mod base64;
mod scale;

use image::{ExtendedColorType, ImageEncoder, codecs::png};

use crate::record::text::{counted, html};

/// Small pictures are shown at about this size.
const USUAL: usize = 96;
/// Characters of a text that are shown.
const EXCERPT: usize = 200;

/// A row that is a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "what is to be shown, and its words")]
pub struct Cell<'a> {
    /// Channels, height, width. One channel is grey, three are red, green and blue.
    pub shape: [usize; 3],
    /// The pixels in the order channel, line, column.
    pub pixels: &'a [u8],
    /// What is said below the picture, and to those who do not see it.
    pub caption: String,
}

/// A row that is a text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "what is to be shown, and its words")]
pub struct TextCell {
    /// The text. Its first 200 characters are shown.
    pub text: String,
    /// What is said below the excerpt.
    pub caption: String,
}

/// A picture that fits a page.
struct Picture {
    channels: usize,
    height: usize,
    width: usize,
    /// In the order line, column, channel.
    pixels: Vec<u8>,
}

/// The first `most` pictures as a fragment of HTML; how many more there are is said. A row that
/// cannot be drawn has a caption that says why.
///
/// ```
/// # use ugradsl::record::contact_sheet::{Cell, figures};
/// let row = Cell { shape: [1, 2, 2], pixels: &[0, 255, 255, 0], caption: "row 7".to_owned() };
/// let sheet = figures(&[row.clone(), row], 1);
/// assert!(sheet.contains(r#"alt="row 7""#) && sheet.contains("and 1 more"));
/// ```
pub fn figures(rows: &[Cell<'_>], most: usize) -> String {
    let figures: String = rows.iter().take(most).map(figure).collect();
    sheet(&figures, rows.len().saturating_sub(most), ("picture", "pictures"))
}

/// The first `most` texts as a fragment of HTML; how many more there are is said.
pub fn texts(rows: &[TextCell], most: usize) -> String {
    let quotes: String = rows.iter().take(most).map(quote).collect();
    sheet(&quotes, rows.len().saturating_sub(most), ("text", "texts"))
}

/// A page of its own around what [`figures`] or [`texts`] made.
pub fn page(title: &str, sheet: &str) -> String {
    let title = html(title);
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"generator\" content=\"ugradsl\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <style>:root{{color-scheme:light dark}}body{{font:15px/1.5 system-ui,sans-serif;\
         margin:2rem auto;max-width:70rem;padding:0 1rem}}</style></head>\n\
         <body><h1>{title}</h1>\n{sheet}</body></html>\n"
    )
}

fn sheet(figures: &str, left_off: usize, (one, more): (&str, &str)) -> String {
    let left_off = match left_off {
        0 => String::new(),
        1 => format!("<p>and 1 more {one}</p>\n"),
        _ => format!("<p>and {}</p>\n", counted(left_off, one, &format!("more {more}"))),
    };
    format!(
        "<div class=\"sheet\" style=\"display:flex;flex-wrap:wrap;gap:.9rem;align-items:flex-end\">\n\
         {figures}</div>\n{left_off}"
    )
}

fn figure(cell: &Cell<'_>) -> String {
    let caption = html(&cell.caption);
    let (picture, problem) = match data_uri(cell) {
        Ok((uri, [height, width])) => (
            format!(
                "<img src=\"{uri}\" alt=\"{caption}\" width=\"{width}\" height=\"{height}\" \
                 style=\"display:block;image-rendering:pixelated\">"
            ),
            String::new(),
        ),
        Err(problem) => (String::new(), format!(" ({problem})")),
    };
    let narrow = "margin:0;max-width:10rem;break-inside:avoid;overflow-wrap:anywhere";
    format!(
        "<figure style=\"{narrow}\">{picture}<figcaption>{caption}{problem}</figcaption></figure>\n"
    )
}

fn quote(cell: &TextCell) -> String {
    let excerpt: String = cell.text.chars().take(EXCERPT).collect();
    let more = if cell.text.chars().nth(EXCERPT).is_some() { "…" } else { "" };
    let (excerpt, caption) = (html(&excerpt), html(&cell.caption));
    let narrow = "margin:0;width:20rem;max-width:100%;break-inside:avoid;overflow-wrap:anywhere";
    format!(
        "<figure style=\"{narrow}\"><blockquote style=\"margin:0\" dir=\"auto\">“{excerpt}{more}”</blockquote>\
         <figcaption>{caption}</figcaption></figure>\n"
    )
}

/// The picture of a row as an address, and the height and width at which it is shown.
fn data_uri(cell: &Cell<'_>) -> Result<(String, [usize; 2]), String> {
    let picture = scale::fitting(cell)?;
    let longest = picture.height.max(picture.width).max(1);
    // Whole numbers, so that every pixel is a square of one size.
    let times = ((USUAL + longest / 2) / longest).max(1);
    let png = encode(&picture).ok_or("it could not be written as PNG")?;
    let uri = format!("data:image/png;base64,{}", base64::encode(&png));
    Ok((uri, [picture.height * times, picture.width * times]))
}

fn encode(picture: &Picture) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let colour =
        if picture.channels == 1 { ExtendedColorType::L8 } else { ExtendedColorType::Rgb8 };
    let (width, height) = (u32::try_from(picture.width).ok()?, u32::try_from(picture.height).ok()?);
    let (compression, filter) = (png::CompressionType::Default, png::FilterType::Adaptive);
    png::PngEncoder::new_with_quality(&mut bytes, compression, filter)
        .write_image(&picture.pixels, width, height, colour)
        .ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests;
