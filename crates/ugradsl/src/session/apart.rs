//! With BatchNorm a batch of a class that retained batches are without can look forgotten by its own statistics, so that the
//! brake keeps it from ascent, while the network still knows it at inference. Looks that keep finding this end it.

use serde::{Deserialize, Serialize};

/// Steps for which all looks must find it: BatchNorm's running statistics lag behind the weights by about as many.
const STEPS: usize = 20;

/// Steps of the looks in a row that find training mode and inference apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Apart(usize);

impl Apart {
    /// Takes note of a look, `steps` after the last one: whether they have been apart for long enough. Then it begins anew.
    pub(super) fn look(&mut self, apart: bool, steps: usize) -> bool {
        self.0 = if apart { self.0.saturating_add(steps) } else { 0 };
        let enough = self.0 >= STEPS;
        if enough {
            *self = Self::default();
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_in_a_row_over_some_steps_are_needed() {
        for (every, needed) in [(1, 20), (3, 7), (10, 2), (50, 1)] {
            let mut apart = Apart::default();
            for _ in 1..needed {
                assert!(!apart.look(true, every), "every {every}");
            }
            let mut interrupted = apart;
            assert!(apart.look(true, every), "every {every}");
            assert_eq!(apart, Apart::default());
            assert!(!interrupted.look(false, every) && interrupted == Apart::default());
        }
    }
}
