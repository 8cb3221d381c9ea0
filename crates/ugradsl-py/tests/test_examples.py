"""The examples run, and are typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[1]
EXAMPLES = sorted((HERE / "examples").glob("*.py"))
NEEDS = {"torch_module.py": ("torch", "onnxscript")}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_examples_run_and_print_something(example: Path, tmp_path: Path) -> None:
    for module in NEEDS.get(example.name, ()):
        pytest.importorskip(module, reason=f"{module} is not installed")
    done = subprocess.run([sys.executable, str(example)], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("folder", ["examples", "python/ugradsl"])
def test_types_are_checked(folder: str, tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file",
        "pyproject.toml",
        "--cache-dir",
        str(tmp_path),
    ]
    done = subprocess.run([*command, folder], cwd=HERE, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


WRONG = """
import ugradsl
data = ugradsl.Dataset.open("mnist-subset")
run = ugradsl.unlearn("net", data, forget="class:3")          # a name is not a network
reveal_type(run.measures.ua)
for event in ugradsl.Session(run.network, data, forget=3):    # a number is not a request
    if isinstance(event, ugradsl.events.Step):
        event.steps                                           # Started has steps, Step has not
"""


def test_wrong_types_are_found(tmp_path: Path) -> None:
    """What the installed package's types say to those who use it."""
    pytest.importorskip("mypy")
    (tmp_path / "wrong.py").write_text(WRONG)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "wrong.py"], cwd=tmp_path, capture_output=True, text=True
    )
    lines = [line.split(":")[1] for line in done.stdout.splitlines() if ": error:" in line]
    assert lines == ["4", "6", "8"], done.stdout
    assert 'Revealed type is "float"' in done.stdout or "builtins.float" in done.stdout


def test_the_notebook_runs(tmp_path: Path) -> None:
    for module in ("nbclient", "nbformat", "ipykernel", "torch", "torchvision", "onnxscript", "PIL"):
        pytest.importorskip(module, reason=f"{module} is not installed")
    import nbclient
    import nbformat

    book = nbformat.read(HERE / "examples" / "forget_pictures.ipynb", as_version=4)
    nbclient.NotebookClient(
        book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    shown = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    assert any("text/html" in output.get("data", {}) for output in shown), "nothing shows itself"
