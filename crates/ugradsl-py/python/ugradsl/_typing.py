"""Types of arguments: anything that can become an array, and anything whose rows can be indexed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[Any]
    Floats = npt.NDArray[np.float32]
    Codes = npt.NDArray[np.uint32]

__all__ = ["DeviceName", "Inputs", "Labels", "Layout", "Normalisation", "Part", "Path", "Rows", "Settings", "Source"]

Path = str | os.PathLike[str]
Settings = Mapping[str, Any]
DeviceName = Literal["auto", "cpu", "gpu"]
Part = Literal["train", "test"]
Layout = Literal["nchw", "nhwc"]


class HasArray(Protocol):
    """An array of NumPy, a tensor of torch, a table of pandas."""

    def __array__(self, *args: Any, **kwargs: Any) -> Array: ...


class Rows(Protocol):
    """Rows that can be indexed, each an input with its label: data sets of torch, torchvision and Hugging Face."""

    def __len__(self) -> int: ...

    def __getitem__(self, row: Any, /) -> Any: ...


class Loader(Protocol):
    """A loader, whose data set is taken."""

    @property
    def dataset(self) -> Any: ...


Normalisation = str | tuple[Sequence[float], Sequence[float]]
"""Means and deviations of the channels, for pixels from 0 to 1: a pair, or ``"0.5,0.5,0.5/0.2,0.2,0.2"``."""

Inputs = HasArray | Sequence[Any]
"""Pictures, rows of numbers, or texts."""

Labels = HasArray | Sequence[Any]
"""One class per row, by its number or its name."""

Source = tuple[Inputs, Labels] | HasArray | Rows | Loader
"""Rows with their labels."""
