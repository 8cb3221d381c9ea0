"""Measuring networks, asking them for predictions, and estimating what unlearning would cost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import _native
from ._reading import build
from ._settings import checked_seed, of_run
from .data import Dataset, opened
from .errors import DataError, NetworkError
from .network import Network, checked
from .requests import Forget, request
from .results import Measures

if TYPE_CHECKING:
    from ._typing import DeviceName, Floats, Inputs, Part, Settings

__all__ = ["Evaluated", "advise", "evaluate", "predict"]


@dataclass(frozen=True)
class Evaluated:
    """What :func:`evaluate` measured.

    Attributes
    ----------
    weights : str
        SHA-256 of its weights.
    measures : Measures
        UA, MIA, RA and TA, in per cent.
    gap : float or None
        Average gap to the retrained network, in percentage points; ``None`` where none was given.
    figures : mapping
        Everything, as ``ugradsl evaluate --json`` has it: ``roc`` (of a threshold attack) and ``label_odds``; where they
        were asked for, also ``retrained``, ``original``, ``relearn`` and ``linear_probe``.
    """

    weights: str
    measures: Measures
    gap: float | None
    figures: Mapping[str, Any] = field(repr=False)
    text: str = field(repr=False)

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        from ._html import preformatted

        return self.measures._repr_html_() + preformatted(self.text)


def evaluate(
    network: Network,
    data: Dataset,
    *,
    forget: Forget,
    retrained: Network | None = None,
    original: Network | None = None,
    attack: str | None = None,
    relearn: tuple[int, int] | None = None,
    probe: bool = False,
    seed: int = 0,
    device: DeviceName = "auto",
    allow_other_data: bool = False,
) -> Evaluated:
    """Measure a network, and whether what it forgot is gone or only hidden.

    Parameters
    ----------
    network : Network
        The network to measure.
    data : Dataset
        What it was trained on.
    forget : Request or str
        What it was made to forget.
    retrained, original : Network, optional
        To compare with: a network that never saw the rows, and the network as it was before it forgot.
    attack : {"all", "headline"}, optional
        Features that the membership attack is run on: all five (the default), or only the confidence in the true class.
    relearn : (int, int), optional
        The relearn attack: how many forgotten samples are shown again, and for how many steps at most.
    probe : bool
        Whether a linear probe is trained on the features.
    seed : int
        Seed of draws and shuffles.
    device : {"auto", "cpu", "gpu"}
        Where to compute.
    allow_other_data : bool
        Whether the data may differ from those that it was trained on.

    Returns
    -------
    Evaluated
        What was measured.
    """
    questions = _questions(forget, of_run(None, None, None, None, attack), seed, device, allow_other_data)
    questions["retrained"] = checked(retrained)._native if retrained is not None else None
    questions["original"] = checked(original)._native if original is not None else None
    questions["relearn"], questions["probe"] = relearn, probe
    figures, text = _native.evaluate(checked(network)._native, opened(data), questions)
    read: dict[str, Any] = json.loads(figures)
    measures = build(Measures, read["measures"])
    return Evaluated(read["weights"], measures, read.get("gap"), read, text)


def advise(
    network: Network,
    data: Dataset,
    *,
    forget: Forget,
    training: Settings | None = None,
    steps: int = 5,
    seed: int = 0,
    device: DeviceName = "auto",
    allow_other_data: bool = False,
) -> dict[str, Any]:
    """Time a few steps, estimate what unlearning and retraining would cost on this machine, and advise one of them.

    Parameters
    ----------
    network, data, forget, seed, device, allow_other_data
        As of :func:`evaluate`.
    training : mapping, optional
        How retraining would train, as of :class:`Session`.
    steps : int
        Steps that are timed per method.

    Returns
    -------
    dict
        ``costs`` (steps, ``seconds_per_step`` and ``seconds`` per method), ``drift``, and ``advice`` with its reason.
    """
    questions = _questions(forget, of_run(None, None, training), seed, device, allow_other_data)
    answer = _native.advise(checked(network)._native, opened(data), questions, steps)
    advised: dict[str, Any] = json.loads(answer)
    return advised


def predict(
    network: Network,
    inputs: Dataset | Inputs,
    *,
    part: Part = "test",
    device: DeviceName = "auto",
) -> Floats:
    """The logits of a network.

    Parameters
    ----------
    network : Network
        The network.
    inputs : Dataset, array or sequence
        A data set; or inputs as :class:`Dataset` takes them, without labels.
    part : {"train", "test"}
        Which rows of a data set; other inputs have no halves.
    device : {"auto", "cpu", "gpu"}
        Where to compute.

    Returns
    -------
    numpy.ndarray
        Logits, ``[n, K]`` of ``float32``: scores of the classes before the softmax.
    """
    import numpy as np

    data = inputs if isinstance(inputs, Dataset) else _unlabelled(checked(network), inputs)
    where: Part = part if isinstance(inputs, Dataset) else "test"
    values, k = _native.predict(checked(network)._native, data._native, where, device)
    return np.frombuffer(values, np.float32).reshape(-1, k)


def _unlabelled(network: Network, inputs: Inputs) -> Dataset:
    """Inputs as the test rows of a data set with labels that mean nothing."""
    reads = network._native.reads
    if reads is None:
        raise NetworkError(
            "the network does not know yet how it reads rows: call network.fitted(data) first, or give a Dataset"
        )
    _, count, normalisation = reads
    known = network.classes or tuple(str(number) for number in range(count))
    rows = len(inputs)  # type: ignore[arg-type]
    if not rows:
        raise DataError("there are no inputs to predict")
    first = inputs[:1]  # type: ignore[index]
    return Dataset(
        train=(first, [0]),
        test=(inputs, [0] * rows),
        classes=known,
        normalisation=normalisation,
        like=network,
    )


def _questions(forget: Forget, settings: str, seed: int, device: str, allow_other_data: bool) -> _native._Questions:
    return {
        "forget": request(forget)._json(),
        "settings": settings,
        "seed": checked_seed(seed),
        "device": device,
        "allow_other_data": allow_other_data,
        "retrained": None,
        "original": None,
        "relearn": None,
        "probe": False,
    }
