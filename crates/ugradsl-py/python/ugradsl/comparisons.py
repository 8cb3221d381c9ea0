"""Methods side by side, over seeds, against retraining."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import _native
from ._files import read as read_file
from ._files import write
from ._settings import to_json
from .data import Dataset, opened
from .errors import RunError, SettingError
from .events import Event, read
from .network import Network, checked
from .requests import Forget, Request, request

if TYPE_CHECKING:
    from ._typing import Path

__all__ = ["Comparison", "Recipe", "Report", "compare"]

Recipe = Mapping[str, Any] | str | os.PathLike[str]
"""Keys of a recipe, TOML, or the file of one (a path, or a text that ends in ``.toml``)."""


class Report:
    """The results of a comparison.

    Parameters
    ----------
    native : object
        The report of the library; :meth:`load` reads one from a file.
    """

    def __init__(self, native: _native.Report) -> None:
        self._native = native

    @classmethod
    def load(cls, path: Path) -> Report:
        """Read a ``report.json``.

        Parameters
        ----------
        path : str or os.PathLike
            The file.

        Returns
        -------
        Report
            The report.
        """
        text = read_file(path)
        try:
            return cls(_native.Report.parse(text))
        except RunError as error:
            raise RunError(f"{os.fspath(path)}: {error}") from error

    @property
    def runs(self) -> list[dict[str, Any]]:
        """One mapping per run: method, seed, request and figures; percentages are 0 to 100."""
        runs: list[dict[str, Any]] = self.to_dict()["runs"]
        return runs

    @property
    def summary(self) -> list[dict[str, Any]]:
        """One mapping per method: means and deviations over its runs."""
        summary: list[dict[str, Any]] = self.to_dict()["summary"]
        return summary

    @property
    def passed(self) -> bool:
        """Whether every gate of the recipe holds."""
        return self._native.passed()

    def to_dict(self) -> dict[str, Any]:
        """Return everything, as ``report.json`` has it."""
        report: dict[str, Any] = json.loads(self._native.written("json"))
        return report

    def to_pandas(self) -> Any:
        """Return the runs as a table.

        Returns
        -------
        pandas.DataFrame
            One row per run.
        """
        import pandas

        return pandas.DataFrame(self.runs)

    def to_json(self, path: Path | None = None) -> str:
        """Return JSON, which ``ugradsl verify`` checks, and write it into the file `path`, if one is named."""
        return write(path, self._native.written("json"))

    def to_html(self, path: Path | None = None) -> str:
        """Return a page with plots, and write it into the file `path`, if one is named."""
        return write(path, self._native.written("html"))

    def to_markdown(self, path: Path | None = None) -> str:
        """Return Markdown, and write it into the file `path`, if one is named."""
        return write(path, self._native.written("markdown"))

    def to_latex(self, path: Path | None = None) -> str:
        """Return a table of LaTeX, and write it into the file `path`, if one is named."""
        return write(path, self._native.written("latex"))

    def to_csv(self, path: Path | None = None) -> str:
        """Return CSV, one line per run, and write it into the file `path`, if one is named."""
        return write(path, self._native.written("csv"))

    def __str__(self) -> str:
        return self.to_markdown()

    def _repr_html_(self) -> str:
        from ._html import page

        return page(self.to_html())


class Comparison:
    """A comparison, event by event, with the parameters of :func:`compare`, which takes it to its end."""

    def __init__(
        self,
        recipe: Recipe,
        data: Dataset | None = None,
        *,
        forget: Sequence[Forget] | Forget | None = None,
        original: Network | None = None,
        out: Path | None = None,
        resume: bool = False,
        device: str | None = None,
        root: Path | None = None,
    ) -> None:
        if resume and out is None:
            raise SettingError("resume=True needs the folder to resume from: out=...")
        text, keys = _recipe(recipe)
        asked: Sequence[Forget] | None = [forget] if isinstance(forget, (str, Request)) else forget
        what: _native._What = {
            "recipe": text,
            "settings": to_json({**keys, "device": device or keys.get("device")}),
            "data": opened(data) if data is not None else None,
            "root": root if root is not None else os.environ.get("UGRADSL_DATA") or None,
            "requests": None if asked is None else [request(each)._json() for each in asked],
            "original": checked(original)._native if original is not None else None,
            "out": out,
            "resume": resume,
        }
        self._native = _native.Comparison(what)

    def __iter__(self) -> Iterator[Event]:
        """Go on from where it is."""
        return self

    def __next__(self) -> Event:
        text = self._native.next()
        if text is None:
            raise StopIteration
        return read(text)

    @property
    def remaining(self) -> int:
        """Number of runs that are not finished."""
        return self._native.remaining()

    def save(self) -> None:
        """Write the run in progress into the folder ``out``, so that it can be resumed; without ``out`` nothing is kept."""
        self._native.save()

    def report(self) -> Report:
        """Return the report of what is finished, and write it into the folder ``out``, if there is one.

        Returns
        -------
        Report
            The report.
        """
        return Report(self._native.report())


def compare(
    recipe: Recipe,
    data: Dataset | None = None,
    *,
    forget: Sequence[Forget] | Forget | None = None,
    original: Network | None = None,
    out: Path | None = None,
    resume: bool = False,
    device: str | None = None,
    root: Path | None = None,
    progress: bool = False,
) -> Report:
    """Compare methods over seeds with retraining.

    Parameters
    ----------
    recipe : mapping, str or os.PathLike
        What to compare, such as ``{"methods": ["ugradsl-plus", "ft"], "seeds": [0, 1], "training": {"epochs": 5}}``; TOML;
        or the file of a recipe. What is left out has its default.
    data : Dataset, optional
        The data; by default what the recipe's ``data`` names, read as the recipe says.
    forget : Request, str or sequence of them, optional
        What to forget instead of the recipe's ``forget``; each request is an experiment of its own.
    original : Network, optional
        A trained network to begin with; by default one is trained per seed.
    out : str or os.PathLike, optional
        A folder for the report, the networks and the state of the run in progress.
    resume : bool
        Whether to take over what the folder ``out`` holds of the same comparison.
    device : {"auto", "cpu", "gpu"}, optional
        Where to compute; by default as the recipe says.
    root : str or os.PathLike, optional
        Where named data sets lie; by default the environment variable ``UGRADSL_DATA``.
    progress : bool
        As of :func:`unlearn`.

    Returns
    -------
    Report
        The results. Control-C writes the state into the folder ``out`` before it is raised.
    """
    from ._progress import drive

    comparison = Comparison(
        recipe, data, forget=forget, original=original, out=out, resume=resume, device=device, root=root
    )
    drive(comparison, comparison.save, progress)
    return comparison.report()


def _recipe(recipe: Recipe) -> tuple[str | None, dict[str, Any]]:
    if isinstance(recipe, Mapping):
        return None, dict(recipe)
    if isinstance(recipe, os.PathLike) or recipe.endswith(".toml"):
        return read_file(recipe), {}
    return recipe, {}
