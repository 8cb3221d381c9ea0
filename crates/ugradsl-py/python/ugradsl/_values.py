"""What the library takes of data sets: inputs of one kind, and what is known of rows, texts and pixels."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from . import _native
from ._arrays import as_array, channels_first, is_missing, is_table, numbers, pixels, table
from ._files import read
from ._sources import Part, cells
from .errors import DataError

if TYPE_CHECKING:
    from ._typing import Layout, Normalisation


@dataclass
class Values:
    """Inputs: bytes `[n, c, h, w]`, numbers `[n, d]` with their names, or texts."""

    kind: Literal["pictures", "numbers", "texts"]
    values: Any
    names: list[str]


def values(inputs: Any, what: str, layout: Layout | None, notes: list[str]) -> Values:
    """The inputs of the `what` set; what is guessed goes into `notes`."""
    if is_table(inputs):
        return Values("numbers", *table(inputs, what))
    of_torch = hasattr(inputs, "detach") or _first_is_tensor(inputs)
    array = as_array(inputs)
    if array.dtype.kind in "US" or (array.dtype.kind == "O" and array.ndim == 1):
        return Values("texts", _texts(array, what), [])
    if array.ndim in (3, 4):
        layout = layout or ("nchw" if of_torch else None)
        pictures = channels_first(array, layout, what, notes)
        return Values("pictures", pixels(pictures, what, notes), [])
    if array.ndim == 2:
        taken = numbers(array, what)
        return Values("numbers", taken, [str(at) for at in range(taken.shape[1])])
    raise DataError(
        f"the {what} inputs have shape {array.shape}: pictures are [n, height, width] or have a fourth axis of channels, "
        "rows of numbers are [n, d], texts a sequence of str"
    )


def _first_is_tensor(inputs: Any) -> bool:
    return isinstance(inputs, (list, tuple)) and bool(inputs) and hasattr(inputs[0], "detach")


def _texts(array: Any, what: str) -> list[str]:
    for row, text in enumerate(array):
        if not isinstance(text, str):
            raise DataError(f"row {row} of the {what} set is {type(text).__name__}, not a text")
    return [str(text) for text in array]


def check_alike(train: Values, test: Values) -> None:
    """Refuse sets of different kinds, sizes or columns."""
    if train.kind != test.kind:
        raise DataError(f"the training set has {train.kind}, the test set {test.kind}")
    if train.kind == "texts":
        return
    ours, theirs = train.values.shape[1:], test.values.shape[1:]
    if ours != theirs:
        raise DataError(f"a training row has shape {ours}, but a test row {theirs}")
    by_number = [str(at) for at in range(len(train.names))]
    if train.names != test.names and by_number not in (train.names, test.names):
        raise DataError(
            f"the columns of the training table are {', '.join(train.names[:20])}, those of the test table "
            f"{', '.join(test.names[:20])}: give the same ones, in the same order"
        )


def row_names(given: Sequence[Any] | None) -> tuple[bool, list[str]] | None:
    """Whether the names are paths, and the names."""
    if given is None:
        return None
    names = list(given)
    for row, name in enumerate(names):
        if is_missing(name):
            raise DataError(f"row {row} of the training set has no id: give each row one, or leave ids out")
    if names and all(isinstance(name, os.PathLike) for name in names):
        return True, [str(name).replace(os.sep, "/") for name in names]
    return False, [str(name) for name in names]


def groups(given: Sequence[Any] | None) -> list[list[str]] | None:
    """The groups of each row."""
    return None if given is None else [_groups(each) for each in given]


def _groups(given: Any) -> list[str]:
    if is_missing(given):
        return []
    if getattr(given, "ndim", 0) > 0 or isinstance(given, (list, tuple, set, frozenset)):
        return [str(name) for name in given]
    return [str(given)]


def columns(given: Mapping[str, Sequence[Any]] | Sequence[str], train: Part) -> list[tuple[str, list[str]]]:
    """Columns of the training rows, by name."""
    if not isinstance(given, Mapping):
        return list(train.columns.items())
    texts = {name: cells(values) for name, values in given.items()}
    rows = len(train.labels)
    for name, column in texts.items():
        if len(column) != rows:
            raise DataError(f"column {name!r} has {len(column)} values, but there are {rows} training rows")
    return list(texts.items())


def check_settings(kind: str, settings: Mapping[str, Any]) -> None:
    """Refuse `settings` of other kinds of inputs than `kind`."""
    for other, given in settings.items():
        for name, value in given.items():
            if value is not None and other != kind:
                raise DataError(f"{name}= is for {other}, but the training set has {kind}: leave it out")


def native(
    first: Values,
    sets: tuple[tuple[Any, Any], tuple[Any, Any]],
    about: _native._About,
    cut: _native._Cut,
    features: Sequence[str] | None,
    like: _native.Network | None,
) -> _native.Dataset:
    """The library's data set of `sets`, whose training inputs are `first`."""
    if first.kind == "texts":
        choices = {"like": like, "tokenizer": cut["tokenizer"], "vocabulary": cut["vocabulary"]}
        given = [f"{name}=" for name, value in choices.items() if value is not None]
        if len(given) > 1:
            raise DataError(f"{' and '.join(given)} choose the tokenizer in different ways: give one of them")
        return _native.Dataset.texts(*sets, about, cut, like)
    if first.kind == "pictures":
        return _native.Dataset.images(*sets, first.values.shape[1:], about, like)
    names = [str(each) for each in features] if features is not None else first.names
    return _native.Dataset.features(*sets, names, about, like)


def tokenizer(given: Any) -> str | None:
    """The JSON of a tokenizer, of a file or of an object of `tokenizers` or `transformers`."""
    if given is None:
        return None
    if isinstance(given, (str, os.PathLike)):
        return read(given)
    inner = getattr(given, "backend_tokenizer", given)
    if not hasattr(inner, "to_str"):
        raise DataError(
            f"the tokenizer is {type(given).__name__}: give tokenizer.json, or a fast tokenizer (use_fast=True)"
        )
    return str(inner.to_str())


def normalisation(given: Normalisation | None) -> str | None:
    """Means and deviations as the library reads them."""
    if given is None or isinstance(given, str):
        return given
    means, deviations = given
    parts = (",".join(repr(float(value)) for value in values) for values in (means, deviations))
    return "/".join(parts)
