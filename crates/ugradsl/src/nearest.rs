//! What a word with a slip of the pen was meant to be.

/// The candidate that `word` is most likely to mean: one that it begins, or a few letters away; none where all are
/// as good as unrelated.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let length = word.chars().count();
    // Of a short word so many letters are not a slip but another word.
    let most = (length / 3).clamp(1, 3);
    let distance = |candidate: &str| {
        let begins = length >= 3 && candidate.starts_with(word);
        if begins { 1 } else { strsim::damerau_levenshtein(candidate, word) }
    };
    let near = candidates.into_iter().map(|candidate| (distance(candidate), candidate));
    near.filter(|(distance, candidate)| *distance <= most && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_understood_and_another_word_is_not() {
        let keys = ["p", "alpha", "epochs", "batch_size", "learning_rate", "clip_norm"];
        for (word, meant) in [
            ("alhpa", Some("alpha")),
            ("epoch", Some("epochs")),
            ("learningrate", Some("learning_rate")),
            ("clip", Some("clip_norm")),
            ("batch", Some("batch_size")),
            ("q", None),
            ("lr", None),
            ("temperature", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, keys), meant, "{word}");
        }
    }
}
