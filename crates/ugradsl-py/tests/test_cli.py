"""The command is the binary: the same exit codes, the same words."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

SCRIPT = Path(sysconfig.get_path("scripts")) / "ugradsl"
# `cargo xtask python` names the binary that it has built.
BINARY = os.environ.get("UGRADSL_BINARY")

CASES = [
    (["--version"], 0),
    (["--help"], 0),
    (["data", "show", "mnist-subset"], 0),
    (["explain", "ua"], 0),
    (["doctor", "--device", "cpu"], 0),
    ([], 2),
    (["forget"], 2),
    (["train", "--data", "mnist-subset"], 2),
    (["train", "--data", "mnist-subset", "--set", "training.epoch=1", "--out", "m.safetensors"], 2),
    (
        [
            "unlearn",
            "--data",
            "mnist-subset",
            "--model",
            "missing.safetensors",
            "--forget",
            "class:3",
            "--out",
            "m.safetensors",
        ],
        3,
    ),
    (["verify", "missing.json"], 3),
]


def run(program: str, arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True)


@pytest.mark.parametrize(
    "arguments, code", CASES, ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else str(value)
)
def test_exit_codes(arguments: list[str], code: int, tmp_path: Path) -> None:
    assert SCRIPT.exists() or shutil.which("ugradsl"), "the console script is not installed"
    ours = run(str(SCRIPT), arguments, tmp_path)
    assert ours.returncode == code, ours.stderr
    if BINARY:
        binary = run(BINARY, arguments, tmp_path)
        assert binary.returncode == code
        assert (ours.stdout, ours.stderr) == (binary.stdout, binary.stderr)


def test_the_module_is_the_command_too(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "ugradsl", "--version"], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith("ugradsl ")
