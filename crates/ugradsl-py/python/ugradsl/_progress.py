"""Progress: a bar of tqdm where it is installed, lines on stderr where it is not."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable
from typing import Any

from . import events

_CALLER = 4  # show, drive, the function of the package, and who called that


def drive(run: Iterable[events.Event], save: Callable[[], object], shown: bool) -> None:
    """Take a run to its end, with or without a bar; Control-C saves its state before it is raised."""
    progress = _progress(shown)
    try:
        for event in run:
            progress.show(event)
    except KeyboardInterrupt:
        save()
        raise
    finally:
        progress.close()


def _progress(wanted: bool) -> Progress:
    if not wanted:
        return Progress()
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return Lines()
    return Bar(tqdm)


class Progress:
    """No display: only the library's warnings are passed on, as those of Python."""

    def show(self, event: events.Event) -> None:
        """Show an event."""
        if isinstance(event, events.Warning):
            warnings.warn(event.message, stacklevel=_CALLER)

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
        if isinstance(event, events.Warning):
            self._tqdm.write(event.message, file=sys.stderr)
        if self._bar is None:
            return
        step = getattr(event, "step", None)
        if isinstance(event, events.Finished):
            self._bar.total = step = event.steps
        if isinstance(event, events.Extended):
            self._bar.total = event.steps
        if isinstance(event, events.GuardCheck):
            self._bar.set_postfix(forget=f"{100 * event.forget_accuracy:.1f} %", refresh=False)
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
