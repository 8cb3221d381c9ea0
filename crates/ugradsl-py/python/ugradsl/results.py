"""Figures and findings as frozen dataclasses of plain values, which can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ._reading import build

__all__ = [
    "Basis",
    "Change",
    "Device",
    "Drift",
    "Finding",
    "Measures",
    "Rates",
    "Remark",
    "SoFar",
    "StoppedBy",
    "Verdict",
]

Verdict = Literal["reached", "partly", "not-forgotten", "harmed", "nothing-to-do"]
"""How a request to forget ended."""

Remark = Literal["destroyed", "worse-than-nothing"]
"""What has to be said beside a verdict."""

Basis = Literal["definition", "proxy", "class-average", "retrained"]
"""Where an expectation comes from."""

StoppedBy = Literal["plan", "target", "guard", "no-closer", "nothing-to-do", "diverged"]
"""Why a run ended."""


@dataclass(frozen=True)
class Measures:
    """The measures that are compared with those of the retrained network.

    Attributes
    ----------
    ua : float
        Unlearning accuracy: 100 - accuracy on the forget set, in per cent.
    ra : float
        Remaining accuracy: on the retain set, in per cent.
    ta : float
        Test accuracy, without classes that were forgotten entirely, in per cent.
    mia : float
        Share of the forget set that a membership attack by confidence takes for rows never seen, in per cent.
    mia_correctness, mia_entropy, mia_modified_entropy, mia_probabilities : float or None
        The same by other features; ``None`` where they were not attacked.

    Notes
    -----
    None of them is good in itself: they are read against the retrained network.
    """

    ua: float
    ra: float
    ta: float
    mia: float
    mia_correctness: float | None = None
    mia_entropy: float | None = None
    mia_modified_entropy: float | None = None
    mia_probabilities: float | None = None

    def _repr_html_(self) -> str:
        from ._html import facts

        rows = [("UA", self.ua), ("MIA", self.mia), ("RA", self.ra), ("TA", self.ta)]
        return facts("measures", [(name, f"{value:.2f} %") for name, value in rows])


@dataclass(frozen=True)
class Change:
    """An accuracy or a mean confidence (0 to 1), before and after."""

    before: float
    after: float

    def _shown(self) -> str:
        return f"{100 * self.before:.2f} % → {100 * self.after:.2f} %"


@dataclass(frozen=True)
class Finding:
    """What became of a request to forget, and the numbers behind it.

    Attributes
    ----------
    verdict : {"reached", "partly", "not-forgotten", "harmed", "nothing-to-do"}
        How it ended.
    words : str
        The same in a sentence.
    rows : int
        Rows that were to be forgotten.
    accuracy : Change
        Accuracy on them, 0 to 1.
    expected : float
        Accuracy on them that a network that never saw them is expected to have, 0 to 1.
    basis : {"definition", "proxy", "class-average", "retrained"}
        Where the expectation comes from.
    confidence : Change
        Mean probability of their true classes, 0 to 1.
    retained : Change
        Accuracy on retained rows, 0 to 1.
    expected_confidence, uncertainty : float or None
        The mean probability that is expected, and how far the expected accuracy may be off, 0 to 1.
    held_out : Change or None
        Accuracy on held-out rows, 0 to 1.
    remark : {"destroyed", "worse-than-nothing"} or None
        That most of what the network knew of other rows is lost, or that the original is nearer to the retrained
        network.
    """

    verdict: Verdict
    words: str
    rows: int
    accuracy: Change
    expected: float
    basis: Basis
    confidence: Change
    retained: Change
    expected_confidence: float | None = None
    uncertainty: float | None = None
    held_out: Change | None = None
    remark: Remark | None = None

    @property
    def is_fulfilled(self) -> bool:
        """Whether the request is fulfilled, as far as the run can tell."""
        return self.verdict in ("reached", "nothing-to-do")

    @classmethod
    def _read(cls, value: dict[str, Any]) -> Finding:
        pairs = ("accuracy", "confidence", "retained", "held_out")
        changes = {key: build(Change, value[key]) for key in pairs if value.get(key)}
        return build(cls, {**value, **changes})

    def _repr_html_(self) -> str:
        from ._html import facts

        return facts(
            f"{self.verdict.replace('-', ' ')}: {self.words}",
            [
                ("rows", str(self.rows)),
                ("accuracy on them", self.accuracy._shown()),
                ("expected", f"{100 * self.expected:.2f} % ({self.basis.replace('-', ' ')})"),
                ("confidence", self.confidence._shown()),
                ("accuracy on retained rows", self.retained._shown()),
            ],
        )


@dataclass(frozen=True)
class Rates:
    """Smoothing rates of an epoch: their mean, how many lie in each tenth of [-1, 0], and how many are zero."""

    mean: float
    bins: tuple[int, ...]
    zeros: int


@dataclass(frozen=True)
class Device:
    """Where something is computed.

    Attributes
    ----------
    kind : {"cpu", "gpu"}
        What it is.
    adapter, api, driver : str
        Names of the adapter, its interface and its driver.
    software : bool
        Whether the GPU is simulated on the CPU.
    threads : int or None
        Threads that compute on the CPU. No result depends on their number.
    """

    kind: Literal["cpu", "gpu"]
    adapter: str
    api: str
    driver: str
    software: bool
    threads: int | None = None

    @classmethod
    def _read(cls, value: dict[str, Any]) -> Device:
        return build(cls, {key: each for key, each in value.items() if key != "limits"})


@dataclass(frozen=True)
class Drift:
    """How far a network has drifted with all its requests.

    Attributes
    ----------
    requests, forgotten_rows : int
        How many requests there were, and how many training rows they have together.
    share : float
        These rows as a share of the training set, 0 to 1.
    test_accuracy_lost : float or None
        What the test accuracy has lost since before the first request, in percentage points.
    retrain_because : tuple of str
        Reasons to retrain, a sentence each; empty where there is none.
    """

    requests: int
    forgotten_rows: int
    share: float
    test_accuracy_lost: float | None = None
    retrain_because: tuple[str, ...] = ()


@dataclass(frozen=True)
class SoFar:
    """This request and all earlier ones together.

    Attributes
    ----------
    requests, forgotten_rows : int
        How many requests there were, and how many training rows they have together.
    forget_list : str
        SHA-256 of the numbers of these rows.
    measures : Measures
        The network, measured on all of them.
    drift : Drift
        How far it has drifted.
    retrained : Measures or None
        A network that never saw any of them, where one was given.
    gap : float or None
        Average gap to it, in percentage points.
    """

    requests: int
    forgotten_rows: int
    forget_list: str
    measures: Measures
    drift: Drift
    retrained: Measures | None = None
    gap: float | None = None

    @classmethod
    def _read(cls, value: dict[str, Any]) -> SoFar:
        measured = value.get("retrained")
        read = {
            "measures": build(Measures, value["measures"]),
            "drift": build(Drift, value["drift"]),
            "retrained": build(Measures, measured) if measured else None,
        }
        return build(cls, {**value, **read})
