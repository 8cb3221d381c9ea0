//! Whether a call is in flight: a future that is dropped half-way, as `select!` does, never lands.

use super::SessionError;

/// Begun with each call, ended when it returns.
#[derive(Debug, Default)]
pub(super) struct Flight {
    in_flight: bool,
}

impl Flight {
    /// Begins a call.
    ///
    /// # Errors
    ///
    /// [`SessionError::Cancelled`] if an earlier one has not ended.
    pub(super) fn begin(&mut self) -> Result<(), SessionError> {
        match std::mem::replace(&mut self.in_flight, true) {
            true => Err(SessionError::Cancelled),
            false => Ok(()),
        }
    }

    /// Ends it, whatever it returns.
    pub(super) fn end(&mut self) {
        self.in_flight = false;
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

    /// What waits for a device natively is always ready, so a future that never is stands for it here.
    async fn call(flight: &mut Flight, ready: bool) -> Result<(), SessionError> {
        flight.begin()?;
        if !ready {
            pending::<()>().await;
        }
        flight.end();
        Ok(())
    }

    #[test]
    fn a_call_that_was_dropped_half_way_is_told_by_all_later_ones() {
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
