"""Folders of other libraries, and parts of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import ugradsl
from ugradsl import DataError, Dataset

X = np.random.default_rng(0).integers(0, 256, (3, 3, 5, 5), dtype=np.uint8)
Y = np.array([0, 1, 1])


class Folder:
    """What an ``ImageFolder`` shows of itself."""

    root, classes = "/pictures", ["cat", "dog"]
    samples = [(f"/pictures/{name}", label) for name, label in [("cat/a.png", 0), ("dog/b.png", 1), ("dog/c.png", 1)]]

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, row: int) -> tuple[Any, int]:
        return X[row], self.samples[row][1]


class Part:
    """What a ``Subset`` shows of itself."""

    def __init__(self, dataset: Any, indices: list[int]) -> None:
        self.dataset, self.indices = dataset, indices

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, row: int) -> Any:
        return self.dataset[self.indices[row]]


def test_part_of_a_folder_keeps_its_names() -> None:
    part = Part(Part(Folder(), [2, 1, 0]), [0, 2])
    data = Dataset(train=part, test=Folder())
    assert data.classes == ("cat", "dog")
    assert data.taken(ugradsl.files("dog/c.png"))["numbers"] == [0]


def test_sets_of_parts_are_refused_with_what_to_write() -> None:
    with pytest.raises(DataError, match=r"mapping of train, test: give one of its parts, as in data\['train'\]"):
        Dataset(train={"train": 1, "test": 2}, test=(X, Y))
    with pytest.raises(DataError, match=r"as a pair, \(x, y\)"):
        Dataset(train=[X, Y], test=(X, Y))  # type: ignore[arg-type]
