//! Settings of the guards, and of training for their proxy, that no run would read, which depends on
//! the methods and on whether whole classes are forgotten.

use std::collections::BTreeMap;

use ugradsl::{
    data::{Dataset, ForgetRequest},
    experiment::{ExperimentConfig, keys_overlap},
    run::GuardConfig,
    train::Plan,
};

use super::{
    Settings,
    unread::{OF_TRAINING, follows},
};
use crate::exit::{Failure, Result};

/// Places that set a number of the guards which nothing reads, with the number's name and the
/// reason.
pub(crate) type UnreadGuards = BTreeMap<String, (String, &'static str)>;

impl Settings {
    /// The settings of guards that no run of `config` on `dataset` reads.
    pub(crate) fn unread_guards(
        &self,
        config: &ExperimentConfig,
        dataset: &Dataset,
    ) -> UnreadGuards {
        let mut unread = UnreadGuards::new();
        let set = self.0.iter().flat_map(|given| {
            given.setting.keys().into_iter().map(|key| (given.place.as_str(), key))
        });
        let set: Vec<(&str, String)> = set
            .filter_map(|(place, key)| Some((place, key.strip_prefix("guards.")?.to_owned())))
            .collect();
        if set.is_empty() {
            return unread;
        }
        let plans = plans(config);
        // A request that cannot be carried out is refused with its own reason.
        let Some(whole) = whole_classes(config, dataset) else { return unread };
        for (place, key) in set {
            let runs = plans.iter().flat_map(|plan| whole.iter().map(move |whole| (plan, *whole)));
            let reasons: Option<Vec<_>> =
                runs.map(|(plan, whole)| GuardConfig::unread(&key, plan, whole)).collect();
            if let Some(reason) = reasons.unwrap_or_default().first() {
                unread.insert(place.to_owned(), (key, reason));
            }
        }
        unread
    }

    /// Refuses settings of guards that no run of `config` on `dataset` reads.
    pub(crate) fn check_guards(&self, config: &ExperimentConfig, dataset: &Dataset) -> Result<()> {
        refuse(self.unread_guards(config, dataset))
    }
}

/// Refuses the first of `unread`, if there is one.
pub(crate) fn refuse(unread: UnreadGuards) -> Result<()> {
    match unread.into_iter().next() {
        Some((place, (key, reason))) => Err(Failure::usage(format!(
            "`{place}` has no effect here (`guards.{key}`): {reason}; leave it out"
        ))),
        None => Ok(()),
    }
}

impl Settings {
    /// Refuses settings of training that nothing reads where `config` forgets rows of `dataset` and
    /// nothing is retrained: no method follows them, and no proxy is trained by them.
    pub(crate) fn check_training(
        &self,
        config: &ExperimentConfig,
        dataset: &Dataset,
    ) -> Result<()> {
        if self.place_of("training").is_none() {
            return Ok(());
        }
        let Some(whole) = whole_classes(config, dataset) else { return Ok(()) };
        let guarded = plans(config);
        let proxy =
            !guarded.is_empty() && config.guards.proxy > 0.0 && whole.iter().any(|whole| !whole);
        let budget = guarded.iter().any(|plan| plan.objective.ascends());
        if proxy {
            return Ok(());
        }
        let unread = OF_TRAINING.iter().filter(|known| {
            let followed = config.methods.iter().any(|method| follows(config, *method, **known));
            !followed && (known.0 != "epochs" || !budget)
        });
        let unread: Vec<String> = unread.map(|(key, _)| format!("training.{key}")).collect();
        for given in &self.0 {
            let keys = given.setting.keys();
            let is_unread = |key: &&String| unread.iter().any(|unread| keys_overlap(unread, key));
            if let Some(key) = keys.iter().find(is_unread) {
                return Err(Failure::usage(format!(
                    "`{}` has no effect here (`{key}`): no network and no proxy is trained, and the method \
                     does not follow it; leave it out",
                    given.place
                )));
            }
        }
        Ok(())
    }
}

/// What the methods that have guards do.
fn plans(config: &ExperimentConfig) -> Vec<Plan> {
    let methods = config.methods.iter().map(|method| config.method.get(*method));
    let guarded = methods.filter(|method| method.guards());
    guarded.map(|method| method.plan(&config.training)).collect()
}

/// For each request and seed, whether nothing is retained of any class of its rows; `None` if one
/// cannot be carried out.
fn whole_classes(config: &ExperimentConfig, dataset: &Dataset) -> Option<Vec<bool>> {
    let requests: Option<Vec<ForgetRequest>> =
        config.forget.iter().map(|text| ForgetRequest::parse_for(text, dataset).ok()).collect();
    let requests = requests?;
    let runs =
        requests.iter().flat_map(|request| config.seeds.iter().map(move |seed| (request, *seed)));
    runs.map(|(request, seed)| Some(request.split(dataset, seed).ok()?.only_whole_classes(dataset)))
        .collect()
}
