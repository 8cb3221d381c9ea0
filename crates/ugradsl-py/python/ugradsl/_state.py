"""Weights as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import _native
    from ._torch import Origin


def restored(state: _native._State, origin: Origin | None) -> dict[str, Any]:
    """Weights as arrays, or in the form of their origin."""
    import numpy as np

    arrays = {name: np.frombuffer(values, np.float32).reshape(shape) for name, (values, shape) in state.items()}
    return arrays if origin is None else origin.restore(arrays)


def size(shape: tuple[int, ...]) -> int:
    """How many values an array of this shape has."""
    values = 1
    for side in shape:
        values *= side
    return values
