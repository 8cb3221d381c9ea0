"""What to forget.

``a | b`` joins requests, ``a.but_not(b)`` keeps rows out. A text as on the command line
(``"class:3 and group:ann but not class:5"``) is a request, too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .errors import RequestError

__all__ = ["Forget", "Request", "classes", "files", "groups", "ids", "random", "request", "rows", "where"]

_Term = tuple[str, Any]


@dataclass(frozen=True)
class Request:
    """Training rows to forget: those of any term, but not those that are excluded.

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
            raise RequestError("copies are added last: (a | b).with_copies()")
        # What one of them keeps out, the other may ask for.
        if self.excluded or other.excluded:
            raise RequestError("rows are kept out last: (a | b).but_not(c)")
        return Request(self.any + other.any)

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
            raise RequestError("what is kept out must be plain: no `but_not` and no copies within it")
        # A row that is kept out may itself be a copy.
        if self.copies:
            raise RequestError("copies are added last: a.but_not(b).with_copies()")
        return replace(self, excluded=self.excluded + other.any)

    def with_copies(self) -> Request:
        """Also take all exact copies among the training rows, even those that `but_not` keeps out."""
        return replace(self, copies=True)

    def _json(self) -> str:
        taken = [{kind: value} for kind, value in self.any]
        kept = [{kind: value} for kind, value in self.excluded]
        return json.dumps({"any": taken, "but_not": kept, "copies": self.copies})


Forget = str | Request
"""A request, or a text as on the command line."""


def _all(values: tuple[Any, ...]) -> list[Any]:
    """The values, given one by one or as one collection."""
    if len(values) == 1 and not _is_one(values[0]):
        return list(values[0])
    return list(values)


def _is_one(value: Any) -> bool:
    """Whether it is a value, not a collection; a scalar of NumPy or torch is one."""
    is_plain = isinstance(value, (str, bytes, os.PathLike)) or not hasattr(value, "__iter__")
    return is_plain or getattr(value, "ndim", None) == 0


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


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
        The numbers. An array of booleans, one per training row, is a mask.

    Returns
    -------
    Request
        These rows.
    """
    numbers = [_plain(value) for value in _all(values)]
    if numbers and all(isinstance(value, bool) for value in numbers):
        return Request((("mask", numbers),))
    for number in numbers:
        if not _is_number(number):
            raise RequestError(f"{number!r} is not the number of a row: rows are numbered from 0, by integers")
    return Request((("rows", numbers),))


def classes(*values: Any) -> Request:
    """All training rows of classes.

    Parameters
    ----------
    *values : str or int, or one iterable of them
        Their names, or their numbers from 0.

    Returns
    -------
    Request
        Their rows.
    """
    asked = [_plain(value) for value in _all(values)]
    for value in asked:
        if not isinstance(value, str) and not _is_number(value):
            raise RequestError(f"{value!r} is not a class: give its name, or its number from 0")
    return Request(tuple(("class", value) for value in asked))


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


def files(*patterns: Any) -> Request:
    """Training rows by the paths of their files, in which ``*`` and ``?`` stand for any characters.

    Parameters
    ----------
    *patterns : str or os.PathLike, or one iterable of them
        Paths or patterns.

    Returns
    -------
    Request
        These rows.
    """
    return Request(tuple(("file", os.fspath(pattern)) for pattern in _all(patterns)))


def where(conditions: Mapping[str, object] | None = None, /, **more: object) -> Request:
    """Training rows that have these values in their columns, all of them at once.

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
    (('where', (('country', 'DE'),)),)
    """
    pairs = {**(conditions or {}), **more}
    if not pairs:
        raise RequestError("name a column and a value: where(country='DE')")
    return Request((("where", tuple((key, str(_plain(value))) for key, value in pairs.items())),))


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
    """Make a request of a text as on the command line.

    Parameters
    ----------
    text : str or Request
        Such as ``"class:cat"``, ``"random:10%"`` or ``"group:ann but not files:keep.txt"``. A request is returned as it is.

    Returns
    -------
    Request
        The request.
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
