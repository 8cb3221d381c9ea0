"""Where rows come from: pairs of arrays, tables, and data sets of other libraries whose rows can be indexed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from ._arrays import is_missing, is_table
from .errors import DataError


@dataclass
class Columns:
    """Names of the columns of tables and of Hugging Face's data sets."""

    inputs: str | Sequence[str] | None = None
    labels: str | None = None
    ids: str | None = None
    groups: str | None = None
    more: tuple[str, ...] = ()


@dataclass
class Part:
    """Rows with their labels, and what the source says of them."""

    inputs: Any
    labels: Any
    classes: Sequence[Any] | None = None
    ids: Sequence[Any] | None = None
    groups: Sequence[Any] | None = None
    columns: dict[str, list[str]] = field(default_factory=dict)
    has_columns: bool = False


def take(source: Any, what: str, columns: Columns) -> Part:
    """The rows of `source`, which are those of the `what` set."""
    if isinstance(source, tuple) and len(source) == 2:
        return Part(*source)
    if hasattr(source, "dataset") and hasattr(source, "collate_fn"):
        source = _of_loader(source, what)
    if is_table(source):
        return _of_table(source, what, columns)
    if isinstance(source, dict):
        parts = ", ".join(str(name) for name in source)
        raise DataError(
            f"the {what} set is a mapping of {parts}: give one of its parts, as in data[{next(iter(source), '')!r}]"
        )
    if isinstance(source, list) and len(source) == 2 and all(hasattr(part, "shape") for part in source):
        raise DataError(f"the {what} set is a list of two arrays: write inputs and labels as a pair, (x, y)")
    if hasattr(source, "features") and hasattr(source, "column_names"):
        return _of_hugging_face(source, what, columns)
    if hasattr(source, "__len__") and hasattr(source, "__getitem__"):
        return _of_rows(source, what)
    raise DataError(
        f"the {what} set is {type(source).__name__}, whose rows cannot be indexed: give inputs and labels as a pair, or a "
        "data set with __len__ and __getitem__"
    )


def _of_loader(loader: Any, what: str) -> Any:
    """The data set of a loader, whose batches and their order do not matter; all of its rows must be meant."""
    data: Any = loader.dataset
    sampler: Any = getattr(loader, "sampler", None)
    if hasattr(sampler, "__len__") and hasattr(data, "__len__") and len(sampler) != len(data):
        raise DataError(
            f"the sampler of the {what} loader takes {len(sampler)} of {len(data)} rows: give the rows themselves, as in "
            "torch.utils.data.Subset(dataset, indices)"
        )
    return data


def check_classes(train: Part, test: Part) -> None:
    """Refuse sources that number their classes in different ways."""
    if train.classes is None or test.classes is None:
        return
    ours, theirs = [str(name) for name in train.classes], [str(name) for name in test.classes]
    if ours != theirs:
        raise DataError(
            f"the training set has the classes {', '.join(ours[:20])}, the test set {', '.join(theirs[:20])}: the same "
            "number must be the same class in both"
        )


def check_columns(train: Part, test: Part, columns: Columns) -> None:
    """Refuse names of columns where there are no columns to read."""
    of_train = {"ids": columns.ids, "groups": columns.groups, "columns": columns.more}
    of_both = {"inputs": columns.inputs, "labels": columns.labels}
    unread = {**({} if train.has_columns else of_train), **({} if train.has_columns or test.has_columns else of_both)}
    for key, value in unread.items():
        if value:
            raise DataError(
                f"{key}={value!r} names columns, but the training set has none: give the values themselves, or a table"
            )


def _of_table(table: Any, what: str, columns: Columns) -> Part:
    if columns.labels is None:
        raise DataError(f"which column of the {what} table has the labels? say labels=NAME, or give a pair")
    known = [str(name) for name in table.columns]

    def picked(name: str) -> Any:
        return _column(table, known, name, what)

    left_out = {columns.labels, columns.ids, columns.groups, *columns.more}
    if columns.inputs is None:
        inputs = table[[name for name in table.columns if name not in left_out]]
    elif isinstance(columns.inputs, str):
        inputs = picked(columns.inputs)
    else:
        for name in columns.inputs:
            _column(table, known, name, what)
        inputs = table[list(columns.inputs)]
    return Part(
        inputs,
        picked(columns.labels),
        ids=picked(columns.ids) if columns.ids else None,
        groups=picked(columns.groups) if columns.groups else None,
        columns={name: cells(picked(name)) for name in columns.more},
        has_columns=True,
    )


def cells(values: Iterable[Any]) -> list[str]:
    """The cells of a column as texts; one without a value is empty, as in a file."""
    return ["" if is_missing(value) else str(value) for value in values]


def _column(table: Any, known: list[str], name: str, what: str) -> Any:
    if name not in known:
        raise DataError(f"the {what} set has no column {name!r}: its columns are {', '.join(known[:20])}")
    return table[name]


def _of_hugging_face(data: Any, what: str, columns: Columns) -> Part:
    known, features = list(data.column_names), data.features
    labels = columns.labels or _first(known, features, "ClassLabel") or ("label" if "label" in known else None)
    if labels is None:
        raise DataError(f"which column of the {what} set has the labels? say labels=, one of {', '.join(known)}")
    inputs = columns.inputs or _first(known, features, "Image") or ("text" if "text" in known else None)
    if inputs is None:
        raise DataError(f"which column of the {what} set has the inputs? say inputs=, one of {', '.join(known)}")
    if not isinstance(inputs, str):
        # Several columns are a table of numbers.
        for name in inputs:
            _column(data, known, name, what)
        return replace(
            _of_table(data.to_pandas(), what, replace(columns, inputs=inputs, labels=labels)),
            classes=getattr(features.get(labels), "names", None),
        )

    def picked(name: str) -> list[Any]:
        return list(_column(data, known, name, what))

    kind = features.get(labels)
    return Part(
        picked(inputs),
        picked(labels),
        classes=getattr(kind, "names", None),
        ids=picked(columns.ids) if columns.ids else None,
        groups=picked(columns.groups) if columns.groups else None,
        columns={name: cells(picked(name)) for name in columns.more},
        has_columns=True,
    )


def _first(known: list[str], features: Any, kind: str) -> str | None:
    found = [name for name in known if type(features.get(name)).__name__ == kind]
    return found[0] if len(found) == 1 else None


def _of_rows(data: Any, what: str) -> Part:
    rows = [_pair(data[row], row, what) for row in range(len(data))]
    if not rows:
        raise DataError(f"the {what} set is empty")
    inputs, labels = [pair[0] for pair in rows], [_scalar(pair[1]) for pair in rows]
    whole, numbers = _whole(data)
    paths = _paths(whole)
    ids = paths if paths is None or numbers is None else [paths[number] for number in numbers]
    return Part(inputs, labels, classes=getattr(whole, "classes", None), ids=ids)


def _whole(data: Any) -> tuple[Any, list[int] | None]:
    """The data set that `data` is a subset of, and the numbers of its rows there; itself if it is not a subset."""
    numbers: list[int] | None = None
    while hasattr(data, "dataset") and hasattr(data, "indices"):
        outer = [int(number) for number in data.indices]
        numbers = outer if numbers is None else [outer[number] for number in numbers]
        data = data.dataset
    return data, numbers


def _pair(row: Any, number: int, what: str) -> tuple[Any, Any]:
    if isinstance(row, (tuple, list)) and len(row) == 2:
        return row[0], row[1]
    raise DataError(
        f"row {number} of the {what} set is {type(row).__name__}, not a pair of an input and its label: give inputs and "
        "labels as a pair"
    )


def _scalar(label: Any) -> Any:
    return label.item() if hasattr(label, "item") else label


def _paths(data: Any) -> list[PurePath] | None:
    """The paths of an ``ImageFolder``, from its root."""
    root, samples = getattr(data, "root", None), getattr(data, "samples", None)
    if root is None or not isinstance(samples, list) or len(samples) != len(data):
        return None
    if not all(isinstance(sample, tuple) and isinstance(sample[0], str) for sample in samples):
        return None
    return [PurePath(os.path.relpath(sample[0], root)) for sample in samples]
