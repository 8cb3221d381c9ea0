//! Text as Windows writes it: PowerShell's `>` makes UTF-16 of a list.

/// The text of bytes that begin with a mark of UTF-16, or that they are damaged; `None` without a
/// mark.
pub(crate) fn utf16(bytes: &[u8]) -> Option<Result<String, Damaged>> {
    let (unit, rest): (fn([u8; 2]) -> u16, _) = match bytes {
        [0xff, 0xfe, rest @ ..] => (u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] => (u16::from_be_bytes, rest),
        _ => return None,
    };
    let (pairs, odd) = rest.as_chunks::<2>();
    let text: Result<String, _> =
        char::decode_utf16(pairs.iter().map(|&pair| unit(pair))).collect();
    Some(text.ok().filter(|_| odd.is_empty()).ok_or(Damaged))
}

/// The text ends within a character, or has half of one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Damaged;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_decide_and_halves_are_damage() {
        assert_eq!(utf16(b"7"), None);
        assert_eq!(utf16(b"\xff\xfe7\0\x0a\0"), Some(Ok("7\n".to_owned())));
        assert_eq!(utf16(b"\xfe\xff\x007"), Some(Ok("7".to_owned())));
        assert_eq!(utf16(b"\xff\xfe7"), Some(Err(Damaged)));
        assert_eq!(utf16(b"\xff\xfe\0\xd8"), Some(Err(Damaged)));
    }
}
