//! What is said of every outcome.

use super::*;

#[test]
fn every_outcome_is_said_in_words() {
    for (verdict, tone, sentences) in [
        (
            "reached",
            "good",
            [
                "The request is fulfilled",
                "(right on 100.0 % of them before, on 8.3 % now)",
                "The network now answers on them as a network that never saw them is expected to",
            ],
        ),
        (
            "partly",
            "warn",
            [
                "The request is NOT fulfilled in full",
                "went only part of the way, went too far, or cannot be judged well enough",
                "it must not be called done before",
            ],
        ),
        (
            "not-forgotten",
            "bad",
            [
                "The request is NOT fulfilled",
                "it still answers on them much as before",
                "must be taken to be still in the network",
            ],
        ),
        (
            "harmed",
            "bad",
            [
                "The request is NOT fulfilled, and the network is harmed",
                "The request is NOT fulfilled: this network should not be used",
                "28.2 points are lost, which is too much",
            ],
        ),
        (
            "nothing-to-do",
            "good",
            [
                "The request is fulfilled: nothing had to be changed",
                "The network was left as it was",
                "The weights were not changed. Whatever they hold of the rows, they still hold.",
            ],
        ),
        (
            "forgotten",
            "bad",
            [
                "The request is NOT fulfilled: its outcome is not known",
                "The request is NOT fulfilled as far as this page can tell",
                "What was done to the network is said below",
            ],
        ),
    ] {
        let record = record(verdict);
        let [html, markdown] = both(&record);
        assert!(html.contains(&format!("class=\"stamp {tone}\"")), "{verdict}");
        let story = "On 30 November 2026 the network that is now in the file “forgotten.safetensors” \
                     was asked to forget 12 pictures that it was trained on.";
        for sentence in sentences.into_iter().chain([story]) {
            assert!(html.contains(sentence), "{verdict}: {sentence}\n{html}");
            assert!(markdown.contains(sentence), "{verdict}: {sentence}\n{markdown}");
        }
        let not = html.contains("NOT fulfilled") && markdown.contains("NOT fulfilled");
        assert_eq!(not, !record.outcome.is_fulfilled(), "{verdict}");
        assert!(!html.contains("contradicts itself"), "{verdict}");
    }
}
