"""What is raised, each with a sentence that names the place, the clash and the way out.

Problems with what was given are :class:`ValueError`, those of the machine (files, devices, processes) are
:class:`OSError`; all of them are :class:`UgradslError`.
"""

from __future__ import annotations

__all__ = [
    "DataError",
    "DeviceError",
    "ForkError",
    "NetworkError",
    "RequestError",
    "RunError",
    "SettingError",
    "StorageError",
    "UgradslError",
]


class UgradslError(Exception):
    """Everything that this package raises on purpose."""


class DataError(UgradslError, ValueError):
    """Rows, labels or names that do not make a data set, or are not those of the network."""


class RequestError(UgradslError, ValueError):
    """A request that cannot be carried out on these data."""


class NetworkError(UgradslError, ValueError):
    """A network that cannot be read, or does not fit the data."""


class SettingError(UgradslError, ValueError):
    """A setting that there is not, or a value that it cannot have."""


class RunError(UgradslError, ValueError):
    """A run that cannot begin, go on or be measured."""


class StorageError(UgradslError, OSError):
    """A file that cannot be read or written."""


class DeviceError(UgradslError, OSError):
    """A device that cannot be opened, fails the self-test or runs out of memory."""


class ForkError(UgradslError, OSError):
    """A process that was forked from one that had computed."""
