//! What has to be said beside a verdict: that forgetting has done more harm than good.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Evidence, Finding};

/// Share of its accuracy on retained rows below which a network counts as destroyed.
const DESTROYED: f64 = 0.7;

/// What has to be said beside a [`Verdict`](super::Verdict).
///
/// ```
/// use ugradsl::run::Remark;
///
/// // Gaps to the retrained network in points: of the network, and of the untouched original.
/// assert!(Remark::is_worse_than_nothing(41.0, 40.0));
/// assert!(!Remark::is_worse_than_nothing(40.0, 40.0));
/// ```
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Remark {
    /// Most of what the network knew of other rows is lost.
    Destroyed,
    /// The network ended further from the retrained network than the untouched original is.
    WorseThanNothing,
}

impl Remark {
    /// Whether a network at `gap` is further from the retrained network than the original, which is
    /// at `untouched`.
    pub fn is_worse_than_nothing(gap: f64, untouched: f64) -> bool {
        gap > untouched
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Destroyed => "destroyed",
            Self::WorseThanNothing => "worse than nothing",
        })
    }
}

impl Evidence {
    pub(super) fn is_destroyed(&self) -> bool {
        self.retained.after < DESTROYED * self.retained.before
    }
}

impl Finding {
    /// The same with the remark that follows from the gaps of the network and of the untouched
    /// original. A destroyed network is called so whatever its gap.
    pub(crate) fn beside_untouched(self, gap: f64, untouched: f64) -> Self {
        let worse = Remark::is_worse_than_nothing(gap, untouched);
        // The gaps may have been measured anew since the remark was made.
        let destroyed = self.remark.filter(|remark| *remark == Remark::Destroyed);
        Self { remark: destroyed.or(worse.then_some(Remark::WorseThanNothing)), ..self }
    }
}
