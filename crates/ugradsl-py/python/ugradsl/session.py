"""Training and unlearning, event by event."""

from __future__ import annotations

import json
import os
import time
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from . import _native
from ._settings import checked_seed, of_run
from ._state import restored
from .data import Dataset, opened
from .errors import SettingError
from .events import Event, Finished, read
from .network import Network, checked
from .outcome import Trained, Unlearned
from .requests import Forget, request
from .results import Device

if TYPE_CHECKING:
    from ._typing import DeviceName, Path, Settings

__all__ = ["Session", "Training"]

METHOD = "ugradsl-plus"

UNKNOWN_TRAINING = (
    "the network does not say how it was trained, so that what is trained for comparison (the proxy of the guards, "
    "method='retrain') is trained as by default, for 12 epochs of SGD: say how with training={'epochs': ...}"
)


class _Run:
    """A run, as an iterator of its events."""

    latest: Event | None = None
    """The last event."""

    _run: _native.Run
    _network: Network | None

    def __iter__(self) -> Iterator[Event]:
        """Go on from where it is."""
        return self

    def __next__(self) -> Event:
        text = self._run.next()
        if text is None:
            raise StopIteration
        self.latest = read(text)
        return self.latest

    @property
    def device(self) -> Device:
        """Where it runs."""
        return Device._read(json.loads(self._run.device))

    def state_dict(self) -> dict[str, Any]:
        """Weights of the network as it is now; once :meth:`result` was called, the result has them.

        Returns
        -------
        dict of str to array or tensor
            As :meth:`Network.state_dict` has them.
        """
        return restored(self._run.state(), self._network._origin if self._network else None)

    def save(self) -> bool:
        """Write a checkpoint now.

        Returns
        -------
        bool
            Whether one was written: only once the run has begun, and if ``checkpoint`` names a file.
        """
        return self._run.save()

    def _repr_html_(self) -> str:
        from ._html import facts

        latest = self.latest
        now = [] if latest is None else [("latest event", repr(latest))]
        kind = type(self).__name__.lower()
        return facts(f"{kind} on {self.device.adapter}", [("over", str(isinstance(latest, Finished))), *now])


class Session(_Run):
    """The unlearning of a request, event by event; :func:`ugradsl.unlearn` takes it to its end.

    Parameters
    ----------
    network : Network
        The trained network. It is not changed.
    data : Dataset
        What it was trained on.
    forget : Request or str
        What to forget.
    method : str
        ``"ugradsl-plus"``, ``"ugradsl"``, ``"retrain"`` or one of the baselines that ``ugradsl unlearn --help`` lists.
    seed : int
        Seed of draws and shuffles. On the CPU the same seed gives the same weights, to the last bit.
    device : {"auto", "cpu", "gpu"}
        Where to compute: ``auto`` takes a hardware GPU if there is one.
    settings : mapping, optional
        Settings of the method, such as ``{"p": 0.9}``.
    training : mapping, optional
        How the network was trained, such as ``{"epochs": 30, "learning_rate": 0.1}``: retraining does the same, and so does
        the training of the proxy that sets the target.
    guards : mapping, optional
        When the guards check and what they tolerate; the keys are those of ``ugradsl.defaults()["guards"]``.
    attack : {"all", "headline"}, optional
        Features that the membership attack is run on: all five (the default), or only the confidence in the true class.
    retrained : Network, optional
        A network that never saw the rows, to measure the gap to.
    checkpoint : str or os.PathLike, optional
        A file for the state of the run, written every few seconds and removed when the result is taken.
    resume : bool
        Whether to resume from the checkpoint, if there is one.
    allow_chance : bool
        Whether the network may be no better than guessing on the training rows.
    allow_other_data : bool
        Whether the data may differ from those that it was trained on.

    Examples
    --------
    >>> session = Session(network, data, forget="class:3", device="cpu")      # doctest: +SKIP
    >>> for event in session:                                                  # doctest: +SKIP
    ...     print(event)
    >>> session.result().outcome.verdict                                       # doctest: +SKIP
    'reached'
    """

    def __init__(
        self,
        network: Network,
        data: Dataset,
        *,
        forget: Forget,
        method: str = METHOD,
        seed: int = 0,
        device: DeviceName = "auto",
        settings: Settings | None = None,
        training: Settings | None = None,
        guards: Settings | None = None,
        attack: str | None = None,
        retrained: Network | None = None,
        checkpoint: Path | None = None,
        resume: bool = False,
        allow_chance: bool = False,
        allow_other_data: bool = False,
    ) -> None:
        self._network, self._time, self._result = checked(network), _now(), None
        asked: _native._Asked = {
            "forget": request(forget)._json(),
            "method": method,
            "retrained": checked(retrained)._native if retrained is not None else None,
            "allow_chance": allow_chance,
            "allow_other_data": allow_other_data,
            "unix_time": self._time,
        }
        if not training and not self._network._native.says_training():
            warnings.warn(UNKNOWN_TRAINING, stacklevel=2)
        how = _how(of_run(method, settings, training, guards, attack), seed, device, checkpoint, resume)
        self._run = _native.Run.unlearn(self._network._native, opened(data), asked, how)

    _network: Network
    _result: Unlearned | None

    def result(self) -> Unlearned:
        """Measure the network, once the last event is there.

        Returns
        -------
        Unlearned
            The network, what became of the request, and the record of it.

        Raises
        ------
        RunError
            Before the end of the run.
        """
        if self._result is None:
            self._result = Unlearned._of(self._run.unlearned(), self._network._origin, self._time)
        return self._result


class Training(_Run):
    """The training of a network, event by event, with the parameters of :func:`ugradsl.train`, which takes it to its end."""

    def __init__(
        self,
        network: Network | str,
        data: Dataset,
        *,
        seed: int = 0,
        device: DeviceName = "auto",
        training: Settings | None = None,
        from_scratch: bool = False,
        checkpoint: Path | None = None,
        resume: bool = False,
    ) -> None:
        self._network = None if isinstance(network, str) else checked(network)
        self._result: Trained | None = None
        how = _how(of_run(None, None, training), seed, device, checkpoint, resume)
        given = network if isinstance(network, str) else checked(network)._native
        self._run = _native.Run.train(given, opened(data), from_scratch, how)

    def result(self) -> Trained:
        """Measure the network, once the last event is there.

        Returns
        -------
        Trained
            The network and its accuracies.

        Raises
        ------
        RunError
            Before the end of the run.
        """
        if self._result is None:
            self._result = Trained._of(self._run.trained(), self._network._origin if self._network else None)
        return self._result


def _how(settings: str, seed: int, device: str, checkpoint: Path | None, resume: bool) -> _native._How:
    if resume and checkpoint is None:
        raise SettingError("resume=True needs the file to resume from: checkpoint=...")
    return {
        "settings": settings,
        "seed": checked_seed(seed),
        "device": device,
        "checkpoint": checkpoint,
        "resume": resume,
    }


def _now() -> int:
    """Seconds since 1970; ``SOURCE_DATE_EPOCH`` replaces the clock, so that the same call writes the same file."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
