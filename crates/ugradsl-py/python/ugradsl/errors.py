"""The exceptions of this package. Their messages name the place, the clash and the way out.

Those about arguments are also :class:`ValueError`, those about files, devices and processes also :class:`OSError`; all are
:class:`UgradslError`. An argument of a wrong type is a plain :class:`TypeError`.
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
    """The base class of all of them."""


class DataError(UgradslError, ValueError):
    """Rows, labels or names that do not make a data set, or are not those of the network."""


class RequestError(UgradslError, ValueError):
    """A request that cannot be carried out on these data."""


class NetworkError(UgradslError, ValueError):
    """A network that cannot be read, or does not fit the data."""


class SettingError(UgradslError, ValueError):
    """An unknown setting, or a value that it cannot have."""


class RunError(UgradslError, ValueError):
    """A run that cannot begin, continue or be measured."""


class StorageError(UgradslError, OSError):
    """A file that cannot be read or written."""


class DeviceError(UgradslError, OSError):
    """A device that cannot be opened, fails the self-test or runs out of memory."""


class ForkError(UgradslError, OSError):
    """A process that was forked after something had been computed: it has no threads and no device."""
