"""Texts in files."""

from __future__ import annotations

from pathlib import Path as _Path
from typing import TYPE_CHECKING

from .errors import StorageError

if TYPE_CHECKING:
    from ._typing import Path


def write(path: Path | None, text: str) -> str:
    """Write `text` into a file, if one is named, and return it."""
    if path is not None:
        try:
            _Path(path).write_text(text, encoding="utf-8")
        except OSError as error:
            raise StorageError(f"{path}: cannot be written: {error.strerror or error}") from error
    return text


def read(path: Path) -> str:
    """The text of a file."""
    try:
        return _Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise StorageError(f"{path}: is not a text in UTF-8") from error
