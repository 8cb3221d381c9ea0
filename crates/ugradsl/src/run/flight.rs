//! Detects a future that was dropped half-way, as `select!` may do: its call began and never ended.

use super::SessionError;

/// Whether a call is in progress.
#[derive(Debug, Default)]
pub(crate) struct Flight {
    in_flight: bool,
}

impl Flight {
    /// Begins a call.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    pub(crate) fn begin(&mut self) -> Result<(), SessionError> {
        self.check()?;
        self.in_flight = true;
        Ok(())
    }

    /// Checks that no call was dropped half-way.
    ///
    /// # Errors
    ///
    /// [`SessionError::Cancelled`] if an earlier call has not ended.
    pub(crate) fn check(&self) -> Result<(), SessionError> {
        if self.in_flight { Err(SessionError::Cancelled) } else { Ok(()) }
    }

    /// Ends the call, whatever it returns.
    pub(crate) fn end(&mut self) {
        self.in_flight = false;
    }
}

#[cfg(test)]
impl<M: crate::models::Classifier> super::Run<M> {
    /// Leaves the state that a call leaves behind when it is dropped half-way.
    pub(crate) fn leave_half_way(&mut self) {
        self.flight.in_flight = true;
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::pending,
        pin::pin,
        task::{Context, Waker},
    };

    use super::*;

    /// Natively, waiting for the device never suspends, so a future that is never ready stands in
    /// for it here.
    async fn call(flight: &mut Flight, ready: bool) -> Result<(), SessionError> {
        flight.begin()?;
        if !ready {
            pending::<()>().await;
        }
        flight.end();
        Ok(())
    }

    #[test]
    fn after_a_call_that_was_dropped_half_way_all_later_ones_fail() {
        let mut flight = Flight::default();
        pollster::block_on(call(&mut flight, true)).expect("it ended");
        let polled = pin!(call(&mut flight, false)).poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending());
        for _ in 0..2 {
            let error = pollster::block_on(call(&mut flight, true)).unwrap_err();
            assert!(matches!(error, SessionError::Cancelled), "{error}");
        }
    }
}
