"""The results of runs."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import _native
from ._files import write
from ._reading import build
from .errors import SettingError
from .network import Network
from .results import Finding, Measures, SoFar, StoppedBy

if TYPE_CHECKING:
    from ._torch import Origin
    from ._typing import Path

__all__ = ["Record", "Trained", "Unlearned"]


@dataclass(frozen=True)
class Trained:
    """A network that was trained.

    Attributes
    ----------
    network : Network
        The network.
    train_accuracy, test_accuracy : float or None
        In per cent; ``None`` where there are no such rows.
    seconds : float
        Wall time of the steps.
    seed : int
        Seed of weights and shuffles.
    weights : str
        SHA-256 of the weights, as the command line prints it.
    """

    network: Network
    train_accuracy: float | None
    test_accuracy: float | None
    seconds: float
    seed: int
    weights: str
    text: str = field(repr=False)

    @classmethod
    def _of(cls, native: _native.Trained, origin: Origin | None) -> Trained:
        network = Network._of(native.network(), origin)
        return build(cls, {**json.loads(native.json()), "network": network, "text": native.text()})

    def state_dict(self) -> dict[str, Any]:
        """Its weights, as :meth:`Network.state_dict` has them."""
        return self.network.state_dict()

    def __str__(self) -> str:
        return self.text


class Record:
    """The record of a deletion, for the people who are responsible for data protection.

    Parameters
    ----------
    native : object
        The result of the run in the library.
    unix_time : int
        When the network was changed, in seconds since 1970 (UTC).
    """

    def __init__(self, native: _native.Unlearned, unix_time: int) -> None:
        self._native = native
        self._time = unix_time

    def to_html(self, path: Path | None = None, **request: Any) -> str:
        """Return the record as a page that needs no other file, and write it into the file `path`, if one is named.

        Parameters
        ----------
        path : str or os.PathLike, optional
            A file for it.
        **request : str or bool, optional
            ``file`` is that of the network; ``asked_by``, ``number``, ``reason`` and ``date`` are those of the request.
            ``private=True`` withholds the names of rows, ``pictures=True`` shows the rows on the page; only one of them.

        Returns
        -------
        str
            The page.
        """
        return write(path, self._written("html", path, request, ("pictures",)))

    def to_markdown(self, path: Path | None = None, **request: Any) -> str:
        """Return the record as Markdown; parameters as of :meth:`to_html`, except ``pictures``."""
        return write(path, self._written("markdown", path, request))

    def to_json(self, path: Path | None = None, **request: Any) -> str:
        """Return the record as JSON, which ``ugradsl verify`` checks; parameters as of :meth:`to_markdown`."""
        return write(path, self._written("json", path, request))

    def to_dict(self, **request: Any) -> dict[str, Any]:
        """Return the record as a mapping; parameters as of :meth:`to_markdown`."""
        record: dict[str, Any] = json.loads(self._written("json", None, request))
        return record

    def _repr_html_(self) -> str:
        from ._html import page

        return page(self._written("html", None, {}))

    def _written(self, form: str, path: Path | None, request: dict[str, Any], more: tuple[str, ...] = ()) -> str:
        known = ("file", "asked_by", "number", "reason", "date", "private", *more)
        unknown = [key for key in request if key not in known]
        if unknown:
            raise TypeError(f"a record has no {unknown[0]!r}: it takes {', '.join(known)}")
        if request.get("private") and request.get("pictures"):
            raise SettingError("private=True withholds what pictures=True shows: choose one of them")
        where = os.fspath(path) if path is not None and form == "json" else "RECORD.json"
        about: _native._Request = {
            "file": str(request.get("file", "")),
            "asked_by": request.get("asked_by"),
            "number": request.get("number"),
            "reason": request.get("reason"),
            "date": request.get("date"),
            "private": bool(request.get("private", False)),
            "pictures": bool(request.get("pictures", False)),
            "unix_time": self._time,
            "check": [f"ugradsl verify {where}"],
        }
        return self._native.record(form, about)


@dataclass(frozen=True)
class Unlearned:
    """A network that has been made to forget.

    Attributes
    ----------
    network : Network
        The network, with this request in its ledger.
    outcome : Finding or None
        What became of the request; ``None`` where nothing was unlearned, as in retraining.
    before, measures : Measures
        The network before and after, on this request.
    report : Record
        The record of the deletion.
    method, forget : str
        The method, and the request as given.
    forgotten_rows : int
        How many training rows the request is about.
    target_forget_accuracy : float or None
        What the accuracy on the forget set is expected to be, in per cent.
    steps, rollbacks : int
        Steps that led to the network that is kept, and how often the guards rolled the run back.
    seconds : float
        Wall time of steps and guards.
    stopped_by : str
        Why the run ended.
    seed : int
        Seed of draws and shuffles.
    data, weights_before, weights_after : str
        SHA-256 of the data, and of the weights before and after, as the command line prints them.
    copies : dict
        Exact copies of forgotten rows that were not forgotten.
    so_far : SoFar
        This request and all earlier ones together.
    """

    network: Network
    outcome: Finding | None
    before: Measures
    measures: Measures
    report: Record
    method: str
    seed: int
    forget: str
    forgotten_rows: int
    target_forget_accuracy: float | None
    seconds: float
    steps: int
    stopped_by: StoppedBy
    rollbacks: int
    data: str
    copies: dict[str, Any]
    so_far: SoFar
    weights_before: str
    weights_after: str
    is_fulfilled: bool
    text: str = field(repr=False)

    @classmethod
    def _of(cls, native: _native.Unlearned, origin: Origin | None, unix_time: int) -> Unlearned:
        value = json.loads(native.json())
        finding = value.pop("finding", None)
        read = {
            "network": Network._of(native.network(), origin),
            "outcome": Finding._read(finding) if finding else None,
            "before": build(Measures, value.pop("before")),
            "measures": build(Measures, value.pop("after")),
            "report": Record(native, unix_time),
            "so_far": SoFar._read(value.pop("so_far")),
            "is_fulfilled": native.is_fulfilled(),
            "text": native.text(),
        }
        return build(cls, {**value, **read})

    def state_dict(self) -> dict[str, Any]:
        """Weights of the network that has forgotten, as :meth:`Network.state_dict` has them."""
        return self.network.state_dict()

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        from ._html import preformatted, table

        rows = [
            (name, *(f"{value:.2f} %" for value in (each.ua, each.mia, each.ra, each.ta)))
            for name, each in (("before", self.before), ("after", self.measures))
        ]
        heading = ("", "UA", "MIA", "RA", "TA")
        return table(f"{self.method} forgets {self.forget}", heading, rows) + preformatted(self.text)
