"""What happens in a run, one frozen dataclass per kind of event.

>>> match event:                                              # doctest: +SKIP
...     case events.GuardCheck(step=step, forget_accuracy=known):
...         print(f"step {step}: {100 * known:.0f} % of the forget set known")
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from ._reading import build
from .results import Device, Finding, Measures, Rates, StoppedBy

__all__ = [
    "Alarm",
    "Checkpointed",
    "Epoch",
    "Evaluated",
    "Event",
    "Extended",
    "Finished",
    "GuardCheck",
    "RolledBack",
    "Started",
    "Step",
    "Target",
    "Warning",
    "Working",
]


@dataclass(frozen=True)
class Started:
    """A run of a method begins.

    Attributes
    ----------
    method : str
        Its name.
    seed : int
        Seed of the run.
    steps, steps_per_epoch : int
        Steps of the plan, and of its first epoch; guards may end the run sooner.
    device : Device
        Where it runs.
    resumed_at : int
        Steps already taken, 0 for a fresh run.
    target : float or None
        Accuracy on the forget set (0 to 1) that the guards take as the target; ``None`` without guards, and where a
        :class:`Target` follows.
    beta : float or None
        Beta of the self-adaptive rate, where it is used.
    """

    method: str
    seed: int
    steps: int
    steps_per_epoch: int
    device: Device
    resumed_at: int
    target: float | None = None
    beta: float | None = None


@dataclass(frozen=True)
class Step:
    """Steps were taken; losses are means over those since the last such event.

    Attributes
    ----------
    step : int
        Steps taken so far.
    retain_loss, forget_loss : float or None
        Mean loss on retained rows and mean smoothed loss on forgotten rows, in nats.
    forget_accuracy : float or None
        Running accuracy on forgotten batches, 0 to 1.
    """

    step: int
    retain_loss: float | None = None
    forget_loss: float | None = None
    forget_accuracy: float | None = None


@dataclass(frozen=True)
class Working:
    """A slow run is still at work; at step 0 it trains a proxy."""

    step: int


@dataclass(frozen=True)
class Epoch:
    """An epoch is complete, or the plan ended within it; with the smoothing rates, if they are self-adaptive."""

    epoch: int
    rates: Rates | None = None


@dataclass(frozen=True)
class Extended:
    """The plan did not reach the target, so the run was extended to so many steps in all, within its budget."""

    steps: int


@dataclass(frozen=True)
class Target:
    """A proxy of the retrained network was trained, and sets the target.

    Attributes
    ----------
    accuracy : float
        Accuracy on the forget set (0 to 1) that the guards take as the target.
    by_class : float or None
        The original's accuracy on test rows of the same classes, 0 to 1.
    """

    accuracy: float
    by_class: float | None = None


@dataclass(frozen=True)
class GuardCheck:
    """The guards evaluated a fixed sample of the retain set and of the forget set.

    Attributes
    ----------
    step : int
        Steps taken so far.
    retain_loss : float
        Mean loss on the retained sample, in nats.
    retain_accuracy, forget_accuracy : float
        Accuracies on the two samples, 0 to 1.
    """

    step: int
    retain_loss: float
    retain_accuracy: float
    forget_accuracy: float


@dataclass(frozen=True)
class Alarm:
    """Why a guard stepped in: a loss that is not finite, or one above its limit (in nats)."""

    kind: Literal["non-finite", "retain-loss"]
    loss: float | None = None
    limit: float | None = None

    @classmethod
    def _read(cls, value: str | dict[str, Any]) -> Alarm:
        if isinstance(value, str):
            return build(cls, {"kind": value})
        [(kind, numbers)] = value.items()
        return build(cls, {"kind": kind, **numbers})


@dataclass(frozen=True)
class RolledBack:
    """A guard stepped in: the run went back from ``step`` to ``to_step``.

    Attributes
    ----------
    step, to_step : int
        Where the alarm went off, and where the run continues.
    alarm : Alarm
        What was wrong.
    rate_scale : float
        Factor on the learning rate from here on.
    """

    step: int
    to_step: int
    alarm: Alarm
    rate_scale: float


@dataclass(frozen=True)
class Warning:
    """Something that the person who started the run should know, in one sentence."""

    message: str


@dataclass(frozen=True)
class Checkpointed:
    """The state of the run is stored; a resumed run continues at this step."""

    step: int


@dataclass(frozen=True)
class Evaluated:
    """A network was measured: its method, its seed and its measures."""

    method: str
    seed: int
    measures: Measures


@dataclass(frozen=True)
class Finished:
    """A run is over.

    Attributes
    ----------
    method : str
        Its name.
    seed : int
        Seed of the run.
    steps : int
        Steps taken, without those that were rolled back.
    seconds : float
        Wall time of the steps and of the guards.
    stopped_by : {"plan", "target", "guard", "no-closer", "nothing-to-do", "diverged"}
        Why it ended.
    finding : Finding or None
        What became of the request; ``None`` where nothing was unlearned.
    """

    method: str
    seed: int
    steps: int
    seconds: float
    stopped_by: StoppedBy
    finding: Finding | None = None


Event = (
    Started
    | Step
    | Working
    | Epoch
    | Extended
    | Target
    | GuardCheck
    | RolledBack
    | Warning
    | Checkpointed
    | Evaluated
    | Finished
)
"""Any of them."""

_KINDS: dict[str, type[Any]] = {
    "started": Started,
    "step": Step,
    "working": Working,
    "epoch": Epoch,
    "extended": Extended,
    "target": Target,
    "guard-check": GuardCheck,
    "rolled-back": RolledBack,
    "warning": Warning,
    "checkpointed": Checkpointed,
    "evaluated": Evaluated,
    "finished": Finished,
}

_PARTS: dict[str, Any] = {
    "alarm": Alarm._read,
    "device": Device._read,
    "finding": Finding._read,
    "measures": lambda value: build(Measures, value),
    "rates": lambda value: build(Rates, value),
}


def read(text: str) -> Event:
    """Read an event from its JSON, which is also that of ``ugradsl --json`` and the npm package.

    Parameters
    ----------
    text : str
        One JSON object.

    Returns
    -------
    Event
        The dataclass of its kind.
    """
    value: dict[str, Any] = json.loads(text)
    kind = _KINDS[value.pop("event")]
    parts = {key: _PARTS[key](each) for key, each in value.items() if key in _PARTS and each is not None}
    event: Event = build(kind, {**value, **parts})
    return event
