//! Strips from a message exactly what `fetch_20newsgroups(remove=("headers", "footers", "quotes"))`
//! of scikit-learn strips, in the same order, so that results can be compared.

/// The message without its header, footer and quotes.
pub fn strip(message: &str) -> String {
    strip_quotes(strip_footer(strip_header(message)))
}

/// The text after the first blank line; empty if there is none.
pub fn strip_header(message: &str) -> &str {
    message.split_once("\n\n").map_or("", |(_, body)| body)
}

/// The text before the last line that is blank or has only hyphens, trimmed; all of it, untrimmed,
/// if there is no such line or it is the first.
pub fn strip_footer(body: &str) -> &str {
    let trimmed = body.trim_matches(is_space);
    let mut end = trimmed.len();
    for line in trimmed.rsplit('\n') {
        // Where the line begins. The line break before it is not part of what remains.
        let start = end - line.len();
        if start == 0 {
            break;
        }
        if line.trim_matches(is_space).trim_matches('-').is_empty() {
            return &trimmed[..start - 1];
        }
        end = start - 1;
    }
    body
}

/// The lines that neither quote nor introduce a quote.
pub fn strip_quotes(body: &str) -> String {
    const ANYWHERE: [&str; 5] = ["writes in", "writes:", "wrote:", "says:", "said:"];
    const IN_FRONT: [&str; 4] = ["In article", "Quoted from", "|", ">"];
    let quotes = |line: &&str| {
        ANYWHERE.iter().any(|words| line.contains(words))
            || IN_FRONT.iter().any(|words| line.starts_with(words))
    };
    let lines: Vec<&str> = body.split('\n').filter(|line| !quotes(line)).collect();
    lines.join("\n")
}

/// White space as in Python's `str.strip`: four separators more than in Unicode.
fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\x1c'..='\x1f').contains(&character)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_message_is_its_own_text_only() {
        let message = "From: anna@x.org\nSubject: Re: moon\n\nIn article <1@x> zoe wrote:\n\
                       > It is cheese.\nIt is not.\n\nTruly\n--\nAnna, moon department\n";
        assert_eq!(strip(message), "It is not.\n\nTruly");
    }

    // The expected values here and below are what scikit-learn's functions gave for the same text.
    #[test]
    fn headers_end_at_the_first_blank_line() {
        for (message, body) in [
            ("a: b\n\nbody\n\nmore", "body\n\nmore"),
            ("no blank line\nat all", ""),
            ("\n\nbody", "body"),
            ("a: b\r\n\r\nbody", ""),
            ("a: b\n \nbody", ""),
            ("a\n\n", ""),
            ("a\n\n\nbody", "\nbody"),
            ("", ""),
        ] {
            assert_eq!(strip_header(message), body, "{message:?}");
        }
    }

    #[test]
    fn footers_begin_at_the_last_blank_or_hyphened_line() {
        for (body, rest) in [
            ("text\n\nAnna", "text"),
            ("text\n--\nAnna", "text"),
            ("text\n -- \nAnna\nMoon", "text"),
            ("one\n\ntwo\n\nthree\n", "one\n\ntwo"),
            // A line of hyphens at the very end begins a footer; white space there does not.
            ("text\n---", "text"),
            ("text\n\n\n", "text\n\n\n"),
            // Without such a line, or if it is the first, everything is kept, spaces included.
            ("  one\ntwo  ", "  one\ntwo  "),
            ("---\ntext", "---\ntext"),
            ("---", "---"),
            ("- -\ntext", "- -\ntext"),
            ("text\n- -\nAnna", "text\n- -\nAnna"),
            ("text\n\x1c\u{a0}\nAnna", "text"),
            ("\n\n", "\n\n"),
            ("", ""),
        ] {
            assert_eq!(strip_footer(body), rest, "{body:?}");
        }
    }

    #[test]
    fn lines_with_quotes_are_removed_whole() {
        for (body, rest) in [
            ("a\n> b\n| c\nd", "a\nd"),
            (" > b", " > b"),
            ("x > y", "x > y"),
            ("he said: no\nhe said no", "he said no"),
            ("Zoe writes in <1@x>\nyes", "yes"),
            ("In article 1\n In article 1\nin article 1", " In article 1\nin article 1"),
            ("Quoted from Zoe", ""),
            ("a\n>\n", "a\n"),
            ("", ""),
        ] {
            assert_eq!(strip_quotes(body), rest, "{body:?}");
        }
    }

    proptest! {
        #[test]
        fn stripping_only_removes(message in "(\\PC|[\\n \\-|>\\x1c]){0,200}") {
            let own = strip(&message);
            let lines: Vec<&str> = message.split('\n').collect();
            // White space may go with a footer, so that the first and last line can be shorter.
            let known = |line: &str| lines.iter().any(|whole| whole.contains(line));
            prop_assert!(own.is_empty() || own.split('\n').all(known));
            prop_assert!(own.len() <= message.len());
        }
    }
}
