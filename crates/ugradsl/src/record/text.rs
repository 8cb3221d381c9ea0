//! Text of others, made safe to show: on one line, without invisible characters, escaped.

/// Longer texts are cut: a page is for reading.
const LONGEST: usize = 2000;

/// `text` on one line. Characters that are not seen but change how others are read are spelt out,
/// as `[U+202E]`, so that a file name cannot turn the words around it about.
pub(crate) fn clean(text: &str) -> String {
    let mut clean = String::new();
    for character in text.chars().take(LONGEST) {
        match character {
            '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push(' '),
            _ if is_hidden(character) => {
                clean.push_str(&format!("[U+{:04X}]", u32::from(character)));
            }
            _ => clean.push(character),
        }
    }
    let left_off = text.chars().skip(LONGEST).count();
    if left_off > 0 {
        clean.push_str(&format!("… ({left_off} more characters)"));
    }
    clean
}

/// The same, cut after `most` characters: for a name within a sentence.
pub(crate) fn brief(text: &str, most: usize) -> String {
    let cut: String = text.chars().take(most).collect();
    let more = if text.chars().nth(most).is_some() { "…" } else { "" };
    clean(&cut) + more
}

/// Whether a character has no shape of its own. The two joiners belong to the spelling of some
/// languages and stay.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            u32::from(character),
            0xAD | 0x61C
                | 0x180E
                | 0x200B
                | 0x200E..=0x200F
                | 0x202A..=0x202E
                | 0x2060..=0x206F
                | 0xFEFF
                | 0xFFF9..=0xFFFB
                | 0xE0000..=0xE007F
        )
}

/// `text` for HTML: as content, and as the value of an attribute in double quotes.
pub(crate) fn html(text: &str) -> String {
    let mut html = String::new();
    for character in clean(text).chars() {
        match character {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(character),
        }
    }
    html
}

/// `text` for Markdown: nothing in it is a mark, at the beginning of a line neither.
pub(crate) fn markdown(text: &str) -> String {
    let mut markdown = String::new();
    let clean = clean(text);
    let clean = clean.trim();
    let digits = clean.chars().take_while(char::is_ascii_digit).count();
    for (position, character) in clean.chars().enumerate() {
        let ends_number = digits > 0 && position == digits && matches!(character, '.' | ')');
        match character {
            '<' => markdown.push_str("&lt;"),
            '&' => markdown.push_str("&amp;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '~' => markdown.extend(['\\', character]),
            '#' | '>' | '+' | '-' | '=' if position == 0 => markdown.extend(['\\', character]),
            _ if ends_number => markdown.extend(['\\', character]),
            _ => markdown.push(character),
        }
    }
    markdown
}

/// A number and what it counts: `1 row`, `2 rows`.
pub(crate) fn counted(number: usize, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}

/// The day of a time in seconds since 1970, in UTC: `30 November 2026`. `None` for a time so far
/// away that it is a mistake.
pub(crate) fn day(unix_time: u64) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    // Days since 1 March of the year 0, so that a leap day is the last of its year.
    let days = (unix_time / 86_400).checked_add(719_468)?;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12;
    let year = era * 400 + year_of_era + u64::from(month < 2);
    let month = MONTHS.get(usize::try_from(month).ok()?)?;
    (year <= 9999).then(|| format!("{day} {month} {year}"))
}

#[cfg(test)]
#[path = "text/tests.rs"]
mod tests;
