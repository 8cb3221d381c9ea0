"""Values of the library's JSON as dataclasses."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

T = TypeVar("T")


def build(kind: type[T], value: dict[str, Any]) -> T:
    """Make a dataclass of a JSON object that has its fields; lists become tuples, so that it can be hashed."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    unknown = value.keys() - known
    if unknown:
        raise TypeError(f"{kind.__name__} has no field {', '.join(sorted(unknown))}")
    tuples = {key: tuple(each) if isinstance(each, list) else each for key, each in value.items()}
    return kind(**tuples)
