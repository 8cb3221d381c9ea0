//! Text of one byte a character: Latin-1 with what Windows adds.

/// What Windows writes for the bytes 0x80 to 0x9f, where Latin-1 has only control characters.
const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

/// The text of bytes, each a character.
pub(in crate::data) fn windows_1252(bytes: &[u8]) -> String {
    let windows: Vec<char> = WINDOWS.chars().collect();
    let char = |&byte: &u8| match byte {
        0x80..=0x9f => windows.get(usize::from(byte - 0x80)).copied().unwrap_or(char::from(byte)),
        _ => char::from(byte),
    };
    bytes.iter().map(char).collect()
}
