//! Whether bytes are an ONNX model. The format has nothing that it begins with, so its fields are
//! walked through.

/// A message with a version first, fields in the numbers that a model has, and a graph.
pub(super) fn is(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    if !matches!(bytes, [0x08, 1..=40, ..]) {
        return false;
    }
    for _ in 0..64 {
        let Some(key) = varint(&mut rest) else { return false };
        match (key >> 3, key & 7) {
            // The version, the version of the model.
            (1 | 5, 0) => {
                if varint(&mut rest).is_none() {
                    return false;
                }
            }
            // The graph; it may break off.
            (7, 2) => return varint(&mut rest).is_some_and(|length| length > 0),
            // Names, domain, text, operator sets, metadata, training, functions.
            (2..=4 | 6 | 8 | 14 | 20 | 25, 2) => {
                let skipped =
                    varint(&mut rest).and_then(|length| rest.get(usize::try_from(length).ok()?..));
                let Some(skipped) = skipped else { return false };
                rest = skipped;
            }
            _ => return false,
        }
    }
    false
}

/// A number of up to nine groups of seven bits.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in 0..9 {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << (7 * shift);
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}
