"""Events have the fields that the library gives them, as the types of the npm package list them."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest
from ugradsl import events, results

TYPES = Path(__file__).resolve().parents[3] / "web/package/src/generated.ts"


def declared(name: str) -> str:
    """The declaration of a type, without comments."""
    if not TYPES.exists():
        pytest.skip("only the repository has the types of the npm package")
    text = re.sub(r"/\*\*.*?\*/", "", TYPES.read_text(), flags=re.S)
    return text.split(f"export type {name} = ")[1].split(";\n\n")[0]


def names(declaration: str) -> set[str]:
    return set(re.findall(r"^(\w+)\??:", declaration, flags=re.M))


def test_every_event_has_the_fields_of_the_library() -> None:
    variants = declared("SessionEvent").split('"event": "')[1:]
    kinds = {variant.split('"')[0]: names(variant) for variant in variants}
    ours = {kind: {field.name for field in fields(value)} for kind, value in events._KINDS.items()}
    assert ours == kinds
    assert set(get_args(events.Event)) == set(events._KINDS.values())


@pytest.mark.parametrize(
    "name, value",
    [
        ("Measures", results.Measures),
        ("Finding", results.Finding),
        ("Change", results.Change),
        ("Rates", results.Rates),
        ("DeviceInfo", results.Device),
    ],
)
def test_their_parts_too(name: str, value: type) -> None:
    assert {field.name for field in fields(value)} == names(declared(name)) - {"limits"}


@pytest.mark.parametrize(
    "name, value", [("Verdict", results.Verdict), ("Basis", results.Basis), ("StoppedBy", results.StoppedBy)]
)
def test_their_words_too(name: str, value: object) -> None:
    assert set(get_args(value)) == set(re.findall(r'"([^"]+)"', declared(name)))


def test_events_can_be_matched_and_compared() -> None:
    text = json.dumps(
        {
            "event": "rolled-back",
            "step": 9,
            "to_step": 5,
            "alarm": {"retain-loss": {"loss": 2.0, "limit": 1.0}},
            "rate_scale": 0.5,
        }
    )
    match events.read(text):
        case events.RolledBack(step=9, alarm=events.Alarm(kind="retain-loss", loss=loss)):
            assert loss == 2.0
        case other:
            raise AssertionError(other)
    assert events.read(text) == events.read(text)
    assert events.read('{"event": "working", "step": 3}') == events.Working(3)
    with pytest.raises(AttributeError):
        events.Working(3).step = 4  # type: ignore[misc]
