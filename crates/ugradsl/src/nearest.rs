//! Which known word a misspelt one was meant to be.

/// The candidate that `word` is most likely to mean: one that it begins, or a few letters away;
/// none where all are as good as unrelated.
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

/// The least similarity, from 0 to 1, at which a name is suggested.
const SIMILAR: f64 = 0.6;

/// The candidates most similar to `name`, whatever their case: at most three, the nearest first.
pub(crate) fn names<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let asked = name.to_lowercase();
    let similarity =
        |known: &str| strsim::normalized_damerau_levenshtein(&known.to_lowercase(), &asked);
    let scored = candidates.into_iter().map(|known| (similarity(known), known));
    let mut near: Vec<_> = scored.filter(|(score, _)| *score >= SIMILAR).collect();
    near.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    near.into_iter().take(3).map(|(_, known)| known.to_owned()).collect()
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
