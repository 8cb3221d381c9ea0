"""Progress: a bar of tqdm where it is installed, lines on stderr where it is not."""

from __future__ import annotations

import sys
from typing import Any

from . import events


def progress(wanted: bool) -> Progress:
    """Something that shows events, or nothing."""
    if not wanted:
        return Progress()
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return Lines()
    return Bar(tqdm)


class Progress:
    """Shows nothing."""

    def show(self, event: events.Event) -> None:
        """Show an event."""

    def close(self) -> None:
        """Leave the terminal as it was."""


class Lines(Progress):
    """One line per event that is not a step."""

    def show(self, event: events.Event) -> None:
        """Write a line."""
        text = _text(event)
        if text:
            print(text, file=sys.stderr, flush=True)


class Bar(Progress):
    """A bar of tqdm per run."""

    def __init__(self, tqdm: Any) -> None:
        self._tqdm = tqdm
        self._bar: Any = None

    def show(self, event: events.Event) -> None:
        """Move the bar."""
        if isinstance(event, events.Started):
            self.close()
            self._bar = self._tqdm(total=event.steps, initial=event.resumed_at, desc=event.method, unit="step")
        if self._bar is None:
            return
        step = getattr(event, "step", None)
        if isinstance(event, events.Finished):
            self._bar.total = step = event.steps
        if isinstance(event, events.Extended):
            self._bar.total = event.steps
        if isinstance(event, events.GuardCheck):
            self._bar.set_postfix(forget=f"{100 * event.forget_accuracy:.1f} %", refresh=False)
        if isinstance(event, events.Warning):
            self._bar.write(event.message, file=sys.stderr)
        if step is not None:
            self._bar.n = step
            self._bar.refresh()
        if isinstance(event, events.Finished):
            self.close()

    def close(self) -> None:
        """End the bar."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _text(event: events.Event) -> str | None:
    if isinstance(event, events.Started):
        return f"{event.method}, seed {event.seed}: up to {event.steps} steps"
    if isinstance(event, events.Epoch):
        return f"epoch {event.epoch}"
    if isinstance(event, events.Finished):
        return f"{event.method}: {event.steps} steps in {event.seconds:.1f} s, ended by {event.stopped_by}"
    return event.message if isinstance(event, events.Warning) else None
