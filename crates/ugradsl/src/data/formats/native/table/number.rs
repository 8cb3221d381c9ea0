//! What a cell holds: a number, nothing, yes or no, or text.

/// Whether a cell says that its value is not known.
pub(super) fn is_missing(cell: &str) -> bool {
    // Most cells are numbers, and this is asked of each cell several times.
    if cell.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let cell = cell.trim();
    match cell.as_bytes().first() {
        None => true,
        // As pandas, spreadsheets and databases write it.
        Some(b'?' | b'n' | b'N' | b'<' | b'#' | b'\\') => {
            ["?", "na", "n/a", "nan", "null", "<na>", "#n/a", "\\n"]
                .iter()
                .any(|word| cell.eq_ignore_ascii_case(word))
        }
        Some(_) => false,
    }
}

/// The number in a cell, infinite ones included. With `comma`, `1,5` is 1.5.
pub(super) fn number(cell: &str, comma: bool) -> Option<f64> {
    let cell = cell.trim();
    let first = cell.trim_start_matches(['+', '-']);
    // Also `inf`, but not `nan`, which is a missing value.
    if !first.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | 'i' | 'I')) {
        return None;
    }
    let marked = comma && cell.bytes().filter(|&byte| byte == b',').count() == 1;
    if marked && !cell.contains('.') {
        cell.replace(',', ".").parse().ok()
    } else {
        cell.parse().ok()
    }
}

/// A whole number, also written as `1.0` or `1e3`.
pub(super) fn whole(cell: &str, comma: bool) -> Option<i64> {
    // Beyond, whole numbers are no longer told apart by a float.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let exact = cell.trim().parse().ok();
    exact.or_else(|| {
        let value = number(cell, comma)?;
        (value.fract() == 0.0 && value.abs() < EXACT).then_some(value as i64)
    })
}

/// 0 or 1, for `false`/`true` and `no`/`yes`.
pub(super) fn flag(cell: &str) -> Option<bool> {
    let is = |word: &str| cell.trim().eq_ignore_ascii_case(word);
    if is("true") || is("yes") { Some(true) } else { (is("false") || is("no")).then_some(false) }
}

/// Whether a cell is made like a number, a date or a time, though it may not be read as one.
pub(super) fn like_number(cell: &str) -> bool {
    let marks = |char: char| " \u{a0}\u{202f}.,;|'’+-−/:%€$£".contains(char);
    cell.chars().any(|char| char.is_ascii_digit())
        && cell.chars().all(|char| char.is_ascii_digit() || marks(char))
}

/// Whether a text has more than a few words.
pub(super) fn words(cell: &str) -> usize {
    cell.split_whitespace().count()
}

#[cfg(test)]
mod tests {
    use super::is_missing;

    #[test]
    fn missing_values_are_known_as_programs_write_them() {
        for cell in ["", " ", "?", "NA", "n/a", "NaN", "null", "<NA>", "#N/A", "\\N"] {
            assert!(is_missing(cell), "{cell}");
        }
        for cell in ["0", "none", "<b>", "#1", "\\n\\n", "nan bread"] {
            assert!(!is_missing(cell), "{cell}");
        }
    }
}
