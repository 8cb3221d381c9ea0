"""Threads, devices and defaults."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from . import _native
from .results import Device

if TYPE_CHECKING:
    from ._typing import DeviceName

__all__ = ["defaults", "describe_device", "set_num_threads"]


def set_num_threads(threads: int) -> None:
    """Set how many threads compute on the CPU, before anything is computed. No result depends on it.

    Parameters
    ----------
    threads : int
        1 to 1024. By default one per core, or what the environment variable ``RAYON_NUM_THREADS`` says.

    Raises
    ------
    SettingError
        If it is not such a number, or another number of threads is running already.
    """
    _native.set_num_threads(threads)


def describe_device(device: DeviceName = "auto") -> Device:
    """Open a device, test it against known answers, and describe it.

    Parameters
    ----------
    device : {"auto", "cpu", "gpu"}
        Which: ``auto`` is a hardware GPU if there is one.

    Returns
    -------
    Device
        Its name and kind.
    """
    return Device._read(json.loads(_native.describe(device)))


def defaults() -> dict[str, Any]:
    """All keys of a recipe with their defaults.

    Returns
    -------
    dict
        ``training``, ``guards``, ``method`` (with the settings of each method) and so on.
    """
    keys: dict[str, Any] = json.loads(_native.defaults())
    return keys
