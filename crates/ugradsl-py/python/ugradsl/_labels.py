"""Labels as numbers of classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ._arrays import as_array, is_missing
from .errors import DataError

if TYPE_CHECKING:
    from ._typing import Array, Codes


def codes(labels: dict[str, Any], classes: Sequence[Any] | None) -> tuple[dict[str, Codes], list[str]]:
    """The numbers of the classes of each set of labels, and the names of the classes.

    Labels that are texts are found by name among `classes`; without `classes`, the names are numbered in alphabetical
    order. Labels that are numbers are positions in `classes`; without `classes`, the classes are called by their numbers.
    """
    sets = {what: _flat(as_array(values), what) for what, values in labels.items()}
    kinds = {"text" if values.dtype.kind in "OUS" else "number" for values in sets.values()}
    if len(kinds) > 1:
        raise DataError("the labels of one set are texts, those of the other numbers")
    if kinds == {"number"}:
        numbered = {what: _numbers(values, what) for what, values in sets.items()}
        most = max((int(values.max(initial=0)) for values in numbered.values()), default=0)
        names = [str(name) for name in classes] if classes is not None else None
        return numbered, names or [str(number) for number in range(most + 1)]
    texts = {what: _texts(values, what) for what, values in sets.items()}
    known = classes if classes is not None else sorted({text for all in texts.values() for text in all})
    return {what: _named(values, list(known), what) for what, values in texts.items()}, [str(name) for name in known]


def _flat(labels: Array, what: str) -> Array:
    if labels.ndim == 2 and labels.shape[1] == 1:
        return labels[:, 0]
    if labels.ndim != 1:
        raise DataError(
            f"the {what} labels have shape {labels.shape}, but there is one per row: if they are one-hot, give "
            "labels.argmax(1)"
        )
    return labels


def _texts(labels: Array, what: str) -> list[str]:
    for row, label in enumerate(labels):
        if is_missing(label):
            raise DataError(f"row {row} of the {what} set has no label: leave it out, or give it a class")
    return [str(label) for label in labels]


def _numbers(labels: Array, what: str) -> Codes:
    import numpy as np

    if labels.dtype.kind not in "biu":
        raise DataError(
            f"the {what} labels are {labels.dtype}: give the numbers of classes as integers, or their names as texts"
        )
    if len(labels) and int(labels.min()) < 0:
        row = int(labels.argmin())
        raise DataError(f"label {labels[row]} at row {row} of the {what} set: classes are numbered from 0")
    return labels.astype(np.uint32)


def _named(labels: list[str], names: list[Any], what: str) -> Codes:
    import numpy as np

    numbers = {str(name): number for number, name in enumerate(names)}
    unknown = [(row, name) for row, name in enumerate(labels) if name not in numbers]
    if unknown:
        row, name = unknown[0]
        raise DataError(
            f"row {row} of the {what} set is of class {name!r}, which is not one of {', '.join(map(str, names[:20]))}"
        )
    return np.array([numbers[name] for name in labels], dtype=np.uint32)
