"""The compiled half of the package. It is private and may change at any time: the modules beside it wrap all of it."""

import os
from collections.abc import Sequence
from typing import Any, TypedDict

_Buffer = Any  # whatever has the buffer protocol
_State = dict[str, tuple[bytearray, list[int]]]
_Path = str | os.PathLike[str]

__version__: str

class _About(TypedDict):
    name: str
    classes: list[str]
    normalisation: str | None
    ids: tuple[bool, list[str]] | None
    groups: list[list[str]] | None
    columns: list[tuple[str, list[str]]]
    notes: list[str]
    validation: float

class _Cut(TypedDict):
    vocabulary: int | None
    length: int | None
    tokenizer: str | None

class _How(TypedDict):
    settings: str
    seed: int
    device: str
    checkpoint: _Path | None
    resume: bool

class _Asked(TypedDict):
    forget: str
    method: str
    retrained: Network | None
    allow_chance: bool
    allow_other_data: bool
    unix_time: int | None

class _Questions(TypedDict):
    forget: str
    settings: str
    seed: int
    device: str
    allow_other_data: bool
    retrained: Network | None
    original: Network | None
    relearn: tuple[int, int] | None
    probe: bool

class _Request(TypedDict):
    file: str
    asked_by: str | None
    number: str | None
    reason: str | None
    date: str | None
    private: bool
    pictures: bool
    unix_time: int | None
    check: list[str]

class _What(TypedDict):
    recipe: str | None
    settings: str
    data: Dataset | None
    root: _Path | None
    requests: list[str] | None
    original: Network | None
    out: _Path | None
    resume: bool

class Dataset:
    @staticmethod
    def open(root: _Path | None, settings: str, like: Network | None) -> Dataset: ...
    @staticmethod
    def images(
        train: tuple[_Buffer, _Buffer],
        test: tuple[_Buffer, _Buffer],
        shape: tuple[int, int, int],
        about: _About,
        like: Network | None,
    ) -> Dataset: ...
    @staticmethod
    def features(
        train: tuple[_Buffer, _Buffer],
        test: tuple[_Buffer, _Buffer],
        names: list[str],
        about: _About,
        like: Network | None,
    ) -> Dataset: ...
    @staticmethod
    def texts(
        train: tuple[list[str], _Buffer],
        test: tuple[list[str], _Buffer],
        about: _About,
        cut: _Cut,
        like: Network | None,
    ) -> Dataset: ...
    def overview(self) -> tuple[str, str]: ...
    def taken(self, asked: str, seed: int) -> tuple[str, str]: ...
    def digest(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def shape(self) -> tuple[int, int, int]: ...
    @property
    def rows(self) -> tuple[int, int]: ...
    @property
    def classes(self) -> list[str]: ...
    @property
    def ids(self) -> list[str] | None: ...
    @property
    def labels(self) -> tuple[list[int], list[int]]: ...
    @property
    def normalisation(self) -> str: ...
    @property
    def notes(self) -> list[str]: ...

class Network:
    built_in: list[str]
    def says_training(self) -> bool: ...
    @staticmethod
    def read(path: _Path, architecture: str | None, normalisation: str | None, prefix: str | None) -> Network: ...
    @staticmethod
    def graph(
        model: bytes | _Path,
        fresh: bytes | _Path | None,
        freeze: Sequence[str],
        normalisation: str | None,
    ) -> Network: ...
    @staticmethod
    def weights(
        tensors: dict[str, _Buffer],
        architecture: str,
        normalisation: str | None,
        prefix: str | None,
    ) -> Network: ...
    def save(self, path: _Path) -> None: ...
    def state(self) -> _State: ...
    def trained(self) -> list[tuple[str, list[int]]]: ...
    @property
    def digest(self) -> str: ...
    @property
    def architecture(self) -> str: ...
    @property
    def reads(self) -> tuple[tuple[int, int, int], int, str] | None: ...
    @property
    def classes(self) -> list[str] | None: ...
    @property
    def ledger(self) -> str: ...

class Run:
    @staticmethod
    def unlearn(network: Network, data: Dataset, asked: _Asked, how: _How) -> Run: ...
    @staticmethod
    def train(network: str | Network, data: Dataset, from_scratch: bool, how: _How) -> Run: ...
    def next(self) -> str | None: ...
    def save(self) -> bool: ...
    def state(self) -> _State: ...
    @property
    def device(self) -> str: ...
    def unlearned(self) -> Unlearned: ...
    def trained(self) -> Trained: ...

class Trained:
    def json(self) -> str: ...
    def text(self) -> str: ...
    def network(self) -> Network: ...

class Unlearned:
    def json(self) -> str: ...
    def text(self) -> str: ...
    def network(self) -> Network: ...
    def is_fulfilled(self) -> bool: ...
    def record(self, form: str, request: _Request) -> str: ...

class Comparison:
    def __new__(cls, what: _What) -> Comparison: ...
    def next(self) -> str | None: ...
    def save(self) -> None: ...
    def remaining(self) -> int: ...
    def report(self) -> Report: ...

class Report:
    @staticmethod
    def parse(text: str) -> Report: ...
    def written(self, form: str) -> str: ...
    def passed(self) -> bool: ...

def cli(arguments: list[str]) -> int: ...
def describe(device: str) -> str: ...
def defaults() -> str: ...
def set_num_threads(threads: int) -> None: ...
def fitted(network: Network, data: Dataset) -> Network: ...
def evaluate(network: Network, data: Dataset, questions: _Questions) -> tuple[str, str]: ...
def advise(network: Network, data: Dataset, questions: _Questions, steps: int) -> str: ...
def predict(network: Network, data: Dataset, part: str, device: str) -> tuple[bytearray, int]: ...
