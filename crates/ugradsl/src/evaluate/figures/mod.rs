//! The figures of a network, as a record keeps them.

mod json;
#[cfg(feature = "typescript")]
mod typescript;

use std::collections::BTreeMap;

use super::{
    DivergenceError, Figure, Measures, MembershipRoc, Mia, Predictions, RocFigures, Similarity,
    average_gap, jensen_shannon,
};

/// Values by [`Figure`]; figures that were not measured are absent.
///
/// In JSON each stands under its [key](Figure::key), so that figures look like fields of the
/// record. A value that is not finite is `null` there, and absent when it is read again.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures(BTreeMap<Figure, f64>);

impl Figures {
    /// The value of `figure`, in its [unit](Figure::unit).
    pub fn get(&self, figure: Figure) -> Option<f64> {
        self.0.get(&figure).copied()
    }

    /// Sets `figure`, or removes it with `None`.
    pub fn set(&mut self, figure: Figure, value: impl Into<Option<f64>>) {
        match value.into() {
            Some(value) => drop(self.0.insert(figure, value)),
            None => drop(self.0.remove(&figure)),
        }
    }

    /// All figures that were measured, in the order of tables.
    pub fn iter(&self) -> impl Iterator<Item = (Figure, f64)> {
        self.0.iter().map(|(figure, value)| (*figure, *value))
    }

    /// The four figures of the gap, and the features of the attack. One of the four that was not
    /// measured is NaN; a record always has them.
    pub fn measures(&self) -> Measures {
        let required = |figure| self.get(figure).unwrap_or(f64::NAN);
        Measures {
            ua: required(Figure::Ua),
            ra: required(Figure::Ra),
            ta: required(Figure::Ta),
            mia: Mia {
                confidence: required(Figure::Mia),
                correctness: self.get(Figure::MiaCorrectness),
                entropy: self.get(Figure::MiaEntropy),
                modified_entropy: self.get(Figure::MiaModifiedEntropy),
                probabilities: self.get(Figure::MiaProbabilities),
            },
        }
    }

    /// `measures`, and the figures that follow from a network's `predictions` alone. A figure that
    /// cannot be computed, such as a curve with an empty side, is absent.
    pub fn of_network(measures: &Measures, predictions: &Predictions) -> Self {
        let mut figures = Self::from(*measures);
        figures.extend(predictions.roc().ok().map(Self::from));
        figures
    }

    /// Distances of a network to the retrained one, both given by their measures and predictions.
    ///
    /// # Errors
    /// When the two have predictions for different rows.
    pub fn distances(
        network: (&Measures, &Predictions),
        retrained: (&Measures, &Predictions),
    ) -> Result<Self, DivergenceError> {
        let mut figures = Self::from(Similarity::between(network.1, retrained.1)?);
        figures.set(Figure::Gap, average_gap(network.0, retrained.0));
        figures.set(Figure::JsForget, jensen_shannon(&network.1.forget, &retrained.1.forget)?);
        figures.set(Figure::JsTest, jensen_shannon(&network.1.test, &retrained.1.test)?);
        Ok(figures)
    }
}

impl Extend<Figures> for Figures {
    fn extend<T: IntoIterator<Item = Self>>(&mut self, others: T) {
        self.0.extend(others.into_iter().flat_map(|figures| figures.0));
    }
}

impl FromIterator<(Figure, f64)> for Figures {
    fn from_iter<T: IntoIterator<Item = (Figure, f64)>>(figures: T) -> Self {
        Self(figures.into_iter().collect())
    }
}

impl From<Measures> for Figures {
    fn from(Measures { ua, ra, ta, mia }: Measures) -> Self {
        let mut figures: Self =
            [(Figure::Ua, ua), (Figure::Mia, mia.confidence), (Figure::Ra, ra), (Figure::Ta, ta)]
                .into_iter()
                .collect();
        figures.set(Figure::MiaCorrectness, mia.correctness);
        figures.set(Figure::MiaEntropy, mia.entropy);
        figures.set(Figure::MiaModifiedEntropy, mia.modified_entropy);
        figures.set(Figure::MiaProbabilities, mia.probabilities);
        figures
    }
}

impl From<Similarity> for Figures {
    fn from(similarity: Similarity) -> Self {
        [
            (Figure::KlForget, similarity.kl_forget),
            (Figure::KlTest, similarity.kl_test),
            (Figure::KlReverseForget, similarity.kl_reverse_forget),
            (Figure::KlReverseTest, similarity.kl_reverse_test),
            (Figure::AgreementForget, similarity.agreement_forget),
            (Figure::AgreementTest, similarity.agreement_test),
        ]
        .into_iter()
        .collect()
    }
}

impl From<MembershipRoc> for Figures {
    fn from(MembershipRoc { forget, retain }: MembershipRoc) -> Self {
        let forgotten = [
            Figure::AucForget,
            Figure::TprForget,
            Figure::StrictTprForget,
            Figure::BalancedAccuracyForget,
            Figure::MembersForget,
            Figure::NonMembersForget,
        ];
        let retained = [
            Figure::AucRetain,
            Figure::TprRetain,
            Figure::StrictTprRetain,
            Figure::BalancedAccuracyRetain,
            Figure::MembersRetain,
            Figure::NonMembersRetain,
        ];
        let forgotten = forgotten.into_iter().zip(curve(&forget));
        forgotten.chain(retained.into_iter().zip(curve(&retain))).collect()
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts of rows are exact")]
fn curve(roc: &RocFigures) -> [f64; 6] {
    let RocFigures { auc, tpr_at_fpr_1, tpr_at_fpr_0_1, balanced_accuracy, members, non_members } =
        *roc;
    [auc, tpr_at_fpr_1, tpr_at_fpr_0_1, balanced_accuracy, members as f64, non_members as f64]
}

#[cfg(test)]
mod tests;
