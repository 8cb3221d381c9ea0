"""Settings as JSON, as the library reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from . import _native
from .errors import SettingError

_OF_DATA = {"limit_train", "limit_test", "reading", "text", "validation"}


def to_json(settings: Mapping[str, Any]) -> str:
    """Settings as a JSON object of dotted keys; those that are ``None`` are left out, so that their defaults hold."""
    flat = {key: _plain(value) for key, value in _flat(settings) if value is not None}
    for key, value in flat.items():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise SettingError(f"{key} cannot be {value!r}: give a finite number, a text or a list of such") from error
    return json.dumps(flat)


def checked_seed(seed: Any) -> int:
    """Refuse what is not a seed."""
    number = _plain(seed)
    if not isinstance(number, int) or not 0 <= number < 2**64:
        raise SettingError(f"the seed is {seed!r}: it must be an integer from 0 to 2^64 - 1")
    return number


def _flat(settings: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for key, value in settings.items():
        # A table with a name, such as that of an optimizer, is one value.
        if isinstance(value, Mapping) and "name" not in value:
            pairs += _flat(value, f"{before}{key}.")
        else:
            pairs.append((f"{before}{key}", value))
    return pairs


def _plain(value: Any) -> Any:
    """A scalar of NumPy as one of Python, and tuples as lists."""
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value.item() if hasattr(value, "item") else value


def of_data(arguments: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
    """How data are opened: `arguments` of the call, and `settings`, which may have other keys of that kind."""
    defaults = json.loads(_native.defaults())
    known = {*defaults, *defaults["method"]} - _OF_DATA
    given = {key for key, value in arguments.items() if value is not None}
    for key in settings:
        if key in given:
            raise SettingError(f"{key} is given twice, as an argument and in settings: leave one of them out")
        if key.split(".")[0] in known:
            raise SettingError(f"{key} does not say how data are read: settings takes {', '.join(sorted(_OF_DATA))}")
    return to_json({**arguments, **settings})


def of_run(
    method: str | None,
    settings: Mapping[str, Any] | None,
    training: Mapping[str, Any] | None,
    guards: Mapping[str, Any] | None = None,
    attack: str | None = None,
) -> str:
    """The settings of one run as JSON; those of its method get the method's name as a prefix."""
    return to_json(
        {
            **({method: settings} if method and settings else {}),
            **({"training": training} if training else {}),
            **({"guards": guards} if guards else {}),
            "attack": attack,
        }
    )
