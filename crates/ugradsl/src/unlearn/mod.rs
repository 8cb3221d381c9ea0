//! The methods, one short file per method: what a step looks like, never a loop.
//!
//! A method is a struct of its settings, which gives a [`Plan`](crate::train::Plan) for the one
//! loop of [`train`](crate::train): see [`MethodSettings`]. One line of `methods!` below registers
//! it.

mod bad_teacher;
mod boundary_expanding;
mod boundary_shrink;
mod configs;
mod contender;
mod fisher;
mod ft;
mod ga;
mod influence;
mod l1_sparse;
mod neggrad_plus;
mod registry;
mod retrain;
mod rl;
mod salun;
mod scrub;
mod settings;
mod ssd;
mod training;
mod ugradsl;
mod ugradsl_plus;

pub use configs::MethodConfigs;
pub use contender::{Contender, PlanNameError};
pub use registry::UnknownMethod;
pub use settings::MethodSettings;
pub use training::TrainingConfig;

// New methods go to the end: a method's position determines its colour.
registry::methods! {
    Ft in ft: "Fine-tuning on the retain set.",
    Ga in ga: "Gradient ascent on the forget set.",
    NegGradPlus in neggrad_plus: "Descent on the retain set, ascent on the forget set.",
    UGradSl in ugradsl: "UGradSL: ascent with negatively smoothed labels, over the forget set.",
    UGradSlPlus in ugradsl_plus: "UGradSL+: the same over the retain set.",
    Rl in rl: "Random labels on the forget set.",
    SalUn in salun: "Random labels, moving only the weights that matter for the forget set.",
    L1Sparse in l1_sparse: "Fine-tuning with an l1 penalty.",
    Scrub in scrub: "In turns: away from the original (forget set), back to it (retain set).",
    BadTeacher in bad_teacher: "Untrained teacher on the forget set, the original elsewhere.",
    Ssd in ssd: "Selective synaptic dampening, in one shot.",
    BoundaryShrink in boundary_shrink: "Labels across the nearest boundary for the forget set.",
    BoundaryExpanding in boundary_expanding: "An extra class for the forget set, then cut off.",
    Fisher in fisher: "Noise on weights that matter little for the retain set, in one shot.",
    Influence in influence: "One Newton-like step away from the forget set.",
}

#[cfg(test)]
mod settings_tests;
#[cfg(test)]
mod tests;
