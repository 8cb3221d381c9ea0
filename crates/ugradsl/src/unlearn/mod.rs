//! The methods, one short file each: what a step looks like, never a loop.
//!
//! A method turns its [`MethodConfig`] into a [`Plan`] for the one loop of [`train`](crate::train).

mod bad_teacher;
mod boundary_expanding;
mod boundary_shrink;
mod config;
mod fisher;
mod ft;
mod ga;
mod influence;
mod l1_sparse;
mod neggrad_plus;
mod retrain;
mod rl;
mod salun;
mod scrub;
mod ssd;
mod ugradsl;
mod ugradsl_plus;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use config::{MethodConfig, TrainingConfig};

use crate::train::Plan;

/// A way to obtain a network that does not know the forget set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// The untouched original: what happens if nothing is done.
    Original,
    /// Trained from scratch on the retain set: the oracle all others are compared with.
    Retrain,
    /// Fine-tuning on the retain set.
    Ft,
    /// Gradient ascent on the forget set.
    Ga,
    /// Descent on the retain set, ascent on the forget set.
    #[serde(rename = "neggrad-plus")]
    NegGradPlus,
    /// UGradSL: ascent with negatively smoothed labels, over the forget set.
    #[serde(rename = "ugradsl")]
    UGradSl,
    /// UGradSL+: the same over the retain set.
    #[serde(rename = "ugradsl-plus")]
    UGradSlPlus,
    /// Random labels on the forget set.
    Rl,
    /// Random labels, moving only the weights that matter for the forget set.
    #[serde(rename = "salun")]
    SalUn,
    /// Fine-tuning with an l1 penalty.
    #[serde(rename = "l1-sparse")]
    L1Sparse,
    /// Away from the original on the forget set and back to it on the retain set, in turns.
    Scrub,
    /// An untrained teacher for the forget set, the original for the retain set.
    BadTeacher,
    /// Selective synaptic dampening, in one stroke.
    Ssd,
    /// The class across the nearest decision boundary for each forgotten sample.
    BoundaryShrink,
    /// A class of their own for the forgotten samples, cut off in the end.
    BoundaryExpanding,
    /// Noise where the retain set does not care, in one stroke.
    Fisher,
    /// One Newton-like step away from the forget set.
    Influence,
}

/// The name is no method.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("unknown method {0:?}: choose from {names}", names = Method::names().join(", "))]
pub struct UnknownMethod(pub String);

impl Method {
    /// All methods, the references first. New ones go to the end: a method's place is its colour.
    pub const ALL: [Self; 17] = [
        Self::Original,
        Self::Retrain,
        Self::Ft,
        Self::Ga,
        Self::NegGradPlus,
        Self::UGradSl,
        Self::UGradSlPlus,
        Self::Rl,
        Self::SalUn,
        Self::L1Sparse,
        Self::Scrub,
        Self::BadTeacher,
        Self::Ssd,
        Self::BoundaryShrink,
        Self::BoundaryExpanding,
        Self::Fisher,
        Self::Influence,
    ];

    /// The name used in recipes, reports and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Retrain => "retrain",
            Self::Ft => "ft",
            Self::Ga => "ga",
            Self::NegGradPlus => "neggrad-plus",
            Self::UGradSl => "ugradsl",
            Self::UGradSlPlus => "ugradsl-plus",
            Self::Rl => "rl",
            Self::SalUn => "salun",
            Self::L1Sparse => "l1-sparse",
            Self::Scrub => "scrub",
            Self::BadTeacher => "bad-teacher",
            Self::Ssd => "ssd",
            Self::BoundaryShrink => "boundary-shrink",
            Self::BoundaryExpanding => "boundary-expanding",
            Self::Fisher => "fisher",
            Self::Influence => "influence",
        }
    }

    fn names() -> Vec<&'static str> {
        Self::ALL.iter().map(|method| method.name()).collect()
    }

    /// Whether it starts from the trained original (rather than being it, or from scratch).
    pub fn unlearns(self) -> bool {
        !matches!(self, Self::Original | Self::Retrain)
    }

    /// What it does when nothing is said.
    pub fn defaults(self) -> MethodConfig {
        match self {
            Self::Original | Self::Retrain => retrain::defaults(),
            Self::Ft => ft::defaults(),
            Self::Ga => ga::defaults(),
            Self::NegGradPlus => neggrad_plus::defaults(),
            Self::UGradSl => ugradsl::defaults(),
            Self::UGradSlPlus => ugradsl_plus::defaults(),
            Self::Rl => rl::defaults(),
            Self::SalUn => salun::defaults(),
            Self::L1Sparse => l1_sparse::defaults(),
            Self::Scrub => scrub::defaults(),
            Self::BadTeacher => bad_teacher::defaults(),
            Self::Ssd => ssd::defaults(),
            Self::BoundaryShrink => boundary_shrink::defaults(),
            Self::BoundaryExpanding => boundary_expanding::defaults(),
            Self::Fisher => fisher::defaults(),
            Self::Influence => influence::defaults(),
        }
    }

    /// Looks in a row that must find a run of it at its target before it ends, where the guards watch and are
    /// not told otherwise. UGradSL+ has the time for a second one; UGradSL would take a sixth longer.
    pub fn patience(self) -> usize {
        if self == Self::UGradSlPlus { 2 } else { 1 }
    }

    /// The run of the loop that carries it out; `training` is the recipe of the original.
    pub fn plan(self, config: &MethodConfig, training: &TrainingConfig) -> Plan {
        let plan = match self {
            Self::Original | Self::Retrain => retrain::plan(training),
            Self::Ft => ft::plan(config),
            Self::Ga => ga::plan(config),
            Self::NegGradPlus => neggrad_plus::plan(config),
            Self::UGradSl => ugradsl::plan(config),
            Self::UGradSlPlus => ugradsl_plus::plan(config),
            Self::Rl => rl::plan(config),
            Self::SalUn => salun::plan(config),
            Self::L1Sparse => l1_sparse::plan(config),
            Self::Scrub => scrub::plan(config),
            Self::BadTeacher => bad_teacher::plan(config),
            Self::Ssd => ssd::plan(config),
            Self::BoundaryShrink => boundary_shrink::plan(config),
            Self::BoundaryExpanding => boundary_expanding::plan(config),
            Self::Fisher => fisher::plan(config),
            Self::Influence => influence::plan(config),
        };
        // Sums over the data are meant over the data as they are.
        let varied = !plan.final_update.accumulates();
        let augmentation = if varied { training.augmentation } else { plan.augmentation };
        Plan { augmentation, ..plan }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Method {
    type Err = UnknownMethod;

    fn from_str(text: &str) -> Result<Self, UnknownMethod> {
        let found = Self::ALL.into_iter().find(|method| method.name() == text);
        found.ok_or_else(|| UnknownMethod(text.to_owned()))
    }
}

#[cfg(test)]
mod tests;
