//! What the window shows, and the only place where notes of the computing thread change it.

use std::collections::BTreeSet;

use ugradsl::{
    data::ForgetRequest,
    evaluate::{Measures, average_gap},
    run::{Event, StoppedBy},
};

use crate::work::{Note, Role};

/// What there is to say about one network.
#[derive(Debug, Default)]
pub(crate) struct Card {
    /// Whether the network is there.
    pub(crate) made: bool,
    /// Share of the test set that it gets right, in per cent.
    pub(crate) test_accuracy: Option<f64>,
    /// Measured by what was to be forgotten.
    pub(crate) measures: Option<Measures>,
    /// Class probabilities of the sample that is looked at.
    pub(crate) answer: Option<Vec<f32>>,
    /// Steps taken, and how long that took in seconds.
    pub(crate) took: Option<(usize, f64)>,
    /// Loss on retained rows, by step.
    pub(crate) retain_loss: Vec<[f64; 2]>,
    /// Accuracy (0..1) on forgotten rows, by step.
    pub(crate) forget_accuracy: Vec<[f64; 2]>,
}

/// What is to be forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A class.
    Class(u32),
    /// The samples that were picked.
    Picked,
}

/// Everything that the window shows.
#[derive(Debug)]
pub(crate) struct State {
    /// The networks, in the order of [`Role::ALL`].
    pub(crate) cards: [Card; 3],
    /// What is being made.
    pub(crate) busy: Option<Role>,
    /// Whether something was asked for that has not ended.
    pub(crate) waiting: bool,
    /// Share of the steps that were taken, 0 to 1.
    pub(crate) progress: f32,
    /// Steps of the run in progress.
    steps: usize,
    /// What is to be forgotten.
    pub(crate) target: Target,
    /// Rows that were picked.
    pub(crate) picked: BTreeSet<u32>,
    /// The row whose predictions are shown.
    pub(crate) looked_at: Option<u32>,
    /// The last word, and whether it is bad news.
    pub(crate) message: Option<(String, bool)>,
    /// The model file, as typed.
    pub(crate) file: String,
    /// Notes so far.
    pub(crate) notes: usize,
}

impl Default for State {
    fn default() -> Self {
        Self {
            cards: Default::default(),
            busy: None,
            waiting: false,
            progress: 0.0,
            steps: 0,
            target: Target::Class(3),
            picked: BTreeSet::new(),
            looked_at: None,
            message: None,
            file: "model.safetensors".to_owned(),
            notes: 0,
        }
    }
}

impl State {
    /// What is to be forgotten, if anything is.
    pub(crate) fn request(&self) -> Option<ForgetRequest> {
        match self.target {
            Target::Class(class) => Some(ForgetRequest::Class(class)),
            Target::Picked if self.picked.is_empty() => None,
            Target::Picked => Some(ForgetRequest::Ids(self.picked.iter().copied().collect())),
        }
    }

    /// Distance of a network to the retrained one, in points, once both are measured.
    pub(crate) fn gap(&self, role: Role) -> Option<f64> {
        let retrained = self.cards[Role::Retrained as usize].measures?;
        Some(average_gap(&self.cards[role as usize].measures?, &retrained))
    }

    /// Takes in what the computing thread says.
    pub(crate) fn apply(&mut self, note: Note) {
        self.notes += 1;
        match note {
            Note::Began(role) => {
                for card in &mut self.cards[role as usize..] {
                    *card = Card::default();
                }
                if role == Role::Unlearned {
                    // It will be measured anew, by another request.
                    self.cards[Role::Original as usize].measures = None;
                }
                (self.busy, self.progress, self.message) = (Some(role), 0.0, None);
            }
            Note::Event(role, event) => self.happened(role, event),
            Note::Made(role, accuracy) => {
                let card = &mut self.cards[role as usize];
                (card.made, card.test_accuracy) = (true, Some(accuracy));
            }
            Note::Measured(role, measures) => {
                self.cards[role as usize].measures = Some(measures);
            }
            Note::Answers(row, answers) => {
                if self.looked_at == Some(row) {
                    for (card, answer) in self.cards.iter_mut().zip(answers) {
                        card.answer = answer;
                    }
                }
            }
            Note::Said(text) => self.message = Some((text, false)),
            Note::Failed(text) => self.message = Some((text, true)),
            Note::Idle => (self.busy, self.waiting) = (None, false),
        }
    }

    fn happened(&mut self, role: Role, event: Event) {
        let card = &mut self.cards[role as usize];
        match event {
            Event::Started { steps, .. } => self.steps = steps,
            Event::Step { step, retain_loss, forget_accuracy, .. } => {
                self.progress = step as f32 / self.steps.max(1) as f32;
                let point = |value: Option<f64>| value.map(|value| [step as f64, value]);
                card.retain_loss.extend(point(retain_loss));
                card.forget_accuracy.extend(point(forget_accuracy));
            }
            // Steps that leave the forgotten rows out know nothing of them; the look after them
            // does.
            Event::GuardCheck { step, forget_accuracy, .. } => {
                let at = step as f64;
                if card.forget_accuracy.last().is_none_or(|point| point[0] < at) {
                    card.forget_accuracy.push([at, forget_accuracy]);
                }
            }
            Event::RolledBack { step, to_step, .. } => {
                for curve in [&mut card.retain_loss, &mut card.forget_accuracy] {
                    curve.retain(|[at, _]| *at <= to_step as f64);
                }
                let text = format!("a guard went back from step {step} to {to_step}");
                self.message = Some((text, false));
            }
            Event::Warning { message } => self.message = Some((message, false)),
            Event::Finished { steps, seconds, stopped_by, finding, .. } => {
                card.took = Some((steps, seconds));
                if let Some(finding) = finding {
                    self.message = Some((finding.words, !finding.verdict.is_fulfilled()));
                } else if matches!(stopped_by, StoppedBy::Guard | StoppedBy::Diverged) {
                    let text = format!("the {} network was stopped by {stopped_by}", role.name());
                    self.message = Some((text, true));
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(step: usize) -> Note {
        let (retain_loss, forget_accuracy) = (Some(1.0), Some(0.5));
        let event = Event::Step { step, retain_loss, forget_loss: None, forget_accuracy };
        Note::Event(Role::Unlearned, event)
    }

    #[test]
    fn a_rollback_takes_its_points_back() {
        let mut state = State::default();
        state.apply(Note::Began(Role::Unlearned));
        for at in [10, 20, 30] {
            state.apply(step(at));
        }
        let alarm = ugradsl::run::Alarm::NonFinite;
        let event = Event::RolledBack { step: 30, to_step: 10, alarm, rate_scale: 0.5 };
        state.apply(Note::Event(Role::Unlearned, event));
        let card = &state.cards[Role::Unlearned as usize];
        assert_eq!(
            (&card.retain_loss, &card.forget_accuracy),
            (&vec![[10., 1.]], &vec![[10., 0.5]])
        );
    }

    #[test]
    fn what_was_made_from_a_network_goes_with_it() {
        let mut state = State::default();
        for role in Role::ALL {
            state.apply(Note::Began(role));
            state.apply(Note::Made(role, 90.0));
        }
        state.apply(Note::Began(Role::Unlearned));
        assert_eq!(state.cards.each_ref().map(|card| card.made), [true, false, false]);
    }

    #[test]
    fn late_answers_about_another_sample_are_not_shown() {
        let mut state = State { looked_at: Some(2), ..State::default() };
        state.apply(Note::Answers(1, [Some(vec![1.0]), None, None]));
        assert_eq!(state.cards[0].answer, None);
        state.apply(Note::Answers(2, [Some(vec![1.0]), None, None]));
        assert_eq!(state.cards[0].answer, Some(vec![1.0]));
    }

    #[test]
    fn nothing_picked_is_no_request() {
        let mut state = State { target: Target::Picked, ..State::default() };
        assert_eq!(state.request(), None);
        state.picked.extend([7, 2]);
        assert_eq!(state.request(), Some(ForgetRequest::Ids(vec![2, 7])));
    }
}
