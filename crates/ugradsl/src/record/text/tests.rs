use proptest::prelude::*;

use super::*;

#[test]
fn invisible_characters_are_spelt_out() {
    assert_eq!(clean("a\nb\tc\u{0}"), "a b c[U+0000]");
    assert_eq!(clean("gpj.\u{202E}exe"), "gpj.[U+202E]exe");
    assert_eq!(clean("\u{200F}x\u{2066}\u{E0041}"), "[U+200F]x[U+2066][U+E0041]");
    // Joiners are part of how Persian and emoji are written.
    assert_eq!(clean("\u{200D}می\u{200C}خواهم"), "\u{200D}می\u{200C}خواهم");
}

#[test]
fn long_texts_are_cut_and_say_so() {
    let cut = clean(&"ü".repeat(2001));
    assert!(cut.ends_with("ü… (1 more characters)"), "{cut}");
    assert_eq!(clean(&"ü".repeat(2000)), "ü".repeat(2000));
}

#[test]
fn marks_are_escaped() {
    assert_eq!(html(r#"<a href="x">'&"#), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
    assert_eq!(markdown("a|b`c`\n<i>*_"), r"a\|b\`c\` &lt;i>\*\_");
    assert_eq!(markdown("# no heading"), r"\# no heading");
    assert_eq!(markdown("12. no list"), r"12\. no list");
    assert_eq!(markdown("    no code"), "no code");
    assert_eq!(markdown("12 rows. Two"), "12 rows. Two");
}

#[test]
fn days_are_those_of_the_calendar() {
    for (time, expected) in [
        (0, "1 January 1970"),
        (86_399, "1 January 1970"),
        (951_782_400, "29 February 2000"),
        (951_868_800, "1 March 2000"),
        (1_709_164_800, "29 February 2024"),
        (1_735_603_200, "31 December 2024"),
        (1_735_689_600, "1 January 2025"),
        (1_796_018_400, "30 November 2026"),
        (4_107_542_400, "1 March 2100"),
        (253_402_300_799, "31 December 9999"),
    ] {
        assert_eq!(day(time).as_deref(), Some(expected), "{time}");
    }
    assert_eq!(day(253_402_300_800), None);
    assert_eq!(day(u64::MAX), None);
}

proptest! {
    #[test]
    fn no_text_leaves_a_mark(text in any::<String>(), time in any::<u64>()) {
        let shown = html(&text);
        prop_assert!(!shown.contains(['<', '>', '"', '\n']));
        prop_assert!(!markdown(&text).contains('\n'));
        let _ = day(time);
    }
}
