//! Pictures of a folder, decoded in parallel and in order.

mod tally;

use std::path::Path;

use rayon::prelude::*;

use self::tally::Tally;
use crate::data::formats::native::folder::error::FolderError;
use crate::data::formats::native::folder::files::{
    self, Failure, Failures, folder_part, not_emptied, part_name,
};
use crate::data::formats::native::folder::list::{Listed, Part};
use crate::data::formats::native::folder::parts::{self, Parts, skipped_note};
use crate::data::formats::native::folder::picture::{LARGEST, Picture, decode};
use crate::data::formats::native::folder::reading::PictureReading;
use crate::data::formats::native::folder::{Folder, FolderOptions, FolderPart, Images, Kind};

/// Pictures decoded at a time for each thread. Few, because each may unpack to much.
const CHUNK: usize = 8;

/// Reads a folder of pictures.
///
/// # Errors
/// When the folder is not a data set, and when pictures are damaged, cannot be used as they are, or
/// differ in size or channels. All files with the same fault are named together.
pub fn read_pictures(
    directory: &Path,
    options: &FolderOptions,
) -> Result<Folder<Images>, FolderError> {
    options.pictures.check()?;
    let Parts { layout, classes, train, test, mut notes } = parts::list(directory, Kind::Pictures)?;
    let (mut failures, mut tally) = (Failures::default(), Tally::default());
    let mut read = |part: &Part| {
        let name = part_name(&layout.root, part);
        decode_part(&name, part, options, &mut failures, &mut tally)
    };
    let trained = read(&train);
    let tested = test.as_ref().map(&mut read);
    let skipped = failures.settle(options)?;
    tally.check(options)?;
    let finish = |part: &Part, (pixels, kept): (Vec<u8>, Vec<usize>)| {
        let kept: Vec<&Listed> = kept.iter().filter_map(|&at| part.files.get(at)).collect();
        let name = part_name(&layout.root, part);
        not_emptied(&name, part, &kept)?;
        let images = Images { shape: tally.shape(), pixels };
        Ok::<FolderPart<Images>, FolderError>(folder_part(&name, images, &kept))
    };
    let train = finish(&train, trained)?;
    let test = test.as_ref().zip(tested).map(|(part, found)| finish(part, found)).transpose()?;
    notes.extend(tally.notes(&options.pictures));
    notes.extend(skipped_note(&skipped));
    Ok(Folder { classes, train, test, notes, skipped })
}

/// The pixels of the pictures of a part that can be decoded, and the numbers of their files.
///
/// Once two pictures differ in shape, pixels are of no use and no longer kept.
fn decode_part(
    name: &str,
    part: &Part,
    options: &FolderOptions,
    failures: &mut Failures,
    tally: &mut Tally,
) -> (Vec<u8>, Vec<usize>) {
    let (mut pixels, mut kept) = (Vec::new(), Vec::new());
    let chunk = CHUNK * rayon::current_num_threads();
    for (start, files) in (0..).step_by(chunk).zip(part.files.chunks(chunk)) {
        let decoded: Vec<Result<Picture, Failure>> =
            files.par_iter().map(|file| decode_file(&file.path, &options.pictures)).collect();
        // In order, so that results do not depend on which thread was first.
        for ((at, file), picture) in (start..).zip(files).zip(decoded) {
            match picture {
                Err(failure) => failures.add(name, file, failure),
                Ok(picture) => {
                    kept.push(at);
                    if tally.add(name, file, &picture) {
                        pixels.extend(picture.pixels);
                    } else {
                        pixels = Vec::new();
                    }
                }
            }
        }
    }
    (pixels, kept)
}

fn decode_file(path: &Path, reading: &PictureReading) -> Result<Picture, Failure> {
    let bytes = files::bytes(path, LARGEST)
        .map_err(|reason| Failure { damage: true, reason: format!("cannot be read: {reason}") })?;
    let failure = |error: crate::data::formats::native::folder::PictureError| Failure {
        damage: error.is_damage(),
        reason: error.to_string(),
    };
    decode(&bytes, reading).map_err(failure)
}
