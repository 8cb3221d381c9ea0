"""Machine unlearning: make a trained classifier forget some of its training data, on any GPU or on the CPU.

>>> import ugradsl
>>> data = ugradsl.Dataset(train=(x, y), test=(xt, yt))                        # doctest: +SKIP
>>> net = ugradsl.Network.from_torch(model, example)                           # doctest: +SKIP
>>> run = ugradsl.unlearn(net, data, forget=ugradsl.rows(3, 5), seed=1)        # doctest: +SKIP
>>> model.load_state_dict(run.state_dict())                                    # doctest: +SKIP

Importing it starts nothing: threads and devices are opened when something is computed for the first time. A process that
is forked afterwards must not compute, and is told so.
"""

from __future__ import annotations

from . import errors, events
from ._native import __version__
from .compare import Comparison, Report, compare
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
