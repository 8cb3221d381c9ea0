"""What to forget.

Requests are joined by ``|``, rows are kept out by :meth:`Request.but_not`, and texts as on the command line
(``"class:3 and group:ann but not class:5"``) are requests, too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

__all__ = ["Forget", "Request", "classes", "files", "groups", "ids", "random", "request", "rows", "where"]

_Term = tuple[str, Any]


@dataclass(frozen=True)
class Request:
    """Rows of any of some terms, but not those of others.

    Made by :func:`ids`, :func:`rows`, :func:`classes`, :func:`groups`, :func:`files`, :func:`where`, :func:`random` and
    :func:`request`.
    """

    any: tuple[_Term, ...]
    excluded: tuple[_Term, ...] = ()
    copies: bool = False

    def __or__(self, other: Forget) -> Request:
        """Rows of either request."""
        other = request(other)
        if self.copies or other.copies:
            raise ValueError("copies are added last: (a | b).with_copies()")
        return Request(self.any + other.any, self.excluded + other.excluded)

    def but_not(self, other: Forget) -> Request:
        """Keep rows out.

        Parameters
        ----------
        other : Request or str
            The rows that are not forgotten.

        Returns
        -------
        Request
            The rest.
        """
        other = request(other)
        if other.excluded or other.copies:
            raise ValueError("what is kept out must be plain: no `but_not` and no copies within it")
        return replace(self, excluded=self.excluded + other.any)

    def with_copies(self) -> Request:
        """Take in all training rows that are exact copies of one that is asked for."""
        return replace(self, copies=True)

    def _json(self) -> str:
        taken = [{kind: value} for kind, value in self.any]
        kept = [{kind: value} for kind, value in self.excluded]
        return json.dumps({"any": taken, "but_not": kept, "copies": self.copies})


Forget = str | Request
"""A request, or a text as on the command line."""


def _all(values: tuple[Any, ...]) -> list[Any]:
    """The values, given one by one or as one collection."""
    if len(values) == 1 and not isinstance(values[0], (str, bytes, int, os.PathLike)):
        return list(values[0])
    return list(values)


def _plain(value: Any) -> Any:
    """A scalar of NumPy or torch as one of Python."""
    return value.item() if hasattr(value, "item") else value


def ids(*values: Any) -> Request:
    """Training rows by their ids or paths, as :class:`Dataset` was given them.

    Parameters
    ----------
    *values : str, int or os.PathLike, or one iterable of them
        The ids.

    Returns
    -------
    Request
        These rows.

    Examples
    --------
    >>> ids("ann-17", "ann-18") == ids(["ann-17", "ann-18"])
    True
    """
    plain = (_plain(value) for value in _all(values))
    names = [value.as_posix() if hasattr(value, "as_posix") else str(value) for value in plain]
    return Request((("ids", names),))


def rows(*values: Any) -> Request:
    """Training rows by their numbers, from 0, in the order of the training arrays.

    Parameters
    ----------
    *values : int, or one iterable of them
        The numbers. An array of booleans, one per row, is a mask.

    Returns
    -------
    Request
        These rows.
    """
    numbers = [_plain(value) for value in _all(values)]
    if numbers and all(isinstance(value, bool) for value in numbers):
        numbers = [row for row, taken in enumerate(numbers) if taken]
    return Request((("rows", numbers),))


def classes(*values: Any) -> Request:
    """All training rows of classes.

    Parameters
    ----------
    *values : str or int, or one iterable of them
        Names, or numbers from 0.

    Returns
    -------
    Request
        Their rows.
    """
    return Request(tuple(("class", _plain(value)) for value in _all(values)))


def groups(*values: Any) -> Request:
    """All training rows of groups, such as people.

    Parameters
    ----------
    *values : str, or one iterable of them
        Their names.

    Returns
    -------
    Request
        Their rows.
    """
    return Request(tuple(("group", str(_plain(value))) for value in _all(values)))


def files(*patterns: str) -> Request:
    """Training rows by the paths of their files, in which ``*`` and ``?`` stand for any characters.

    Parameters
    ----------
    *patterns : str
        Paths or patterns.

    Returns
    -------
    Request
        These rows.
    """
    return Request(tuple(("text", f"file:{pattern}") for pattern in patterns))


def where(conditions: Mapping[str, object] | None = None, /, **more: object) -> Request:
    """Training rows with values in columns, all of which must hold.

    Parameters
    ----------
    conditions, **more : mapping of column to value
        The columns of :class:`Dataset`.

    Returns
    -------
    Request
        These rows.

    Examples
    --------
    >>> where(country="DE").any
    (('text', 'where:country=DE'),)
    """
    pairs = {**(conditions or {}), **more}
    return Request((("text", "where:" + "&".join(f"{key}={value}" for key, value in pairs.items())),))


def random(share: float) -> Request:
    """A share of the training rows, drawn by the seed of the run.

    Parameters
    ----------
    share : float
        Above 0 and below 1.

    Returns
    -------
    Request
        These rows.
    """
    return Request((("random", float(share)),))


def request(text: Forget) -> Request:
    """A request as the command line writes it.

    Parameters
    ----------
    text : str or Request
        Such as ``"class:cat"``, ``"random:10%"`` or ``"group:ann but not files:keep.txt"``.

    Returns
    -------
    Request
        The same.
    """
    if isinstance(text, Request):
        return text
    if not isinstance(text, str):
        kinds: Iterable[str] = ("ids", "rows", "classes", "groups", "files", "where", "random")
        raise TypeError(
            f'what to forget is {type(text).__name__}: give a text such as "class:3", or one of '
            + ", ".join(f"ugradsl.{kind}(...)" for kind in kinds)
        )
    return Request((("text", text),))
