//! Pages with pictures of rows.

use std::path::Path;

use ugradsl::{
    data::{Dataset, Samples},
    record::contact_sheet::{Cell, TextCell, figures, page, texts},
    run::write_atomically,
};

use crate::exit::Result;

/// Rows on a page.
const MOST: usize = 500;

/// Writes a page with pictures of `rows`.
pub(crate) fn write(out: &Path, title: &str, data: &Dataset, rows: &[u32]) -> Result<()> {
    write_atomically(out, page(title, &fragment(data, rows, MOST)).as_bytes())?;
    Ok(())
}

/// Pictures of at most `most` rows, as a part of a page.
pub fn fragment(data: &Dataset, rows: &[u32], most: usize) -> String {
    let caption = |row: u32| {
        let name = data.row_names.as_ref().and_then(|names| names.get(row));
        let label = data.train.labels().get(row as usize).copied().unwrap_or_default();
        let name = name.map_or_else(|| format!("row {}", data.number_of(row)), str::to_owned);
        format!("{name}: {}", data.class_names.get(label).unwrap_or("?"))
    };
    match &data.train {
        Samples::Images(images) => {
            let cell = |&row: &u32| Cell {
                shape: images.shape(),
                pixels: images.row(row as usize),
                caption: caption(row),
            };
            figures(&rows.iter().map(cell).collect::<Vec<_>>(), most)
        }
        Samples::Texts(set) => {
            let shown = rows.iter().take(most).map(|&row| set.row(row as usize));
            // A damaged tokenizer is refused when it is read.
            let mut decoded = set.tokenizer().decode(shown).unwrap_or_default().into_iter();
            let cell = |&row: &u32| TextCell {
                text: decoded.next().unwrap_or_default(),
                caption: caption(row),
            };
            texts(&rows.iter().map(cell).collect::<Vec<_>>(), most)
        }
        Samples::Features(set) => {
            let cell = |&row: &u32| {
                let values = set.names().iter().zip(set.row(row as usize));
                let values: Vec<String> =
                    values.map(|(name, value)| format!("{name} {value:.3}")).collect();
                TextCell { text: values.join(", "), caption: caption(row) }
            };
            texts(&rows.iter().map(cell).collect::<Vec<_>>(), most)
        }
    }
}
