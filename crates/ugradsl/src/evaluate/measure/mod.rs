//! Every measure and every figure, in one place: everything else that has them (records, tables,
//! CSV, the check of a report, `ugradsl explain`, the table of `docs/method.md`) derives from the
//! two tables below.
//!
//! A [`Measure`] is what is explained; a [`Figure`] is one number of a measure, on one set of rows,
//! with the key under which a record keeps it. CONTRIBUTING says how to add one.

#[macro_use]
mod macros;
mod figure;
mod name;
mod unit;

mod agreement;
mod auc;
mod balanced_accuracy;
mod gap;
mod js;
mod kl;
mod label_ldp;
mod label_odds;
mod linear_probe;
mod mia;
mod peak_memory;
mod ra;
mod relearn_time;
mod seconds;
mod ta;
mod tpr;
mod u_lira;
mod ua;

use serde::Serialize;

pub use figure::{FigureTable, WhenAbsent};
pub use name::UnknownMeasure;
pub use unit::{Part, Unit};

/// A measure in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The name on the command line.
    pub name: &'static str,
    /// What tables call it.
    pub title: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// The range of its values; empty where the unit says enough.
    pub range: &'static str,
    /// The sets on which it is measured; empty if it is about the run.
    pub parts: &'static [Part],
    /// What it is, in one sentence.
    pub meaning: &'static str,
    /// The same for readers who do not know the field.
    pub plain: &'static str,
    /// How it is computed.
    pub formula: &'static str,
    /// How to read it against the retrained network.
    pub reading: &'static str,
    /// Where it misleads.
    pub pitfalls: &'static str,
    /// Who proposed it.
    pub source: &'static str,
}

impl Explanation {
    /// Unit and range in words, such as `per cent, 0 to 100`.
    pub fn unit_and_range(&self) -> String {
        let parts = [self.unit.words(), self.range];
        let words: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        words.join(", ")
    }
}

measures! {
    Ua => ua,
    Ra => ra,
    Ta => ta,
    Mia => mia,
    Gap => gap,
    Auc => auc,
    Tpr => tpr,
    BalancedAccuracy => balanced_accuracy,
    ULira => u_lira,
    Js => js,
    Kl => kl,
    Agreement => agreement,
    RelearnTime => relearn_time,
    LinearProbe => linear_probe,
    LabelOdds => label_odds,
    LabelLdp => label_ldp,
    Seconds => seconds,
    PeakMemory => peak_memory,
}

// The order is that of the columns of every table. A key with dots lies in nested objects of the
// record.
//
// figure: measure, set, unit, key in a record, key in a summary, title, digits, when absent, tables
figures! {
    Ua: Ua, Forget, Percent, "ua", "ua", "UA %", 2, Refuse, [Methods Runs];
    Mia: Mia, Forget, Percent, "mia", "mia", "MIA %", 2, Refuse, [Methods Runs Attack];
    MiaCorrectness: Mia, Forget, Percent, "mia_correctness", "", "correctness", 2, Null, [Attack];
    MiaEntropy: Mia, Forget, Percent, "mia_entropy", "", "entropy", 2, Null, [Attack];
    MiaModifiedEntropy: Mia, Forget, Percent, "mia_modified_entropy", "", "modified entropy", 2, Null, [Attack];
    MiaProbabilities: Mia, Forget, Percent, "mia_probabilities", "", "probabilities", 2, Null, [Attack];
    Ra: Ra, Retain, Percent, "ra", "ra", "RA %", 2, Refuse, [Methods Runs];
    Ta: Ta, Test, Percent, "ta", "ta", "TA %", 2, Refuse, [Methods Runs];
    Gap: Gap, All, Points, "gap", "gap", "gap", 2, Null, [Methods Runs];
    JsForget: Js, Forget, Nats, "js_forget", "js_forget", "JS forget", 4, Null, [Runs];
    JsTest: Js, Test, Nats, "js_test", "", "JS test", 4, Null, [];
    AucForget: Auc, Forget, Fraction, "roc.forget.auc", "", "AUC", 4, Null, [Answers];
    TprForget: Tpr, Forget, Percent, "roc.forget.tpr_at_fpr_1", "", "TPR at 1 % FPR", 2, Null, [Answers];
    StrictTprForget: Tpr, Forget, Percent, "roc.forget.tpr_at_fpr_0_1", "", "TPR at 0.1 % FPR", 2, Null, [Answers];
    BalancedAccuracyForget: BalancedAccuracy, Forget, Percent, "roc.forget.balanced_accuracy", "", "balanced accuracy", 2, Null, [Answers];
    MembersForget: Auc, Forget, Count, "roc.forget.members", "", "members", 0, Null, [];
    NonMembersForget: Auc, Forget, Count, "roc.forget.non_members", "", "non-members", 0, Null, [];
    AucRetain: Auc, Retain, Fraction, "roc.retain.auc", "", "AUC retain", 4, Null, [];
    TprRetain: Tpr, Retain, Percent, "roc.retain.tpr_at_fpr_1", "", "TPR at 1 % FPR, retain", 2, Null, [];
    StrictTprRetain: Tpr, Retain, Percent, "roc.retain.tpr_at_fpr_0_1", "", "TPR at 0.1 % FPR, retain", 2, Null, [];
    BalancedAccuracyRetain: BalancedAccuracy, Retain, Percent, "roc.retain.balanced_accuracy", "", "balanced accuracy, retain", 2, Null, [];
    MembersRetain: Auc, Retain, Count, "roc.retain.members", "", "members, retain", 0, Null, [];
    NonMembersRetain: Auc, Retain, Count, "roc.retain.non_members", "", "non-members, retain", 0, Null, [];
    KlForget: Kl, Forget, Nats, "likeness.kl_forget", "", "KL forget", 4, Null, [Answers];
    KlTest: Kl, Test, Nats, "likeness.kl_test", "", "KL test", 4, Null, [];
    KlReverseForget: Kl, Forget, Nats, "likeness.kl_reverse_forget", "", "reverse KL forget", 4, Null, [];
    KlReverseTest: Kl, Test, Nats, "likeness.kl_reverse_test", "", "reverse KL test", 4, Null, [];
    AgreementForget: Agreement, Forget, Percent, "likeness.agreement_forget", "", "agreement forget", 2, Null, [Answers];
    AgreementTest: Agreement, Test, Percent, "likeness.agreement_test", "", "agreement test", 2, Null, [Answers];
    Seconds: Seconds, All, Seconds, "seconds", "seconds", "seconds", 1, Null, [Methods Runs];
    RetrainShare: Seconds, All, TimeShare, "retrain_share", "retrain_share", "% of retraining", 1, Null, [Methods];
    PeakMemory: PeakMemory, All, Bytes, "peak_memory", "peak_mib", "peak MiB", 1, LeaveOut, [Methods];
}

#[cfg(test)]
mod tests;
