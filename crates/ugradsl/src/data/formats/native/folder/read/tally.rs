//! Counts over all pictures of a folder: shapes and notes.

use std::collections::BTreeMap;

use crate::data::formats::native::folder::FolderOptions;
use crate::data::formats::native::folder::error::FolderError;
use crate::data::formats::native::folder::list::Listed;
use crate::data::formats::native::folder::names::count;
use crate::data::formats::native::folder::picture::{Picture, PictureNote};
use crate::data::formats::native::folder::reading::PictureReading;

/// What the pictures of a folder are like.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Pictures per height and width.
    sizes: BTreeMap<[usize; 2], usize>,
    /// The names of the pictures per number of channels.
    grey: Vec<String>,
    colour: Vec<String>,
    notes: BTreeMap<PictureNote, usize>,
}

impl Tally {
    /// Counts a picture; whether all pictures so far have the same shape.
    pub(crate) fn add(&mut self, part: &str, file: &Listed, picture: &Picture) -> bool {
        let [channels, height, width] = picture.shape;
        *self.sizes.entry([height, width]).or_default() += 1;
        let list = if channels == 1 { &mut self.grey } else { &mut self.colour };
        let slash = if part.is_empty() { "" } else { "/" };
        list.push(format!("{part}{slash}{}", file.name));
        for &note in &picture.notes {
            *self.notes.entry(note).or_default() += 1;
        }
        self.sizes.len() == 1 && (self.grey.is_empty() || self.colour.is_empty())
    }

    /// The shape of the first size, which after [`check`](Self::check) is the only one.
    pub(crate) fn shape(&self) -> [usize; 3] {
        let [height, width] = self.sizes.keys().next().copied().unwrap_or([1, 1]);
        [if self.colour.is_empty() { 1 } else { 3 }, height, width]
    }

    /// An error if the pictures differ in size or channels.
    pub(crate) fn check(&self, options: &FolderOptions) -> Result<(), FolderError> {
        let mixed = !self.grey.is_empty() && !self.colour.is_empty();
        if mixed && options.pictures.channels.is_none() {
            let (grey, colour) = (self.grey.len(), self.colour.len());
            let rarer = if grey <= colour { &self.grey } else { &self.colour };
            return Err(FolderError::ChannelsMixed { grey, colour, files: rarer.clone() });
        }
        if self.sizes.len() > 1 {
            let mut sizes: Vec<_> = self.sizes.iter().collect();
            sizes.sort_by_key(|&(size, &many)| (std::cmp::Reverse(many), size));
            let text = |(size, many): &(&[usize; 2], &usize)| {
                format!("{many} of {} x {} pixels", size[1], size[0])
            };
            let short = self.sizes.keys().flatten().min().copied().unwrap_or(1);
            return Err(FolderError::Sizes { sizes: sizes.iter().map(text).collect(), short });
        }
        Ok(())
    }

    /// Lines for people.
    pub(crate) fn notes(&self, reading: &PictureReading) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(side) = reading.resize {
            let how = format!("the short side to {side}, then the centre of {side} x {side}");
            lines.push(format!("resized: {how}"));
        }
        let counted = self.notes.iter();
        lines.extend(counted.map(|(note, &many)| format!("{}: {note}", count(many, "picture"))));
        lines
    }
}
