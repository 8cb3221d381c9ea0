//! Which numbers of the guards a run does not read.

use super::GuardConfig;
use crate::train::{BatchNormMode, Plan};

impl GuardConfig {
    /// Why a run of `plan` does not read the number called `key`, if it does not. `whole_classes`
    /// tells whether nothing is retained of any class of the forget rows.
    ///
    /// ```
    /// use ugradsl::run::GuardConfig;
    /// use ugradsl::unlearn::{Method, TrainingConfig};
    ///
    /// let plan = Method::UGradSlPlus.defaults().plan(&TrainingConfig::default());
    /// let why = |key, whole_classes| GuardConfig::unread(key, &plan, whole_classes);
    /// assert_eq!(why("proxy", false), None);
    /// assert!(why("proxy", true).is_some_and(|why| why.contains("whole classes")));
    /// ```
    pub fn unread(key: &str, plan: &Plan, whole_classes: bool) -> Option<&'static str> {
        let objective = &plan.objective;
        match key {
            "proxy" if whole_classes => {
                Some("a proxy is not needed where whole classes are forgotten")
            }
            "freeze_batch_norm" if whole_classes => {
                Some("BatchNorm is not frozen where whole classes are forgotten")
            }
            "floor" | "least_steps" | "freeze_batch_norm" if !objective.ascends() => {
                Some("the method does not ascend")
            }
            "freeze_batch_norm" if objective.batch_norm != BatchNormMode::Separate => {
                Some("the method's own `batch_norm` replaces it")
            }
            "budget" if whole_classes && !objective.ascends() => {
                Some("no proxy is trained, and the method does not ascend")
            }
            "every" | "rollbacks" | "slow_down" | "patience" if plan.final_update.accumulates() => {
                Some("the method changes the weights once, and is checked before and after")
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unlearn::{Method, TrainingConfig};

    #[test]
    fn what_a_run_does_not_read_depends_on_the_method_and_the_request() {
        let cases = [
            (Method::UGradSl, false, ""),
            (Method::UGradSlPlus, true, "freeze_batch_norm proxy"),
            (Method::Ft, false, "floor freeze_batch_norm least_steps"),
            (Method::Ft, true, "budget floor freeze_batch_norm least_steps proxy"),
            (Method::Ssd, false, "every floor freeze_batch_norm least_steps rollbacks slow_down"),
        ];
        let keys = serde_json::to_value(GuardConfig::default()).unwrap();
        for (method, whole_classes, expected) in cases {
            let plan = method.defaults().plan(&TrainingConfig::default());
            let unread = |key: &&String| GuardConfig::unread(key, &plan, whole_classes).is_some();
            let mut found: Vec<&str> =
                keys.as_object().unwrap().keys().filter(unread).map(String::as_str).collect();
            found.sort_unstable();
            assert_eq!(found.join(" "), expected, "{method} {whole_classes}");
        }
    }
}
