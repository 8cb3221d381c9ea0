"""Machine unlearning: make a trained classifier forget some of its training data, on any GPU or on the CPU.

>>> import ugradsl
>>> data = ugradsl.Dataset(train=(x, y), test=(xt, yt))                        # doctest: +SKIP
>>> net = ugradsl.Network.from_torch(model, example)                           # doctest: +SKIP
>>> run = ugradsl.unlearn(net, data, forget=ugradsl.rows(3, 5), seed=1)        # doctest: +SKIP
>>> model.load_state_dict(run.state_dict())                                    # doctest: +SKIP

Importing the package loads only names and starts nothing: the first computation starts threads and opens the device. A
process that is forked after that cannot compute and gets a :class:`ForkError`.
"""

from __future__ import annotations

from importlib import import_module

# `typing` has this constant, too, but takes time to import.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import errors, events
    from ._native import __version__
    from .comparisons import Comparison, Report, compare
    from .data import Dataset
    from .errors import (
        DataError,
        DeviceError,
        ForkError,
        NetworkError,
        RequestError,
        RunError,
        SettingError,
        StorageError,
        UgradslError,
    )
    from .estimator import Classifier
    from .measure import Evaluated, advise, evaluate, predict
    from .network import Network, architectures
    from .outcome import Record, Trained, Unlearned
    from .process import defaults, describe_device, set_num_threads
    from .requests import Request, classes, files, groups, ids, random, request, rows, where
    from .results import Change, Device, Drift, Finding, Measures, Rates, SoFar
    from .runs import train, unlearn
    from .session import Session, Training

__all__ = [
    "Change",
    "Classifier",
    "Comparison",
    "DataError",
    "Dataset",
    "Device",
    "DeviceError",
    "Drift",
    "Evaluated",
    "Finding",
    "ForkError",
    "Measures",
    "Network",
    "NetworkError",
    "Rates",
    "Record",
    "Report",
    "Request",
    "RequestError",
    "RunError",
    "Session",
    "SettingError",
    "SoFar",
    "StorageError",
    "Trained",
    "Training",
    "UgradslError",
    "Unlearned",
    "__version__",
    "advise",
    "architectures",
    "classes",
    "compare",
    "defaults",
    "describe_device",
    "errors",
    "evaluate",
    "events",
    "files",
    "groups",
    "ids",
    "predict",
    "random",
    "request",
    "rows",
    "set_num_threads",
    "train",
    "unlearn",
    "where",
]

# The names that each module has; it is imported when one of them is used.
_HOMES = {
    "_native": ("__version__",),
    "comparisons": (
        "Comparison",
        "Report",
        "compare",
    ),
    "data": ("Dataset",),
    "errors": (
        "DataError",
        "DeviceError",
        "ForkError",
        "NetworkError",
        "RequestError",
        "RunError",
        "SettingError",
        "StorageError",
        "UgradslError",
    ),
    "estimator": ("Classifier",),
    "measure": (
        "Evaluated",
        "advise",
        "evaluate",
        "predict",
    ),
    "network": (
        "Network",
        "architectures",
    ),
    "outcome": (
        "Record",
        "Trained",
        "Unlearned",
    ),
    "process": (
        "defaults",
        "describe_device",
        "set_num_threads",
    ),
    "requests": (
        "Request",
        "classes",
        "files",
        "groups",
        "ids",
        "random",
        "request",
        "rows",
        "where",
    ),
    "results": (
        "Change",
        "Device",
        "Drift",
        "Finding",
        "Measures",
        "Rates",
        "SoFar",
    ),
    "runs": (
        "train",
        "unlearn",
    ),
    "session": (
        "Session",
        "Training",
    ),
}
_MODULES = ("errors", "events")


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
