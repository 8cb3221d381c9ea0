//! What is done to every picture before it becomes a row.

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use crate::data::read_config::Channels;

/// The largest side that pictures can be resized to.
pub const LARGEST_SIDE: u32 = 4096;

/// What is done to every picture. The default changes nothing that is seen.
///
/// It belongs to a model: a picture that is classified later must be read in the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PictureReading {
    /// The short side becomes this long, then the centre is cut out as a square.
    pub resize: Option<u32>,
    /// All pictures become grey, or all become coloured.
    pub channels: Option<Channels>,
    /// The colour that is seen through transparent pixels. Without it they are refused.
    pub background: Option<[u8; 3]>,
}

/// Why a text is not a setting of [`PictureReading`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadingError {
    /// Not a colour.
    #[error("`{text}` is not a background: type white, black or a colour such as #ff8000")]
    Background {
        /// What was typed.
        text: String,
    },
    /// A side of no or of too many pixels.
    #[error("pictures cannot be resized to {side}: type a number from 1 to {LARGEST_SIDE}")]
    Resize {
        /// The side asked for.
        side: u32,
    },
}

impl PictureReading {
    /// Checks what the types do not: the side.
    ///
    /// # Errors
    /// When the side is zero or above [`LARGEST_SIDE`].
    pub fn check(&self) -> Result<(), ReadingError> {
        match self.resize {
            Some(side) if side == 0 || side > LARGEST_SIDE => Err(ReadingError::Resize { side }),
            _ => Ok(()),
        }
    }
}

/// A background as people type it: `white`, `black` or `#rrggbb`.
///
/// # Errors
/// When the text is none of these.
pub fn background(text: &str) -> Result<[u8; 3], ReadingError> {
    let digits = match text.to_ascii_lowercase().as_str() {
        "white" => return Ok([255; 3]),
        "black" => return Ok([0; 3]),
        other => other.strip_prefix('#').map(str::to_owned),
    };
    // A sign would be accepted by the parser of numbers.
    let hex = |digits: &String| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let number = digits.filter(hex).and_then(|digits| u32::from_str_radix(&digits, 16).ok());
    let number = number.ok_or_else(|| ReadingError::Background { text: text.to_owned() })?;
    let [_, red, green, blue] = number.to_be_bytes();
    Ok([red, green, blue])
}

#[cfg(test)]
mod tests;
