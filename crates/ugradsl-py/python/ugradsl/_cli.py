"""The command ``ugradsl``: the same program as the binary of that name."""

from __future__ import annotations

import sys
from typing import NoReturn

from . import _native


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    sys.exit(_native.cli(["ugradsl", *sys.argv[1:]]))
