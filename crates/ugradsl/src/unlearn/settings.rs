//! Settings that several methods share: the keys of methods that train, of methods that change the
//! weights in one shot, and of a smoothing rate.
//!
//! Keys are written into each method's own struct rather than shared by `serde(flatten)`, which
//! cannot be combined with `deny_unknown_fields`.

use std::fmt::Debug;

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};

use super::{MethodConfig, TrainingConfig};
use crate::{
    smoothing::{AdaptiveRate, Smoothing},
    train::{
        Augmentation, BatchNormMode, FinalUpdate, GradientTransform, Labels, LearningRate,
        Objective, OptimizerConfig, Plan, Sampling,
    },
};

/// The settings of one unlearning method, and the plan that follows from them.
///
/// [`Default`] has the method's defaults. In a recipe's table missing keys have these, and unknown
/// keys are refused.
///
/// ```
/// use ugradsl::unlearn::{MethodSettings, UGradSlPlus};
///
/// let settings = UGradSlPlus::default().with(|ours| ours.p = 0.9);
/// assert_eq!(settings.p, 0.9);
/// ```
pub trait MethodSettings:
    Debug + Clone + PartialEq + Default + Serialize + DeserializeOwned + Into<MethodConfig>
{
    /// The method's name in recipes, in reports and on the command line.
    const NAME: &'static str;

    /// Guard checks in a row that must find a run at its target before it ends, unless
    /// [`GuardConfig::patience`](crate::run::GuardConfig::patience) says otherwise.
    const PATIENCE: usize = 1;

    /// The same after `change`.
    #[must_use]
    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The plan that the training loop carries out, for a network that was trained by `training`.
    /// [`Plan::check`] checks its numbers.
    fn plan(&self, training: &TrainingConfig) -> Plan;

    /// Whether the guards watch over the run.
    fn guards(&self) -> bool;
}

/// The settings of every method that trains: the keys that [`iterative!`] writes.
pub(super) struct Descent {
    pub(super) epochs: usize,
    pub(super) min_steps: usize,
    pub(super) batch_size: usize,
    pub(super) learning_rate: f64,
    pub(super) schedule: LearningRate,
    pub(super) optimizer: OptimizerConfig,
    pub(super) clip_norm: Option<f64>,
    pub(super) batch_norm: BatchNormMode,
    pub(super) guards: bool,
}

impl Descent {
    /// Fixed epochs at a constant rate without guards: the shape of the published baselines.
    pub(super) fn baseline(epochs: usize, learning_rate: f64) -> Self {
        Self {
            epochs,
            min_steps: 0,
            batch_size: 128,
            learning_rate,
            schedule: LearningRate::Constant,
            optimizer: OptimizerConfig::default(),
            clip_norm: None,
            batch_norm: BatchNormMode::default(),
            guards: false,
        }
    }

    /// The usual settings, adapted to a network that was trained by `training`: batches are no
    /// larger than there, and AdamW is used if it was used there, at a rate scaled as training's
    /// rate is to the usual one.
    pub(super) fn following(self, training: &TrainingConfig) -> Self {
        let batch_size = self.batch_size.min(training.batch_size);
        match (self.optimizer, training.optimizer) {
            (OptimizerConfig::Adamw { .. }, _) | (_, OptimizerConfig::Sgd { .. }) => {
                Self { batch_size, ..self }
            }
            (_, optimizer) => {
                let usual = TrainingConfig::default().learning_rate;
                let learning_rate = self.learning_rate * training.learning_rate / usual;
                Self { batch_size, optimizer, learning_rate, ..self }
            }
        }
    }

    pub(super) fn plan(self, sampling: Sampling, objective: Objective) -> Plan {
        Plan {
            sampling,
            objective: Objective { batch_norm: self.batch_norm, ..objective },
            epochs: self.epochs,
            min_steps: self.min_steps,
            batch_size: self.batch_size,
            augmentation: Augmentation::default(),
            learning_rate: self.learning_rate,
            schedule: self.schedule,
            optimizer: self.optimizer,
            clip_norm: self.clip_norm,
            gradient_transform: GradientTransform::None,
            final_update: FinalUpdate::None,
        }
    }
}

/// One epoch that only accumulates what `final_update` needs, with BatchNorm's running statistics.
pub(super) fn one_shot_plan(
    batch_size: usize,
    sampling: Sampling,
    final_update: FinalUpdate,
) -> Plan {
    // No step moves a weight, so learning rate and optimizer have no effect.
    let accumulating =
        Descent { batch_size, batch_norm: BatchNormMode::Frozen, ..Descent::baseline(1, 0.01) };
    Plan { final_update, ..accumulating.plan(sampling, Objective::teach(Labels::Own)) }
}

/// Defines the settings of a method that trains: its own keys with their defaults, then those of
/// [`Descent`], whose defaults follow `..`.
macro_rules! iterative {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident {
            $( $(#[$of_field:meta])* $field:ident: $type:ty = $value:expr, )*
            ..$descent:expr
        }
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[$of_field])* pub $field: $type, )*
            /// Largest number of epochs over the set that is sampled.
            pub epochs: usize,
            /// Smallest number of steps, for sets so small that an epoch has only a few.
            pub min_steps: usize,
            /// Rows per batch, of each set; absent: as usual for the method, but no more than in
            /// training.
            pub batch_size: Option<usize>,
            /// Base learning rate; absent: the method's usual rate, scaled with training's rate
            /// where AdamW is taken over from training.
            pub learning_rate: Option<f64>,
            /// Learning-rate schedule.
            pub schedule: $crate::train::LearningRate,
            /// Optimizer; absent: AdamW for networks that were trained by it, else the usual one of the
            /// method.
            pub optimizer: Option<$crate::train::OptimizerConfig>,
            /// Norm to which gradients are clipped; `None`: not clipped.
            pub clip_norm: Option<f64>,
            /// How retained and forgotten rows share BatchNorm statistics.
            pub batch_norm: $crate::train::BatchNormMode,
            /// Whether the guards watch over the run: they pause and stop it at its target, and
            /// keep it in the band.
            pub guards: bool,
        }

        impl Default for $name {
            fn default() -> Self {
                let descent: $crate::unlearn::settings::Descent = $descent;
                Self {
                    $( $field: $value, )*
                    epochs: descent.epochs,
                    min_steps: descent.min_steps,
                    batch_size: None,
                    learning_rate: None,
                    schedule: descent.schedule,
                    optimizer: None,
                    clip_norm: descent.clip_norm,
                    batch_norm: descent.batch_norm,
                    guards: descent.guards,
                }
            }
        }

        impl $name {
            fn descent(
                &self,
                training: &$crate::unlearn::TrainingConfig,
            ) -> $crate::unlearn::settings::Descent {
                let usual: $crate::unlearn::settings::Descent = $descent;
                let usual = usual.following(training);
                $crate::unlearn::settings::Descent {
                    epochs: self.epochs,
                    min_steps: self.min_steps,
                    batch_size: self.batch_size.unwrap_or(usual.batch_size),
                    learning_rate: self.learning_rate.unwrap_or(usual.learning_rate),
                    schedule: self.schedule,
                    optimizer: self.optimizer.unwrap_or(usual.optimizer),
                    clip_norm: self.clip_norm,
                    batch_norm: self.batch_norm,
                    guards: self.guards,
                }
            }
        }
    };
}

/// Defines the settings of a method that changes the weights in one shot: its own keys with their
/// defaults, then those of an epoch that only accumulates.
macro_rules! one_shot {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident {
            $( $(#[$of_field:meta])* $field:ident: $type:ty = $value:expr, )*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[$of_field])* pub $field: $type, )*
            /// Rows per batch, of each set.
            pub batch_size: usize,
            /// Whether the guards watch over the run.
            pub guards: bool,
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $( $field: $value, )* batch_size: 128, guards: false }
            }
        }
    };
}

/// As [`iterative!`], with the keys of a smoothing rate, self-adaptive by default.
macro_rules! smoothed {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident { $($own:tt)* }
    ) => {
        $crate::unlearn::settings::iterative! {
            $(#[$attribute])*
            pub struct $name {
                /// Smoothing rate of the forget set's labels, negative to unlearn; absent, or
                /// `"adaptive"` in a recipe: self-adaptive.
                #[serde(deserialize_with = "crate::unlearn::settings::rate")]
                alpha: Option<f64> = None,
                /// Self-adaptive rate: distance below which a retained sample counts; absent: by
                /// `quantile`.
                beta: Option<f64> = None,
                /// Self-adaptive rate: quantile of the first distances that becomes beta; absent:
                /// 0.5 when whole classes are forgotten, else 0.1.
                quantile: Option<f64> = None,
                /// Self-adaptive rate: the distance between samples.
                distance: $crate::smoothing::Distance = $crate::smoothing::Distance::default(),
                /// Self-adaptive rate: the space in which it is measured.
                space: $crate::smoothing::Space = $crate::smoothing::Space::default(),
                $($own)*
            }
        }

        impl $name {
            fn smoothing(&self) -> $crate::smoothing::Smoothing {
                let rate = $crate::smoothing::AdaptiveRate {
                    beta: self.beta,
                    quantile: self.quantile,
                    distance: self.distance,
                    space: self.space,
                };
                $crate::unlearn::settings::smoothing(self.alpha, rate)
            }
        }
    };
}

pub(super) use {iterative, one_shot, smoothed};

/// `alpha`, or the self-adaptive `rate` where there is none.
pub(super) fn smoothing(alpha: Option<f64>, rate: AdaptiveRate) -> Smoothing {
    alpha.map_or(Smoothing::Adaptive(rate), Smoothing::Constant)
}

/// A number, or `"adaptive"` for `None`: so a setting can override a recipe's fixed rate, and a
/// sweep can have both.
pub(super) fn rate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a number or \"adaptive\"")]
    enum Rate {
        Number(f64),
        Word(Word),
        Absent(()),
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Word {
        Adaptive,
    }
    Ok(match Rate::deserialize(deserializer)? {
        Rate::Number(rate) => Some(rate),
        Rate::Word(Word::Adaptive) | Rate::Absent(()) => None,
    })
}
