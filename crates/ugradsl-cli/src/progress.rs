//! Shows the progress of an experiment: a bar with rate and remaining time on a terminal, plain
//! lines elsewhere. Everything is derived from the events.

use std::{io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ugradsl::run::Event;

use crate::output::note;

/// Draws events.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    on_terminal: bool,
}

impl Progress {
    /// Checks whether stderr is a terminal.
    pub(crate) fn new() -> Self {
        Self { bar: None, on_terminal: std::io::stderr().is_terminal() }
    }

    /// Prints a line without disturbing the bar.
    pub(crate) fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| note(text)),
            None => note(text),
        }
    }

    /// Shows `event`; `remaining` counts the unfinished runs, the one in progress included.
    pub(crate) fn show(&mut self, event: &Event, remaining: usize) {
        match event {
            Event::Started { .. } => self.begin(event),
            Event::Working { step } => {
                if let Some(bar) = &self.bar {
                    bar.set_position(*step as u64);
                }
            }
            Event::Step { step, retain_loss, forget_accuracy, .. } => {
                if let Some(bar) = &self.bar {
                    bar.set_position(*step as u64);
                    let loss = retain_loss.map(|loss| format!("loss {loss:.3}"));
                    let accuracy =
                        forget_accuracy.map(|share| format!("forget set {:.0} %", 100.0 * share));
                    let parts: Vec<_> = [loss, accuracy].into_iter().flatten().collect();
                    bar.set_message(parts.join("  "));
                }
            }
            Event::RolledBack { step, to_step, rate_scale, .. } => self.say(&format!(
                "guard: step {step} left the safe region, back to step {to_step} with learning \
                 rate x {rate_scale}"
            )),
            Event::Extended { steps } => {
                if let Some(bar) = &self.bar {
                    bar.set_length(*steps as u64);
                }
                self.say(&format!("the plan was not enough: up to {steps} steps by the budget"));
            }
            Event::Target { accuracy, by_class } => self.say(&target(*accuracy, *by_class)),
            Event::Warning { message } => self.say(&format!("warning: {message}")),
            Event::Finished { method, seed, steps, seconds, stopped_by, finding } => {
                self.close();
                let finding = finding.as_ref().map(|finding| format!("; {}", finding.verdict));
                note(&format!(
                    "{method}, seed {seed}: {steps} steps in {seconds:.1} s (ended by {stopped_by}{})",
                    finding.unwrap_or_default()
                ));
            }
            Event::Evaluated { method, seed, measures } => note(&format!(
                "{method}, seed {seed}: UA {:.2}  MIA {:.2}  RA {:.2}  TA {:.2}; {} to go",
                measures.ua, measures.mia.confidence, measures.ra, measures.ta, remaining,
            )),
            _ => {}
        }
    }

    /// Says what begins, or shows a bar for it.
    fn begin(&mut self, event: &Event) {
        let Event::Started { method, seed, steps, device, resumed_at, .. } = event else { return };
        let from = match resumed_at {
            0 => String::new(),
            step => format!(", resumed at step {step}"),
        };
        if !self.on_terminal {
            note(&format!("{method}, seed {seed}: {steps} steps on {device}{from}"));
            return;
        }
        let bar = ProgressBar::with_draw_target(
            Some(*steps as u64),
            ProgressDrawTarget::stderr_with_hz(8),
        );
        let template = "{prefix:>22} {bar:24} {pos}/{len} steps  {per_sec}  eta {eta}  {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix(format!("{method} seed {seed}"));
        bar.set_position(*resumed_at as u64);
        bar.reset_eta();
        bar.enable_steady_tick(Duration::from_millis(250));
        self.bar = Some(bar);
    }

    /// Removes the bar from the screen.
    pub(crate) fn close(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

/// What a proxy expects on the forget set.
fn target(accuracy: f64, by_class: Option<f64>) -> String {
    let usual = by_class.map(|usual| format!(" (by class: {:.1} %)", 100.0 * usual));
    format!(
        "a proxy, briefly trained without the forget set, expects {:.1} % of it to be recognised{}",
        100.0 * accuracy,
        usual.unwrap_or_default()
    )
}
