//! What the figures of a record do not show.

use super::{Copies, Outcome};
use crate::record::text::counted;

/// What is not proven, one or two sentences each. `has_retrained` says whether a retrained network
/// was at hand, `texts` whether the rows are texts.
///
/// ```
/// # use ugradsl::record::deletion::{Copies, Outcome, not_proven};
/// let list = not_proven(&Outcome::default(), &Copies::default(), true, false);
/// assert!(list[0].contains("can prove that nothing of the rows is left"));
/// ```
pub fn not_proven(
    outcome: &Outcome,
    copies: &Copies,
    has_retrained: bool,
    texts: bool,
) -> Vec<String> {
    let mut list = vec![
        "No measurement can prove that nothing of the rows is left in the network. Its weights may \
         still hold what its answers no longer show."
            .to_owned(),
        "The figures are measured on these rows, on the retained and the test rows of this data set, \
         and by one kind of attack. Other questions or another attack may show more."
            .to_owned(),
    ];
    list.push(comparison(outcome, has_retrained));
    if outcome.verdict == "nothing-to-do" {
        list.push(
            "The weights were not changed. Whatever they hold of the rows, they still hold."
                .to_owned(),
        );
    }
    list.push(
        "The rows themselves still lie in the data folder, unless somebody deletes them there."
            .to_owned(),
    );
    list.push(exact_copies(copies));
    list.push(
        "Backups, earlier files of this network and other networks trained on the same data are not \
         touched by this."
            .to_owned(),
    );
    if texts {
        list.push(
            "The tokenizer was not changed. It still knows words that it may have learned from the \
             forgotten texts."
                .to_owned(),
        );
    }
    list
}

/// How far the network that never saw the rows is known.
fn comparison(outcome: &Outcome, has_retrained: bool) -> String {
    let known = |figure: Option<f64>| figure.filter(|figure| figure.is_finite());
    if has_retrained {
        return "The comparison is with one retrained network. Retrained once more, with other random \
                numbers, it would answer a little differently."
            .to_owned();
    }
    let estimated = "No network was retrained without the rows. How such a network would answer is an \
                     estimate";
    match (known(outcome.expected), known(outcome.uncertainty)) {
        (None, _) => {
            "No network was retrained without the rows, and there is no estimate of how such \
                      a network would answer."
                .to_owned()
        }
        (Some(_), Some(points)) => {
            format!("{estimated}, which may be off by about {points:.1} points.")
        }
        (Some(_), None) => format!("{estimated}, and how far it may be off is not known."),
    }
}

fn exact_copies(copies: &Copies) -> String {
    let near = "Near copies, such as a picture at another size or a text with a word changed, were not \
                looked for.";
    let copies_of = |number| counted(number, "exact copy", "exact copies");
    let stay = |number: usize| if number == 1 { "stays" } else { "stay" };
    match (copies.retained, copies.test) {
        (0, 0) => format!("No exact copies of the rows were found elsewhere in the data. {near}"),
        (retained, 0) => format!(
            "{} of the rows {} in the training part: the network was not asked \
             to forget what they show. {near}",
            copies_of(retained),
            stay(retained)
        ),
        (0, test) => {
            format!("{} of the rows {} in the test part. {near}", copies_of(test), stay(test))
        }
        (retained, test) => format!(
            "{} of the rows {} in the training part, and {} in the test part: the network was not \
             asked to forget what the former show. {near}",
            copies_of(retained),
            stay(retained),
            copies_of(test)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(verdict: &str, expected: Option<f64>, uncertainty: Option<f64>, texts: bool) -> String {
        let words = String::new();
        let outcome = Outcome { verdict: verdict.to_owned(), words, expected, uncertainty };
        not_proven(&outcome, &Copies::default(), false, texts).join("\n")
    }

    #[test]
    fn the_list_depends_on_what_is_known() {
        let estimated = list("reached", Some(8.0), Some(2.5), false);
        assert!(estimated.contains("may be off by about 2.5 points"), "{estimated}");
        assert!(!estimated.contains("tokenizer") && !estimated.contains("weights were not"));
        assert!(
            list("reached", Some(8.0), None, false).contains("how far it may be off is not known")
        );
        assert!(list("reached", None, Some(1.0), false).contains("there is no estimate"));
        assert!(list("reached", Some(f64::NAN), None, true).contains("there is no estimate"));
        assert!(list("reached", None, None, true).contains("The tokenizer was not changed"));
        assert!(list("nothing-to-do", None, None, false).contains("The weights were not changed"));
        let retrained = not_proven(&Outcome::default(), &Copies::default(), true, false);
        assert!(retrained[2].contains("one retrained network"));
    }

    #[test]
    fn copies_are_counted() {
        let said = |retained, test| exact_copies(&Copies { retained, test });
        assert!(said(0, 0).starts_with("No exact copies"));
        assert!(said(1, 0).starts_with("1 exact copy of the rows stays in the training part"));
        assert!(said(0, 2).starts_with("2 exact copies of the rows stay in the test part"));
        assert!(
            said(2, 1).contains("stay in the training part, and 1 exact copy in the test part")
        );
    }
}
