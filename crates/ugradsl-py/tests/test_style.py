"""The sources are formatted, linted, and of a length that can be read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("what", [["format", "--check"], ["check"]], ids=["format", "lint"])
def test_ruff_finds_nothing(what: list[str]) -> None:
    pytest.importorskip("ruff")
    command = [sys.executable, "-m", "ruff", *what, "--no-cache", "."]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_are_short() -> None:
    lengths = {path.name: len(path.read_text().splitlines()) for path in HERE.glob("*/**/*.py")}
    assert lengths and max(lengths.values()) <= 310, lengths
